"""Rates drawn towards what is usual, the more the fewer events they rest on: the classical estimators.

Counts and expected (or people) are arrays over areas; a rate here is count / expected.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaincinv

from ..estimation.loglinear import negative_binomial
from ..table.tidy import Numbers
from .adjacency import Borders

ROUNDS = 2000


@dataclass(frozen=True)
class Drawn:
    """Rates drawn in, and how far each went: 0 not at all, 1 altogether to what it was drawn to.

    The posterior of each rate is gamma with the area's `shape` and `rate`: prior plus what was observed.
    """

    smoothed: Numbers
    shrinkage: Numbers
    shape: Numbers
    rate: Numbers

    def limits(self, level: float) -> tuple[Numbers, Numbers]:
        """Posterior limits; the prior is taken for known, so they are narrow with few areas."""
        tail = (1 - level) / 2
        return gammaincinv(self.shape, tail) / self.rate, gammaincinv(self.shape, 1 - tail) / self.rate


@dataclass(frozen=True)
class Marshall:
    """Marshall's (1991) method of moments: prior variance `a` and prior mean `b` of each area."""

    a: Numbers
    b: Numbers
    drawn: Drawn


def marshall_global(count: Numbers, expected: Numbers) -> Marshall:
    """Every area towards the mean of all."""
    everywhere = np.ones((len(count), len(count)), dtype=bool)
    return _marshall(count, expected, everywhere)


def marshall_local(count: Numbers, expected: Numbers, touching: Borders) -> Marshall:
    """Every area towards the mean of itself and its neighbours; an island keeps its own rate."""
    return _marshall(count, expected, touching | np.eye(len(count), dtype=bool))


@np.errstate(divide="ignore", invalid="ignore")
def _marshall(count: Numbers, expected: Numbers, together: Borders) -> Marshall:
    near = together.astype(float)
    rate, people = count / expected, near @ expected
    b = near @ count / people
    # Each neighbour's distance is to its own local mean (Bailey and Gatrell's reading, as in spdep).
    spread = near @ (expected * (rate - b) ** 2) / people
    a = np.maximum(spread - b / (people / near.sum(1)), 0.0)
    # A gamma prior with this mean and variance has just this posterior mean. Where nothing but chance is
    # seen between the areas, they are one: the posterior is that of their common rate.
    alike = a <= 0
    variance = np.where(alike, 1.0, a)
    shape = np.where(alike, near @ count + 0.5, b**2 / variance + count)
    per = np.where(alike, people, b / variance + expected)
    share = np.where(alike, 0.0, a / (a + b / expected))
    return Marshall(a, b, Drawn(b + share * (rate - b), 1 - share, shape, per))


@dataclass(frozen=True)
class PoissonGamma:
    """Rates ~ gamma with this shape and rate, the same for all areas."""

    shape: float
    rate: float
    drawn: Drawn


def poisson_gamma_mle(count: Numbers, expected: Numbers) -> PoissonGamma:
    """Shape and mean by maximum likelihood of the negative binomial (as SpatialEpi::eBayes)."""
    fit, theta, _ = negative_binomial(count, np.ones((len(count), 1)), np.log(expected))
    mean = float(np.exp(fit.coefficients[0]))
    # No more variation than chance: the prior is a point, written as a gamma of very large shape.
    shape = min(float(theta), 1e9)
    return _posterior(shape, shape / mean, count, expected)


@np.errstate(divide="ignore", invalid="ignore")
def clayton_kaldor_moment(count: Numbers, expected: Numbers) -> PoissonGamma:
    """Clayton and Kaldor's (1987) iteration on the moments of the smoothed rates (as DCluster)."""
    rate = count / expected
    mean, variance = rate.mean(), rate.var(ddof=1)
    shape, per = mean**2 / variance, mean / variance
    for _ in range(ROUNDS):
        smoothed = (shape + count) / (per + expected)
        mean = smoothed.mean()
        variance = ((1 + per / expected) * (smoothed - mean) ** 2).sum() / (len(count) - 1)
        before, shape, per = shape, mean**2 / variance, mean / variance
        if abs(shape - before) < 1e-10 * shape:
            break
    return _posterior(float(shape), float(per), count, expected)


def _posterior(shape: float, rate: float, count: Numbers, expected: Numbers) -> PoissonGamma:
    smoothed = (shape + count) / (rate + expected)
    return PoissonGamma(
        shape, rate, Drawn(smoothed, rate / (rate + expected), shape + count, rate + expected)
    )
