"""The reader of workbooks: every way in which a cell can be stored, what is hidden, and what is hostile."""

import io
import random

import openpyxl
import pytest

from lagesbild.inside.intake import child, reading
from lagesbild.inside.intake.reading import Beside, Block, Event, Fault, Sheet
from lagesbild.inside.intake.workbook import column_of
from workbooks import HEADER, STRICT, book, cells, contents, hostile, ordinary, parts, sheet


def events(raw: bytes) -> list[Event]:
    return list(child.events(io.BytesIO(raw), "xlsx"))


def rules(raw: bytes) -> list[tuple[str, int | None, int | None]]:
    return [(event.rule, event.row, event.column) for event in events(raw) if isinstance(event, Fault)]


def texts(raw: bytes) -> dict[tuple[int, int], str]:
    """Every cell below the header, by row and column."""
    return {
        (row, column): text
        for block in events(raw)
        if isinstance(block, Block)
        for column, cells in block.columns.items()
        for row, text in zip(block.rows.to_pylist(), cells.to_pylist(), strict=True)
        if text is not None
    }


STYLES = (
    "<styleSheet><numFmts><numFmt numFmtId='164' formatCode='yyyy\\-mm\\-dd'/>"
    "<numFmt numFmtId='165' formatCode='0 &quot;dagar&quot;'/></numFmts>"
    "<cellStyleXfs><xf numFmtId='14'/></cellStyleXfs>"
    "<cellXfs><xf numFmtId='0'/><xf numFmtId='14'/>"
    "<xf numFmtId='164'/><xf numFmtId='165'/></cellXfs></styleSheet>"
)
SHARED = "<sst><si><t>Umeå</t></si><si><r><t>Vän</t></r><r><t>näs</t></r><rPh><t>x</t></rPh></si></sst>"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("<c r='A2'><v>12</v></c>", "12"),
        ("<c r='A2'><v>12.0</v></c>", "12"),
        ("<c r='A2'><v>1.2E1</v></c>", "12"),
        ("<c r='A2'><v>12.5</v></c>", "12.5"),
        ("<c r='A2' t='n'><v>8.803201234E9</v></c>", "8803201234"),
        ("<c r='A2' t='s'><v>0</v></c>", "Umeå"),
        ("<c r='A2' t='s'><v>1</v></c>", "Vännäs"),
        ("<c r='A2' t='str'><f>A1</f><v>Umeå</v></c>", "Umeå"),
        ("<c r='A2' t='inlineStr'><is><t>Umeå</t></is></c>", "Umeå"),
        ("<c r='A2'><f>1+1</f><v>2</v></c>", "2"),
        ("<c r='A2'><f>1+1</f></c>", reading.UNCALCULATED),
        ("<c r='A2' t='e'><v>#REF!</v></c>", reading.ERROR),
        ("<c r='A2' t='b'><v>1</v></c>", reading.LOGICAL),
        ("<c r='A2' t='d'><v>2024-01-01</v></c>", reading.DATE),
        ("<c r='A2' s='1'><v>32222</v></c>", reading.DATE),
        ("<c r='A2' s='2'><v>32222</v></c>", reading.DATE),
        ("<c r='A2' s='3'><v>12</v></c>", "12"),
        ("<c><v>12</v></c>", "12"),
        (f"<c r='A2' t='str'><v>{'x' * 2000}</v></c>", reading.LONG),
    ],
)
def test_a_cell_is_read_whatever_way_it_is_stored(cell, text):
    raw = ordinary(f"<row r='2'>{cell}</row>", **{"xl/styles.xml": STYLES, "xl/sharedStrings.xml": SHARED})
    assert texts(raw) == {(2, 0): text}


def test_empty_cells_and_rows_are_no_cells():
    rows = "<row r='2'><c r='A2' s='1'/><c r='B2'><v></v></c></row><row r='3'/>" + cells("1", row=9)
    assert texts(ordinary(rows)) == {(9, 0): "1"}


def test_the_strict_namespace_and_other_cases_of_part_names():
    worksheet = sheet(HEADER + cells("2480"), namespace=STRICT)
    raw = book({**parts(worksheet), "xl/workbook.xml": contents(namespace=STRICT)})
    assert texts(raw) == {(2, 0): "2480"}
    assert texts(raw.replace(b"xl/workbook.xml", b"XL/Workbook.xml")) == {(2, 0): "2480"}


@pytest.mark.parametrize(
    ("worksheet", "fault"),
    [
        (sheet(HEADER + "<row r='2' hidden='1'><c r='A2'><v>1</v></c></row>"), ("hidden-row", 2, None)),
        (sheet(HEADER + "<row r='2' ht='0'><c r='A2'><v>1</v></c></row>"), ("hidden-row", 2, None)),
        (
            sheet(HEADER + cells("1"), "<cols><col min='1' max='1' hidden='1'/></cols>"),
            ("hidden-column", 1, 0),
        ),
        (
            sheet(HEADER + cells("1"), "<cols><col min='1' max='1' width='0'/></cols>"),
            ("hidden-column", 1, 0),
        ),
        (sheet(HEADER + cells("1"), "<sheetFormatPr zeroHeight='1'/>"), ("hidden-row", 1, None)),
    ],
)
def test_what_the_screen_does_not_show_is_a_fault(worksheet, fault):
    assert rules(book(parts(worksheet)))[0] == fault


def test_hidden_rows_and_columns_without_content_are_no_fault():
    worksheet = sheet(
        HEADER + cells("1") + "<row r='3' hidden='1'/>", "<cols><col min='9' max='99' hidden='1'/></cols>"
    )
    assert rules(book(parts(worksheet))) == []


def test_a_hidden_sheet_is_a_fault():
    names = "<sheet name='D01' sheetId='1' state='veryHidden' r:id='rId1'/>"
    raw = book({**parts(sheet(HEADER)), "xl/workbook.xml": contents(names)})
    assert rules(raw) == [("hidden-sheet", None, None)]


def test_names_of_the_program_are_allowed_and_names_of_ones_own_are_not():
    for name, found in (("_xlnm.Print_Area", []), ("Min_lista", [("defined-names", None, None)])):
        more = f"<definedNames><definedName name='{name}'>D01!$A$1</definedName></definedNames>"
        assert rules(book({**parts(sheet(HEADER)), "xl/workbook.xml": contents(more=more)})) == found


def test_an_empty_drawing_is_no_picture():
    assert rules(ordinary(**{"xl/drawings/drawing1.xml": "<wsDr/>"})) == []
    assert rules(ordinary(**{"xl/drawings/drawing1.xml": "<wsDr><anchor/></wsDr>"})) == [
        ("drawing", None, None)
    ]


def test_properties_are_no_cells_but_are_looked_at():
    raw = ordinary(**{"docProps/core.xml": "<p><creator>a@b.example</creator><title>C D</title></p>"})
    assert texts(raw) == {(2, 0): "2480", (2, 1): "2024", (2, 2): "12"}
    said = {(event.where, event.text) for event in events(raw) if isinstance(event, Beside)}
    assert said == {("author", "a@b.example"), ("properties", "C D"), ("sheet-name", "D01")} | {
        (where, text) for where, text in said if where == "structure"
    }


@pytest.mark.parametrize("name", sorted(hostile()))
def test_a_hostile_workbook_is_refused_by_name(name):
    rule, raw = hostile()[name]
    assert [found for found, *_ in rules(raw)] == [rule]


@pytest.mark.parametrize("seed", range(5))
def test_an_ordinary_workbook_reads_as_openpyxl_reads_it(seed):
    """openpyxl is the slow twin: the same cells, for a workbook that it wrote itself."""
    chance = random.Random(seed)  # noqa: S311 -- play
    workbook = openpyxl.Workbook()
    for row in range(1, 40):
        for column in range(1, 8):
            value = chance.choice(
                (None, chance.randint(0, 10**9), chance.random(), "Umeå & Ö", " a\nb ", "<&>")
            )
            workbook.active.cell(row, column, value)
    workbook.active["A1"] = "region"
    file = io.BytesIO()
    workbook.save(file)
    expected = {
        (cell.row, cell.column - 1): reading.plain(float(cell.value)) if cell.data_type == "n" else cell.value
        for row in openpyxl.load_workbook(file).active.iter_rows(min_row=2)
        for cell in row
        if cell.value is not None
    }
    assert texts(file.getvalue()) == expected


def test_columns_by_their_letters():
    assert [column_of(letters) for letters in ("A", "Z", "AA", "XFD")] == [0, 25, 26, 16383]


def test_the_header_is_the_first_row_with_text():
    rows = cells("7", row=5) + cells("8", row=6)
    first = next(event for event in events(book(parts(sheet(rows)))) if isinstance(event, Sheet))
    assert (first.name, first.header, first.row) == ("D01", {0: "7"}, 5)
