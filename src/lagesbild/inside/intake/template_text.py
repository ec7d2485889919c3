"""Every word of the workbook template. The gate lets these words through, and no other text."""

# ruff: noqa: E501 -- a text is easier to read and translate on one line

from collections.abc import Iterable, Iterator, Sequence

from lagesbild.core.figures import TOTAL
from lagesbild.core.indicator import Indicator, Kind
from lagesbild.core.language import Language, Text
from lagesbild.core.period import Frequency, Period
from lagesbild.core.region import Level, Region
from lagesbild.reference import Reference

from .plausible import TAKEN_AT
from .vocabulary import FIRST_YEAR

Row = tuple[str, ...]

INSTRUCTIONS = Text("Instruktion", "Instructions")
CODES = Text("Koder", "Codes")
FOOTNOTES = Text("Fotnoter", "Footnotes")

HEADERS = (
    Text("Region", "Region"),
    Text("Period", "Period"),
    Text("Kön", "Sex"),
    Text("Ålder", "Age"),
    Text("Antal", "Count"),
)
NOT_APPLICABLE = Text("ej tillämpligt", "not applicable")
CHOOSE = Text("Välj ur listan.", "Choose from the list.")
COUNT = Text(
    "Heltal, 0 för noll, tomt när ni inte vet, eller ej tillämpligt.",
    "Whole number, 0 for zero, empty where you do not know, or not applicable.",
)

_SEXES = {"T": Text("totalt", "total"), "K": Text("kvinnor", "women"), "M": Text("män", "men")}
_ALL_AGES = Text("totalt", "total")
_LATEST_YEAR = 2035
_LANGUAGES: tuple[Language, ...] = ("sv", "en")

_STEPS = (
    Text("Lägesbild: mall för antal", "Lägesbild: template for counts"),
    Text(
        "1. Fyll i ett blad per indikator. En rad är en plats, en period, ett kön och en åldersgrupp.",
        "1. Fill in one sheet per indicator. A row is one place, one period, one sex and one age group.",
    ),
    Text("2. Välj ur listorna i cellerna, eller skriv koderna på bladet Koder.", "2. Choose from the lists in the cells, or write the codes on the sheet Codes."),
    Text("3. Skriv bara antal. Skriv aldrig något om enskilda personer.", "3. Write counts only. Never write anything about individual persons."),
    Text("4. Kontrollera filen: lagesbild check", "4. Try the file: lagesbild check"),
    Text("Vad en cell betyder", "What a cell means"),
    Text("0: vi har räknat, och antalet är noll.", "0: we have counted, and the count is zero."),
    Text("Tom cell: vi har inte räknat, eller vet inte. Ingen bild.", "Empty cell: we have not counted, or do not know. No picture."),
    Text("ej tillämpligt: det kan inte finnas något att räkna.", "not applicable: there can be nothing to count."),
    Text("Streck skrivs inte: det kan betyda noll eller att uppgift saknas.", "No dashes: they can mean zero or that nothing is known."),
    Text("Summor behövs inte. Finns de med måste de stämma.", "Totals are not needed. Where they are given they must add up."),
)  # fmt: skip

_FOOTNOTE_HEADERS = (
    Text("Indikator", "Indicator"),
    Text("Namn", "Name"),
    Text("Definition", "Definition"),
    Text("Enhet", "Unit"),
    Text("Källa", "Source"),
    Text("Att tänka på", "Mind"),
    Text("Svarsalternativ", "Answers"),
)
_CODE_HEADERS = (Text("Plats", "Place"), Text("Kod", "Code"), Text("Period", "Period"))


def sex(code: str, language: Language) -> str:
    return _SEXES[code].in_(language)


def age(code: str, language: Language) -> str:
    """An age group in words; written so that no spreadsheet takes it for a date."""
    if code == TOTAL:
        return _ALL_AGES.in_(language)
    return f"{code} år" if language == "sv" else f"{code} years"


def answers(indicator: Indicator) -> tuple[int, ...]:
    """The numbers that a category may have; empty for counts."""
    return tuple(sorted(indicator.categories)) if indicator.kind is Kind.CATEGORY else ()


def name(region: Region, language: Language) -> str:
    return region.name_en if language == "en" else region.name_sv


_FROM_FINE_TO_COARSE = (Level.MUNICIPALITY, Level.SKR_GROUP, Level.COUNTY, Level.POLICE_REGION, Level.NATION)
"""An order in which the places of every indicator stand in one piece."""


def places(reference: Reference, indicators: Iterable[Indicator]) -> list[Region]:
    """The places for which any of the indicators is taken, finest level first."""
    levels = {level for indicator in indicators for level in TAKEN_AT[indicator.finest]}
    wanted = [level for level in _FROM_FINE_TO_COARSE if level in levels]
    return [region for level in wanted for region in reference.geography.at(level)]


def periods(frequency: Frequency | None, last: int, first: int) -> list[str]:
    """The codes of all periods of a frequency from one year to another, the latest first."""
    years = [Period(year) for year in range(first, last + 1)]
    finest = [part for year in years for part in (year.parts(frequency) if frequency else ()) or (year,)]
    return [period.code for period in reversed(finest)]


def instructions(language: Language) -> list[Row]:
    return [(step.in_(language),) for step in _STEPS]


def footnotes(indicators: Iterable[Indicator], language: Language) -> list[Row]:
    """What each figure is, and what a reader must mind."""
    rows = [tuple(header.in_(language) for header in _FOOTNOTE_HEADERS)]
    for each in indicators:
        texts = (each.name, each.definition, each.unit, each.source, each.caveat)
        said = [f"{code} = {words.in_(language)}" for code, words in sorted(each.categories.items())]
        rows.append((each.code, *(text.in_(language) for text in texts), "; ".join(said)))
    return rows


def codes(places: Sequence[Region], periods: Sequence[str], language: Language) -> list[Row]:
    """The lists that the drop-downs show, side by side."""
    rows = [tuple(header.in_(language) for header in _CODE_HEADERS)]
    for at in range(max(len(places), len(periods))):
        place = (name(places[at], language), places[at].code) if at < len(places) else ("", "")
        rows.append((*place, periods[at] if at < len(periods) else ""))
    return rows


def words(reference: Reference) -> frozenset[str]:
    """All that can stand in a template beside the counts: on its other sheets, in its lists and messages."""
    beside = (NOT_APPLICABLE, CHOOSE, COUNT, INSTRUCTIONS, FOOTNOTES, CODES)
    said = {text.in_(language) for text in beside for language in _LANGUAGES}
    return frozenset(text for row in _all_rows(reference) for text in row) | said


def _all_rows(reference: Reference) -> Iterator[Row]:
    every_period = [code for frequency in Frequency for code in periods(frequency, _LATEST_YEAR, FIRST_YEAR)]
    for language in _LANGUAGES:
        yield from instructions(language)
        yield from footnotes(reference.indicators.values(), language)
        yield from codes(reference.geography.regions, every_period, language)
