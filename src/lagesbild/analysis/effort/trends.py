"""What the reports say of the hidden level, once it is known how hard the police looked."""

from dataclasses import dataclass, replace

import numpy as np

from ..estimation.bounded_counts import BoundedCounts
from ..estimation.regression import NotFitted
from ..table.arrays import Floats, Integers
from . import between
from .change import Change
from .model import UnitPoisson, fit

FEWEST_CLUSTERS = 2
FEWEST_COMPARED = 20
STILL = 1e-12  # squared change of log effort below which it stood still
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
class Trends:
    """One change per pool; `elasticity` by channel: per cent more reports for one per cent more effort.

    `best` are the estimates to show, (pools + channels,); `channels` the codes of those with an elasticity.
    """

    changes: tuple[Change, ...]
    elasticity: tuple[Change, ...]
    channels: Integers
    model: UnitPoisson
    best: Floats


def naive(reports: Reports) -> Trends:
    """The trend of the reports as they stand, which mixes more purchases with more police."""
    return trends(reports, one_trend_each(reports), np.zeros(0, dtype=np.int64))


def within_areas(reports: Reports) -> Trends:
    """The trend of the hidden level from each area's own changes.

    Raises `NotFitted` when effort is missing or moves with time alone.
    """
    return trends(reports, *with_elasticity(reports))


def adjusted(reports: Reports) -> Trends:
    """The same, with `best` moved by what the differences between areas add where there are areas enough.

    Areas with more police may differ in other ways, by an unknown amount: then no interval is both shorter
    than the one from the areas' own changes and valid, but the estimate may lean on both (`between.leaning`).
    """
    found = within_areas(reports)
    if int(reports.area.max()) + 1 < FEWEST_COMPARED:
        return found
    own = found.elasticity
    others = [between_areas(reports, channel) for channel in found.channels]
    moved = np.array(
        [between.leaning(one, other) - one.slope for one, other in zip(own, others, strict=True)]
    )
    covariance, first = found.model.naive, len(found.changes)
    follows = covariance[:, first:] @ np.linalg.inv(covariance[first:, first:]) @ moved
    return replace(found, best=found.model.coefficients + follows)


def with_elasticity(reports: Reports) -> tuple[Floats, Integers]:
    """The design of trends and a column of log effort for each channel where effort changed; those channels.

    Where effort stood still, reports follow the hidden level and need no elasticity.
    """
    if reports.effort is None:
        raise NotFitted
    looked = np.log(reports.effort / reports.population)
    trend = one_trend_each(reports)
    own = [
        own_variation(looked[rows], trend[rows], reports.unit[rows])
        for rows in (reports.channel == channel for channel in range(reports.channel.max() + 1))
    ]
    if any(share is not None and share < OWN_VARIATION for share in own):
        raise NotFitted
    channels = np.array([channel for channel, share in enumerate(own) if share is not None], dtype=np.int64)
    by_channel = np.where(reports.channel[:, None] == channels, looked[:, None], 0.0)
    return np.column_stack([trend, by_channel]), channels


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


def own_variation(looked: Floats, trend: Floats, unit: Integers) -> float | None:
    """Share of the effort's variation within units that the trends do not explain, None without any."""
    codes = np.unique(unit, return_inverse=True)[1]
    within, slopes = (
        part - (np.apply_along_axis(lambda column: np.bincount(codes, column), 0, part) / size(codes))[codes]
        for part in (looked[:, None], trend)
    )
    total = float((within**2).sum())
    if total <= STILL * len(looked):
        return None
    left = within - slopes @ np.linalg.lstsq(slopes, within, rcond=None)[0]
    return float((left**2).sum() / total)


def size(codes: Integers) -> Floats:
    return np.bincount(codes)[:, None].astype(np.float64)


def trends(reports: Reports, design: Floats, channels: Integers) -> Trends:
    """Fit and read off the changes; areas are the clusters when there are enough of them, else rows."""
    several = int(reports.area.max()) + 1 >= FEWEST_CLUSTERS
    cluster = reports.area if several else np.arange(len(reports.area))
    model = fit(design, reports.counts, np.log(reports.population), reports.unit, cluster)
    all_ = [estimated(model, term) for term in range(design.shape[1])]
    pools = design.shape[1] - len(channels)
    return Trends(tuple(all_[:pools]), tuple(all_[pools:]), channels, model, model.coefficients)


def estimated(model: UnitPoisson, term: int) -> Change:
    """With the larger of both errors and that one's freedom: rows, or the effective number of clusters."""
    value = float(model.coefficients[term])
    naive, clustered = float(model.naive[term, term]), float(model.clustered[term, term])
    if naive > clustered:
        return Change(value, float(np.sqrt(naive)), max(model.freedom, 1))
    return Change(value, float(np.sqrt(clustered)), max(float(model.clusters[term]) - 1, 1.0))
