"""Number provenance over every public byte of the demonstration's site (attacks 25, 28 and 31).

Every page is printed again with the door watched, must be the page that lies in the site, and every numeral
outside of drawn coordinates is explained. Files for programs and workbooks are read number by number.
"""

import base64
import csv
import html
import io
import json
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from pypdf import PdfReader

from attacks.provenance import Ledger, constants, explained, in_texts
from lagesbild.core.language import LANGUAGES, Language
from lagesbild.outside import site
from lagesbild.outside.known.alike import WEIGHTS, features
from lagesbild.outside.material import Material
from lagesbild.outside.paper import report
from lagesbild.outside.picture import picture
from lagesbild.outside.press import Press
from lagesbild.reference import load

GEOMETRY = frozenset(
    {
        *("x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "rx", "ry", "d", "points", "width", "height"),
        *("viewBox", "transform", "preserveAspectRatio", "opacity", "fill", "stroke", "stroke-width"),
        *("stroke-dasharray", "font-size", "font-weight", "font-family", "min", "max", "step", "sizes"),
        *("media", "tabindex", "colspan", "rowspan", "version", "xmlns"),
    }
)
"""Attributes that place and colour what is drawn; attacks 24 and 26 read those backwards."""
ATTRIBUTE = re.compile(r'([\w:-]+)="([^"]*)"')
TAG = re.compile(r"<(!--.*?--|[^>]*)>", re.S)
PICTURE = re.compile(r"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)")
REPORTS = ("2480", "2460", "24")


@pytest.fixture(scope="module")
def material(demo) -> Material:
    return Material(demo.releases(), load(), demo.sealed()).prepare()


@pytest.fixture(scope="module")
def values(material: Material) -> set[float]:
    return explained(material)


def spoken(page: str) -> Iterator[str]:
    """Everything on a page but coordinates: text, comments, and each attribute, seen or not (attack 25)."""
    yield html.unescape(TAG.sub("\0", page))
    for tag in TAG.findall(page):
        if tag.startswith("!--"):
            yield tag
        for name, value in ATTRIBUTE.findall(tag):
            for drawn in PICTURE.findall(value):
                yield from spoken(base64.b64decode(drawn).decode())
            bare = PICTURE.sub("", value)
            if name == "href":
                yield html.unescape(bare).replace(",", " ")
            elif name not in GEOMETRY:
                yield html.unescape(bare)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_numeral_of_every_page_and_drawing_is_explained(
    demo, material: Material, values: set[float], language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = Ledger()
    ledger.watch(monkeypatch)
    press = Press(material, language)
    found: dict[str, set[str]] = {}
    for of, kind, about in site._jobs(material, there=()):
        if of == language:
            for name, content in site.PAGES[kind](press, about):
                if name.endswith((".html", ".svg", ".atom")):
                    assert content == (demo.site / name).read_bytes(), name
                    found[name] = in_texts(spoken(content.decode()))
    assert len(found) > 2000
    known = in_texts(ledger.texts) | constants(material) | addresses(demo)
    assert not {name: strange for name, numerals in found.items() if (strange := numerals - known)}
    assert not sorted(ledger.values - values)


def addresses(demo) -> set[str]:
    """Numerals of the site's own addresses, of its parts' names, and of the signatures that it hands on."""
    own = [path.relative_to(demo.site).as_posix() for path in demo.site.rglob("*")]
    own += [path.read_text() for path in demo.site.glob("r/*/data/manifest.sig")]
    return in_texts(own) | {str(number) for number in range(13)}


@pytest.mark.parametrize(
    "planted",
    [
        '<p style="opacity:0">77310</p>',
        "<!-- 77310 -->",
        '<p data-tip="77310">',
        '<svg aria-label="77310">',
        "<title>77310</title>",
        '<meta property="og:title" content="77310">',
        '<script type="application/json">{"count":77310}</script>',
        "<td hidden>77310</td>",
        '<a href="#c77310">',
        "<p>&#55;7310</p>",
    ],
)
def test_a_numeral_hidden_anywhere_on_a_page_is_seen(planted: str) -> None:
    assert "77310" in in_texts(spoken(f"<p>text</p>{planted}"))


def machine(name: str, content: bytes) -> Iterator[float]:
    """Every number of a file that programs read; a code, a period or a digest is none."""
    text = content.decode("utf-8-sig") if not name.endswith(".xlsx") else ""
    if name.endswith(".csv"):
        excel = name.endswith("-excel.csv")
        for row in csv.DictReader(io.StringIO(text), delimiter=";" if excel else ","):
            for column in NUMBERS:
                if row[column]:
                    yield float(row[column].replace(",", "."))
    elif name.endswith(".json"):
        yield from _numbers(json.loads(text))
    else:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            for part in book.namelist():
                if "worksheets/" in part:
                    for style, value in CELL.findall(book.read(part).decode()):
                        if 't="s"' not in style:
                            yield float(value)


NUMBERS = ("count", "rate", "per", "lower95", "upper95", "population")
CELL = re.compile(r"<c ([^>]*)><v>([^<]*)</v>")


def _numbers(found: Any) -> Iterator[float]:
    if isinstance(found, dict):
        yield from (each for value in found.values() for each in _numbers(value))
    elif isinstance(found, list):
        yield from (each for value in found for each in _numbers(value))
    elif isinstance(found, int | float) and not isinstance(found, bool):
        yield float(found)


def test_every_number_of_every_file_for_programs_is_explained(demo, material, values) -> None:
    known = {round(value, 4) for value in values} | {round(value, 4) for value in facts(material)}
    files = [path for path in demo.site.rglob("*") if path.suffix in (".csv", ".json", ".xlsx")]
    files = [path for path in files if "r/" not in path.relative_to(demo.site).as_posix()[:2]]
    assert len(files) > 1000
    strange = {}
    for path in files:
        found = {round(each, 4) for each in machine(path.name, path.read_bytes())} - known
        if found:
            strange[path.relative_to(demo.site).as_posix()] = sorted(found)[:5]
    assert not strange


def facts(material: Material) -> Iterator[float]:
    """The public features and weights of "most alike"."""
    yield from (value for row in features(material.reference).values.tolist() for value in row)
    yield from WEIGHTS.values()


def test_a_hidden_count_in_a_file_turns_the_check_red(demo, values) -> None:
    table = (demo.site / "sv/kommun/2480-umea/data.csv").read_bytes()
    leaked = (
        table.replace(b",,c,", b",77310.5,,", 1)
        if b",,c," in table
        else table.replace(b",34,,", b",77310.5,,", 1)
    )
    assert 77310.5 in set(machine("data.csv", leaked)) - values


def test_every_text_of_every_workbook_stands_on_the_pages_or_in_words(demo, material, values) -> None:
    ledger_texts = constants(material) | addresses(demo)
    written = {form for value in values for form in forms(value)}
    written |= in_texts(period for each in material.release.figures.values() for period in each.periods)
    for path in sorted(demo.site.glob("*/*/*/data.xlsx"))[::6]:
        with zipfile.ZipFile(path) as book:
            texts = [
                html.unescape(TAG.sub("\0", book.read(part).decode()))
                for part in book.namelist()
                if part.endswith(("sharedStrings.xml", "workbook.xml")) or part.startswith("docProps/")
            ]
        assert not in_texts(texts) - ledger_texts - written - STAMPS, path


STAMPS = frozenset({"00", "12.0000"})
"""Midnight of the release's day, and the version of the format that `docProps/app.xml` must state."""


def forms(value: float) -> Iterator[str]:
    """How a whole number may be written in either language."""
    if value == int(value):
        yield from (f"{int(abs(value)):,}".replace(",", mark) for mark in ("\u202f", "\u00a0", ",", ""))


@pytest.mark.parametrize("code", REPORTS)
def test_every_numeral_of_a_report_stands_in_its_document_which_is_explained(
    material: Material, values: set[float], code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = Ledger()
    ledger.watch(monkeypatch)
    press = Press(material, "en" if code == "24" else "sv")
    shown = picture(material, code)
    said = in_texts(spoken(report.document(press, shown)))
    own = {each for value in material.releases for each in in_texts([value.digest[: report.SHORT]])}
    known = in_texts(ledger.texts) | constants(material) | own | {str(n) for n in range(13)}
    assert not said - known - {code.lower() for code in material.indicators}
    assert not sorted(ledger.values - values)
    paper = PdfReader(io.BytesIO(report.report(press, shown)))
    runs = {run for numeral in said | {str(n) for n in range(13)} for run in re.findall(r"\d+", numeral)}
    assert not {run for page in paper.pages for run in re.findall(r"\d+", page.extract_text())} - runs
