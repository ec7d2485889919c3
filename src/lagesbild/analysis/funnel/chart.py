"""What lies outside the funnel, and how much areas differ anyway."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..answer.reason import Reason
from ..estimation.limits import poisson
from ..table.tidy import CountsKnown, Numbers, Texts
from .lines import THREE, TWO, arcsine, limits, wider

LABELS = ("Low (0.001)", "Low (0.025)", "Not significant", "High (0.025)", "High (0.001)")
WINSORISED = 0.1
FEWEST_AREAS = 5
FEWEST_STANDARDISED = 10
"""Events under which a directly standardised rate is no longer judged (Fingertips)."""


@dataclass(frozen=True)
class Funnel:
    """One element for each area. `significance` is an index of `LABELS`, -1 where hidden cells leave it open.

    `limits` are the two and three sigma limits of the value at each area's size (lower 2, upper 2, lower 3,
    upper 3); `wider` the same with the additive variance `tau2` between areas; `z` on the transformed scale.
    """

    value: Numbers
    baseline: float
    significance: Any
    significance_wider: Any
    limits: tuple[Numbers, ...]
    wider: tuple[Numbers, ...]
    z: Numbers
    phi: float
    tau2: float
    reason: Texts


@np.errstate(divide="ignore", invalid="ignore")
def funnel(
    counts: CountsKnown | Any,
    size: Any,
    statistic: str = "ratio",
    baseline: float | None = None,
    winsorised: float = WINSORISED,
) -> Funnel:
    """Compare each area with what its size makes likely; `size` is the expected count, people, or trials.

    `statistic` is ratio (observed to expected, baseline 1), rate or proportion (baseline: all areas together
    unless given). Significance as in Fingertips: exact or Byar limits for ratio and rate, score for
    proportion. Additive overdispersion after Spiegelhalter (2005), on the square-root or arcsine scale,
    with the outermost share `winsorised` of the z-scores at each end drawn in.
    """
    known = counts if isinstance(counts, CountsKnown) else CountsKnown.released(counts)
    size = np.asarray(size, dtype=float)
    reason = _reasons(known, size, statistic == "proportion")
    usable = (reason == "") | ((reason == Reason.PROTECTED) & known.bounded)
    low_base, high_base = (
        _baseline(values, size, usable, statistic, baseline) for values in (known.lower, known.upper)
    )
    shares = statistic == "proportion"
    highest = _significance(known.upper, size, low_base, shares)
    lowest = _significance(known.lower, size, high_base, shares)
    centre = (low_base + high_base) / 2
    exact = reason == ""
    value = np.where(exact, known.value / size, np.nan)
    z = _z(value, size, centre, shares)
    phi, tau2 = _overdispersion(z[exact], size[exact], winsorised)
    wide = [wider(size, centre, tau2, level, shares) for level in (TWO, THREE)]
    narrow = [limits(size, centre, level, shares) for level in (TWO, THREE)]
    open_ = ~usable | (highest != lowest)
    return Funnel(
        value,
        float(centre) if low_base == high_base else np.nan,
        np.where(open_, -1, lowest),
        np.where(exact, _outside(value, *wide), -1),
        (*narrow[0], *narrow[1]),
        (*wide[0], *wide[1]),
        z,
        phi,
        tau2,
        np.where(usable & ~open_, "", reason),
    )


def _reasons(known: CountsKnown, size: Numbers, shares: bool) -> Texts:
    impossible = (known.value < 0) | ((known.value > size) if shares else False)
    return np.select(
        [known.protected, np.isnan(known.value), ~(size > 0), impossible],
        [Reason.PROTECTED, Reason.MISSING, Reason.NO_DENOMINATOR, Reason.IMPOSSIBLE],
        default="",
    )


def _baseline(count: Numbers, size: Numbers, usable: Any, statistic: str, given: float | None) -> float:
    if given is not None:
        return given
    return 1.0 if statistic == "ratio" else float(count[usable].sum() / size[usable].sum())


def _significance(count: Numbers, size: Numbers, baseline: float, shares: bool) -> Any:
    """Index of `LABELS`: does the count's own interval leave out the baseline (the share: the score test)?"""
    if shares:
        return _outside(count / size, *(limits(size, baseline, level, True) for level in (TWO, THREE)))
    own = [tuple(end / size for end in poisson(count, level)) for level in (TWO, THREE)]
    too_high = [lower > baseline for lower, _ in own]
    too_low = [upper < baseline for _, upper in own]
    return 2 + too_high[0].astype(int) + too_high[1] - too_low[0] - too_low[1]


def _outside(value: Numbers, two: tuple[Numbers, Numbers], three: tuple[Numbers, Numbers]) -> Any:
    above = (value > two[1]).astype(int) + (value > three[1])
    return 2 + above - (value < two[0]) - (value < three[0])


def _z(value: Numbers, size: Numbers, baseline: float, shares: bool) -> Numbers:
    """Standardised distance on the scale where the variance is 1 / (4 size), whatever the mean."""
    transform = arcsine if shares else np.sqrt
    return np.asarray((transform(value) - transform(baseline)) * 2 * np.sqrt(size))


def _overdispersion(z: Numbers, size: Numbers, winsorised: float) -> tuple[float, float]:
    """phi: mean square of the winsorised z; tau2: DerSimonian and Laird's variance between areas."""
    if len(z) < FEWEST_AREAS:
        return np.nan, 0.0
    low, high = np.quantile(z, [winsorised, 1 - winsorised])
    phi = float(np.mean(np.clip(z, low, high) ** 2))
    weight = 4 * size
    excess = len(z) * phi - (len(z) - 1)
    return phi, max(0.0, float(excess / (weight.sum() - (weight**2).sum() / weight.sum())))
