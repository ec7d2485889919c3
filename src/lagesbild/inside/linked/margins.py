"""One indicator's reported cells and every margin that they give: over ages, sexes, periods and places."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from lagesbild.core.figures import TOTAL, Key, Origin, State
from lagesbild.core.indicator import Indicator
from lagesbild.core.period import Period
from lagesbild.core.region import Geography, Level
from lagesbild.inside.counts import Counts

from .calendar import parts_of
from .crossed import crossed

Dimension = Literal["region", "period", "sex", "age"]

PARTS_OF = {
    Level.COUNTY: (Level.MUNICIPALITY,),
    Level.SKR_GROUP: (Level.MUNICIPALITY,),
    Level.POLICE_REGION: (Level.COUNTY,),
    Level.NATION: (Level.COUNTY, Level.POLICE_REGION, Level.SKR_GROUP),
}
"""What a larger place is summed from. The first level holds all of the others, unless they were reported."""


ASSUMED = "assumed"


class Cell(NamedTuple):
    """A number of one indicator. `rest`, where not empty, says that it is what a total holds beyond its known
    parts in that dimension. It is shown nowhere, and an outsider can work it out."""

    indicator: str
    key: Key
    rest: str = ""

    @property
    def assumed(self) -> bool:
        """Whether its count is only one that could be behind those that are known."""
        return self.rest.startswith(ASSUMED)


class Sum(NamedTuple):
    """total = sum of parts."""

    total: Cell
    parts: tuple[Cell, ...]


@dataclass(frozen=True, repr=False)
class Margins:
    """Unprotected cells of one indicator with their sums. `coverage`: how many municipalities a number of a
    larger place adds up. `not_applicable`: cells that can hold nothing, as everyone knows. `unshown`: parts
    that were not reported and follow from their total; like rests they have no place in the table. One that
    stands for several parts has their codes joined by +. `too_small`: totals that are less than their parts,
    and are not bound to them. `behind`: the municipalities behind a number that does not count its whole
    place: a sum of some of them, or what a total holds beyond some. `guarded`: small numbers are hidden."""

    indicator: Indicator
    origin: Origin
    values: Mapping[Cell, int]
    sums: Sequence[Sum]
    coverage: Mapping[Key, int]
    not_applicable: frozenset[Key]
    unshown: frozenset[Cell] = frozenset()
    too_small: Sequence[Key] = ()
    behind: Mapping[Cell, frozenset[str]] = field(default_factory=dict)
    guarded: bool = True


def margins(counts: Counts, indicator: Indicator, geography: Geography, *, guarded: bool = False) -> Margins:
    """Every cell that can be published of an indicator. Totals add up what was reported, never more.

    `guarded`: small numbers are protected also where today's rule asks for nothing.
    """
    guarded = guarded or indicator.protection.applies
    adding = _Adding(indicator.code, geography)
    for key, cell in counts.cells():
        if isinstance(cell, int):
            adding.show(key, cell)
        elif cell is State.NOT_APPLICABLE:
            adding.not_applicable.add(key)
    if guarded:
        _behind(adding, indicator.sums_over_time)
        _over_ages(adding, indicator.ages)
        _over_sexes(adding, indicator.sexes)
        _over_periods(adding, indicator.sums_over_time)
        _over_places(adding)
    return Margins(
        indicator,
        counts.origin,
        adding.values,
        adding.sums,
        adding.coverage,
        frozenset(adding.not_applicable),
        frozenset(adding.unshown),
        tuple(adding.too_small),
        {cell: found for cell, found in adding.behind.items() if found != adding.everyone(cell)},
        guarded,
    )


@dataclass
class _Adding:
    """The cells so far. `known`: those with a value, by key, so that none is made to look for it. `behind`:
    the municipalities behind what was made of smaller places or is left beyond them."""

    indicator: str
    geography: Geography
    values: dict[Cell, int] = field(default_factory=dict)
    known: dict[Key, Cell] = field(default_factory=dict)
    unshown: set[Cell] = field(default_factory=set)
    sums: list[Sum] = field(default_factory=list)
    too_small: list[Key] = field(default_factory=list)
    coverage: dict[Key, int] = field(default_factory=dict)
    behind: dict[Cell, frozenset[str]] = field(default_factory=dict)
    not_applicable: set[Key] = field(default_factory=set)
    _everyone: dict[str, frozenset[str]] = field(default_factory=dict)

    def so_far(self) -> list[Key]:
        return list(self.known)

    def is_shown(self, key: Key) -> bool:
        return self.known[key] not in self.unshown

    def show(self, key: Key, value: int, *, assumed: bool = False) -> Cell:
        """Take the cell in, unless it was reported; either way, it."""
        if key not in self.known:
            cell = self.known[key] = Cell(self.indicator, key, ASSUMED if assumed else "")
            self.values[cell] = value
        return self.known[key]

    def bind(self, total: Key, parts: Sequence[Key], dimension: Dimension, make: bool) -> None:
        """Add the sum. `make`: a total that was not reported is made when its parts are complete; of parts
        that are not shown, it is not either. A total that is less than its parts is not their sum."""
        found = self.among(parts)
        missing = [key for key in parts if key not in self.known and key not in self.not_applicable]
        if not found or (total not in self.known and (missing or not make)):
            return
        sum_of_parts = self.sum(found)
        made = total not in self.known
        cell = self.show(total, sum_of_parts, assumed=any(part.assumed for part in found))
        if made and not self.unshown.isdisjoint(found):
            self.unshown.add(cell)
        beyond = self.values[cell] - sum_of_parts
        if beyond < 0:
            self.too_small.append(total)
            return
        if missing or beyond:
            found.append(self._rest(total, missing, found, dimension, beyond))
        self.sums.append(Sum(cell, tuple(found)))

    def _rest(
        self, total: Key, missing: Sequence[Key], found: Sequence[Cell], dimension: Dimension, beyond: int
    ) -> Cell:
        """What the total holds beyond the parts found. Missing parts are a cell like others: what they are
        among other parts, places and indicators can be worked out too. Missing places are told by those that
        are not."""
        assumed = any(part.assumed for part in (self.known[total], *found))
        if missing and dimension != "region":
            codes = "+".join(getattr(key, dimension) for key in missing)
            key = total._replace(**{dimension: codes})
            if key not in self.known:
                self.unshown.add(self.show(key, beyond, assumed=assumed))
            if self.values[self.known[key]] == beyond:
                return self.known[key]
        without = "".join(f" {cell.key.region}" for cell in found) if dimension == "region" else ""
        rest = Cell(self.indicator, total, f"{ASSUMED if assumed else ''} {dimension}{without}".strip())
        self.values[rest] = beyond
        if dimension == "region":
            self.behind[rest] = self.who(self.known[total]).difference(*map(self.who, found))
        return rest

    def who(self, cell: Cell) -> frozenset[str]:
        """The municipalities that a cell counts: those that it adds up, or all where it was reported."""
        return self.behind[cell] if cell in self.behind else self.everyone(cell)

    def all_of(self, keys: Iterable[Key]) -> frozenset[str]:
        """The municipalities that any of the cells counts."""
        return frozenset[str]().union(*map(self.who, self.among(keys)))

    def everyone(self, cell: Cell) -> frozenset[str]:
        """The municipalities of the cell's place."""
        place = cell.key.region
        if place not in self._everyone:
            within = frozenset(region.code for region in self.geography.members(place))
            self._everyone[place] = within or frozenset((place,))
        return self._everyone[place]

    def among(self, keys: Iterable[Key]) -> list[Cell]:
        """Those of the cells that have a value."""
        return [self.known[key] for key in keys if key in self.known]

    def sum(self, cells: Iterable[Cell]) -> int:
        return sum(self.values[cell] for cell in cells)


def _behind(adding: _Adding, sums_over_time: bool) -> None:
    """What was reported by sex and by age apart is bound to what a larger place has by both."""
    known = {cell.key: value for cell, value in adding.values.items()}
    found = crossed(known, adding.geography, PARTS_OF, sums_over_time=sums_over_time)
    for key, value in found.items():
        adding.unshown.add(adding.show(key, value, assumed=True))


def _over_ages(adding: _Adding, ages: Sequence[str]) -> None:
    for parts in _breakdowns(ages, (key.age for key in adding.known)):
        for place, period, sex in dict.fromkeys(key[:3] for key in adding.so_far()):
            within = [Key(place, period, sex, age) for age in parts]
            adding.bind(Key(place, period, sex, TOTAL), within, "age", make=True)


def _over_sexes(adding: _Adding, sexes: Sequence[str]) -> None:
    for parts in _breakdowns(sexes, (key.sex for key in adding.known)):
        for place, period, age in dict.fromkeys((*key[:2], key.age) for key in adding.so_far()):
            within = [Key(place, period, sex, age) for sex in parts]
            adding.bind(Key(place, period, TOTAL, age), within, "sex", make=True)


def _breakdowns(declared: Iterable[str], seen: Iterable[str]) -> list[list[str]]:
    """What adds up to a total: what the catalogue declares, and what was reported under an older one that
    declared something else. Each without the total, none empty."""
    now = [code for code in declared if code != TOTAL]
    before = [code for code in dict.fromkeys(seen) if code not in (TOTAL, *now)]
    return [each for each in (now, sorted(before)) if each]


def _over_periods(adding: _Adding, sums_over_time: bool) -> None:
    """Years are made from shorter periods; longer periods that were reported are bound to their parts.

    Persons met in two half-years may be the same, so a year of persons is never made from halves.
    """

    def nothing(place: Key) -> Callable[[str], bool]:
        return lambda period: place._replace(period=period) in adding.not_applicable

    series: dict[Key, list[str]] = {}
    for key in adding.so_far():
        series.setdefault(key._replace(period=""), []).append(key.period)
    for place, periods in series.items():
        known, years = frozenset(periods), {code[:4] for code in periods} if sums_over_time else set()
        # The longest first, a year that could be made among them.
        for code in sorted(known | years, key=Period.parse):
            total = place._replace(period=code)
            parts = [place._replace(period=part) for part in parts_of(code, known, nothing(place))]
            if parts and (sums_over_time or _adds_up(adding, total, parts)):
                adding.bind(total, parts, "period", make=code in years)


def _adds_up(adding: _Adding, total: Key, parts: Sequence[Key]) -> bool:
    return total in adding.known and adding.sum(adding.among(parts)) <= adding.values[adding.known[total]]


class _Way(NamedTuple):
    """One level that a place can be summed from: its members there, and which cells of theirs are known."""

    members: Sequence[str]
    found: Sequence[Key]


def _over_places(adding: _Adding) -> None:
    reported, geography = set(adding.known), adding.geography
    for level, below in PARTS_OF.items():
        keys_of: dict[str, list[Key]] = {}
        for key in adding.so_far():
            keys_of.setdefault(key.region, []).append(key)
        for place in geography.at(level):
            ways: dict[Key, list[_Way]] = {}
            for smaller in below:
                members = [region.code for region in geography.members(place.code, smaller)]
                for total, found in _totals(place.code, members, keys_of).items():
                    if smaller is below[0] or not reported.isdisjoint(found):
                        ways.setdefault(total, []).append(_Way(members, found))
            for total, own in ways.items():
                _over_place(adding, total, own)


def _totals(place: str, members: Iterable[str], keys_of: Mapping[str, Sequence[Key]]) -> dict[Key, list[Key]]:
    """The place's cells to which its members have some."""
    found: dict[Key, list[Key]] = {}
    for member in members:
        for key in keys_of.get(member, ()):
            found.setdefault(key._replace(region=place), []).append(key)
    return found


def _over_place(adding: _Adding, total: Key, ways: Sequence[_Way]) -> None:
    """Bind a cell to those of its members that have any, on every level by which it can be summed.

    Where it was not reported, it is made of the level on which most was, and bound to those of the other
    levels that count none but its municipalities.
    """
    if total not in adding.known:
        most = max(ways, key=lambda way: adding.sum(adding.among(way.found)))
        parts = [key for key in most.found if adding.is_shown(key)] or most.found
        adding.bind(total, parts, "region", make=True)
        behind = adding.all_of(parts)
        adding.behind[adding.known[total]] = behind
        if adding.is_shown(total):
            adding.coverage[total] = len(behind)
        # Places that count others than it does, or more, are no part of it.
        ways = [way for way in ways if way is not most and behind.issuperset(adding.all_of(way.found))]
    for way in ways:
        parts = [total._replace(region=member) for member in way.members]
        adding.bind(total, parts, "region", make=False)
