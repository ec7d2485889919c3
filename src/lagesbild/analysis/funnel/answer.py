"""The method `funnel` on a tidy table."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from lagesbild.core.language import Text

from ..answer.reason import Reason
from ..answer.result import Answer, Declined, Warned, rows_of
from ..inversion import by_enumeration
from ..method import AREA, COUNT, DENOMINATOR, PROTECTION, Column, Method, Option, number, one_of, positive
from ..table.tidy import CountsKnown, Numbers, Tidy
from .chart import FEWEST_STANDARDISED, LABELS, WINSORISED, funnel
from .lines import NAMES, curve, expected_at_limits


def _run(table: Tidy, statistic: str, baseline: float | None, multiplier: float, winsorised: float) -> Answer:
    kind = _kind(table) if statistic == "auto" else statistic
    counts = table.counts()
    size, too_few = _size(table, counts, kind, multiplier)
    if (counts.bounded & (counts.lower >= 0) & (size > 0)).sum() < 2 and kind != "ratio" and baseline is None:
        raise Declined(Reason.TOO_FEW_AREAS)
    found = funnel(counts, size, kind, None if baseline is None else baseline / multiplier, winsorised)
    observed = np.where(counts.protected, np.nan, counts.value)
    wide = (f"{name}_overdispersed" for name in NAMES)
    columns = {
        **table.without(("lower", "upper")).columns,
        "value": found.value * multiplier,
        "significance": _labels(np.where(too_few, -1, found.significance)),
        "z": found.z,
        **dict(zip(NAMES, (line * multiplier for line in found.limits), strict=True)),
        "significance_overdispersed": _labels(np.where(too_few, -1, found.significance_wider)),
        **dict(zip(wide, (line * multiplier for line in found.wider), strict=True)),
        **expected_at_limits(np.where(observed < 0, np.nan, observed)),
        "reason": np.where(too_few, Reason.TOO_FEW_EVENTS, found.reason),
    }
    summary: Mapping[str, Any] = {
        "statistic": kind,
        "baseline": found.baseline * multiplier,
        "phi": found.phi,
        "tau2": found.tau2,
        "winsorised": winsorised,
    }
    if (size > 0).any() and found.baseline > 0:
        summary = {**summary, "curve": curve(size[size > 0], found.baseline, kind, multiplier)}
    differ = found.tau2 > 0 and found.phi > 1 + 2 * np.sqrt(2 / len(size))
    return Answer(rows_of(columns), summary, (_DIFFER,) if differ else ())


def _size(table: Tidy, counts: CountsKnown, kind: str, multiplier: float) -> tuple[Numbers, Any]:
    """What each count is set against, and where a standardised rate rests on too few events for that.

    A standardised rate stands for the people among whom its events would make just that rate (as in
    Fingertips' funnels of directly standardised rates).
    """
    nowhere = np.zeros(len(table), dtype=bool)
    if kind == "rate" and "standardised_rate" in table:
        too_few = counts.value < FEWEST_STANDARDISED
        with np.errstate(divide="ignore", invalid="ignore"):
            people = counts.value * multiplier / table.numbers("standardised_rate")
        return np.where(counts.value > 0, people, np.nan), too_few
    column = "expected" if kind == "ratio" else "denominator"
    table.require(column)
    return table.numbers(column), nowhere


def _labels(places: Any) -> list[str | None]:
    return [LABELS[place] if place >= 0 else None for place in places]


def _kind(table: Tidy) -> str:
    return "ratio" if "expected" in table else "rate"


_DIFFER = Warned(
    "overdispersion",
    Text(
        "Områdena skiljer sig mer än slumpen förklarar; läs de vidare gränserna (overdispersed).",
        "The areas differ by more than chance explains; read the wider limits (overdispersed).",
    ),
)

FUNNEL = Method(
    "funnel",
    Text("Skiljer sig området från de andra?", "Is the area different from the others?"),
    (
        AREA,
        COUNT,
        Column("expected", Text("väntat antal", "expected count"), ("exp", "e"), False, True),
        Column(
            "denominator",
            DENOMINATOR.meaning,
            tuple(name for name in DENOMINATOR.also if name != "expected"),
            False,
            True,
        ),
        Column(
            "standardised_rate",
            Text("åldersstandardiserat tal per --multiplier", "age-standardised rate per --multiplier"),
            ("dsr", "rate_dsr"),
            False,
            True,
        ),
        *PROTECTION,
    ),
    (
        Option(
            "statistic",
            Text("ratio, rate, proportion eller auto.", "ratio, rate, proportion or auto."),
            one_of("auto", "ratio", "rate", "proportion"),
            "auto",
        ),
        Option("baseline", Text("Värdet att jämföra med.", "The value to compare with."), positive),
        Option("multiplier", Text("Per hur många.", "Per how many."), positive, 1.0),
        Option(
            "winsorised",
            Text(
                "Andel av z-värdena i var ände som dras in när spridningen mäts.",
                "Share of the z-scores at each end that is drawn in when their spread is measured.",
            ),
            number(0, 0.49),
            WINSORISED,
        ),
    ),
    _run,
    by_enumeration,
)
