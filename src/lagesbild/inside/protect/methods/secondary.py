"""Secondary suppression: what else to hide, at least cost, so that every unsafe cell is protected."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from ..problem.reduction import reduce
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
OPENED = 3
"""Times that more zeros are opened to choice, before all of them are."""
WORK = 600_000_000
"""After so much of it, as `Circuits` measures it, nothing more is chosen anew: some twenty seconds."""


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

    Zeros that may be hidden are chosen last: first a pattern without them, or with the few that something
    cannot be protected without, then enough of them that any hidden cell may be zero.
    """
    late = _late(None if budget_seconds is None else time.monotonic() + budget_seconds, progress)
    shown, opened = zeros.candidates(system), 0
    while True:
        found, needed = _without(shown, system, late, insider, previous, progress)
        if found is not None and (found.safe or not shown.any()):
            return found
        opened += 1
        shown &= ~needed if needed.any() and opened <= OPENED else False


def _without(
    shown: Flags,
    system: System,
    late: Late,
    insider: bool,
    previous: Flags | None,
    progress: Progress | None,
) -> tuple[Pattern | None, Flags]:
    """A pattern that rests on none of the zeros `shown`, with enough of them hidden besides; and those of
    them, (n,), that something needs which the pattern leaves unprotected. Where that is known from the start
    no pattern is drawn (None)."""
    rest = system.with_(fixed=system.fixed | shown)
    draft = _everything_hidden(rest, previous)
    needed = _needed(shown, system, draft.unmet_cells & system.unsafe, late, insider)
    if needed.any():
        return None, needed
    hidden, tables = _drawn(draft, rest, late, insider)
    del draft  # of a large table it takes more memory than the proof
    hidden |= zeros.cover(system, hidden)
    found = audit(system, hidden, insider=insider, hint=tables, progress=progress)
    failing = np.isin(np.arange(system.size), found.failing)
    return _pattern(system, hidden, found), _needed(shown, system, failing, late, insider)


def _needed(shown: Flags, system: System, failing: Flags, late: Late, insider: bool) -> Flags:
    """Of the zeros `shown` as few as protect the `failing` cells while all else is hidden, (n,). Cells that
    nothing protects need none."""
    if not failing.any() or not shown.any():
        return np.zeros_like(shown)
    draft = _everything_hidden(system.with_(unsafe=failing, forced=system.forced | system.unsafe), None)
    reduction = draft.circuits.reduction
    if insider:
        Insiders(system, reduction).meet(draft)
    draft.prune(np.flatnonzero(reduction.units_of(shown)).tolist(), late)
    return shown & reduction.cells_of(draft.moved)


def _everything_hidden(system: System, previous: Flags | None) -> Draft:
    """Hide everything that may be, which protects whatever can be protected."""
    price = system.cost if previous is None else np.where(previous, KEPT_FROM_LAST_TIME, 1.0) * system.cost
    draft = Draft(Circuits(reduce(system, price), system, patient=False))
    draft.hidden[:] = True
    draft.meet_all(draft.circuits.reduction.demands)
    return draft


def _drawn(draft: Draft, system: System, late: Late, insider: bool) -> tuple[Flags, Certificate]:
    """Which cells to hide, (n,), and the tables that were found for it. The dearest that the draft hides are
    published first."""
    reduction = draft.circuits.reduction
    draft.prune(draft.chosen(), late)
    insiders = Insiders(system, reduction) if insider else None
    if insiders is not None:
        insiders.shut_out(draft, late)
    _choose_anew(draft, late)
    if insiders is not None:
        insiders.shut_out(draft, late)
    return system.primary | reduction.cells_of(draft.hidden), _certificate(system, draft)


def _pattern(system: System, hidden: Flags, found: Audit) -> Pattern:
    secondary = hidden & ~system.primary
    return Pattern(hidden, secondary, float(system.cost[secondary].sum()), found)


def _late(until: float | None, progress: Progress | None) -> Late:
    def late(done: int, of: int) -> bool:
        if progress is not None:
            progress(done, of)
        return until is not None and time.monotonic() > until

    return late


def _choose_anew(draft: Draft, late: Late) -> None:
    """Part by part, until it is late. A second pass gains half as much again and doubles the time."""
    parts = _parts(draft)
    for place, units in enumerate(parts):
        enough = partial(_enough, draft, late, place, len(parts))
        if enough():
            return
        draft.improve(units, BETWEEN_BLOCKS if place == 0 else WITHIN_A_BLOCK, enough)


def _enough(draft: Draft, late: Late, place: int, parts: int, *_within_the_part: int) -> bool:
    return late(place, parts) or draft.circuits.work > WORK


def _parts(draft: Draft) -> list[Ints]:
    """Sets of units to choose anew: what ties the blocks together, then each block."""
    reduction = draft.circuits.reduction
    crossing, choice = reduction.crossing(), ~reduction.given
    parts = [np.flatnonzero(choice & (crossing | (reduction.block < 0)))]
    for block in range(int(reduction.block.max(initial=-1)) + 1):
        parts.append(np.flatnonzero(choice & (reduction.block == block)))
    return [part for part in parts if len(part)]


def _certificate(system: System, draft: Draft) -> Certificate:
    witnesses, reduction = Witnesses(system), draft.circuits.reduction
    for moves in draft.moves.values():
        for move in moves:
            witnesses.add(over_cells(reduction, move.units, move.by))
    return witnesses.certificate()
