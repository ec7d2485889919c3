"""Rates as they would be with the ages of a standard population."""

from typing import Any

import numpy as np
from scipy.special import gammaincinv

from lagesbild.core.language import Text

from ..answer.result import Answer, level_key
from ..estimation.limits import byar
from ..inversion import by_enumeration
from ..method import COUNT, LEVEL, MULTIPLIER, PROTECTION, Column, Method, Option, one_of
from ..table.tidy import Numbers, Tidy
from .strata import (
    AGE,
    BY,
    GROUPING,
    MINIMUM,
    PEOPLE,
    STANDARD_FILE,
    Strata,
    counted,
    joined,
    rows_by_area,
    strata_of,
)


def directly_standardised(
    strata: Strata,
    standard: Numbers,
    multiplier: float,
    level: float,
    count: Numbers,
    interval: str = "dobson",
) -> tuple[Numbers, Numbers, Numbers]:
    """Value, lower and upper limit of each area for the given counts.

    dobson: the limits of the total, scaled to the variance of the weighted sum (Dobson et al. 1991,
    Statistics in Medicine 10:457). gamma: quantiles of a gamma with the weighted sum's mean and variance, the
    upper one with another event at the largest weight (Fay and Feuer 1997, Statistics in Medicine 16:791).
    Where persons return, the variance weighs each by the square of her events (Fingertips technical guide).
    """
    share = strata.total(np.where(strata.once, standard, 0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        weight = standard / strata.population
        value = strata.total(count * strata.events * weight) / share
        variance = strata.total(count * (strata.events * weight) ** 2) / share**2
        if interval == "gamma":
            largest = strata.largest(strata.events * weight) / share
            lower, upper = _gamma(value, variance, largest, level)
        else:
            total = strata.total(count * strata.events)
            low, high = byar(total, level)
            scale = np.sqrt(variance / total)
            lower, upper = value + scale * (low - total), value + scale * (high - total)
    return value * multiplier, lower * multiplier, upper * multiplier


def _gamma(value: Numbers, variance: Numbers, largest: Numbers, level: float) -> tuple[Numbers, Numbers]:
    tail = (1 - level) / 2
    lower = np.where(value > 0, gammaincinv(value**2 / variance, tail) * variance / value, 0.0)
    more, spread = value + largest, variance + largest**2
    return lower, np.asarray(gammaincinv(more**2 / spread, 1 - tail) * spread / more)


def _run_dsr(
    table: Tidy,
    level: tuple[float, ...],
    multiplier: float,
    interval: str,
    minimum: int,
    by: tuple[str, ...],
    standard: Any,
) -> Answer:
    strata, keys = strata_of(table, by)
    weights = joined(table, standard, "standard", "population")
    known = strata.counts

    def limits(count: Numbers, each: float) -> tuple[Numbers, Numbers, Numbers]:
        return directly_standardised(strata, weights, multiplier, each, count, interval)

    total = strata.total(counted(strata) * strata.events)
    columns: dict[str, Any] = {"total_count": total, "total_pop": strata.people}
    columns["value"] = limits(known.value, level[0])[0]
    for each in level:
        columns[level_key("lower", each)] = limits(known.lower, each)[1]
        columns[level_key("upper", each)] = limits(known.upper, each)[2]
    return Answer(rows_by_area(strata, keys, columns, total, strata.total(weights), minimum))


_INTERVALS = ("dobson", "gamma")

DSR = Method(
    "dsr",
    Text(
        "Hur vanligt vore det om åldrarna var som i standardbefolkningen?",
        "How common would it be with the ages of the standard population?",
    ),
    (
        *GROUPING,
        AGE,
        COUNT,
        PEOPLE,
        Column(
            "standard", Text("standardbefolkning", "standard population"), ("stdpop", "esp2013"), False, True
        ),
        Column(
            "events_per_person",
            Text(
                "händelser per person, om count räknar personer",
                "events of each person, where count is persons",
            ),
            ("eventfreq", "event_frequency"),
            False,
            True,
        ),
        *PROTECTION,
    ),
    (
        LEVEL,
        MULTIPLIER,
        Option(
            "interval",
            Text("Gränser: dobson eller gamma (Fay och Feuer).", "Limits: dobson or gamma (Fay and Feuer)."),
            one_of(*_INTERVALS),
            _INTERVALS[0],
        ),
        MINIMUM,
        BY,
        STANDARD_FILE,
    ),
    _run_dsr,
    by_enumeration,
)
