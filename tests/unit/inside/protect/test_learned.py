"""What follows from noisy or rounded tables: bounds and averages."""

from itertools import combinations

import numpy as np
import pytest

from lagesbild.core.table import Dimension, Relation, Table
from lagesbild.inside.protect.methods import cell_key
from lagesbild.inside.protect.methods.learned import averaged
from lagesbild.inside.protect.proof.bounds import propagated

ROW = Dimension.of_levels("row", [("@", "T"), ("@@", "a"), ("@@", "b")])


def test_bounds_pass_from_total_to_parts():
    """T = a + b, T is 3 and a at most 1: b is 2 or 3."""
    equations = Table((ROW,)).equations()
    low, high = propagated(equations, np.array([3, 0, 0]), np.array([3, 1, 9]))
    assert (low.tolist(), high.tolist()) == ([3, 0, 2], [3, 1, 3])


def test_figures_that_contradict_are_told():
    with pytest.raises(ValueError, match="contradict"):
        propagated(Table((ROW,)).equations(), np.array([9, 0, 0]), np.array([9, 1, 1]))


def test_the_average_is_the_nearest_additive_table():
    """T 10, a 3, b 4 miss each other by 3: each gives way by 1."""
    assert np.allclose(averaged(Table((ROW,)).equations(), np.array([10, 3, 4])), [9, 4, 5])


def test_averaging_over_many_sums_recovers_what_each_number_blurs():
    """Attack 17: twelve cells and the sums of every two of them, all noisy, tell the cells together."""
    leaves = tuple("abcdefghijkl")
    pairs = [Relation(one + other, (one, other)) for one, other in combinations(leaves, 2)]
    table = Table((Dimension("k", (*(pair.total for pair in pairs), *leaves), tuple(pairs)),))
    counts = table.add_up(np.where(table.is_leaf, 7, 0))
    noise = cell_key.Noise(bound=2, variance=0.5)
    shown = cell_key.perturb(counts, list(range(table.size)), bytes(range(32)), noise)
    alone = (shown == counts)[table.is_leaf].mean()
    together = (np.rint(averaged(table.equations(), shown)) == counts)[table.is_leaf].mean()
    assert alone < 0.8
    assert together == 1.0
