"""Bias-corrected and accelerated bootstrap limits (Efron 1987, JASA 82:171) for tables of capture histories.

Every replicate repeats the whole estimation, model selection included; the acceleration comes from a
jackknife that takes one person away, history by history (Chan, Silverman and Vincent 2021, section 5).
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from ..table.arrays import Bools, Floats
from . import r_random
from .histories import Histories

SMALLEST_SHARE = 1e-9


def resample(histories: Histories, replicates: int, seed: int) -> Floats:
    """(1 + replicates + cells seen, cells).

    The data, multinomial bootstrap tables, and the jackknife tables.
    """
    counts, cells = histories.counts, histories.drawn
    drawn = np.zeros((replicates, len(counts)))
    drawn[:, cells] = r_random.multinomial(counts[cells], replicates, seed)
    without_one = np.repeat(counts[None], len(cells), axis=0)
    without_one[np.arange(len(cells)), cells] -= 1
    return np.vstack([counts[None], drawn, without_one])


@dataclass(frozen=True)
class Limits:
    """BCa `quantiles`, infinite when unbounded.

    `outermost` where the quantile asked for lies beyond the replicates and the outermost of them stands in.
    """

    quantiles: Floats
    outermost: Bools


def limits(weight: Floats, replicates: int, estimates: Floats, shares: Floats) -> Limits:
    """The BCa quantiles at `shares`, from estimates in the order that `resample` gives.

    `weight` (cells seen,) is how many people each jackknife table stands for.
    """
    point, drawn, jackknife = np.split(estimates, [1, 1 + replicates])
    acceleration = skewness(jackknife, weight)
    below = np.clip(np.mean(drawn < point[0]), SMALLEST_SHARE, 1 - SMALLEST_SHARE)
    bias = ndtri(below)
    shifted = ndtri(shares) + bias
    corrected = ndtr(bias + shifted / (1 - acceleration * shifted))
    position = type_8(corrected, replicates)
    return Limits(quantiles(drawn, position), (position <= 1) | (position >= replicates))


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


def type_8(shares: Floats, draws: int) -> Floats:
    """Where the median-unbiased sample quantiles (type 8) lie among the ordered draws, counted from 1."""
    position: Floats = np.clip(shares * (draws + 1 / 3) + 1 / 3, 1, draws)
    return position


def quantiles(drawn: Floats, position: Floats) -> Floats:
    """The ordered draws at these positions; honest when some draws are infinite."""
    ordered = np.sort(drawn)
    low = np.floor(position).astype(int) - 1
    high = np.minimum(low + 1, len(ordered) - 1)
    part = position - 1 - low
    with np.errstate(invalid="ignore"):
        between = ordered[low] + part * (ordered[high] - ordered[low])
    return np.where(part == 0, ordered[low], np.where(np.isfinite(ordered[high]), between, np.inf))
