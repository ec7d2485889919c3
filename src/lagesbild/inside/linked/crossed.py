"""Counts by sex and age together, where places reported them apart and a larger place together.

Nobody has them and no table shows them, but none is below 0, and that bounds what the tables hide: places by
sex, places by age, and the whole by both (docs/decisions/0017).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp

from lagesbild.core.figures import TOTAL, Key
from lagesbild.core.region import Geography, Level
from lagesbild.inside.solver import some_table

from .calendar import parts_of

Codes = tuple[str, str]
"""A sex and an age."""
Table = Mapping[Codes, int]
"""What a place reported of a period."""
Unit = tuple[str, str]
"""A place and a period."""
Unknown = tuple[Unit, Codes]
"""The count of a place and a period by both."""
Ways = Mapping[Level, Sequence[Level]]
"""By which levels a place can be summed."""


class _Sum(NamedTuple):
    """A number and unknowns more than others are: nothing if `exact`, else no less than nothing."""

    number: int
    more: tuple[Unknown, ...]
    than: tuple[Unknown, ...]
    exact: bool = False


def crossed(
    known: Mapping[Key, int], geography: Geography, ways: Ways, *, sums_over_time: bool
) -> dict[Key, int]:
    """Such counts as could be behind what is `known`. None where no larger place, or longer period if these
    are summed, has them; nor where what was reported contradicts itself."""
    tables: dict[Unit, dict[Codes, int]] = {}
    for key, number in known.items():
        tables.setdefault((key.region, key.period), {})[key.sex, key.age] = number
    found = _Reported(tables, geography, ways, sums_over_time).possible()
    return {Key(*unit, *codes): number for (unit, codes), number in found.items()}


class _Reported:
    """What was reported of an indicator."""

    def __init__(
        self, tables: Mapping[Unit, Table], geography: Geography, ways: Ways, sums_over_time: bool
    ) -> None:
        self._tables, self._geography, self._ways = tables, geography, ways
        self._periods: dict[str, frozenset[str]] = {}
        for place, period in tables if sums_over_time else ():
            self._periods[place] = self._periods.get(place, frozenset()) | {period}
        self._together = [unit for unit, table in tables.items() if _by_both(table)]
        within = set[Unit]()
        for unit in self._together:
            self._look_below(unit, within)
        self._apart = [unit for unit in tables if unit in within and not _by_both(tables[unit])]
        self._unknowns = {
            (unit, codes): None for unit in self._apart for codes in _combinations(tables[unit])
        }

    def possible(self) -> Mapping[Unknown, int]:
        if not self._unknowns:
            return {}
        sums = [each for unit in self._apart for each in _of_margins(unit, self._tables[unit])]
        sums += [each for unit in (*self._together, *self._apart) for each in self._of_members(unit)]
        place = {unknown: column for column, unknown in enumerate(self._unknowns, start=1)}
        slack = 1 + len(place)
        rows = sp.lil_array((len(sums), slack + len(sums)), dtype=np.int64)
        for row, each in enumerate(sums):
            rows[row, 0] = each.number
            for sign, unknowns in ((1, each.more), (-1, each.than)):
                rows[row, [place[unknown] for unknown in unknowns]] = sign
            rows[row, slack + row] = 0 if each.exact else -1
        one = np.zeros(rows.shape[1], dtype=np.int64)
        one[0] = 1
        found = some_table(sp.csr_array(rows), one == 0, one, np.zeros_like(one))
        return {} if found is None else dict(zip(self._unknowns, found[1:slack].tolist(), strict=True))

    def _members(self, unit: Unit) -> Iterator[list[Unit]]:
        """What it can be summed from, in each way."""
        place, period = unit
        for smaller in self._ways.get(self._geography[place].level, ()):
            yield [(each.code, period) for each in self._geography.members(place, smaller)]
        if place in self._periods:
            yield [(place, part) for part in parts_of(period, self._periods[place], lambda _: False)]

    def _look_below(self, unit: Unit, found: set[Unit]) -> None:
        for each in (member for members in self._members(unit) for member in members):
            if each not in found:
                found.add(each)
                self._look_below(each, found)

    def _of_members(self, unit: Unit) -> Iterator[_Sum]:
        """What the members count together, the whole counts too, in each way."""
        for members in self._members(unit):
            for codes in self._codes(unit):
                number, unknowns = self._counted(unit, codes)
                parts = [self._counted(each, codes) for each in members]
                others = tuple(unknown for _, own in parts for unknown in own)
                if others:
                    yield _Sum(number - sum(own for own, _ in parts), unknowns, others)

    def _codes(self, unit: Unit) -> list[Codes]:
        table = self._tables[unit]
        return [codes for codes in table if TOTAL not in codes] or _combinations(table)

    def _counted(self, unit: Unit, codes: Codes) -> tuple[int, tuple[Unknown, ...]]:
        """The count of a place and a period by both, as a number and unknowns that are added to it."""
        if unit in self._tables and _by_both(self._tables[unit]):
            return self._tables[unit].get(codes, 0), ()
        if (unit, codes) in self._unknowns:
            return 0, ((unit, codes),)
        for members in self._members(unit):
            parts = [self._counted(each, codes) for each in members]
            number, unknowns = sum(own for own, _ in parts), [each for _, own in parts for each in own]
            if number or unknowns:
                return number, tuple(unknowns)
        return 0, ()


def _by_both(table: Table) -> bool:
    return any(TOTAL not in codes for codes in table)


def _combinations(table: Table) -> list[Codes]:
    sexes = [sex for sex, age in table if age == TOTAL != sex]
    ages = [age for sex, age in table if sex == TOTAL != age]
    return [(sex, age) for sex in sexes for age in ages]


def _of_margins(unit: Unit, table: Table) -> Iterator[_Sum]:
    """What was reported by sex and by age adds up the counts by both, if the other leaves nobody out."""
    margins = [
        {codes[side]: n for codes, n in table.items() if codes[1 - side] == TOTAL != codes[side]}
        for side in (0, 1)
    ]
    for side, (own, other) in enumerate(zip(margins, margins[::-1], strict=True)):
        whole = table.get((TOTAL, TOTAL)) == sum(other.values())
        for code, count in own.items():
            of = tuple((unit, codes) for codes in _combinations(table) if codes[side] == code)
            yield _Sum(count, (), of, exact=whole)
