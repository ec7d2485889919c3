"""`synth`: one place (or a few) took a measure; what would have happened there otherwise?"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from lagesbild.core.language import Text
from lagesbild.core.refusal import BadUsage, Finding

from .. import longitudinal
from ..answer.reason import Reason
from ..answer.result import Answer, Declined, Warned
from ..inversion import by_enumeration
from ..longitudinal import OUTCOME, PERIOD, PROTECTED, TREATED, UNIT, WHEN, WHICH, Longitudinal
from ..method import Method, Option, levels, numbers, texts
from ..table.arrays import Floats
from ..table.tidy import Tidy
from .estimators import ESTIMATORS, Estimate, Estimator
from .inference import Placebos, leave_one_out, placebos
from .panel import Panel
from .predictors import on_predictors

FEWEST_BEFORE = 4
FEWEST_DONORS = 2
POOR_FIT = 1.0  # pre-RMSPE above the treated's own variation before: the donors say less than its mean would


def estimate(
    table: Tidy,
    treated: tuple[str, ...] | None = None,
    at: str | None = None,
    estimators: tuple[str, ...] = tuple(ESTIMATORS),
    predictors: tuple[str, ...] | None = None,
    lags: tuple[str, ...] | None = None,
    importance: tuple[float, ...] | None = None,
    level: Sequence[float] = (0.95,),
) -> Answer:
    """Every estimator with placebos for all donors, what each donor weighs, and the answer without each of
    them."""
    data = longitudinal.read(table)
    panel, doubt, left_out = read_panel(data, treated, at, predictors or (), lags or ())
    rows = [row(panel, doubt, name, ESTIMATORS[name], level[0]) for name in estimators]
    if panel.treated_predictors.size:
        if importance is not None and not (
            len(importance) == panel.treated_predictors.size and sum(importance) > 0
        ):
            raise BadUsage(one_importance_each())
        rows.append(row(panel, doubt, "sc_predictors", on_predictors(importance), level[0]))
    facts = {
        "donors": len(panel.donors),
        "treated_units": panel.treated_units,
        "periods_before": panel.before,
        "periods_after": panel.after,
        "smallest_p_possible": 1 / (1 + len(panel.donors)),
        "sentence": sentence(rows),
    }
    return Answer(rows, facts, (LEFT_OUT,) if left_out else ())


def read_panel(
    data: Longitudinal,
    treated: tuple[str, ...] | None,
    at: str | None,
    predictors: Sequence[str],
    lags: Sequence[str],
) -> tuple[Panel, Floats, int]:
    """The panel, how far hidden cells may move the treated's outcome (periods,), and how many donors fell
    away.

    A donor with any hidden or missing cell is left out; a treated unit hidden before the measure cannot be
    matched.
    """
    place = longitudinal.first_treated(data, treated, at)
    starts = np.unique(place[np.isfinite(place)])
    if len(starts) != 1:
        raise Declined(Reason.NO_COMPARISON_GROUP)
    before, is_treated = int(starts[0]), np.isfinite(place)
    check_periods(before, len(data.periods))
    exact = data.complete & ~data.hidden.any(axis=1)
    donors, target = data.at(exact & ~is_treated), data.at(is_treated)
    if len(donors.units) < FEWEST_DONORS:
        raise Declined(Reason.NO_COMPARISON_GROUP)
    if not target.complete.all():
        raise Declined(Reason.MISSING)
    if target.hidden[:, :before].any():
        raise Declined(Reason.PROTECTED)
    beside = (described(part, predictors, lags, before) for part in (donors, target))
    panel = Panel(
        donors.units,
        data.periods,
        donors.middle,
        target.middle.mean(axis=0),
        before,
        len(target.units),
        next(beside),
        next(beside).mean(axis=0),
    )
    doubt = ((target.upper - target.lower) / 2).mean(axis=0)
    return panel, doubt, int((~is_treated).sum()) - len(donors.units)


def check_periods(before: int, periods: int) -> None:
    if before < FEWEST_BEFORE:
        raise Declined(Reason.NO_POINTS_BEFORE)
    if before >= periods:
        raise Declined(Reason.NO_POINTS_AFTER)


def described(data: Longitudinal, predictors: Sequence[str], lags: Sequence[str], before: int) -> Floats:
    """(units, k).

    Means of the predictors over what is known before the measure, and the outcome in chosen periods.
    """
    columns = [within(data, each, before) for each in predictors]
    if any(np.isnan(column).all(axis=1).any() for column in columns):
        raise Declined(Reason.MISSING)
    means = [np.nanmean(column, axis=1) for column in columns]
    chosen = [data.middle[:, place_before(data, lag, before)] for lag in lags]
    return np.column_stack([np.zeros((len(data.units), 0)), *means, *chosen])


def within(data: Longitudinal, predictor: str, before: int) -> Floats:
    """A column in the periods asked for: `trade` in all before the measure, `trade@1981..1990` in those."""
    name, _, window = predictor.partition("@")
    data.table.require(name)
    ends = [place_before(data, end, before) for end in window.split("..")] if window else [0, before - 1]
    return data.matrix(name)[:, ends[0] : ends[-1] + 1]


def place_before(data: Longitudinal, period: str, before: int) -> int:
    """Which period it is; refuses one that is not in the data or not before the measure."""
    place = longitudinal.place_of(data.periods, period)
    if place is None or place >= before:
        raise BadUsage(no_such_period())
    return place


def row(panel: Panel, doubt: Floats, name: str, estimator: Estimator, level: float) -> dict[str, Any]:
    """One estimator: effect, fit, placebos, weights, and the course of the gap."""
    found = placebos(panel, estimator)
    one = found.estimate
    far = float(doubt[panel.before :].mean())
    lower, upper = found.interval(level)
    given: dict[str, Any] = {"estimator": name, "att": one.att if far == 0 else None}
    given |= {"lower": lower - far, "upper": upper + far, "se_placebo": found.error}
    given |= ranks(found) | fit(one)
    given |= {
        "weights": by_size(panel.donors, one.weights),
        "time_weights": by_size(panel.periods[: panel.before], one.time_weights),
        "leave_one_out": {} if name == "did" else leave_one_out(panel, estimator, one),
        "gap": dict(zip(panel.periods, one.gap, strict=True)),
        "synthetic": dict(zip(panel.periods, one.synthetic, strict=True)),
    }
    if one.penalty is not None:
        given["penalty"] = one.penalty
    return given | reason(one, far, name)


def ranks(found: Placebos) -> dict[str, Any]:
    """Where the treated stands among the placebos, and the smallest p that it could have had."""
    return {
        "placebo_rank_rmspe_ratio": [found.rank, found.units],
        "p": found.p,
        "p_effect": found.p_effect,
        "smallest_p_possible": found.smallest_p,
    }


def fit(one: Estimate) -> dict[str, Any]:
    return {"pre_rmspe": one.pre_rmspe, "post_rmspe": one.post_rmspe, "rmspe_ratio": one.rmspe_ratio}


def reason(one: Estimate, far: float, name: str) -> dict[str, Any]:
    """A comparison that does not follow the place before is no comparison.

    `did` never claims to follow it.
    """
    if far > 0:
        return {"reason": Reason.PROTECTED}
    if name != "did" and one.pre_rmspe > POOR_FIT * float(one.panel.treated[: one.panel.before].std()):
        return {"reason": Reason.POOR_FIT_BEFORE}
    return {}


def by_size(names: Sequence[str], weights: Floats) -> dict[str, float]:
    """Weights that matter, largest first."""
    return {
        names[i]: float(weights[i]) for i in np.argsort(-weights, kind="stable") if abs(weights[i]) > 1e-6
    }


def sentence(rows: Sequence[dict[str, Any]]) -> Text:
    """The verdict.

    Only when the estimators agree in direction and the placebos are beaten as far as they can be.
    """
    usable = [row for row in rows if row["att"] is not None and "reason" not in row]
    if not usable:
        return Text(
            "Det går inte att säga om åtgärden gjorde skillnad.",
            "Nobody can tell whether it mattered.",
        )
    signs = {np.sign(row["att"]) for row in usable}
    strong = all(row["p_effect"] <= max(0.1, row["smallest_p_possible"]) for row in usable)
    if len(signs) > 1 or not strong:
        return Text(
            "Skillnaden är inte större än vad som händer på platser utan åtgärd.",
            "The difference is no larger than what happens in places without the measure.",
        )
    if signs == {-1.0}:
        return Text(
            "Det mätta sjönk mer än på nästan alla jämförbara platser.",
            "What was measured fell more than in nearly all comparable places.",
        )
    return Text(
        "Det mätta steg mer än på nästan alla jämförbara platser.",
        "What was measured rose more than in nearly all comparable places.",
    )


def among_estimators(typed: str) -> tuple[str, ...]:
    names = texts(typed)
    if not set(names) <= set(ESTIMATORS):
        raise ValueError
    return names


def one_importance_each() -> Finding:
    return Finding(
        "bad-option",
        Text("Antalet vikter i --importance stämmer inte.", "--importance has the wrong number of weights."),
        Text(
            "Ange en för varje kolumn i --predictors och sedan en för varje period i --lags.",
            "Give one for each column of --predictors and then one for each period of --lags.",
        ),
    )


def no_such_period() -> Finding:
    return Finding(
        "bad-option",
        Text(
            "En period i --predictors eller --lags finns inte i tabellen före åtgärden.",
            "A period of --predictors or --lags is not in the table before the measure.",
        ),
        Text(
            "Skriv perioder som i tabellen: trade@1981..1990, trade@1980.",
            "Write periods as in the table: trade@1981..1990, trade@1980.",
        ),
    )


LEFT_OUT = Warned(
    "donors_left_out",
    Text(
        "Platser med dolda eller saknade tal är inte med i jämförelsen.",
        "Places with hidden or missing figures are not in the comparison.",
    ),
)

SYNTH = Method(
    "synth",
    Text("Vad hade hänt utan åtgärden?", "What would have happened without the measure?"),
    (UNIT, PERIOD, OUTCOME, TREATED, *PROTECTED),
    (
        WHICH,
        WHEN,
        Option(
            "estimators",
            Text("Bland did, sc, synthdid, augmented.", "Among did, sc, synthdid, augmented."),
            among_estimators,
            tuple(ESTIMATORS),
        ),
        Option(
            "predictors",
            Text(
                "Kolumner att matcha på, kanske i vissa perioder: trade@1981..1990,skola@1980.",
                "Columns to match on, perhaps in certain periods: trade@1981..1990,school@1980.",
            ),
            texts,
        ),
        Option(
            "lags",
            Text("Perioder före vars utfall matchas.", "Periods before whose outcome is matched."),
            texts,
        ),
        Option(
            "importance",
            Text(
                "Varje prediktors vikt (V); annars söks den som följer utfallet bäst.",
                "Each predictor's importance (V); otherwise the one that follows the outcome best is sought.",
            ),
            numbers(0),
        ),
        Option("level", Text("Konfidensnivå.", "Confidence level."), levels, (0.95,)),
    ),
    estimate,
    by_enumeration,
)
