"""Poisson regression and least squares, with the errors that dependent observations need."""

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln, xlogy

from ..table.arrays import Floats

STEPS = 100
SETTLED = 1e-10
LARGEST_PREDICTOR = 60.0


class NotFitted(Exception):
    """No finite or unique estimate exists for these data and this design."""


@dataclass(frozen=True)
class PoissonFit:
    """A fitted log-linear Poisson model; `covariance` assumes that the variance equals the mean."""

    design: Floats
    counts: Floats
    coefficients: Floats
    covariance: Floats
    fitted: Floats

    @property
    def deviance(self) -> float:
        return float(2 * (xlogy(self.counts, self.counts / self.fitted) - (self.counts - self.fitted)).sum())

    @property
    def log_likelihood(self) -> float:
        """With the factorials, so that AIC agrees between programs; for counts that need not be whole."""
        terms = xlogy(self.counts, self.fitted) - self.fitted - gammaln(self.counts + 1)
        return float(terms.sum())

    @property
    def aic(self) -> float:
        return -2 * self.log_likelihood + 2 * len(self.coefficients)

    @property
    def freedom(self) -> int:
        return len(self.counts) - len(self.coefficients)

    @property
    def dispersion(self) -> float:
        """Pearson chi-square over its degrees of freedom (McCullagh and Nelder 1989, section 4.5)."""
        return float(((self.counts - self.fitted) ** 2 / self.fitted).sum() / self.freedom)

    @property
    def scores(self) -> Floats:
        """(observations, parameters): each observation's part of the score."""
        scores: Floats = self.design * (self.counts - self.fitted)[:, None]
        return scores


def poisson(design: Floats, counts: Floats, offset: Floats | float = 0.0) -> PoissonFit:
    """Maximum likelihood for counts (n,) on a design (n, p) with log link; raises `NotFitted`."""
    if np.linalg.matrix_rank(design) < design.shape[1]:
        raise NotFitted
    start = np.log(counts + 0.5) - offset
    coefficients = weighted(design, counts + 0.5, start)
    for _ in range(STEPS):
        fitted = np.exp(np.clip(design @ coefficients + offset, -LARGEST_PREDICTOR, LARGEST_PREDICTOR))
        move = weighted(design, fitted, (counts - fitted) / fitted)
        longest = np.abs(move).max()
        if longest < SETTLED:
            return PoissonFit(design, counts, coefficients, inverse(design, fitted), fitted)
        coefficients = coefficients + move * min(1.0, 3.0 / longest)
    raise NotFitted


def weighted(design: Floats, weight: Floats, response: Floats) -> Floats:
    """Weighted least-squares coefficients, by QR so that near-collinear designs keep their digits."""
    root = np.sqrt(weight)
    answer: Floats = np.linalg.lstsq(design * root[:, None], response * root, rcond=None)[0]
    return answer


def inverse(design: Floats, weight: Floats) -> Floats:
    """(X'WX)^-1, by QR."""
    triangle = np.linalg.qr(design * np.sqrt(weight)[:, None], mode="r")
    if np.abs(np.diag(triangle)).min() < 1e-9 * np.abs(np.diag(triangle)).max():
        raise NotFitted
    half = np.linalg.inv(triangle)
    return half @ half.T


@dataclass(frozen=True)
class LeastSquares:
    """An ordinary least-squares fit."""

    design: Floats
    coefficients: Floats
    residuals: Floats
    bread: Floats

    @property
    def freedom(self) -> int:
        return len(self.residuals) - len(self.coefficients)

    @property
    def covariance(self) -> Floats:
        return self.bread * float(self.residuals @ self.residuals) / self.freedom

    @property
    def scores(self) -> Floats:
        scores: Floats = self.design * self.residuals[:, None]
        return scores

    @property
    def durbin_watson(self) -> float:
        """Near 2 without autocorrelation, below it when neighbours resemble each other."""
        return float((np.diff(self.residuals) ** 2).sum() / (self.residuals**2).sum())


def least_squares(design: Floats, response: Floats) -> LeastSquares:
    """Ordinary least squares of (n,) on (n, p); raises `NotFitted` when the design has not full rank."""
    if np.linalg.matrix_rank(design) < design.shape[1]:
        raise NotFitted
    ones = np.ones(len(response))
    coefficients = weighted(design, ones, response)
    return LeastSquares(design, coefficients, response - design @ coefficients, inverse(design, ones))


def newey_west(scores: Floats, bread: Floats, lag: int) -> Floats:
    """Covariance that holds under autocorrelation up to `lag` (Newey and West 1987, Econometrica 55:703).

    Bartlett weights 1 - l / (lag + 1), no small-sample factor; `bread` is (X'X)^-1 or (X'WX)^-1.
    """
    meat = scores.T @ scores
    for step in range(1, lag + 1):
        cross = scores[step:].T @ scores[:-step]
        meat += (1 - step / (lag + 1)) * (cross + cross.T)
    return bread @ meat @ bread
