"""Small-count rounding: additive, consistent, nothing small shown, close to the truth."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from lagesbild.core.table import Dimension, Relation, Table
from lagesbild.inside.protect.methods.rounding import round_counts, thinkable
from lagesbild.inside.protect.problem.system import Layer, System, build

REGION = Dimension.of_levels("region", [("@", "R"), ("@@", "A"), ("@@@", "A1"), ("@@@", "A2"), ("@@", "B")])
SEX = Dimension.of_levels("sex", [("@", "T"), ("@@", "K"), ("@@", "M")])
AGE = Dimension.of_levels("age", [("@", "all"), ("@@", "young"), ("@@", "old")])


def one_table(leaves: list[int]) -> System:
    table = Table((REGION, SEX))
    counts = np.zeros(table.size, dtype=np.int64)
    counts[table.is_leaf] = leaves
    return build([Layer(table, table.add_up(counts))]).system


def two_tables(first: list[int], second: list[int]) -> System:
    """Region by sex and region by age: only the region margin is shared."""
    layers = []
    for dimension, leaves in ((SEX, first), (AGE, second)):
        table = Table((REGION, dimension))
        counts = np.zeros(table.size, dtype=np.int64)
        counts[table.is_leaf] = leaves
        layers.append(Layer(table, table.add_up(counts)))
    return build(layers).system


def check(system: System, base: int) -> None:
    shown = round_counts(system, base)
    assert not np.any(system.equations @ shown)
    assert not np.any((shown > 0) & (shown < base))
    assert np.all(shown[system.values == 0] == 0)
    low, high = thinkable(system.equations, shown, base)
    assert np.all((low <= system.values) & (system.values <= high))


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.lists(st.integers(0, 9), min_size=6, max_size=6), st.integers(2, 6))
def test_one_table_is_rounded_additively(leaves: list[int], base: int):
    check(one_table(leaves), base)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=3, max_size=3), st.data())
def test_linked_tables_share_their_rounded_margins(pairs: list[tuple[int, int]], data: st.DataObject):
    second = []
    for one, other in pairs:
        young = data.draw(st.integers(0, one + other))
        second += [young, one + other - young]
    system = two_tables([count for pair in pairs for count in pair], second)
    check(system, 3)


def test_the_search_finds_the_best_of_all_roundings():
    """Least squares by looking at all 64 roundings of six small cells."""
    system = one_table([1, 2, 1, 1, 2, 2])
    small = np.flatnonzero(Table((REGION, SEX)).is_leaf)
    table = Table((REGION, SEX))
    errors = []
    for choice in range(64):
        counts = np.zeros(table.size, dtype=np.int64)
        counts[small] = [3 * (choice >> bit & 1) for bit in range(6)]
        errors.append(int(((table.add_up(counts) - system.values) ** 2).sum()))
    found = round_counts(system, 3)
    assert int(((found - system.values) ** 2).sum()) == min(errors)


def test_large_counts_of_one_table_stay_exact():
    system = one_table([12, 40, 7, 9, 8, 31])
    assert np.array_equal(round_counts(system, 5), system.values)


def test_totals_stay_close_where_many_small_cells_meet():
    """Forty ones rounded one by one to 0 would lose the whole total."""
    leaves = tuple(f"k{number}" for number in range(40))
    table = Table((Dimension("k", ("T", *leaves), (Relation("T", leaves),)),))
    system = build([Layer(table, np.array([40] + [1] * 40))]).system
    assert abs(int(round_counts(system, 3)[0]) - 40) <= 1


def test_the_outcome_is_the_same_every_time():
    system = two_tables([3, 20, 1, 14, 9, 2], [11, 12, 8, 7, 10, 1])
    assert np.array_equal(round_counts(system, 3), round_counts(system, 3))


def test_a_small_count_alone_goes_to_the_nearest():
    """Known and told in the manual: whoever knows the rule learns more than `thinkable` says."""
    shown = {count: round_counts(one_table([count, 40, 7, 9, 8, 31]), 5) for count in range(1, 5)}
    alone = int(np.flatnonzero(Table((REGION, SEX)).is_leaf)[0])
    assert [int(shown[count][alone]) for count in shown] == [0, 0, 5, 5]
