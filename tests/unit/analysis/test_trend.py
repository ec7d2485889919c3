"""When a verdict is given, when it is not, and what the interval holds."""

import numpy as np
import pytest

from lagesbild.analysis.catalogue import METHODS
from lagesbild.analysis.table.tidy import CountsKnown, Tidy
from lagesbild.analysis.trend.joinpoint import joinpoints
from lagesbild.analysis.trend.verdict import adjusted_p, trend
from lagesbild.core.refusal import BadUsage, Refusal

YEARS = np.arange(2014.0, 2024.0)
PEOPLE = np.full((1, 10), 20000.0)
STEEP = np.array([[8.0, 10, 13, 16, 20, 25, 31, 38, 47, 58]])


def hiding(counts, places, least=1, largest=4):
    where = np.zeros(counts.shape, dtype=bool)
    where[0, places] = True
    value = np.where(where, np.nan, counts)
    return CountsKnown(value, np.where(where, least, counts), np.where(where, largest, counts), where)


def test_a_steep_rise_is_rising_and_its_mirror_falling():
    assert trend(STEEP, PEOPLE, YEARS).verdict[0] == "rising"
    assert trend(3 * STEEP[:, ::-1], PEOPLE, YEARS).verdict[0] == "falling"


def test_level_counts_have_no_clear_trend():
    found = trend(np.full((1, 10), 20.0), PEOPLE, YEARS)
    assert found.verdict[0] == "no clear trend"
    assert found.lower[0] < 0 < found.upper[0]


def test_a_year_without_a_count_is_left_out():
    counts = STEEP.copy()
    counts[0, 3] = np.nan
    found = trend(counts, PEOPLE, YEARS)
    assert found.points[0] == 9
    assert found.verdict[0] == "rising"


@pytest.mark.parametrize(
    ("counts", "break_at", "reason"),
    [
        (np.where(np.arange(10) < 6, np.nan, STEEP), None, "too_few_points"),
        (np.where(np.arange(10) < 5, 1.0, 0.0)[None] * 1.9, None, "too_few_events"),
        (STEEP, 2020.0, "series_break"),
        (np.zeros((1, 10)), None, "too_few_events"),
        (np.array([[0.0] * 9 + [30.0]]), None, "no_finite_estimate"),
    ],
)
def test_what_the_data_cannot_carry_gets_a_reason(counts, break_at, reason):
    found = trend(counts, PEOPLE, YEARS, break_at=break_at)
    assert found.reason[0] == reason
    assert found.verdict[0] == "cannot tell"
    assert np.isnan([found.slope[0], found.lower[0], found.upper[0], found.p[0]]).all()


def test_no_point_before_a_break_has_any_say():
    counts = np.array([[500.0] * 4 + [20.0] * 6])
    after = trend(counts, PEOPLE, YEARS, break_at=2018.0)
    alone = trend(counts[:, 4:], PEOPLE[:, 4:], YEARS[4:])
    assert after.slope[0] == alone.slope[0]
    assert after.verdict[0] == "no clear trend"


def test_a_hidden_year_that_cannot_matter_leaves_the_verdict():
    found = trend(hiding(np.array([[2.0, *STEEP[0, 1:]]]), [0]), PEOPLE, YEARS)
    assert found.verdict[0] == "rising"
    assert np.isnan(found.slope[0])
    assert found.lower[0] > 0


def test_a_hidden_year_that_might_matter_takes_the_verdict_away():
    wide = trend(hiding(STEEP, [9], 0, 60), PEOPLE, YEARS)
    assert wide.verdict[0] == "no clear trend"
    assert wide.lower[0] < trend(STEEP, PEOPLE, YEARS).lower[0]


def test_a_hidden_year_without_bounds_is_protected():
    found = trend(hiding(STEEP, [9], np.nan, np.nan), PEOPLE, YEARS)
    assert (found.reason[0], found.verdict[0]) == ("protected", "cannot tell")


def test_asking_about_many_areas_makes_each_verdict_harder():
    rising = np.array([20.0, 26, 28, 35, 39])
    level = np.random.default_rng(3).poisson(30, (289, 5))
    alone = trend(rising[None], np.full((1, 5), 1e4), YEARS[:5])
    among = trend(np.vstack([rising, level]), np.full((290, 5), 1e4), YEARS[:5])
    assert among.verdict_p_adjusted[0] > alone.verdict_p_adjusted[0]


def test_adjusted_p_is_that_of_benjamini_and_hochberg():
    p = np.array([0.01, 0.04, 0.03, 0.5])
    assert adjusted_p(p, np.ones(4, dtype=bool)) == pytest.approx([0.04, 0.04 * 4 / 3, 0.04 * 4 / 3, 0.5])


def test_overdispersion_shared_by_many_areas_widens_each_interval():
    source = np.random.default_rng(4)
    calm = source.poisson(40, (50, 5)).astype(float)
    wild = source.negative_binomial(10, 0.2, (50, 5)).astype(float)
    people = np.full((50, 5), 1e4)
    calm_found, wild_found = (trend(counts, people, YEARS[:5]) for counts in (calm, wild))
    assert np.median(wild_found.dispersion_applied) > 2 * np.median(calm_found.dispersion_applied)


def test_a_bend_is_found_where_it_is():
    times = np.arange(2010.0, 2022.0)
    mean = 200 * np.exp(np.where(times < 2016, 0.0, 0.2 * (times - 2016)))
    (found,) = joinpoints(np.round(mean)[None], np.ones((1, 12)), times)
    assert found is not None
    assert found.at == 2016
    assert found.needed
    assert found.after == pytest.approx(22, abs=1.5)
    assert joinpoints(np.round(mean)[None, :6], np.ones((1, 6)), times[:6]) == [None]


def rows(**columns):
    return METHODS["trend"].answer(Tidy.of(**columns)).rows


def test_each_area_is_a_series_of_its_own_with_its_sentence():
    found = rows(
        area=["A"] * 10 + ["B"] * 2,
        period=[*range(2014, 2024), 2022, 2023],
        count=[*STEEP[0], 3, 4],
        population=[20000] * 12,
    )
    assert [row["verdict"] for row in found] == ["rising", "cannot tell"]
    assert "2014–2023" in found[0]["sentence"].en
    assert found[1]["sentence"].sv.startswith("Det finns för få mättillfällen")
    assert found[0]["negative_binomial"]["slope_percent"] == pytest.approx(
        found[0]["slope_percent"], rel=0.05
    )


@pytest.mark.parametrize("period", ["2020-03", "2020-Q2", "2020K2", "2020-03-15"])
def test_periods_may_be_months_quarters_and_days(period):
    table = Tidy.of(period=["2019", period], count=[1, 2], denominator=[9, 9])
    (row,) = METHODS["trend"].answer(table).rows
    assert row["to"] == period


def test_the_sentence_tells_of_a_sure_change_over_the_whole_series_when_the_last_years_are_unclear():
    risen = [10, 12, 15, 20, 25, 40, 41, 40, 42, 41]
    (row,) = rows(period=range(2014, 2024), count=risen, denominator=[5000] * 10)
    assert row["verdict"] == "no clear trend"
    assert "2014–2023 as a whole surely upwards: +" in row["sentence"].en
    (fallen,) = rows(period=range(2014, 2024), count=risen[::-1], denominator=[5000] * 10)
    assert "minskat" in fallen["sentence"].sv or "säkert nedåt" in fallen["sentence"].sv


def test_counts_alone_are_a_series_too():
    (row,) = rows(year=range(2014, 2024), value=STEEP[0])
    assert row["verdict"] == "rising"


def test_an_unreadable_period_is_refused():
    with pytest.raises(Refusal):
        rows(period=["last year"], count=[1], denominator=[9])
    with pytest.raises(BadUsage):
        METHODS["trend"].answer(Tidy.of(period=[2019], count=[1], denominator=[9]), break_at="then")


def test_two_rows_for_one_period_are_refused():
    with pytest.raises(Refusal) as refused:
        rows(period=[2019, 2019], count=[1, 2], denominator=[9, 9])
    assert refused.value.findings[0].place.row == 3
