"""Time-series estimates as printed in R's own documentation, and a difference-in-differences everybody
knows.

The figures of R's documentation were written down from memory and have not been read off their source since.
"""

import numpy as np
import pytest

from lagesbild.analysis.its.arima import Orders, arima

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
    """R, example(arima): arima(lh, order = c(1,0,0)) and c(3,0,0) (Diggle 1990, table A.1)."""
    values = series(LH)
    fit = arima(values, np.ones((48, 1)), ("intercept",), Orders(ar=order))
    assert fit.coefficients == pytest.approx(published, abs=6e-4)
    assert fit.log_likelihood == pytest.approx(likelihood, abs=0.006)


def test_accidental_deaths():
    """R, example(arima): arima(USAccDeaths, c(0,1,1), seasonal = list(order = c(0,1,1)))."""
    orders = Orders(0, 1, 1, 0, 1, 1, 12)
    fit = arima(series(DEATHS), np.ones((72, 1)), ("intercept",), orders)
    assert fit.coefficients == pytest.approx({"ma1": -0.4303, "sma1": -0.5528}, abs=1e-3)
    assert fit.errors == pytest.approx({"ma1": 0.1228, "sma1": 0.1784}, rel=0.02)
    assert fit.log_likelihood == pytest.approx(-425.44, abs=0.01)
    assert fit.variance == pytest.approx(99347, rel=0.002)
