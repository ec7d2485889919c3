"""A released table as JSON-stat 2 in one language: dense, a hidden cell is null with its status code."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import product
from typing import Any

from lagesbild.core.figures import TOTAL, Figures, Key, State
from lagesbild.core.indicator import Indicator
from lagesbild.core.language import Language, Text
from lagesbild.core.period import Period
from lagesbild.core.region import Geography

from .origin import MARK, mark

_DIMENSIONS = {
    "Region": Text("region", "region"),
    "Kon": Text("kön", "sex"),
    "Alder": Text("ålder", "age"),
    "ContentsCode": Text("tabellinnehåll", "observations"),
    "Tid": Text("period", "period"),
}
_SEXES = {
    TOTAL: Text("totalt", "total"),
    "F": Text("kvinnor", "women"),
    "M": Text("män", "men"),
    "K": Text("kvinnor", "women"),
}
_STATES = {
    State.PROTECTED: Text("skyddat", "protected"),
    State.NO_PICTURE: Text("ingen bild", "no picture"),
    State.NOT_APPLICABLE: Text("ej tillämpligt", "not applicable"),
}


def write(
    figures: Figures, indicator: Indicator, geography: Geography, published: date, language: Language
) -> bytes:
    """Canonical JSON. `value` lists every combination of the categories, the last dimension fastest."""
    return (json.dumps(_dataset(figures, indicator, geography, published, language), **_CANONICAL)).encode()


_CANONICAL: Mapping[str, Any] = {"ensure_ascii": False, "sort_keys": True, "separators": (",", ":")}


def _dataset(
    figures: Figures, indicator: Indicator, geography: Geography, published: date, language: Language
) -> dict[str, Any]:
    axes = _axes(figures, indicator, geography, language)
    cells = [figures[_key(codes, tuple(axes))] for codes in product(*axes.values())]
    return {
        "version": "2.0",
        "class": "dataset",
        "label": f"{indicator.name.in_(language)} ({MARK[figures.origin].in_(language)})",
        "source": indicator.source.in_(language),
        "updated": f"{published.isoformat()}T00:00:00Z",
        "note": [indicator.definition.in_(language), indicator.caveat.in_(language)],
        "role": {"time": ["Tid"], "geo": ["Region"], "metric": ["ContentsCode"]},
        "id": list(axes),
        "size": [len(axis) for axis in axes.values()],
        "dimension": {
            name: {
                "label": _DIMENSIONS[name].in_(language),
                "category": {"index": {code: i for i, code in enumerate(axis)}, "label": axis},
            }
            for name, axis in axes.items()
        },
        "value": [cell.value for cell in cells],
        "status": {str(i): cell.state.value for i, cell in enumerate(cells) if cell.state},
        "extension": {
            "origin": mark(figures.origin),
            "status": {state.value: words.in_(language) for state, words in _STATES.items()},
        },
    }


def _axes(
    figures: Figures, indicator: Indicator, geography: Geography, language: Language
) -> dict[str, dict[str, str]]:
    """Code to label for each dimension; sex and age only where they are broken down."""
    names = {code: _place(geography, code, language) for code in figures.regions}
    periods = sorted(figures.periods, key=Period.parse)
    axes = {
        "Region": _unique(names),
        "Kon": {code: _SEXES[code].in_(language) for code in figures.sexes},
        "Alder": {code: _SEXES[TOTAL].in_(language) if code == TOTAL else code for code in figures.ages},
        "ContentsCode": {indicator.code: indicator.name.in_(language)},
        "Tid": {code: code for code in periods},
    }
    return {name: axis for name, axis in axes.items() if name not in ("Kon", "Alder") or set(axis) != {TOTAL}}


def _place(geography: Geography, code: str, language: Language) -> str:
    region = geography[code]
    return region.name_en if language == "en" else region.name_sv


def _unique(names: Mapping[str, str]) -> dict[str, str]:
    """Clients of JSON-stat look categories up by label, so two places of one name also get their code."""
    known = list(names.values())
    return {code: f"{name} ({code})" if known.count(name) > 1 else name for code, name in names.items()}


def _key(codes: Sequence[str], axes: Sequence[str]) -> Key:
    at = dict(zip(axes, codes, strict=True))
    return Key(at["Region"], at["Tid"], at.get("Kon", TOTAL), at.get("Alder", TOTAL))
