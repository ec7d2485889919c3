"""Age groups of areas, and what direct and indirect standardisation read and write alike."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lagesbild.core.language import Text
from lagesbild.core.refusal import Finding, Place, Refusal

from ..answer.reason import Reason
from ..answer.result import Answer
from ..method import (
    AREA,
    COUNT,
    PERIOD,
    Column,
    Method,
    Option,
    integer,
    text,
    texts,
)
from ..table.tidy import CountsKnown, Numbers, Tidy

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

    def largest(self, values: Numbers) -> Numbers:
        """The largest value among each area's strata with people."""
        found = np.zeros(int(self.group.max(initial=-1)) + 1)
        np.maximum.at(found, self.group, np.where(self.population > 0, np.nan_to_num(values), 0.0))
        return found

    @property
    def people(self) -> Numbers:
        """The inhabitants of each area, each age group once."""
        return self.total(np.where(self.once, self.population, 0.0))


def strata_of(table: Tidy, by: tuple[str, ...]) -> tuple[Strata, list[dict[str, Any]]]:
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


def joined(table: Tidy, standard: Tidy | None, column: str, there: str) -> Numbers:
    """A column of the standard population for each row: from the table itself, or by age group."""
    if standard is None:
        table.require(column)
        return table.numbers(column)
    named = _STANDARD.with_own_names(standard)
    named.require(there)
    by_age = dict(zip(named.text("age_group"), named.numbers(there), strict=True))
    ages = table.text("age_group")
    for row in np.flatnonzero(table.numbers("population") > 0):
        if ages[row] not in by_age:
            raise Refusal(_not_in_standard(table.place(int(row), "age_group")))
    return np.array([by_age.get(age, np.nan) for age in ages])


def _not_in_standard(place: Place) -> Finding:
    return Finding(
        "unknown-age-group",
        Text(
            "Åldersgruppen finns inte i standardbefolkningen.",
            "The age group is not in the standard population.",
        ),
        Text("Skriv åldersgrupperna likadant i båda filerna.", "Write the age groups alike in both files."),
        place,
    )


def rows_by_area(
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
        if reason in {Reason.TOO_FEW_EVENTS, Reason.MISSING, Reason.NO_DENOMINATOR, Reason.IMPOSSIBLE}:
            rows[-1] |= {name: np.nan for name in columns if _is_result(name)}
        rows[-1] |= {"lower": rows[-1][_first(columns)], "upper": rows[-1][_first(columns, "upper")]}
    return rows


def counted(strata: Strata) -> Numbers:
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
    counted_there = mine & ~np.isnan(strata.counts.value)
    if not people.any() or np.isnan(strata.population[counted_there]).any():
        return Reason.NO_DENOMINATOR
    if (strata.population[mine] < 0).any() or (
        strata.counts.value[mine & (strata.population == 0)] > 0
    ).any():
        return Reason.IMPOSSIBLE
    if np.isnan(strata.counts.value[people]).any():
        return Reason.MISSING
    if (strata.counts.value[people] < 0).any():
        return Reason.IMPOSSIBLE
    return Reason.TOO_FEW_EVENTS if total < minimum else ""


def _is_result(name: str) -> bool:
    return name.startswith(("value", "ratio", "lower", "upper"))


def _first(columns: dict[str, Numbers], side: str = "lower") -> str:
    return next(name for name in columns if name.startswith(side))


AGE = Column("age_group", Text("åldersgrupp", "age group"), ("ageband", "age", "alder", "åldersgrupp"))
PEOPLE = Column(
    "population",
    Text("invånare", "inhabitants"),
    ("pop", "n", "denominator", "persons", "folkmangd"),
    True,
    True,
)
GROUPING = (AREA, replace(PERIOD, required=False))
_STANDARD = Method(
    "standard",
    Text("standardbefolkning", "standard population"),
    (
        AGE,
        replace(PEOPLE, also=("stdpop", "standard", "refpop", *PEOPLE.also), required=False),
        replace(COUNT, also=("refcount", *COUNT.also), required=False),
    ),
    (),
    lambda table: Answer(),
)

BY = Option("by", Text("Fler kolumner att dela upp på.", "More columns to break down by."), texts, ())
MINIMUM = Option(
    "minimum",
    Text("Färre händelser än så lämnas inte ut.", "Fewer events than this are withheld."),
    integer(),
    10,
)
STANDARD_FILE = Option(
    "standard",
    Text(
        "Fil med standardbefolkningen: age_group, population och för isr count.",
        "File with the standard population: age_group, population, and count for isr.",
    ),
    text,
    is_table=True,
)
