"""A chart on its own: it says what it shows, from where, and what is invented, and needs nothing else."""

import re
import struct
from xml.etree import ElementTree as ET

import pytest

from example_release import make_release
from lagesbild.outside.files.chart_files import charted, raster, series_file
from lagesbild.outside.material import Material
from lagesbild.outside.picture import picture
from lagesbild.outside.press import Press
from lagesbild.reference import load

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module", params=["sv", "en"])
def press(request) -> Press:
    return Press(Material((make_release(),), load()), request.param)


@pytest.fixture(scope="module")
def drawing(press) -> str:
    return series_file(press, picture(press.material, "2480"), "D01").decode()


def test_title_source_release_and_mark_stand_inside(press, drawing):
    root = ET.fromstring(drawing)  # noqa: S314 - our own file
    said = " ".join("".join(each.itertext()) for each in root.iter(f"{SVG}text"))
    assert "Umeå" in said
    assert "2026-1" in said
    assert str(press.words("unit.per", per=press.numbers.whole(100_000))).capitalize() in said
    assert press.material.release.digest[:12] in said
    assert str(press.words("mark.example")) in said
    assert root.find(f"{SVG}title").text


def test_reports_never_stand_without_the_effort_behind_them(press, drawing):
    beside = press.material.indicators["D01"].beside.in_(press.language)
    flat = " ".join(re.findall(r"<text[^>]*>([^<]*)</text>", drawing))
    assert beside.split()[0] in flat
    assert all(word in flat for word in beside.replace(",", " ").split())


def test_it_needs_no_style_sheet_font_or_script_from_elsewhere(drawing):
    assert "<style>" in drawing
    assert "var(" not in drawing
    used = {name for names in re.findall(r'class="([^"]*)"', drawing) for name in names.split()}
    assert used - {"chart"} <= set(re.findall(r"\.([\w-]+)", drawing)) | {"end"}
    assert not re.search(r"href|<script|url\((?!#)", drawing)


def test_every_series_of_a_place_can_be_drawn_and_always_the_same(press):
    shown = picture(press.material, "2480")
    codes = list(charted(press, shown))
    assert "D01" in codes
    assert "R01" not in codes
    for code in codes:
        assert series_file(press, shown, code) == series_file(press, shown, code)


def test_the_png_holds_a_picture_and_nothing_else(drawing):
    png = raster(drawing.encode())
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert chunks(png) == {"IHDR", "IDAT", "IEND"}
    assert struct.unpack(">I", png[16:20])[0] == 2 * 760


def chunks(png: bytes) -> set[str]:
    found, place = set(), 8
    while place < len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        found.add(png[place + 4 : place + 8].decode())
        place += 12 + length
    return found
