"""Attacks 24, 26, 27, 29 and 32: what drawings, colours, order and formats give away beyond released cells.

Each is tried on every file of the demonstration that it could work on, and has a planted leak.
"""

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from attacks.drawings import Scale, areas, band_ends, dots, dots_of_pixels
from lagesbild.outside.drawing.charts import nice_top
from lagesbild.outside.files.chart_files import raster
from lagesbild.outside.numbers import alphabetical

Rows = list[dict[str, str]]


def rows(folder: Path) -> dict[str, Rows]:
    """The published cells of a place, by indicator."""
    found: dict[str, Rows] = {}
    for row in csv.DictReader(io.StringIO((folder / "data.csv").read_text(encoding="utf-8"))):
        found.setdefault(row["indicator"], []).append(row)
    return found


def values(series: Rows, *names: str) -> list[float]:
    """What is published of a series: rates where there are any, else counts."""
    shown = [row for row in series if row["status"] == ""]
    return [
        float(row[name] or row["count"]) for row in shown for name in names if row[name] or name == "rate"
    ]


@pytest.fixture(scope="module")
def series(demo) -> list[tuple[str, str, Rows]]:
    """Every chart file: its name, its drawing, and the published cells it is about."""
    found = []
    for table in sorted(demo.site.glob("*/*/*/data.csv")):
        published = rows(table.parent)
        for chart in sorted(table.parent.glob("chart-*.svg")):
            name = f"{table.parent.name}/{chart.name}"
            found.append((name, chart.read_text(encoding="utf-8"), published[chart.stem[6:].upper()]))
    return found


def recovered(svg: str, published: Rows) -> list[float]:
    """Values read off the heights of a chart that are not published ones (attack 24)."""
    blur = Scale.of(svg).blur
    read, known = dots(svg), values(published, "rate")
    strange = [one for one, other in zip(read, known, strict=False) if abs(one - other) > blur + 1e-4]
    ends = values(published, "lower95", "upper95")
    strange += [end for end in band_ends(svg) if not any(abs(end - each) <= blur + 1e-4 for each in ends)]
    return strange + read[len(known) :]


def test_heights_of_no_chart_give_more_than_is_published(series) -> None:
    assert len(series) > 500
    assert not [name for name, svg, published in series if recovered(svg, published)]


def test_a_dot_for_a_hidden_count_turns_the_check_red(series) -> None:
    _, svg, published = next(each for each in series if any(row["status"] == "c" for row in each[2]))
    planted = svg.replace("</svg>", '<circle class="p1" cx="50%" cy="200.0" r="3.5"/></svg>', 1)
    assert recovered(planted, published)
    moved = re.sub(r'(class="p1" cx="[^"]*" cy=")[\d.]+', r"\g<1>33.3", svg, count=1)
    assert recovered(moved, published)


def stretched(svg: str, published: Rows) -> bool:
    """Whether the axis ends elsewhere than the published values say (attack 26)."""
    ends = values(published, "rate", "upper95")
    return Scale.of(svg).top != pytest.approx(nice_top(max(ends, default=0)))


def test_the_axis_of_every_chart_ends_where_the_published_values_say(series) -> None:
    assert not [name for name, svg, published in series if stretched(svg, published)]


def test_an_axis_stretched_by_a_hidden_count_turns_the_check_red(series) -> None:
    _, svg, published = series[0]
    doubled = re.sub(r'(class="tick halo" x="[^"]*" y="19.0">)[^<]+', r"\g<1>9000", svg)
    assert stretched(doubled, published)


def test_pixels_of_a_picture_give_no_more_than_its_drawing(series) -> None:
    for _, svg, published in series[:: len(series) // 6]:
        assert pixels_tell(svg, published) == []


def test_a_dot_in_the_pixels_turns_the_check_red(series) -> None:
    _, svg, published = series[0]
    planted = svg.replace("</svg></svg>", '<circle class="p1" cx="95%" cy="120" r="4"/></svg></svg>', 1)
    assert planted != svg
    assert pixels_tell(planted, published)


def pixels_tell(svg: str, published: Rows) -> list[float]:
    """Values measured in the raster picture that are not published ones (attack 32)."""
    blur, known = 12 * Scale.of(svg).blur, values(published, "rate")
    return [each for each in dots_of_pixels(raster(svg.encode()), svg) if not near(each, known, blur)]


def near(value: float, known: list[float], blur: float) -> bool:
    return any(abs(value - each) <= blur for each in known)


def maps(demo) -> Iterator[tuple[str, dict[str, str]]]:
    """Every indicator's map of the country: its code, and the style of each area."""
    for page in sorted(demo.site.glob("sv/indikator/*/index.html")):
        drawn = areas(page.read_text(encoding="utf-8"))
        if drawn:
            yield page.parent.name[:3].upper(), drawn


def coloured(code: str, drawn: dict[str, str], release) -> list[str]:
    """Areas whose colour is not that of a released cell of theirs (attack 26, colour inversion)."""
    figures = release.figures[code]
    shown = {key.region for key, figure in figures if figure.value is not None}
    return [place for place, style in drawn.items() if style in ("k0", "k1", "k2", "k3", "k4", "k5")
            and place not in shown]  # fmt: skip


def test_no_area_of_a_map_has_the_colour_of_a_hidden_count(demo) -> None:
    release, seen = demo.releases()[-1], 0
    for code, drawn in maps(demo):
        if code in release.figures:
            seen += 1
            assert coloured(code, drawn, release) == []
    assert seen > 5


def test_a_colour_for_a_hidden_count_turns_the_check_red(demo) -> None:
    release = demo.releases()[-1]
    code, drawn = next(each for each in maps(demo) if each[0] == "D01")
    grey = next(place for place, style in drawn.items() if style in ("kc", "kx"))
    assert coloured(code, {**drawn, grey: "k3"}, release) == [grey]


def test_every_table_of_places_stands_in_alphabetical_order(demo) -> None:
    pages = [*demo.site.glob("*/lan/*/index.html"), *demo.site.glob("*/indikator/*/index.html")]
    tables = [found for page in pages for found in lists_of_places(page.read_text(encoding="utf-8"))]
    assert len(tables) > 20
    assert not [names[:3] for names in tables if names != sorted(names, key=alphabetical)]


def test_an_order_by_hidden_counts_turns_the_check_red(demo) -> None:
    page = (demo.site / "sv/lan/24-vasterbotten/index.html").read_text(encoding="utf-8")
    swapped = page.replace(">Bjurholm<", ">#<").replace(">Umeå<", ">Bjurholm<").replace(">#<", ">Umeå<")
    assert any(names != sorted(names, key=alphabetical) for names in lists_of_places(swapped))


def lists_of_places(html: str) -> Iterator[list[str]]:
    """The places that lead the rows of each sortable table, in the order in which they stand (attack 27)."""
    for table in re.findall(r'<table data-sort="(?:members|places)[^>]*>(.*?)</table>', html, flags=re.S):
        yield re.findall(r'<th scope=row><a href="[^"]*/(?:kommun|municipality)/[^"]*">([^<]+)<', table)


def shown(folder: Path) -> dict[str, dict[tuple[str, str], str]]:
    """By format, each cell of a place with what stands in it: a count, or why there is none (attack 29)."""
    words = {"[s]": "c", "ingen bild": "x", "no picture": "x", "ej tillämpligt": "z", "not applicable": "z"}
    book = openpyxl.load_workbook(folder / "data.xlsx", read_only=True)
    sheets = {
        (sheet.title[:3], str(row[0])): words.get(str(row[1]), str(row[1]))
        for sheet in book.worksheets[1:]
        for row in sheet.iter_rows(min_row=5, max_col=2, values_only=True)
        if re.match(r"\d{4}", str(row[0])) and row[1] is not None
    }
    excel = csv.DictReader(
        io.StringIO((folder / "data-excel.csv").read_text(encoding="utf-8-sig")), delimiter=";"
    )
    figures = json.loads((folder / "data.json").read_text(encoding="utf-8"))["figures"]
    return {
        "csv": cells([row for series in rows(folder).values() for row in series]),
        "excel": cells(list(excel)),
        "json": cells(figures),
        "xlsx": sheets,
    }


def cells(found: list[dict[str, object]]) -> dict[tuple[str, str], str]:
    return {(str(row["indicator"]), str(row["period"])): str(row["status"] or row["count"]) for row in found}


def test_every_format_and_language_of_a_place_shows_and_hides_the_same(demo) -> None:
    swedish = sorted(demo.site.glob("sv/*/*/data.csv"))[::8]
    for table in swedish:
        code = table.parent.name
        english = next(demo.site.glob(f"en/*/{code}/data.csv"))
        found = [each for folder in (table.parent, english.parent) for each in shown(folder).values()]
        assert all(each == found[0] for each in found), code


def test_a_format_that_tells_more_turns_the_check_red(demo, tmp_path: Path) -> None:
    place = demo.site / "sv/kommun/2480-umea"
    for name in ("data.csv", "data-excel.csv", "data.json", "data.xlsx"):
        (tmp_path / name).write_bytes((place / name).read_bytes())
    true = (tmp_path / "data.csv").read_text(encoding="utf-8")
    leaking = true.replace(",,c,", ",3,,", 1) if ",,c," in true else true.replace(",34,,", ",35,,", 1)
    assert leaking != true
    (tmp_path / "data.csv").write_text(leaking, encoding="utf-8")
    found = list(shown(tmp_path).values())
    assert any(each != found[1] for each in found)
