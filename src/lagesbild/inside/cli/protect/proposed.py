"""Coarser publication as it is told on a terminal: the figures, and which codes are merged."""

from collections.abc import Sequence

from lagesbild.core.language import Language, Text
from lagesbild.inside.protect.office.proposal import Proposal
from lagesbild.inside.protect.office.spec import Spec


def figures(spec: Spec, found: Sequence[Proposal], language: Language) -> list[list[str]]:
    """Rows under a header: number of the way, table where there are several, the way and what it gives."""
    several = len(spec.tables) > 1
    rows = [_HEADER.in_(language).split("|"), *(_row(spec, each, language) for each in found)]
    return [row if several else [row[0], *row[2:]] for row in rows]


def _row(spec: Spec, each: Proposal, language: Language) -> list[str]:
    number = "" if each.way is None else str(each.number)
    kept = [f"{each.inner_value:.0%}", f"{each.detail:.0%}"] if each.safe else ["", _UNSAFE.in_(language)]
    told = [each.what.in_(language), *map(str, (each.cells, each.shown, each.hidden)), *kept]
    return [number, spec.tables[each.table].name, *told]


def merged_codes(found: Sequence[Proposal], language: Language) -> str:
    """Each way by its number and what its merged codes are made of; empty where there is no way."""
    ways = [(each.number, each.way) for each in found if each.way is not None]
    lines = [
        line
        for number, way in ways
        for line in (
            f"{number}  {way.what.in_(language)}",
            *(f"     {code}: {', '.join(group)}" for code, group in way.merged.items()),
        )
    ]
    return "".join(f"{line}\n" for line in [f"\n{_MERGED.in_(language)}", *lines]) if ways else ""


def without_ways(spec: Spec, language: Language) -> str:
    """Why tables of amounts stand as they are; empty where there are none."""
    amounts = any(each.concentration is not None for each in spec.tables)
    return f"\n{_AMOUNTS.in_(language)}\n" if amounts else ""


WRITTEN = Text(
    "\nFilerna för sätt N står i private/N. Allt detta är facit och stannar inom huset.",
    "\nThe files for way N are in private/N. All of them are truth and stay in the house.",
)
_HEADER = Text(
    "|tabell|redovisning|celler|visade tal|dolda|visat värde i finaste celler|behållen detalj",
    "|table|publication|cells|numbers shown|hidden|value shown in the finest cells|detail kept",
)
_UNSAFE = Text("går inte att skydda", "cannot be protected")
_MERGED = Text("Detta slås ihop:", "What is merged:")
_AMOUNTS = Text(
    "Tabeller med belopp får inga förslag: i sammanslagna celler är andra störst, och det bedöms inte här.",
    "Tables of amounts get no proposals: in merged cells other givers are largest, which is not judged here.",
)
