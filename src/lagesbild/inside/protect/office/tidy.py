"""Tidy tables and hierarchies from CSV and Parquet; faults are told by row and rule, never by value."""

import csv
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv
import pyarrow.parquet as arrow_parquet

from lagesbild.core.language import Text
from lagesbild.core.refusal import Finding, Place, Refusal
from lagesbild.core.table import Dimension, Table
from lagesbild.inside.protect.methods.magnitude import Contributions
from lagesbild.inside.protect.problem.system import Flags, Ints

FIRST_ROW = 2
"""Row number of the first data row as an editor shows it."""
DELIMITERS = ",;\t"
PARQUET = (".parquet", ".pq")
LARGEST_SUM = 10**12
"""Of all leaves: far below what an attacker thinks possible of a hidden cell."""


def read_dimension(name: str, files: Sequence[Path]) -> Dimension:
    """A hierarchy and further groupings over the same leaves. Raises Refusal."""
    return regrouped(Dimension(name, ()), files)


def regrouped(dimension: Dimension, files: Sequence[Path]) -> Dimension:
    """A dimension with further groupings. Raises Refusal."""
    codes, relations = dict.fromkeys(dimension.codes), dict.fromkeys(dimension.relations)
    for file in files:
        levels, named = map(pc.utf8_trim_whitespace, columns(file, ("levels", "codes")))
        _first(flags(pc.equal(named, "")), "blank-code", _BLANK, file)
        pairs = zip(levels.to_pylist(), named.to_pylist(), strict=True)
        try:
            part = Dimension.of_levels(dimension.name, pairs)
            codes |= dict.fromkeys(part.codes)
            relations |= dict.fromkeys(part.relations)
            dimension = Dimension(dimension.name, tuple(codes), tuple(relations))
        except ValueError as error:
            raise refuse("hierarchy", _HIERARCHY, file) from error
        if not part.codes:
            raise refuse("hierarchy", _HIERARCHY, file)
    return dimension


def lacking(name: str, files: Sequence[Path]) -> Path | None:
    """Of groupings of one dimension the file in which a total lacks finest codes that it has in another."""
    parts = [read_dimension(name, (file,)) for file in files]
    made = {each.total: each.parts for part in parts for each in part.relations}

    def finest(code: str) -> set[str]:
        return set[str]().union(*map(finest, made[code])) if code in made else {code}

    below: dict[str, set[str]] = {}
    for part in parts:
        for each in part.relations:
            below.setdefault(each.total, set()).update(*map(finest, each.parts))
    for file, part in zip(files, parts, strict=True):
        for each in part.relations:
            if below[each.total] - set().union(*map(finest, each.parts)):
                return file
    return None


def read_leaves(file: Path, table: Table, value: str) -> Ints:
    """Leaf counts at their cells, totals added up, shape (cells,). A leaf that is not in the file is 0."""
    *codes, amounts = columns(file, (*names_of(table), value))
    _some(file, amounts)
    cells = cells_of(file, table, codes)
    _first(~table.is_leaf[cells], "not-a-leaf", _NOT_LEAF, file)
    whole = whole_numbers(file, amounts)
    once(file, cells)
    counts = np.zeros(table.size, dtype=np.int64)
    counts[cells] = whole
    return _added_up(file, table, counts)


def _some(file: Path, rows: pa.Array) -> None:
    """A file that lost its rows would be a table of zeros alone."""
    if not len(rows):
        raise refuse("no-rows", _NO_ROWS, file)


def _added_up(file: Path, table: Table, leaves: Ints) -> Ints:
    """Every cell, unless the sums grow larger than whole numbers are reckoned with."""
    if leaves.sum(dtype=float) > LARGEST_SUM:
        raise refuse("too-large", _TOO_LARGE, file)
    return table.add_up(leaves)


def read_givers(file: Path, giver: str) -> set[str]:
    """The names of all who gave anything."""
    return set(columns(file, (giver,))[0].unique().to_pylist())


def read_contributions(
    file: Path, table: Table, value: str, giver: str, everyone: Sequence[str]
) -> Contributions:
    """Who gave how much to which leaf cell; a giver may have several rows in one.

    Each is numbered by her place among `everyone`.
    """
    *codes, amounts, givers = columns(file, (*names_of(table), value, giver))
    _some(file, amounts)
    cells = cells_of(file, table, codes)
    _first(~table.is_leaf[cells], "not-a-leaf", _NOT_LEAF, file)
    numbered = np.asarray(pc.index_in(givers, pa.array(everyone, pa.string()))).astype(np.int64)
    whole = whole_numbers(file, amounts)
    if whole.sum(dtype=float) > LARGEST_SUM:
        raise refuse("too-large", _TOO_LARGE, file)
    return Contributions(cells, numbered, whole)


def read_truth(file: Path, table: Table) -> Ints:
    """Every cell's true count from the private side of an earlier delivery, shape (cells,).

    Its leaves are read and added up, so that further groupings may have been told since.
    """
    *codes, values = columns(file, (*names_of(table), "value"))
    leaf = np.ones(len(values), dtype=bool)
    for dimension, column in zip(table.dimensions, codes, strict=True):
        leaf &= flags(pc.is_in(column, pa.array(dimension.leaves)))
    kept = pa.array(leaf)
    own = cells_of(file, table, [column.filter(kept) for column in codes])
    if len(own) != table.is_leaf.sum() or len(np.unique(own)) != len(own):
        raise refuse("incomplete", _INCOMPLETE, file)
    counts = np.zeros(table.size, dtype=np.int64)
    counts[own] = whole_numbers(file, values.filter(kept))
    return table.add_up(counts)


def names_of(table: Table) -> tuple[str, ...]:
    return tuple(dimension.name for dimension in table.dimensions)


def cells_of(file: Path, table: Table, codes: Sequence[pa.Array]) -> Ints:
    """The cell of each row, (rows,)."""
    cells = np.zeros(len(codes[0]) if codes else 0, dtype=np.int64)
    for dimension, column in zip(table.dimensions, codes, strict=True):
        place = pc.index_in(column, pa.array(dimension.codes)).fill_null(-1)
        found = np.asarray(place).astype(np.int64)
        _first(found < 0, "unknown-code", _UNKNOWN_CODE, file, dimension.name)
        cells = cells * len(dimension.codes) + found
    return cells


def whole_numbers(file: Path, texts: pa.Array, among: Flags | None = None) -> Ints:
    """Counts as numbers; `among` tells which rows of the file they are."""
    trimmed = _plain(pc.utf8_trim_whitespace(texts))
    good = flags(pc.match_substring_regex(trimmed, r"^[0-9]{1,12}(\.0+)?$"))
    rows = np.arange(len(good)) if among is None else np.flatnonzero(among)
    bad = rows[~good]
    if len(bad):
        raise refuse("not-a-count", _NOT_COUNT, file, int(bad[0]))
    whole = pc.replace_substring_regex(trimmed, r"\..*$", "")
    return np.asarray(pc.cast(whole, pa.int64())).astype(np.int64)


def _plain(texts: pa.Array) -> pa.Array:
    """R and Arrow write 100000 as 1e+05."""
    short = flags(pc.match_substring_regex(texts, r"^[0-9](\.[0-9]+)?[eE]\+?[0-9]{1,2}$"))
    if not short.any():
        return texts
    written = [f"{Decimal(text):f}" for text in texts.filter(pa.array(short)).to_pylist()]
    return pc.replace_with_mask(texts, pa.array(short), pa.array(written, pa.string()))


def once(file: Path, cells: Ints) -> None:
    """Raises Refusal where a cell has two rows."""
    first = np.unique(cells, return_index=True)[1]
    again = np.ones(len(cells), dtype=bool)
    again[first] = False
    _first(again, "duplicate", _DUPLICATE, file)


def columns(file: Path, wanted: Sequence[str]) -> list[pa.Array]:
    """The named columns as text. Raises Refusal where one is missing, or there twice."""
    table = read(file)
    for name in wanted:
        if table.column_names.count(name) != 1:
            raise refuse("column", _COLUMN, file, column=name)
    return [text(file, table, table.column_names.index(name)) for name in wanted]


def read(file: Path) -> pa.Table:
    """The file as it stands, every column of a CSV as text. Raises Refusal."""
    try:
        if file.suffix.lower() in PARQUET:
            return arrow_parquet.read_table(file, partitioning=None)
        header, delimiter = _header(file)
        # Codes such as 0114 must keep their zero, so nothing is guessed.
        as_text = arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(header, pa.string()), strings_can_be_null=False, null_values=[]
        )
        return arrow_csv.read_csv(
            file, parse_options=arrow_csv.ParseOptions(delimiter=delimiter), convert_options=as_text
        )
    except FileNotFoundError as error:
        raise refuse("no-file", _NO_FILE, file) from error
    except (pa.ArrowException, OSError, UnicodeDecodeError, csv.Error) as error:
        raise refuse("unreadable", _UNREADABLE, file) from error


def _header(file: Path) -> tuple[list[str], str]:
    """Column names, and the sign that parts them: whichever of comma, semicolon and tab stands most."""
    with file.open(encoding="utf-8-sig", newline="") as opened:
        line = opened.readline()
    delimiter = max(DELIMITERS, key=line.count)
    return next(csv.reader([line], delimiter=delimiter), []), delimiter


def text(file: Path, table: pa.Table, place: int) -> pa.Array:
    """A column as text, null as empty. Raises Refusal where it holds what is no text, such as lists."""
    whole = table.column(place).combine_chunks()
    try:
        told = whole if pa.types.is_string(whole.type) else pc.cast(whole, pa.string())
        told.validate(full=True)
    except pa.ArrowException as error:
        raise refuse("not-text", _NOT_TEXT, file, column=table.column_names[place]) from error
    return pc.fill_null(told, "")


def flags(array: pa.Array) -> Flags:
    return np.asarray(array).astype(bool).copy()


def _first(bad: Flags, code: str, why: tuple[Text, Text], file: Path, column: str = "") -> None:
    rows = np.flatnonzero(bad)
    if len(rows):
        raise refuse(code, why, file, int(rows[0]), column)


def refuse(
    code: str, why: tuple[Text, Text], file: Path, row: int | None = None, column: str = ""
) -> Refusal:
    """Tells the place as an editor shows it; `row` counts data rows from 0."""
    at = None if row is None else row + FIRST_ROW
    return Refusal(Finding(code, *why, Place(file=file.name, row=at, column=column)))


_HIERARCHY = (
    Text(
        "Hierarkin går inte ihop: @ djupnar ett steg i taget, en kod har sina delar på ett ställe, "
        "inga cirklar.",
        "The hierarchy does not hold: levels of @ deepen one at a time, a code has its parts in one place, "
        "no circles.",
    ),
    Text("Rätta kolumnerna levels och codes.", "Mend the columns levels and codes."),
)
_BLANK = (
    Text("Raden har ingen kod.", "The row has no code."),
    Text("Skriv koden, eller ta bort raden.", "Write the code, or take the row out."),
)
_NO_ROWS = (
    Text("Tabellen har inga rader.", "The table has no rows."),
    Text("Skriv en rad med 0 om ingenting räknades.", "Write a row of 0 if nothing was counted."),
)
_NOT_LEAF = (
    Text("Raden gäller en summa, inte en minsta cell.", "The row is a total, not a leaf."),
    Text("Ta bort summorna; de räknas fram.", "Remove totals; they are added up."),
)
_UNKNOWN_CODE = (
    Text("Koden finns inte i dimensionens hierarki.", "The code is not in the dimension's hierarchy."),
    Text(
        "Lägg till koden i hierarkin eller rätta raden. Koder är text: 114 är inte 0114.",
        "Add the code to the hierarchy, or mend the row. Codes are text: 114 is not 0114.",
    ),
)
_NOT_COUNT = (
    Text("Värdet är inget helt tal från 0 och uppåt.", "The value is no whole number from 0 upwards."),
    Text("Rätta raden; tomt betyder inte noll.", "Mend the row; blank does not mean zero."),
)
_TOO_LARGE = (
    Text("Talen är tillsammans över tusen miljarder.", "The numbers are over a million million together."),
    Text("Räkna i en större enhet, såsom tusental.", "Count in a larger unit, such as thousands."),
)
_DUPLICATE = (
    Text("Cellen har redan en rad.", "The cell has a row already."),
    Text(
        "Behåll en rad för varje cell, eller lägg kolumnen som skiljer raderna åt under [dimensions].",
        "Keep one row for each cell, or put the column that tells the rows apart under [dimensions].",
    ),
)
_COLUMN = (
    Text("Kolumnen saknas, eller finns två gånger.", "The column is missing, or there twice."),
    Text("En tabell har en kolumn för varje dimension och en för talen, en hierarki levels och codes.",
         "A table has a column for each dimension and one for the numbers, a hierarchy levels and codes."),
)  # fmt: skip
_NOT_TEXT = (
    Text("Kolumnen har varken text (UTF-8) eller tal.", "The column holds neither text (UTF-8) nor numbers."),
    Text("Spara den som text eller tal.", "Save it as text or numbers."),
)
_INCOMPLETE = (
    Text("Filen har inte en rad för varje cell.", "The file does not have one row for each cell."),
    Text("Ange mappen från en hel körning.", "Name the folder of a whole run."),
)
_NO_FILE = (
    Text("Filen finns inte.", "The file does not exist."),
    Text("Sökvägar räknas från specifikationens mapp.", "Paths are relative to the specification's folder."),
)
_UNREADABLE = (
    Text("Filen går inte att läsa som CSV (UTF-8; komma, semikolon eller tabb) eller Parquet.",
         "The file cannot be read as CSV (UTF-8; comma, semicolon or tab) or Parquet."),
    Text("Spara den på nytt i ett av formaten.", "Save it again in one of these formats."),
)  # fmt: skip
