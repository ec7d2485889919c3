"""What is measured: one indicator, read from the TOML text that it is given."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from .language import Text
from .period import Frequency
from .region import Level


class Kind(StrEnum):
    """What a number of this indicator is. Only counts and categories are imported.

    A count is additive over places, time and groups; a category is one coded answer of an organisation;
    an amount is money; a share and a derived figure are computed or cited, never imported.
    """

    COUNT = "count"
    CATEGORY = "category"
    AMOUNT = "amount"
    SHARE = "share"
    DERIVED = "derived"


class DisclosureClass(StrEnum):
    """Whom a small number could point at: persons, events, nobody (organisations), a sample, a model."""

    PERSONS = "P"
    EVENTS = "E"
    ORGANISATION = "O"
    SURVEY = "S"
    MODELLED = "M"


@dataclass(frozen=True)
class Protection:
    """A cell is unsafe from 1 up to below `threshold`; what is hidden must stay uncertain over `width`."""

    disclosure: DisclosureClass
    threshold: int
    width: int

    @property
    def applies(self) -> bool:
        return self.threshold > 1


@dataclass(frozen=True)
class Rate:
    """Count over population: per so many inhabitants, of the population `lag` years before."""

    denominator: str
    per: int
    lag: int


@dataclass(frozen=True)
class Break:
    """From this day on the indicator measures something else; no line is drawn across it."""

    day: date
    why: Text


@dataclass(frozen=True)
class Identity:
    """A declared sum over indicators in the same cell: total = sum of parts, or total >= a part of it."""

    total: str
    parts: tuple[str, ...]
    subset: bool = False


@dataclass(frozen=True)
class Indicator:
    """One indicator with everything a reader must know beside its figures."""

    code: str
    domain: str
    status: str
    kind: Kind
    name: Text
    definition: Text
    unit: Text
    numerator: Text
    denominator: Text
    source: Text
    caveat: Text
    beside: Text | None
    direction: str
    finest: Level
    frequency: Frequency | None
    sexes: tuple[str, ...]
    ages: tuple[str, ...]
    protection: Protection
    rate: Rate | None
    categories: Mapping[int, Text]
    breaks: tuple[Break, ...]
    identities: tuple[Identity, ...]
    owner: str
    reviewed: date
    inputs: tuple[str, ...] = ()
    """What a derived figure is computed from: it is shown only where these are released."""
    sums_over_time: bool = False
    """Whether a year is the sum of its parts: true of events, not of persons or of a measured week."""

    @property
    def importable(self) -> bool:
        return self.kind in (Kind.COUNT, Kind.CATEGORY, Kind.AMOUNT) and self.status not in (
            "rejected",
            "context",
        )


def parse_indicator(toml: str) -> Indicator:
    """The indicator in a TOML text. Raises KeyError, ValueError or TypeError where the text is not one."""
    raw = tomllib.loads(toml)
    protection = raw["protection"]
    rate = raw.get("rate")
    frequency = raw["frequency"]
    return Indicator(
        code=raw["code"],
        domain=raw["domain"],
        status=raw["status"],
        kind=Kind(raw["kind"]),
        name=_text(raw["name"]),
        definition=_text(raw["definition"]),
        unit=_text(raw["unit"]),
        numerator=_text(raw["numerator"]),
        denominator=_text(raw["denominator"]),
        source=_text(raw["source"]),
        caveat=_text(raw["caveat"]),
        beside=_text(raw["beside"]) if "beside" in raw else None,
        direction=raw["direction"],
        finest=Level(raw["finest"]),
        frequency=Frequency[frequency.upper()] if frequency != "irregular" else None,
        sexes=tuple(raw["sexes"]),
        ages=tuple(raw["ages"]),
        protection=Protection(
            DisclosureClass(protection["class"]), int(protection["threshold"]), int(protection["width"])
        ),
        rate=Rate(rate["denominator"], int(rate["per"]), int(rate["lag"])) if rate else None,
        categories={int(code): _text(words) for code, words in raw.get("categories", {}).items()},
        breaks=tuple(Break(each["day"], _text(each["why"])) for each in raw.get("breaks", ())),
        identities=tuple(
            Identity(each["total"], tuple(each["parts"]), each.get("subset", False))
            for each in raw.get("identities", ())
        ),
        owner=raw["owner"],
        reviewed=raw["reviewed"],
        inputs=tuple(raw.get("inputs", ())),
        sums_over_time=raw.get("sums_over_time", False),
    )


def _text(raw: Mapping[str, Any]) -> Text:
    return Text(sv=str(raw["sv"]), en=str(raw["en"]))
