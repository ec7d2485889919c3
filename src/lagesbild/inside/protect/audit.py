"""The audit: plays the attacker against a pattern and brings back a proof, or the cells that have none."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .alternatives import Alternatives
from .certificate import Certificate, interval, unproven
from .system import Flags, Ints, System
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
    search = Alternatives(system, hidden)
    _together(search, witnesses, progress)
    _one_by_one(search, witnesses, progress)
    if insider:
        _against_insiders(system, hidden, witnesses)
    certificate = witnesses.certificate()
    low, high = interval(system, certificate)
    failing = unproven(system, hidden, certificate, insider)
    return Audit(certificate.cells, low, high, failing, certificate)


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
    for place in witnesses.open_places():
        for whole in (False, True):
            for direction in (1, -1):
                if not witnesses.is_settled(place):
                    cell, far = witnesses.cells[place : place + 1], witnesses.furthest(place)
                    witnesses.add(search.move(cell, direction * far, whole=whole))
        if progress is not None:
            progress(witnesses.settled, len(witnesses.cells))


def _against_insiders(system: System, hidden: Flags, witnesses: Witnesses) -> None:
    for supplier in np.unique(system.supplier[system.supplier >= 0]).tolist():
        known = system.supplier == supplier
        others = ~known[witnesses.cells] & hidden[witnesses.cells]
        search = Alternatives(system, hidden & ~known)
        for place in np.flatnonzero(others).tolist():
            if not witnesses.keeps_from(place, supplier):
                for direction in (1, -1):
                    step = np.array([direction], dtype=np.int64)
                    moved = search.move(witnesses.cells[place : place + 1], step, whole=True)
                    if witnesses.add_moving(moved):
                        break
