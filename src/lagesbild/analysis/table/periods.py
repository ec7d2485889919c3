"""Periods as files write them: read as time, put in order, and never twice for the same series."""

import re
from typing import Any

import numpy as np

from lagesbild.core.language import Text
from lagesbild.core.refusal import Finding, Refusal

from .arrays import Integers
from .tidy import Numbers, Tidy

_PERIOD = re.compile(
    r"(?P<year>\d{4})(?:"
    r"[- ]?[Qq](?P<quarter>[1-4])|[- ]?[Kk](?:[Vv] ?)?(?P<kvartal>[1-4])|[- ]?[Hh](?P<half>[12])|"
    r"[Mm](?P<numbered>\d{1,2})|-(?P<month>\d{2})(?:-(?P<day>\d{2})(?:[T ]00:00(?::00)?)?)?)?"
)


def years(period: str) -> float:
    """A period in years; ValueError where it is none.

    2024, 2024-06, 2024M06, 2024-06-15, 2024-Q3, 2024K3, 2024 kv 3 and 2024H2; any other number as it is.
    """
    found = _PERIOD.fullmatch(period.strip())
    if found is None:
        return _finite(float(period))
    part = {name: int(digits) for name, digits in found.groupdict().items() if digits}
    month, day = part.get("month", part.get("numbered", 1)), part.get("day", 1)
    if not (1 <= month <= 12 and 1 <= day <= 31):
        raise ValueError
    quarter, half = part.get("quarter", part.get("kvartal", 1)), part.get("half", 1)
    months = month - 1 + 3 * (quarter - 1) + 6 * (half - 1)
    return part["year"] + months / 12 + (day - 1) / 365.25


def _finite(number: float) -> float:
    if not np.isfinite(number):
        raise ValueError
    return number


def times_of(table: Tidy, column: str = "period") -> Numbers:
    """The period of each row in years; refuses with the row where it is none."""
    names, first, place = np.unique(table.text(column), return_index=True, return_inverse=True)
    times = np.empty(len(names))
    for number in np.argsort(first):
        try:
            times[number] = years(names[number])
        except ValueError:
            raise unknown(table, int(first[number]), column) from None
    return times[place]


def unknown(table: Tidy, row: int, column: str) -> Refusal:
    return Refusal(
        Finding(
            "unknown-period",
            Text("Perioden går inte att läsa.", "The period cannot be read."),
            Text(
                "Skriv 2024, 2024-06, 2024-06-15, 2024K3, 2024H1 eller ett tal.",
                "Write 2024, 2024-06, 2024-06-15, 2024Q3, 2024H1 or a number.",
            ),
            table.place(row, column),
        )
    )


def name_of(period: str) -> str:
    """As it is shown: a year that a program wrote as 2024.0 is 2024."""
    return period.removesuffix(".0")


def ordered(table: Tidy) -> tuple[tuple[str, ...], Integers]:
    """The periods in order of time, as first written, and each row's place among them."""
    _, first, place = np.unique(times_of(table), return_index=True, return_inverse=True)
    return tuple(name_of(str(name)) for name in table.text("period")[first]), place


def refuse_repeated(table: Tidy, *codes: Any) -> None:
    """Refuses, with the row, when two rows have the same codes (rows,): one series, one row a period."""
    _, first = np.unique(np.column_stack(codes), axis=0, return_index=True)
    if len(first) < len(table):
        again = int(np.setdiff1d(np.arange(len(table)), first)[0])
        column, rule = ("period", _TWICE) if "period" in table else ("area", _AREA_TWICE)
        raise Refusal(Finding("duplicate", rule, _ONE_ROW, table.place(again, column)))


_TWICE = Text("Samma område har två rader för samma period.", "One area has two rows for the same period.")
_AREA_TWICE = Text("Samma område har två rader.", "One area has two rows.")
_ONE_ROW = Text(
    "Slå ihop raderna, välj bland dem med --where, eller skilj serierna åt med --by där metoden har det.",
    "Merge the rows, choose among them with --where, or tell series apart with --by where the method has it.",
)
