"""One series as it is read from a tidy table, and what no line can be drawn through."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lagesbild.core.language import Text

from ..answer.reason import Reason
from ..answer.result import Declined
from ..estimation.bounded_counts import BoundedCounts
from ..longitudinal import place_of
from ..method import (
    Column,
)
from ..table.arrays import Floats, Integers
from ..table.periods import ordered, refuse_repeated
from ..table.tidy import Texts, Tidy
from .design import delayed

FEWEST_BEFORE = 6
FEWEST_AFTER = 3
FEWEST_EVENTS = 10
SCALES: dict[str, Callable[[Floats], Floats]] = {"log": np.log, "log10": np.log10, "identity": np.asarray}
TRANSFORMED = re.compile(r"(?P<how>log|log10)\((?P<name>.+)\)")


@dataclass(frozen=True)
class Series:
    """One series in time order. `treated` is 0/1, `exposure` what is counted per (1 when nothing is)."""

    periods: tuple[str, ...]
    time: Floats
    counts: BoundedCounts
    exposure: Floats
    treated: Floats
    season: Integers | None
    covariates: Mapping[str, Floats]


def read(table: Tidy, at: str | None, season: str | None, covariates: Sequence[str], delay: int) -> Series:
    """The rows in time order; declines over a series break and where a count is not even bounded."""
    periods, place = ordered(table)
    refuse_repeated(table, place)
    table = table.at(np.argsort(place, kind="stable"))
    known = table.counts()
    if (known.protected & ~known.bounded).any():
        raise Declined(Reason.PROTECTED)
    if np.isnan(known.lower).any():
        raise Declined(Reason.MISSING)
    if "break" in table and len(set(table.text("break"))) > 1:
        raise Declined(Reason.SERIES_BREAK)
    beside = {name: covariate(table, name) for name in covariates}
    return Series(
        periods,
        np.arange(len(periods), dtype=np.float64),
        BoundedCounts(known.lower, known.upper),
        table.filled("denominator", 1.0),
        delayed(treatment(table, periods, at), delay),
        seasons(table, season),
        beside,
    )


def treatment(table: Tidy, periods: Sequence[str], at: str | None) -> Floats:
    """0/1 from `--at`, else from the column `treated`."""
    if at is not None:
        start = place_of(periods, at)
        if start is None:
            raise Declined(Reason.NO_POINTS_AFTER)
        return (np.arange(len(periods)) >= start).astype(np.float64)
    table.require("treated")
    treated = table.numbers("treated")
    if np.isnan(treated).any():
        raise Declined(Reason.MISSING)
    return treated


def seasons(table: Tidy, season: str | None) -> Integers | None:
    """Season codes: from a column by that name, or every so many periods."""
    if season is None:
        return None
    if season in table:
        return in_order(table.text(season))
    if not season.isdigit() or int(season) < 2:
        table.require(season)
    return np.arange(len(table)) % int(season)


def in_order(names: Texts) -> Integers:
    """Codes by number where the seasons are numbered, as months are: harmonics go by their order."""
    try:
        return np.unique(names.astype(float), return_inverse=True)[1]
    except ValueError:
        return np.unique(names, return_inverse=True)[1]


def covariate(table: Tidy, written: str) -> Floats:
    """A column, or `log(column)` or `log10(column)`."""
    found = TRANSFORMED.fullmatch(written)
    if found is None:
        table.require(written)
        return table.numbers(written)
    table.require(found["name"])
    values = table.numbers(found["name"])
    if not (values > 0).all():
        raise Declined(Reason.IMPOSSIBLE)
    return np.asarray(SCALES[found["how"]](values))


def check(series: Series) -> None:
    """Decline what no line can be drawn through."""
    before, after = int((series.treated == 0).sum()), int((series.treated > 0).sum())
    if before < FEWEST_BEFORE:
        raise Declined(Reason.NO_POINTS_BEFORE)
    if after < FEWEST_AFTER:
        raise Declined(Reason.NO_POINTS_AFTER)
    if series.counts.upper.sum() < FEWEST_EVENTS:
        raise Declined(Reason.TOO_FEW_EVENTS)
    if not (series.exposure > 0).all():
        raise Declined(Reason.NO_DENOMINATOR)


COUNT = Column(
    "count",
    Text(
        "antal händelser",
        "number of events",
    ),
    ("outcome", "numerator", "antal", "y"),
    is_number=True,
)


PERIOD = Column(
    "period",
    Text("period, en rad för varje", "period, one row each"),
    ("t", "time", "date", "quarter", "month", "year", "ar"),
)


TREATED = Column(
    "treated",
    Text("1 från åtgärdens början, annars 0", "1 from the start of the measure, else 0"),
    ("law", "post", "intervention", "after"),
    required=False,
    is_number=True,
)


DENOMINATOR = Column(
    "denominator",
    Text("antal att räkna per", "number to count per"),
    ("population", "exposure"),
    required=False,
    is_number=True,
)


BREAK = Column(
    "break", Text("ändras vid ett seriebrott", "changes at a series break"), ("series",), required=False
)
