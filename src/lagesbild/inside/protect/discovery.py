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
    found = []
    for one, other in combinations(layers, 2):
        both = one.counts + other.counts if _alike(one, other) else None
        for total in layers if both is not None else ():
            same = _alike(total, other) and _alike(total, one) and np.array_equal(total.counts, both)
            if same and ((one.counts > 0) & (other.counts > 0)).sum() >= TELLING:
                parts = (one.table.indicator, other.table.indicator)
                found.append(Identity(total.table.indicator, parts))
    return tuple(found)


def _alike(one: Layer, other: Layer) -> bool:
    """Same cells, different indicators."""
    different = one.table.indicator != other.table.indicator
    return different and one.table.dimensions == other.table.dimensions
