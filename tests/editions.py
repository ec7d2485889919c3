"""Small editions of invented places and figures, with sensible defaults."""

from datetime import date

from lagesbild.core.figures import TOTAL, Figure, Figures, Key, Origin, State
from lagesbild.core.indicator import DisclosureClass, Indicator, Kind, Protection
from lagesbild.core.language import Text
from lagesbild.core.period import Frequency
from lagesbild.core.region import Geography, Level, Region
from lagesbild.release.contents import AuditStatement, Edition, Revision, Source

GEOGRAPHY = Geography(
    regions=(
        Region("00", Level.NATION, "Riket", "Sweden"),
        Region("24", Level.COUNTY, "Västerbottens län", "Västerbotten County", ("00",)),
        Region("2480", Level.MUNICIPALITY, "Umeå", "Umeå", ("24", "00")),
        Region("2482", Level.MUNICIPALITY, "=Skellefteå", "Skellefteå", ("24", "00")),
    ),
    neighbours={},
)

PROTECTED = Figure(None, State.PROTECTED)
NOT_APPLICABLE = Figure(None, State.NOT_APPLICABLE)


def text(word: str) -> Text:
    return Text(sv=f"{word} på svenska", en=f"{word} in English")


def make_indicator(code: str = "D01", **changes: object) -> Indicator:
    words = {
        name: text(name)
        for name in ("name", "definition", "unit", "numerator", "denominator", "source", "caveat")
    }
    defaults: dict[str, object] = {
        **words,
        "code": code,
        "domain": "demand",
        "status": "core",
        "kind": Kind.COUNT,
        "beside": None,
        "direction": "ambiguous",
        "finest": Level.MUNICIPALITY,
        "frequency": Frequency.YEAR,
        "sexes": (TOTAL,),
        "ages": (TOTAL,),
        "protection": Protection(DisclosureClass.EVENTS, 5, 5),
        "rate": None,
        "categories": {},
        "breaks": (),
        "identities": (),
        "owner": "analys",
        "reviewed": date(2026, 1, 15),
    }
    return Indicator(**{**defaults, **changes})  # type: ignore[arg-type]


def make_figures(code: str = "D01", origin: Origin = "example", **changes: object) -> Figures:
    cells = {
        Key("00", "2024"): Figure(19, State.VALUE),
        Key("24", "2024"): Figure(19, State.VALUE),
        Key("2480", "2024"): PROTECTED,
        Key("2482", "2024"): PROTECTED,
        Key("2480", "2025"): Figure(0, State.VALUE),
        Key("2482", "2025"): NOT_APPLICABLE,
    }
    coverage = {Key("00", "2024"): 2, Key("24", "2024"): 2}
    return Figures(**{"indicator": code, "origin": origin, "cells": cells, "coverage": coverage, **changes})  # type: ignore[arg-type]


def make_edition(number: str = "2026-1", predecessor: str | None = None, **changes: object) -> Edition:
    defaults: dict[str, object] = {
        "number": number,
        "published": date(2026, 3, 1),
        "title": text("title"),
        "figures": {"D01": make_figures()},
        "indicators": {"D01": make_indicator()},
        "sources": {"D01": (Source(text("supplier"), date(2026, 2, 1)),)},
        "audit": AuditStatement(cells=6, published=3, hidden=2, unsafe_too_narrow=0, earlier_releases=0),
        "revisions": (Revision("D01", 1, text("reason")),),
        "predecessor": predecessor,
    }
    return Edition(**{**defaults, **changes})  # type: ignore[arg-type]
