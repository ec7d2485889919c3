"""What the reports say of the hidden level, once it is known how hard the police looked."""

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr, stdtrit

from ..estimation.bounded_counts import BoundedCounts
from ..estimation.regression import NotFitted
from ..table.arrays import Floats, Integers
from . import between
from .model import Prior, UnitPoisson, fit

FEWEST_CLUSTERS = 20
OWN_VARIATION = (
    0.01  # share of the effort's variation that neither levels nor trends explain; less cannot be told apart
)


@dataclass(frozen=True)
class Reports:
    """Rows of reports.

    Codes for unit (area and channel), area, pool and channel; effort None when not given.
    """

    counts: BoundedCounts
    population: Floats
    time: Floats
    unit: Integers
    area: Integers
    pool: Integers
    channel: Integers
    effort: Floats | None = None


@dataclass(frozen=True)
class Change:
    """A yearly change on the log scale; `freedom` of its t distribution."""

    slope: float
    error: float
    freedom: int

    @property
    def per_cent(self) -> float:
        return percent(self.slope)

    def interval(self, level: float) -> tuple[float, float]:
        reach = float(stdtrit(self.freedom, (1 + level) / 2)) * self.error
        return percent(self.slope - reach), percent(self.slope + reach)

    @property
    def probability_of_fall(self) -> float:
        """Under a flat prior: how probable it is that the level really falls."""
        return float(stdtr(self.freedom, -self.slope / self.error))


@dataclass(frozen=True)
class Trends:
    """One change per pool; `elasticity` by channel: per cent more reports for one per cent more effort."""

    changes: tuple[Change, ...]
    elasticity: tuple[Change, ...]
    model: UnitPoisson


def percent(slope: float) -> float:
    """Per cent a year from a slope on the log scale."""
    return float(100 * np.expm1(slope))


def naive(reports: Reports) -> Trends:
    """The trend of the reports as they stand, which mixes more purchases with more police."""
    return trends(reports, one_trend_each(reports), 0)


def within_areas(reports: Reports) -> Trends:
    """The trend of the hidden level from each area's own changes.

    Raises `NotFitted` when effort is missing or moves with time alone.
    """
    return trends(reports, *with_elasticity(reports))


def adjusted(reports: Reports) -> Trends:
    """The same, with what the differences between areas add where there are areas enough.

    Areas with more police may differ in other ways, so the elasticity between areas counts as biased by as
    much as it disagrees with the elasticity within, chance set aside (Green and Strawderman 1991, JASA
    86:1001).
    """
    design, channels = with_elasticity(reports)
    within = trends(reports, design, channels)
    if int(reports.area.max()) + 1 < FEWEST_CLUSTERS:
        return within
    middle, precision = np.zeros(design.shape[1]), np.zeros(design.shape[1])
    for channel in range(channels):
        own, other = within.elasticity[channel], between_areas(reports, channel)
        if other is not None:
            bias = max(0.0, (other.slope - own.slope) ** 2 - other.error**2 - own.error**2)
            term = design.shape[1] - channels + channel
            middle[term], precision[term] = other.slope, 1 / (other.error**2 + bias)
    return trends(reports, design, channels, Prior(middle, precision))


def with_elasticity(reports: Reports) -> tuple[Floats, int]:
    """The design of trends and one column of log effort for each channel, and the number of channels."""
    if reports.effort is None:
        raise NotFitted
    looked = np.log(reports.effort / reports.population)
    trend = one_trend_each(reports)
    channels = np.arange(reports.channel.max() + 1)
    for channel in channels:
        rows = reports.channel == channel
        if own_variation(looked[rows], trend[rows], reports.unit[rows]) < OWN_VARIATION:
            raise NotFitted
    by_channel = np.where(reports.channel[:, None] == channels, looked[:, None], 0.0)
    return np.column_stack([trend, by_channel]), len(channels)


def between_areas(reports: Reports, channel: int) -> Change | None:
    """The elasticity from the differences between areas in the same pool, None when they do not differ."""
    rows = reports.channel == channel
    area = np.unique(reports.area[rows], return_inverse=True)[1]
    size = np.bincount(area)
    looked = np.log(reports.effort[rows] / reports.population[rows])  # type: ignore[index]
    pool = (np.bincount(area, reports.pool[rows]) / size).astype(int)
    pools = np.eye(int(pool.max()) + 1)[pool]
    design = np.column_stack([pools[:, pools.any(axis=0)], np.bincount(area, looked) / size])
    counts = np.bincount(area, reports.counts.middle[rows]).astype(np.float64)
    try:
        value, error = between.last_coefficient(
            design, counts, np.log(np.bincount(area, reports.population[rows]))
        )
    except NotFitted:
        return None
    return Change(value, error, len(counts) - design.shape[1])


def one_trend_each(reports: Reports) -> Floats:
    """(rows, pools): time in the row's own pool."""
    pools = np.arange(reports.pool.max() + 1)
    middle = reports.time - reports.time.mean()
    return np.where(reports.pool[:, None] == pools, middle[:, None], 0.0)


def own_variation(looked: Floats, trend: Floats, unit: Integers) -> float:
    """Share of the effort's variation within units that the trends do not explain."""
    codes = np.unique(unit, return_inverse=True)[1]
    within, slopes = (
        part - (np.apply_along_axis(lambda column: np.bincount(codes, column), 0, part) / size(codes))[codes]
        for part in (looked[:, None], trend)
    )
    total = float((within**2).sum())
    if total <= 0:
        return 0.0
    left = within - slopes @ np.linalg.lstsq(slopes, within, rcond=None)[0]
    return float((left**2).sum() / total)


def size(codes: Integers) -> Floats:
    return np.bincount(codes)[:, None].astype(np.float64)


def trends(reports: Reports, design: Floats, channels: int, prior: Prior | None = None) -> Trends:
    """Fit and read off the changes, with the areas as clusters when there are enough of them."""
    areas = int(reports.area.max()) + 1
    cluster = reports.area if areas >= FEWEST_CLUSTERS else np.arange(len(reports.area))
    model = fit(design, reports.counts, np.log(reports.population), reports.unit, cluster, prior)
    freedom = max(model.clusters - design.shape[1], 1)
    all_ = [Change(float(value), model.error(term), freedom) for term, value in enumerate(model.coefficients)]
    pools = design.shape[1] - channels
    return Trends(tuple(all_[:pools]), tuple(all_[pools:]), model)
