"""What reading a file yields: sheets, blocks of text cells with their row numbers, and faults.

It is the whole vocabulary between the process that parses and the one that judges. Numbers arrive as
plain text; what is neither text nor number arrives as a mark.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pyarrow as pa

ERROR, DATE, LOGICAL, PERCENT, UNCALCULATED, LONG = (
    *("\0error", "\0date", "\0logical"),
    *("\0percent", "\0formula", "\0long"),
)
"""A formula's error; a date or time; true or false; a number shown as a percentage; a formula without value;
a text too long for a code."""

LONGEST_TEXT = 1_000
MOST_COLUMNS = 64
MOST_ROWS = 5_000_000
BLOCK = 65_536


@dataclass(frozen=True)
class Sheet:
    """A table begins. `header` holds the first row's texts by column, counted from 0."""

    name: str
    header: dict[int, str]
    row: int


@dataclass(frozen=True)
class Block:
    """Some rows: their numbers, and a dictionary-encoded text column for each column that has any text."""

    rows: pa.Int32Array
    columns: dict[int, pa.DictionaryArray]
    bytes_read: int = 0


@dataclass(frozen=True)
class Fault:
    """A rule that the file breaks, and where; columns and rows as in `Sheet` and `Block`."""

    rule: str
    row: int | None = None
    column: int | None = None


@dataclass(frozen=True)
class Beside:
    """A text that stands in no cell, and the rule that it breaks unless its words are ordinary."""

    where: str
    text: str = field(repr=False)
    row: int | None = None
    column: int | None = None


Event = Sheet | Block | Fault | Beside


class Unreadable(Exception):
    """Reading cannot go on."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.rule)
        self.fault = fault


def unreadable(rule: str, row: int | None = None, column: int | None = None) -> Unreadable:
    return Unreadable(Fault(rule, row, column))


def encoded(texts: Sequence[str | None]) -> pa.DictionaryArray:
    """A text column with each distinct text once."""
    return pa.array(texts, pa.string()).dictionary_encode()


@dataclass
class Rows:
    """Gathers sparse rows until they make a block."""

    numbers: list[int] = field(default_factory=list)
    cells: list[dict[int, str]] = field(default_factory=list)

    def add(self, number: int, cells: dict[int, str]) -> None:
        self.numbers.append(number)
        self.cells.append(cells)

    def block(self, bytes_read: int = 0) -> Block:
        used = sorted({column for cells in self.cells for column in cells})
        columns = {column: encoded([cells.get(column) for cells in self.cells]) for column in used}
        return Block(pa.array(self.numbers, pa.int32()), columns, bytes_read)


def plain(number: float) -> str:
    """A number as text: whole numbers without a decimal point or an exponent."""
    return str(int(number)) if number.is_integer() else repr(number)
