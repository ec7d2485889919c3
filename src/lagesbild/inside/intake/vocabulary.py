"""The words that the gate knows, and the codes they stand for. What is not here is refused."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache

from lagesbild.core.figures import TOTAL
from lagesbild.core.period import Period
from lagesbild.core.region import NATION, Geography, Level, Region

FIRST_YEAR = 1999
"""The act that made the purchase of sex an offence came into force on 1 January 1999."""


HEADERS: Mapping[str, frozenset[str]] = {
    "indicator": frozenset(("indicator", "indikator", "indikatorkod")),
    "region": frozenset(
        ("region", "regionkod", "region_code", "kommun", "kommunkod", "kommunnamn", "län", "municipality")
    ),
    "period": frozenset(("period", "tid", "år", "kvartal", "månad", "year", "quarter", "month")),
    "sex": frozenset(("sex", "kön")),
    "age": frozenset(("age", "ålder", "åldersgrupp", "age group", "age_group")),
    "count": frozenset(("count", "antal", "antal (heltal)")),
}  # fmt: skip

_SEXES = {
    "K": ("k", "kvinna", "kvinnor", "flicka", "flickor", "kvinnor och flickor", "women", "girls", "female"),
    "M": ("m", "man", "män", "pojke", "pojkar", "män och pojkar", "men", "boys", "male"),
    TOTAL: ("t", "", "totalt", "total", "samtliga", "båda", "båda könen", "alla", "both", "all"),
}  # fmt: skip
SEXES = {word: code for code, words in _SEXES.items() for word in words}

_ALL_AGES = frozenset(("t", "", "totalt", "total", "samtliga", "alla", "alla åldrar", "all ages", "all"))
_THE_COUNTRY = ("riket", "sverige", "hela landet", "hela riket", "sweden")
_DASH = re.compile("[‐‑‒–—−-]")
_PART_OF_YEAR = re.compile(r"([0-9]{4}) ?(kv|kvartal|k|q|halvår|h|m|-) ?([0-9]{1,2})")
_KINDS = {
    "kv": "Q", "kvartal": "Q", "k": "Q", "q": "Q", "halvår": "H", "h": "H", "m": "M", "-": "M",
}  # fmt: skip


def normal(text: str) -> str:
    """Case, composition, kind of dash and kind of space made equal; nothing invisible is dropped."""
    composed = unicodedata.normalize("NFC", text)
    return " ".join(_DASH.sub("-", composed).casefold().split())


def header(text: str) -> str | None:
    """The column that a header names."""
    word = normal(text)
    return next((column for column, words in HEADERS.items() if word in words), None)


class Places:
    """Finds a place by its code or any of its names, with or without "kommun" and genitive."""

    def __init__(self, geography: Geography) -> None:
        self._codes = _codes_of_names(geography.regions)

    def find(self, text: str) -> str | None:
        word = normal(text)
        if word.isascii() and word.isdecimal() and len(word) in (1, 3) and word != "0":
            word = "0" + word  # a spreadsheet takes the leading zero of 0114 away
        code, _, name = word.partition(" ")
        both = self._codes.get(code)
        if both is not None and name and self._codes.get(name) == both:
            return both
        return self._codes.get(word)


@cache
def _codes_of_names(regions: tuple[Region, ...]) -> Mapping[str, str]:
    """Every name and code of the places; no two places share one, which a test shows."""
    codes = {word: region.code for region in regions for word in _names(region)}
    codes.update({region.code.casefold(): region.code for region in regions})
    return codes


def _names(region: Region) -> Iterator[str]:
    if region.code == NATION:
        yield from _THE_COUNTRY
    for name in {normal(region.name_sv), normal(region.name_en)}:
        yield name
        if region.level is Level.MUNICIPALITY:
            for owner in {name, name if name.endswith("s") else name + "s"}:
                yield from (f"{owner} kommun", f"{owner} stad")


def period(text: str) -> Period | None:
    """The period that a text names: 2024, 2024Q3, 2024K3, 2024 kvartal 3, 2024H1, 2024M07 or 2024-07."""
    word = normal(text)
    if re.fullmatch(r"[0-9]{4}", word):
        return _parsed(word)
    part = _PART_OF_YEAR.fullmatch(word)
    return None if part is None else _parsed(f"{part[1]}{_KINDS[part[2]]}{int(part[3])}")


def _parsed(code: str) -> Period | None:
    try:
        return Period.parse(code)
    except ValueError:
        return None


def has_ended(found: Period, today: date) -> bool:
    """Whether something can have been counted over the period."""
    return found.year >= FIRST_YEAR and found.end <= today


def age(text: str) -> str:
    """An age group in the catalogue's form: 18-24, 65+, T."""
    word = normal(text)
    if word in _ALL_AGES:
        return TOTAL
    return re.sub(r"-$", "+", re.sub(r"(?:år|years?)$", "", word).replace(" ", ""))
