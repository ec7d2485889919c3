"""Log-linear models of counts, many at a time: estimating equations by iterated weighted least squares."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import digamma, gammaln, polygamma

from ..table.tidy import Numbers

ROUNDS = 50
STILL = 1e-10
"""A smaller step of every coefficient is none."""
LARGEST_THETA = 1e7
"""Beyond it nothing tells the counts from Poisson counts."""


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
    beta = _settled(y, seen, offset, x, alpha)
    mean = _mean(x, beta, offset, seen)
    return _fit(y, x, beta, mean, seen, alpha, size)


def _settled(y: Numbers, seen: Any, offset: Numbers, x: Numbers, alpha: Numbers) -> Numbers:
    """The coefficients; each round goes on with those models only that still move."""
    (*lead, n, p) = x.shape
    x, alpha = x.reshape(-1, n, p), alpha.reshape(-1, 1)
    y, seen, offset = (each.reshape(-1, n) for each in (y, seen, offset))
    beta = _start(y, seen, offset, x)
    moving = np.arange(len(beta))
    for _ in range(ROUNDS):
        mean = _mean(x[moving], beta[moving], offset[moving], seen[moving])
        weight = 1 / (1 + alpha[moving] * mean)
        score = np.einsum("...np,...n->...p", x[moving], (y[moving] - mean) * weight)
        step = _solved(_information(x[moving], mean * weight), score)
        # Small steps cannot run away from a far start; three doublings a round are plenty.
        beta[moving] += np.clip(step, -3, 3)
        moving = moving[np.abs(step).max(-1) >= STILL]
        if not len(moving):
            break
    return beta.reshape(*lead, p)


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


def negative_binomial(count: Numbers, design: Numbers, offset: Numbers) -> tuple[Fit, Numbers, Numbers]:
    """Maximum likelihood with NB2 variance: the fits, theta = 1 / alpha, and the log likelihoods.

    One model for each leading index; nothing may be missing. Alternates coefficients and theta as
    MASS::glm.nb does; theta is infinite where the counts vary no more than Poisson counts do.
    """
    (*lead, n) = count.shape
    y, per = count.reshape(-1, n), np.broadcast_to(offset, count.shape).reshape(-1, n)
    mean, theta, moving = log_linear(y, design, per).mean, np.full(len(y), np.inf), np.arange(len(y))
    for _ in range(ROUNDS):
        before = theta[moving]
        theta[moving] = _theta(y[moving], mean[moving], before)
        mean[moving] = log_linear(y[moving], design, per[moving], 1 / theta[moving]).mean
        with np.errstate(invalid="ignore"):
            moving = moving[np.abs(theta[moving] - before) >= _small(theta[moving], 1e-8)]
        if not len(moving):
            break
    found = theta.reshape(lead)
    fit = log_linear(count, design, offset, 1 / found)
    return fit, found, nb_log_likelihood(count, fit.mean, found)


def nb_log_likelihood(count: Numbers, mean: Numbers, theta: Numbers) -> Numbers:
    poisson = count * np.log(mean) - mean - gammaln(count + 1)
    finite = np.isfinite(theta)[..., None]
    each = np.where(finite, np.asarray(theta)[..., None], 1.0)
    both = each + mean
    overdispersed = (
        gammaln(count + each)
        - gammaln(each)
        - gammaln(count + 1)
        + each * np.log(each / both)
        + count * np.log(mean / both)
    )
    return np.asarray(np.where(finite, overdispersed, poisson).sum(-1))


def _theta(count: Numbers, mean: Numbers, before: Numbers) -> Numbers:
    """Newton on the profile score of theta (Venables and Ripley 2002, section 7.4), by series.

    From the theta of before, or from the moments where that is infinite.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        moments = 1 / ((count / mean - 1) ** 2 - 1 / mean).mean(-1)
    found = np.full(len(count), np.inf)
    moving = np.flatnonzero((moments > 0) & (moments < LARGEST_THETA))
    theta = np.where(np.isinf(before), moments, before)[moving]
    for _ in range(ROUNDS):
        step = _theta_step(count[moving], mean[moving], theta[:, None])
        theta = np.maximum(theta + step, theta / 4)
        found[moving] = np.where(theta > LARGEST_THETA, np.inf, theta)
        go_on = (np.abs(step) >= _small(theta, STILL)) & (theta <= LARGEST_THETA)
        moving, theta = moving[go_on], theta[go_on]
        if not len(moving):
            break
    return found


def _small(theta: Numbers, share: float) -> Numbers:
    """A change of theta that changes nothing: a tiny share, or less than 1e-9 in alpha = 1 / theta, which
    is all that rounding leaves of a large one."""
    return np.asarray(np.maximum(share * theta, 1e-9 * theta**2))


def _theta_step(count: Numbers, mean: Numbers, theta: Numbers) -> Numbers:
    both = theta + mean
    seen = (count + theta) / both
    score = digamma(count + theta) - digamma(theta) + np.log(theta / both) + 1 - seen
    curve = polygamma(1, theta) - polygamma(1, count + theta) - 1 / theta + (2 - seen) / both
    return np.asarray(score.sum(-1) / curve.sum(-1))


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
