"""The audit: plays the attacker against a pattern and brings back a proof, or the cells that have none."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from .alternatives import Alternatives, over_cells
from .certificate import Certificate, interval, unproven
from .circuits import Circuits
from .reduction import Demand, Reduction, as_seen
from .system import Flags, Ints, System
from .units import Units
from .witnesses import SLACK, Witnesses

Progress = Callable[[int, int], None]
"""Told how many unsafe cells are settled, of how many."""
WORTH_ANOTHER = 0.95
"""Pairs of blocks are tried again while each round settles at least a twentieth of what is open."""
WORTH_A_PROGRAM = 0.03
"""A part is left after two programs that carry fewer of its waiting units further."""


@dataclass(frozen=True, eq=False)
class Audit:
    """What was proven. `low` and `high` are attained by tables of the certificate, so the attacker's feasible
    interval is at least that wide.

    unsafe: indices (u,).  low, high: (u,).  failing: indices of unsafe cells without proof.
    """

    unsafe: Ints
    low: Ints
    high: Ints
    failing: Ints
    certificate: Certificate

    @property
    def safe(self) -> bool:
        return not len(self.failing)


def audit(
    system: System,
    hidden: Flags,
    *,
    insider: bool = False,
    hint: Certificate | None = None,
    progress: Progress | None = None,
) -> Audit:
    """Prove every unsafe cell protected when `hidden` (n,) is hidden, by whole-number alternative tables.

    `hint`: a certificate to begin with, for instance the optimiser's; it is checked, never trusted.
    A cell that cannot be proven is failing: the audit never says safe for want of an attack.
    """
    witnesses = Witnesses(system)
    if hint is not None:
        witnesses.add_certificate(hidden, hint)
    if witnesses.open_places():
        _attack(as_seen(system, hidden), witnesses, progress or _silent)
    if insider:
        _against_insiders(system, hidden, witnesses)
    certificate = witnesses.certificate()
    low, high = interval(system, certificate)
    failing = unproven(system, hidden, certificate, insider)
    return Audit(certificate.cells, low, high, failing, certificate)


def _silent(_done: int, _of: int) -> None:
    """Nobody listens."""


def _attack(reduction: Reduction, witnesses: Witnesses, progress: Progress) -> None:
    """From the cheapest means to the dearest; each is left only what the ones before it could not settle."""
    units = Units(reduction)
    down, up = units.room(witnesses.cells)
    witnesses.give_up(np.flatnonzero(witnesses.hopeless(slice(None), up, down)).astype(np.int64))
    for means in (_together, _by_circuits, _one_by_one):
        if witnesses.open_places():
            means(units, witnesses, progress)


def _together(units: Units, witnesses: Witnesses, progress: Progress) -> None:
    """Capped progress, block by block, then in random pairs of blocks for what ties blocks together."""
    chance = np.random.default_rng(0)
    for part in units.blocks():
        _in_part(Alternatives(units.reduction, part), units, witnesses, chance)
        progress(witnesses.settled, len(witnesses.cells))
    before = np.inf
    while (waiting := len(witnesses.open_places())) < WORTH_ANOTHER * before:
        before = waiting
        for part in units.pairs(chance):
            _in_part(Alternatives(units.reduction, part), units, witnesses, chance)
        progress(witnesses.settled, len(witnesses.cells))


def _in_part(search: Alternatives, units: Units, witnesses: Witnesses, chance: np.random.Generator) -> None:
    """Each program moves as many open cells as it can at once, each up or down by the toss of a coin."""
    idle = 0
    while idle < 2:
        wanted = units.wanted(witnesses, chance)
        waiting = np.count_nonzero(wanted[search.units])
        if not waiting:
            return
        carried = witnesses.add(search.towards(wanted))
        idle = 0 if carried > waiting * WORTH_A_PROGRAM else idle + 1


def _by_circuits(units: Units, witnesses: Witnesses, progress: Progress) -> None:
    """Small tables for one cell each, through the whole system."""
    reduction = units.reduction
    circuits = Circuits(reduction)
    for demand, cells in units.demands():
        if not witnesses.settles(cells):
            for move in circuits.within(demand, reduction.given) or ():
                witnesses.add(over_cells(reduction, move.units, move.by))
    progress(witnesses.settled, len(witnesses.cells))


def _one_by_one(units: Units, witnesses: Witnesses, progress: Progress) -> None:
    """The few left over: together over everything they are joined to, and each that this does not settle
    alone. Whole tables are sought only where fractions do not rule them out."""
    chance = np.random.default_rng(0)
    for search in units.joined(witnesses):
        _in_part(search, units, witnesses, chance)
    for place in witnesses.open_places():
        if not witnesses.is_settled(place):
            _alone(place, units, witnesses)
        progress(witnesses.settled, len(witnesses.cells))


def _alone(place: int, units: Units, witnesses: Witnesses) -> None:
    unit, sign = units.of(int(witnesses.cells[place]))
    search, far = units.joined_to(unit), witnesses.furthest(place)
    up, down = (search.reach(unit, sign * direction * far) for direction in (1, -1))
    if witnesses.hopeless(place, up, down):
        witnesses.give_up([place])
        return
    furthest = min(far, int(up + SLACK)), -min(far, int(down + SLACK))
    for amount in (*furthest, *(each for low in range(far + 1) for each in (far - low, -low))):
        if amount and not witnesses.is_settled(place):
            witnesses.add(search.whole(units.only(unit, sign * amount)))


def _against_insiders(system: System, hidden: Flags, witnesses: Witnesses) -> None:
    """For each unsafe cell and each supplier in all of its tables, one more table that leaves hers alone."""
    reduction = as_seen(system, hidden)
    circuits = Circuits(reduction, system)
    by_cell = sp.csr_array(reduction.members)
    for place, cell in enumerate(witnesses.cells.tolist()):
        for unit in by_cell.indices[by_cell.indptr[cell] : by_cell.indptr[cell + 1]].tolist():
            while (supplier := witnesses.told_to(place)) is not None:
                demand = Demand(unit, 1, 0, 1, supplier)
                moves = circuits.within(demand, reduction.given)
                if not moves:
                    break
                witnesses.add_moving(over_cells(reduction, moves[0].units, moves[0].by))
