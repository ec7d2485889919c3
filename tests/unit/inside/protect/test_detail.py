"""How finely a reader can place what was counted: small tables by hand."""

from collections.abc import Sequence

import numpy as np
import pytest

from attacks.small_tables import cell, counts_of, tree
from lagesbild.core.table import Table
from lagesbild.inside.protect.methods.coarsen import finest_cells
from lagesbild.inside.protect.methods.detail import detail_kept

TOTALLED = Table((tree("region", "@R", "@@A", "@@@a", "@@@b", "@@C", "@@@c", "@@@d"),))
BESIDE = Table((tree("row", "@T", "@@x", "@@y"), tree("column", "@T", "@@1", "@@2", "@@3")))


def kept(table: Table, leaves: list[int], *hidden: tuple[str, ...]) -> float:
    return detail_kept(table, counts_of(table, leaves), pattern(table, hidden), finest_cells(table))


def pattern(table: Table, hidden: Sequence[tuple[str, ...]]) -> np.ndarray:
    flags = np.zeros(table.size, dtype=bool)
    flags[[cell(table, *codes) for codes in hidden]] = True
    return flags


def test_without_holes_all_is_kept():
    assert kept(TOTALLED, [1, 2, 3, 4]) == 1.0


def test_a_hidden_cell_is_placed_in_its_total():
    """a and b are 3 of 10, each one of two."""
    assert kept(TOTALLED, [1, 2, 3, 4], ("a",), ("b",)) == pytest.approx((3 / 2 + 7) / 10)


def test_a_hidden_total_leaves_the_one_above():
    assert kept(TOTALLED, [1, 2, 3, 4], ("a",), ("b",), ("A",)) == pytest.approx((3 / 4 + 7) / 10)


def test_the_narrowest_of_several_totals_counts():
    """x1 is one of three in its row, and one of two in its column."""
    assert kept(BESIDE, [5, 1, 1, 1, 1, 1], ("x", "1")) == pytest.approx((5 / 2 + 5) / 10)
    assert kept(BESIDE, [5, 1, 1, 1, 1, 1], ("x", "1"), ("T", "1")) == pytest.approx((5 / 3 + 5) / 10)


def test_what_no_shown_number_covers_is_lost():
    assert kept(Table((tree("year", "@1", "@2"),)), [3, 7], ("1",)) == pytest.approx(0.7)


def test_merged_codes_count_as_many_as_they_stand_for():
    merged = Table((tree("year", "@1+2", "@3"),))
    counts = counts_of(merged, [6, 4])
    detail = detail_kept(merged, counts, pattern(merged, []), np.array([2, 1]))
    assert detail == pytest.approx((6 / 2 + 4) / 10)


def test_an_empty_table_loses_nothing():
    assert kept(TOTALLED, [0, 0, 0, 0]) == 1.0
