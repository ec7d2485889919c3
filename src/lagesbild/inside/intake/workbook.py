"""Reads an Excel workbook as a stream of rows, and notices what its screen does not show.

Written for the gate: an ordinary reader hands over values, and hides that a row was hidden, a formula
failed or a number was a date.
"""

import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat

from .archive import Workbook
from .beside import STRUCTURE, Furniture, Texts, look_through, parser
from .reading import (
    DATE,
    ERROR,
    LOGICAL,
    LONG,
    LONGEST_TEXT,
    MOST_COLUMNS,
    MOST_ROWS,
    PERCENT,
    UNCALCULATED,
    Event,
    Fault,
    Rows,
    Sheet,
    plain,
    unreadable,
)

MOST_CELLS = 8_000_000
BLOCK_ROWS = 4_096

_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
_QUOTED = re.compile(r"\"[^\"]*\"|\[[^\]]*\]|\\.|_.|\*.")
_DATE_FORMATS = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))

_SHARED = "xl/sharedstrings.xml"
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_OWN_NAMES = frozenset(("_xlnm.Print_Area", "_xlnm.Print_Titles", "_xlnm._FilterDatabase"))
_SHEET_PARTS = frozenset(
    """
    sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection autoFilter sortState
    mergeCells phoneticPr conditionalFormatting dataValidations printOptions pageMargins pageSetup
    headerFooter rowBreaks colBreaks ignoredErrors drawing legacyDrawing tableParts extLst AlternateContent
    """.split()  # noqa: SIM905 -- reads better than quoted words
)
"""What a sheet may have beside its rows. Others (scenarios, protected ranges, controls) can hold texts."""

_ROW = frozenset(
    """
    r spans s customFormat ht hidden customHeight outlineLevel collapsed thickTop thickBot ph
    """.split()  # noqa: SIM905 -- as above
)
_CELL = frozenset(("r", "s", "t", "cm", "vm", "ph"))

Attributes = dict[str, str]


def read(file: IO[bytes]) -> Iterator[Event]:
    """Every sheet's rows, and every text that stands in no cell. Raises Unreadable."""
    book = Workbook(file)
    contents = _Contents.of(book)
    texts = Texts()
    sheets = {part.lower() for _, part, _ in contents.sheets}
    if any(_SHEET.fullmatch(part) and part not in sheets for part in book.names):
        raise unreadable("hidden-sheet")
    others = [part for part in book.names if part.endswith((".xml", ".rels")) and part not in sheets]
    look_through(book, [part for part in others if part != _SHARED], texts)
    shared = _shared_texts(book, texts)
    yield from texts.new()
    styles = _Styles.of(book)
    used: set[int] = set()
    for name, part, hidden in contents.sheets:
        reader = _SheetReader(shared, used, styles, Furniture(texts, part), texts)
        yield from reader.read(book, part, name, hidden)
        yield from texts.new()
    for unused in set(range(len(shared))) - used:
        texts.add("hidden-text", shared[unused])
    yield from texts.new()


@dataclass
class _Contents:
    """The workbook's sheets: name, part and whether hidden."""

    sheets: list[tuple[str, str, bool]] = field(default_factory=list)
    _found: list[Attributes] = field(default_factory=list)

    @classmethod
    def of(cls, book: Workbook) -> "_Contents":
        contents = cls()
        book.parse("xl/workbook.xml", _plain_parser(contents._start))
        targets: dict[str, str] = {}

        def relation(name: str, attributes: Attributes) -> None:
            if name == "Relationship":
                targets[attributes["Id"]] = attributes["Target"]

        book.parse("xl/_rels/workbook.xml.rels", _plain_parser(relation))
        for sheet in contents._found:
            target = targets.get(next((sheet[key] for key in sheet if key.endswith("}id")), ""), "")
            part = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
            contents.sheets.append((sheet.get("name", ""), part, sheet.get("state", "visible") != "visible"))
        return contents

    def _start(self, name: str, attributes: Attributes) -> None:
        if name == "sheet":
            self._found.append(attributes)
        elif name == "definedName" and attributes.get("name") not in _OWN_NAMES:
            raise unreadable("defined-names")


def _plain_parser(start: Callable[[str, Attributes], None]) -> expat.XMLParserType:
    return parser(start, lambda _: None, lambda _: None, Texts())


def _shared_texts(book: Workbook, beside: Texts) -> list[str]:
    texts: list[str] = []
    pieces: list[str] = []
    inside: list[str] = []

    def start(name: str, _: Attributes) -> None:
        inside.append(name)
        if name == "si":
            pieces.clear()

    def end(name: str) -> None:
        inside.pop()
        if name == "si":
            texts.append(_short("".join(pieces)))

    def text(piece: str) -> None:
        if inside[-1] == "t" and "rPh" not in inside:
            pieces.append(piece)
        else:
            beside.add("hidden-text", piece)

    if _SHARED in book:
        book.parse(_SHARED, parser(start, end, text, beside))
    return texts


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else LONG


@dataclass(frozen=True)
class _Styles:
    """The cell styles that show a number as a date or time, and those that show it as a percentage."""

    dates: frozenset[int]
    percentages: frozenset[int]

    @classmethod
    def of(cls, book: Workbook) -> "_Styles":
        formats: dict[str, str] = {}
        used: list[str] = []
        inside: list[str] = []

        def start(name: str, attributes: Attributes) -> None:
            if name == "numFmt":
                formats[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
            if name == "xf" and inside and inside[-1] == "cellXfs":
                used.append(attributes.get("numFmtId", "0"))
            inside.append(name)

        def end(_: str) -> None:
            inside.pop()

        if "xl/styles.xml" in book:
            book.parse("xl/styles.xml", parser(start, end, lambda _: None, Texts()))
        return cls(
            frozenset(style for style, number in enumerate(used) if _is_date(number, formats)),
            frozenset(style for style, number in enumerate(used) if _is_percentage(number, formats)),
        )


def _is_percentage(number: str, formats: dict[str, str]) -> bool:
    return number in ("9", "10") or "%" in _QUOTED.sub("", formats.get(number, ""))


def _is_date(number: str, formats: dict[str, str]) -> bool:
    if number in formats:
        return any(letter in "ymdhs" for letter in _QUOTED.sub("", formats[number]).lower())
    return number.isdecimal() and int(number) in _DATE_FORMATS


def column_of(letters: str) -> int:
    """A column's position from 0; A is 0."""
    position = 0
    for letter in letters:
        position = position * 26 + ord(letter) - ord("A") + 1
    return position - 1


def _on(attributes: Attributes, name: str) -> bool:
    return attributes.get(name, "0") in ("1", "true")


class _SheetReader:
    """One sheet's rows out of its XML."""

    def __init__(
        self, shared: list[str], used: set[int], styles: _Styles, furniture: Furniture, texts: Texts
    ) -> None:
        self._shared = shared
        self._used = used
        self._styles = styles
        self._furniture = furniture
        self._texts = texts
        self._begun = False
        self._rows = Rows()
        self._faults: list[Fault] = []
        self._hidden_columns: list[range] = []
        self._all_rows_hidden = False
        self._row = self._column = self._cells = 0
        self._row_hidden = self._in_row = self._phonetic = False
        self._found: dict[int, str] = {}
        self._kind = self._style = ""
        self._formula: list[str] | None = None
        self._inside = ""
        self._pieces: list[str] = []

    def read(self, book: Workbook, part: str, name: str, hidden: bool) -> Iterator[Event]:
        self._name = name
        reading = parser(self._start, self._end, self._text, self._texts)
        for _ in book.parsing(part, reading):
            if len(self._rows.numbers) >= BLOCK_ROWS:
                yield from self._events(hidden)
        yield from self._events(hidden)

    def _events(self, hidden: bool) -> Iterator[Event]:
        if not self._rows.numbers:
            return
        if not self._begun:
            self._begun = True
            first = self._rows.numbers.pop(0)
            yield Sheet(self._name, self._rows.cells.pop(0), first)
            if hidden:
                yield Fault("hidden-sheet")
        yield from self._faults
        if self._rows.numbers:
            yield self._rows.block()
        self._rows, self._faults = Rows(), []

    def _start(self, name: str, attributes: Attributes) -> None:
        if name == "c":
            self._start_cell(attributes)
        elif name == "row":
            self._start_row(attributes)
        elif self._in_row:
            self._inside = name
            self._phonetic |= name == "rPh"
            if name == "f":
                self._formula = []
        else:
            self._start_furniture(name, attributes)

    def _start_row(self, attributes: Attributes) -> None:
        self._in_row = True
        self._row = int(attributes.get("r", self._row + 1))
        self._column = -1
        self._row_hidden = _on(attributes, "hidden") or attributes.get("ht") == "0" or self._all_rows_hidden
        self._note_unknown(attributes, _ROW)

    def _start_furniture(self, name: str, attributes: Attributes) -> None:
        if self._furniture.depth == 1 and name not in _SHEET_PARTS:
            raise unreadable("hyperlinks" if name == "hyperlinks" else "unknown-part")
        self._furniture.start(name, attributes)
        if name == "dimension":
            _check_dimension(attributes.get("ref", ""))
        elif name == "col" and (_on(attributes, "hidden") or attributes.get("width") == "0"):
            self._hidden_columns.append(range(int(attributes["min"]) - 1, int(attributes["max"])))
        elif name == "sheetFormatPr":
            self._all_rows_hidden = _on(attributes, "zeroHeight")

    def _start_cell(self, attributes: Attributes) -> None:
        place = _REFERENCE.fullmatch(attributes.get("r", ""))
        self._column = column_of(place[1]) if place else self._column + 1
        self._kind = attributes.get("t", "n")
        self._style = attributes.get("s", "0")
        self._formula = None
        self._pieces = []
        self._cells += 1
        if self._cells > MOST_CELLS or self._row > MOST_ROWS:
            raise unreadable("too-large")
        self._note_unknown(attributes, _CELL)

    def _note_unknown(self, attributes: Attributes, known: frozenset[str]) -> None:
        if not known.issuperset(attributes):
            for name in attributes.keys() - known:
                where = (
                    STRUCTURE if "}" in name else "hidden-text"
                )  # a program's own, such as a row's descent
                self._texts.add(where, attributes[name], self._row, max(self._column, 0))

    def _text(self, piece: str) -> None:
        if not self._in_row:
            self._furniture.text(piece)
        elif self._inside in ("v", "t") and not self._phonetic:
            self._pieces.append(piece)
        elif self._inside == "f" and self._formula is not None:
            self._formula.append(piece)
        else:
            self._texts.add("hidden-text", piece, self._row, max(self._column, 0))

    def _end(self, name: str) -> None:
        if name == "c":
            self._end_cell()
        elif name == "row":
            self._end_row()
        elif self._in_row:
            self._inside = ""
            self._phonetic &= name != "rPh"
        else:
            self._furniture.end(name)

    def _end_row(self) -> None:
        self._in_row = False
        if self._found:
            if self._row_hidden:
                self._faults.append(Fault("hidden-row", self._row))
            self._rows.add(self._row, self._found)
            self._found = {}

    def _end_cell(self) -> None:
        self._inside = ""
        if self._formula:
            self._texts.formula("formula-text", "".join(self._formula), self._row, self._column)
        text = self._cell("".join(self._pieces))
        if not text.strip():
            return
        if self._column >= MOST_COLUMNS:
            raise unreadable("stray-cell", self._row, self._column)
        if any(self._column in columns for columns in self._hidden_columns):
            self._faults.append(Fault("hidden-column", self._row, self._column))
        self._found[self._column] = text

    def _cell(self, raw: str) -> str:
        """The cell's text, whatever way the workbook stores it."""
        if self._kind == "e":
            return ERROR
        if not raw:
            return UNCALCULATED if self._formula is not None and self._kind == "n" else ""
        if self._kind == "s":
            position = _whole(raw, len(self._shared))
            self._used.add(position)
            return self._shared[position]
        if self._kind in ("inlineStr", "str"):
            return _short(raw)
        if self._kind == "b":
            return LOGICAL
        style = _whole(self._style)
        if self._kind == "d" or style in self._styles.dates:
            return DATE
        if style in self._styles.percentages:
            return PERCENT
        try:
            return plain(float(raw))
        except ValueError:
            raise unreadable("unreadable", self._row, self._column) from None


def _whole(raw: str, below: int = 1 << 31) -> int:
    if not raw.isascii() or not raw.isdecimal() or int(raw) >= below:
        raise unreadable("unreadable")
    return int(raw)


def _check_dimension(reference: str) -> None:
    """A small sheet can claim to be huge, and ordinary readers then make room for all of it."""
    corners = [_REFERENCE.fullmatch(corner) for corner in reference.replace("$", "").split(":")]
    found = [(column_of(corner[1]) + 1, int(corner[2])) for corner in corners if corner]
    if found and found[-1][0] * found[-1][1] > MOST_CELLS:
        raise unreadable("huge-sheet")
