"""Before and after a measure: every estimate side by side, for places where a source tells when it began."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lagesbild.analysis.answer.reason import Reason
from lagesbild.analysis.answer.result import Declined
from lagesbild.analysis.effect.answer import estimate
from lagesbild.analysis.table.tidy import Tidy
from lagesbild.core.indicator import Indicator
from lagesbild.core.language import Text
from lagesbild.core.region import Level, Region
from lagesbild.outside.known.readings import Readings, Series
from lagesbild.outside.known.trend import stretch
from lagesbild.reference import LocalMeasure, Measure, Reference

REPORTS = "D01"
ASKED = ("synthdid", "did", "augmented", "sc")
"""The card shows the first of these that has an answer; all of them stand on the page behind it."""


@dataclass(frozen=True)
class Attempt:
    """One method's answer: the change of the rate with its 95 per cent interval, or why it has none.

    `relative`: the change is a share of what was expected, as for counts judged by themselves alone.
    `smallest_p` is the least p that so few comparison places could give.
    """

    estimator: str
    change: float | None
    band95: tuple[float, float] | None
    p: float | None
    smallest_p: float | None
    reason: Reason | None
    relative: bool = False


@dataclass(frozen=True)
class Effect:
    """What can be said of one measure in one place; `declined` where no method has an answer."""

    measure: Measure
    local: LocalMeasure
    since: int
    indicator: str
    points: Series
    compared_with: tuple[Region, ...]
    attempts: tuple[Attempt, ...]
    sentence: Text | None
    declined: Reason | None

    @property
    def asked(self) -> Attempt | None:
        answered = {each.estimator: each for each in self.attempts if each.reason is None and each.band95}
        return next((answered[name] for name in ASKED if name in answered), None)


def effects(
    readings: Readings, reference: Reference, indicators: Mapping[str, Indicator]
) -> dict[str, Effect]:
    """The first measure of each municipality that has a start year and an indicator with rates."""
    found: dict[str, Effect] = {}
    measures = {measure.code: measure for measure in reference.measures}
    for local in reference.local_measures:
        place = reference.geography[local.region]
        if local.since is None or place.level is not Level.MUNICIPALITY or place.code in found:
            continue
        followed = _followed(measures[local.measure], indicators)
        if followed is not None:
            found[place.code] = _effect(
                readings, reference, measures[local.measure], local, local.since, followed
            )
    return found


def _followed(measure: Measure, indicators: Mapping[str, Indicator]) -> str | None:
    """The indicator that a measure is judged by: reports where it is aimed at them, else its first rate."""
    if REPORTS in measure.indicators or "R06" in measure.indicators:
        return REPORTS
    return next((code for code in measure.indicators if code in indicators and indicators[code].rate), None)


def _effect(
    readings: Readings,
    reference: Reference,
    measure: Measure,
    local: LocalMeasure,
    since: int,
    indicator: str,
) -> Effect:
    own = stretch(readings.of(indicator, local.region))
    donors = _donors(readings, reference, indicator, own)
    common = (measure, local, since, indicator, own, tuple(donors))
    reason = _unanswerable(own, since, donors)
    if reason:
        return Effect(*common, (), None, reason)
    at = next(reading.period for reading in own if reading.year >= since)
    series = {local.region: own} | {
        place.code: stretch(readings.of(indicator, place.code)) for place in donors
    }
    try:
        answer = estimate(_table(series), treated=(local.region,), at=at)
    except Declined as declined:
        return Effect(*common, (), None, declined.reason)
    attempts = tuple(_attempt(row) for row in answer.rows if row["kind"] == "estimate")
    return Effect(*common, attempts, answer.summary["sentence"], None)


def _unanswerable(own: Series, since: int, donors: list[Region]) -> Reason | None:
    if not own:
        return Reason.MISSING
    if own[0].year >= since:
        return Reason.NO_POINTS_BEFORE
    if own[-1].year < since:
        return Reason.NO_POINTS_AFTER
    return None if donors else Reason.NO_COMPARISON_GROUP


def _donors(readings: Readings, reference: Reference, indicator: str, own: Series) -> list[Region]:
    """Municipalities with a rate in every one of the same periods, and no documented measure of their own."""
    told = {local.region for local in reference.local_measures}
    periods = [reading.period for reading in own]
    return [
        place
        for place in reference.geography.at(Level.MUNICIPALITY)
        if place.code not in told
        and [reading.period for reading in stretch(readings.of(indicator, place.code))] == periods
    ]


def _table(series: Mapping[str, Series]) -> Tidy:
    cells = [(code, reading) for code, points in series.items() for reading in points]
    return Tidy.of(
        unit=[code for code, _ in cells],
        period=[reading.period for _, reading in cells],
        outcome=[reading.estimate.value if reading.estimate else float("nan") for _, reading in cells],
    )


def _attempt(row: Mapping[str, Any]) -> Attempt:
    relative = "relative_per_cent" in row and "att" not in row
    names = (
        ("relative_per_cent", "relative_lower", "relative_upper") if relative else ("att", "lower", "upper")
    )
    change, low, high = (
        None if row.get(name) is None else row[name] / (100 if relative else 1) for name in names
    )
    return Attempt(
        row["estimator"],
        change,
        (low, high) if low is not None and high is not None else None,
        row.get("p_effect", row.get("p")),
        row.get("smallest_p_possible"),
        row.get("reason"),
        relative,
    )
