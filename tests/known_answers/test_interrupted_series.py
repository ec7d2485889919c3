"""Series whose estimates are printed elsewhere: R 4.2.2's own examples, and the tutorial that all cite."""

import numpy as np
import pytest

from lagesbild.analysis.its.answer import ITS
from lagesbild.analysis.its.arima import Orders, arima
from lagesbild.analysis.table.tidy import Tidy

LH = (
    "2.4 2.4 2.4 2.2 2.1 1.5 2.3 2.3 2.5 2.0 1.9 1.7 2.2 1.8 3.2 3.2 2.7 2.2 2.2 1.9 1.9 1.8 2.7 3.0 2.3 "
    "2.0 2.0 2.9 2.9 2.7 2.7 2.3 2.6 2.4 1.8 1.7 1.5 1.4 2.1 3.3 3.5 3.5 3.1 2.6 2.1 3.4 3.0 2.9 "
)
DEATHS = (
    "9007 8106 8928 9137 10017 10826 11317 10744 9713 9938 9161 8927 7750 6981 8038 8422 8714 9512 10120 "
    "9823 8743 9129 8710 8680 8162 7306 8124 7870 9387 9556 10093 9620 8285 8466 8160 8034 7717 7461 7767 "
    "7925 8623 8945 10078 9179 8037 8488 7874 8647 7792 6957 7726 8106 8890 9299 10625 9302 8314 8850 "
    "8265 8796 7836 6892 7791 8192 9115 9434 10484 9827 9110 9070 8633 9240 "
)

EPISODES = (
    "728 659 791 734 757 726 760 740 720 814 795 858 887 766 851 769 781 756 766 752 765 831 879 928 914 "
    "808 937 840 916 828 845 818 860 839 887 886 831 796 833 820 877 758 767 738 781 843 850 908 1021 859 "
    "976 888 962 838 810 876 843 936 912 "
)
STANDARD_POPULATION = (
    "379875.3 376495.5 377040.8 377116.4 377383.4 374113.1 379513.3 376295.5 374653.2 378485.6 375955.5 "
    "378349.7 376762.4 379032.3 379360.4 376162 377972.4 381830.7 379888.6 380872.2 380966.9 381240.4 "
    "382104.9 381802.7 381656.3 383680 383504.2 386462.9 383783.1 380836.8 383483 380906.2 382926.8 "
    "384052.4 384449.6 383428.4 388153.2 388373.2 386470.1 386033.2 383686.4 385509.3 385901.9 386516.6 "
    "388436.5 383255.2 390148.7 385874.9 391613.6 391750.4 394005.6 391364.9 391664.6 389022.3 391878.5 "
    "388575.3 392989 390018.8 390712.3 "
)


def series(text):
    return np.array([float(value) for value in text.split()])


@pytest.mark.parametrize(
    ("order", "published", "likelihood"),
    [
        (1, {"ar1": 0.5739, "intercept": 2.4133}, -29.38),
        (3, {"ar1": 0.6448, "ar2": -0.0634, "ar3": -0.2198, "intercept": 2.3931}, -27.09),
    ],
)
def test_hormone_levels(order, published, likelihood):
    """R 4.2.2, example(arima): arima(lh, order = c(1,0,0)) and c(3,0,0) (Diggle 1990, table A.1)."""
    values = series(LH)
    fit = arima(values, np.ones((48, 1)), ("intercept",), Orders(ar=order))
    assert fit.coefficients == pytest.approx(published, abs=6e-4)
    assert fit.log_likelihood == pytest.approx(likelihood, abs=0.006)


def test_accidental_deaths():
    """R 4.2.2, example(arima): arima(USAccDeaths, c(0,1,1), seasonal = list(order = c(0,1,1)))."""
    orders = Orders(0, 1, 1, 0, 1, 1, 12)
    fit = arima(series(DEATHS), np.ones((72, 1)), ("intercept",), orders)
    assert fit.coefficients == pytest.approx({"ma1": -0.4303, "sma1": -0.5528}, abs=1e-3)
    assert fit.errors == pytest.approx({"ma1": 0.1228, "sma1": 0.1784}, rel=0.02)
    assert fit.log_likelihood == pytest.approx(-425.44, abs=0.01)
    assert fit.variance == pytest.approx(99347, rel=0.002)


def sicily(**options):
    """Acute coronary episodes 2002-2006 per standardised population; smoking was banned in January 2005."""
    table = Tidy.of(
        time=np.arange(1, 60),
        month=np.tile(np.arange(1, 13), 5)[:59],
        count=series(EPISODES),
        population=series(STANDARD_POPULATION),
        after=(np.arange(59) >= 36).astype(int),
    )
    rows = ITS.answer(table, **options).rows
    return {row["term"]: row for row in rows if row["model"] == "quasipoisson"}


@pytest.mark.parametrize(
    ("options", "ratio", "lower", "upper", "coefficient", "error", "dispersion"),
    [
        ({}, 0.8943765, 0.8391890, 0.9531933, -0.1116284, 0.03249595, 3.559195),
        (
            {"season": "month", "harmonics": 2},
            0.8850715,
            0.8394010,
            0.9332270,
            -0.1220868,
            0.02703111,
            2.262186,
        ),
        ({"season": "month"}, 0.8824902, 0.8464838, 0.9200282, -0.1250076, 0.02125379, 1.365659),
    ],
)
def test_the_sicilian_smoking_ban(options, ratio, lower, upper, coefficient, error, dispersion):
    """Bernal, Cummins and Gasparrini (2017, Int J Epidemiol 46:348), data and code with the paper, run in R
    4.2.2: the plain model, the one with harmonic(month, 2, 12), which the paper reports as 0.885 (0.839 to
    0.933), and one with a level for each month."""
    level = sicily(change="level", **options)["level"]
    assert (level["rate_ratio"], level["wald_lower"], level["wald_upper"]) == pytest.approx(
        (ratio, lower, upper), abs=5e-7
    )
    assert (level["coefficient"], level["se"]) == pytest.approx((coefficient, error), rel=1e-5)
    assert level["dispersion"] == pytest.approx(dispersion, rel=1e-5)
    assert level["lower"] < lower
    assert level["upper"] > upper


def test_the_sicilian_slope():
    """The same code's last model, `smokban*time`: no bend beside the jump."""
    slope = sicily(change="both", season="month", harmonics=2)["slope"]
    assert (slope["coefficient"], slope["se"]) == pytest.approx((0.001482228, 0.001854632), rel=1e-5)
