"""Secondary suppression: what else to hide, at least cost, so that every unsafe cell is protected."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..problem.reduction import Reduction, reduce
from ..problem.system import Flags, Ints, System
from ..proof.alternatives import over_cells
from ..proof.audit import Audit, audit
from ..proof.certificate import Certificate
from ..proof.witnesses import Witnesses
from ..search import zeros
from ..search.circuits import Circuits
from ..search.draft import Draft, Effort, Late
from ..search.insiders import Insiders

Progress = Callable[[int, int], None]
KEPT_FROM_LAST_TIME = 0.5
"""Price of hiding a cell that was hidden last time, against its full price."""

BETWEEN_BLOCKS = Effort(rounds=3, gap=0.05)
WITHIN_A_BLOCK = Effort(rounds=5, gap=0.02)
SEARCHES = 60_000
"""After so many successful searches no further part is chosen anew: about a minute."""


@dataclass(frozen=True, eq=False)
class Pattern:
    """What to hide. `hidden`, `secondary`: (n,). `audit` proves it; `audit.failing` names cells that nothing
    could protect (published earlier, or alone in their table)."""

    hidden: Flags
    secondary: Flags
    cost: float
    audit: Audit

    @property
    def safe(self) -> bool:
        return self.audit.safe


def suppress(
    system: System,
    *,
    budget_seconds: float | None = None,
    insider: bool = False,
    previous: Flags | None = None,
    progress: Progress | None = None,
) -> Pattern:
    """Choose cells to hide so that every unsafe cell is protected; deterministic unless a budget cuts it.

    `budget_seconds` of wall time: when they have passed the best safe pattern so far is taken; at the start
    that hides all it may, then the dearest are published first. The step under way and the proof are
    completed.
    `progress`: told what is done of what, for each stage.
    `previous` (n,): cells hidden last time are cheaper to hide again, so that the pattern does not flicker.
    `insider`: protect against other suppliers too.

    Zeros that may be hidden are chosen last: first a pattern without them, where there is a safe one, then
    enough of them that any hidden cell may be zero.
    """
    until = None if budget_seconds is None else time.monotonic() + budget_seconds
    spare = zeros.candidates(system)
    found = _choose(system.with_(fixed=system.fixed | spare), until, insider, previous, progress)
    if not spare.any():
        return found
    if not found.safe:
        return _choose(system, until, insider, previous, progress)
    hidden = found.hidden | zeros.cover(system, found.hidden)
    proven = audit(system, hidden, insider=insider, hint=found.audit.certificate, progress=progress)
    return _pattern(system, hidden, proven)


def _choose(
    system: System, until: float | None, insider: bool, previous: Flags | None, progress: Progress | None
) -> Pattern:
    hidden, hint = _searched(system, until, insider, previous, progress)
    return _pattern(system, hidden, audit(system, hidden, insider=insider, hint=hint, progress=progress))


def _searched(
    system: System, until: float | None, insider: bool, previous: Flags | None, progress: Progress | None
) -> tuple[Flags, Certificate]:
    """What to hide, and the tables that were found for it; the memory of the search is free again."""
    price = system.cost if previous is None else np.where(previous, KEPT_FROM_LAST_TIME, 1.0) * system.cost
    reduction = reduce(system, price)
    draft = Draft(Circuits(reduction, system))
    late = _late(until, progress)
    _first_pattern(draft, late)
    insiders = Insiders(system, reduction) if insider else None
    if insiders is not None:
        insiders.shut_out(draft, late)
    _choose_anew(draft, late)
    if insiders is not None:
        insiders.shut_out(draft, late)
    hidden = system.primary | reduction.cells_of(draft.hidden)
    return hidden, _certificate(system, reduction, draft)


def _pattern(system: System, hidden: Flags, found: Audit) -> Pattern:
    secondary = hidden & ~system.primary
    return Pattern(hidden, secondary, float(system.cost[secondary].sum()), found)


def _late(until: float | None, progress: Progress | None) -> Late:
    def late(done: int, of: int) -> bool:
        if progress is not None:
            progress(done, of)
        return until is not None and time.monotonic() > until

    return late


def _first_pattern(draft: Draft, late: Late) -> None:
    """Hide everything that may be, which protects whatever can be protected, then publish dearest first."""
    draft.hidden[:] = True
    draft.meet_all(draft.circuits.reduction.demands)
    draft.prune(draft.chosen(), late)


def _choose_anew(draft: Draft, late: Late) -> None:
    """Part by part, until it is late. A second pass gains half as much again and doubles the time."""
    parts = _parts(draft)
    for place, units in enumerate(parts):
        if late(place, len(parts)) or draft.circuits.searches > SEARCHES:
            return
        draft.improve(units, BETWEEN_BLOCKS if place == 0 else WITHIN_A_BLOCK)


def _parts(draft: Draft) -> list[Ints]:
    """Sets of units to choose anew: what ties the blocks together, then each block."""
    reduction = draft.circuits.reduction
    crossing, choice = reduction.crossing(), ~reduction.given
    parts = [np.flatnonzero(choice & (crossing | (reduction.block < 0)))]
    for block in range(int(reduction.block.max(initial=-1)) + 1):
        parts.append(np.flatnonzero(choice & (reduction.block == block)))
    return [part for part in parts if len(part)]


def _certificate(system: System, reduction: Reduction, draft: Draft) -> Certificate:
    witnesses = Witnesses(system)
    for moves in draft.moves.values():
        for move in moves:
            witnesses.add(over_cells(reduction, move.units, move.by))
    return witnesses.certificate()
