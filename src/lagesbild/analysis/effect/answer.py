"""`effect`: every estimate that the data can carry, side by side, and how far they may be believed."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from lagesbild.core.language import Text

from .. import longitudinal
from ..answer.reason import Reason
from ..answer.result import Answer, Declined, Warned
from ..inversion import by_enumeration
from ..longitudinal import FIRST, OUTCOME, PERIOD, PROTECTED, TREATED, UNIT, WHEN, WHICH, Longitudinal
from ..method import SEED, Column, Method, Option, levels, text
from ..synth import answer as synth
from ..table.tidy import Tidy
from . import plan as plans
from .curve import LOGARITHM, Curve, curve
from .plan import Plan, Standing
from .promise import mark, promised, standing_of
from .side_by_side import Row, agreement, compared, outcomes, series_row, staggered_row


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
