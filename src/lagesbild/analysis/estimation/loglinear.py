"""Log-linear models of counts, many at a time: estimating equations by iterated weighted least squares."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import digamma, gammaln, polygamma

from ..table.tidy import Numbers

ROUNDS = 50


@dataclass(frozen=True)
class Fit:
    """One model for each leading index. Missing observations (NaN counts) weigh nothing.

    `covariance` is that of the assumed variance, before any dispersion; `pearson` is the Pearson sum.
    """

    coefficients: Numbers
    covariance: Numbers
    mean: Numbers
    pearson: Numbers
    residual_df: Numbers
    finite: Any

    @property
    def dispersion(self) -> Numbers:
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(self.residual_df > 0, self.pearson / self.residual_df, np.nan)

    @property
    def se(self) -> Numbers:
        return np.sqrt(np.diagonal(self.covariance, axis1=-2, axis2=-1))


@np.errstate(divide="ignore", invalid="ignore")
def log_linear(count: Numbers, design: Numbers, offset: Numbers, alpha: Any = 0.0, size: Any = np.inf) -> Fit:
    """Fit log mean = offset + design @ coefficients; count (..., n), design (n, p) or (..., n, p).

    The variance is mean + alpha mean^2 (negative binomial; alpha 0 is Poisson), or, where `size` is finite,
    mean (1 - mean / size): a share, fitted by the Poisson equations with the binomial variance in between
    (Zou 2004), which exists also where a log-binomial likelihood has no maximum inside.
    """
    seen = ~np.isnan(count) & np.isfinite(offset)
    y, offset = np.where(seen, count, 0.0), np.where(seen, offset, 0.0)
    x = np.where(seen[..., None], design, 0.0)
    alpha = np.broadcast_to(np.asarray(alpha, dtype=float), count.shape[:-1])[..., None]
    beta = _start(y, seen, offset, x)
    for _ in range(ROUNDS):
        mean = _mean(x, beta, offset, seen)
        score = np.einsum("...np,...n->...p", x, (y - mean) / (1 + alpha * mean))
        step = _solved(_information(x, mean / (1 + alpha * mean)), score)
        # Small steps cannot run away from a far start; three doublings a round are plenty.
        beta = beta + np.clip(step, -3, 3)
        if np.abs(step).max(initial=0.0) < 1e-10:
            break
    mean = _mean(x, beta, offset, seen)
    return _fit(y, x, beta, mean, seen, alpha, size)


def _fit(y: Numbers, x: Numbers, beta: Numbers, mean: Numbers, seen: Any, alpha: Numbers, size: Any) -> Fit:
    inverse = _inverse(_information(x, mean / (1 + alpha * mean)))
    share = np.clip(mean / size, 0.0, 1 - 1e-9)
    variance = np.where(seen, mean * (1 + alpha * mean) * (1 - share), 1.0)
    meat = _information(x, np.where(seen, mean * (1 - share) / (1 + alpha * mean), 0.0))
    pearson = np.where(seen, (y - mean) ** 2 / np.maximum(variance, 1e-300), 0.0).sum(-1)
    df = seen.sum(-1) - x.shape[-1]
    # A slope that runs off to where nothing happened at one end has no finite estimate.
    spread = np.abs(np.einsum("...np,...p->...n", x, beta)).max(-1)
    finite = np.isfinite(beta).all(-1) & (y.sum(-1) > 0) & (spread < 25) & (df >= 0)
    return Fit(beta, inverse @ meat @ inverse, mean, pearson, df.astype(float), finite)


def negative_binomial(count: Numbers, design: Numbers, offset: Numbers) -> tuple[Fit, float, float]:
    """Maximum likelihood of one series with NB2 variance: the fit, theta = 1 / alpha, and the log likelihood.

    Alternates coefficients and theta as MASS::glm.nb does; theta is infinite where the counts vary no more
    than Poisson counts do.
    """
    fit = log_linear(count, design, offset)
    theta = np.inf
    for _ in range(ROUNDS):
        before = theta
        theta = _theta(count, fit.mean)
        fit = log_linear(count, design, offset, 1 / theta)
        if theta == before or abs(theta - before) < 1e-8 * theta:
            break
    return fit, theta, nb_log_likelihood(count, fit.mean, theta)


def nb_log_likelihood(count: Numbers, mean: Numbers, theta: float) -> float:
    if np.isinf(theta):
        return float(np.sum(count * np.log(mean) - mean - gammaln(count + 1)))
    return float(
        np.sum(
            gammaln(count + theta)
            - gammaln(theta)
            - gammaln(count + 1)
            + theta * np.log(theta / (theta + mean))
            + count * np.log(mean / (theta + mean))
        )
    )


def _theta(count: Numbers, mean: Numbers) -> float:
    """Newton on the profile score of theta (Venables and Ripley 2002, section 7.4), from a moment start."""
    excess = ((count / mean - 1) ** 2 - 1 / mean).mean()
    if excess <= 0:
        return float("inf")
    theta = 1 / float(excess)
    for _ in range(ROUNDS):
        both = theta + mean
        score = np.sum(
            digamma(count + theta)
            - digamma(theta)
            + np.log(theta)
            + 1
            - np.log(both)
            - (count + theta) / both
        )
        curve = np.sum(
            polygamma(1, theta)
            - polygamma(1, count + theta)
            - 1 / theta
            + 2 / both
            - (count + theta) / both**2
        )
        step = float(score / curve)
        theta = max(theta + step, theta / 4)
        if theta > 1e7:
            return float("inf")
        if abs(step) < 1e-10 * theta:
            break
    return theta


def _start(y: Numbers, seen: Any, offset: Numbers, x: Numbers) -> Numbers:
    """Weighted least squares on log(y + 1/2), as good a start as any for counts."""
    target = np.where(seen, np.log(y + 0.5) - offset, 0.0)
    weight = np.where(seen, y + 0.5, 0.0)
    return _solved(_information(x, weight), np.einsum("...np,...n->...p", x, weight * target))


def _mean(x: Numbers, beta: Numbers, offset: Numbers, seen: Any) -> Numbers:
    linear = np.clip(offset + np.einsum("...np,...p->...n", x, beta), -700, 300)
    return np.where(seen, np.exp(linear), 0.0)


def _information(x: Numbers, weight: Numbers) -> Numbers:
    return np.asarray(np.einsum("...np,...n,...nq->...pq", x, weight, x))


def _solved(matrix: Numbers, vector: Numbers) -> Numbers:
    return np.asarray((_inverse(matrix) @ vector[..., None])[..., 0])


def _inverse(matrix: Numbers) -> Numbers:
    """Inverse after scaling to a unit diagonal; the ridge keeps an empty series from stopping the others."""
    scale = 1 / np.sqrt(np.maximum(np.diagonal(matrix, axis1=-2, axis2=-1), 1e-300))
    scale = np.minimum(scale, 1e100)
    scaled = matrix * scale[..., :, None] * scale[..., None, :]
    eye = np.eye(matrix.shape[-1])
    return np.asarray(np.linalg.inv(scaled + 1e-12 * eye) * scale[..., :, None] * scale[..., None, :])
