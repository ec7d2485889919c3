"""Units followed over time.

A tidy table as matrices of units by periods, with what is known of hidden cells.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from lagesbild.core.language import Text
from lagesbild.core.refusal import BadUsage, Finding, Place, Refusal

from .answer.reason import Reason
from .answer.result import Declined
from .method import LOWER, STATUS, UPPER, Column, Option, text
from .table.arrays import Bools, Floats, Integers
from .table.periods import ordered, refuse_repeated, unknown, years
from .table.tidy import Tidy

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
NEVER = ("", "0", "0.0", "na", "nan", "never", "aldrig", "inf")
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
    periods, period = ordered(table)
    refuse_repeated(table, unit, period)
    row = np.full((len(units), len(periods)), -1)
    row[unit, period] = np.arange(len(table))
    known = table.counts("outcome")
    if (known.protected & ~known.bounded).any():
        raise Declined(Reason.PROTECTED)
    lower, upper = (np.where(row >= 0, side[row], np.nan) for side in (known.lower, known.upper))
    return Longitudinal(table, tuple(map(str, units)), periods, lower, upper, row)


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
    start = None if when is None else place_of(data.periods, when)
    if start is None or not set(which) <= set(data.units):
        raise BadUsage(untreated("treated"))
    return np.where(np.isin(np.array(data.units), which), float(start), np.inf)


def place_of(periods: Sequence[str], when: str) -> int | None:
    """Which of the periods it is, however it is written; None when it is none of them."""
    try:
        same = [place for place, period in enumerate(periods) if years(period) == years(when)]
    except ValueError:
        return None
    return same[0] if same else None


def from_first(data: Longitudinal) -> Floats:
    """The same for every row of a unit; 0, empty or a period after the last means never."""
    cells = np.char.strip(data.table.text("first"))
    first = np.full(len(cells), np.inf)
    for row in np.flatnonzero(~np.isin(np.char.lower(cells), NEVER)):
        try:
            first[row] = years(str(cells[row]))
        except ValueError:
            raise unknown(data.table, int(row), "first") from None
    own = np.where(data.row >= 0, first[data.row], first[data.row.max(axis=1)][:, None])
    differs = own != own[:, :1]
    if differs.any():
        raise Refusal(changing(data.table.place(int(data.row[differs][0]), "first")))
    return placed(np.array([years(period) for period in data.periods]), own[:, 0])


def placed(times: Floats, first: Floats) -> Floats:
    """The place of the first period at or after `first`; before the first period it is place 0."""
    place = np.searchsorted(times, first).astype(np.float64)
    return np.where(first > times[-1], np.inf, place)


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


def changing(place: Place) -> Finding:
    return Finding(
        "first-differs",
        Text("Första perioden med åtgärden skiljer sig inom en enhet.", "One unit has two first periods."),
        Text("Skriv samma period på alla enhetens rader.", "Write the same period on all rows of the unit."),
        place,
    )
