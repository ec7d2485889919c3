"""Totals must equal the parts beside them: over sexes, ages, periods, places, and between indicators."""

from collections.abc import Iterator, Mapping
from itertools import permutations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lagesbild.core.figures import TOTAL
from lagesbild.core.indicator import Identity, Kind
from lagesbild.core.period import Frequency, Period
from lagesbild.core.region import Geography, Level
from lagesbild.inside.counts import NO_PICTURE, VALUE

from .plausible import Broken
from .table import Table


class Margin(NamedTuple):
    """A sum over one dimension: each part's total, and how many parts a total has when it is complete."""

    rule: str
    dimension: int
    total_of: Mapping[str, str]
    parts_of: Mapping[str, int]


class Sums(NamedTuple):
    """Rows of a table that do not add up over one dimension: the `wrong` totals, and for each part there is
    its own row and its total's."""

    rule: str
    wrong: NDArray[np.int64]
    parts: NDArray[np.int64]
    totals: NDArray[np.int64]


def broken(table: Table, geography: Geography) -> Iterator[Broken]:
    """Totals that are smaller than their parts, or that differ from them though every part is there."""
    return (Broken(found.rule, found.wrong, "count") for found in sums(table, geography))


def sums(table: Table, geography: Geography) -> Iterator[Sums]:
    """What is broken over each dimension."""
    if table.indicator.kind is not Kind.CATEGORY:
        for margin in _margins(table, geography):
            yield _sums(table, margin)


def _margins(table: Table, geography: Geography) -> Iterator[Margin]:
    indicator = table.indicator
    for rule, dimension, codes in (("sum-of-sexes", 2, indicator.sexes), ("sum-of-ages", 3, indicator.ages)):
        yield _margin(rule, dimension, {code: TOTAL for code in codes if code != TOTAL})
    periods = [Period.parse(code) for code in table.codes[1]]
    for longer, shorter in permutations(Frequency, 2):
        parts = {
            part.code: each.code
            for each in periods
            for part in each.parts(shorter)
            if each.frequency is longer
        }
        yield _margin("sum-of-periods", 1, parts)
    for larger, smaller in permutations(Level, 2):
        within = {
            part.code: code.code
            for code in geography.at(larger)
            for part in geography.members(code.code, smaller)
        }
        yield _margin("sum-of-regions", 0, within)


def _margin(rule: str, dimension: int, total_of: Mapping[str, str]) -> Margin:
    totals = list(total_of.values())
    return Margin(rule, dimension, total_of, {total: totals.count(total) for total in set(totals)})


def _sums(table: Table, margin: Margin) -> Sums:
    codes = table.codes[margin.dimension]
    position = {code: place for place, code in enumerate(codes)}
    total_at = np.array([position.get(margin.total_of.get(code, ""), -1) for code in codes], np.int64)
    needed = np.array([margin.parts_of.get(code, 0) for code in codes], np.int64)

    at = table.at[margin.dimension]
    parts = np.flatnonzero(total_at[at] >= 0)
    if not len(parts):
        return Sums(margin.rule, parts, parts, parts)
    step = table.steps[margin.dimension]
    totals = table.find(table.cell[parts] + (total_at[at[parts]] - at[parts]) * step)
    parts, totals = parts[totals >= 0], totals[totals >= 0]

    total = np.zeros(len(table), np.int64)
    np.add.at(total, totals, table.value[parts])
    reported = np.bincount(totals, table.state[parts] != NO_PICTURE, len(table)).astype(np.int64)
    complete = reported == needed[at]
    wrong = (total > table.value) | (complete & (total != table.value))
    wrong = np.flatnonzero(wrong & (reported > 0) & (table.state == VALUE))
    return Sums(margin.rule, wrong, parts, totals)


def disagreements(tables: Mapping[str, Table]) -> Iterator[tuple[Table, Broken]]:
    """Totals of declared identities between indicators that do not agree with the parts in the same cell."""
    for identity in identities(tables):
        total = tables[identity.total]
        yield total, Broken("sum-of-indicators", disagreeing(total, identity, tables), "count")


def identities(tables: Mapping[str, Table]) -> list[Identity]:
    """Those declared between indicators that all have a table."""
    declared = {identity for table in tables.values() for identity in table.indicator.identities}
    return sorted((each for each in declared if {each.total, *each.parts} <= tables.keys()), key=str)


def disagreeing(total: Table, identity: Identity, tables: Mapping[str, Table]) -> NDArray[np.int64]:
    """Rows of the total where every part has a value, and the sum is not what the identity says."""
    known = total.state == VALUE
    parts = np.zeros(len(total), np.int64)
    for code in identity.parts:
        rows = tables[code].find(total.cell)
        known &= (rows >= 0) & (tables[code].state[rows] == VALUE)
        parts += tables[code].value[rows]
    wrong = parts > total.value if identity.subset else parts != total.value
    return np.flatnonzero(known & wrong)
