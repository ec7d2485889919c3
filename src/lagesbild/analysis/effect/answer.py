"""`effect`: every estimate that the data can carry, side by side, and how far they may be believed."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from lagesbild.core.language import Text

from .. import longitudinal
from ..arrays import Floats
from ..did.answer import estimate as staggered
from ..inversion import by_enumeration
from ..its.answer import estimate as interrupted
from ..longitudinal import FIRST, OUTCOME, PERIOD, PROTECTED, TREATED, UNIT, WHEN, WHICH, Longitudinal
from ..method import SEED, Column, Method, Option, levels, text
from ..reason import Reason
from ..result import Answer, Declined, Warned
from ..synth import answer as synth
from ..synth.estimators import ESTIMATORS
from ..synth.panel import Panel
from ..tidy import Tidy
from . import plan as plans
from .curve import LOGARITHM, Curve, curve
from .plan import Plan, Standing

Row = dict[str, Any]


def estimate(
    table: Tidy,
    treated: tuple[str, ...] | None = None,
    at: str | None = None,
    plan: bytes | None = None,
    public_key: str | None = None,
    seed: int = 1,
    level: Sequence[float] = (0.95,),
) -> Answer:
    """Estimates, the specification curve, the smallest p that was possible, and what the plan allows them
    to be."""
    data = longitudinal.read(table)
    place = longitudinal.first_treated(data, treated, at)
    rows = compared(data, treated, at, level[0]) + staggered_row(table, treated, at, seed, level[0])
    rows += series_row(data, place, level[0])
    if not any("reason" not in row for row in rows):
        raise Declined(Reason(rows[0]["reason"]) if rows else Reason.NO_COMPARISON_GROUP)
    found = specification_curve(data, treated, at)
    signed = None if plan is None else plans.verified(plan)
    standing = standing_of(signed, public_key, data, place)
    marked = mark(rows, None if signed is None else signed[0])
    facts = {
        "standing": standing.value,
        "standing_text": standing.text,
        **promised(signed, rows, standing),
        **agreement(rows),
        **curve_summary(found),
        "sentence": sentence(rows, found, standing),
    }
    return Answer(marked + curve_rows(found), facts, warnings(signed, rows))


def compared(data: Longitudinal, treated: tuple[str, ...] | None, at: str | None, level: float) -> list[Row]:
    """The four comparisons with donors, of the outcome and of the outcome per effort where effort is
    given."""
    rows = []
    for outcome, seen in outcomes(data).items():
        try:
            panel, doubt, _ = synth.read_panel(seen, treated, at, (), ())
        except Declined as declined:
            rows.append(
                {"kind": "estimate", "outcome": outcome, "estimator": "sc", "reason": declined.reason}
            )
            continue
        for name, estimator in ESTIMATORS.items():
            full = synth.row(panel, doubt, name, estimator, level)
            rows.append({"kind": "estimate", "outcome": outcome, **brief(full, panel)})
    return rows


def outcomes(data: Longitudinal) -> dict[str, Longitudinal]:
    """The outcome as given, and per effort: what remains when the police have looked equally hard."""
    if "effort" not in data.table:
        return {"as given": data}
    effort = data.matrix("effort")
    if not (effort > 0).all():
        raise Declined(Reason.NO_DENOMINATOR)
    return {
        "as given": data,
        "per effort": replace(data, lower=data.lower / effort, upper=data.upper / effort),
    }


def brief(full: Row, panel: Panel) -> Row:
    """What the side-by-side table shows of one estimate."""
    names = (
        "estimator",
        "att",
        "lower",
        "upper",
        "p",
        "p_effect",
        "smallest_p_possible",
        "pre_rmspe",
        "reason",
    )
    level = float(np.abs(np.mean([full["synthetic"][period] for period in panel.periods[panel.before :]])))
    relative = None if full["att"] is None or level == 0 else 100 * full["att"] / level
    return {name: full[name] for name in names if name in full} | {"relative_per_cent": relative}


def staggered_row(
    table: Tidy, treated: tuple[str, ...] | None, at: str | None, seed: int, level: float
) -> list[Row]:
    """Callaway and Sant'Anna's overall effect; its p is not a ranking, so it has no smallest value."""
    try:
        found = staggered(table, treated=treated, at=at, comparison="notyet", seed=seed, level=(level,))
    except Declined as declined:
        reason = {"reason": declined.reason}
        return [{"kind": "estimate", "outcome": "as given", "estimator": "callaway_santanna", **reason}]
    overall = next(row for row in found.rows if row["kind"] == "group_overall")
    few = max(row.get("treated", 0) for row in found.rows) < 2
    row = {name: overall[name] for name in ("att", "lower", "upper", "p")}
    if few:
        row = dict.fromkeys(("lower", "upper", "p")) | {"att": overall["att"], "reason": Reason.TOO_FEW_AREAS}
    return [{"kind": "estimate", "outcome": "as given", "estimator": "callaway_santanna", **row}]


def series_row(data: Longitudinal, place: Floats, level: float) -> list[Row]:
    """The treated alone, before and after; only when they began together and the outcome can be a count."""
    starts = np.unique(place[np.isfinite(place)])
    seen = data.at(np.isfinite(place))
    if len(starts) != 1 or np.isnan(seen.lower).any() or (seen.lower < 0).any():
        return []
    series = Tidy.of(
        period=np.arange(len(data.periods)).astype(str),
        count=seen.lower.sum(axis=0),
        lower=seen.lower.sum(axis=0),
        upper=seen.upper.sum(axis=0),
        status=np.where(seen.hidden.any(axis=0), "hidden", ""),
        treated=(np.arange(len(data.periods)) >= starts[0]).astype(float),
    )
    try:
        first = interrupted(series, change="level", level=(level,)).rows[0]
    except Declined as declined:
        return [{"kind": "estimate", "outcome": "as given", "estimator": "its", "reason": declined.reason}]
    ratios = {name: 100 * (first[name] - 1) for name in ("lower", "upper")}
    return [
        {
            "kind": "estimate",
            "outcome": "as given",
            "estimator": "its",
            "relative_per_cent": first["change_per_cent"],
            "relative_lower": ratios["lower"],
            "relative_upper": ratios["upper"],
            "p": first["p"],
        }
    ]


def specification_curve(data: Longitudinal, treated: tuple[str, ...] | None, at: str | None) -> Curve | None:
    """None where there are no donors to compare with, or where anything is hidden."""
    panels = {}
    try:
        for name, seen in outcomes(data).items():
            panel, doubt, _ = synth.read_panel(seen, treated, at, (), ())
            if doubt.any():
                return None
            panels[name] = panel
            if (panel.outcome > 0).all() and (panel.treated > 0).all():
                logs = replace(panel, outcome=np.log(panel.outcome), treated=np.log(panel.treated))
                panels[LOGARITHM + name] = logs
    except Declined:
        return None
    return curve(panels)


def curve_rows(found: Curve | None) -> list[Row]:
    """The specifications from the lowest effect to the highest."""
    if found is None:
        return []
    ordered = sorted(found.specifications, key=lambda one: one.relative)
    return [
        {
            "kind": "specification",
            "rank": rank,
            "estimator": one.estimator,
            "outcome": one.outcome,
            "periods_before": one.periods_before,
            "without": one.without,
            "att": one.att,
            "relative_per_cent": 100 * one.relative,
        }
        for rank, one in enumerate(ordered, 1)
    ]


def curve_summary(found: Curve | None) -> Row:
    if found is None:
        return {"specifications": 0}
    return {
        "specifications": len(found.specifications),
        "median_relative_per_cent": 100 * found.median,
        "share_same_sign": found.same_sign,
        "p_curve": found.p,
        "smallest_p_possible": 1 / (1 + len(found.placebo_medians)),
    }


def agreement(rows: Sequence[Row]) -> Row:
    """How many of the usable estimates point the same way."""
    signs = [np.sign(row["att"]) for row in rows if row.get("att") is not None and "reason" not in row]
    most = max(signs.count(1.0), signs.count(-1.0)) if signs else 0
    return {"estimates": len(signs), "estimates_same_sign": most}


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


def warnings(signed: tuple[Plan, str] | None, rows: Sequence[Row]) -> tuple[Warned, ...]:
    smallest = [row["smallest_p_possible"] for row in rows if "smallest_p_possible" in row]
    bar = 0.05 if signed is None else signed[0].alpha
    return (TOO_FEW_DONORS,) if smallest and min(smallest) > bar else ()


TOO_FEW_DONORS = Warned(
    "significance_out_of_reach",
    Text(
        "Med så få platser att jämföra med hade ingen skillnad kunnat bli statistiskt säker.",
        "With so few places to compare with, no difference could have become significant.",
    ),
)


def sentence(rows: Sequence[Row], found: Curve | None, standing: Standing) -> Text:
    """The verdict in words, with its standing."""
    counted = agreement(rows)
    if found is None or counted["estimates_same_sign"] < counted["estimates"] or found.p > 0.1:
        told = Text(
            "Det går inte att säga att åtgärden gjorde skillnad.",
            "Nobody can say that the measure mattered.",
        )
    elif found.median < 0:
        told = Text(
            "Allt pekar på att det mätta sjönk efter åtgärden.",
            "All estimates point to a fall.",
        )
    else:
        told = Text(
            "Allt pekar på att det mätta steg efter åtgärden.",
            "All estimates point to a rise.",
        )
    return Text(f"{told.sv} {standing.text.sv}", f"{told.en} {standing.text.en}")


EFFECT = Method(
    "effect",
    Text("Hjälpte åtgärden?", "Did the measure help?"),
    (
        UNIT,
        PERIOD,
        OUTCOME,
        FIRST,
        TREATED,
        Column(
            "effort",
            Text("insats att räkna utfallet per", "effort to count the outcome per"),
            ("police_hours", "hours", "timmar"),
            required=False,
            is_number=True,
        ),
        *PROTECTED,
    ),
    (
        WHICH,
        WHEN,
        Option(
            "plan",
            Text("Signerad plan (lagesbild plan sign).", "Signed plan (lagesbild plan sign)."),
            text,
            is_bytes=True,
        ),
        Option(
            "public_key",
            Text(
                "Nyckel (hex) som planen ska vara signerad med.",
                "Key (hex) that must have signed the plan.",
            ),
            text,
        ),
        SEED,
        Option("level", Text("Konfidensnivå.", "Confidence level."), levels, (0.95,)),
    ),
    estimate,
    by_enumeration,
)
