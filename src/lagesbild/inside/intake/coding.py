"""From words to codes: each distinct text of a column is looked up once, and what is unknown is refused."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from lagesbild.core.figures import TOTAL, State
from lagesbild.inside.counts import STATES, VALUE
from lagesbild.reference import Reference

from . import template_text, vocabulary, whole_number
from .findings import Findings
from .layout import Layout
from .personal import recognise
from .reading import Block, Sheet
from .whole_number import Broken

DIMENSIONS = ("indicator", "region", "period", "sex", "age")
_TEXT_SHEETS = frozenset(
    text.in_(language)
    for text in (template_text.INSTRUCTIONS, template_text.CODES, template_text.FOOTNOTES)
    for language in ("sv", "en")
)
_NEEDED = ("indicator", "region", "period", "count")


class Codes:
    """The codes met so far in one dimension, and the rule that each unknown word breaks."""

    def __init__(self, find: Callable[[str], str | None], unknown: Callable[[str], str]) -> None:
        self._find = find
        self._unknown = unknown
        self.codes: list[str] = []
        self._position: dict[str, int] = {}
        self._seen: dict[str, int] = {}

    def of(self, text: str) -> int:
        """The position of the text's code in `codes`, or -1."""
        if text not in self._seen:
            code = self._find(text)
            self._seen[text] = -1 if code is None else self.position(code)
        return self._seen[text]

    def position(self, code: str) -> int:
        if code not in self._position:
            self._position[code] = len(self.codes)
            self.codes.append(code)
        return self._position[code]

    def rule(self, text: str) -> str:
        return self._unknown(text)


@dataclass
class Coded:
    """All admitted rows as positions in the lists of codes; one array each per block."""

    dimensions: dict[str, list[NDArray[np.int32]]] = field(
        default_factory=lambda: {dimension: [] for dimension in DIMENSIONS}
    )
    value: list[NDArray[np.int64]] = field(default_factory=list)
    state: list[NDArray[np.uint8]] = field(default_factory=list)
    layout: list[NDArray[np.int32]] = field(default_factory=list)
    row: list[NDArray[np.int32]] = field(default_factory=list)


class Coder:
    """Codes blocks of text; remembers where each row stood."""

    def __init__(self, reference: Reference, today: date, findings: Findings) -> None:
        self._reference = reference
        self._today = today
        self._findings = findings
        places = vocabulary.Places(reference.geography)
        self.codes = {
            "indicator": Codes(self._indicator, self._why_no_indicator),
            "region": Codes(places.find, WHY_NO_PLACE),
            "period": Codes(self._period, self._why_no_period),
            "sex": Codes(_sex, why_unknown("unknown-sex")),
            "age": Codes(self._age, why_unknown("unknown-age")),
        }
        self._ages = {age for indicator in reference.indicators.values() for age in indicator.ages}
        self._count = lru_cache(1 << 16)(whole_number.read)
        self.layouts: list[Layout] = []
        self.coded = Coded()

    def begin(self, file: str, sheet: Sheet, number: int) -> Layout | None:
        """The layout of a sheet whose header is understood; otherwise None, with the findings noted."""
        if sheet.name in _TEXT_SHEETS:
            return self._begin_text(Layout(file, sheet.name, {}, None, text_only=True), sheet)
        code = sheet.name.strip().upper()
        known = code if code in self._reference.indicators else None
        layout = Layout(file, known or (str(number) if sheet.name else ""), {}, known)
        before = len(self._findings)
        if rule := self._why_no_sheet(sheet, known):
            self._findings.add(rule, layout.place(None))
        for position, text in sorted(sheet.header.items()):
            self._place_column(layout, sheet, position, text)
        needed = [column for column in _NEEDED if column != "indicator" or known is None]
        if any(column not in layout.columns for column in needed):
            self._findings.add("missing-column", layout.place(sheet.row))
        if len(self._findings) > before:
            return None
        self.layouts.append(layout)
        return layout

    def _why_no_sheet(self, sheet: Sheet, known: str | None) -> str | None:
        if known is None:
            return _personal(sheet.name)
        own_column = any(vocabulary.header(text) == "indicator" for text in sheet.header.values())
        return None if own_column or self._indicator(known) else "indicator-not-imported"

    def _begin_text(self, layout: Layout, sheet: Sheet) -> Layout:
        for position, text in sorted(sheet.header.items()):
            if rule := self._why_no_template_word(text):
                self._findings.add(rule, layout.place(sheet.row, position))
        return layout

    def _place_column(self, layout: Layout, sheet: Sheet, position: int, text: str) -> None:
        column = vocabulary.header(text)
        if column is None:
            rule = _personal(text) or "unknown-column"
            self._findings.add(rule, layout.place(sheet.row, position))
        elif column in layout.columns:
            self._findings.add("column-twice", layout.place(sheet.row, position))
        else:
            layout.columns[column] = position

    def add(self, layout: Layout, block: Block) -> None:
        """Code a block of rows; what cannot be coded becomes a finding with its row and column."""
        numbers = block.rows.to_numpy()
        self._refuse_strays(layout, block, numbers)
        if layout.text_only:
            return
        for dimension in DIMENSIONS:
            self.coded.dimensions[dimension].append(self._column(layout, dimension, block, numbers))
        texts, at = _distinct(block.columns.get(layout.columns["count"]), len(numbers))
        cells = [self._count(text) for text in texts]
        rules = [cell.rule if isinstance(cell, Broken) else None for cell in cells]
        self._note(layout, "count", rules, at, numbers)
        values = [cell if isinstance(cell, int) else 0 for cell in cells]
        states = [STATES.index(cell) if isinstance(cell, State) else VALUE for cell in cells]
        self.coded.value.append(np.array(values, np.int64)[at])
        self.coded.state.append(np.array(states, np.uint8)[at])
        self.coded.layout.append(np.full(len(numbers), len(self.layouts) - 1, np.int32))
        self.coded.row.append(numbers)

    def _column(
        self, layout: Layout, dimension: str, block: Block, numbers: NDArray[np.int32]
    ) -> NDArray[np.int32]:
        codes = self.codes[dimension]
        if dimension not in layout.columns:
            always = layout.indicator if dimension == "indicator" else TOTAL
            return np.full(len(numbers), codes.position(always or TOTAL), np.int32)
        texts, at = _distinct(block.columns.get(layout.columns[dimension]), len(numbers))
        found = [codes.of(text) for text in texts]
        rules = [codes.rule(text) if place < 0 else None for text, place in zip(texts, found, strict=True)]
        self._note(layout, dimension, rules, at, numbers)
        return np.array(found, np.int32)[at]

    def _refuse_strays(self, layout: Layout, block: Block, numbers: NDArray[np.int32]) -> None:
        for position in sorted(block.columns.keys() - set(layout.columns.values())):
            texts, at = _distinct(block.columns[position], len(numbers))
            why = self._why_no_template_word if layout.text_only else _why_stray
            rules = [why(text) for text in texts]
            self._note(layout, position, rules, at, numbers)

    def _note(
        self,
        layout: Layout,
        column: str | int,
        rules: Sequence[str | None],
        at: NDArray[np.int32],
        numbers: NDArray[np.int32],
    ) -> None:
        """Each text's broken rule becomes a finding at every row that has the text."""
        for text, rule in enumerate(rules):
            if rule is not None:
                rows = numbers[at == text]
                self._findings.add_all(rule, (layout.place(int(row), column) for row in rows), len(rows))

    @cached_property
    def _template_words(self) -> frozenset[str]:
        return template_text.words(self._reference)

    def _why_no_template_word(self, text: str) -> str | None:
        known = not text.strip() or text in self._template_words
        return None if known else _personal(text) or "free-text"

    def _indicator(self, text: str) -> str | None:
        code = text.strip().upper()
        indicator = self._reference.indicators.get(code)
        return code if indicator is not None and indicator.importable else None

    def _why_no_indicator(self, text: str) -> str:
        known = text.strip().upper() in self._reference.indicators
        return "indicator-not-imported" if known else why_unknown("unknown-indicator")(text)

    def _period(self, text: str) -> str | None:
        found = vocabulary.period(text)
        return found.code if found is not None and vocabulary.has_ended(found, self._today) else None

    def _why_no_period(self, text: str) -> str:
        return "period-out-of-range" if vocabulary.period(text) else why_unknown("unknown-period")(text)

    def _age(self, text: str) -> str | None:
        code = vocabulary.age(text)
        return code if code in self._ages else None


def _why_stray(text: str) -> str | None:
    return (_personal(text) or "stray-cell") if text.strip() else None


def _sex(text: str) -> str | None:
    return vocabulary.SEXES.get(vocabulary.normal(text))


def _personal(text: str) -> str | None:
    return whole_number.MARKS.get(text) or recognise(text)


def why_unknown(rule: str, free_text: bool = True) -> Callable[[str], str]:
    """Why a word is refused: for the personal data that it looks like, or else because it is unknown."""

    def why(text: str) -> str:
        found = _personal(text)
        return rule if found is None or (found == "free-text" and not free_text) else found

    return why


WHY_NO_PLACE = why_unknown("unknown-region", free_text=False)
"""A name that is no known place is free text; but the remedy that helps is the list of places."""


def _distinct(column: pa.DictionaryArray | None, length: int) -> tuple[list[str], NDArray[np.int32]]:
    """A column's distinct texts, and each row's position among them; what is empty is an empty text."""
    if column is None:
        return [""], np.zeros(length, np.int32)
    texts = ["" if text is None else str(text) for text in column.dictionary.to_pylist()]
    return [*texts, ""], column.indices.fill_null(len(texts)).to_numpy().astype(np.int32)
