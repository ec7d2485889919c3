"""Writes the workbook that an analyst fills in: drop-downs for every code, and nothing hidden."""

import io
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import xlsxwriter

from lagesbild.core.indicator import Indicator
from lagesbild.core.language import Language, Text
from lagesbild.core.period import Frequency, Period
from lagesbild.reference import Reference

from . import template_text
from .plausible import long_enough
from .template_text import CHOOSE, CODES, COUNT, FOOTNOTES, HEADERS, INSTRUCTIONS, NOT_APPLICABLE, Row
from .vocabulary import has_ended

ROWS = 5_000
"""Rows with drop-downs below the headers."""

_YEARS_BACK = 10


def template(
    reference: Reference,
    indicators: Sequence[Indicator],
    periods: Sequence[str],
    language: Language,
    today: date,
) -> bytes:
    """The workbook's bytes: instructions, a sheet per indicator, footnotes, and the codes of the lists.

    Where none of `periods` fits an indicator, its list has those that fit and have ended in the last ten
    years. The longest stand first, so that every indicator's periods stand in one piece.
    """
    book = _Book(language)
    book.texts(INSTRUCTIONS, template_text.instructions(language), (90,))
    recent = _recent(today)
    offered = {each.code: fitting(each, periods) or fitting(each, recent) for each in indicators}
    every_place = template_text.places(reference, indicators)
    named = {code for codes in offered.values() for code in codes}
    every_period = sorted(dict.fromkeys((*periods, *recent)), key=_length, reverse=True)
    every_period = [code for code in every_period if code in named]
    names = [template_text.name(place, language) for place in every_place]
    for each in indicators:
        wanted = {template_text.name(place, language) for place in template_text.places(reference, [each])}
        book.counts(each, _span(names, wanted, "A"), _span(every_period, set(offered[each.code]), "C"))
    book.texts(FOOTNOTES, template_text.footnotes(indicators, language), (10, 30, 50, 18, 30, 60, 40))
    book.texts(CODES, template_text.codes(every_place, every_period, language), (40, 8, 12))
    return book.bytes()


def fitting(indicator: Indicator, periods: Sequence[str]) -> list[str]:
    """The periods that are long enough for the indicator."""
    return [code for code in periods if long_enough(indicator, Period.parse(code))]


def _recent(today: date) -> list[str]:
    """Every period that has ended in the last ten years, the latest first."""
    every = [
        code
        for frequency in Frequency
        for code in template_text.periods(frequency, today.year, today.year - _YEARS_BACK)
    ]
    return [code for code in every if has_ended(Period.parse(code), today)]


def _length(code: str) -> int:
    return Period.parse(code).frequency.months


def _span(everything: Sequence[str], wanted: set[str], column: str) -> tuple[str, int, int]:
    """The column and rows of the sheet Codes that hold the wanted texts, which stand in one piece."""
    at = [place for place, text in enumerate(everything) if text in wanted]
    return column, min(at) + 2, max(at) + 2


class _Book:
    def __init__(self, language: Language) -> None:
        self._language = language
        self._file = io.BytesIO()
        self._book = xlsxwriter.Workbook(self._file, {"in_memory": True})
        self._book.set_properties({"created": datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)})
        self._bold = self._book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self._wrapped = self._book.add_format({"text_wrap": True, "valign": "top"})
        self._open = self._book.add_format({"locked": False})
        self._open_text = self._book.add_format({"locked": False, "num_format": "@"})

    def texts(self, title: Text, rows: Sequence[Row], widths: Sequence[int]) -> None:
        sheet = self._book.add_worksheet(title.in_(self._language))
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        for at, row in enumerate(rows):
            for column, text in enumerate(row):
                sheet.write_string(at, column, text, self._wrapped if at else self._bold)
        sheet.protect()

    def counts(
        self, indicator: Indicator, places: tuple[str, int, int], periods: tuple[str, int, int]
    ) -> None:
        sheet = self._book.add_worksheet(indicator.code)
        for column, text in enumerate(HEADERS):
            sheet.write_string(0, column, text.in_(self._language), self._bold)
        sheet.set_column(0, 3, 22, self._open_text)
        sheet.set_column(4, 4, 16, self._open)
        sheet.freeze_panes(1, 0)
        sheet.protect("", {"insert_rows": True, "delete_rows": True, "sort": True, "format_columns": True})
        sexes = [template_text.sex(code, self._language) for code in indicator.sexes]
        ages = [template_text.age(code, self._language) for code in indicator.ages]
        for column, source in enumerate((self._range(places), self._range(periods), sexes, ages)):
            sheet.data_validation(1, column, ROWS, column, self._list(source, CHOOSE))
        sheet.data_validation(1, 4, ROWS, 4, self._count(indicator))

    def _range(self, span: tuple[str, int, int]) -> str:
        column, first, last = span
        return f"={CODES.in_(self._language)}!${column}${first}:${column}${last}"

    def _list(self, source: str | Sequence[str], message: Text) -> dict[str, Any]:
        return {
            "validate": "list",
            "source": source,
            "error_type": "warning",
            "input_message": message.in_(self._language),
        }

    def _count(self, indicator: Indicator) -> dict[str, Any]:
        words = NOT_APPLICABLE.in_(self._language)
        if answers := template_text.answers(indicator):
            return self._list([*map(str, answers), words], CHOOSE)
        return {
            "validate": "custom",
            "value": f'=OR(AND(ISNUMBER(E2),E2>=0,E2=INT(E2)),E2="{words}")',
            "input_message": COUNT.in_(self._language),
        }

    def bytes(self) -> bytes:
        self._book.close()
        return self._file.getvalue()
