"""Growing or not: a verdict that holds for one area and for all of them, or an honest "cannot tell"."""

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

import numpy as np
from scipy.special import chdtrc, ndtr, stdtr, stdtrit

from ..answer.reason import Reason
from ..estimation.limits import normal_quantile
from ..estimation.loglinear import Fit, log_linear
from ..table.tidy import CountsKnown, Numbers, Texts

POINTS = 5
"""Fingertips judges a recent trend by the last five points."""

CHI_SQUARE = 9.549535706
"""The 99.8 % point of chi-square with one degree of freedom."""

FEWEST_EVENTS = 10
FALSE_VERDICTS = 0.05
"""Share of rising and falling verdicts that may be false when many areas are judged at once."""

POOLED_FROM_DF = 8
"""Fewer residual degrees of freedom than this, in all areas together, cannot tell how much counts vary."""

CONTRADICTED = 0.1
"""A lone short series is taken for Poisson unless its points would be this rare among Poisson counts.

At 0.05 one in fifty such series with twice the Poisson variance got a false verdict; at 0.1 fewer, for one
point of power out of twenty.
"""


class Verdict(StrEnum):
    """What may be said of one series; the words that a page shows."""

    RISING = "rising"
    FALLING = "falling"
    NO_CLEAR_TREND = "no clear trend"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True)
class ChiSquare:
    """Trend and heterogeneity chi-squares of one window; each element one series.

    `same_sign` says whether the slope keeps its sign whichever single point is left out.
    """

    slope_sign: Numbers
    x2: Numbers
    heterogeneity: Numbers
    points: Numbers
    events: Numbers
    same_sign: Any

    @property
    def p(self) -> Numbers:
        return np.asarray(chdtrc(1, np.nan_to_num(self.x2)))


@dataclass(frozen=True)
class Trends:
    """One element for each series. Slopes are per cent a year over the whole unbroken series.

    `x2`, `verdict` and `verdict_p` judge the last `POINTS` points; `verdict_p` is after dispersion, and
    `verdict_p_adjusted` for having asked about so many areas. Where cells are hidden, each is the least
    favourable over every filling of the hidden cells, and `slope` is NaN.
    """

    verdict: Texts
    reason: Texts
    slope: Numbers
    lower: Numbers
    upper: Numbers
    p: Numbers
    p_adjusted: Numbers
    dispersion: Numbers
    dispersion_applied: Numbers
    x2: Numbers
    heterogeneity: Numbers
    recent_points: Numbers
    recent_sign: Numbers
    same_sign: Any
    verdict_p: Numbers
    verdict_p_adjusted: Numbers
    points: Numbers
    events: Numbers
    first: Numbers
    last: Numbers


@np.errstate(divide="ignore", invalid="ignore")
def trend(
    counts: CountsKnown | Any,
    denominator: Any,
    times: Any,
    *,
    model: str = "rate",
    level: float = 0.95,
    break_at: float | None = None,
    together: bool = True,
) -> Trends:
    """Judge many series at once: counts and denominator (series, periods), times (periods) in years, rising.

    `model` is rate (Poisson) or proportion (binomial). Points before `break_at` are left out altogether.
    `together` adjusts p for all the series given; callers with several indicators call once for each.
    """
    known = counts if isinstance(counts, CountsKnown) else CountsKnown.released(counts)
    per = np.broadcast_to(np.asarray(denominator, dtype=float), known.value.shape)
    known, per, times, was_cut = _since_break(known, per, np.asarray(times, dtype=float), break_at)
    known = _without_denominator(known, per)
    share = model == "proportion"
    middle = np.where(known.protected, (known.lower + known.upper) / 2, known.value)
    # A count below zero is no count: its series gets a reason, and no model is asked of it.
    middle = np.where((known.value < 0).any(-1, keepdims=True), np.nan, middle)
    first = _series(middle, per, times, share)
    common = common_alpha(middle, first.fit)
    found = _evidence(first, common, level)
    hidden = known.protected.any(-1)
    if hidden.any():
        fillings = [_series(each, per[hidden], times, share) for each in _fillings(known.at(hidden))]
        found = found.replaced(
            hidden, _least_favourable([_evidence(each, common, level) for each in fillings])
        )
    reason = _reasons(known, per, first.fit, was_cut, share)
    return _trends(known, found, first, reason, times, together)


@dataclass(frozen=True)
class Series:
    """Series with nothing hidden: the log-linear fit of all points, the chi-square of the last ones."""

    count: Numbers
    fit: Fit
    recent: ChiSquare


@dataclass(frozen=True)
class Evidence:
    """Of each slope: its interval, p, and the recent chi-square with its sign, all after dispersion."""

    low: Numbers
    high: Numbers
    p: Numbers
    signed_x2: Numbers
    applied: Numbers

    def replaced(self, where: Any, by: "Evidence") -> "Evidence":
        kept = {field.name: getattr(self, field.name).copy() for field in fields(self)}
        for name, values in kept.items():
            values[where] = getattr(by, name)
        return Evidence(**kept)


def _since_break(
    known: CountsKnown, per: Numbers, times: Numbers, break_at: float | None
) -> tuple[CountsKnown, Numbers, Numbers, Any]:
    """Everything from the break on, and which series lost points to it."""
    after = np.ones(len(times), dtype=bool) if break_at is None else times >= break_at
    lost = (~np.isnan(known.value[:, ~after]) | known.protected[:, ~after]).any(-1)
    return known.at((slice(None), after)), per[:, after], times[after], lost


def _without_denominator(known: CountsKnown, per: Numbers) -> CountsKnown:
    """A count without anything to count per is no point in the series."""
    there = per > 0
    value, lower, upper = (np.where(there, v, np.nan) for v in (known.value, known.lower, known.upper))
    return CountsKnown(value, lower, upper, known.protected & there)


def _series(count: Numbers, per: Numbers, times: Numbers, share: bool) -> Series:
    with np.errstate(divide="ignore", invalid="ignore"):
        offset = np.log(per)
    design = np.stack([np.ones_like(times), times - times.mean()], axis=-1)
    fit = log_linear(count, design, offset, size=per if share else np.inf)
    return Series(count, fit, chi_square(*_last(count, per, times), share))


def chi_square(count: Numbers, per: Numbers, times: Numbers, share: bool) -> ChiSquare:
    """Cochran-Armitage (share) or its Poisson twin, each point left out in turn; all arrays (series, n)."""
    seen = ~np.isnan(count) & (per > 0)
    y, n = np.where(seen, count, 0.0), np.where(seen, per, 0.0)
    t = np.where(seen, times - times[..., :1], 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        pooled = y.sum(-1) / n.sum(-1)
        spread = 1 - pooled if share else 1.0
        expected = n * pooled[..., None]
        sign, variance = _score(y, n, t)
        x2 = sign**2 / (variance * spread)
        parts = np.where(expected > 0, (y - expected) ** 2 / expected, 0.0)
        heterogeneity = parts.sum(-1) / spread
    without = [_score(*(_leave_out(values, k) for values in (y, n, t)))[0] for k in range(y.shape[-1])]
    used = [np.where(seen[..., k], np.sign(score), np.sign(sign)) for k, score in enumerate(without)]
    same = (np.array(used) == np.sign(sign)).all(0) & (sign != 0)
    return ChiSquare(np.sign(sign), x2, heterogeneity, seen.sum(-1).astype(float), y.sum(-1), same)


def _score(y: Numbers, n: Numbers, t: Numbers) -> tuple[Numbers, Numbers]:
    """Sum of t (observed - expected) under no trend, and its Poisson variance."""
    with np.errstate(divide="ignore", invalid="ignore"):
        pooled = (y.sum(-1) / n.sum(-1))[..., None]
        expected = n * pooled
        centre = (expected * t).sum(-1, keepdims=True) / expected.sum(-1, keepdims=True)
        return (t * (y - expected)).sum(-1), (expected * (t - centre) ** 2).sum(-1)


def _leave_out(values: Numbers, place: int) -> Numbers:
    kept = values.copy()
    kept[..., place] = 0.0
    return kept


def _last(count: Numbers, per: Numbers, times: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Each series' last points that were seen, moved to the end of the row."""
    order = np.argsort(~np.isnan(count), axis=-1, kind="stable")[..., -POINTS:]
    every = np.broadcast_to(times, count.shape)
    count, per, every = (np.take_along_axis(values, order, -1) for values in (count, per, every))
    return count, per, every


def common_alpha(count: Numbers, fit: Fit) -> float:
    """Moment estimate, over all series, of alpha in the negative binomial variance mean + alpha mean^2."""
    df = _df(fit)
    seen = ~np.isnan(count)
    share = (df / np.maximum(seen.sum(-1), 1))[..., None] * seen
    excess = np.where(
        seen, (np.nan_to_num(count) - fit.mean) ** 2 * (share > 0) - fit.mean * share, 0.0
    ).sum()
    return max(0.0, float(excess / max((fit.mean**2 * share).sum(), 1e-300)))


def dispersions(series: Series, common: float) -> tuple[Numbers, Numbers]:
    """How much more than Poisson counts each series varies, for its interval and for its verdict; at least 1.

    Five points tell little (three residual degrees of freedom), so a series' own estimate is drawn towards
    what the common variance of ten areas or more gives at its level. A verdict takes it for no less than
    that, since an estimate that is low by chance makes false verdicts. Below `POOLED_FROM_DF` degrees of
    freedom in all, the Poisson variance stands unless the points openly contradict it.
    """
    df = _df(series.fit)
    own = np.where(df > 0, np.nan_to_num(series.fit.dispersion, nan=1.0), 1.0)
    if df.sum() < POOLED_FROM_DF:
        contradicted = chdtrc(np.maximum(df, 1), np.nan_to_num(series.fit.pearson)) < CONTRADICTED
        alone = np.where(contradicted, np.maximum(own, 1.0), 1.0)
        return alone, alone
    usual = series.fit.mean.sum(-1) / np.maximum((~np.isnan(series.count)).sum(-1), 1)
    weight = _borrowed_df(df)
    shared = 1 + (common * usual if weight else 0 * usual)
    blended = np.maximum(1.0, (weight * shared + df * own) / np.maximum(weight + df, 1e-300))
    return blended, np.maximum(blended, shared)


def _df(fit: Fit) -> Numbers:
    return np.where(fit.finite, np.maximum(fit.residual_df, 0), 0.0)


def _borrowed_df(df: Numbers) -> float:
    return float(POOLED_FROM_DF) if len(df) >= 10 else 0.0


def _evidence(series: Series, common: float, level: float) -> Evidence:
    applied, guarded = dispersions(series, common)
    df = _df(series.fit) + _borrowed_df(series.fit.residual_df)
    slope, se = series.fit.coefficients[..., 1], series.fit.se[..., 1] * np.sqrt(applied)
    # A dispersion that was estimated makes the tails longer; one that was not (1) leaves them normal.
    estimated = applied > 1
    width = np.where(estimated, stdtrit(np.maximum(df, 1), 0.5 + level / 2), normal_quantile(level))
    z = np.abs(slope / se)
    p = 2 * np.where(estimated, stdtr(np.maximum(df, 1), -z), ndtr(-z))
    recent = series.recent
    kept = np.where(recent.same_sign, recent.slope_sign * recent.x2 / guarded, 0.0)
    return Evidence(slope - width * se, slope + width * se, p, np.nan_to_num(kept), applied)


def _least_favourable(evidence: list[Evidence]) -> Evidence:
    """Over every filling: the widest interval, the largest p, the chi-square nearest to no trend."""
    signed = np.array([each.signed_x2 for each in evidence])
    nearest = np.where((signed > 0).all(0), signed.min(0), np.where((signed < 0).all(0), signed.max(0), 0.0))
    return Evidence(
        np.min([each.low for each in evidence], axis=0),
        np.max([each.high for each in evidence], axis=0),
        np.max([each.p for each in evidence], axis=0),
        nearest,
        np.max([each.applied for each in evidence], axis=0),
    )


def _fillings(known: CountsKnown) -> list[Numbers]:
    """Fillings of the hidden cells between which every possible slope lies.

    The slope moves one way with each cell: up with a late one, down with an early one. So its extremes lie
    where all cells after some point are at one bound and all before at the other.
    """
    if not known.protected.any():
        return [known.value]
    periods = np.arange(known.value.shape[-1] + 1)
    steps = [np.arange(len(periods) - 1) >= split for split in periods]
    late_high = [np.where(late, known.upper, known.lower) for late in steps]
    late_low = [np.where(late, known.lower, known.upper) for late in steps]
    return late_high + late_low


def _reasons(known: CountsKnown, per: Numbers, fit: Fit, was_cut: Any, share: bool) -> Texts:
    points = (~np.isnan(known.value) | known.protected).sum(-1)
    impossible = (known.value < 0) | ((known.value > per) if share else False)
    return np.select(
        [
            impossible.any(-1),
            (points < POINTS) & was_cut,
            points < POINTS,
            (known.protected & ~known.bounded).any(-1),
            np.nansum(known.upper, -1) < FEWEST_EVENTS,
            ~fit.finite,
        ],
        [
            Reason.IMPOSSIBLE,
            Reason.SERIES_BREAK,
            Reason.TOO_FEW_POINTS,
            Reason.PROTECTED,
            Reason.TOO_FEW_EVENTS,
            Reason.NO_FINITE_ESTIMATE,
        ],
        default="",
    )


def _trends(
    known: CountsKnown, found: Evidence, series: Series, reason: Texts, times: Numbers, together: bool
) -> Trends:
    answered, hidden = reason == "", known.protected.any(-1)
    verdict_p = np.asarray(chdtrc(1, np.abs(found.signed_x2)), dtype=float)
    adjusted = adjusted_p(verdict_p, answered) if together else verdict_p
    clear = answered & (np.abs(found.signed_x2) > CHI_SQUARE) & (adjusted <= FALSE_VERDICTS)
    verdict = np.select(
        [~answered, clear & (found.signed_x2 > 0), clear],
        [Verdict.CANNOT_TELL, Verdict.RISING, Verdict.FALLING],
        default=Verdict.NO_CLEAR_TREND,
    )
    seen = ~np.isnan(known.value) | known.protected
    some = seen.any(-1)
    last = len(times) - 1 - np.argmax(seen[:, ::-1], -1)

    def shown(values: Any, given: Any = answered) -> Numbers:
        return np.where(given, values, np.nan)

    exact = answered & ~hidden
    return Trends(
        verdict=verdict,
        reason=reason,
        slope=shown(_percent(series.fit.coefficients[..., 1]), exact),
        lower=shown(_percent(found.low)),
        upper=shown(_percent(found.high)),
        p=shown(found.p),
        p_adjusted=shown(adjusted_p(found.p, answered) if together else found.p),
        dispersion=shown(series.fit.dispersion, exact),
        dispersion_applied=shown(found.applied),
        x2=shown(series.recent.x2, ~hidden),
        heterogeneity=shown(series.recent.heterogeneity, ~hidden),
        recent_points=series.recent.points,
        recent_sign=series.recent.slope_sign,
        same_sign=series.recent.same_sign & ~hidden,
        verdict_p=shown(verdict_p),
        verdict_p_adjusted=shown(adjusted),
        points=seen.sum(-1).astype(float),
        events=shown(np.nansum(known.value, -1), ~hidden),
        first=shown(times[np.argmax(seen, -1)], some),
        last=shown(times[last], some),
    )


def adjusted_p(p: Numbers, asked: Any) -> Numbers:
    """Benjamini and Hochberg (1995) over the series asked about; others keep their p.

    Of the verdicts given, at most the chosen share is false on average; where nothing at all changes, that
    is also the chance of a single false verdict among all areas.
    """
    some = np.flatnonzero(asked)
    order = some[np.argsort(p[some])]
    scaled = p[order] * len(order) / np.arange(1, len(order) + 1)
    result = p.copy()
    result[order] = np.minimum.accumulate(np.minimum(scaled, 1.0)[::-1])[::-1]
    return result


def _percent(slope: Numbers) -> Numbers:
    return np.asarray(100 * np.expm1(np.clip(slope, -50, 50)))
