"""`its`: when it declines, and what hidden cells, delays and breaks do."""

import numpy as np
import pytest

from lagesbild.analysis.answer.reason import Reason
from lagesbild.analysis.estimation.regression import NotFitted
from lagesbild.analysis.its.answer import ITS
from lagesbild.analysis.its.arima import Orders, arima
from lagesbild.analysis.table.tidy import Tidy
from lagesbild.core.refusal import BadUsage

COUNTS = [30.0, 34.0, 31.0, 36.0, 33.0, 35.0, 32.0, 34.0, 21.0, 24.0, 20.0, 23.0]


def series(counts=COUNTS, start=8, **more):
    periods = [str(2010 + i) for i in range(len(counts))]
    treated = [float(i >= start) for i in range(len(counts))]
    return Tidy.of(period=periods, count=counts, treated=treated, **more)


def hidden(place, low, high):
    counts = [str(count) for count in COUNTS]
    columns = {name: [""] * len(COUNTS) for name in ("status", "lower", "upper")}
    counts[place] = ""
    columns["status"][place], columns["lower"][place], columns["upper"][place] = "hidden", low, high
    return series(counts, **columns)


@pytest.mark.parametrize(
    ("table", "options", "reason"),
    [
        (series(start=3), {}, Reason.NO_POINTS_BEFORE),
        (series(start=11), {}, Reason.NO_POINTS_AFTER),
        (series(), {"at": "2040"}, Reason.NO_POINTS_AFTER),
        (series([0.0] * 11 + [3.0]), {}, Reason.TOO_FEW_EVENTS),
        (series(denominator=[0.0] * 12), {}, Reason.NO_DENOMINATOR),
        (series(**{"break": ["a"] * 5 + ["b"] * 7}), {}, Reason.SERIES_BREAK),
        (hidden(2, "", ""), {}, Reason.PROTECTED),
        (series([*map(str, COUNTS[:-1]), ""]), {}, Reason.MISSING),
        (series(cost=[-1.0] * 12), {"covariates": ("log(cost)",)}, Reason.IMPOSSIBLE),
        (series(same=[1.0] * 12), {"covariates": ("same",)}, Reason.NO_FINITE_ESTIMATE),
    ],
)
def test_series_that_cannot_tell_are_declined(table, options, reason):
    assert ITS.answer(table, **options).declined is reason


def test_a_fall_is_found_where_it_was_put():
    answer = ITS.answer(series(), change="level")
    first = answer.rows[0]
    assert first["lower"] < 22 / 33 < first["upper"]
    assert first["upper"] < 1
    assert "fell" in answer.summary["sentence"].en
    course = [row for row in answer.rows if row["model"] == "course"]
    assert [row["observed"] for row in course] == COUNTS
    assert all(row["without_lower"] < row["without"] < row["without_upper"] for row in course)


def test_the_start_can_be_given_and_may_be_delayed():
    given = ITS.answer(series(), at="2018", change="level").rows[0]
    assert given == ITS.answer(series(), change="level").rows[0]
    late = ITS.answer(series(), at="2016", delay=2, change="level").rows[0]
    assert late == given


def test_a_bend_is_counted_from_the_start():
    counts = [20.0] * 8 + [20 * 0.8**k for k in range(1, 7)]
    rows = ITS.answer(series(counts), change="slope").rows
    assert rows[0]["term"] == "slope"
    assert rows[0]["upper"] < 1


def test_seasons_come_from_a_column_or_a_length():
    quarter = [str(i % 4) for i in range(24)]
    counts = [20.0 + 5 * (i % 4) + (i * 7 % 3) - 6 * (i >= 16) for i in range(24)]
    by_name = ITS.answer(series(counts, 16, quarter=quarter), season="quarter", change="level").rows[0]
    assert by_name == ITS.answer(series(counts, 16), season="4", change="level").rows[0]
    with pytest.raises(BadUsage):
        ITS.answer(series(counts, 16), season="nothing")


def test_hiding_widens_the_interval_and_keeps_the_truth_inside():
    exact, veiled = (ITS.answer(table, change="level").rows[0] for table in (series(), hidden(9, "1", "40")))
    assert veiled["upper"] / veiled["lower"] > exact["upper"] / exact["lower"]
    assert veiled["interval_includes"] == "hidden counts"


def test_counts_steadier_than_chance_do_not_narrow_the_interval():
    counts = [30.0] * 8 + [20.0] * 4
    first = ITS.answer(series(counts), change="level").rows[0]
    assert first["dispersion"] < 0.1
    assert np.log(first["upper"] / first["lower"]) > 2 * 2 * np.sqrt(1 / 240 + 1 / 80)


def test_too_short_for_arima_is_left_out():
    with pytest.raises(NotFitted):
        arima(np.arange(6.0), np.ones((6, 1)), ("intercept",), Orders(ar=3))
