"""Zeros as candidates: a safe pattern is found without them, and enough of them join it."""

import numpy as np

from lagesbild.core.table import Dimension, Relation, Table
from lagesbild.inside.protect.methods.secondary import suppress
from lagesbild.inside.protect.problem.primary import Rule
from lagesbild.inside.protect.problem.system import Layer, System, build
from lagesbild.inside.protect.proof.audit import audit
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
    leaves[1:3, 1], leaves[1:3, 2] = (3, 20), (30, 0)
    layer = Layer(TABLE, TABLE.add_up(leaves.ravel()), Rule(), must_publish=~TABLE.is_leaf)
    told = build([layer]).system
    pattern = suppress(told)
    assert pattern.safe
    beside_the_twenty = np.ravel_multi_index((2, 2), TABLE.shape)
    assert pattern.hidden[beside_the_twenty]
    assert not audit(told, pattern.hidden & (told.values > 0)).safe


def test_only_the_zeros_that_something_needs_are_opened_to_choice() -> None:
    """The second place knows its own figures, so the first one's 3 needs zeros elsewhere to be kept from it.
    Opening all of them had taken five times as long on a large table and hidden a tenth more."""
    leaves = np.zeros(TABLE.shape, dtype=np.int64)
    leaves[1:3, 1], leaves[1:3, 2] = (3, 20), (30, 40)
    place = np.unravel_index(np.arange(TABLE.size), TABLE.shape)[0]
    supplier = np.where(place > 0, place, -1)
    layer = Layer(TABLE, TABLE.add_up(leaves.ravel()), Rule(), must_publish=place == 0, supplier=supplier)
    told = build([layer]).system
    pattern = suppress(told, insider=True)
    assert audit(told, pattern.hidden, insider=True).safe
    assert (pattern.hidden & (told.values == 0)).sum() == 2
