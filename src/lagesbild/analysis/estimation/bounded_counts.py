"""Poisson counts of which some are known only to lie between two bounds.

What a release with hidden cells tells.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, logsumexp

from ..table.arrays import Bools, Floats
from ..table.tidy import CountsKnown, Numbers
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
            log_mean = np.log(np.maximum(mean[at], 1e-300))
            _, expected[at], variance[at] = truncated(log_mean, self.lower[at], self.upper[at])
        return expected, variance


def truncated(log_mean: Floats, lower: Floats, upper: Floats) -> tuple[Floats, Floats, Floats]:
    """Of Poisson counts: log probability of lying in [lower, upper]; mean and variance given that.

    All (cells,). Summed in logs over every count between the bounds, so that bounds far out in a tail do not
    cost the digits that a difference of distribution functions would.
    """
    counts = lower[:, None] + np.arange(int((upper - lower).max(initial=0)) + 1)
    terms = counts * log_mean[:, None] - np.exp(log_mean)[:, None] - gammaln(counts + 1)
    terms = np.where(counts <= upper[:, None], terms, -np.inf)
    total = logsumexp(terms, axis=1)
    share = np.exp(terms - total[:, None])
    middle = (share * counts).sum(axis=1)
    return total, middle, (share * (counts - middle[:, None]) ** 2).sum(axis=1)


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


@dataclass(frozen=True)
class PoissonCells:
    """Cells in one flat array, each exact, bounded, or unknown (no part in the likelihood).

    For a log mean: the log likelihood, its slope, and its curvature with the sign turned (never negative).
    """

    count: Numbers
    known: Numbers
    lower: Numbers
    bounded: NDArray[np.intp]
    upper: Numbers

    @classmethod
    def of(cls, counts: CountsKnown) -> "PoissonCells":
        open_ = counts.protected & counts.bounded & (counts.upper > counts.lower)
        exact = counts.bounded & ~open_
        return cls(
            np.where(exact, np.nan_to_num(counts.lower), 0.0),
            exact.astype(float),
            counts.lower[open_],
            np.flatnonzero(open_),
            counts.upper[open_],
        )

    def evaluated(self, log_mean: Numbers) -> tuple[float, Numbers, Numbers]:
        mean = np.exp(np.clip(log_mean, -700, 50))
        value = float((self.known * (self.count * log_mean - mean - gammaln(self.count + 1))).sum())
        slope, curve = self.known * (self.count - mean), self.known * mean
        if len(self.bounded):
            inside, expected, variance = truncated(log_mean[self.bounded], self.lower, self.upper)
            value += float(inside.sum())
            slope[self.bounded] = expected - mean[self.bounded]
            # A truncated Poisson varies less than its untruncated mean, so the curvature stays positive.
            curve[self.bounded] = np.maximum(mean[self.bounded] - variance, 0.0)
        return value, slope, curve
