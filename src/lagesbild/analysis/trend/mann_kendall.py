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


def mann_kendall(values: Numbers, times: Numbers, level: float = 0.95) -> MannKendall:
    """Mann (1945), Kendall (1975), variance corrected for ties; Sen (1968) with Gilbert's (1987) limits."""
    first, second = np.triu_indices(len(values), 1)
    rises = values[second] - values[first]
    s, n = float(np.sign(rises).sum()), len(values)
    ties = np.unique(values, return_counts=True)[1]
    variance = (n * (n - 1) * (2 * n + 5) - np.sum(ties * (ties - 1) * (2 * ties + 5))) / 18
    z = (s - np.sign(s)) / np.sqrt(variance) if variance > 0 else 0.0
    pairs = n * (n - 1) / 2
    untied = pairs - np.sum(ties * (ties - 1)) / 2
    slopes = np.sort(rises / (times[second] - times[first]))
    lower, upper = _gilbert(slopes, variance, level)
    return MannKendall(
        s,
        float(variance),
        float(z),
        float(2 * ndtr(-abs(z))),
        _exact(s, n) if len(ties) == n <= EXACT_UP_TO else np.nan,
        float(s / np.sqrt(pairs * untied)) if untied else 0.0,
        float(np.median(slopes)),
        lower,
        upper,
    )


def _exact(s: float, n: int) -> float:
    """Two-sided probability of an S as far from 0 among all orders of n different values (Kendall 1975)."""
    ways = np.ones(1)
    for size in range(2, n + 1):
        # The next value may stand before any number of the earlier ones: so many inversions more.
        ways = np.convolve(ways, np.full(size, 1 / size))
    inversions = np.arange(len(ways))
    far = np.abs(n * (n - 1) / 2 - 2 * inversions) >= abs(s)
    return float(min(1.0, ways[far].sum()))


def _gilbert(slopes: Numbers, variance: float, level: float) -> tuple[float, float]:
    """Order statistics of the slopes between pairs (Gilbert 1987, section 16.5), between ranks by line."""
    half = float(normal_quantile(level)) * np.sqrt(variance)
    ranks = np.arange(1, len(slopes) + 1)
    ends = (len(slopes) - half) / 2, (len(slopes) + half) / 2 + 1
    return float(np.interp(ends[0], ranks, slopes)), float(np.interp(ends[1], ranks, slopes))
