"""Tidy tables and hierarchies from CSV and Parquet; faults are told by row and rule, never by value."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv
import pyarrow.parquet as arrow_parquet

from lagesbild.core.language import Text
from lagesbild.core.refusal import Finding, Place, Refusal
from lagesbild.core.table import Dimension, Relation, Table
from lagesbild.inside.protect.methods.magnitude import Contributions
from lagesbild.inside.protect.problem.system import Flags, Ints

HIDDEN_MARKS = (
    "", "..", ".", ":", "*", "x", "X", "c", "C", "s", "S", "[s]", "[c]", "[x]",
    "NA", "N/A", "n/a", "NaN", "nan", "null",
)  # fmt: skip
"""What published tables write where a number is withheld. A dash is none: it often stands for zero."""
FIRST_ROW = 2
"""Row number of the first data row as an editor shows it."""


@dataclass(frozen=True, eq=False)
class Published:
    """A released table as outsiders have it: `counts` (cells,), 0 where `hidden` (cells,).

    marks: how many different ways it has of saying that a cell is hidden, a missing row being one.
    """

    counts: Ints
    hidden: Flags
    marks: int


def read_dimension(name: str, files: Sequence[Path]) -> Dimension:
    """A hierarchy and further groupings over the same leaves. Raises Refusal."""
    codes: dict[str, None] = {}
    relations: dict[Relation, None] = {}
    for file in files:
        rows = _columns(file, ("levels", "codes"))
        try:
            part = Dimension.of_levels(name, zip(*(column.to_pylist() for column in rows), strict=True))
        except ValueError as error:
            raise _refuse("hierarchy", _HIERARCHY, file) from error
        codes |= dict.fromkeys(part.codes)
        relations |= dict.fromkeys(part.relations)
    try:
        return Dimension(name, tuple(codes), tuple(relations))
    except ValueError as error:
        raise _refuse("hierarchy", _HIERARCHY, files[-1]) from error


def read_leaves(file: Path, table: Table, value: str) -> Ints:
    """Leaf counts at their cells, totals added up, shape (cells,). A leaf that is not in the file is 0."""
    *columns, amounts = _columns(file, (*(d.name for d in table.dimensions), value))
    cells = _cells(file, table, columns)
    _first(~table.is_leaf[cells], "not-a-leaf", _NOT_LEAF, file)
    whole = _whole_numbers(file, amounts)
    _once(file, cells)
    counts = np.zeros(table.size, dtype=np.int64)
    counts[cells] = whole
    return table.add_up(counts)


def read_contributions(file: Path, table: Table, value: str, giver: str) -> Contributions:
    """Who gave how much to which leaf cell; a giver may have several rows in one."""
    *columns, amounts, givers = _columns(file, (*(d.name for d in table.dimensions), value, giver))
    cells = _cells(file, table, columns)
    _first(~table.is_leaf[cells], "not-a-leaf", _NOT_LEAF, file)
    numbered = np.asarray(pc.dictionary_encode(givers).indices).astype(np.int64)
    return Contributions(cells, numbered, _whole_numbers(file, amounts))


def read_released(file: Path, table: Table) -> Published:
    """A released table, ours or another tool's: columns of the dimensions, `value`, and `status` if any.

    A cell that is not in the file counts as hidden.
    """
    *columns, values = _columns(file, (*(d.name for d in table.dimensions), "value"))
    cells = _cells(file, table, columns)
    _once(file, cells)
    withheld = _flags(pc.is_in(values, pa.array(HIDDEN_MARKS)))
    status = _optional(file, "status")
    said = values
    if status is not None:
        withheld |= _flags(pc.equal(status, "hidden"))
        said = pc.binary_join_element_wise(values, status, "|")
    marks = pc.count_distinct(said.filter(pa.array(withheld))).as_py() + (len(cells) < table.size)
    counts, hidden = np.zeros(table.size, dtype=np.int64), np.ones(table.size, dtype=bool)
    counts[cells[~withheld]] = _whole_numbers(file, values.filter(pa.array(~withheld)), ~withheld)
    hidden[cells[~withheld]] = False
    return Published(counts, hidden, int(marks))


def read_truth(file: Path, table: Table) -> Ints:
    """Every cell's true count from the private side of an earlier delivery, shape (cells,)."""
    *columns, values = _columns(file, (*(d.name for d in table.dimensions), "value"))
    cells = _cells(file, table, columns)
    if len(np.unique(cells)) != table.size:
        raise _refuse("incomplete", _INCOMPLETE, file)
    counts = np.zeros(table.size, dtype=np.int64)
    counts[cells] = _whole_numbers(file, values)
    return counts


def _cells(file: Path, table: Table, columns: Sequence[pa.Array]) -> Ints:
    cells = np.zeros(len(columns[0]) if columns else 0, dtype=np.int64)
    for dimension, column in zip(table.dimensions, columns, strict=True):
        place = pc.index_in(column, pa.array(dimension.codes)).fill_null(-1)
        codes = np.asarray(place).astype(np.int64)
        _first(codes < 0, "unknown-code", _UNKNOWN_CODE, file, dimension.name)
        cells = cells * len(dimension.codes) + codes
    return cells


def _whole_numbers(file: Path, texts: pa.Array, among: Flags | None = None) -> Ints:
    trimmed = pc.utf8_trim_whitespace(texts)
    good = _flags(pc.match_substring_regex(trimmed, r"^[0-9]{1,12}(\.0+)?$"))
    rows = np.arange(len(good)) if among is None else np.flatnonzero(among)
    bad = rows[~good]
    if len(bad):
        raise _refuse("not-a-count", _NOT_COUNT, file, int(bad[0]))
    whole = pc.replace_substring_regex(trimmed, r"\..*$", "")
    return np.asarray(pc.cast(whole, pa.int64())).astype(np.int64)


def _once(file: Path, cells: Ints) -> None:
    first = np.unique(cells, return_index=True)[1]
    again = np.ones(len(cells), dtype=bool)
    again[first] = False
    _first(again, "duplicate", _DUPLICATE, file)


def _columns(file: Path, wanted: Sequence[str]) -> list[pa.Array]:
    table = _table(file)
    if not set(wanted) <= set(table.column_names):
        raise _refuse("column", _COLUMN, file)
    return [_text(table.column(name)) for name in wanted]


def _optional(file: Path, name: str) -> pa.Array | None:
    table = _table(file)
    return _text(table.column(name)) if name in table.column_names else None


def _table(file: Path) -> pa.Table:
    try:
        if file.suffix == ".parquet":
            return arrow_parquet.read_table(file)
        return arrow_csv.read_csv(file, convert_options=_as_text(file))
    except FileNotFoundError as error:
        raise _refuse("no-file", _NO_FILE, file) from error
    except (pa.ArrowInvalid, OSError, UnicodeDecodeError) as error:
        raise _refuse("unreadable", _UNREADABLE, file) from error


def _as_text(file: Path) -> arrow_csv.ConvertOptions:
    # Codes such as 0114 must keep their zero, so nothing is guessed.
    with file.open(encoding="utf-8-sig") as opened:
        header = [name.strip().strip('"') for name in opened.readline().split(",")]
    return arrow_csv.ConvertOptions(
        column_types=dict.fromkeys(header, pa.string()), strings_can_be_null=False, null_values=[]
    )


def _text(column: pa.ChunkedArray) -> pa.Array:
    whole = column.combine_chunks()
    text = whole if pa.types.is_string(whole.type) else pc.cast(whole, pa.string())
    return pc.fill_null(text, "")


def _flags(array: pa.Array) -> Flags:
    return np.asarray(array).astype(bool).copy()


def _first(bad: Flags, code: str, why: tuple[Text, Text], file: Path, column: str = "") -> None:
    rows = np.flatnonzero(bad)
    if len(rows):
        raise _refuse(code, why, file, int(rows[0]), column)


def _refuse(
    code: str, why: tuple[Text, Text], file: Path, row: int | None = None, column: str = ""
) -> Refusal:
    at = None if row is None else row + FIRST_ROW
    return Refusal(Finding(code, *why, Place(file=file.name, row=at, column=column)))


_HIERARCHY = (
    Text(
        "Hierarkin går inte ihop: @ djupnar ett steg i taget, varje kod en gång, inga cirklar.",
        "The hierarchy does not hold: levels of @ that deepen one at a time, each code once, no circles.",
    ),
    Text("Rätta kolumnerna levels och codes.", "Mend the columns levels and codes."),
)
_NOT_LEAF = (
    Text("Raden gäller en summa, inte en minsta cell.", "The row is a total, not a leaf."),
    Text("Ta bort summorna; de räknas fram.", "Remove totals; they are added up."),
)
_UNKNOWN_CODE = (
    Text("Koden finns inte i dimensionens hierarki.", "The code is not in the dimension's hierarchy."),
    Text("Lägg till koden i hierarkin eller rätta raden.", "Add the code to the hierarchy, or mend the row."),
)
_NOT_COUNT = (
    Text("Värdet är inget helt tal från 0 och uppåt.", "The value is no whole number from 0 upwards."),
    Text("Rätta raden; tomt betyder inte noll.", "Mend the row; blank does not mean zero."),
)
_DUPLICATE = (
    Text("Cellen har redan en rad.", "The cell has a row already."),
    Text(
        "Behåll en rad för varje cell, eller lägg kolumnen som skiljer raderna åt under [dimensions].",
        "Keep one row for each cell, or put the column that tells the rows apart under [dimensions].",
    ),
)
_COLUMN = (
    Text("En kolumn som behövs saknas.", "A column that is needed is missing."),
    Text("Tabellen ska ha en kolumn för varje dimension och en för talen.",
         "The table must have a column for each dimension and one for the numbers."),
)  # fmt: skip
_INCOMPLETE = (
    Text("Filen har inte en rad för varje cell.", "The file does not have one row for each cell."),
    Text("Ange mappen från en hel körning.", "Name the folder of a whole run."),
)
_NO_FILE = (
    Text("Filen finns inte.", "The file does not exist."),
    Text("Sökvägar räknas från specifikationens mapp.", "Paths are relative to the specification's folder."),
)
_UNREADABLE = (
    Text("Filen går inte att läsa som CSV (UTF-8, kommatecken) eller Parquet.",
         "The file cannot be read as CSV (UTF-8, comma) or Parquet."),
    Text("Spara den på nytt i ett av formaten.", "Save it again in one of these formats."),
)  # fmt: skip
