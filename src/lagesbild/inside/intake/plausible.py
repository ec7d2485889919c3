"""What one indicator's rows must be: collected at that level, length and breakdown, and of a sane size."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lagesbild.core.indicator import DisclosureClass, Indicator, Kind
from lagesbild.core.period import Period
from lagesbild.core.region import Level
from lagesbild.inside.counts import VALUE
from lagesbild.reference import Reference

from .table import Table

SHARE_OF_PEOPLE = 0.05
"""No honest count of persons or events exceeds one in twenty inhabitants of its place."""

KRONOR_A_HEAD = 200
LEAST_CEILING = 200
LEAST_CEILING_KRONOR = 20_000_000

# So many rows before "nothing but ones" says anything. The cells of an honest table with mean 0.3 that leaves
# out its zeros are all ones with probability 0.86 to the power of the rows: one in a hundred at thirty.
ONES_NEEDED = 30

ONES_TO_ONE_OTHER = 50
"""A register stays one when its rows have been given a total: so many ones to each other count."""

DATES_NEEDED = 6
"""One six-digit number in 27 is a month and a day: six of them by chance happen once in 400 million."""

TAKEN_AT = {
    Level.MUNICIPALITY: frozenset(Level),
    Level.COUNTY: frozenset((Level.COUNTY, Level.POLICE_REGION, Level.NATION)),
    Level.POLICE_REGION: frozenset((Level.POLICE_REGION, Level.NATION)),
    Level.SKR_GROUP: frozenset((Level.SKR_GROUP, Level.NATION)),
    Level.NATION: frozenset((Level.NATION,)),
}
"""The levels at which an indicator of a finest level can be reported: that level and sums of it."""


class Broken(NamedTuple):
    """Rows of a table that break a rule, and the column that shows it."""

    rule: str
    rows: NDArray[np.int64]
    column: str


def broken(table: Table, reference: Reference) -> Iterator[Broken]:
    """Every rule on single rows that some row of the table breaks."""
    indicator = table.indicator
    levels = TAKEN_AT[indicator.finest]
    geography = reference.geography
    yield _unless(table, "level-too-fine", "region", 0, lambda code: geography[code].level in levels)
    yield _unless(
        table, "wrong-frequency", "period", 1, lambda code: long_enough(indicator, Period.parse(code))
    )
    yield _unless(table, "sex-not-collected", "sex", 2, lambda code: code in indicator.sexes)
    yield _unless(table, "age-not-collected", "age", 3, lambda code: code in indicator.ages)
    yield _too_large(table, reference)
    yield _duplicates(table)
    yield _row_per_event(table)
    yield _born(table)


def long_enough(indicator: Indicator, period: Period) -> bool:
    """Whether the period is as long as the indicator's, or longer; irregular indicators take any length."""
    return indicator.frequency is None or period.frequency.months >= indicator.frequency.months


def _unless(table: Table, rule: str, column: str, dimension: int, fits: Callable[[str], bool]) -> Broken:
    return Broken(rule, np.flatnonzero(~table.per_code(dimension, fits)), column)


def _too_large(table: Table, reference: Reference) -> Broken:
    if table.indicator.kind is Kind.CATEGORY:
        unknown = ~np.isin(table.value, list(table.indicator.categories))
        return Broken("unknown-category", np.flatnonzero(unknown & (table.state == VALUE)), "count")
    years = np.array([Period.parse(code).year for code in table.codes[1]], np.int64)[table.at[1]]
    pairs, pair_of = np.unique(np.stack((table.at[0], years)), axis=1, return_inverse=True)
    ceilings = [_ceiling(table, reference, table.codes[0][region], year) for region, year in pairs.T.tolist()]
    ceiling = np.array(ceilings, np.int64)[pair_of.ravel()]
    return Broken("count-too-large", np.flatnonzero(table.value > ceiling), "count")


def _ceiling(table: Table, reference: Reference, region: str, year: int) -> int:
    people = inhabitants(reference, region, year)
    if table.indicator.kind is Kind.AMOUNT:
        return max(LEAST_CEILING_KRONOR, KRONOR_A_HEAD * people)
    if _counts_people(table):
        return max(LEAST_CEILING, int(SHARE_OF_PEOPLE * people))
    return people


def inhabitants(reference: Reference, region: str, year: int) -> int:
    """People in a place at the end of the year, or of the nearest year that is known."""
    known = reference.population
    near = sorted(range(2000, 2035), key=lambda other: abs(other - year))
    return next((people.number for other in near if (people := known.at(region, other))), 0)


def _duplicates(table: Table) -> Broken:
    cells = table.cell[table.order]
    again = np.flatnonzero(cells[1:] == cells[:-1]) + 1
    return Broken("duplicate", np.sort(table.order[again]), "")


def _row_per_event(table: Table) -> Broken:
    """Rows of a register, not cells of a table: nothing but ones, or counts that number the rows."""
    values = table.value[table.state == VALUE]
    ones = _counts_people(table) and _nearly_only_ones(values, len(table))
    return Broken("row-per-event", np.arange(1 if ones or _number_the_rows(values) else 0), "")


def _nearly_only_ones(values: NDArray[np.int64], rows: int) -> bool:
    others = rows - int((values == 1).sum())
    return rows >= ONES_NEEDED and others <= rows // ONES_TO_ONE_OTHER


def _number_the_rows(values: NDArray[np.int64]) -> bool:
    """Whether no two counts are alike and they lie as close as the numbers of cases do."""
    different = len(values) >= ONES_NEEDED and len(np.unique(values)) == len(values)
    return bool(different and np.ptp(values) < 2 * len(values))


def _born(table: Table) -> Broken:
    """Six-digit counts that are nearly all dates of birth (19880320 without its century)."""
    rows = np.flatnonzero((table.value >= 10**5) & (table.value < 10**6) & (table.state == VALUE))
    month, day = table.value[rows] // 100 % 100, table.value[rows] % 100
    dates = (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)
    many = len(rows) >= DATES_NEEDED and dates.mean() > 0.9
    return Broken("personal-number", rows if many else rows[:0], "count")


def _counts_people(table: Table) -> bool:
    """Whether a register of the indicator would be one of persons or of what they did."""
    disclosure = table.indicator.protection.disclosure
    return table.indicator.kind is Kind.COUNT and disclosure in (
        DisclosureClass.PERSONS,
        DisclosureClass.EVENTS,
    )
