"""The likelihood of counts of which only bounds are known: Poisson between a least and a largest count."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, logsumexp

from ..table.tidy import CountsKnown, Numbers

WIDEST = 2000


@dataclass(frozen=True)
class PoissonCells:
    """Cells in one flat array, each exact, bounded, or unknown (no part in the likelihood).

    For a log mean: the log likelihood, its slope, and its curvature with the sign turned (never negative).
    """

    count: Numbers
    known: Numbers
    lower: Numbers
    width: int
    bounded: NDArray[np.intp]
    upper: Numbers

    @classmethod
    def of(cls, counts: CountsKnown) -> "PoissonCells":
        open_ = counts.protected & counts.bounded & (counts.upper > counts.lower)
        exact = counts.bounded & ~open_
        width = int(np.max((counts.upper - counts.lower)[open_], initial=0.0)) + 1
        return cls(
            np.where(exact, np.nan_to_num(counts.lower), 0.0),
            exact.astype(float),
            counts.lower[open_],
            min(width, WIDEST),
            np.flatnonzero(open_),
            counts.upper[open_],
        )

    def evaluated(self, log_mean: Numbers) -> tuple[float, Numbers, Numbers]:
        mean = np.exp(np.clip(log_mean, -700, 50))
        value = float((self.known * (self.count * log_mean - mean - gammaln(self.count + 1))).sum())
        slope, curve = self.known * (self.count - mean), self.known * mean
        if len(self.bounded):
            inside, expected, variance = self._between(log_mean[self.bounded])
            value += inside
            slope[self.bounded] = expected - mean[self.bounded]
            # A truncated Poisson varies less than its untruncated mean, so the curvature stays positive.
            curve[self.bounded] = np.maximum(mean[self.bounded] - variance, 0.0)
        return value, slope, curve

    def _between(self, log_mean: Numbers) -> tuple[float, Numbers, Numbers]:
        """Log probability of lying within the bounds; mean and variance of the count given that it does."""
        counts = self.lower[:, None] + np.arange(self.width)
        terms = counts * log_mean[:, None] - np.exp(log_mean)[:, None] - gammaln(counts + 1)
        terms = np.where(counts <= self.upper[:, None], terms, -np.inf)
        total = logsumexp(terms, axis=1)
        share = np.exp(terms - total[:, None])
        expected = (share * counts).sum(1)
        return float(total.sum()), expected, (share * (counts - expected[:, None]) ** 2).sum(1)
