"""Trends against textbooks, and against statsmodels and scipy as other implementations."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from lagesbild.analysis.catalogue import METHODS
from lagesbild.analysis.estimation.loglinear import log_linear, negative_binomial
from lagesbild.analysis.table.tidy import Tidy
from lagesbild.analysis.trend.joinpoint import joinpoints
from lagesbild.analysis.trend.mann_kendall import mann_kendall
from lagesbild.analysis.trend.verdict import trend

SMOKERS = Tidy.of(period=[1, 2, 3, 4], numerator=[83, 90, 129, 70], denominator=[86, 93, 136, 82])


def test_chi_square_for_trend_of_the_smokers():
    """Fleiss (1981), p. 139; the example of ?prop.trend.test, run with R 4.2.2 (and prop.test)."""
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
    (ours,) = mann_kendall(values[None], TIMES)
    tau = stats.kendalltau(TIMES, values)
    sen = stats.theilslopes(values, TIMES, 0.95)
    assert ours.tau == pytest.approx(tau.statistic)
    assert ours.sen_slope == pytest.approx(sen.slope)
    assert ours.sen_lower <= ours.sen_slope <= ours.sen_upper


def test_mann_kendall_variance_with_ties():
    """Kendall (1975): n = 10 gives 125 without ties; a pair and a triple take 18 and 66 eighteenths off."""
    values = np.array([np.arange(10.0), [1.0, 1, 2, 3, 4, 5, 5, 5, 6, 7]])
    untied, tied = mann_kendall(values, TIMES)
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


# The Nile at Aswan 1871-1970, in R's datasets; the other two in trend 1.1.6 (data/maxau.rdata, suspended
# sediment of the Main 1965-2009; data/PagesData.rda, Page 1955 after Pettitt 1979). S, its variance, z, p and
# Sen's slope by that package's mk.test and sens.slope; the exact p by R's own cor.test.
NILE = """
1120 1160 963 1210 1160 1160 813 1230 1370 1140 995 935 1110 994 1020 960 1180 799 958 1140 1100
1210 1150 1250 1260 1220 1030 1100 774 840 874 694 940 833 701 916 692 1020 1050 969 831 726 456 824
702 1120 1100 832 764 821 768 845 864 862 698 845 744 796 1040 759 781 865 845 944 984 897 822 1010
771 676 649 846 812 742 801 1040 860 874 848 890 744 749 838 1050 918 986 797 923 975 815 1020 906
901 1170 912 746 919 718 714 740
"""
PAGE = """
-1.05 0.96 1.22 0.58 -0.98 -0.03 -1.54 -0.71 -0.35 0.66 0.44 0.91 -0.02 -1.42 1.26 -1.02 -0.81 1.66
1.05 0.97 2.14 1.22 -0.24 1.6 0.72 -0.12 0.44 0.03 0.66 0.56 1.37 1.66 0.1 0.8 1.29 0.49 -0.07 1.18
3.29 1.84
"""
MAIN = """
37.38356 31.28219 26.41918 28.82787 32.88219 37.57260 27.34247 29.85792 35.49315 28.90411 25.69315
16.96995 28.90137 20.25205 19.26849 19.19126 24.33699 28.81096 17.69589 19.63661 20.95616 29.10411
27.34521 27.60383 20.98904 26.96986 27.44384 32.79235 27.56164 30.72877 33.14521 25.77869 25.28767
24.40822 28.38356 17.97268 16.09589 17.26849 11.89041 13.77049 21.46897 23.09863 16.44413 15.77322
13.87363
"""
MANN_KENDALL = [
    (NILE, -1387, 112728.333333, 3.65826292166e-05, None, -0.280741334725, -2.6),
    (PAGE, 232, 7362.66666667, 0.00709993991988, None, 0.298201499468, 0.0385714285714),
    (MAIN, -394, 10450, 0.000120822295003, 7.99552995172e-05, -0.39797979798, -0.28761388),
]


@pytest.mark.parametrize(("series", "s", "variance", "p", "exact", "tau", "slope"), MANN_KENDALL)
def test_mann_kendall_of_measured_values(series, s, variance, p, exact, tau, slope):
    """Page's series has values below zero: no rate, but the order of its points is a test all the same."""
    values = series.split()
    table = Tidy.of(year=range(1871, 1871 + len(values)), value=values)
    (row,) = METHODS["trend"].answer(table).rows
    found = row["mann_kendall"]
    assert row["reason"] == ("impossible" if series is PAGE else "")
    assert (found["s"], found["variance"]) == (s, pytest.approx(variance))
    assert (found["p"], found["tau"]) == (pytest.approx(p), pytest.approx(tau))
    assert found["sen_slope"] == pytest.approx(slope, rel=1e-6)
    assert found["p_exact"] == pytest.approx(exact, rel=1e-9) if exact else np.isnan(found["p_exact"])


AGES = [17, *np.arange(18.5, 46), 47]
BIRTHS = """13555 13675 18752 22005 23896 24667 24807 23986 22860 21450 19202 17450 15685 13954 11987 10983
9825 8483 7448 6628 5780 4834 3961 2952 2276 1589 1018 596 327 249"""
DOWN = "16 15 16 22 16 12 17 22 15 14 27 14 9 12 12 18 13 11 23 13 17 15 30 31 33 20 16 22 11 7"


def test_where_the_risk_of_down_syndrome_bends_with_age():
    """The example of Muggeo's segmented (R News 8/1, 2008; 1.6-2 run with R 4.2.2): 31.08 years, se 0.72.

    Slopes by its Poisson model: -1.331 per cent before and 29.502 after. Ours joins on an observed age.
    """
    count, births = (np.array(text.split(), dtype=float) for text in (DOWN, BIRTHS))
    (found,) = joinpoints(count[None], births[None], np.array(AGES))
    assert found.needed
    assert found.at == pytest.approx(31.081, abs=0.5)
    assert found.before == pytest.approx(-1.331, abs=0.8)
    assert found.after == pytest.approx(29.502, abs=0.8)


def test_where_cancer_deaths_in_kentucky_bend():
    """The example of ljr1 in R's ljr 1.4-0 (kcm, deaths from neoplasms 1999-2005): it bends at 2001.273.

    On the logit scale 0.01737196 a year before and 0.02418284 less after. Ours joins on an observed time, as
    the National Cancer Institute's program does, so a little later and with flatter slopes.
    """
    deaths = np.array([9196.0, 9412, 9595, 9624, 9558, 9373, 9699])
    people = np.array([4018053.0, 4041769, 4067643, 4088977, 4114489, 4140427, 4172608])
    (found,) = joinpoints(deaths[None], people[None], np.arange(1999.5, 2006))
    assert found.at == pytest.approx(2001.273, abs=0.5)
    assert found.before == pytest.approx(100 * np.expm1(0.01737196), abs=0.35)
    assert found.after == pytest.approx(100 * np.expm1(0.01737196 - 0.02418284), abs=0.35)
