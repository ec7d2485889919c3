"""Observed against expected at the reference population's rates: indirect standardisation and the SMR."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from lagesbild.core.language import Text

from ..answer.reason import Reason
from ..answer.result import Answer, level_key
from ..answer.sentence import interval_text, number_text
from ..estimation.limits import poisson
from ..inversion import by_enumeration
from ..method import COUNT, LEVEL, MULTIPLIER, PROTECTION, Column, Method, Option, integer, one_of, positive
from ..table.tidy import Numbers, Tidy
from .strata import (
    AGE,
    BY,
    GROUPING,
    PEOPLE,
    STANDARD_FILE,
    Strata,
    counted,
    joined,
    rows_by_area,
    strata_of,
)


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


class Judgement(StrEnum):
    """What may be said of the observed against the expected; the words that a page shows."""

    MORE = "more than expected"
    FEWER = "fewer than expected"
    NEAR = "no clear difference"
    CANNOT_TELL = "cannot tell"


def _run_isr(
    table: Tidy,
    level: tuple[float, ...],
    multiplier: float,
    ratio_multiplier: float,
    minimum: int,
    few_events: str,
    by: tuple[str, ...],
    standard: Any,
) -> Answer:
    strata, keys = strata_of(table, by)
    reference = Reference(
        joined(table, standard, "reference_count", "count"),
        joined(table, standard, "reference_population", "population"),
    )
    observed, expected = strata.total(counted(strata)), reference.expected(strata)
    # Where nobody is expected there is nothing to compare with.
    expected = np.where(expected > 0, expected, np.nan)
    rate = reference.crude_rate(strata) * multiplier
    columns: dict[str, Any] = {
        "observed": observed,
        "expected": expected,
        "ref_rate": rate,
        "value": observed / expected * rate,
    }
    ratios = {"ratio": observed / expected * ratio_multiplier}
    ends = []
    for each in level:
        lower = poisson(strata.total(strata.counts.lower), each)[0] / expected
        upper = poisson(strata.total(strata.counts.upper), each)[1] / expected
        ends.append((lower, upper))
        columns |= {level_key("lower", each): lower * rate, level_key("upper", each): upper * rate}
        ratios |= {level_key("ratio_lower", each): lower * ratio_multiplier}
        ratios |= {level_key("ratio_upper", each): upper * ratio_multiplier}
    withheld = minimum if few_events == "withhold" else 0
    rows = rows_by_area(strata, keys, columns | ratios, observed, expected, withheld)
    least = strata.total(strata.counts.lower)
    judged = [
        _judged(row, least[place] >= minimum, ends[0][0][place], ends[0][1][place], ratio_multiplier)
        for place, row in enumerate(rows)
    ]
    return Answer(judged)


def _judged(row: dict[str, Any], enough: bool, lower: float, upper: float, per: float) -> dict[str, Any]:
    """The row with its judgement: none below the fewest events, where one event more would turn it."""
    reason = row["reason"] or ("" if enough else Reason.TOO_FEW_EVENTS)
    if reason not in ("", Reason.PROTECTED) or not np.isfinite(lower):
        word = Judgement.CANNOT_TELL
    elif lower > 1 and enough:
        word = Judgement.MORE
    elif upper < 1 and enough:
        word = Judgement.FEWER
    else:
        word = Judgement.CANNOT_TELL if reason else Judgement.NEAR
    told = Reason(reason).text if word is Judgement.CANNOT_TELL else _sentence(word, row, lower, upper)
    return {**row, "verdict": word, "sentence": told, "reason": reason}


def _sentence(word: Judgement, row: dict[str, Any], lower: float, upper: float) -> Text:
    """The judgement in words with the ratio's interval; made from the result alone."""
    start, ends = _WORDS[word], interval_text(lower, upper, digits=3)
    expected = number_text(row["expected"], digits=3)
    if not np.isfinite(row["observed"]):
        return Text(
            f"{start.sv} {ends.sv} gånger de {expected.sv} väntade.",
            f"{start.en} {ends.en} times the {expected.en} expected.",
        )
    seen = number_text(row["observed"], digits=len(str(int(row["observed"]))))
    return Text(
        f"{start.sv} {seen.sv} mot {expected.sv} väntade ({ends.sv} gånger så många).",
        f"{start.en} {seen.en} against {expected.en} expected ({ends.en} times as many).",
    )


_WORDS = {
    Judgement.MORE: Text("Fler än väntat med hänsyn till åldrarna:", "More than expected, ages considered:"),
    Judgement.FEWER: Text(
        "Färre än väntat med hänsyn till åldrarna:", "Fewer than expected, ages considered:"
    ),
    Judgement.NEAR: Text(
        "Ingen säker skillnad mot det väntade:", "No clear difference from what was expected:"
    ),
}

_RATIO_MULTIPLIER = Option(
    "ratio_multiplier",
    Text("Kvoten gånger så mycket, till exempel 100.", "The ratio times this, e.g. 100."),
    positive,
    1.0,
)
_FEWEST = Option(
    "minimum",
    Text("Färre händelser än så får inget omdöme.", "Fewer events than this get no verdict."),
    integer(),
    10,
)
_FEW_EVENTS = Option(
    "few_events",
    Text(
        "Siffror under --minimum: exact (exakta gränser) eller withhold (lämnas inte ut).",
        "Figures below --minimum: exact (exact limits) or withhold.",
    ),
    one_of("exact", "withhold"),
    "exact",
)

ISR = Method(
    "isr",
    Text(
        "Är det fler än väntat med riksgenomsnittets tal i varje ålder?",
        "Are there more than expected from the reference rates at each age?",
    ),
    (
        *GROUPING,
        AGE,
        COUNT,
        PEOPLE,
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
    (LEVEL, MULTIPLIER, _RATIO_MULTIPLIER, _FEWEST, _FEW_EVENTS, BY, STANDARD_FILE),
    _run_isr,
    by_enumeration,
)
