"""How many people live where, and how that number was come by."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, reduce
from pathlib import Path

from lagesbild.core.figures import TOTAL, Key
from lagesbild.core.region import Geography, Level

from .fact import BrokenFact, Row, rows, unique

YEARS = range(2012, 2025)


class Status(StrEnum):
    """From firm to soft. An interpolated number is never shown as observed."""

    OBSERVED = "observed"
    ROUNDED = "rounded"
    RESIDUAL = "residual"
    INTERPOLATED = "interpolated"


@dataclass(frozen=True)
class People:
    """Inhabitants on 31 December. A sum is as soft as its softest part."""

    number: int
    status: Status
    source: str

    def __add__(self, other: "People") -> "People":
        softer = max(self, other, key=lambda people: list(Status).index(people.status))
        return People(self.number + other.number, softer.status, softer.source)


@dataclass(frozen=True)
class Population:
    """Inhabitants of every place by year, and of every county by age group in 2020."""

    totals: Mapping[tuple[str, int], People]
    ages: Mapping[tuple[str, int, str], People]
    five_year_ages: Mapping[tuple[str, int, str], People]

    def at(self, region: str, year: int) -> People | None:
        """Inhabitants on 31 December of the year; None where nothing is known."""
        return self.totals.get((region, year))

    def behind(self, key: Key) -> float:
        """About how many people a cell is drawn from: inhabitants of its place in its year, sex and age.

        An estimate where sex or age is given: half, and the county's share of the age in 2020 (the smallest
        of any county for places above them). Nobody, where nothing is known of such a group.
        """
        year = min(max(int(key.period[:4]), YEARS[0]), YEARS[-1])
        people = self.at(key.region, year)
        half = 1.0 if key.sex == TOTAL else 0.5
        return 0.0 if people is None else people.number * half * self._share(key.region, key.age)

    def _share(self, region: str, age: str) -> float:
        """The part of a place's inhabitants that are of an age group."""
        return 1.0 if age == TOTAL else self._shares.get((region[:2], age), self._smallest.get(age, 0.0))

    @cached_property
    def _shares(self) -> Mapping[tuple[str, str], float]:
        """By county and age group."""
        return {
            (county, age): people.number / self.totals[county, year].number
            for (county, year, age), people in self.ages.items()
        }

    @cached_property
    def _smallest(self) -> Mapping[str, float]:
        """By age group: the smallest share in any county."""
        ages = {age for _, age in self._shares}
        return {age: min(share for (_, each), share in self._shares.items() if each == age) for age in ages}

    def of_age(self, region: str, year: int, age: str) -> People | None:
        """Inhabitants of an age group (0-17, 18-24, 25-44, 45-64, 65+), known for counties in 2020."""
        return self.ages.get((region, year, age))


def read_population(folder: Path, geography: Geography) -> Population:
    """Municipal numbers, summed to every larger place; the counties' own table must agree."""
    totals = _municipal(folder, geography)
    sums: dict[tuple[str, int], list[People]] = defaultdict(list)
    for (code, year), people in totals.items():
        for larger in geography[code].within:
            sums[larger, year].append(people)
    totals |= {key: reduce(People.__add__, parts) for key, parts in sums.items()}
    _counties_agree(folder, totals)
    ages = _by_age(folder, "population_county_age.csv", geography)
    return Population(totals, ages, _by_age(folder, "population_county_age5.csv", geography))


def _municipal(folder: Path, geography: Geography) -> dict[tuple[str, int], People]:
    found = rows(folder, "population_municipality.csv", "region year people status source_id")
    unique(found, "region", "year")
    known = {region.code for region in geography.at(Level.MUNICIPALITY)}
    for row in found:
        row.require(row.text("region") in known, "the municipality is known")
    totals = {(row.text("region"), row.whole("year")): _people(row) for row in found}
    if totals.keys() != {(code, year) for code in known for year in YEARS}:
        raise BrokenFact("population_municipality.csv", None, "every municipality has every year")
    return totals


def _counties_agree(folder: Path, totals: Mapping[tuple[str, int], People]) -> None:
    found = rows(folder, "population_county.csv", "region year people status")
    unique(found, "region", "year")
    for row in found:
        summed = totals.get((row.text("region"), row.whole("year")))
        row.require(
            summed is not None
            and (summed.number, summed.status) == (row.whole("people"), row.text("status")),
            "the county is the sum of its municipalities, and as firm",
        )


def _by_age(folder: Path, file: str, geography: Geography) -> dict[tuple[str, int, str], People]:
    found = rows(folder, file, "region year age people status source_id")
    unique(found, "region", "year", "age")
    counties = {region.code for region in geography.at(Level.COUNTY)}
    for row in found:
        row.require(row.text("region") in counties, "the county is known")
    return {(row.text("region"), row.whole("year"), row.text("age")): _people(row) for row in found}


def _people(row: Row) -> People:
    status, number = row.text("status"), row.whole("people")
    row.require(status in list(Status), "the status is observed, rounded, residual or interpolated")
    row.require(number > 0, "a place has inhabitants")
    return People(number, Status(status), row.text("source_id"))
