"""Released cells made readable: count, state, rate with limits, and how much of the place it covers.

All is computed from released cells and reference data; a rate stands only beside a released count.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lagesbild.analysis.rate import rates
from lagesbild.core.figures import Figures, Key, Origin, State
from lagesbild.core.indicator import Break, Indicator
from lagesbild.core.period import Frequency, Period
from lagesbild.core.region import Geography, Level
from lagesbild.reference import Reference
from lagesbild.reference.population import People
from lagesbild.release.contents import Release

LEVELS = (0.80, 0.95)


@dataclass(frozen=True)
class Estimate:
    """A rate per `per` inhabitants with 80 and 95 per cent limits, and the inhabitants it is counted on."""

    value: float
    band80: tuple[float, float]
    band95: tuple[float, float]
    per: int
    people: People

    def against(self, other: "Estimate") -> str:
        """ "lower", "higher" or "like": whether the 95 per cent limits of this one leave the other out."""
        if self.band95[1] < other.value:
            return "lower"
        return "higher" if self.band95[0] > other.value else "like"


@dataclass(frozen=True)
class Coverage:
    """A larger place's total is the sum of this many of its municipalities; it is never scaled up."""

    reported: int
    of: int

    @property
    def whole(self) -> bool:
        return self.reported == self.of


@dataclass(frozen=True)
class Reading:
    """One released cell (total of sexes and ages) with what a reader needs beside it."""

    indicator: str
    region: str
    period: str
    state: State
    count: int | None
    estimate: Estimate | None
    coverage: Coverage | None
    origin: Origin
    after_break: tuple[Break, ...] = ()

    @property
    def shown(self) -> bool:
        return self.state is State.VALUE

    @property
    def year(self) -> int:
        return Period.parse(self.period).year


Series = tuple[Reading, ...]


@dataclass(frozen=True)
class Readings:
    """All series of a release, by indicator and place, in the frequency that the pages speak of."""

    series: Mapping[tuple[str, str], Series]

    def of(self, indicator: str, region: str) -> Series:
        return self.series.get((indicator, region), ())

    def at(self, indicator: str, region: str, period: str) -> Reading | None:
        return next((each for each in self.of(indicator, region) if each.period == period), None)

    def latest(self, indicator: str, region: str) -> Reading | None:
        """The latest shown cell; else the latest protected one; else the latest of any state."""
        found = self.of(indicator, region)
        for wanted in (State.VALUE, State.PROTECTED):
            chosen = [reading for reading in found if reading.state is wanted]
            if chosen:
                return chosen[-1]
        return found[-1] if found else None

    def status(self, indicators: Iterable[str], region: str) -> State:
        """What is known of a place from several indicators: a value before protected before no picture."""
        states = {reading.state for code in indicators for reading in self.of(code, region)}
        for state in (State.VALUE, State.PROTECTED, State.NOT_APPLICABLE):
            if state in states:
                return state
        return State.NO_PICTURE

    @cached_property
    def indicators(self) -> tuple[str, ...]:
        return tuple(sorted({indicator for indicator, _ in self.series}))


def read(release: Release, reference: Reference) -> Readings:
    """Every series of the release."""
    found: dict[tuple[str, str], Series] = {}
    for code, figures in sorted(release.figures.items()):
        indicator = release.indicators[code]
        periods = spoken_periods(figures)
        for region, series in _of_indicator(indicator, figures, periods, reference):
            found[code, region] = series
    return Readings(found)


def spoken_periods(figures: Figures) -> tuple[Period, ...]:
    """The years where there are any, otherwise the finest periods: one frequency for one series."""
    known = sorted(Period.parse(code) for code in figures.periods)
    years = tuple(period for period in known if period.frequency is Frequency.YEAR)
    if years or not known:
        return years
    finest = min(period.frequency.months for period in known)
    return tuple(period for period in known if period.frequency.months == finest)


def _of_indicator(
    indicator: Indicator, figures: Figures, periods: tuple[Period, ...], reference: Reference
) -> Iterator[tuple[str, Series]]:
    geography = reference.geography
    regions = [region for region in figures.regions if region in geography]
    cells = [(region, period) for region in regions for period in periods]
    estimates = _estimates(indicator, figures, cells, reference)
    for region in regions:
        yield (
            region,
            tuple(
                _reading(
                    indicator,
                    figures,
                    region,
                    place,
                    periods,
                    estimates.get((region, periods[place])),
                    geography,
                )
                for place in range(len(periods))
            ),
        )


def _reading(
    indicator: Indicator,
    figures: Figures,
    region: str,
    place: int,
    periods: tuple[Period, ...],
    estimate: Estimate | None,
    geography: Geography,
) -> Reading:
    period = periods[place]
    figure = figures[Key(region, period.code)]
    return Reading(
        indicator.code,
        region,
        period.code,
        figure.state,
        figure.value,
        estimate,
        coverage(figures, region, period.code, geography),
        figures.origin,
        breaks_between(indicator, periods[place - 1], period) if place else (),
    )


def breaks_between(indicator: Indicator, before: Period, after: Period) -> tuple[Break, ...]:
    """The breaks after which these two periods no longer measure the same thing."""
    return tuple(each for each in indicator.breaks if before.start < each.day < after.end)


def coverage(figures: Figures, region: str, period: str, geography: Geography) -> Coverage | None:
    """How many municipalities a total sums, where the release says so."""
    reported = figures.coverage.get(Key(region, period))
    if reported is None or geography[region].level is Level.MUNICIPALITY:
        return None
    return Coverage(reported, len(geography.members(region)))


def _estimates(
    indicator: Indicator, figures: Figures, cells: list[tuple[str, Period]], reference: Reference
) -> dict[tuple[str, Period], Estimate]:
    if indicator.rate is None:
        return {}
    asked: list[tuple[tuple[str, Period], int, People]] = []
    for region, period in cells:
        figure = figures[Key(region, period.code)]
        people = denominator(indicator, figures, region, period, reference)
        if figure.value is not None and people is not None:
            asked.append(((region, period), figure.value, people))
    if not asked:
        return {}
    counts = np.array([count for _, count, _ in asked], dtype=float)
    numbers = np.array([people.number for _, _, people in asked], dtype=float)
    found = rates(counts, numbers, float(indicator.rate.per), LEVELS)
    return {
        cell: Estimate(
            float(found.value[i]),
            (float(found.lower[0][i]), float(found.upper[0][i])),
            (float(found.lower[1][i]), float(found.upper[1][i])),
            indicator.rate.per,
            people,
        )
        for i, (cell, _, people) in enumerate(asked)
    }


def denominator(
    indicator: Indicator, figures: Figures, region: str, period: Period, reference: Reference
) -> People | None:
    """The inhabitants that the count belongs to: for a sum of some municipalities, theirs alone.

    None where the period is no year, or where the release does not tell which municipalities reported.
    """
    rate = indicator.rate
    if rate is None or period.frequency is not Frequency.YEAR:
        return None
    year = period.year - rate.lag
    known = coverage(figures, region, period.code, reference.geography)
    if known is None or known.whole:
        return reference.population.at(region, year)
    reporting = [
        place.code
        for place in reference.geography.members(region)
        if figures[Key(place.code, period.code)].state in (State.VALUE, State.PROTECTED)
    ]
    people = [reference.population.at(code, year) for code in reporting]
    present = [each for each in people if each is not None]
    if len(reporting) != known.reported or len(present) != len(people) or not present:
        return None
    total = present[0]
    for each in present[1:]:
        total = total + each
    return total
