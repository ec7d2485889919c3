"""What earlier releases have told of cells that a rule which was raised since would protect.

It cannot be taken back. Such a cell is held to as much as is left of it when everything that is still open is
hidden, and to the rule of then at least; all other cells to the strictest rule.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lagesbild.core.indicator import Protection
from lagesbild.core.language import Text
from lagesbild.inside.linked.stack import Stack, Told
from lagesbild.inside.protect.problem.groups import joined, part
from lagesbild.inside.protect.problem.reduction import Demand, as_seen
from lagesbild.inside.protect.problem.system import System
from lagesbild.inside.protect.proof.audit import audit
from lagesbild.inside.protect.proof.certificate import Certificate
from lagesbild.inside.protect.proof.intervals import furthest
from lagesbild.inside.protect.proof.units import Units
from lagesbild.inside.protect.search.circuits import Circuits
from lagesbild.inside.safeguard import is_small, of_few, system_of

Flags = NDArray[np.bool_]
Ints = NDArray[np.int64]
Cells = NDArray[np.intp]
Lower = Mapping[int, Sequence[Protection]]
"""Rules of earlier releases that asked for less than is asked of a cell now, where there are any."""


def beside_earlier(linked: Stack) -> Stack:
    """The same cells, with what earlier releases have told of those to which a lower rule once applied."""
    lower = _lower(linked)
    system = system_of(linked, tops_stay=False)
    asked = system.unsafe & np.isin(np.arange(system.size), list(lower))
    if not asked.any():
        return linked
    told = Told(
        linked.threshold.copy(),
        linked.width.copy(),
        np.zeros(system.size, np.bool_),
        np.zeros((system.size, int(linked.supplier.max(initial=-1)) + 1), np.bool_),
    )
    asking, few = system.with_(unsafe=asked), of_few(linked)
    for cells in joined(linked.equations):
        if asked[cells].any():
            _look(part(asking, cells), cells, lower, few, told)
    return replace(linked, told=told)


def how_many(linked: Stack) -> Mapping[str, int]:
    """Of each indicator the cells of which more was told than the rule allows that is asked of them now."""
    less = linked.known & linked.earlier & is_small(linked)
    if (told := linked.told) is not None:
        less |= told.gone | (told.threshold < linked.threshold) | (told.width < linked.width)
        less |= told.to.any(axis=1)
    found = {linked.cells[place] for place in np.flatnonzero(less).tolist()}
    return dict(sorted(Counter(cell.indicator for cell in found).items()))


def in_words(linked: Stack) -> Iterator[Text]:
    """How many cells, and never which; nothing where there are none."""
    if found := how_many(linked):
        many, each = sum(found.values()), ", ".join(f"{code} {number}" for code, number in found.items())
        yield Text(
            f"Tidigare publiceringar har redan berättat mer om {many} celler än dagens regel tillåter "
            f"({each}). Det går inte att ta tillbaka. Allt annat skyddas efter dagens regel.",
            f"Earlier releases have told more of {many} cells already than today's rule allows ({each}). "
            "That cannot be taken back. All else is protected by today's rule.",
        )


def _lower(linked: Stack) -> Lower:
    asked = zip(linked.cells, linked.threshold.tolist(), linked.width.tolist(), strict=True)
    found = {
        place: [
            rule
            for rule in linked.rules.get(cell.indicator, ())
            if rule.threshold < threshold or rule.width < width
        ]
        for place, (cell, threshold, width) in enumerate(asked)
    }
    return {place: rules for place, rules in found.items() if rules}


def _look(system: System, cells: Cells, lower: Lower, few: Flags, told: Told) -> None:
    """Hide all that may be hidden, and see of which cells that leaves too little. Only what is certain
    counts: a cell for which merely no proof is found is asked for as much as any other."""
    hidden = ~system.fixed
    failing = audit(system, hidden, insider=True).failing
    for cell, least, most in zip(failing.tolist(), *_ends(system, hidden, failing), strict=True):
        at = int(cells[cell])
        room = any(most >= rule.threshold and most - least >= rule.width for rule in lower[at])
        if room or _was_safe(int(system.values[cell]), lower[at], few[at]):
            told.threshold[at] = min(told.threshold[at], most)
            told.width[at] = min(told.width[at], most - least)
            told.gone[at] = least == most
    if len(failing):
        unsafe = system.unsafe & ~told.gone[cells]
        _look_inside(
            system.with_(unsafe=unsafe, threshold=told.threshold[cells], width=told.width[cells]),
            cells,
            lower,
            few,
            told,
        )


def _look_inside(system: System, cells: Cells, lower: Lower, few: Flags, told: Told) -> None:
    """The same for municipalities: which of them know cells that they need not have been kept from then."""
    hidden = ~system.fixed
    found = audit(system, hidden, insider=True)
    if not found.safe:
        insiders = _Insiders(system, hidden, found.certificate)
        for cell in found.failing.tolist():
            at = int(cells[cell])
            if _was_safe(int(system.values[cell]), lower[at], few[at]):
                told.to[at, list(insiders.who_knows(cell))] = True


def _was_safe(value: int, lower: Sequence[Protection], few: bool) -> bool:
    """Whether the count was not small by one of these rules."""
    return not few and any(value >= rule.threshold for rule in lower)


def _ends(system: System, hidden: Flags, cells: Ints) -> tuple[list[int], list[int]]:
    """The least and most that an outsider can think possible of each cell, as far as the rule asks; or less
    and more than that."""
    reduction = as_seen(system, hidden)
    units, circuits = Units(reduction), Circuits(reduction)
    least, most = system.values[cells].tolist(), system.values[cells].tolist()
    for place, (cell, *room) in enumerate(zip(cells.tolist(), *units.room(cells), strict=True)):
        unit, sign = units.of(cell)
        far = int(max(system.threshold[cell] - system.values[cell], system.width[cell]))
        down, up = (
            furthest(circuits, unit, sign * way, min(far, int(own)))
            for way, own in zip((-1, 1), room, strict=True)
        )
        least[place] -= down
        most[place] += up
    return least, most


class _Insiders:
    """Which municipalities can work a cell out although all is hidden that may be."""

    def __init__(self, system: System, hidden: Flags, certificate: Certificate) -> None:
        reduction = as_seen(system, hidden)
        self._system, self._certificate = system, certificate
        self._units, self._circuits = Units(reduction), Circuits(reduction, system)

    def who_knows(self, cell: int) -> Iterator[int]:
        unit, _ = self._units.of(cell)
        for supplier in self._in_all_tables(cell):
            if self._circuits.known_to(supplier)[unit] or self._stands(unit, supplier):
                yield supplier

    def _in_all_tables(self, cell: int) -> list[int]:
        """Those of whom something moves in every table that was found to move the cell."""
        certificate = self._certificate
        place = int(np.searchsorted(certificate.cells, cell))
        rows = certificate.moving[certificate.moving[:, 0] == place, 1].tolist()
        starts, moved = certificate.deviations.indptr, certificate.deviations.indices
        known = [set(self._system.supplier[moved[starts[row] : starts[row + 1]]].tolist()) for row in rows]
        return sorted(set.intersection(*known) - self._system.known_to(cell)) if known else []

    def _stands(self, unit: int, supplier: int) -> bool:
        """Whether it is certain that the unit stands still where nothing of the supplier's moves."""
        reduction = self._circuits.reduction
        return all(
            room < 1
            or any(
                cut.certain
                for cut in self._circuits.explain(Demand(unit, way, 1, 1, supplier), reduction.given)
            )
            for way, room in ((1, reduction.rise[unit]), (-1, reduction.fall[unit]))
        )
