"""The Mann-Kendall test and Sen's slope: is one order of the points more common than chance would make it?"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from ..estimation.limits import normal_quantile
from ..table.tidy import Numbers

EXACT_UP_TO = 100
FEWEST_POINTS = 3


@dataclass(frozen=True)
class MannKendall:
    """Kendall's S and tau-b, the normal test with continuity correction, and Sen's slope a year.

    `p_exact` counts the orders of the points, which the normal test only approximates for few of them; it is
    NaN where values are tied or the points so many that both are the same.
    """

    s: float
    variance: float
    z: float
    p: float
    p_exact: float
    tau: float
    sen_slope: float
    sen_lower: float
    sen_upper: float


def mann_kendall(values: Numbers, times: Numbers, level: float = 0.95) -> list[MannKendall]:
    """Mann (1945), Kendall (1975), variance corrected for ties; Sen (1968) with Gilbert's (1987) limits.

    One answer for each row of `values` (series, n), which has no gaps.
    """
    n = values.shape[1]
    first, second = np.triu_indices(n, 1)
    rises = values[:, second] - values[:, first]
    s = np.sign(rises).sum(1)
    # A value in a group of u ties has a share of (u - 1)(2u + 5) of what the group takes off.
    group = (values[:, :, None] == values[:, None, :]).sum(2)
    variance = (n * (n - 1) * (2 * n + 5) - ((group - 1) * (2 * group + 5)).sum(1)) / 18
    z = np.where(variance > 0, (s - np.sign(s)) / np.sqrt(np.maximum(variance, 1.0)), 0.0)
    pairs = n * (n - 1) / 2
    untied = pairs - (group - 1).sum(1) / 2
    slopes = np.sort(rises / (times[second] - times[first]), axis=1)
    exact = (
        np.where((group == 1).all(1), _exact(s, n), np.nan) if n <= EXACT_UP_TO else np.full(len(s), np.nan)
    )
    columns = (
        s,
        variance,
        z,
        2 * ndtr(-np.abs(z)),
        exact,
        s / np.sqrt(pairs * np.maximum(untied, 1.0)),
        np.median(slopes, axis=1),
        *_gilbert(slopes, variance, level),
    )
    return [MannKendall(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]


def _exact(s: Numbers, n: int) -> Numbers:
    """Two-sided probability of an S as far from 0 among all orders of n different values (Kendall 1975)."""
    ways = np.ones(1)
    for size in range(2, n + 1):
        # The next value may stand before any number of the earlier ones: so many inversions more.
        ways = np.convolve(ways, np.full(size, 1 / size))
    far = np.abs(n * (n - 1) / 2 - 2 * np.arange(len(ways)))
    order = np.argsort(far)
    at_least = np.append(np.cumsum(ways[order][::-1])[::-1], 0.0)
    return np.asarray(np.minimum(1.0, at_least[np.searchsorted(far[order], np.abs(s) - 0.5)]))


def _gilbert(slopes: Numbers, variance: Numbers, level: float) -> tuple[Numbers, Numbers]:
    """Order statistics of the slopes between pairs (Gilbert 1987, section 16.5), between ranks by line."""
    half = float(normal_quantile(level)) * np.sqrt(variance)
    pairs = slopes.shape[1]
    return _at_rank(slopes, (pairs - half) / 2), _at_rank(slopes, (pairs + half) / 2 + 1)


def _at_rank(ordered: Numbers, rank: Numbers) -> Numbers:
    """Each row's value at its rank, counted from 1 and kept inside the row."""
    place = np.clip(rank - 1, 0, ordered.shape[1] - 1)
    below, each = np.floor(place).astype(int), np.arange(len(ordered))
    above = np.minimum(below + 1, ordered.shape[1] - 1)
    low, high = ordered[each, below], ordered[each, above]
    return np.asarray(low + (place - below) * (high - low))
