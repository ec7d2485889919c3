"""Bias-corrected and accelerated bootstrap limits (Efron 1987, JASA 82:171) for tables of capture histories.

Every replicate repeats the whole estimation, model selection included; the acceleration comes from a
jackknife that takes one person away, history by history (Chan, Silverman and Vincent 2021, section 5).
"""

import numpy as np
from scipy.special import ndtr, ndtri

from ..table.arrays import Floats

SMALLEST_SHARE = 1e-9


def resample(counts: Floats, replicates: int, seed: int) -> Floats:
    """(1 + replicates + cells seen, cells).

    The data, multinomial bootstrap tables, and the jackknife tables.
    """
    people = int(counts.sum())
    drawn = np.random.default_rng(seed).multinomial(people, counts / people, replicates).astype(np.float64)
    seen = np.flatnonzero(counts > 0)
    without_one = np.repeat(counts[None], len(seen), axis=0)
    without_one[np.arange(len(seen)), seen] -= 1
    return np.vstack([counts[None], drawn, without_one])


def limits(counts: Floats, replicates: int, estimates: Floats, shares: Floats) -> Floats:
    """The BCa quantiles at `shares`, from estimates in the order that `resample` gives.

    Infinite when unbounded.
    """
    point, drawn, jackknife = np.split(estimates, [1, 1 + replicates])
    acceleration = skewness(jackknife, counts[counts > 0])
    below = np.clip(np.mean(drawn < point[0]), SMALLEST_SHARE, 1 - SMALLEST_SHARE)
    bias = ndtri(below)
    shifted = ndtri(shares) + bias
    corrected = ndtr(bias + shifted / (1 - acceleration * shifted))
    return quantiles(drawn, corrected)


def skewness(jackknife: Floats, weight: Floats) -> float:
    """The acceleration.

    A sixth of the skewness of the influences, each counted as often as its history occurs.
    """
    finite = np.isfinite(jackknife)
    if not finite.all():
        return 0.0
    influence = np.average(jackknife, weights=weight) - jackknife
    spread = float((weight * influence**2).sum())
    return float((weight * influence**3).sum() / (6 * spread**1.5)) if spread > 0 else 0.0


def quantiles(drawn: Floats, shares: Floats) -> Floats:
    """Median-unbiased sample quantiles (type 8) that stay honest when some draws are infinite."""
    ordered = np.sort(drawn)
    position = np.clip(shares * (len(ordered) + 1 / 3) + 1 / 3, 1, len(ordered)) - 1
    low = np.floor(position).astype(int)
    high = np.minimum(low + 1, len(ordered) - 1)
    part = position - low
    with np.errstate(invalid="ignore"):
        between = ordered[low] + part * (ordered[high] - ordered[low])
    return np.where(part == 0, ordered[low], np.where(np.isfinite(ordered[high]), between, np.inf))
