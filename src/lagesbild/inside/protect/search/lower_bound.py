"""How little any safe pattern could hide: a lower bound, from a weaker attacker and the cuts he forces."""

from dataclasses import replace

import numpy as np
import scipy.sparse as sp

from ..problem.reduction import Demand, Reduction, reduce
from ..problem.system import Flags, Ints, Reals, System
from .circuits import Circuits
from .cuts import Cuts

ROUNDS, DEEP, GAP = 10, 12, 0.02
WHOLE_AT_ONCE = 1000
"""Units of a problem that is not taken apart: the bound is then that of the real attacker."""


def lower_bound(system: System, price: Reals | None = None) -> float:
    """No safe pattern hides secondary cells of a lower total price (n,) (default: the system's cost).

    The attacker is given only the equations within one block at a time, and national cells for nothing. What
    protects against the real one protects against him, so the sum of the blocks' bounds holds for the real
    problem. Only cuts that hold in fractions too are used.
    """
    reduction = reduce(system, price)
    if len(reduction.price) <= WHOLE_AT_ONCE:
        reduction = replace(reduction, block=np.zeros_like(reduction.block))
    reduction = _weakened(reduction)
    circuits = Circuits(reduction)
    demands: dict[int, list[Demand]] = {}
    for demand in reduction.demands:
        demands.setdefault(int(reduction.block[demand.unit]), []).append(demand)
    free = reduction.given | (reduction.block < 0)
    return sum(
        _of_block(circuits, np.flatnonzero(~free & (reduction.block == block)), own, free)
        for block, own in sorted(demands.items())
        if block >= 0
    )


def _weakened(reduction: Reduction) -> Reduction:
    """Without the equations that tie blocks together."""
    kept = np.flatnonzero(~reduction.ties_blocks())
    return replace(reduction, equations=sp.csr_array(reduction.equations[kept]))


def _of_block(circuits: Circuits, units: Ints, demands: list[Demand], free: Flags) -> float:
    cuts, bound, hidden = Cuts(len(free)), 0.0, free.copy()
    for _ in range(ROUNDS):
        learned = [_learn(circuits, cuts, demand, hidden) for demand in demands]
        if not any(learned) or not len(units):
            break
        hidden, least = cuts.cheapest(circuits.reduction.price, free, units, GAP)
        bound = max(bound, least)
    return bound


def _learn(circuits: Circuits, cuts: Cuts, demand: Demand, hidden: Flags) -> bool:
    supposed, new = hidden.copy(), False
    for _ in range(DEEP):
        found = [cut for cut in circuits.explain(demand, supposed) if cut.certain]
        for cut in found:
            new |= cuts.add(cut)
            supposed[cut.units] = True
        if not found:
            break
    return new
