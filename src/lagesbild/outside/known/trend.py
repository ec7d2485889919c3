"""Whether a series rises or falls: the verdict of the statistics, never across a break in the series."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from lagesbild.analysis.trend.verdict import POINTS, Trends, Verdict
from lagesbild.analysis.trend.verdict import trend as judge
from lagesbild.core.period import Period
from lagesbild.core.region import Geography, Level
from lagesbild.outside.known.readings import Reading, Readings, Series

Word = Literal["rises", "falls", "steady", "few"]
WORDS: Mapping[str, Word] = {
    Verdict.RISING: "rises",
    Verdict.FALLING: "falls",
    Verdict.NO_CLEAR_TREND: "steady",
    Verdict.CANNOT_TELL: "few",
}


@dataclass(frozen=True)
class Trend:
    """The verdict on the latest points, the years they span, and the change a year over the whole stretch.

    `yearly` and `band95` are shares (-0.05 is five per cent down a year); None where not estimated.
    """

    word: Word
    first: int
    last: int
    points: Series
    yearly: float | None
    band95: tuple[float, float] | None


def trends(readings: Readings, geography: Geography) -> dict[tuple[str, str], Trend]:
    """The verdict on every series with rates; municipalities are judged together, larger places together."""
    found: dict[tuple[str, str], Trend] = {}
    for indicator in readings.indicators:
        for local in (True, False):
            regions = [
                region
                for code, region in readings.series
                if code == indicator and (geography[region].level is Level.MUNICIPALITY) is local
            ]
            stretches = {region: stretch(readings.of(indicator, region)) for region in regions}
            rated = {region: points for region, points in stretches.items() if points}
            found |= {(indicator, region): verdict for region, verdict in _judged(rated)}
    return found


def stretch(series: Series) -> Series:
    """The rates of the latest stretch between breaks that is long enough to judge, else of the longest.

    Totals of larger places are judged only over periods in which as many municipalities have reported as in
    the last one: otherwise newcomers would look like a change.
    """
    parts = [_alike(tuple(each for each in part if each.estimate)) for part in _between_breaks(series)]
    long = [part for part in parts if len(part) >= POINTS]
    return long[-1] if long else max(reversed(parts), key=len, default=())


def _alike(points: Series) -> Series:
    if not points or points[-1].coverage is None:
        return points
    return tuple(
        each for each in points if each.coverage and each.coverage.reported == points[-1].coverage.reported
    )


def _between_breaks(series: Series) -> Iterator[Series]:
    start = 0
    for place, reading in enumerate(series):
        if reading.after_break:
            yield series[start:place]
            start = place
    yield series[start:]


def _judged(rated: Mapping[str, Series]) -> Iterator[tuple[str, Trend]]:
    if not rated:
        return
    times = sorted({_time(reading) for points in rated.values() for reading in points})
    if len(times) < 2:
        yield from ((region, _few(points)) for region, points in rated.items())
        return
    counts = np.full((len(rated), len(times)), np.nan)
    people = np.full(counts.shape, np.nan)
    for row, points in enumerate(rated.values()):
        for reading in points:
            column = times.index(_time(reading))
            counts[row, column] = np.nan if reading.count is None else reading.count
            people[row, column] = np.nan if reading.estimate is None else reading.estimate.people.number
    with np.errstate(invalid="ignore"):  # a series of zeros has no standard error, and gets no verdict
        judged = judge(counts, people, np.array(times))
    for row, (region, points) in enumerate(rated.items()):
        yield region, _trend(points, judged, row)


def _time(reading: Reading) -> float:
    period = Period.parse(reading.period)
    return period.year + (period.start.month - 1) / 12


def _few(points: Series) -> Trend:
    return Trend("few", points[0].year, points[-1].year, points, None, None)


def _trend(points: Series, judged: Trends, row: int) -> Trend:
    word = WORDS[str(judged.verdict[row])]
    if word == "few":
        return _few(points)
    recent = points[-POINTS:]
    slope, low, high = (float(side[row]) / 100 for side in (judged.slope, judged.lower, judged.upper))
    known = bool(np.isfinite([slope, low, high]).all())
    return Trend(
        word,
        recent[0].year,
        recent[-1].year,
        points,
        slope if known else None,
        (low, high) if known else None,
    )
