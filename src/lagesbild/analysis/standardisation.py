"""Rates made comparable between areas of different age: direct and indirect standardisation, and the SMR."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lagesbild.core.language import Text

from .answer.reason import Reason
from .answer.result import Answer, level_key
from .estimation.limits import byar, poisson
from .inversion import by_enumeration
from .method import (
    AREA,
    COUNT,
    LEVEL,
    MULTIPLIER,
    PERIOD,
    PROTECTION,
    Column,
    Method,
    Option,
    integer,
    number,
    text,
    texts,
)
from .table.tidy import CountsKnown, Numbers, Tidy

Groups = NDArray[np.intp]


@dataclass(frozen=True)
class Strata:
    """One element for each age group of each area: who was counted, among how many, and in which area.

    `group` numbers the areas from 0. Counts are persons who each had `events` events (1 unless persons can
    return); such rows repeat an age group, and `once` marks its first row.
    """

    counts: CountsKnown
    population: Numbers
    group: Groups
    events: Numbers
    once: NDArray[np.bool_]

    def total(self, values: Numbers) -> Numbers:
        """Sums over each area's strata; a stratum without people has no part in it."""
        people = np.where(self.population > 0, values, 0.0)
        return np.bincount(self.group, people).astype(float)


def directly_standardised(
    strata: Strata, standard: Numbers, multiplier: float, level: float, count: Numbers
) -> tuple[Numbers, Numbers, Numbers]:
    """Value, lower and upper limit of each area for the given counts.

    Dobson et al. (1991): the limits of the total, scaled to the variance of the weighted sum. Where persons
    return, the variance weighs each by the square of her events (Fingertips technical guide).
    """
    share = strata.total(np.where(strata.once, standard, 0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        weight = standard / strata.population
        value = strata.total(count * strata.events * weight) / share
        variance = strata.total(count * (strata.events * weight) ** 2) / share**2
        total = strata.total(count * strata.events)
        lower, upper = byar(total, level)
        scale = np.sqrt(variance / total)
        limits = value + scale * (lower - total), value + scale * (upper - total)
    return value * multiplier, limits[0] * multiplier, limits[1] * multiplier


@dataclass(frozen=True)
class Reference:
    """The counts and people of the population compared with, one element for each stratum."""

    count: Numbers
    population: Numbers

    @np.errstate(divide="ignore", invalid="ignore")
    def expected(self, strata: Strata) -> Numbers:
        """Events of each area if its age groups had the reference population's rates."""
        return strata.total(np.nan_to_num(self.count) / self.population * np.nan_to_num(strata.population))

    @np.errstate(divide="ignore", invalid="ignore")
    def crude_rate(self, strata: Strata) -> Numbers:
        sums = [
            np.bincount(strata.group, np.where(strata.once, np.nan_to_num(values), 0.0))
            for values in (self.count, self.population)
        ]
        return np.asarray(sums[0] / sums[1])


def _run_dsr(
    table: Tidy, level: tuple[float, ...], multiplier: float, minimum: int, by: tuple[str, ...], standard: Any
) -> Answer:
    strata, keys = _strata(table, by)
    weights = _joined(table, standard, "standard", "population")
    columns: dict[str, Any] = {}
    for each in level:
        value = directly_standardised(strata, weights, multiplier, each, strata.counts.value)[0]
        lower = directly_standardised(strata, weights, multiplier, each, strata.counts.lower)[1]
        upper = directly_standardised(strata, weights, multiplier, each, strata.counts.upper)[2]
        columns |= {level_key("lower", each): lower, level_key("upper", each): upper}
    total = strata.total(_counted(strata) * strata.events)
    return Answer(
        _rows(
            strata,
            keys,
            {"total_count": total, "value": value, **columns},
            total,
            strata.total(weights),
            minimum,
        )
    )


def _run_isr(
    table: Tidy,
    level: tuple[float, ...],
    multiplier: float,
    ratio_multiplier: float,
    minimum: int,
    by: tuple[str, ...],
    standard: Any,
) -> Answer:
    strata, keys = _strata(table, by)
    reference = Reference(
        _joined(table, standard, "reference_count", "count"),
        _joined(table, standard, "reference_population", "population"),
    )
    observed, expected = strata.total(_counted(strata)), reference.expected(strata)
    # Where nobody is expected there is nothing to compare with.
    expected = np.where(expected > 0, expected, np.nan)
    rate = reference.crude_rate(strata) * multiplier
    columns = {
        "observed": observed,
        "expected": expected,
        "ref_rate": rate,
        "value": observed / expected * rate,
    }
    ratios = {"ratio": observed / expected * ratio_multiplier}
    for each in level:
        lower = poisson(strata.total(strata.counts.lower), each)[0] / expected
        upper = poisson(strata.total(strata.counts.upper), each)[1] / expected
        columns |= {level_key("lower", each): lower * rate, level_key("upper", each): upper * rate}
        ratios |= {level_key("ratio_lower", each): lower * ratio_multiplier}
        ratios |= {level_key("ratio_upper", each): upper * ratio_multiplier}
    return Answer(_rows(strata, keys, columns | ratios, observed, expected, minimum))


def _strata(table: Tidy, by: tuple[str, ...]) -> tuple[Strata, list[dict[str, Any]]]:
    """The table's rows as strata, and the names of each group."""
    found = table.groups("area", "period", *by)
    group = np.empty(len(table), dtype=np.intp)
    for number_, (_, rows) in enumerate(found):
        group[rows] = number_
    pairs = np.char.add(np.char.add(group.astype(str), " "), table.text("age_group"))
    once = np.zeros(len(table), dtype=bool)
    once[np.unique(pairs, return_index=True)[1]] = True
    events = table.filled("events_per_person", 1.0)
    strata = Strata(table.counts(), table.numbers("population"), group, events, once)
    return strata, [key for key, _ in found]


def _joined(table: Tidy, standard: Tidy | None, column: str, there: str) -> Numbers:
    """A column of the standard population for each row: from the table itself, or by age group."""
    if standard is None:
        table.require(column)
        return table.numbers(column)
    named = _STANDARD.with_own_names(standard)
    named.require(there)
    by_age = dict(zip(named.text("age_group"), named.numbers(there), strict=True))
    return np.array([by_age.get(age, np.nan) for age in table.text("age_group")])


def _rows(
    strata: Strata,
    keys: list[dict[str, Any]],
    columns: dict[str, Numbers],
    total: Numbers,
    base: Numbers,
    minimum: int,
) -> list[dict[str, Any]]:
    """One row for each area; `base` is what its figures are divided by, and none without it."""
    rows = []
    for place, key in enumerate(keys):
        rows.append({**key, **{name: values[place] for name, values in columns.items()}})
        reason = _reason(strata, place, total[place], minimum) if base[place] > 0 else Reason.NO_DENOMINATOR
        rows[-1]["reason"] = reason
        if reason in {Reason.TOO_FEW_EVENTS, Reason.MISSING, Reason.NO_DENOMINATOR}:
            rows[-1] |= {name: np.nan for name in columns if _is_result(name)}
        rows[-1] |= {"lower": rows[-1][_first(columns)], "upper": rows[-1][_first(columns, "upper")]}
    return rows


def _counted(strata: Strata) -> Numbers:
    """What was counted: a cell that nobody filled in adds nothing, a hidden one leaves the total unknown."""
    value = strata.counts.value
    return np.where(np.isnan(value) & ~strata.counts.protected, 0.0, value)


def _reason(strata: Strata, place: int, total: float, minimum: int) -> str:
    mine = strata.group == place
    people = mine & (strata.population > 0)
    if (strata.counts.protected & people).any():
        # Limits stand only if no filling of the hidden cells would have been withheld.
        least = strata.total(strata.counts.lower * strata.events)[place]
        return Reason.PROTECTED if least >= minimum or np.isnan(least) else Reason.TOO_FEW_EVENTS
    if not people.any():
        return Reason.NO_DENOMINATOR
    if np.isnan(strata.counts.value[people]).any():
        return Reason.MISSING
    return Reason.TOO_FEW_EVENTS if total < minimum else ""


def _is_result(name: str) -> bool:
    return name.startswith(("value", "ratio", "lower", "upper"))


def _first(columns: dict[str, Numbers], side: str = "lower") -> str:
    return next(name for name in columns if name.startswith(side))


_AGE = Column("age_group", Text("åldersgrupp", "age group"), ("ageband", "age", "alder", "åldersgrupp"))
_PEOPLE = Column(
    "population",
    Text("invånare", "inhabitants"),
    ("pop", "n", "denominator", "persons", "folkmangd"),
    True,
    True,
)
_GROUPING = (AREA, replace(PERIOD, required=False))
_STANDARD = Method(
    "standard",
    Text("standardbefolkning", "standard population"),
    (
        _AGE,
        replace(_PEOPLE, also=("stdpop", "standard", "refpop", *_PEOPLE.also), required=False),
        replace(COUNT, also=("refcount", *COUNT.also), required=False),
    ),
    (),
    lambda table: Answer(),
)

_BY = Option("by", Text("Fler kolumner att dela upp på.", "More columns to break down by."), texts, ())
_MINIMUM = Option(
    "minimum",
    Text("Färre händelser än så lämnas inte ut.", "Fewer events than this are withheld."),
    integer,
    10,
)
_STANDARD_FILE = Option(
    "standard",
    Text(
        "Fil med standardbefolkningen: age_group, population och för isr count.",
        "File with the standard population: age_group, population, and count for isr.",
    ),
    text,
    is_table=True,
)
_RATIO_MULTIPLIER = Option(
    "ratio_multiplier",
    Text("Kvoten gånger så mycket, till exempel 100.", "The ratio times this, e.g. 100."),
    number,
    1.0,
)

DSR = Method(
    "dsr",
    Text(
        "Hur vanligt vore det om åldrarna var som i standardbefolkningen?",
        "How common would it be with the ages of the standard population?",
    ),
    (
        *_GROUPING,
        _AGE,
        COUNT,
        _PEOPLE,
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
    (LEVEL, MULTIPLIER, _MINIMUM, _BY, _STANDARD_FILE),
    _run_dsr,
    by_enumeration,
)

ISR = Method(
    "isr",
    Text(
        "Är det fler än väntat med riksgenomsnittets tal i varje ålder?",
        "Are there more than expected from the reference rates at each age?",
    ),
    (
        *_GROUPING,
        _AGE,
        COUNT,
        _PEOPLE,
        Column(
            "reference_count",
            Text("antal i referensen", "count in the reference"),
            ("refcount",),
            False,
            True,
        ),
        Column(
            "reference_population",
            Text("invånare i referensen", "inhabitants in the reference"),
            ("refpop",),
            False,
            True,
        ),
        *PROTECTION,
    ),
    (LEVEL, MULTIPLIER, _RATIO_MULTIPLIER, replace(_MINIMUM, default=0), _BY, _STANDARD_FILE),
    _run_isr,
    by_enumeration,
)
