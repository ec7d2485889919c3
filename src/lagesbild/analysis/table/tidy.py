"""A tidy table as a method reads it: one observation a row, named columns, empty where nothing is known."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lagesbild.core.language import Text
from lagesbild.core.refusal import BadUsage, Finding, Place, Refusal

Numbers = NDArray[np.float64]
Texts = NDArray[np.str_]

HIDDEN, ROUNDED = "hidden", "rounded"
_EMPTY = frozenset({"", "na", "n/a", "#n/a", "#saknas!", "nan", "null", "none", "saknas", ".", ".."})
"""How files write that nothing is known; two points are Statistics Sweden's."""
_IN_GROUPS = re.compile(r"[-−]?\d{1,3}([ \u00a0\u202f]\d{3})+(\.\d+)?")
MOSTLY = 0.5
"""A column with more numbers than this share is one of numbers, and a cell of text in it a mistake."""


@dataclass(frozen=True)
class CountsKnown:
    """Counts as a release shows them, one element a row; where protected, only bounds are known.

    `value` is NaN where a cell is hidden or missing. `lower <= true count <= upper` always; both equal the
    value of an exact cell, and both are NaN where nothing at all is known.
    """

    value: Numbers
    lower: Numbers
    upper: Numbers
    protected: NDArray[np.bool_]

    @property
    def exact(self) -> NDArray[np.bool_]:
        return ~np.isnan(self.value) & ~self.protected

    @property
    def bounded(self) -> NDArray[np.bool_]:
        return ~np.isnan(self.lower) & ~np.isnan(self.upper)

    def at(self, rows: Any) -> "CountsKnown":
        """The same for some of the rows, in that order."""
        return CountsKnown(self.value[rows], self.lower[rows], self.upper[rows], self.protected[rows])

    @classmethod
    def released(cls, value: Any) -> "CountsKnown":
        """Exact counts; NaN is a cell that nobody has measured, not a protected one."""
        known = np.asarray(value, dtype=float)
        return cls(known, known, known, np.zeros(known.shape, dtype=bool))


@dataclass(frozen=True)
class Tidy:
    """Columns of equal length. Text columns come from a file, number columns may also come from Python.

    `lines` are the file's line numbers of the rows, where they are no longer simply 2, 3, 4, ...; `file` is
    its name where the table comes from one; `given` what the file calls a column that a method renamed.
    """

    columns: Mapping[str, NDArray[Any]]
    lines: NDArray[np.intp] | None = None
    file: str = ""
    given: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, **columns: Iterable[Any]) -> "Tidy":
        return cls({name: np.asarray(list(values)) for name, values in columns.items()})

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), ()))

    def __contains__(self, name: object) -> bool:
        return name in self.columns

    def __iter__(self) -> Iterator[str]:
        return iter(self.columns)

    def text(self, name: str) -> Texts:
        return self.columns[name].astype(str)

    def numbers(self, name: str) -> Numbers:
        """The column as floats, NaN where empty; refuses with row and column where it is no number."""
        column = self.columns[name]
        if column.dtype.kind in "fiub":
            return column.astype(float)
        try:
            values: Numbers = column.astype(float)
        except ValueError:  # something else than plain numbers: cell by cell
            values = np.full(len(column), np.inf)
        for row in np.flatnonzero(~np.isfinite(values)):
            values[row] = _number(column[row], self.place(int(row), name))
        return values

    def is_numbers(self, name: str) -> bool:
        """Whether the column holds numbers; refuses when most cells do and some do not.

        Codes with a leading zero are names. A column where nothing is known holds no numbers.
        """
        if self.columns[name].dtype.kind in "fiub":
            return bool((~np.isnan(self.numbers(name))).any())
        cells = [cell.strip() for cell in self.text(name)]
        if any(cell[:1] == "0" and cell[1:2].isdigit() for cell in cells):
            return False
        told = [cell for cell in cells if cell.lower() not in _EMPTY]
        reads = sum(map(_reads, told))
        if len(told) * MOSTLY < reads < len(told):
            self.numbers(name)
        return 0 < reads == len(told)

    def place(self, row: int, column: str) -> Place:
        """Where a row stands in its file."""
        line = row + 2 if self.lines is None else int(self.lines[row])
        return Place(file=self.file, row=line, column=self.given.get(column, column))

    def filled(self, name: str, otherwise: float) -> Numbers:
        """The column as floats, or the same number on every row where the table has no such column."""
        return self.numbers(name) if name in self else np.full(len(self), float(otherwise))

    def codes(self, name: str) -> NDArray[np.intp]:
        """The column's different texts numbered from 0, or zeros where the table has no such column."""
        if name not in self:
            return np.zeros(len(self), dtype=np.intp)
        return np.unique(self.text(name), return_inverse=True)[1]

    def counts(self, name: str = "count") -> CountsKnown:
        """Counts with their bounds: `status` (hidden, rounded), `lower`, `upper` stand beside the count."""
        value = self.numbers(name)
        status = self.text("status") if "status" in self else np.full(len(self), "")
        hidden, rounded = status == HIDDEN, status == ROUNDED
        value = np.where(hidden, np.nan, value)
        exact = ~np.isnan(value) & ~rounded
        lower = np.where(exact, value, self.filled("lower", np.nan))
        upper = np.where(exact, value, self.filled("upper", np.nan))
        return CountsKnown(value, lower, upper, hidden | rounded)

    def at(self, rows: Any) -> "Tidy":
        lines = np.arange(len(self)) + 2 if self.lines is None else self.lines
        columns = {name: column[rows] for name, column in self.columns.items()}
        return replace(self, columns=columns, lines=lines[rows])

    def where(self, name: str, wanted: str) -> "Tidy":
        return self.at(self.text(name) == wanted)

    def also_named(self, names: Mapping[str, str]) -> "Tidy":
        """`names` maps a new name to the column that answers to it as well."""
        given = {new: self.given.get(old, old) for new, old in names.items()}
        columns = {new: self.columns[old] for new, old in names.items()}
        return replace(self, columns={**self.columns, **columns}, given={**self.given, **given})

    def without(self, names: Iterable[str]) -> "Tidy":
        gone = set(names)
        return replace(self, columns={n: column for n, column in self.columns.items() if n not in gone})

    def groups(self, *names: str) -> list[tuple[dict[str, Any], NDArray[np.intp]]]:
        """Row numbers of each combination of the named columns that exist, in order of first appearance."""
        keys = [self.text(name) for name in names if name in self]
        found: dict[tuple[str, ...], list[int]] = {}
        for row in range(len(self)):
            found.setdefault(tuple(str(key[row]) for key in keys), []).append(row)
        present = [name for name in names if name in self]
        return [(dict(zip(present, key, strict=True)), np.array(rows)) for key, rows in found.items()]

    def require(self, *names: str) -> None:
        missing = [name for name in names if name not in self]
        if missing:
            raise BadUsage(*(missing_column(name) for name in missing))


def missing_column(name: str) -> Finding:
    return Finding(
        "missing-column",
        Text(f"Kolumnen {name} saknas.", f"The column {name} is missing."),
        Text(
            f"Lägg till den eller döp om en annan med --column {name}=NAMN.",
            f"Add it, or rename another with --column {name}=NAME.",
        ),
        Place(column=name),
    )


def _reads(cell: str) -> bool:
    try:
        _number(cell, Place())
    except Refusal:
        return False
    return True


def _number(cell: Any, place: Place) -> float:
    text = str(cell).strip()
    if text.lower() in _EMPTY:
        return float("nan")
    if _IN_GROUPS.fullmatch(text):
        text = re.sub(r"[ \u00a0\u202f]", "", text)
    text = text.replace("−", "-")
    try:
        value = float(text)
        if not np.isfinite(value):
            raise ValueError
        return value
    except ValueError:
        raise Refusal(
            Finding(
                "not-a-number",
                Text("Cellen är inget tal.", "The cell is not a number."),
                Text(
                    "Skriv ett tal med decimalpunkt, eller lämna cellen tom.",
                    "Write a number with a decimal point, or leave the cell empty.",
                ),
                place,
            )
        ) from None
