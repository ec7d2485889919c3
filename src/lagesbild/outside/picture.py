"""What is known of one place, as a frozen value: the page, the card, the report and the text all show this.

A picture holds values and reasons, never words or markup, and depends on released cells and facts alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from lagesbild.core.figures import Origin, State
from lagesbild.core.indicator import Indicator, Kind
from lagesbild.core.region import NATION, Level, Region
from lagesbild.outside.known.alike import Likeness
from lagesbild.outside.known.answers import QUESTIONS, Answered, answer
from lagesbild.outside.known.effects import Effect
from lagesbild.outside.known.expected import Expected
from lagesbild.outside.known.readings import Reading, Series
from lagesbild.outside.known.trend import Trend
from lagesbild.outside.material import Material
from lagesbild.reference import LocalMeasure, Measure
from lagesbild.reference.first_picture import KnowledgeSource
from lagesbild.reference.population import People

EFFORT = ("D01", "D02", "D03", "D04")
"""Figures that mirror police effort; they never stand without that sentence and the joint shifts."""
SHIFTS = "R06"
EXTENT = ("D01", "E03", "D05", "D11", "E01", "E05", "E07", "E06", "E09", "D03")
"""What the first screen speaks of: the first of these that the place has a figure for."""
COST = "R11"


@dataclass(frozen=True)
class Compared:
    """The headline figure of another place beside one's own."""

    kind: Literal["county", "group", "country", "neighbour", "both", "alike"]
    place: Region
    reading: Reading | None
    verdict: str | None


@dataclass(frozen=True)
class Done:
    """One question about what is done, and the answer in the release."""

    indicator: Indicator
    reading: Reading | None
    answer: Answered


@dataclass(frozen=True)
class Picture:
    """Everything the pages of one place say."""

    place: Region
    county: Region | None
    group: Region | None
    police: Region | None
    people: People
    people_year: int
    headline: Reading | None
    series: Series
    trend: Trend | None
    compared: tuple[Compared, ...]
    shifts: Reading | None
    sources: Mapping[str, State]
    done: tuple[Done, ...]
    cost: Reading | None
    readings: Mapping[str, Series]
    neighbours: tuple[Region, ...]
    alike: tuple[Likeness, ...]
    local_measures: tuple[tuple[Measure, LocalMeasure], ...]
    effect: Effect | None
    expected: tuple[Expected, ...]

    @property
    def known(self) -> State:
        """A value anywhere before a protected cell before nothing: what the map "who has a picture" shows."""
        return best([reading.state for series in self.readings.values() for reading in series])

    @property
    def has(self) -> tuple[Done, ...]:
        return tuple(each for each in self.done if each.answer in ("yes", "partly"))

    @property
    def unanswered(self) -> tuple[Done, ...]:
        return tuple(each for each in self.done if each.answer in ("unknown", "protected"))

    @property
    def shows_effort(self) -> bool:
        return self.headline is not None and self.headline.indicator in EFFORT

    @property
    def origin(self) -> Origin:
        origins = {reading.origin for series in self.readings.values() for reading in series}
        return "example" if "example" in origins else "reported"


def best(states: Sequence[State]) -> State:
    order = (State.VALUE, State.PROTECTED, State.NO_PICTURE, State.NOT_APPLICABLE)
    return next((state for state in order if state in states), State.NO_PICTURE)


def picture(material: Material, code: str) -> Picture:
    """The picture of one municipality, county or the country."""
    geography, readings = material.reference.geography, material.readings
    place = geography[code]
    headline = _headline(material, code)
    series = readings.of(headline.indicator, code) if headline else ()
    year, people = material.newest_people(code)
    county = geography.larger(code, Level.COUNTY)
    group = geography.larger(code, Level.SKR_GROUP)
    neighbours = tuple(geography[other] for other in geography.neighbours.get(code, ()))
    alike = material.alike.get(code, ())
    return Picture(
        place=place,
        county=county,
        group=group,
        police=geography.larger(code, Level.POLICE_REGION),
        people=people,
        people_year=year,
        headline=headline,
        series=series,
        trend=material.trends.get((headline.indicator, code)) if headline else None,
        compared=compare(material, headline) if headline else (),
        shifts=readings.latest(SHIFTS, code),
        sources={
            source.code: readings.status(_counted(material, source), code)
            for source in material.reference.first_picture.sources
        },
        done=tuple(_done(material, each, code) for each in QUESTIONS if each in material.indicators),
        cost=readings.latest(COST, code),
        readings={each: readings.of(each, code) for each in material.reported if readings.of(each, code)},
        neighbours=neighbours,
        alike=alike,
        local_measures=tuple(
            (material.measure(local.measure), local)
            for local in material.reference.local_measures
            if local.region == code
        ),
        effect=material.effects.get(code),
        expected=material.expected[code],
    )


def focused(material: Material, shown: Picture, code: str) -> Picture:
    """The same place with another of its figures at the head."""
    headline = material.readings.latest(code, shown.place.code)
    return replace(
        shown,
        headline=headline,
        series=shown.readings[code],
        trend=material.trends.get((code, shown.place.code)),
        compared=compare(material, headline) if headline else (),
    )


def _counted(material: Material, source: KnowledgeSource) -> list[str]:
    """A source's figures, without the coded answers on what an organisation does."""
    known = material.indicators
    return [code for code in source.indicators if code in known and known[code].kind is not Kind.CATEGORY]


def _headline(material: Material, code: str) -> Reading | None:
    latest = [found for each in EXTENT if (found := material.readings.latest(each, code)) is not None]
    for state in (State.VALUE, State.PROTECTED):
        chosen = next((reading for reading in latest if reading.state is state), None)
        if chosen:
            return chosen
    return None


def compare(material: Material, own: Reading) -> tuple[Compared, ...]:
    """The same figure of the same period in the larger places, the neighbours and the most alike."""
    geography, code = material.reference.geography, own.region
    larger: list[tuple[Literal["county", "group", "country"], Region | None]] = [
        ("county", geography.larger(code, Level.COUNTY)),
        ("group", geography.larger(code, Level.SKR_GROUP)),
        ("country", geography[NATION] if code != NATION else None),
    ]
    near = [geography[other] for other in geography.neighbours.get(code, ())]
    alike = [each.place for each in material.alike.get(code, ())]
    return (
        *(Compared(kind, place, *_beside(material, own, place)) for kind, place in larger if place),
        *(
            Compared("both" if place in alike else "neighbour", place, *_beside(material, own, place))
            for place in near
        ),
        *(Compared("alike", place, *_beside(material, own, place)) for place in alike if place not in near),
    )


def _beside(material: Material, own: Reading, place: Region) -> tuple[Reading | None, str | None]:
    """The other place's figure of the same period, and whether one's own lies below, above or about there."""
    other = material.readings.at(own.indicator, place.code, own.period)
    if other is None or other.estimate is None or own.estimate is None:
        return other, None
    return other, own.estimate.against(other.estimate)


def _done(material: Material, indicator: str, code: str) -> Done:
    reading = material.readings.latest(indicator, code)
    return Done(material.indicators[indicator], reading, answer(material.indicators[indicator], reading))
