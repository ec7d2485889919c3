"""Reading lists: a tidy table with one column of 0 and 1 for each list, and how many people share the row."""

from dataclasses import dataclass

import numpy as np

from lagesbild.core.language import Text
from lagesbild.core.refusal import BadUsage, Finding, Place, Refusal

from ..answer.reason import Reason
from ..answer.result import Declined
from ..method import LOWER, STATUS, UPPER, Column, Option, texts
from ..table.arrays import Bools, Floats
from ..table.tidy import MOSTLY, Tidy, missing_column
from .histories import Histories

COUNT = Column(
    "count",
    Text("antal personer med radens mönster", "number of people with the row's pattern"),
    ("freq", "frequency", "Freq", "Count", "n", "people", "antal"),
    required=False,
    is_number=True,
)
MOST_LISTS = 12  # the table has 2^k cells
COLUMNS = (COUNT, STATUS, LOWER, UPPER)
LISTS = Option(
    "lists",
    Text(
        "Vilka kolumner (0/1) som är register; annars alla som bara har 0 och 1.",
        "Which columns (0/1) are lists; otherwise all that hold only 0 and 1.",
    ),
    texts,
)


@dataclass(frozen=True)
class CaptureTable:
    """`rows` (rows, lists) of 0/1 with bounds of the number of people; equal bounds where it is known."""

    lists: tuple[str, ...]
    rows: Bools
    lower: Floats
    upper: Floats

    @property
    def protected(self) -> bool:
        return bool((self.lower < self.upper).any())

    def histories(self, counts: Floats) -> Histories:
        return Histories.of(self.lists, self.rows, counts)


def read(table: Tidy, lists: tuple[str, ...] | None) -> CaptureTable:
    """The lists and bounds of a tidy table; without a count each row is one person."""
    names = lists or tuple(name for name in table if is_list(table, name))
    if "count" not in table and any(looks_like_a_count(table, name) for name in table if name not in names):
        raise BadUsage(missing_column("count"))
    if len(names) > MOST_LISTS:
        raise BadUsage(too_many_lists())
    for name in names:
        if name not in table:
            raise BadUsage(missing_column(name))
        if not (told := on_or_off(table, name)).all():
            raise Refusal(not_a_list(table.place(int(np.flatnonzero(~told)[0]), name)))
    rows = np.column_stack([table.numbers(name) == 1 for name in names]) if names else np.zeros((0, 0), bool)
    lower, upper = bounds(table)
    if np.isnan(lower).any() or np.isnan(upper).any():
        raise Declined(Reason.PROTECTED if "status" in table else Reason.MISSING)
    if (lower < 0).any() or (upper < lower).any():
        raise Declined(Reason.IMPOSSIBLE)
    return CaptureTable(names, rows, lower, upper)


def bounds(table: Tidy) -> tuple[Floats, Floats]:
    """Least and greatest number of people on each row."""
    if "count" not in table:
        return np.ones(len(table)), np.ones(len(table))
    known = table.counts()
    return known.lower, known.upper


def is_list(table: Tidy, name: str) -> bool:
    """Whether the column is a list; refuses one that is, but for a few cells: no list may silently go."""
    reserved = {word for column in COLUMNS for word in (column.name, *column.also)}
    if name in reserved:
        return False
    told = on_or_off(table, name)
    if MOSTLY < told.mean() < 1 and "count" in table:
        raise Refusal(not_a_list(table.place(int(np.flatnonzero(~told)[0]), name)))
    return bool(told.all())


def looks_like_a_count(table: Tidy, name: str) -> bool:
    """A column of numbers that are not all 0 and 1: probably the count under a name that is not known."""
    return all(cell.replace(".", "", 1).isdigit() for cell in table.text(name))


def on_or_off(table: Tidy, name: str) -> Bools:
    """(rows,): the cell is 0 or 1."""
    return np.isin(np.char.strip(table.text(name)), ("0", "1", "0.0", "1.0"))


def too_many_lists() -> Finding:
    return Finding(
        "too-many-lists",
        Text("Registren är fler än tolv.", "There are more than twelve lists."),
        Text("Välj eller slå ihop register med --lists.", "Choose or merge lists with --lists."),
    )


def not_a_list(place: Place) -> Finding:
    return Finding(
        "not-a-list",
        Text(
            "Ett register måste vara en kolumn med bara 0 och 1.", "A list must be a column of only 0 and 1."
        ),
        Text(
            "Rätta cellen, eller ange kolumnerna med --lists.",
            "Mend the cell, or name the columns with --lists.",
        ),
        place,
    )
