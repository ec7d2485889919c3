"""A tidy file as text columns: Parquet, or CSV with comma, or, as Swedish Excel writes, with semicolon or tab
and decimal comma."""

import csv
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING

from lagesbild.core.language import Text
from lagesbild.core.refusal import BadUsage, Finding, Place, Refusal

if TYPE_CHECKING:
    from lagesbild.analysis.table.tidy import Tidy

PARQUET = b"PAR1"


def read_table(path: Path) -> "Tidy":
    """The file's columns with the line of each row; refuses what is no table, naming the line."""
    raw = read_bytes(path)
    return _parquet(raw, path.name) if raw.startswith(PARQUET) else _csv(raw, path)


def _parquet(raw: bytes, file: str) -> "Tidy":
    """Each cell as CSV would write it: empty where nothing is known, 1 and 0 for true and false."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    from lagesbild.analysis.table.tidy import Tidy

    try:
        table = pq.read_table(io.BytesIO(raw), use_threads=False)
    except (pa.ArrowException, OSError, ValueError):
        raise Refusal(_finding(_NOT_PARQUET, file)) from None
    if not table.num_rows:
        raise Refusal(_finding(_EMPTY, file))
    if len(set(table.column_names)) != table.num_columns:
        raise Refusal(_finding(_SAME_NAME, file, 1))
    values = {
        name: column.to_pylist() for name, column in zip(table.column_names, table.columns, strict=True)
    }
    return Tidy(
        {name: np.array([_cell(cell) for cell in column]) for name, column in values.items()}, file=file
    )


def _cell(cell: object) -> str:
    if isinstance(cell, bool):
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


def _csv(raw: bytes, path: Path) -> "Tidy":
    import numpy as np

    from lagesbild.analysis.table.tidy import Tidy

    text = _text(raw, path)
    delimiter = _delimiter(text.partition("\n")[0])
    header, body, lines = _rows(text, delimiter, path.name)
    clean = str.strip if delimiter == "," else _swedish
    columns = {name: np.array([clean(row[i]) for row in body]) for i, name in enumerate(header)}
    return Tidy(columns, np.array(lines), path.name)


def read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise BadUsage(_finding(_NOT_OPENED, path.name)) from None


def _text(raw: bytes, path: Path) -> str:
    """UTF-8, or the code page in which Excel saves plain CSV here (Windows-1252)."""
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Refusal(_finding(_NOT_TEXT, path.name))


def _delimiter(head: str) -> str:
    bare = re.sub(r'"[^"]*"', "", head)
    return max(";\t,", key=bare.count)


def _rows(text: str, delimiter: str, file: str) -> tuple[list[str], list[list[str]], list[int]]:
    """The names, the rows that hold anything, and the line on which each of them ends."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header: list[str] = []
    body, lines = list[list[str]](), list[int]()
    try:
        for row in reader:
            if not "".join(row).strip():
                continue
            if not header:
                header = [name.strip() for name in row]
                continue
            if len(row) != len(header):
                raise Refusal(_finding(_UNEVEN, file, reader.line_num))
            body.append(row)
            lines.append(reader.line_num)
    except csv.Error:
        raise Refusal(_finding(_NOT_TEXT, file, reader.line_num)) from None
    if len(set(header)) != len(header):
        raise Refusal(_finding(_SAME_NAME, file, 1))
    if not body:
        raise Refusal(_finding(_EMPTY, file))
    return header, body, lines


def _swedish(cell: str) -> str:
    """Beside semicolons and tabs numbers have a decimal comma, and perhaps a space between thousands."""
    found = re.fullmatch(r"([-−]?\d{1,3}(?:[ \u00a0\u202f]?\d{3})*|[-−]?\d+)(?:,(\d+))?", cell.strip())
    if found is None:
        return cell.strip()
    whole = re.sub(r"[ \u00a0\u202f]", "", found[1]).replace("−", "-")
    return f"{whole}.{found[2]}" if found[2] else whole


def _finding(what: tuple[Text, Text], file: str, line: int | None = None) -> Finding:
    rule, remedy = what
    return Finding("unreadable-table", rule, remedy, Place(file=file, row=line))


_NOT_OPENED = (
    Text("Filen går inte att öppna.", "The file cannot be opened."),
    Text("Kontrollera namnet och att du får läsa filen.", "Check its name, and that you may read it."),
)
_NOT_TEXT = (
    Text("Filen är ingen CSV-fil.", "The file is not a CSV file."),
    Text("Spara tabellen som CSV i UTF-8.", "Save the table as CSV in UTF-8."),
)
_NOT_PARQUET = (
    Text("Parquetfilen går inte att läsa.", "The Parquet file cannot be read."),
    Text("Spara den på nytt, eller som CSV i UTF-8.", "Save it anew, or as CSV in UTF-8."),
)
_EMPTY = (
    Text("Filen har inga rader under rubrikraden.", "The file has no rows below its header row."),
    Text("Välj en fil med rubrikrad och data.", "Choose a file with a header row and data."),
)
_UNEVEN = (
    Text("Raden har inte lika många celler som rubrikraden.", "The row has not as many cells as the header."),
    Text(
        "Lägg till eller ta bort skiljetecken; sätt text med skiljetecken inom citattecken.",
        "Add or remove separators; put text that holds a separator within quotation marks.",
    ),
)
_SAME_NAME = (
    Text("Två kolumner heter likadant.", "Two columns have the same name."),
    Text("Ge varje kolumn ett eget namn.", "Give each column a name of its own."),
)
