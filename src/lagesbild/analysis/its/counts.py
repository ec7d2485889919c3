"""Quasi-Poisson regression of counts, with errors that do not believe neighbours to be independent."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy.special import ndtri, stdtr, stdtrit

from ..estimation.bounded_counts import BoundedCounts, bounded_poisson
from ..estimation.regression import LeastSquares, PoissonFit, least_squares, newey_west
from ..table.arrays import Floats
from .autocorrelation import Resemblance, resemblance
from .design import Design

LARGEST = 700.0


@dataclass(frozen=True)
class CountModel:
    """A fitted series of counts.

    `naive` is the covariance under independence, scaled by the dispersion; `robust` Newey and West's with
    the factor n / (n - p) that short series need; `resemblance` that of neighbours which resemble each other.
    """

    design: Design
    fit: PoissonFit
    offset: Floats
    lag: int

    @property
    def naive(self) -> Floats:
        covariance: Floats = self.fit.covariance * self.fit.dispersion
        return covariance

    @property
    def careful(self) -> Floats:
        """A dispersion below one is put down to chance: counts that vary less than Poisson are rare."""
        covariance: Floats = self.fit.covariance * max(self.fit.dispersion, 1.0)
        return covariance

    @property
    def robust(self) -> Floats:
        factor = len(self.fit.counts) / self.fit.freedom
        covariance: Floats = factor * newey_west(self.fit.scores, self.fit.covariance, self.lag)
        return covariance

    @cached_property
    def resemblance(self) -> Resemblance:
        return resemblance(self.fit)

    @property
    def covariances(self) -> tuple[Floats, Floats, Floats]:
        """Three answers to how sure the estimates are; short series make each too small now and then."""
        return self.careful, self.robust, self.resemblance.covariance

    def error(self, column: int) -> float:
        """The largest of the three standard errors."""
        return float(np.sqrt(max(covariance[column, column] for covariance in self.covariances)))

    def wald(self, column: int, level: float) -> tuple[float, float]:
        """Limits from the quasi-Poisson error and the normal distribution, as tutorials print them."""
        reach = float(ndtri((1 + level) / 2)) * float(np.sqrt(self.naive[column, column]))
        middle = self.fit.coefficients[column]
        return float(risen(middle - reach)), float(risen(middle + reach))

    def interval(self, column: int, level: float) -> tuple[float, float]:
        """Limits of the rate ratio, from the t distribution."""
        reach = float(stdtrit(self.fit.freedom, (1 + level) / 2)) * self.error(column)
        middle = self.fit.coefficients[column]
        return float(risen(middle - reach)), float(risen(middle + reach))

    def p(self, column: int) -> float:
        """Two-sided p-value of no change."""
        ratio = abs(self.fit.coefficients[column]) / self.error(column)
        return float(2 * stdtr(self.fit.freedom, -ratio))

    def expected_without(self, level: float) -> tuple[Floats, Floats, Floats]:
        """Expected counts had the measure not come, with a band for the line (not for single counts)."""
        middle = self.design.without @ self.fit.coefficients + self.offset
        larger = np.max([variances(self.design.without, one) for one in self.covariances], axis=0)
        reach = float(stdtrit(self.fit.freedom, (1 + level) / 2)) * np.sqrt(larger)
        return risen(middle), risen(middle - reach), risen(middle + reach)


def risen(logarithm: Any) -> Any:
    """The number of a logarithm; beyond what a number can hold, the largest power of e that it can."""
    return np.exp(np.minimum(logarithm, LARGEST))


def variances(rows: Floats, covariance: Floats) -> Floats:
    """x' V x for every row."""
    variance: Floats = np.einsum("ij,jk,ik->i", rows, covariance, rows)
    return np.maximum(variance, 0.0)


def count_model(design: Design, counts: BoundedCounts, exposure: Floats, lag: int) -> CountModel:
    """Fit counts (periods,) with log exposure as offset; raises `NotFitted`."""
    offset = np.log(exposure)
    return CountModel(design, bounded_poisson(design.matrix, counts, offset), offset, lag)


def log_model(design: Design, outcome: Floats) -> LeastSquares:
    """Ordinary least squares of the logarithm, beside which the count model can be checked."""
    return least_squares(design.matrix, np.log(outcome))


def usual_lag(periods: int, season: int) -> int:
    """One season when there is one, else Newey and West's (1994) rule 4 (n / 100)^(2/9)."""
    return season if season > 1 else max(1, int(4 * (periods / 100) ** (2 / 9)))
