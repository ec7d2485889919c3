"""One row of a data file, read with the file, row and rule named when it does not hold."""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, TypeVar

from lagesbild.core.language import Text

T = TypeVar("T")


class BrokenFact(Exception):
    """A reference file breaks a rule. Says which file, which row (1 is the heading) and which rule."""

    def __init__(self, file: str, row: int | None, rule: str) -> None:
        where = file if row is None else f"{file}, row {row}"
        super().__init__(f"{where}: {rule}")


@dataclass(frozen=True)
class Row:
    """One row of one file; each reading names the place when it fails."""

    file: str
    number: int
    values: dict[str, str]

    def broken(self, rule: str) -> NoReturn:
        raise BrokenFact(self.file, self.number, rule)

    def require(self, holds: bool, rule: str) -> None:
        if not holds:
            self.broken(rule)

    def maybe(self, column: str) -> str:
        return self.values[column]

    def text(self, column: str) -> str:
        self.require(self.values[column] != "", f"{column} is filled in")
        return self.values[column]

    def whole(self, column: str) -> int:
        return self._number(column, int, "a whole number")

    def real(self, column: str) -> float:
        return self._number(column, float, "a number")

    def maybe_real(self, column: str) -> float | None:
        return self.real(column) if self.values[column] else None

    def codes(self, column: str) -> tuple[str, ...]:
        """Several codes in one cell, divided by `|`; none where it is empty."""
        return tuple(code for code in self.values[column].split("|") if code)

    def words(self, stem: str) -> Text:
        """The Swedish and the English words of two columns; both must be filled in."""
        return Text(sv=self.text(f"{stem}_sv"), en=self.text(f"{stem}_en"))

    def maybe_words(self, stem: str) -> Text | None:
        """As `words`, or None where both languages are empty."""
        return self.words(stem) if self.values[f"{stem}_sv"] or self.values[f"{stem}_en"] else None

    def _number(self, column: str, read: Callable[[str], T], kind: str) -> T:
        try:
            return read(self.values[column])
        except ValueError:
            self.broken(f"{column} is {kind}")


def rows(folder: Path, file: str, columns: str) -> list[Row]:
    """The rows of a CSV file with exactly these columns, in this order; `name*` is name_sv and name_en."""
    with (folder / file).open(encoding="utf-8", newline="") as text:
        lines = list(csv.reader(text))
    expected = [column for each in columns.split() for column in _languages(each)]
    if not lines or lines[0] != expected:
        raise BrokenFact(file, 1, f"the columns are {', '.join(expected)}")
    for number, line in enumerate(lines[1:], start=2):
        if len(line) != len(expected):
            raise BrokenFact(file, number, f"a row has {len(expected)} cells")
    return [
        Row(file, number, dict(zip(expected, line, strict=True)))
        for number, line in enumerate(lines[1:], start=2)
    ]


def _languages(column: str) -> tuple[str, ...]:
    stem = column.removesuffix("*")
    return (f"{stem}_sv", f"{stem}_en") if stem != column else (column,)


def unique(found: list[Row], *columns: str) -> None:
    """Raises at the second row with the same key."""
    seen: set[tuple[str, ...]] = set()
    for row in found:
        key = tuple(row.values[column] for column in columns)
        row.require(key not in seen, f"{' and '.join(columns)} occur once")
        seen.add(key)
