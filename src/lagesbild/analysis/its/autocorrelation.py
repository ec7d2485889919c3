"""The error of a short series whose neighbouring periods resemble each other.

Residuals of a fitted line are less alike than the errors were: the line has bent towards them. So the
autocorrelation is the one under which residuals would on average be as alike as those seen, and likewise the
dispersion; the estimates' covariance is the sandwich with an AR(1) of that kind in the middle. Newey and
West's estimator, built on the residuals as they are, is too small for the same reason.
"""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import matmul_toeplitz
from scipy.optimize import brentq

from ..estimation.regression import PoissonFit
from ..table.arrays import Floats

MOST_ALIKE = 0.95


@dataclass(frozen=True)
class Resemblance:
    """Errors with `correlation` between neighbours, and their variance over the mean, `dispersion`."""

    correlation: float
    dispersion: float
    covariance: Floats


def resemblance(fit: PoissonFit) -> Resemblance:
    """The autocorrelation of a fitted series in time order, and the covariance that it gives."""
    root = np.sqrt(fit.fitted)
    residual, weighted = (fit.counts - fit.fitted) / root, fit.design * root[:, None]
    basis = np.linalg.qr(weighted)[0]
    size = float(residual @ residual)
    alike = float(residual[1:] @ residual[:-1]) / max(size, 1e-300)
    correlation = matched(alike, basis)
    dispersion = max(size / expected_size(correlation, basis)[0], 1.0)
    middle = weighted.T @ neighbours(correlation, weighted) * dispersion
    return Resemblance(correlation, dispersion, fit.covariance @ middle @ fit.covariance)


def matched(alike: float, basis: Floats) -> float:
    """The correlation, not below zero, whose residuals are expected to be as alike as those seen."""

    def excess(correlation: float) -> float:
        size, product = expected_size(correlation, basis)
        return product / size - alike

    if excess(0.0) >= 0:
        return 0.0
    return MOST_ALIKE if excess(MOST_ALIKE) <= 0 else float(brentq(excess, 0.0, MOST_ALIKE, xtol=1e-4))


def expected_size(correlation: float, basis: Floats) -> tuple[float, float]:
    """Expected sums of squared residuals and of products of neighbours, for errors of variance one.

    With the orthonormal `basis` Q of the design and AR(1) correlations R these are the traces of (I - QQ')
    R (I - QQ') on its diagonal and beside it.
    """
    spread = neighbours(correlation, basis)
    inner = basis.T @ spread
    size = len(basis) - float(np.trace(inner))
    beside = basis @ inner - spread
    product = (len(basis) - 1) * correlation
    product += float((basis[1:] * beside[:-1]).sum() - (spread[1:] * basis[:-1]).sum())
    return size, product


def neighbours(correlation: float, columns: Floats) -> Floats:
    """R times the columns (periods, k), where R holds correlation^|s - t|."""
    if correlation == 0:
        return columns
    product: Floats = matmul_toeplitz(correlation ** np.arange(len(columns)), columns)
    return product
