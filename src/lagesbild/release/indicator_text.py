"""The canonical TOML text of an indicator: what `core.indicator.parse_indicator` reads back unchanged."""

import json
from collections.abc import Iterator, Sequence
from datetime import date

from lagesbild.core.indicator import Indicator
from lagesbild.core.language import Text


def write(indicator: Indicator) -> str:
    """One indicator as TOML; keys in the order of the dataclass, so equal indicators give equal bytes."""
    return "\n".join(_lines(indicator)) + "\n"


def _lines(indicator: Indicator) -> Iterator[str]:
    for name in ("code", "domain", "status", "kind"):
        yield f"{name} = {_value(getattr(indicator, name))}"
    for name in ("name", "definition", "unit", "numerator", "denominator", "source", "caveat", "beside"):
        if (text := getattr(indicator, name)) is not None:
            yield f"{name} = {_text(text)}"
    yield f"direction = {_value(indicator.direction)}"
    yield f"finest = {_value(indicator.finest.value)}"
    yield f"frequency = {_value(indicator.frequency.name.lower() if indicator.frequency else 'irregular')}"
    yield f"sexes = {_value(indicator.sexes)}"
    yield f"ages = {_value(indicator.ages)}"
    if indicator.inputs:
        yield f"inputs = {_value(indicator.inputs)}"
    if indicator.sums_over_time:
        yield "sums_over_time = true"
    yield f"owner = {_value(indicator.owner)}"
    yield f"reviewed = {_value(indicator.reviewed)}"
    yield from _tables(indicator)


def _tables(indicator: Indicator) -> Iterator[str]:
    """Tables come last: in TOML every later key would belong to them."""
    protection = indicator.protection
    yield "[protection]"
    yield f"class = {_value(protection.disclosure.value)}"
    yield f"threshold = {protection.threshold}"
    yield f"width = {protection.width}"
    if indicator.rate:
        yield "[rate]"
        yield f"denominator = {_value(indicator.rate.denominator)}"
        yield f"per = {indicator.rate.per}"
        yield f"lag = {indicator.rate.lag}"
    if indicator.categories:
        yield "[categories]"
        yield from (f"{code} = {_text(words)}" for code, words in sorted(indicator.categories.items()))
    for change in indicator.breaks:
        yield from ("[[breaks]]", f"day = {_value(change.day)}", f"why = {_text(change.why)}")
    for identity in indicator.identities:
        yield from (
            "[[identities]]",
            f"total = {_value(identity.total)}",
            f"parts = {_value(identity.parts)}",
        )
        yield f"subset = {_value(identity.subset)}"


def _text(text: Text) -> str:
    return f"{{ sv = {_value(text.sv)}, en = {_value(text.en)} }}"


def _value(value: str | bool | date | Sequence[str]) -> str:
    """A TOML value. JSON's strings are TOML's basic strings, except that TOML also escapes DEL."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    return "[" + ", ".join(_value(each) for each in value) + "]"
