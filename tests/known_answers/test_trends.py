"""Trends against textbooks, and against statsmodels and scipy as other implementations."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from lagesbild.analysis.catalogue import METHODS
from lagesbild.analysis.estimation.loglinear import log_linear, negative_binomial
from lagesbild.analysis.table.tidy import Tidy
from lagesbild.analysis.trend.mann_kendall import mann_kendall
from lagesbild.analysis.trend.verdict import trend

SMOKERS = Tidy.of(period=[1, 2, 3, 4], numerator=[83, 90, 129, 70], denominator=[86, 93, 136, 82])


def test_chi_square_for_trend_of_the_smokers():
    """Fleiss (1981), p. 139; R ?prop.trend.test prints X-squared = 8.2249, p = 0.004132, and 12.6004."""
    (row,) = METHODS["trend"].answer(SMOKERS).rows
    assert row["chisq_trend"]["x2"] == pytest.approx(8.22492228519771, abs=1e-5)
    assert row["chisq_trend"]["p"] == pytest.approx(0.00413189747764149, rel=1e-5)
    assert row["heterogeneity"]["x2"] == pytest.approx(12.6004112971276, abs=1e-5)
    assert row["heterogeneity"]["p"] == pytest.approx(0.00558547666162702, rel=1e-5)
    assert row["verdict"] == "cannot tell"
    assert row["reason"] == "too_few_points"


COUNTS = np.array([12.0, 9, 15, 22, 18, 30, 27, 41, 33, 52])
PEOPLE = np.array([9.0, 9.1, 9.3, 9.2, 9.5, 9.6, 9.9, 10, 10.1, 10.4]) * 1000
TIMES = np.arange(2014.0, 2024.0)
DESIGN = np.column_stack([np.ones(10), TIMES - TIMES.mean()])


def test_poisson_slope_is_that_of_statsmodels():
    other = sm.GLM(COUNTS, DESIGN, sm.families.Poisson(), offset=np.log(PEOPLE)).fit()
    ours = log_linear(COUNTS, DESIGN, np.log(PEOPLE))
    assert ours.coefficients == pytest.approx(other.params, rel=1e-8)
    assert ours.se == pytest.approx(other.bse, rel=1e-6)
    assert float(ours.pearson) == pytest.approx(other.pearson_chi2, rel=1e-8)
    found = trend(COUNTS[None], PEOPLE[None], TIMES)
    assert found.slope[0] == pytest.approx(100 * np.expm1(other.params[1]), rel=1e-8)


def test_negative_binomial_has_the_likelihood_of_statsmodels():
    counts = np.array([2.0, 9, 4, 22, 8, 39, 17, 61, 23, 52])
    fit, theta, log_likelihood = negative_binomial(counts, DESIGN, np.log(PEOPLE))
    model = sm.NegativeBinomial(counts, DESIGN, offset=np.log(PEOPLE))
    other = model.fit(disp=0, start_params=[*fit.coefficients, 1 / theta], maxiter=200)
    assert log_likelihood == pytest.approx(other.llf, abs=1e-6)
    assert fit.coefficients == pytest.approx(other.params[:2], abs=1e-4)
    assert 1 / theta == pytest.approx(other.params[2], rel=1e-3)


def test_counts_that_vary_less_than_poisson_have_infinite_theta():
    assert negative_binomial(np.array([10.0, 11, 10, 9, 10]), np.ones((5, 1)), np.zeros(5))[1] == np.inf


def test_mann_kendall_and_sen_are_those_of_scipy():
    values = COUNTS / PEOPLE
    ours = mann_kendall(values, TIMES)
    tau = stats.kendalltau(TIMES, values)
    sen = stats.theilslopes(values, TIMES, 0.95)
    assert ours.tau == pytest.approx(tau.statistic)
    assert ours.sen_slope == pytest.approx(sen.slope)
    assert ours.sen_lower <= ours.sen_slope <= ours.sen_upper


def test_mann_kendall_variance_with_ties():
    """Kendall (1975): n = 10 gives 125 without ties; a pair and a triple take 18 and 66 eighteenths off."""
    untied = mann_kendall(np.arange(10.0), TIMES)
    tied = mann_kendall(np.array([1.0, 1, 2, 3, 4, 5, 5, 5, 6, 7]), TIMES)
    assert untied.variance == pytest.approx(125)
    assert untied.s == 45
    assert tied.variance == pytest.approx(125 - (18 + 66) / 18)


def published_and_careful(counts):
    """What the published rule says by itself, and our verdict, of five years with 50,000 people each."""
    table = Tidy.of(period=range(2020, 2025), count=counts, denominator=[50000.0] * 5)
    (row,) = METHODS["trend"].answer(table).rows
    return row["fingertips_verdict"], row["verdict"]


def test_a_steady_rise_is_rising_by_the_published_rule_and_by_ours():
    assert published_and_careful([100, 121, 138, 163, 181]) == ("rising", "rising")


def test_a_rise_that_rests_on_one_year_is_no_clear_trend():
    """The sign rule of Fingertips: without the last year the others fall."""
    assert published_and_careful([100, 99, 98, 97, 180]) == ("no clear trend", "no clear trend")


def test_a_single_dip_makes_the_careful_verdict_differ_from_the_published_rule():
    """The points lie far more unevenly around a line than chance puts them, so no line is sure."""
    assert published_and_careful([1416, 935, 1344, 1415, 1602]) == ("rising", "no clear trend")
