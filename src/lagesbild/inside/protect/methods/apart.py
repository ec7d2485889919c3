"""Secondary suppression of cells that no chain of sums joins: apart from each other, on all cores."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp

from ..cores import on_all_cores
from ..problem.groups import Group, bundled, joined, part
from ..problem.system import Flags, Ints, System
from ..proof.audit import Audit
from ..proof.certificate import TRUTH, Certificate
from .secondary import Pattern, Progress, suppress

BUNDLE = 500
"""So many unsafe cells are decided at a time at least: what is done once for each time takes as long."""
WORTH_ALL_CORES = 2 * BUNDLE
"""So many take longer than starting processes does."""


class _Question(NamedTuple):
    system: System
    insider: bool
    previous: Flags | None


def suppress_apart(
    system: System,
    *,
    budget_seconds: float | None = None,
    insider: bool = False,
    previous: Flags | None = None,
    progress: Progress | None = None,
) -> Pattern:
    """As `suppress`; the same on any number of cores. Under a budget everything is decided together."""
    groups = joined(system.equations)
    weights = [int(system.unsafe[cells].sum()) for cells in groups]
    asked = [(cells, weight) for cells, weight in zip(groups, weights, strict=True) if weight]
    bundles = bundled([cells for cells, _ in asked], [weight for _, weight in asked], BUNDLE)
    if budget_seconds is not None or len(bundles) < 2:
        return suppress(
            system, budget_seconds=budget_seconds, insider=insider, previous=previous, progress=progress
        )
    questions = [
        _Question(part(system, cells), insider, None if previous is None else previous[cells])
        for cells in bundles
    ]
    patterns: list[Pattern] = []
    for pattern in on_all_cores(_answer, questions, worth=sum(weights) >= WORTH_ALL_CORES):
        patterns.append(pattern)
        if progress is not None:
            progress(len(patterns), len(bundles))
    return _together(system, bundles, patterns)


def _answer(question: _Question) -> Pattern:
    return suppress(question.system, insider=question.insider, previous=question.previous)


def _together(system: System, bundles: Sequence[Group], patterns: Sequence[Pattern]) -> Pattern:
    hidden = system.primary.copy()
    for cells, pattern in zip(bundles, patterns, strict=True):
        hidden[cells] = pattern.hidden
    secondary = hidden & ~system.primary
    found = _one_audit(system.size, bundles, [pattern.audit for pattern in patterns])
    return Pattern(hidden, secondary, float(system.cost[secondary].sum()), found)


def _one_audit(size: int, bundles: Sequence[Group], audits: Sequence[Audit]) -> Audit:
    def over_all(parts: Sequence[Ints]) -> Ints:
        return np.concatenate([cells[own] for cells, own in zip(bundles, parts, strict=True)])

    unsafe = over_all([each.unsafe for each in audits])
    order = np.argsort(unsafe)
    return Audit(
        unsafe[order],
        np.concatenate([each.low for each in audits])[order],
        np.concatenate([each.high for each in audits])[order],
        np.sort(over_all([each.failing for each in audits])),
        _one_certificate(size, bundles, [each.certificate for each in audits], order),
    )


def _one_certificate(
    size: int, bundles: Sequence[Group], parts: Sequence[Certificate], order: Ints
) -> Certificate:
    """The tables of all, each over its own cells; `order` sorts the cells that they speak of."""
    place = np.argsort(order)
    rows = np.cumsum([0, *(each.deviations.shape[0] for each in parts)])
    starts = np.cumsum([0, *(len(each.cells) for each in parts)])

    def renumbered(own: Ints, part: int) -> Ints:
        return np.where(own == TRUTH, TRUTH, own + rows[part])

    moving = [
        np.column_stack([place[each.moving[:, 0] + start], each.moving[:, 1] + row])
        for each, start, row in zip(parts, starts[:-1], rows[:-1], strict=True)
    ]
    deviations = sp.vstack([_over(cells, each, size) for cells, each in zip(bundles, parts, strict=True)])
    numbered = list(enumerate(parts))
    return Certificate(
        sp.csr_array(deviations),
        np.concatenate([cells[each.cells] for cells, each in zip(bundles, parts, strict=True)])[order],
        np.concatenate([renumbered(each.highest, number) for number, each in numbered])[order],
        np.concatenate([renumbered(each.lowest, number) for number, each in numbered])[order],
        np.concatenate(moving),
    )


def _over(cells: Group, own: Certificate, size: int) -> sp.csr_array:
    rows = own.deviations
    return sp.csr_array((rows.data, cells[rows.indices], rows.indptr), shape=(rows.shape[0], size))
