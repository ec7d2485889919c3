"""Which column of a sheet says what: read from its headers, each of which must be known."""

from collections.abc import Container
from dataclasses import replace

from . import vocabulary
from .findings import Findings
from .layout import Layout
from .personal import HARD, recognise
from .reading import Sheet
from .whole_number import MARKS

_NEEDED = {"indicator": "no-indicator", "region": "no-region", "period": "no-period", "count": "no-count"}
"""The columns without which no row means anything, and the rule that a table without one breaks."""

_LOOSE = frozenset(("free-text", "user-name", "hidden-characters"))
"""What any unknown header may look like: the remedy that helps is the list of headers."""


def read_headers(layout: Layout, sheet: Sheet, ages: Container[str], findings: Findings) -> Layout | None:
    """The layout with its columns; None where a header is missing or not understood, as the findings say."""
    if _is_title(sheet):
        findings.add("title-row", layout.place(sheet.row))
        return None
    wrong = [
        (rule, layout.place(sheet.row, position))
        for position, text in sorted(sheet.header.items())
        if (rule := _place_column(layout, sheet, position, ages))
    ]
    wrong = wrong or [(rule, layout.place(sheet.row)) for rule in _missing(layout)]
    for rule, place in wrong:
        findings.add(rule, place)
    return (
        None if wrong else replace(layout, counties=_is_of_counties(layout, sheet), part=_part(layout, sheet))
    )


def says_which(sheet: Sheet) -> bool:
    """Whether a column says which indicator a row is of."""
    return any(vocabulary.header(text) == "indicator" for text in sheet.header.values())


def _is_title(sheet: Sheet) -> bool:
    """Whether the first row is a heading over the table: one harmless text that names no column."""
    texts = [text for text in sheet.header.values() if text.strip()]
    return len(texts) == 1 and vocabulary.header(texts[0]) is None and _personal(texts[0]) not in HARD


def _place_column(layout: Layout, sheet: Sheet, position: int, ages: Container[str]) -> str | None:
    """Note what the column at this position says, or tell which rule its header breaks."""
    text = sheet.header[position]
    if not text.strip():
        return None  # what stands below is a stray cell
    column = vocabulary.header(text)
    if column is None:
        return _why_unknown(text, ages)
    if column not in layout.columns:
        layout.columns[column] = position
        return None
    if column in layout.names or not _may_be_second(layout, sheet, column, text):
        return "column-twice"
    layout.names[column] = position
    if column == "period" and not vocabulary.is_part_of_year(text):
        layout.columns[column], layout.names[column] = position, layout.columns[column]
    return None


def _may_be_second(layout: Layout, sheet: Sheet, column: str, text: str) -> bool:
    """Whether two columns may say this together: codes and names, or years and parts of the year."""
    if column == "period":
        other = sheet.header[layout.columns[column]]
        return vocabulary.is_part_of_year(other) is not vocabulary.is_part_of_year(text)
    return column in ("indicator", "region")


def _missing(layout: Layout) -> list[str]:
    known = {*layout.columns, "indicator" if layout.indicator else ""}
    return [rule for column, rule in _NEEDED.items() if column not in known]


def _why_unknown(text: str, ages: Container[str]) -> str:
    rule = _personal(text)
    if rule is not None and rule not in _LOOSE:
        return rule
    return "wide-table" if vocabulary.is_category(text, ages) else "unknown-column"


def _personal(text: str) -> str | None:
    return MARKS.get(text) or recognise(text)


def _is_of_counties(layout: Layout, sheet: Sheet) -> bool:
    return vocabulary.is_of_counties(sheet.header[layout.columns["region"]])


def _part(layout: Layout, sheet: Sheet) -> str:
    return sheet.header[layout.names["period"]] if "period" in layout.names else ""
