"""Sum identities between indicators that nobody declared: an attacker would find them in the numbers."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from lagesbild.core.table import Identity

from .system import Layer

TELLING = 8
"""Cells in which the sum must be more than either part; fewer may agree by chance."""


def implied_identities(layers: Sequence[Layer]) -> tuple[Identity, ...]:
    """Every `total = part + part` that holds in all cells of tables of one shape."""
    return tuple(
        Identity(total.table.indicator, (one.table.indicator, other.table.indicator))
        for one, other in combinations(layers, 2)
        for total in layers
        if _alike(one, other) and _alike(total, one) and _alike(total, other) and _sum(total, one, other)
    )


def _sum(total: Layer, one: Layer, other: Layer) -> bool:
    telling = int(((one.counts > 0) & (other.counts > 0)).sum())
    return telling >= TELLING and np.array_equal(total.counts, one.counts + other.counts)


def _alike(one: Layer, other: Layer) -> bool:
    """Same cells, different indicators."""
    different = one.table.indicator != other.table.indicator
    return different and one.table.dimensions == other.table.dimensions
