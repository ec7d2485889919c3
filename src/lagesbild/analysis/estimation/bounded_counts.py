"""Poisson counts of which some are known only to lie between two bounds.

What a release with hidden cells tells.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import gammaln

from ..table.arrays import Bools, Floats
from .regression import NotFitted, PoissonFit, inverse, poisson

ROUNDS = 2000
SETTLED = 1e-8


@dataclass(frozen=True)
class BoundedCounts:
    """`lower` <= true count <= `upper`, both (cells,) whole; equal where the count was released."""

    lower: Floats
    upper: Floats

    @classmethod
    def exact(cls, counts: Floats) -> "BoundedCounts":
        return cls(counts, counts)

    @property
    def hidden(self) -> Bools:
        return self.upper > self.lower

    @property
    def middle(self) -> Floats:
        middle: Floats = (self.lower + self.upper) / 2
        return middle

    def moments(self, mean: Floats) -> tuple[Floats, Floats]:
        """Mean and variance of each count given its bounds, when it is Poisson with `mean`."""
        expected, variance = self.lower.astype(np.float64), np.zeros(len(self.lower))
        at = np.flatnonzero(self.hidden)
        if len(at):
            expected[at], variance[at] = truncated(mean[at], self.lower[at], self.upper[at])
        return expected, variance


def truncated(mean: Floats, lower: Floats, upper: Floats) -> tuple[Floats, Floats]:
    """Means and variances of Poisson counts known to lie in [lower, upper]; all (cells,)."""
    counts = lower[:, None] + np.arange(int((upper - lower).max()) + 1)
    logs = counts * np.log(np.maximum(mean, 1e-300))[:, None] - gammaln(counts + 1)
    logs = np.where(counts <= upper[:, None], logs, -np.inf)
    share = np.exp(logs - logs.max(axis=1, keepdims=True))
    share /= share.sum(axis=1, keepdims=True)
    middle = (share * counts).sum(axis=1)
    return middle, (share * (counts - middle[:, None]) ** 2).sum(axis=1)


def bounded_poisson(design: Floats, counts: BoundedCounts, offset: Floats) -> PoissonFit:
    """Poisson regression when some counts are only bounded, by EM; its counts are the expected ones.

    The covariance is that of the observed information (Louis 1982, JRSS B 44:226): hiding widens it.
    """
    if not counts.hidden.any():
        return poisson(design, counts.lower, offset)
    expected = counts.middle
    for _ in range(ROUNDS):
        fit = poisson(design, expected, offset)
        renewed, variance = counts.moments(fit.fitted)
        if np.abs(renewed - expected).max() < SETTLED * (1 + expected.max()):
            known = np.maximum(fit.fitted - variance, 1e-9 * fit.fitted)
            return replace(fit, covariance=inverse(design, known))
        expected = renewed
    raise NotFitted
