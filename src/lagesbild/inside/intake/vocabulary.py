"""The words that the gate knows, and the codes they stand for. What is not here is refused."""

import re
import unicodedata
from collections.abc import Container, Iterator, Mapping
from datetime import date
from functools import cache

from lagesbild.core.figures import TOTAL
from lagesbild.core.period import Period
from lagesbild.core.region import NATION, Geography, Level, Region

FIRST_YEAR = 1999
"""The act that made the purchase of sex an offence came into force on 1 January 1999."""


_OF_COUNTIES = frozenset(("län", "lan", "länskod", "lanskod", "länsnamn", "county"))

HEADERS: Mapping[str, frozenset[str]] = {
    "indicator": frozenset(
        ("indicator", "indikator", "indikatorkod", "indikatornamn", "indicator_code", "indicator_name")
    ),
    "region": frozenset(
        """
        region regionkod regionnamn region_kod region_code region_name kommun kommunkod kommunnamn kommun_kod
        kommun_namn plats municipality
        """.split()  # noqa: SIM905 -- reads better than quoted words
    )
    | _OF_COUNTIES
    | {"kommun kod", "region kod"},
    "period": frozenset(
        "period tid år ar halvår kvartal månad mätperiod tidsperiod year quarter month half-year".split()  # noqa: SIM905
    ),
    "sex": frozenset(("sex", "kön", "kon")),
    "age": frozenset(("age", "ålder", "alder", "åldersgrupp", "aldersgrupp", "age group", "age_group")),
    "count": frozenset(
        ("count", "antal", "antal (heltal)", "antal personer", "antal anmälningar", "värde", "value")
    ),
}  # fmt: skip

_PARTS = {"halvår": "h", "half-year": "h", "kvartal": "q", "quarter": "q", "månad": "m", "month": "m"}
_WHOLE_YEAR = frozenset(("t", "totalt", "total", "helår", "hela året", "whole year"))

_ENGLISH_WOMEN = ("women", "girls", "female")
_SEXES = {
    "K": (*("k", "f", "kvinna", "kvinnor", "flicka", "flickor"), "kvinnor och flickor", *_ENGLISH_WOMEN),
    "M": ("m", "man", "män", "pojke", "pojkar", "män och pojkar", "men", "boys", "male"),
    TOTAL: ("t", "", "totalt", "total", "summa", "samtliga", "båda", "båda könen", "alla", "both", "all"),
}  # fmt: skip
SEXES = {word: code for code, words in _SEXES.items() for word in words}

_ALL_AGES = frozenset(
    ("t", "", "totalt", "total", "summa", "samtliga", "alla", "alla åldrar", "all ages", "all")
)
_THE_COUNTRY = ("riket", "sverige", "hela landet", "hela riket", "sweden")
_DASH = re.compile("[‐‑‒–—−-]")
_KIND = r"(?P<kind>kv|kvartal|k|q|halvår|h|m|månad)\.?"
_PARTS_OF_YEAR = (
    re.compile(rf"(?P<year>[0-9]{{4}})[ -]?{_KIND} ?(?P<part>[0-9]{{1,2}})"),
    re.compile(rf"{_KIND} ?(?P<part>[0-9]{{1,2}})[ -](?P<year>[0-9]{{4}})"),
    re.compile(r"(?P<year>[0-9]{4})(?P<kind>[-/])(?P<part>[0-9]{1,2})"),
    re.compile(r"(?P<year>[0-9]{4}) (?P<month>[a-z]{3,9})"),
    re.compile(r"(?P<month>[a-z]{3,9}) (?P<year>[0-9]{4})"),
)
_KINDS = {
    "kv": "Q", "kvartal": "Q", "k": "Q", "q": "Q", "halvår": "H", "h": "H", "m": "M", "månad": "M",
    "-": "M", "/": "M",
}  # fmt: skip
_MONTHS = (
    *("januari january jan", "februari february feb", "mars march mar", "april apr", "maj may"),
    *("juni june jun", "juli july jul", "augusti august aug", "september sep sept"),
    *("oktober october okt oct", "november nov", "december dec"),
)
_MONTH = {word: number for number, words in enumerate(_MONTHS, 1) for word in words.split()}
_YEARS = re.compile(r" ?(?:år|years?)\b")
_WHOLE_FLOAT = re.compile(r"([0-9]{1,4})[.,]0")
_CODE_AND_NAME = (
    re.compile(r"(?P<code>[0-9]{1,4})[ ,_-]+(?P<name>[^\W\d].*)"),
    re.compile(r"(?P<name>.+) \((?P<code>[0-9]{1,4})\)"),
)


def normal(text: str) -> str:
    """Case, composition, kind of dash and kind of space made equal; nothing invisible is dropped."""
    composed = unicodedata.normalize("NFC", text)
    return " ".join(_DASH.sub("-", composed).casefold().split())


def header(text: str) -> str | None:
    """The column that a header names."""
    word = normal(text)
    return next((column for column, words in HEADERS.items() if word in words), None)


def is_part_of_year(header: str) -> bool:
    """Whether a header names a part of the year, which may stand in a column beside the year's own."""
    return normal(header) in _PARTS


def year_and_part(year: str, part: str, header: str) -> str:
    """The text of a period whose year and part stand in two columns; the part's header says what it numbers.

    A part that is a whole period by itself (2024K3) must be one of that year.
    """
    word = normal(part)
    if word in _WHOLE_YEAR:
        return year
    alone, around = period(word), period(year)
    if alone is not None and around is not None and alone.year == around.year:
        return part
    number = _whole(word) or "?"  # a part that is not said is not the whole year
    kind = _PARTS[normal(header)] if number.isdecimal() else ""
    return f"{_whole(normal(year))} {kind}{number}"


def is_category(header: str, ages: Container[str]) -> bool:
    """Whether a header is a period, a sex or an age group: something that a row should say."""
    word = normal(header)
    found = period(header) is not None or word in SEXES or age(header) in ages
    return bool(word) and found


class Places:
    """Finds a place by its code or any of its names, with or without "kommun" and genitive."""

    def __init__(self, geography: Geography) -> None:
        self._codes = _codes_of_names(geography.regions)
        self._counties = _counties_without_county(geography.regions)

    def find(self, text: str) -> str | None:
        word = normal(text)
        if (both := self._both(word)) is not None:
            return both
        return self._codes.get(_code(word))

    def county(self, text: str) -> str:
        """The code of the county that a text under a heading of counties names, or the text itself."""
        return self._counties.get(normal(text), text)

    def _both(self, word: str) -> str | None:
        """The place of which a text gives code and name."""
        for form in _CODE_AND_NAME:
            if found := form.fullmatch(word):
                code = self._codes.get(_code(found["code"]))
                return code if code is not None and self._codes.get(found["name"]) == code else None
        return None


def _code(word: str) -> str:
    """A code as it was before a spreadsheet took it for a number: 0114 becomes 114 or 114.0."""
    word = _whole(word)
    return "0" + word if word.isascii() and word.isdecimal() and len(word) in (1, 3) and word != "0" else word


def _whole(word: str) -> str:
    """A number without the decimal zero that a spreadsheet or data frame gave it."""
    return _WHOLE_FLOAT.sub(r"\1", word) if _WHOLE_FLOAT.fullmatch(word) else word


def is_of_counties(header: str) -> bool:
    """Whether a column's heading says that its places are counties."""
    return normal(header) in _OF_COUNTIES


@cache
def _codes_of_names(regions: tuple[Region, ...]) -> Mapping[str, str]:
    """Every name and code of the places; no two places share one, which a test shows."""
    codes = {word: region.code for region in regions for word in _names(region)}
    short = {word: code for word, code in _counties_without_county(regions).items() if word not in codes}
    codes.update(short)
    codes.update({region.code.casefold(): region.code for region in regions})
    return codes


@cache
def _counties_without_county(regions: tuple[Region, ...]) -> Mapping[str, str]:
    """Counties by their bare name, with and without the genitive: Skåne, Västerbotten, Västerbottens."""
    counties = [region for region in regions if region.level is Level.COUNTY]
    found = {}
    for county in counties:
        bare = normal(county.name_sv).removesuffix(" län")
        found.update({bare: county.code, bare.removesuffix("s"): county.code})
    return found


def _names(region: Region) -> Iterator[str]:
    if region.code == NATION:
        yield from _THE_COUNTRY
    for name in {normal(region.name_sv), normal(region.name_en)}:
        yield name
        if region.level is Level.MUNICIPALITY:
            owner = name if name.endswith("s") else name + "s"
            yield owner
            for each in {owner, name}:
                yield from (f"{each} kommun", f"{each} stad")


def period(text: str) -> Period | None:
    """The period that a text names: 2024, 2024Q3, K3 2024, 2024 kvartal 3, 2024H1, 2024M07, juli 2024."""
    word = normal(text)
    if re.fullmatch(r"[0-9]{4}([.,]0)?", word):
        return _parsed(word[:4])
    for form in _PARTS_OF_YEAR:
        if found := form.fullmatch(word):
            return _part(found.groupdict())
    return None


def _part(found: Mapping[str, str]) -> Period | None:
    month = _MONTH.get(found.get("month", ""))
    if "month" in found:
        return None if month is None else _parsed(f"{found['year']}M{month}")
    return _parsed(f"{found['year']}{_KINDS[found['kind']]}{int(found['part'])}")


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
    word = _YEARS.sub("", word).replace(" ", "")
    word = re.sub(r"(?:ochäldre|elleräldre|-)$", "+", word)
    under = re.fullmatch(r"under([0-9]{1,2})", word)
    return f"0-{int(under[1]) - 1}" if under else word
