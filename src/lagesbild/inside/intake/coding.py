"""From words to codes: each distinct text of a column is looked up once, and what is unknown is refused."""

from collections.abc import Callable, Iterable, Iterator, Sequence
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
from .beside import AUTHOR, NAME, STRUCTURE
from .findings import Findings
from .headers import read_headers, says_which
from .layout import Layout
from .ordinary import Ordinary
from .personal import HARD, recognise
from .program_words import is_a_programs
from .reading import Beside, Block, Sheet
from .whole_number import Broken

LOOKED_AT = 2_000
"""So many broken texts of a column are told apart: patterns take time, and the file is refused anyway."""

DIMENSIONS = ("indicator", "region", "period", "sex", "age")
_TEXT_SHEETS = frozenset(
    text.in_(language)
    for text in (template_text.INSTRUCTIONS, template_text.CODES, template_text.FOOTNOTES)
    for language in ("sv", "en")
)


class Codes:
    """The codes met so far in one dimension, and the rule that each unknown word breaks."""

    def __init__(self, find: Callable[[str], str | None], unknown: Callable[[str], str]) -> None:
        self._find = find
        self._unknown = unknown
        self.codes: list[str] = []
        self._asked = 0
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
        """The rule that an unknown text breaks; a flood of them is not looked at one by one."""
        self._asked += 1
        return self._unknown(text if self._asked <= LOOKED_AT else "")


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
        self._places = places = vocabulary.Places(reference.geography)
        self._ordinary = Ordinary(reference)
        self.codes = {
            "indicator": Codes(self._indicator, self._why_no_indicator),
            "region": Codes(places.find, WHY_NO_PLACE),
            "period": Codes(self._period, self._why_no_period),
            "sex": Codes(_sex, why_unknown("unknown-sex")),
            "age": Codes(self._age, why_unknown("unknown-age")),
        }
        self._ages = {age for indicator in reference.indicators.values() for age in indicator.ages}
        self._count = lru_cache(1 << 16)(whole_number.read)
        self._broken = self._strays = 0
        self.layouts: list[Layout] = []
        self.coded = Coded()

    def begin(self, file: str, sheet: Sheet, number: int) -> Layout | None:
        """The layout of a sheet whose header is understood; otherwise None, with the findings noted."""
        if sheet.name in _TEXT_SHEETS:
            return self._begin_text(Layout(file, sheet.name, {}, None, text_only=True), sheet)
        code = sheet.name.strip().upper()
        known = code if code in self._reference.indicators else None
        layout = Layout(file, known or (str(number) if sheet.name else ""), {}, known)
        if known and not says_which(sheet) and not self._indicator(known):
            self._findings.add("indicator-not-imported", layout.place(None))
            return None
        understood = read_headers(layout, sheet, self._ages, self._findings)
        if understood is not None:
            self.layouts.append(understood)
        return understood

    def _begin_text(self, layout: Layout, sheet: Sheet) -> Layout:
        for position, text in sorted(sheet.header.items()):
            if rule := self._why_no_template_word(text):
                self._findings.add(rule, layout.place(sheet.row, position))
        return layout

    def judge(self, beside: Beside) -> list[str]:
        """The rules that a text breaks which stands in no cell."""
        found = recognise(beside.text)
        if beside.where == NAME:
            return [] if is_a_programs(beside.text, self._ordinary.text) else ["hidden-text"]
        looked_for = {STRUCTURE: _OF_STRUCTURE, AUTHOR: _OF_AUTHOR}.get(beside.where, HARD)
        rules = [found] if found in looked_for else []
        if beside.where in (STRUCTURE, AUTHOR) or self._ordinary.text(beside.text):
            return rules
        one_word = beside.where == "sheet-name" and found is None
        return rules if one_word else [beside.where, *rules]

    def add(self, layout: Layout, block: Block) -> None:
        """Code a block of rows; what cannot be coded becomes a finding with its row and column."""
        numbers = block.rows.to_numpy()
        self._refuse_strays(layout, block, numbers)
        if layout.text_only:
            return
        for dimension in DIMENSIONS:
            self.coded.dimensions[dimension].append(self._column(layout, dimension, block, numbers))
        texts, at = _distinct(block.columns.get(layout.columns["count"]), len(numbers))
        cells = list(self._cells(texts))
        rules = [cell.rule if isinstance(cell, Broken) else None for cell in cells]
        self._note(layout, "count", rules, at, numbers, texts)
        values = [cell if isinstance(cell, int) else 0 for cell in cells]
        states = [STATES.index(cell) if isinstance(cell, State) else VALUE for cell in cells]
        self.coded.value.append(np.array(values, np.int64)[at])
        self.coded.state.append(np.array(states, np.uint8)[at])
        self.coded.layout.append(np.full(len(numbers), len(self.layouts) - 1, np.int32))
        self.coded.row.append(numbers)

    def _cells(self, texts: Iterable[str]) -> Iterator[whole_number.Read]:
        for text in texts:
            cell = self._count(text) if self._broken <= LOOKED_AT else 0
            self._broken += isinstance(cell, Broken)
            yield cell

    def _strays_rules(self, texts: Iterable[str], why: Callable[[str], str | None]) -> Iterator[str | None]:
        for text in texts:
            rule = why(text) if self._strays <= LOOKED_AT else None
            self._strays += rule is not None
            yield rule

    def _column(
        self, layout: Layout, dimension: str, block: Block, numbers: NDArray[np.int32]
    ) -> NDArray[np.int32]:
        codes = self.codes[dimension]
        if dimension not in layout.columns:
            always = layout.indicator if dimension == "indicator" else TOTAL
            return np.full(len(numbers), codes.position(always or TOTAL), np.int32)
        if layout.part and dimension == "period":
            return self._year_and_part(layout, block, numbers)
        coded = self._coded(layout, dimension, layout.columns[dimension], block, numbers)
        if dimension in layout.names:
            named = self._coded(layout, dimension, layout.names[dimension], block, numbers)
            differ = numbers[(coded >= 0) & (named >= 0) & (coded != named)]
            places = (layout.place(int(row), layout.names[dimension]) for row in differ)
            self._findings.add_all("code-and-name", places, len(differ))
        return coded

    def _year_and_part(self, layout: Layout, block: Block, numbers: NDArray[np.int32]) -> NDArray[np.int32]:
        """The periods of rows whose year and part of the year stand in two columns."""
        years, year_at = _distinct(block.columns.get(layout.columns["period"]), len(numbers))
        parts, part_at = _distinct(block.columns.get(layout.names["period"]), len(numbers))
        pairs, at = np.unique(year_at.astype(np.int64) * len(parts) + part_at, return_inverse=True)
        both = [(years[pair // len(parts)], parts[pair % len(parts)]) for pair in pairs.tolist()]
        codes = self.codes["period"]
        words = [vocabulary.year_and_part(year, part, layout.part) for year, part in both]
        found = [codes.of(word) for word in words]
        texts = [f"{year} {part}" for year, part in both]
        rules = [
            _of_part(codes.rule(text), word) if place < 0 else None
            for text, word, place in zip(texts, words, found, strict=True)
        ]
        self._note(layout, "period", rules, at, numbers, texts)
        self._refuse_leftovers(layout, "period", years, year_at)
        self._refuse_leftovers(layout, layout.names["period"], parts, part_at)
        return np.array(found, np.int32)[at]

    def _refuse_leftovers(
        self, layout: Layout, column: str | int, texts: Sequence[str], at: NDArray[np.int32]
    ) -> None:
        """What a column knows and no row has may be no more than an ordinary word."""
        for left in set(range(len(texts))) - set(np.unique(at).tolist()):
            if not self._ordinary.text(texts[left]):
                self._findings.add(_personal(texts[left]) or "unknown-period", layout.place(None, column))

    def _coded(
        self, layout: Layout, dimension: str, column: int, block: Block, numbers: NDArray[np.int32]
    ) -> NDArray[np.int32]:
        codes = self.codes[dimension]
        texts, at = _distinct(block.columns.get(column), len(numbers))
        words = map(self._places.county, texts) if dimension == "region" and layout.counties else texts
        found = [codes.of(word) for word in words]
        rules = [codes.rule(text) if place < 0 else None for text, place in zip(texts, found, strict=True)]
        own = layout.columns[dimension] == column
        self._note(layout, dimension if own else column, rules, at, numbers, texts)
        return np.array(found, np.int32)[at]

    def _refuse_strays(self, layout: Layout, block: Block, numbers: NDArray[np.int32]) -> None:
        known = {*layout.columns.values(), *layout.names.values()}
        for position in sorted(block.columns.keys() - known):
            texts, at = _distinct(block.columns[position], len(numbers))
            why = self._why_no_template_word if layout.text_only else _why_stray
            rules = list(self._strays_rules(texts, why))
            self._note(layout, position, rules, at, numbers, texts)

    def _note(
        self,
        layout: Layout,
        column: str | int,
        rules: Sequence[str | None],
        at: NDArray[np.int32],
        numbers: NDArray[np.int32],
        texts: Sequence[str],
    ) -> None:
        """Each text's broken rule becomes a finding at every row that has the text.

        A text that the column knows and no row has (a dictionary's leftover) is one finding.
        """
        for text, rule in enumerate(rules):
            if rule is not None:
                rows = numbers[at == text]
                self._findings.add_all(rule, (layout.place(int(row), column) for row in rows), len(rows))
                if not len(rows) and texts[text]:
                    self._findings.add(rule, layout.place(None, column))

    @cached_property
    def _template_words(self) -> frozenset[str]:
        return template_text.words(self._reference)

    def _why_no_template_word(self, text: str) -> str | None:
        known = not text.strip() or text in self._template_words
        return None if known else _personal(text) or "free-text"

    @cached_property
    def _by_name(self) -> dict[str, str]:
        """Each indicator's code by its code, its names, and code and name together."""
        found = {}
        for code, each in self._reference.indicators.items():
            for name in ("", each.name.sv, each.name.en):
                found[vocabulary.normal(f"{code} {name}")] = code
                found[vocabulary.normal(name or code)] = code
        return found

    def _indicator(self, text: str) -> str | None:
        code = self._by_name.get(vocabulary.normal(text), "")
        indicator = self._reference.indicators.get(code)
        return code if indicator is not None and indicator.importable else None

    def _why_no_indicator(self, text: str) -> str:
        known = vocabulary.normal(text) in self._by_name
        return "indicator-not-imported" if known else why_unknown("unknown-indicator")(text)

    def _period(self, text: str) -> str | None:
        found = vocabulary.period(text)
        return found.code if found is not None and vocabulary.has_ended(found, self._today) else None

    def _why_no_period(self, text: str) -> str:
        return "period-out-of-range" if vocabulary.period(text) else why_unknown("unknown-period")(text)

    def _age(self, text: str) -> str | None:
        code = vocabulary.age(text)
        return code if code in self._ages else None


_OF_STRUCTURE = frozenset(("personal-number", "e-mail"))
_OF_AUTHOR = frozenset(("personal-number",))


def _of_part(rule: str, word: str) -> str:
    """A part of the year that is none is hardly text about someone: the remedy that helps is the forms."""
    if vocabulary.period(word):
        return "period-out-of-range"
    return rule if rule in HARD else "unknown-period"


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
