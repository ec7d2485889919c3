"""What a signed plan promised, and whether this analysis may be called its test."""

from collections.abc import Sequence

import numpy as np

from ..longitudinal import Longitudinal
from ..table.arrays import Floats
from .plan import Plan, Standing
from .side_by_side import Row


def standing_of(
    signed: tuple[Plan, str] | None, trusted: str | None, data: Longitudinal, place: Floats
) -> Standing:
    """Confirmatory only if a trusted key signed a plan for these units and this start, before the outcome."""
    if signed is None:
        return Standing.NO_PLAN
    plan, key = signed
    if trusted is None or key != trusted.strip().lower():
        return Standing.UNKNOWN_KEY
    starts = {data.periods[int(start)] for start in place[np.isfinite(place)]}
    units = {unit for unit, start in zip(data.units, place, strict=True) if np.isfinite(start)}
    if starts != {plan.at} or units != set(plan.treated) or plan.data_through not in data.periods:
        return Standing.NOT_AS_PLANNED
    seen = data.periods.index(plan.data_through) >= data.periods.index(plan.at)
    return Standing.DATA_ALREADY_SEEN if seen else Standing.CONFIRMATORY


def mark(rows: Sequence[Row], plan: Plan | None) -> list[Row]:
    """Which of the estimates the plan named; the others are there for comparison."""
    return [
        {
            **row,
            "planned": plan is not None
            and (row["outcome"], row["estimator"]) == ("as given", plan.estimator),
        }
        for row in rows
    ]


def promised(signed: tuple[Plan, str] | None, rows: Sequence[Row], standing: Standing) -> Row:
    """What the plan promised, and whether it came out so."""
    if signed is None:
        return {}
    plan, key = signed
    facts: Row = {"plan_digest": plan.digest, "plan_key": key, "plan_question": plan.question}
    facts |= {"plan_outcome": plan.outcome, "plan_estimator": plan.estimator, "plan_alpha": plan.alpha}
    if standing is Standing.CONFIRMATORY:
        facts["as_predicted"] = as_predicted(plan, rows)
    return facts


def as_predicted(plan: Plan, rows: Sequence[Row]) -> bool | None:
    """None when the planned estimate could not be made."""
    row = next(
        (row for row in rows if row["estimator"] == plan.estimator and row["outcome"] == "as given"), {}
    )
    size = row.get("att", row.get("relative_per_cent"))
    if size is None or "reason" in row or row.get("p") is None:
        return None
    right_way = {"fall": size < 0, "rise": size > 0}.get(plan.direction, True)
    return bool(row["p"] <= plan.alpha and right_way)
