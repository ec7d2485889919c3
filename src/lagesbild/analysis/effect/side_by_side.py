"""Every estimate that the data can carry: against donors, by groups of starters, and of the treated alone."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ..answer.reason import Reason
from ..answer.result import Declined
from ..did.answer import estimate as staggered
from ..its.answer import estimate as interrupted
from ..longitudinal import Longitudinal
from ..synth import answer as synth
from ..synth.estimators import ESTIMATORS
from ..synth.panel import Panel
from ..table.arrays import Floats
from ..table.tidy import Tidy

Row = dict[str, Any]


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


def agreement(rows: Sequence[Row]) -> Row:
    """How many of the usable estimates point the same way."""
    signs = [np.sign(row["att"]) for row in rows if row.get("att") is not None and "reason" not in row]
    most = max(signs.count(1.0), signs.count(-1.0)) if signs else 0
    return {"estimates": len(signs), "estimates_same_sign": most}
