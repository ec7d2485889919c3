"""`effort`: did the problem change, or did the police look harder?"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from lagesbild.core.language import Text

from ..answer.reason import Reason
from ..answer.result import Answer, Warned
from ..estimation.regression import NotFitted
from ..inversion import by_enumeration
from ..method import LOWER, PERIOD, STATUS, UPPER, Column, Method, Option, levels, text
from ..table.tidy import Tidy
from .change import Change, percent
from .reports import check, read
from .trends import Reports, Trends, adjusted, between_areas, naive

CLEAR = 0.975


def estimate(table: Tidy, pool: str | None = None, level: Sequence[float] = (0.95,)) -> Answer:
    """The trend of the reports and of the hidden level, for each pool of areas and for all together."""
    reports, pools = read(table, pool)
    check(reports)
    rows = all_rows(reports, pools, level[0])
    elasticities = elasticity_rows(reports, table, level[0])
    facts = {"areas": int(reports.area.max()) + 1, "sentence": sentence(rows[-1])}
    return Answer(rows + elasticities, facts, warnings(elasticities))


def all_rows(reports: Reports, pools: Sequence[str], level: float) -> list[dict[str, Any]]:
    """One row for each pool, and one for all areas together."""
    together = replace(reports, pool=np.zeros_like(reports.pool))
    found = rows_for(reports, pools, level) if pools else []
    return [*found, *rows_for(together, ("all",), level)]


def rows_for(reports: Reports, pools: Sequence[str], level: float) -> list[dict[str, Any]]:
    """What the reports say, and what the hidden level does: two columns of the same row."""
    seen = attempted(naive, reports)
    hidden = attempted(adjusted, reports)
    return [
        {"pool": name, **reported(seen, place, level), **real(hidden, place, level)}
        for place, name in enumerate(pools)
    ]


def attempted(method: Any, reports: Reports) -> Trends | None:
    try:
        found: Trends = method(reports)
    except NotFitted:
        return None
    return found


def reported(found: Trends | None, place: int, level: float) -> dict[str, Any]:
    """The change of the reports as they stand; it is no verdict on the problem."""
    if found is None:
        return dict.fromkeys(("naive_annual_change_pct", "naive_lower", "naive_upper"))
    change = found.changes[place]
    lower, upper = change.interval(level)
    return {"naive_annual_change_pct": change.per_cent, "naive_lower": lower, "naive_upper": upper}


def real(found: Trends | None, place: int, level: float) -> dict[str, Any]:
    """The change of the hidden level, withheld when effort is unknown or cannot be told from time."""
    names = ("annual_change_pct", "lower", "upper", "probability_of_fall", "verdict")
    if found is None:
        return dict.fromkeys(names) | {"reason": Reason.NOT_IDENTIFIED}
    change = found.changes[place]
    best = percent(float(found.best[place]))
    told = (best, *change.interval(level), change.probability_of_fall, verdict(change))
    return dict(zip(names, told, strict=True))


def verdict(change: Change) -> str:
    if change.probability_of_fall >= CLEAR:
        return "falling"
    return "rising" if change.probability_of_fall <= 1 - CLEAR else "no clear change"


def elasticity_rows(reports: Reports, table: Tidy, level: float) -> list[dict[str, Any]]:
    """How much reports grow with effort, by channel: the best estimate, from the areas' own changes with its
    interval, and from the differences between areas."""
    found = attempted(adjusted, reports)
    if found is None:
        return []
    names = np.unique(table.text("channel")) if "channel" in table else np.array(["all"])
    rows = []
    for own, channel, best in zip(
        found.elasticity, found.channels, found.best[len(found.changes) :], strict=True
    ):
        lower, upper = (own.slope + side * own.reach(level) for side in (-1, 1))
        row = {"channel": str(names[channel]), "elasticity": float(best), "lower": lower, "upper": upper}
        row |= {"within_areas": own.slope, "within_se": own.error}
        other = between_areas(reports, channel)
        row |= {} if other is None else {"between_areas": other.slope, "between_se": other.error}
        rows.append(row)
    return rows


def warnings(rows: Sequence[dict[str, Any]]) -> tuple[Warned, ...]:
    """When areas with more police differ in other ways too, the two elasticities disagree."""
    for row in rows:
        if "between_areas" in row:
            apart = abs(row["between_areas"] - row["within_areas"])
            if apart > 2 * float(np.hypot(row["between_se"], row["within_se"])):
                return (DISAGREE,)
    return ()


DISAGREE = Warned(
    "effort_differs_between_areas",
    Text(
        "Områden med mer polis skiljer sig på fler sätt; jämförelsen mellan dem väger därför lätt.",
        "Areas with more police differ in other ways too, so the comparison between them weighs little.",
    ),
)


def sentence(row: dict[str, Any]) -> Text:
    """The verdict in words, from the row of all areas."""
    if row.get("reason") is Reason.NOT_IDENTIFIED:
        return Reason.NOT_IDENTIFIED.text
    chance = round(100 * row["probability_of_fall"])
    return Text(
        f"Med polisens insats borträknad är sannolikheten {chance} procent att förekomsten minskar.",
        f"Police effort taken into account, the probability is {chance} per cent that the problem falls.",
    )


EFFORT = Method(
    "effort",
    Text(
        "Ändras förekomsten, eller bara hur mycket polisen letar?",
        "Does the problem change, or only how hard the police look?",
    ),
    (
        PERIOD,
        Column(
            "count",
            Text("antal anmälda händelser", "number of reported events"),
            ("reported", "reports", "numerator", "antal"),
            is_number=True,
        ),
        Column("area", Text("område", "area"), ("unit", "municipality", "region", "kommun"), required=False),
        Column("channel", Text("hur händelsen kom fram", "how the event came to light"), (), required=False),
        Column(
            "effort",
            Text("polisens insats, till exempel timmar", "police effort, for instance hours"),
            ("police_hours", "hours", "shifts", "timmar"),
            required=False,
            is_number=True,
        ),
        Column(
            "denominator",
            Text("invånare", "inhabitants"),
            ("population", "pop", "folkmangd"),
            required=False,
            is_number=True,
        ),
        STATUS,
        LOWER,
        UPPER,
    ),
    (
        Option(
            "pool",
            Text(
                "Kolumn med områden som delar utveckling, eller kod%N.",
                "Column of areas that share a trend, or code%N.",
            ),
            text,
        ),
        Option("level", Text("Konfidensnivå.", "Confidence level."), levels, (0.95,)),
    ),
    estimate,
    by_enumeration,
)
