"""Everything a page may depend on: verified releases, reference data, and what is computed from them once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from lagesbild.core.figures import Origin, State
from lagesbild.core.indicator import Indicator
from lagesbild.core.region import NATION, Level, Region
from lagesbild.outside.drawing.maps import METROPOLITAN, Outlines, Tiles, outlines, tile
from lagesbild.outside.known.alike import NEAREST, Likeness, most_alike
from lagesbild.outside.known.answers import QUESTIONS, answer
from lagesbild.outside.known.effects import Effect, effects
from lagesbild.outside.known.expected import Expected, expected
from lagesbild.outside.known.readings import Readings, read
from lagesbild.outside.known.revised import Revised, revised
from lagesbild.outside.known.trend import Trend, trends
from lagesbild.reference import Measure, Reference
from lagesbild.reference.geometry import country, part
from lagesbild.reference.population import People
from lagesbild.release.contents import Release

YEARS_BACK = range(2030, 2011, -1)


@dataclass(frozen=True)
class Material:
    """The newest release with all before it (oldest first), and the reference data.

    `sealed`: the very files of each release by its number, for handing on unchanged.
    """

    releases: tuple[Release, ...]
    reference: Reference
    sealed: Mapping[str, Mapping[str, bytes]] = field(default_factory=dict)

    @property
    def release(self) -> Release:
        return self.releases[-1]

    @cached_property
    def readings(self) -> Readings:
        return read(self.release, self.reference)

    @cached_property
    def reported(self) -> tuple[str, ...]:
        """The indicators that the release has anything of."""
        return self.readings.indicators

    @cached_property
    def indicators(self) -> Mapping[str, Indicator]:
        """The catalogue, in the words that the release carries where it has the indicator."""
        return {**self.reference.indicators, **self.release.indicators}

    @cached_property
    def trends(self) -> Mapping[tuple[str, str], Trend]:
        return trends(self.readings, self.reference.geography)

    @cached_property
    def effects(self) -> Mapping[str, Effect]:
        return effects(self.readings, self.reference, self.indicators)

    @cached_property
    def expected(self) -> Mapping[str, tuple[Expected, ...]]:
        return expected(self.reference)

    @cached_property
    def revised(self) -> Mapping[tuple[str, str], tuple[Revised, ...]]:
        return revised(self.releases)

    @cached_property
    def by_likeness(self) -> Mapping[str, tuple[Likeness, ...]]:
        """All other municipalities, the most alike first."""
        return most_alike(self.reference)

    @cached_property
    def alike(self) -> Mapping[str, tuple[Likeness, ...]]:
        """The seven most alike of every municipality."""
        return {code: found[:NEAREST] for code, found in self.by_likeness.items()}

    @cached_property
    def known(self) -> Mapping[str, State]:
        """For each municipality whether anything is known of it: the map "who has a picture"."""
        codes = self.reported
        return {place.code: self.readings.status(codes, place.code) for place in self.municipalities}

    @cached_property
    def sheets(self) -> Mapping[str, Outlines]:
        """The country (two sizes) and each county, drawn once for all pages."""
        geography = self.reference.geography
        found = {NATION: outlines(country())}
        for county in self.counties:
            codes = frozenset(place.code for place in geography.members(county.code))
            found[county.code] = outlines(part(codes, 420))
        return found | {name: outlines(part(frozenset(codes), 260)) for name, codes in METROPOLITAN.items()}

    @cached_property
    def tiles(self) -> Tiles:
        spots = self.reference.spots
        return tile({code: (spot.longitude, spot.latitude) for code, spot in spots.items()})

    def measures_of(self, code: str) -> int:
        """How many of the common measures a municipality has told that it has, wholly or in part."""
        return sum(
            answer(self.indicators[each], self.readings.latest(each, code)) in ("yes", "partly")
            for each in QUESTIONS
            if each in self.indicators
        )

    def has_told(self, code: str) -> bool:
        """Whether a municipality has answered any of the questions about what it does."""
        return self.readings.status(QUESTIONS, code) is State.VALUE

    @property
    def municipalities(self) -> tuple[Region, ...]:
        return self.reference.geography.at(Level.MUNICIPALITY)

    @property
    def counties(self) -> tuple[Region, ...]:
        return self.reference.geography.at(Level.COUNTY)

    @property
    def nation(self) -> Region:
        return self.reference.geography[NATION]

    @cached_property
    def has_examples(self) -> bool:
        return any(figures.origin == "example" for figures in self.release.figures.values())

    @property
    def origin(self) -> Origin:
        return "example" if self.has_examples else "reported"

    def newest_people(self, code: str) -> tuple[int, People]:
        """The latest inhabitants known of a place, and the year."""
        for year in YEARS_BACK:
            people = self.reference.population.at(code, year)
            if people is not None:
                return year, people
        raise KeyError(code)

    def measure(self, code: str) -> Measure:
        return next(measure for measure in self.reference.measures if measure.code == code)

    def prepare(self) -> "Material":
        """Compute what all pages share, so that the worker processes inherit it."""
        _ = (
            self.readings,
            self.reported,
            self.has_examples,
            self.indicators,
            self.trends,
            self.alike,
            self.known,
            self.effects,
            self.expected,
            self.revised,
            self.sheets,
            self.tiles,
        )
        return self
