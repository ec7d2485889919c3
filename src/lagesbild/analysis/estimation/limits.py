"""Limits of one count or one share: exact Poisson, Byar, and Wilson, whole arrays at a time."""

from typing import Any

import numpy as np
from scipy.special import gammaincinv, ndtri

from ..table.tidy import Numbers

EXACT_BELOW = 10
"""Fingertips uses exact limits under ten events, where Byar's cube root is no longer good enough."""

Limits = tuple[Numbers, Numbers]


def normal_quantile(level: Any) -> Numbers:
    """z such that a two-sided interval of this level is +- z standard errors."""
    return np.asarray(ndtri(0.5 + np.asarray(level, dtype=float) / 2))


def exact_poisson(count: Any, level: Any) -> Limits:
    """Garwood (1936): the means whose Poisson tails at `count` hold (1 - level) / 2 each; any count >= 0."""
    count = np.asarray(count, dtype=float)
    tail = (1 - np.asarray(level, dtype=float)) / 2
    lower = np.where(count > 0, gammaincinv(np.maximum(count, 1e-300), tail), 0.0)
    return np.where(np.isnan(count), np.nan, lower), gammaincinv(count + 1, 1 - tail)


def byar(count: Any, level: Any) -> Limits:
    """Byar's approximation (Breslow and Day 1987, vol. 2, p. 69).

    The lower limit is 0 at count 0 and wherever the cube would turn negative, which happens below
    about four events at 99.8 %.
    """
    count = np.asarray(count, dtype=float)
    z = normal_quantile(level)
    count = np.where(count < 0, np.nan, count)
    with np.errstate(divide="ignore", invalid="ignore"):
        below = 1 - 1 / (9 * count) - z / (3 * np.sqrt(count))
        lower = np.where(count > 0, count * np.maximum(below, 0) ** 3, 0.0 * count)
    above = 1 - 1 / (9 * (count + 1)) + z / (3 * np.sqrt(count + 1))
    return lower, (count + 1) * above**3


def poisson(count: Any, level: Any) -> Limits:
    """Exact below ten events, Byar from ten (Fingertips technical guide)."""
    lower, upper = (np.array(limit) for limit in byar(count, level))
    count, level = (np.broadcast_to(np.asarray(each, dtype=float), lower.shape) for each in (count, level))
    few = count < EXACT_BELOW
    lower[few], upper[few] = exact_poisson(count[few], level[few])
    return lower, upper


def wilson(count: Any, denominator: Any, level: Any) -> Limits:
    """Wilson (1927) score limits of a share; NaN where the count is outside 0..denominator."""
    count, denominator = np.asarray(count, dtype=float), np.asarray(denominator, dtype=float)
    z = normal_quantile(level)
    with np.errstate(divide="ignore", invalid="ignore"):
        half = z * np.sqrt(z**2 + 4 * count * (1 - count / denominator))
        scale = 2 * (denominator + z**2)
        lower, upper = (2 * count + z**2 - half) / scale, (2 * count + z**2 + half) / scale
    possible = (denominator > 0) & (count >= 0) & (count <= denominator)
    # At the ends one limit is exactly 0 or 1; subtraction of near-equals would miss it by a rounding.
    lower, upper = np.where(count == 0, 0.0, lower), np.where(count == denominator, 1.0, upper)
    return np.where(possible, lower, np.nan), np.where(possible, upper, np.nan)


def by_name(name: Any, count: Numbers, denominator: Numbers, level: Any) -> Limits:
    """Limits of the count by auto, exact, byar or wilson; `name` is one word or one for each element."""
    words = np.unique(name)
    found = [_NAMED[word](count, denominator, level) for word in words]
    if len(found) == 1:
        return found[0]
    where = [np.asarray(name) == word for word in words]
    lower = np.select(where, [limits[0] for limits in found])
    return lower, np.select(where, [limits[1] for limits in found])


def _wilson_count(count: Numbers, denominator: Numbers, level: Any) -> Limits:
    lower, upper = wilson(count, denominator, level)
    return lower * denominator, upper * denominator


_NAMED = {
    "auto": lambda count, _, level: poisson(count, level),
    "exact": lambda count, _, level: exact_poisson(count, level),
    "byar": lambda count, _, level: byar(count, level),
    "wilson": _wilson_count,
}

INTERVALS = tuple(_NAMED)
