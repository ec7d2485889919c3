"""What nobody declared and an attacker would find in the numbers: sums between indicators, shared margins."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations, product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lagesbild.core.linking import Identity, cell_names
from lagesbild.core.table import Table

from .system import Layer

TELLING = 8
"""Cells in which the sum must be more than any part, or more than 0 where it has only one; fewer may agree by
chance."""
MOST_PARTS = 4


def implied_identities(layers: Sequence[Layer]) -> tuple[Identity, ...]:
    """Every sum of one to four indicators that holds in all cells that tables of one shape show. Of one: the
    two count the same, or might as well."""
    return tuple(
        Identity(total.table.indicator, tuple(part.table.indicator for part in parts))
        for total in layers
        for many in range(1, MOST_PARTS + 1)
        for parts in combinations([layer for layer in layers if _alike(total, layer)], many)
        if all(_alike(*pair) for pair in combinations(parts, 2)) and _sum(total, parts)
    )


def implied_in_each(layers: Sequence[Layer]) -> tuple[Identity, ...]:
    """The sums that this release implies, and those that each earlier one implied for itself."""
    found: list[Identity] = []
    for release in sorted({layer.release for layer in layers}):
        implied = implied_identities([layer for layer in layers if layer.release == release])
        found += implied if release == 0 else [replace(each, release=release) for each in implied]
    return tuple(found)


def _sum(total: Layer, parts: Sequence[Layer]) -> bool:
    layers = [_as(total, part) for part in parts]
    counts = np.stack([part.counts for part in layers])
    seen = ~np.logical_or.reduce([layer.hidden for layer in (total, *layers) if layer.hidden is not None])
    telling = int((seen & ((counts > 0).sum(axis=0) > min(1, len(parts) - 1))).sum())
    return telling >= TELLING and not np.any(seen & (total.counts != counts.sum(axis=0)))


def _as(total: Layer, part: Layer) -> Layer:
    """The part with its dimensions and their codes in the order of the total's."""
    names = [each.name for each in part.table.dimensions]
    order = [names.index(each.name) for each in total.table.dimensions]
    codes = np.ix_(
        *(
            [part.table.dimensions[place].position[code] for code in each.codes]
            for place, each in zip(order, total.table.dimensions, strict=True)
        )
    )

    def turned(cells: NDArray[Any]) -> NDArray[Any]:
        return cells.reshape(part.table.shape).transpose(order)[codes].ravel()

    hidden = None if part.hidden is None else turned(part.hidden)
    return replace(part, table=total.table, counts=turned(part.counts), hidden=hidden)


def _alike(one: Layer, other: Layer) -> bool:
    """Same cells, different indicators, in whatever order the dimensions and their codes stand."""
    different = one.table.indicator != other.table.indicator
    return different and _shape(one) == _shape(other)


def _shape(layer: Layer) -> Mapping[str, frozenset[str]]:
    return {each.name: frozenset(each.codes) for each in layer.table.dimensions}


def same_counts(layers: Sequence[Layer], identities: Sequence[Identity]) -> Mapping[str, str]:
    """For each indicator the one that it is another name of: tables of different dimensions whose shared
    margins agree in every number count the same. Reckoning with more equations than hold to reason is never
    unsafe. Numbers that are hidden are not compared; what a declared identity keeps apart stays apart.
    """
    apart = {frozenset(pair) for each in identities for pair in combinations((each.total, *each.parts), 2)}
    names: dict[str, str] = {}
    for own in dict.fromkeys(layer.table.indicator for layer in layers):
        its = [layer for layer in layers if layer.table.indicator == own]
        for name in dict.fromkeys(names.values()):
            others = [layer for layer in layers if names.get(layer.table.indicator) == name]
            together = all(frozenset((own, each.table.indicator)) not in apart for each in others)
            if own not in names and together and _all_agree(its, others):
                names[own] = name
        names.setdefault(own, own)
    return names


def _all_agree(layers: Sequence[Layer], others: Sequence[Layer]) -> bool:
    """Whether some of them share numbers, and none denies another: one number may be equal by chance."""
    agreed = [_agree(*pair) for pair in product(layers, others)]
    return True in agreed and False not in agreed


def _shown(layer: Layer, names: Sequence[Hashable]) -> Mapping[Hashable, int]:
    named = zip(names, layer.counts.tolist(), strict=True)
    if layer.hidden is None:
        return dict(named)
    return {
        key: count for (key, count), hidden in zip(named, layer.hidden.tolist(), strict=True) if not hidden
    }


def _agree(layer: Layer, other: Layer) -> bool | None:
    """Whether all numbers that both show are equal. None where there are none, or the dimensions are the
    same: `implied_identities` finds what these have in common. The two are named by themselves: what others
    have of their dimensions is no matter here."""
    named = cell_names([Table(layer.table.dimensions), Table(other.table.dimensions)])
    shown, theirs = _shown(layer, named[0]), _shown(other, named[1])
    shared = shown.keys() & theirs.keys()
    if any(shown[key] != theirs[key] for key in shared):
        return False
    return True if shared and layer.table.dimensions != other.table.dimensions else None


def renamed(layer: Layer, names: Mapping[str, str]) -> Layer:
    """The layer under the name that its indicator goes by."""
    indicator = names.get(layer.table.indicator, layer.table.indicator)
    return replace(layer, table=Table(layer.table.dimensions, indicator))


def renamed_identities(identities: Sequence[Identity], names: Mapping[str, str]) -> tuple[Identity, ...]:
    return tuple(
        replace(
            each,
            total=names.get(each.total, each.total),
            parts=tuple(names.get(part, part) for part in each.parts),
        )
        for each in identities
    )
