"""The workbook of a place: the cells of the CSV, footnotes first, and no part that holds anything else."""

import io
import re
import zipfile

import openpyxl
import pytest

from example_release import make_release
from lagesbild.core.figures import State
from lagesbild.outside.files.downloads import rows
from lagesbild.outside.files.workbook import workbook
from lagesbild.outside.material import Material
from lagesbild.outside.picture import picture
from lagesbild.outside.press import Press
from lagesbild.reference import load

PARTS = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|docProps/(app|core)\.xml|xl/workbook\.xml|xl/_rels/workbook\.xml\.rels"
    r"|xl/styles\.xml|xl/sharedStrings\.xml|xl/theme/theme1\.xml|xl/worksheets/sheet\d+\.xml"
)


@pytest.fixture(scope="module")
def material() -> Material:
    return Material((make_release(),), load())


@pytest.fixture(scope="module")
def place(material) -> str:
    """A place with both values and protected cells."""
    return next(
        place.code
        for place in material.municipalities
        if {State.VALUE, State.PROTECTED}
        <= {r.state for each in picture(material, place.code).readings.values() for r in each}
    )


@pytest.fixture(scope="module", params=["sv", "en"])
def press(request, material) -> Press:
    return Press(material, request.param)


@pytest.fixture(scope="module")
def content(press, place) -> bytes:
    return workbook(press, picture(press.material, place))


@pytest.fixture(scope="module")
def book(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def test_it_opens_with_what_must_be_read_first(press, book):
    first = book.worksheets[0]
    assert first.title == {"sv": "Läs detta", "en": "Read this"}[press.language]
    told = "\n".join(str(cell.value) for row in first.iter_rows() for cell in row if cell.value)
    assert press.material.release.digest in told
    assert "2026-1" in told
    assert str(press.words("state.protected_why")) in told
    assert str(press.words("site.example_text")) in told
    assert all(row[1].alignment.wrap_text for row in first.iter_rows(min_row=3) if row[1].value)


def test_its_cells_are_those_of_the_csv_and_a_protected_one_is_a_word(press, place, book):
    shown = picture(press.material, place)
    wanted: dict[str, list[tuple]] = {}
    for row in rows(press, shown):
        value = {"c": "[s]", "x": press.words("state.none")}.get(row["status"], row["count"])
        wanted.setdefault(row["indicator"], []).append((row["period"], value, row["rate"], row["lower95"]))
    assert [sheet.title for sheet in book.worksheets[1:]] == list(wanted)
    for code, cells in wanted.items():
        found = [
            tuple(cell.value for cell in row[:4])
            for row in book[code].iter_rows(min_row=5, max_row=4 + len(cells))
        ]
        assert found == [(period, value, rate, low) for period, value, rate, low in cells]
    assert any(value == "[s]" for cells in wanted.values() for _, value, _, _ in cells)


def test_a_protected_row_holds_nothing_beside_its_mark(book):
    for sheet in book.worksheets[1:]:
        for row in sheet.iter_rows():
            if row[1].value == "[s]":
                assert [cell.value for cell in row[2:]] == [None] * len(row[2:])


def test_no_part_of_the_file_is_unknown_and_none_holds_a_formula_a_link_or_a_person(content):
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert [name for name in file.namelist() if not PARTS.fullmatch(name)] == []
        whole = {name: file.read(name).decode() for name in file.namelist()}
        assert {info.date_time for info in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    for name, xml in whole.items():
        assert not re.search(
            r"<f>|<f |hyperlink|externalLink|definedName|<sheet [^>]*state=|hidden=|comment", xml
        ), name
    core = whole["docProps/core.xml"]
    assert re.findall(r"<dc:creator>(.*?)</dc:creator>", core) == ["Lägesbild"]
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core)) == {"2026-11-23T00:00:00Z"}


def test_the_same_release_gives_the_same_bytes(press, place, content):
    assert workbook(press, picture(press.material, place)) == content
