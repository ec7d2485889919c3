"""Periods: codes, order, parts, and a change that falls inside one."""

import itertools
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lagesbild.core.period import Frequency, Period

periods = st.builds(
    lambda year, frequency, number: Period(year, frequency, number % frequency.per_year + 1),
    st.integers(1900, 2099),
    st.sampled_from(Frequency),
    st.integers(0, 11),
)


@given(periods)
def test_a_code_reads_back_as_the_same_period(period: Period) -> None:
    assert Period.parse(period.code) == period


@pytest.mark.parametrize(
    "code", ["", "24", "2024H3", "2024Q0", "2024M13", "2024K1", "2024-01", " 2024", "20245"]
)
def test_anything_else_is_no_period(code: str) -> None:
    with pytest.raises(ValueError, match=r"no such part of a year|not a period code"):
        Period.parse(code)


@given(periods, st.sampled_from(Frequency))
def test_parts_fill_the_period_without_gap_or_overlap(period: Period, frequency: Frequency) -> None:
    parts = period.parts(frequency)
    if frequency.months >= period.frequency.months:
        assert parts == ()
        return
    assert parts[0].start == period.start
    assert parts[-1].end == period.end
    assert all(one.end == next_.start for one, next_ in itertools.pairwise(parts))


def test_order_is_by_start_and_the_longer_first() -> None:
    codes = ["2024M01", "2024", "2023Q4", "2024H1", "2024Q1", "2024H2"]
    assert [p.code for p in sorted(map(Period.parse, codes))] == [
        "2023Q4", "2024", "2024H1", "2024Q1", "2024M01", "2024H2",
    ]  # fmt: skip


def test_the_offence_of_july_2025_changes_inside_the_year_but_between_the_halves() -> None:
    change = date(2025, 7, 1)
    assert Period.parse("2025").straddles(change)
    assert not Period.parse("2025H1").straddles(change)
    assert not Period.parse("2025H2").straddles(change)
    assert change in Period.parse("2025H2")
    assert change not in Period.parse("2025H1")
