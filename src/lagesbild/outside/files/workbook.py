"""The figures of one place as a workbook: what a reader must know first, then one sheet for each indicator.

The cells are those of the CSV and the JSON. A protected cell is a word, never an empty number; there are no
formulas, hidden sheets, links or names, and the only time in the file is the release's.
"""

import io
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

import xlsxwriter

from lagesbild.outside.files.downloads import rows
from lagesbild.outside.picture import Picture
from lagesbild.outside.press import Press

LINES_A_CELL = 110
"""Letters that fit on one line of the wide column of the first sheet; its rows are as high as they need."""
WIDTHS = (12, 16, 14, 14, 14, 14, 26, 16)
MARKS = {"c": "[s]", "x": "workbook.mark_x", "z": "workbook.mark_z"}


@dataclass(frozen=True)
class _Formats:
    title: Any
    head: Any
    key: Any
    text: Any
    note: Any
    mark: Any
    whole: Any
    rate: Any


def workbook(press: Press, shown: Picture) -> bytes:
    """The workbook of one place in the press's language; the same release gives the same bytes."""
    target = io.BytesIO()
    release = press.material.release
    book = xlsxwriter.Workbook(
        target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties(
        {
            "title": f"Lägesbild {press.name(shown.place)}",
            "subject": str(press.words("workbook.subject", number=release.number)),
            "author": "Lägesbild",
            "created": datetime.combine(release.published, time(), UTC),
        }
    )
    formats = _formats(book)
    _read_this(press, shown, book.add_worksheet(str(press.words("workbook.read"))), formats)
    cells = list(rows(press, shown))
    for code in shown.readings:
        own = [row for row in cells if row["indicator"] == code]
        _sheet(press, shown, book.add_worksheet(code), formats, code, own)
    book.close()
    return target.getvalue()


def _formats(book: Any) -> _Formats:
    top = {"valign": "top", "text_wrap": True}
    return _Formats(
        title=book.add_format({"bold": True, "font_size": 16, "font_color": "#36105f"}),
        head=book.add_format({**top, "bold": True, "bottom": 1}),
        key=book.add_format({**top, "bold": True}),
        text=book.add_format(top),
        note=book.add_format({**top, "bg_color": "#fdf3d3"}),
        mark=book.add_format({"align": "right", "font_color": "#544d5e"}),
        whole=book.add_format({"num_format": "#,##0"}),
        rate=book.add_format({"num_format": "0.0000"}),
    )


def _read_this(press: Press, shown: Picture, sheet: Any, formats: _Formats) -> None:
    """What, source, marks, sheets and caveats, in wrapped cells with nothing cut off."""
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, LINES_A_CELL)
    sheet.write_string(0, 0, f"Lägesbild {press.name(shown.place)}", formats.title)
    for row, (key, text, invented) in enumerate(_told(press, shown), start=2):
        sheet.set_row(row, 15.5 * (1 + len(text) // LINES_A_CELL))
        sheet.write_string(row, 0, key, formats.key)
        sheet.write_string(row, 1, text, formats.note if invented else formats.text)


def _told(press: Press, shown: Picture) -> list[tuple[str, str, bool]]:
    words, release = press.words, press.material.release
    day = press.numbers.day(release.published)
    lines = [
        ("what", words("workbook.what_text", place=press.name(shown.place), number=release.number, day=day)),
        ("source", words("workbook.source_text", number=release.number)),
        ("seal", release.digest),
        *[(f"mark_{mark}", words(f"state.{why}_why")) for mark, why in _WHY],
    ]
    found = [(str(words(f"workbook.{key}")), str(text), False) for key, text in lines]
    if shown.origin == "example":
        found.insert(0, (str(words("workbook.example")), str(words("site.example_text")), True))
    for code in shown.readings:
        indicator = press.material.indicators[code]
        name, caveat = (each.in_(press.language) for each in (indicator.name, indicator.caveat))
        found.append((f"{words('workbook.sheet')} {code}", f"{name}. {caveat}", False))
    return found


_WHY = (("c", "protected"), ("x", "none"), ("z", "inapplicable"), ("0", "zero"))


def _sheet(
    press: Press, shown: Picture, sheet: Any, formats: _Formats, code: str, cells: list[dict[str, Any]]
) -> None:
    """One indicator: what it is above, the cells, what must be known below."""
    words, indicator = press.words, press.material.indicators[code]
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.write_string(
        0, 0, f"{indicator.name.in_(press.language)}, {press.name(shown.place)}", formats.title
    )
    if cells and cells[0]["origin"] == "example":
        sheet.write_string(1, 0, f"{words('mark.example')}. {words('mark.example_title')}")
    for column, head in enumerate(_heads(press, cells)):
        sheet.write_string(3, column, head, formats.head)
    for row, cell in enumerate(cells, start=4):
        _row(press, sheet, formats, row, cell)
    sheet.freeze_panes(4, 1)
    _notes(press, sheet, formats, code, len(cells) + 5)


def _heads(press: Press, cells: list[dict[str, Any]]) -> list[str]:
    words = press.words
    per = next((cell["per"] for cell in cells if cell["per"]), None)
    heads = [words("table.period"), words("table.count")]
    if per:
        interval = words("table.interval")
        heads += [words("table.rate", per=press.numbers.whole(per)), interval + " ↓", interval + " ↑"]
        heads += [words("table.population"), words("workbook.people_status")]
    return [str(head) for head in heads]


def _row(press: Press, sheet: Any, formats: _Formats, row: int, cell: dict[str, Any]) -> None:
    sheet.write_string(row, 0, cell["period"])
    if cell["count"] is None:
        mark = MARKS[cell["status"]]
        sheet.write_string(row, 1, mark if mark == "[s]" else str(press.words(mark)), formats.mark)
        return
    sheet.write_number(row, 1, cell["count"], formats.whole)
    if cell["rate"] is None:
        return
    for column, name in enumerate(("rate", "lower95", "upper95"), start=2):
        sheet.write_number(row, column, cell[name], formats.rate)
    sheet.write_number(row, 5, cell["population"], formats.whole)
    sheet.write_string(row, 6, str(press.words(f"workbook.status_{cell['population_status']}")))


def _notes(press: Press, sheet: Any, formats: _Formats, code: str, row: int) -> None:
    """Definition, caveat, breaks and sources, wrapped over the width of the table."""
    words, indicator, numbers = press.words, press.material.indicators[code], press.numbers
    notes = [
        (words("workbook.definition"), indicator.definition.in_(press.language)),
        (words("workbook.caveat"), indicator.caveat.in_(press.language)),
    ]
    if indicator.categories:
        codes = ", ".join(
            f"{each} = {text.in_(press.language)}" for each, text in indicator.categories.items()
        )
        notes.append((words("workbook.definition"), str(words("workbook.codes", codes=codes))))
    notes += [
        (words("workbook.break"), f"{numbers.day(each.day)}. {each.why.in_(press.language)}")
        for each in indicator.breaks
    ]
    notes += [
        (words("workbook.source"), f"{each.name.in_(press.language)}, {numbers.day(each.received)}")
        for each in press.material.release.sources.get(code, ())
    ]
    for offset, (key, text) in enumerate(notes):
        sheet.set_row(row + offset, 15.5 * (1 + len(text) // 85))
        sheet.write_string(row + offset, 0, str(key), formats.key)
        sheet.merge_range(row + offset, 1, row + offset, 6, text, formats.text)
