"""What must hold of the statistics whatever the numbers are."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lagesbild.analysis.compare import most_alike, ranks
from lagesbild.analysis.funnel.chart import funnel
from lagesbild.analysis.rate import rates
from lagesbild.analysis.spc import point_types
from lagesbild.analysis.standardisation.direct import directly_standardised
from lagesbild.analysis.standardisation.strata import Strata
from lagesbild.analysis.table.tidy import CountsKnown
from lagesbild.analysis.trend.verdict import trend
from reference import slow_statistics as slow

# No deadline: the machine that runs this may be busy with something else.
UNHURRIED = settings(deadline=None)
UNHURRIED_FEW = settings(deadline=None, max_examples=25)
YEARS = np.arange(2016.0, 2024.0)
PEOPLE = np.full(8, 1000.0)
counts_of_years = arrays(np.float64, 8, elements=st.integers(0, 60).map(float))


def hidden(counts, places, least, largest):
    where = np.isin(np.arange(len(counts)), places)
    bounds = np.where(where, least, counts), np.where(where, largest, counts)
    return CountsKnown(np.where(where, np.nan, counts), *bounds, where)


@UNHURRIED
@given(st.integers(0, 10_000), st.integers(1, 10**7), st.floats(0.5, 0.999))
def test_limits_hold_the_rate_and_widen_with_the_level(count, people, level):
    found = rates(np.array([float(count)]), np.array([float(people)]), 1e5, (level, (1 + level) / 2))
    assert found.lower[0] <= found.value * (1 + 1e-9)
    assert found.value <= found.upper[0] * (1 + 1e-9)
    assert found.lower[1] <= found.lower[0] + 1e-12
    assert found.upper[0] <= found.upper[1]


@UNHURRIED
@given(st.integers(0, 4), st.integers(0, 10), st.integers(1, 10**6))
def test_the_interval_of_a_hidden_count_holds_that_of_every_count_it_may_be(least, width, people):
    known = CountsKnown(*(np.array([v], float) for v in (np.nan, least, least + width)), np.array([True]))
    wide = rates(known, float(people))
    each = rates(np.arange(least, least + width + 1.0), float(people))
    assert (wide.lower <= each.lower + 1e-12).all()
    assert (wide.upper >= each.upper - 1e-12).all()
    assert np.isnan(wide.value).all()


@UNHURRIED
@given(counts_of_years)
def test_time_run_backwards_turns_the_trend_around(counts):
    forward = trend(counts[None], PEOPLE[None], YEARS)
    back = trend(counts[None, ::-1], PEOPLE[None], YEARS)
    assert forward.reason[0] == back.reason[0]
    if not forward.reason[0]:
        assert np.log1p(back.slope[0] / 100) == pytest.approx(-np.log1p(forward.slope[0] / 100), abs=1e-6)


@UNHURRIED
@given(counts_of_years, st.floats(0.01, 100))
def test_a_trend_does_not_depend_on_the_unit_of_the_denominator(counts, unit):
    one, other = (trend(counts[None], scale * PEOPLE[None], YEARS) for scale in (1.0, unit))
    assert one.verdict[0] == other.verdict[0]
    assert one.x2[0] == pytest.approx(other.x2[0], nan_ok=True)


@UNHURRIED_FEW
@given(
    arrays(np.float64, 8, elements=st.integers(3, 30).map(float)),
    st.sets(st.integers(0, 7), min_size=1, max_size=2),
)
def test_hidden_years_widen_the_slope_to_every_filling(counts, places):
    """The interval over splits must hold the slope's interval of any filling, by brute force."""
    places = sorted(places)
    wide = trend(CountsKnown(*(v[None] for v in vars_of(hidden(counts, places, 1, 4)))), PEOPLE[None], YEARS)
    slopes = slow.slopes_of_every_filling(counts, PEOPLE, YEARS, dict.fromkeys(places, (1, 4)))
    if not wide.reason[0]:
        assert wide.lower[0] <= 100 * np.expm1(min(slopes)) + 1e-6
        assert wide.upper[0] >= 100 * np.expm1(max(slopes)) - 1e-6


def vars_of(known):
    return known.value, known.lower, known.upper, known.protected


@UNHURRIED
@given(counts_of_years)
def test_a_verdict_under_hidden_years_is_the_verdict_of_every_filling(counts):
    known = hidden(counts, [1, 6], 1, 4)
    wide = trend(CountsKnown(*(v[None] for v in vars_of(known))), PEOPLE[None], YEARS)
    if wide.verdict[0] in {"rising", "falling"}:
        for early in range(1, 5):
            for late in range(1, 5):
                filled = counts.copy()
                filled[[1, 6]] = early, late
                assert trend(filled[None], PEOPLE[None], YEARS).verdict[0] == wide.verdict[0]


@UNHURRIED
@given(arrays(np.float64, (6, 3), elements=st.floats(-50, 50).map(lambda v: round(v, 3))), st.data())
def test_distances_are_those_written_out(indicators, data):
    missing = data.draw(arrays(np.bool_, (6, 3)))
    indicators = np.where(missing & (np.arange(6) > 1)[:, None], np.nan, indicators)
    weights = np.array([1.0, 2.0, 0.5])
    spread = np.nanstd(indicators, axis=0)
    spread[spread == 0] = 1.0
    found = most_alike(indicators, weights, 5)
    for i in range(6):
        for place, other in enumerate(found.others[i]):
            if other >= 0:
                plain = slow.distance(indicators[i], indicators[other], spread, weights)
                assert found.distance[i, place] == pytest.approx(plain, abs=1e-5)
        assert (np.diff(found.distance[i][~np.isnan(found.distance[i])]) >= -1e-9).all()


@UNHURRIED
@given(arrays(np.float64, 7, elements=st.integers(0, 300).map(float)))
def test_a_rank_lies_within_its_interval(counts):
    found = ranks(CountsKnown.released(counts), np.full(7, 1000.0))
    assert (found.lower <= found.rank).all()
    assert (found.rank <= found.upper).all()


@UNHURRIED
@given(arrays(np.float64, 7, elements=st.integers(0, 300).map(float)), st.integers(0, 6))
def test_hiding_a_count_never_narrows_a_rank(counts, place):
    known = hidden(counts, [place], max(counts[place] - 3, 0), counts[place] + 3)
    open_, shut = ranks(CountsKnown.released(counts), np.full(7, 1000.0)), ranks(known, np.full(7, 1000.0))
    assert (shut.lower <= open_.lower).all()
    assert (shut.upper >= open_.upper).all()


@UNHURRIED
@given(arrays(np.float64, 9, elements=st.integers(0, 60).map(float)))
def test_a_label_under_a_hidden_count_is_the_label_of_every_count(counts):
    size = np.full(9, 20.0)
    wide = funnel(hidden(counts, [0], 1, 4), size, "rate")
    for count in range(1, 5):
        filled = counts.copy()
        filled[0] = count
        narrow = funnel(filled, size, "rate")
        settled = wide.significance >= 0
        assert (wide.significance[settled] == narrow.significance[settled]).all()


@UNHURRIED
@given(st.lists(st.integers(0, 12).map(float), min_size=8, max_size=30))
def test_special_causes_are_those_found_window_by_window(values):
    values = np.array(values)
    mean, reach = values.mean(), max(float(np.abs(np.diff(values)).mean()) * 2.66, 1e-9)
    fast = point_types(values, mean, reach)
    assert fast.tolist() == [slow.point_type(values, mean, reach, place) for place in range(len(values))]


@UNHURRIED
@given(
    st.lists(
        st.tuples(st.integers(1, 50), st.integers(100, 9000), st.integers(1, 900)), min_size=2, max_size=6
    )
)
def test_direct_standardisation_is_the_formula_written_out(groups):
    count, people, standard = (np.array(part, float) for part in zip(*groups, strict=True))
    every = np.ones(len(groups), dtype=bool)
    strata = Strata(
        CountsKnown.released(count), people, np.zeros(len(groups), np.intp), np.ones(len(groups)), every
    )
    fast = [float(part[0]) for part in directly_standardised(strata, standard, 1.0, 0.95, count)]
    assert fast == pytest.approx(slow.directly_standardised(groups, 0.95))
