"""The lines of a funnel: what an area of a given size may show when it is like the others.

Sizes are expected counts (ratio), people (rate) or trials (proportion); whole arrays at a time.
"""

from typing import Any

import numpy as np
from scipy.special import gdtrib

from ..answer.result import Row, rows_of
from ..estimation.limits import exact_poisson, normal_quantile
from ..table.tidy import Numbers

TWO, THREE = 0.95, 0.998
"""The levels of the two and three sigma limits of a funnel, as the field rounds them."""

NAMES = ("lower_2s_limit", "upper_2s_limit", "lower_3s_limit", "upper_3s_limit")
POINTS = 100

Pair = tuple[Numbers, Numbers]


def limits(size: Numbers, baseline: float, level: float, shares: bool) -> Pair:
    """The values between which an area like the baseline stays with this probability.

    Shares: the score limits, where Wilson's interval just reaches the baseline. Counts: where the exact
    Poisson interval just reaches it, so that a point is outside exactly when its own interval leaves the
    baseline out (Fingertips technical guide; its lines are solved the other way, see `expected_at_limits`).
    """
    if shares:
        half = normal_quantile(level) * np.sqrt(baseline * (1 - baseline) / size)
        return np.maximum(baseline - half, 0.0), np.minimum(baseline + half, 1.0)
    tail, expected = (1 - level) / 2, size * baseline
    # gdtrib finds the gamma shape, that is the count, at which the tail beyond `expected` is so large.
    below = np.maximum(gdtrib(1.0, 1 - tail, expected) - 1, 0.0)
    return below / size, np.asarray(gdtrib(1.0, tail, expected) / size)


def wider(size: Numbers, baseline: float, tau2: float, level: float, shares: bool) -> Pair:
    """Limits that allow for a variance `tau2` between areas, on the square-root or arcsine scale."""
    half = normal_quantile(level) * np.sqrt(1 / (4 * size) + tau2)
    if shares:
        middle = arcsine(baseline)
        return np.sin(np.maximum(middle - half, 0)) ** 2, np.sin(np.minimum(middle + half, np.pi / 2)) ** 2
    return np.maximum(np.sqrt(baseline) - half, 0) ** 2, (np.sqrt(baseline) + half) ** 2


def arcsine(share: Any) -> Numbers:
    return np.asarray(np.arcsin(np.sqrt(share)))


def expected_at_limits(observed: Any) -> dict[str, Numbers]:
    """Expected counts at which an observed count lies just on each line (exact Poisson tails)."""
    (low2, high2), (low3, high3) = exact_poisson(observed, TWO), exact_poisson(observed, THREE)
    return {
        "lower_2s_expected": high2,
        "upper_2s_expected": low2,
        "lower_3s_expected": high3,
        "upper_3s_expected": low3,
    }


def curve(size: Numbers, baseline: float, statistic: str, multiplier: float) -> list[Row]:
    """The lines for drawing, at `POINTS` sizes: by number of people for shares, else by observed count.

    The places are those of PHEindicatormethods, so that its published lines can be compared.
    """
    largest, smallest = float(size.max()), float(size.min())
    if statistic == "proportion":
        people = axis(_rounded_up(largest), _first(largest, smallest), POINTS - 1)
        pairs = [limits(people, baseline, level, True) for level in (TWO, THREE)]
        lines = [line * multiplier for pair in pairs for line in pair]
        return list(rows_of({"denominator": people, **dict(zip(NAMES, lines, strict=True))}))
    if statistic == "ratio":
        observed = axis(_rounded_up(largest), _first(largest, smallest), POINTS)
    else:
        first = np.floor(_first(largest, smallest) * baseline) if largest <= 2 * smallest else 1.0
        observed = axis(float(np.ceil(_rounded_up(largest) * baseline)), max(1.0, first), POINTS - 1)
    at = expected_at_limits(observed)
    lines = [observed / expected * baseline * multiplier for expected in at.values()]
    beside = {name.replace("expected", "denominator"): expected / baseline for name, expected in at.items()}
    shown = at if statistic == "ratio" else beside
    return list(rows_of({"observed": observed, **shown, **dict(zip(NAMES, lines, strict=True))}))


def axis(top: float, first: float, steps: int) -> Numbers:
    """Whole numbers from the first to past the top, closer where small: `POINTS` of them."""
    places = [first]
    for place in range(1, POINTS):
        last = places[-1]
        # R and numpy both round halves to even here.
        places.append(max(float(np.round(last * (top / last) ** (1 / (steps + 1 - place)))), last + 1))
    return np.array(places)


def _first(largest: float, smallest: float) -> float:
    return 1.0 if largest > 2 * smallest else max(1.0, _rounded_down(smallest))


def _rounded_up(value: float) -> float:
    unit = 10.0 ** (len(str(int(np.ceil(1.05 * value)))) - 2)
    return float(np.ceil(1.05 * value / unit) * unit)


def _rounded_down(value: float) -> float:
    unit = 10.0 ** (len(str(int(np.floor(0.95 * value)))) - 1)
    return float(np.floor(0.95 * value / unit) * unit)
