"""Reports and effort as they are read from a tidy table."""

import re
from dataclasses import replace

import numpy as np

from ..answer.reason import Reason
from ..answer.result import Declined
from ..estimation.bounded_counts import BoundedCounts
from ..table.arrays import Bools, Integers
from ..table.periods import refuse_repeated, times_of
from ..table.tidy import Tidy
from .trends import Reports

FEWEST_PERIODS = 4
FEWEST_EVENTS = 20
POOLED = re.compile(r"\(?(?P<name>\w+?)(?:-(?P<from>\d+)\))?%(?P<many>\d+)")


def read(table: Tidy, pool: str | None) -> tuple[Reports, tuple[str, ...]]:
    """Rows with a known or bounded count.

    Rows without effort or population cannot be used and are refused.
    """
    known = table.counts()
    if (known.protected & ~known.bounded).any():
        raise Declined(Reason.PROTECTED)
    if np.isnan(known.lower).any():
        raise Declined(Reason.MISSING)
    area, channel, time = table.codes("area"), table.codes("channel"), times_of(table)
    refuse_repeated(table, area, channel, time)
    names, pooled = pools_of(table, pool)
    population = table.filled("denominator", 1.0)
    if not (population > 0).all():
        raise Declined(Reason.NO_DENOMINATOR)
    reports = Reports(
        BoundedCounts(known.lower, known.upper),
        population,
        time,
        np.unique(area * (channel.max() + 1) + channel, return_inverse=True)[1],
        area,
        pooled,
        channel,
        table.numbers("effort") if "effort" in table else None,
    )
    return with_effort(reports), names


def with_effort(reports: Reports) -> Reports:
    """Where nobody looked and nothing was reported there is nothing to learn.

    Reports without effort cannot be.
    """
    if reports.effort is None:
        return reports
    if np.isnan(reports.effort).any() or (reports.effort < 0).any():
        raise Declined(Reason.MISSING)
    idle = reports.effort == 0
    if (reports.counts.lower[idle] > 0).any():
        raise Declined(Reason.IMPOSSIBLE)
    return at(reports, ~idle)


def at(reports: Reports, rows: Bools) -> Reports:
    """Some of the rows, with codes made dense again."""

    def dense(code: Integers) -> Integers:
        return np.unique(code[rows], return_inverse=True)[1]

    return replace(
        reports,
        counts=BoundedCounts(reports.counts.lower[rows], reports.counts.upper[rows]),
        population=reports.population[rows],
        time=reports.time[rows],
        unit=dense(reports.unit),
        area=dense(reports.area),
        pool=reports.pool[rows],
        channel=dense(reports.channel),
        effort=None if reports.effort is None else reports.effort[rows],
    )


def pools_of(table: Tidy, pool: str | None) -> tuple[tuple[str, ...], Integers]:
    """Areas that share a trend.

    A column, or a number in a column by its remainder (`area%5`, `(area-1)%5`).
    """
    if pool is None:
        return (), np.zeros(len(table), dtype=np.int64)
    found = POOLED.fullmatch(pool.replace(" ", ""))
    if found is None:
        table.require(pool)
        names, code = np.unique(table.text(pool), return_inverse=True)
    else:
        table.require(found["name"])
        number = table.numbers(found["name"]) - float(found["from"] or 0)
        names, code = np.unique((number % int(found["many"])).astype(int), return_inverse=True)
    return tuple(map(str, names)), code


def check(reports: Reports) -> None:
    if len(np.unique(reports.time)) < FEWEST_PERIODS:
        raise Declined(Reason.TOO_FEW_POINTS)
    if reports.counts.upper.sum() < FEWEST_EVENTS:
        raise Declined(Reason.TOO_FEW_EVENTS)
