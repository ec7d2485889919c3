"""Areas by periods: the table as a matrix, and time in years."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lagesbild.core.language import Text
from lagesbild.core.refusal import Finding, Refusal

from .tidy import CountsKnown, Numbers, Tidy

_PERIOD = re.compile(r"(?P<year>\d{4})(-?[QqKk](?P<quarter>[1-4])|-(?P<month>\d{2})(-(?P<day>\d{2}))?)?")


@dataclass(frozen=True)
class Panel:
    """One row for each series, one column for each period, in order of time; NaN where nothing is known."""

    keys: list[dict[str, Any]]
    periods: tuple[str, ...]
    times: Numbers
    counts: CountsKnown
    denominator: Numbers


def years(period: str) -> float:
    """2024, 2024-06, 2024-06-15 and 2024-Q3 (2024K3) in years; any other number as it is; else ValueError."""
    found = _PERIOD.fullmatch(period.strip())
    if found is None:
        return float(period)
    months = (int(found["month"]) - 1) if found["month"] else 3 * (int(found["quarter"] or 1) - 1)
    days = int(found["day"]) - 1 if found["day"] else 0
    return int(found["year"]) + months / 12 + days / 365.25


def times_of(table: Tidy) -> Numbers:
    """The period of each row in years; refuses with the row where it is none."""
    times = np.empty(len(table))
    for row, period in enumerate(table.text("period")):
        try:
            times[row] = years(period)
        except ValueError:
            raise Refusal(
                Finding(
                    "unknown-period",
                    Text("Perioden går inte att läsa.", "The period cannot be read."),
                    Text(
                        "Skriv 2024, 2024-06, 2024-Q3 eller ett tal.",
                        "Write 2024, 2024-06, 2024-Q3 or a number.",
                    ),
                    table.place(row, "period"),
                )
            ) from None
    return times


def panel_of(table: Tidy, by: Sequence[str] = ()) -> Panel:
    """The table as areas by periods; refuses when one series has two rows for the same period."""
    times, names = times_of(table), table.text("period")
    order, first, column = np.unique(times, return_index=True, return_inverse=True)
    groups = table.groups("area", *by)
    row = np.empty(len(table), dtype=np.intp)
    for number, (_, rows) in enumerate(groups):
        row[rows] = number
    _refuse_twice(table, row, column)
    shape, known = (len(groups), len(order)), table.counts()
    protected = np.zeros(shape, dtype=bool)
    protected[row, column] = known.protected
    value, lower, upper, per = (
        _spread(values, shape, row, column)
        for values in (known.value, known.lower, known.upper, table.filled("denominator", 1.0))
    )
    counts = CountsKnown(value, lower, upper, protected)
    return Panel([key for key, _ in groups], tuple(names[first]), order, counts, per)


def _spread(values: Numbers, shape: tuple[int, int], row: Any, column: Any) -> Numbers:
    matrix = np.full(shape, np.nan)
    matrix[row, column] = values
    return matrix


def _refuse_twice(table: Tidy, row: Any, column: Any) -> None:
    pairs = row * (column.max(initial=0) + 1) + column
    kept = np.unique(pairs, return_index=True)[1]
    if len(kept) < len(pairs):
        second = min(set(range(len(pairs))) - set(kept.tolist()))
        raise Refusal(
            Finding(
                "duplicate",
                Text(
                    "Samma område har två rader för samma period.",
                    "One area has two rows for the same period.",
                ),
                Text(
                    "Slå ihop raderna, eller dela upp med --by eller --where.",
                    "Merge the rows, or break down with --by or --where.",
                ),
                table.place(second, "period"),
            )
        )
