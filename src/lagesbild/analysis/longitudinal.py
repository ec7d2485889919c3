"""Units followed over time.

A tidy table as matrices of units by periods, with what is known of hidden cells.
"""

from dataclasses import dataclass, replace

import numpy as np

from lagesbild.core.language import Text
from lagesbild.core.refusal import BadUsage, Finding, Place, Refusal

from .answer.reason import Reason
from .answer.result import Declined
from .method import LOWER, STATUS, UPPER, Column, Option, text
from .table.arrays import Bools, Floats, Integers
from .table.tidy import Texts, Tidy

UNIT = Column(
    "unit",
    Text("område eller annan enhet", "area or other unit"),
    ("area", "region", "municipality", "county", "kommun", "lan", "state", "State", "id", "countyreal"),
)
PERIOD = Column(
    "period",
    Text("år eller annan period", "year or other period"),
    ("year", "Year", "month", "quarter", "date", "time", "t", "ar"),
)
OUTCOME = Column(
    "outcome",
    Text("det som mäts", "what is measured"),
    ("y", "value", "rate", "count", "numerator", "antal"),
    is_number=True,
)
FIRST = Column(
    "first",
    Text("första perioden med åtgärden; 0 eller tomt: aldrig", "first treated period; 0 or empty: never"),
    ("first_treat", "first.treat", "first_treated", "treated_from", "g"),
    required=False,
)
TREATED = Column(
    "treated",
    Text("1 när och där åtgärden gäller, annars 0", "1 when and where the measure is in force, else 0"),
    ("treatment", "post", "d"),
    required=False,
    is_number=True,
)
PROTECTED = (STATUS, LOWER, UPPER)
WHICH = Option(
    "treated",
    Text(
        "Vilka enheter som fick åtgärden, till exempel A,B.", "Which units got the measure, for instance A,B."
    ),
    lambda typed: tuple(part.strip() for part in typed.split(",")),
)
WHEN = Option("at", Text("Första perioden med åtgärden.", "First period with the measure."), text)


@dataclass(frozen=True)
class Longitudinal:
    """Matrices (units, periods).

    `lower` = `upper` where known, NaN where nothing is; `row` is -1 where absent.
    """

    table: Tidy
    units: tuple[str, ...]
    periods: tuple[str, ...]
    lower: Floats
    upper: Floats
    row: Integers

    @property
    def times(self) -> Floats:
        """Periods as numbers: themselves when they are numbers, else their order."""
        try:
            return np.array([float(period) for period in self.periods])
        except ValueError:
            return np.arange(len(self.periods), dtype=np.float64)

    @property
    def middle(self) -> Floats:
        middle: Floats = (self.lower + self.upper) / 2
        return middle

    @property
    def hidden(self) -> Bools:
        hidden: Bools = self.upper > self.lower
        return hidden

    @property
    def complete(self) -> Bools:
        """(units,): every period known at least between bounds."""
        return np.asarray(~np.isnan(self.lower).any(axis=1))

    def at(self, units: Bools) -> "Longitudinal":
        """Some of the units."""
        kept = tuple(unit for unit, keep in zip(self.units, units, strict=True) if keep)
        return replace(
            self, units=kept, lower=self.lower[units], upper=self.upper[units], row=self.row[units]
        )

    def matrix(self, column: str) -> Floats:
        """Another column as (units, periods), NaN where absent."""
        return np.where(self.row >= 0, self.table.numbers(column)[self.row], np.nan)


def read(table: Tidy) -> Longitudinal:
    """Gather unit, period and outcome; refuses a unit that has the same period twice."""
    units, unit = np.unique(table.text("unit"), return_inverse=True)
    periods, period = ordered(table.text("period"))
    row = np.full((len(units), len(periods)), -1)
    row[unit, period] = np.arange(len(table))
    if (row >= 0).sum() != len(table):
        raise Refusal(twice())
    known = table.counts("outcome")
    if (known.protected & ~known.bounded).any():
        raise Declined(Reason.PROTECTED)
    lower, upper = (np.where(row >= 0, side[row], np.nan) for side in (known.lower, known.upper))
    return Longitudinal(table, tuple(map(str, units)), periods, lower, upper, row)


def ordered(given: Texts) -> tuple[tuple[str, ...], Integers]:
    """Periods in time order, by number when they are numbers, and each row's place among them."""
    names, place = np.unique(given, return_inverse=True)
    try:
        order = np.argsort([float(name) for name in names], kind="stable")
    except ValueError:
        order = np.arange(len(names))
    rank = np.empty(len(names), dtype=np.int64)
    rank[order] = np.arange(len(names))
    return tuple(str(names[i]) for i in order), rank[place]


def first_treated(data: Longitudinal, which: tuple[str, ...] | None, when: str | None) -> Floats:
    """(units,): place of the first treated period, infinite for the never treated.

    From the options, else from the column `first`, else from the column `treated`.
    """
    if which is None and when is not None and "treated" in data.table:
        which = tuple(unit for unit, on in zip(data.units, ever_treated(data), strict=True) if on)
    if which is not None:
        return chosen(data, which, when)
    if "first" in data.table:
        return from_first(data)
    if "treated" in data.table:
        on = np.nan_to_num(data.matrix("treated")) > 0
        return np.where(on.any(axis=1), on.argmax(axis=1), np.inf)
    raise BadUsage(untreated("first"))


def ever_treated(data: Longitudinal) -> Bools:
    return np.asarray((np.nan_to_num(data.matrix("treated")) > 0).any(axis=1))


def chosen(data: Longitudinal, which: tuple[str, ...], when: str | None) -> Floats:
    if when not in data.periods or not set(which) <= set(data.units):
        raise BadUsage(untreated("treated"))
    named = np.isin(np.array(data.units), which)
    return np.where(named, float(data.periods.index(when)), np.inf)


def from_first(data: Longitudinal) -> Floats:
    """The same for every row of a unit; 0, empty or a period after the last means never."""
    cells = np.char.strip(data.table.text("first")[data.row.max(axis=1)])
    never = np.isin(np.char.lower(cells), ("", "0", "0.0", "na", "nan", "never", "inf"))
    try:
        return placed(
            data.times, np.array([np.inf if no else float(c) for c, no in zip(cells, never, strict=True)])
        )
    except ValueError:
        places = {period: float(place) for place, period in enumerate(data.periods)}
        return np.array(
            [np.inf if no else places.get(str(c), np.inf) for c, no in zip(cells, never, strict=True)]
        )


def placed(times: Floats, first: Floats) -> Floats:
    """The place of the first period at or after `first`; before the first period it is place 0."""
    place = np.searchsorted(times, first).astype(np.float64)
    return np.where(first > times[-1], np.inf, place)


def twice() -> Finding:
    return Finding(
        "duplicate",
        Text("En enhet har samma period på två rader.", "A unit has the same period on two rows."),
        Text(
            "Summera raderna, eller välj dem med --where.",
            "Add the rows up, or choose among them with --where.",
        ),
    )


def untreated(column: str) -> Finding:
    return Finding(
        "no-measure",
        Text(
            "Det framgår inte vem som fick åtgärden och när.", "It is not said who got the measure, and when."
        ),
        Text(
            "Ange kolumnen first eller treated, eller --treated och --at med namn som finns i filen.",
            "Give the column first or treated, or --treated and --at with names that are in the file.",
        ),
        Place(column=column),
    )
