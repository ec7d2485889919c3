"""The audit: plays the attacker against a pattern and brings back a proof, or the cells that have none."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from ..problem.reduction import Demand, Reduction, as_seen
from ..problem.system import Flags, Ints, System
from ..search.circuits import Circuits, Move
from .alternatives import over_cells
from .certificate import Certificate, interval, unproven
from .intervals import furthest
from .units import Units
from .witnesses import Witnesses

Progress = Callable[[int, int], None]
"""Told how many unsafe cells are settled, of how many."""
TOLD_EVERY = 256
"""Searches between two words to `progress`."""


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
        witnesses.add_certificate(hidden, hint, insider)
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
    """Bounds find what has no hope, small tables settle most; each of the few left over is searched for."""
    units, circuits = Units(reduction), Circuits(reduction)
    down, up = units.room(witnesses.cells)
    witnesses.give_up(np.flatnonzero(witnesses.hopeless(slice(None), up, down)).astype(np.int64))
    unmet = []
    for done, (demand, cells) in enumerate(units.demands()):
        if not witnesses.settles(cells):
            moves = circuits.within(demand, reduction.given)
            unmet += [] if moves else [demand]
            _take(witnesses, reduction, moves or ())
        if done % TOLD_EVERY == 0:
            progress(witnesses.settled, len(witnesses.cells))
    for moves in circuits.insist(unmet, reduction.given).values():
        _take(witnesses, reduction, moves)
    for place in witnesses.open_places():
        if not witnesses.is_settled(place):
            _search(place, units, circuits, witnesses)
        progress(witnesses.settled, len(witnesses.cells))


def _take(witnesses: Witnesses, reduction: Reduction, moves: Iterable[Move]) -> None:
    for move in moves:
        witnesses.add(over_cells(reduction, move.units, move.by))


def _search(place: int, units: Units, circuits: Circuits, witnesses: Witnesses) -> None:
    """By branching, where fractions do not rule a table out and what is joined is not too large."""
    unit, sign = units.of(int(witnesses.cells[place]))
    far, room = witnesses.furthest(place), units.room(witnesses.cells[place : place + 1])
    up, down = (
        furthest(circuits, unit, sign * direction, min(far, int(most[0])))
        for direction, most in ((1, room[1]), (-1, room[0]))
    )
    if witnesses.hopeless(place, up, down) or not units.can_be_searched(unit):
        witnesses.give_up([place])
        return
    search = units.joined_to(unit)
    for amount in (up, -down, *(each for low in range(far + 1) for each in (far - low, -low))):
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
