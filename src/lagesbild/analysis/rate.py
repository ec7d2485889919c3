"""How big: crude rates and proportions with limits, also where the counts are protected."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from lagesbild.core.language import Text
from lagesbild.core.refusal import Finding, Refusal

from .answer.reason import Reason
from .answer.result import Answer, level_key, rows_of
from .estimation.limits import INTERVALS, by_name
from .inversion import by_enumeration
from .method import (
    COUNT,
    DENOMINATOR,
    LEVEL,
    MULTIPLIER,
    PROTECTION,
    Column,
    Method,
    Option,
    one_of,
    positive,
)
from .table.tidy import CountsKnown, Numbers, Texts, Tidy


@dataclass(frozen=True)
class Rates:
    """Values per `multiplier` with limits; the first axis of `lower` and `upper` is the level.

    Where a count is protected, `value` is NaN and the limits hold every rate that agrees with its bounds.
    `reason` is "" where the value is given.
    """

    value: Numbers
    lower: Numbers
    upper: Numbers
    reason: Texts


@np.errstate(divide="ignore", invalid="ignore")
def rates(
    counts: CountsKnown | Any,
    denominator: Any,
    multiplier: Any = 100000.0,
    levels: Sequence[Any] = (0.95, 0.998),
    interval: Any = "auto",
) -> Rates:
    """Events per `multiplier`, elementwise over arrays of any one shape; no loops over elements.

    `interval` is auto (exact Poisson below ten events, Byar from ten), exact, byar, or wilson.
    """
    counts = counts if isinstance(counts, CountsKnown) else CountsKnown.released(counts)
    per = np.broadcast_to(np.asarray(denominator, dtype=float), counts.value.shape)
    reason = _reasons(counts, per, np.asarray(interval) == "wilson")
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = np.where((reason == "") | (reason == Reason.PROTECTED), multiplier / per, np.nan)
    pairs = [_widest(counts, per, level, interval) for level in levels]
    return Rates(
        np.where(counts.protected, np.nan, counts.value) * scale,
        np.array([lower * scale for lower, _ in pairs]),
        np.array([upper * scale for _, upper in pairs]),
        reason,
    )


def proportions(
    counts: CountsKnown | Any, denominator: Any, multiplier: Any = 1.0, levels: Sequence[Any] = (0.95, 0.998)
) -> Rates:
    """Shares with Wilson limits; impossible where the count exceeds what it is a share of."""
    return rates(counts, denominator, multiplier, levels, "wilson")


def _widest(counts: CountsKnown, per: Numbers, level: Any, interval: Any) -> tuple[Numbers, Numbers]:
    """The lower limit at the least possible count and the upper limit at the largest."""
    lower, upper = by_name(interval, counts.upper, per, level)
    if np.array_equal(counts.lower, counts.upper, equal_nan=True):
        return lower, upper
    return by_name(interval, counts.lower, per, level)[0], upper


def _reasons(counts: CountsKnown, per: Numbers, share: Any) -> Texts:
    return np.select(
        [
            counts.protected,
            np.isnan(counts.value),
            ~(per > 0),
            (counts.value < 0) | (share & (counts.value > per)),
        ],
        [Reason.PROTECTED, Reason.MISSING, Reason.NO_DENOMINATOR, Reason.IMPOSSIBLE],
        default="",
    )


def _run(table: Tidy, level: tuple[float, ...], multiplier: float, interval: str) -> Answer:
    counts, given = table.counts(), "interval" in table
    words = _interval_words(table) if given else interval
    per = table.filled("denominator", np.nan)
    scale = table.filled("multiplier", multiplier)
    # Without anything to count per, the analyst wants the limits of the count itself.
    itself = np.isnan(per) & (given or "denominator" not in table)
    per, scale = np.where(itself, 1.0, per), np.where(itself, 1.0, scale)
    levels: Sequence[Any] = (table.numbers("level"),) if "level" in table else level
    found = rates(counts, per, scale, levels, words)
    return Answer(_rows(table, found, levels))


def _rows(table: Tidy, found: Rates, levels: Sequence[Any]) -> list[dict[str, Any]]:
    """One row each of the table: its other columns, then value, limits by level, and the reason."""
    columns: dict[str, Any] = {**table.without(("lower", "upper")).columns, "value": found.value}
    columns |= {"lower": found.lower[0], "upper": found.upper[0]}
    for lower, upper, level in zip(found.lower, found.upper, levels, strict=True):
        if np.ndim(level) == 0:
            columns |= {level_key("lower", float(level)): lower, level_key("upper", float(level)): upper}
    return rows_of(columns | {"reason": found.reason})


def _interval_words(table: Tidy) -> Texts:
    """The interval that each row asks for; the field writes byar and byars, Wilson and wilson."""
    words = np.char.lower(np.char.strip(table.text("interval")))
    words = np.where(words == "byars", "byar", np.where(words == "", "auto", words))
    unknown = np.flatnonzero(~np.isin(words, INTERVALS))
    if len(unknown):
        raise Refusal(
            Finding(
                "unknown-interval",
                Text("Raden ber om ett okänt intervall.", "The row asks for an unknown interval."),
                Text(f"Skriv {', '.join(INTERVALS)}.", f"Write {', '.join(INTERVALS)}."),
                table.place(int(unknown[0]), "interval"),
            )
        )
    return words


def _option(words: tuple[str, ...]) -> Option:
    meaning = Text(f"Gränser: {', '.join(words)}.", f"Limits: {', '.join(words)}.")
    return Option("interval", meaning, one_of(*words), words[0])


_ROW_COLUMNS = (
    Column("multiplier", Text("per hur många, radvis", "per how many, row by row"), (), False, True),
    Column(
        "level", Text("konfidensnivå, radvis", "confidence level, row by row"), ("confidence",), False, True
    ),
    Column("interval", Text("gränser, radvis", "limits, row by row"), ("method",), False),
)

RATE = Method(
    "rate",
    Text("Hur vanligt är det?", "How common is it?"),
    (COUNT, replace(DENOMINATOR, required=False), *_ROW_COLUMNS, *PROTECTION),
    (LEVEL, MULTIPLIER, _option(INTERVALS)),
    _run,
    by_enumeration,
)

PROPORTION = Method(
    "proportion",
    Text("Hur stor andel är det?", "How large a share is it?"),
    (COUNT, DENOMINATOR, *_ROW_COLUMNS, *PROTECTION),
    (LEVEL, Option("multiplier", MULTIPLIER.meaning, positive, 1.0), _option(("wilson", "exact", "byar"))),
    _run,
    by_enumeration,
)
