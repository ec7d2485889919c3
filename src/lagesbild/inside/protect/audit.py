"""The audit: plays the attacker against a pattern and brings back a proof, or the cells that have none."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from .alternatives import Alternatives, over_cells
from .certificate import Certificate, interval, unproven
from .circuits import Circuits
from .reduction import Demand, as_seen
from .system import Flags, Ints, Reals, System
from .witnesses import Witnesses

Progress = Callable[[int, int], None]
"""Told how many unsafe cells are settled, of how many."""


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
        _by_circuits(system, hidden, witnesses, progress)
    if witnesses.open_places():
        search = Alternatives(system, hidden)
        _together(search, witnesses, progress)
        _one_by_one(search, witnesses, progress)
    if insider:
        _against_insiders(system, hidden, witnesses)
    certificate = witnesses.certificate()
    low, high = interval(system, certificate)
    failing = unproven(system, hidden, certificate, insider)
    return Audit(certificate.cells, low, high, failing, certificate)


def _by_circuits(system: System, hidden: Flags, witnesses: Witnesses, progress: Progress | None) -> None:
    """Small tables for one demand each: most are met within their own block, at once."""
    reduction = as_seen(system, hidden)
    circuits = Circuits(reduction)
    price = circuits.priced(reduction.given, np.inf)
    circuits.restrict(reduction.given)
    unmet = [demand for demand in reduction.demands if not _met(circuits, demand, price, witnesses)]
    if progress is not None:
        progress(witnesses.settled, len(witnesses.cells))
    for demand in unmet:
        if circuits.move_out(demand.unit):
            _met(circuits, demand, price, witnesses)


def _met(circuits: Circuits, demand: Demand, price: Reals, witnesses: Witnesses) -> bool:
    moves = circuits.satisfy(demand, price, gather=False)
    for move in moves or ():
        witnesses.add(over_cells(circuits.reduction, move.units, move.by))
    return moves is not None


def _together(search: Alternatives, witnesses: Witnesses, progress: Progress | None) -> None:
    """Capped progress: each program moves as many open cells as it can at once, up and down in turn."""
    idle = 0
    direction = 1
    while idle < 2:
        cells, amounts = witnesses.shortfall(direction)
        gained = len(cells) > 0 and witnesses.add(search.move(cells, direction * amounts))
        idle = 0 if gained else idle + 1
        direction = -direction
        if progress is not None:
            progress(witnesses.settled, len(witnesses.cells))


def _one_by_one(search: Alternatives, witnesses: Witnesses, progress: Progress | None) -> None:
    """Each open cell alone; whole tables are sought only where fractions do not rule them out."""
    for place in witnesses.open_places():
        cell, far = witnesses.cells[place : place + 1], int(witnesses.furthest(place)[0])
        up, down = (search.reach(int(cell[0]), direction * far) for direction in (1, -1))
        if witnesses.hopeless(place, up, down):
            continue
        for low in range(far + 1):
            for amount in (far - low, -low):
                if not witnesses.is_settled(place) and amount:
                    witnesses.add(search.move(cell, np.array([amount]), whole=True))
        if progress is not None:
            progress(witnesses.settled, len(witnesses.cells))


def _against_insiders(system: System, hidden: Flags, witnesses: Witnesses) -> None:
    """For each unsafe cell and each supplier in all of its tables, one more table that leaves hers alone."""
    reduction = as_seen(system, hidden)
    circuits = Circuits(reduction, system)
    price = circuits.priced(reduction.given, np.inf)
    circuits.restrict(reduction.given)
    by_cell = sp.csr_array(reduction.members)
    for place, cell in enumerate(witnesses.cells.tolist()):
        for unit in by_cell.indices[by_cell.indptr[cell] : by_cell.indptr[cell + 1]].tolist():
            while (supplier := witnesses.told_to(place)) is not None:
                demand = Demand(unit, 1, 0, 1, supplier)
                moves = circuits.satisfy(demand, price, gather=False)
                if moves is None and circuits.move_out(unit):
                    moves = circuits.satisfy(demand, price, gather=False)
                if not moves:
                    break
                witnesses.add_moving(over_cells(reduction, moves[0].units, moves[0].by))
