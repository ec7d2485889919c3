"""Zeros as candidates: a safe pattern is found without them, and enough of them join it."""

import numpy as np

from lagesbild.core.table import Dimension, Relation, Table
from lagesbild.inside.protect.methods.secondary import suppress
from lagesbild.inside.protect.problem.primary import Rule
from lagesbild.inside.protect.problem.system import Layer, System, build
from lagesbild.inside.protect.search import zeros

PLACES = tuple(f"P{k}" for k in range(8))
TABLE = Table(
    (
        Dimension("place", ("PT", *PLACES), (Relation("PT", PLACES),)),
        Dimension("sex", ("T", "K", "M"), (Relation("T", ("K", "M")),)),
    )
)


def system(policy: str) -> System:
    leaves = np.zeros(TABLE.shape, dtype=np.int64)
    leaves[1:, 1] = (2, 30, 0, 14, 0, 22, 7, 0)
    leaves[1:, 2] = (11, 0, 9, 3, 0, 40, 16, 0)
    return build([Layer(TABLE, TABLE.add_up(leaves.ravel()), Rule(zeros=policy))]).system


def test_every_hidden_unsafe_cell_shares_a_sum_with_a_hidden_zero() -> None:
    told = system("candidate")
    pattern = suppress(told)
    assert pattern.safe
    hidden_zeros = pattern.hidden & (told.values == 0)
    assert hidden_zeros.any()
    for cell in np.flatnonzero(told.unsafe):
        sums = told.equations[:, [cell]].toarray().ravel() != 0
        beside = (told.equations[sums] != 0).toarray().any(axis=0)
        assert (beside & hidden_zeros).any()


def test_published_zeros_stay_published() -> None:
    told = system("published")
    assert not zeros.candidates(told).any()
    assert not (suppress(told).hidden & (told.values == 0)).any()


def test_where_only_a_zero_can_protect_it_is_hidden() -> None:
    leaves = np.zeros(TABLE.shape, dtype=np.int64)
    leaves[1, 1], leaves[2:, 2] = 3, 50
    counts = TABLE.add_up(leaves.ravel())
    publish = ~np.isin(counts, (0, 3, 50, 350))
    layer = Layer(TABLE, counts, Rule(), must_publish=publish)
    pattern = suppress(build([layer]).system)
    assert pattern.safe
    assert (pattern.hidden & (counts[: len(pattern.hidden)] == 0)).any()
