"""One indicator's reported cells and every margin that they give: over ages, sexes, periods and places."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import permutations
from typing import NamedTuple

from lagesbild.core.figures import TOTAL, Key, Origin, State
from lagesbild.core.indicator import Indicator
from lagesbild.core.period import Frequency, Period
from lagesbild.core.region import Geography, Level
from lagesbild.inside.counts import Counts

PARTS_OF = {
    Level.COUNTY: (Level.MUNICIPALITY,),
    Level.SKR_GROUP: (Level.MUNICIPALITY,),
    Level.POLICE_REGION: (Level.COUNTY,),
    Level.NATION: (Level.COUNTY, Level.POLICE_REGION),
}
"""What a larger place is summed from; the first level that anything is known of."""


class Cell(NamedTuple):
    """A number of one indicator. `rest`, where not empty, says that it is not shown anywhere: it is what a
    reported total holds beyond its reported parts in that dimension, and an outsider can work it out."""

    indicator: str
    key: Key
    rest: str = ""


class Sum(NamedTuple):
    """total = sum of parts."""

    total: Cell
    parts: tuple[Cell, ...]


@dataclass(frozen=True, repr=False)
class Margins:
    """Unprotected cells of one indicator with their sums. `coverage`: how many municipalities a total of a
    larger place and period adds up. `not_applicable`: cells that can hold nothing, as everyone knows."""

    indicator: Indicator
    origin: Origin
    values: Mapping[Cell, int]
    sums: Sequence[Sum]
    coverage: Mapping[tuple[str, str], int]
    not_applicable: frozenset[Key]


def margins(counts: Counts, indicator: Indicator, geography: Geography) -> Margins:
    """Every cell that can be published of an indicator. Totals add up what was reported, never more."""
    adding = _Adding(indicator.code)
    for key, cell in counts.cells():
        if isinstance(cell, int):
            adding.show(key, cell)
        elif cell is State.NOT_APPLICABLE:
            adding.not_applicable.add(key)
    if indicator.protection.applies:
        _over_ages(adding, indicator.ages)
        _over_sexes(adding, indicator.sexes)
        _over_periods(adding, indicator.sums_over_time)
        _over_places(adding, geography)
    return Margins(
        indicator,
        counts.origin,
        adding.values,
        adding.sums,
        adding.coverage,
        frozenset(adding.not_applicable),
    )


@dataclass
class _Adding:
    """The cells so far. `known`: those with a value, by key, so that none is made to look for it."""

    indicator: str
    values: dict[Cell, int] = field(default_factory=dict)
    known: dict[Key, Cell] = field(default_factory=dict)
    sums: list[Sum] = field(default_factory=list)
    coverage: dict[tuple[str, str], int] = field(default_factory=dict)
    not_applicable: set[Key] = field(default_factory=set)

    def shown(self) -> list[Key]:
        return list(self.known)

    def show(self, key: Key, value: int) -> Cell:
        """Take the cell in, unless it was reported; either way, it."""
        if key not in self.known:
            cell = self.known[key] = Cell(self.indicator, key)
            self.values[cell] = value
        return self.known[key]

    def bind(self, total: Key, parts: Sequence[Key], dimension: str, make: bool) -> None:
        """Add the sum. `make`: a total that was not reported is made when its parts are complete."""
        found = self.among(parts)
        complete = len(found) == len(parts) or self.complete(parts)
        if not found or (total not in self.known and not (make and complete)):
            return
        sum_of_parts = self.sum(found)
        cell = self.show(total, sum_of_parts)
        beyond = self.values[cell] - sum_of_parts
        if not complete or beyond:
            rest = Cell(self.indicator, total, dimension)
            self.values[rest] = beyond
            found.append(rest)
        self.sums.append(Sum(cell, tuple(found)))

    def among(self, keys: Iterable[Key]) -> list[Cell]:
        """Those of the cells that have a value."""
        return [self.known[key] for key in keys if key in self.known]

    def complete(self, keys: Sequence[Key]) -> bool:
        """Whether each is known, or can hold nothing."""
        return all(key in self.known or key in self.not_applicable for key in keys)

    def sum(self, cells: Iterable[Cell]) -> int:
        return sum(self.values[cell] for cell in cells)


def _over_ages(adding: _Adding, ages: Sequence[str]) -> None:
    parts = [age for age in ages if age != TOTAL]
    for place, period, sex in dict.fromkeys(key[:3] for key in adding.shown()):
        adding.bind(
            Key(place, period, sex, TOTAL), [Key(place, period, sex, age) for age in parts], "age", make=True
        )


def _over_sexes(adding: _Adding, sexes: Sequence[str]) -> None:
    parts = [sex for sex in sexes if sex != TOTAL]
    for place, period, age in dict.fromkeys((*key[:2], key.age) for key in adding.shown()):
        adding.bind(
            Key(place, period, TOTAL, age), [Key(place, period, sex, age) for sex in parts], "sex", make=True
        )


def _over_periods(adding: _Adding, sums_over_time: bool) -> None:
    """Years are made from shorter periods; longer periods that were reported are bound to their parts.

    Persons met in two half-years may be the same, so a year of persons is never made from halves.
    """
    reported = {Period.parse(code).frequency for code in {key.period for key in adding.shown()}}
    for longer, shorter in permutations(Frequency, 2):
        if shorter not in reported:
            continue
        make = sums_over_time and longer is Frequency.YEAR
        for key in dict.fromkeys(
            Key(key.region, _within(key.period, longer), key.sex, key.age) for key in adding.shown()
        ):
            parts = [Key(key.region, part, key.sex, key.age) for part in _parts(key.period, longer, shorter)]
            if parts and (make or _adds_up(adding, key, parts)):
                adding.bind(key, parts, f"period {shorter}", make)


@cache
def _parts(code: str, longer: Frequency, shorter: Frequency) -> tuple[str, ...]:
    """The shorter periods that make up a longer one; none where the code's is of another frequency."""
    period = Period.parse(code)
    return tuple(part.code for part in period.parts(shorter)) if period.frequency is longer else ()


@cache
def _within(code: str, longer: Frequency) -> str:
    """The period of that frequency in which the code's lies; its own where there is none."""
    period = Period.parse(code)
    year = Period(period.year)
    around = [year] if longer is Frequency.YEAR else list(year.parts(longer))
    return next((each.code for each in around if period.start in each and each.end >= period.end), code)


def _adds_up(adding: _Adding, total: Key, parts: Sequence[Key]) -> bool:
    return total in adding.known and adding.sum(adding.among(parts)) <= adding.values[adding.known[total]]


def _over_places(adding: _Adding, geography: Geography) -> None:
    for level, below in PARTS_OF.items():
        keys_of: dict[str, list[Key]] = {}
        for key in adding.shown():
            keys_of.setdefault(key.region, []).append(key)
        for place in geography.at(level):
            for smaller in below:
                members = {
                    region.code: keys_of.get(region.code, [])
                    for region in geography.members(place.code, smaller)
                }
                if any(members.values()):
                    _over_place(adding, place.code, members, geography)
                    break


def _over_place(
    adding: _Adding, place: str, members: Mapping[str, Sequence[Key]], geography: Geography
) -> None:
    """Bind the place's cells to those of its members that have any."""
    groups: dict[Key, list[Key]] = {}
    for key in (key for keys in members.values() for key in keys):
        groups.setdefault(Key(place, *key[1:]), []).append(key)
    for total, found in groups.items():
        reported = total in adding.known
        parts = [Key(member, *total[1:]) for member in members] if reported else found
        adding.bind(total, parts, "region", make=True)
        if not reported and (total.sex, total.age) == (TOTAL, TOTAL):
            adding.coverage[place, total.period] = sum(
                _municipalities(adding, key, geography) for key in found
            )


def _municipalities(adding: _Adding, key: Key, geography: Geography) -> int:
    """How many municipalities stand behind a cell: itself, those it adds up, or all where it was reported."""
    if geography[key.region].level is Level.MUNICIPALITY:
        return 1
    everyone = len(geography.members(key.region))
    return adding.coverage.get((key.region, key.period), everyone)
