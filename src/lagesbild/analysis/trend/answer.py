"""The method `trend` on a tidy table: each series' verdict, the sentence for it, and every test beside it."""

from dataclasses import replace
from typing import Any

import numpy as np
from scipy.special import chdtrc

from lagesbild.core.language import Text
from lagesbild.core.refusal import BadUsage, Finding

from ..answer.reason import Reason
from ..answer.result import Answer, Row, Warned, level_key, rows_of
from ..answer.sentence import interval_text, number_text
from ..estimation.limits import normal_quantile
from ..estimation.loglinear import negative_binomial
from ..inversion import by_enumeration
from ..method import AREA, COUNT, DENOMINATOR, LEVEL, PERIOD, PROTECTION, Method, Option, one_of, text, texts
from ..table.panel import Panel, panel_of
from ..table.periods import years
from ..table.tidy import Numbers, Tidy
from .joinpoint import Joinpoint, joinpoints
from .mann_kendall import FEWEST_POINTS, mann_kendall
from .verdict import CHI_SQUARE, FALSE_VERDICTS, POINTS, POOLED_FROM_DF, Trends, Verdict, trend

SHARE_FROM = 0.1
"""From this pooled share on, counts are taken for parts of the denominator, unless `--model` says."""


def _run(table: Tidy, level: tuple[float, ...], model: str, break_at: str, by: tuple[str, ...]) -> Answer:
    panel = panel_of(table, by)
    chosen = _model(panel, "denominator" in table) if model == "auto" else model
    cut = _break(break_at, panel)
    found = [
        trend(panel.counts, panel.denominator, panel.times, model=chosen, level=each, break_at=cut)
        for each in level
    ]
    beside = _beside(panel, found[0], level[0], cut)
    rows = [{**key, **_row(panel, found, level, i, beside[i])} for i, key in enumerate(panel.keys)]
    summary = {"model": chosen, "areas": len(rows), "rule": _RULE}
    return Answer(rows, summary, _warnings(found[0]))


def _model(panel: Panel, has_denominator: bool) -> str:
    if not has_denominator:
        return "rate"
    count, per = panel.counts.upper, panel.denominator
    both = ~np.isnan(count) & (per > 0)
    share = both.any() and (count[both] <= per[both]).all()
    return "proportion" if share and count[both].sum() > SHARE_FROM * per[both].sum() else "rate"


def _break(typed: str, panel: Panel) -> float | None:
    try:
        cut = years(typed) if typed else None
    except ValueError:
        cut = np.inf
    if cut is None or cut <= panel.times[-1]:
        return cut
    raise BadUsage(
        Finding(
            "unknown-period",
            Text("Seriebrottet är ingen period i tabellen.", "The break is no period of the table."),
            Text(
                "Skriv den första perioden som räknas på nytt sätt.",
                "Write the first period that is counted in the new way.",
            ),
        )
    )


def _row(panel: Panel, found: list[Trends], levels: tuple[float, ...], i: int, beside: Row) -> Row:
    first = found[0]
    ends: dict[str, Any] = {"lower": first.lower[i], "upper": first.upper[i]}
    for each, level in zip(found, levels, strict=True):
        ends |= {level_key("lower", level): each.lower[i], level_key("upper", level): each.upper[i]}
    return {
        "verdict": first.verdict[i],
        "sentence": sentence(first, panel, i),
        "slope_percent": first.slope[i],
        **ends,
        "p": first.p[i],
        "p_adjusted": first.p_adjusted[i],
        "dispersion": first.dispersion[i],
        "dispersion_applied": first.dispersion_applied[i],
        "points": first.points[i],
        "events": first.events[i],
        "from": panel.names.get(first.first[i]),
        "to": panel.names.get(first.last[i]),
        "chisq_trend": _chi_square(first.x2[i], 1.0),
        "heterogeneity": _chi_square(first.heterogeneity[i], first.recent_points[i] - 1),
        "leave_one_out_same_sign": bool(first.same_sign[i]),
        "fingertips_verdict": _fingertips(first, i),
        "verdict_p": first.verdict_p[i],
        "verdict_p_adjusted": first.verdict_p_adjusted[i],
        **beside,
        "reason": first.reason[i],
    }


def _fingertips(found: Trends, i: int) -> str | None:
    """What the published rule says by itself: without dispersion, and for one area alone."""
    if not np.isfinite(found.x2[i]) or found.reason[i] == Reason.IMPOSSIBLE:
        return None
    if found.recent_points[i] < POINTS:
        return str(Verdict.CANNOT_TELL)
    if found.x2[i] <= CHI_SQUARE or not found.same_sign[i]:
        return str(Verdict.NO_CLEAR_TREND)
    return str(Verdict.RISING if found.recent_sign[i] > 0 else Verdict.FALLING)


def _chi_square(x2: float, df: float) -> Row:
    return {"x2": x2, "df": df, "p": float(chdtrc(df, x2)) if np.isfinite(x2) and df > 0 else np.nan}


def _beside(panel: Panel, found: Trends, level: float, cut: float | None) -> list[dict[str, Any]]:
    """The tests that stand beside the verdict, series by series; series seen at the same times together."""
    seen = ~np.isnan(panel.counts.value) & (panel.denominator > 0)
    seen &= panel.times >= (-np.inf if cut is None else cut)
    hidden = panel.counts.protected.any(1)
    rows = [dict.fromkeys(_BESIDE) for _ in panel.keys]
    patterns, pattern = np.unique(seen, axis=0, return_inverse=True)
    for number, points in enumerate(patterns):
        told = np.flatnonzero((pattern == number) & ~hidden)
        fitted = told[found.reason[told] == ""]
        count, per, times = panel.counts.value[:, points], panel.denominator[:, points], panel.times[points]
        if len(times) >= FEWEST_POINTS:
            for i, order in zip(told, mann_kendall(count[told] / per[told], times, level), strict=True):
                rows[i]["mann_kendall"] = dict(vars(order))
        if len(fitted):
            for i, join in zip(fitted, joinpoints(count[fitted], per[fitted], times), strict=True):
                rows[i]["joinpoint"] = join and _join(panel, join)
            for i, shown in zip(
                fitted, _negative_binomial(count[fitted], per[fitted], times, level), strict=True
            ):
                rows[i]["negative_binomial"] = shown
    return rows


_BESIDE = ("negative_binomial", "mann_kendall", "joinpoint")


def _join(panel: Panel, join: Joinpoint) -> Row:
    return {**vars(join), "at": panel.names.get(join.at), "needed": join.needed}


def _negative_binomial(count: Numbers, per: Numbers, times: Numbers, level: float) -> list[dict[str, Any]]:
    design = np.stack([np.ones_like(times), times - times.mean()], axis=-1)
    fit, theta, log_likelihood = negative_binomial(count, design, np.log(per))
    slope, half = fit.coefficients[:, 1], normal_quantile(level) * fit.se[:, 1]
    percent = {"slope_percent": slope, "lower": slope - half, "upper": slope + half}
    shown = {name: 100 * np.expm1(value) for name, value in percent.items()}
    return rows_of({**shown, "theta": theta, "log_likelihood": log_likelihood})


def sentence(found: Trends, panel: Panel, i: int) -> Text:
    """The verdict in words, then the whole series with its slope and interval; made from the result alone."""
    if found.reason[i]:
        return Reason(found.reason[i]).text
    verdict, whole = _VERDICTS[Verdict(found.verdict[i])], _whole_series(found, i)
    years = f"{panel.names.get(found.first[i])}–{panel.names.get(found.last[i])}"
    limits = interval_text(found.lower[i], found.upper[i])
    sv, en = f"från {limits.sv} procent om året", f"from {limits.en} per cent a year"
    if np.isfinite(found.slope[i]):
        slope = number_text(found.slope[i], signed=True)
        sv, en = f"{slope.sv} procent om året ({limits.sv})", f"{slope.en} per cent a year ({limits.en})"
    return Text(f"{verdict.sv} {years}{whole.sv}: {sv}.", f"{verdict.en} {years}{whole.en}: {en}.")


def _whole_series(found: Trends, i: int) -> Text:
    """The last five points may be unclear where the whole series is not; a reader must not miss that."""
    if found.verdict[i] != Verdict.NO_CLEAR_TREND or found.p_adjusted[i] > FALSE_VERDICTS:
        return Text("", "")
    if found.lower[i] > 0:
        return Text(" som helhet säkert uppåt", " as a whole surely upwards")
    return (
        Text(" som helhet säkert nedåt", " as a whole surely downwards")
        if found.upper[i] < 0
        else Text("", "")
    )


_VERDICTS = {
    Verdict.RISING: Text(
        "Har ökat på senare tid, mer än slumpen förklarar.", "Has risen lately, by more than chance explains."
    ),
    Verdict.FALLING: Text(
        "Har minskat på senare tid, mer än slumpen förklarar.",
        "Has fallen lately, by more than chance explains.",
    ),
    Verdict.NO_CLEAR_TREND: Text("Ingen säker förändring på senare tid.", "No clear change lately."),
}

_RULE = Text(
    f"Ökar eller minskar: de {POINTS} senaste punkterna avviker från oförändrat på 99,8 procents nivå, åt "
    "samma håll vilken punkt som än stryks, och högst fem procent av sådana utslag väntas vara falska.",
    f"Rising or falling: the last {POINTS} points differ from no change at the 99.8 per cent level, in the "
    "same direction whichever point is left out, and at most five per cent of such verdicts are false.",
)

_ALONE = Warned(
    "dispersion_unknown",
    Text(
        "En kort ensam serie visar knappt hur mycket talen brukar variera; svaret är osäkrare än det ser ut.",
        "A short series alone hardly shows how much numbers vary; the answer is less sure than it seems.",
    ),
)


def _warnings(found: Trends) -> tuple[Warned, ...]:
    df = np.maximum(found.points - 2, 0)[found.reason == ""].sum()
    return (_ALONE,) if 0 < df < POOLED_FROM_DF else ()


TREND = Method(
    "trend",
    Text("Ökar det, minskar det, eller går det inte att säga?", "Is it rising, falling, or can nobody tell?"),
    (
        AREA,
        PERIOD,
        replace(COUNT, also=(*COUNT.also, "value", "y")),
        replace(DENOMINATOR, required=False),
        *PROTECTION,
    ),
    (
        LEVEL,
        Option(
            "model",
            Text(
                "rate (händelser), proportion (andel) eller auto.",
                "rate (events), proportion (share) or auto.",
            ),
            one_of("auto", "rate", "proportion"),
            "auto",
        ),
        Option(
            "break_at",
            Text(
                "Seriebrott: första perioden som räknas på nytt sätt.",
                "Series break: the first period that is counted in the new way.",
            ),
            text,
            "",
        ),
        Option(
            "by",
            Text("Fler kolumner som skiljer serier åt.", "More columns that tell series apart."),
            texts,
            (),
        ),
    ),
    _run,
    by_enumeration,
)
