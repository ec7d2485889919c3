"""Who resembles us, and where do we stand among them: the most alike, differences, ranks with intervals."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lagesbild.core.language import Text

from .answer.reason import Reason
from .answer.result import Answer, Declined, Row
from .estimation.limits import normal_quantile
from .inversion import by_enumeration
from .method import (
    AREA,
    COUNT,
    DENOMINATOR,
    LEVEL,
    MULTIPLIER,
    PROTECTION,
    Method,
    Option,
    integer,
    pairs,
    texts,
)
from .rate import Rates, rates
from .table.periods import refuse_repeated
from .table.tidy import CountsKnown, Numbers, Tidy

MOST_ALIKE = 7


@dataclass(frozen=True)
class Alike:
    """For each area its nearest others: their row numbers and distances, nearest first; -1 where too few."""

    others: NDArray[np.intp]
    distance: Numbers


def most_alike(indicators: Numbers, weights: Any = None, most: int = MOST_ALIKE) -> Alike:
    """Nearest areas by Euclidean distance of standardised indicators (areas, indicators).

    Each indicator is centred and divided by its standard deviation over areas, squared differences are
    weighted, and the sum is divided by the weights that count: an indicator missing for either area has no
    part in their distance. Ties go to the earlier row.
    """
    weight = np.ones(indicators.shape[1]) if weights is None else np.asarray(weights, dtype=float)
    known = ~np.isnan(indicators)
    spread = np.nanstd(np.where(known.any(0), indicators, 0.0), axis=0)
    scaled = np.nan_to_num(
        (indicators - np.nanmean(np.where(known.any(0), indicators, 0.0), axis=0)) / _positive(spread)
    )
    mass = known.astype(float) * weight
    shared = mass @ known.T.astype(float)
    squares = (mass * scaled**2) @ known.T + known @ (mass * scaled**2).T - 2 * (mass * scaled) @ scaled.T
    with np.errstate(divide="ignore", invalid="ignore"):
        distance = np.sqrt(np.where(shared > 0, np.maximum(squares, 0.0) / shared, np.inf))
    np.fill_diagonal(distance, np.inf)
    order = np.argsort(distance, axis=1, kind="stable")[:, :most]
    nearest = np.take_along_axis(distance, order, 1)
    return Alike(np.where(np.isfinite(nearest), order, -1), np.where(np.isfinite(nearest), nearest, np.nan))


def _positive(spread: Numbers) -> Numbers:
    """An indicator that is the same everywhere tells nobody apart, whatever it is divided by."""
    return np.where(spread > 0, spread, 1.0)


@dataclass(frozen=True)
class Ranks:
    """Rank 1 is the highest value; `lower` and `upper` hold the rank at the chosen level."""

    rank: Numbers
    lower: Numbers
    upper: Numbers


@np.errstate(divide="ignore", invalid="ignore")
def ranks(counts: CountsKnown, per: Numbers, level: float = 0.95) -> Ranks:
    """Rank of each area's rate, and an interval that holds its true rank with at least this probability.

    Another area is above or below for certain when the two rates differ, on Anscombe's square-root scale, at
    the level shared among all comparisons of this area (Al Mohamad, Goeman and van Zwet 2022), stepping down
    after Holm (1979, Scand J Stat 6:65): the clearest differences no longer compete with the rest. A hidden
    cell stands at its bound that says least; one without bounds may have any rank.
    """
    value = np.where(counts.exact, counts.value, np.nan) / per
    low, high = (np.sqrt((np.nan_to_num(end, nan=0.0) + 3 / 8) / per) for end in (counts.lower, counts.upper))
    error = 0.5 * np.sqrt(1 / per[:, None] + 1 / per[None, :])
    known = counts.bounded & (per > 0)
    gap = np.where(known[:, None] & known[None, :], (low[None, :] - high[:, None]) / error, -np.inf)
    certain = stepped_down(np.maximum(gap, gap.T), level)
    filled = np.where(np.isnan(value), -np.inf, value)
    rank = 1.0 + (filled[None, :] > filled[:, None]).sum(1)
    above, below = (certain & (gap > 0)).sum(1), (certain & (gap.T > 0)).sum(1)
    return Ranks(np.where(np.isnan(value), np.nan, rank), 1.0 + above, len(value) - below.astype(float))


def stepped_down(apart: Numbers, level: float) -> NDArray[np.bool_]:
    """Which others each area surely differs from, by their distance in standard errors (areas, areas)."""
    others = max(len(apart) - 1, 1)
    needed = normal_quantile(1 - (1 - level) / np.arange(others, 0, -1))
    order = np.argsort(-apart, axis=1, kind="stable")
    held = np.take_along_axis(apart, order, 1)[:, :others] > needed
    certain = np.zeros(apart.shape, dtype=bool)
    np.put_along_axis(certain, order[:, :others], np.logical_and.accumulate(held, axis=1), 1)
    return certain


@dataclass(frozen=True)
class Differences:
    """First rate minus second and first over second, elementwise; limits least favourable if hidden."""

    difference: Numbers
    lower: Numbers
    upper: Numbers
    ratio: Numbers
    ratio_lower: Numbers
    ratio_upper: Numbers


@np.errstate(divide="ignore", invalid="ignore")
def compare(
    first: CountsKnown, first_per: Any, second: CountsKnown, second_per: Any, level: float = 0.95
) -> Differences:
    """Compare two arrays of counts and what they count per; limits by combining each rate's own.

    The difference's limits recover the variances from each Poisson interval (MOVER: Zou and Donner 2008),
    as do the ratio's on the log scale, so that small counts keep their skewness.
    """
    pairs = [
        _of_rates(rates(one, first_per, 1.0, (level,)), rates(other, second_per, 1.0, (level,)))
        for one, other in ((_at_end(first, 0), _at_end(second, 1)), (_at_end(first, 1), _at_end(second, 0)))
    ]
    shown = first.exact & second.exact
    least, most = pairs
    return Differences(
        np.where(shown, least.difference, np.nan),
        least.lower,
        most.upper,
        np.where(shown, least.ratio, np.nan),
        least.ratio_lower,
        most.ratio_upper,
    )


def _at_end(counts: CountsKnown, upper: int) -> CountsKnown:
    return CountsKnown.released(counts.upper if upper else counts.lower)


def _of_rates(one: Rates, other: Rates) -> Differences:
    """MOVER: distances from each rate to its own limits, combined as the legs of a right triangle."""
    (low, high), (other_low, other_high) = (one.lower[0], one.upper[0]), (other.lower[0], other.upper[0])
    middle = one.value - other.value
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = one.value / other.value
        log_down = np.hypot(np.log(one.value / low), np.log(other_high / other.value))
        log_up = np.hypot(np.log(high / one.value), np.log(other.value / other_low))
        # A rate of zero has no logarithm: the ratio's limits are then those of the ends themselves.
        both = (one.value > 0) & (other.value > 0)
        ratio_low = np.where(both, ratio * np.exp(-log_down), low / other_high)
        ratio_high = np.where(both, ratio * np.exp(log_up), high / other_low)
    down, up = (
        np.hypot(one.value - low, other_high - other.value),
        np.hypot(high - one.value, other.value - other_low),
    )
    return Differences(middle, middle - down, middle + up, ratio, ratio_low, ratio_high)


def _run(
    table: Tidy,
    level: tuple[float, ...],
    multiplier: float,
    indicators: tuple[str, ...],
    weights: dict[str, float],
    most: int,
) -> Answer:
    refuse_repeated(table, table.codes("area"))
    if len(table) < 3:
        raise Declined(Reason.TOO_FEW_AREAS)
    names = indicators or _context(table)
    table.require(*names, *weights)
    weight = [weights.get(name, 1.0) for name in names]
    values = np.column_stack([table.numbers(name) for name in names]) if names else np.zeros((len(table), 0))
    alike = most_alike(values, weight, most)
    outcome = _outcome(table, alike, level[0], multiplier) if "count" in table else None
    rows = [_row(table, alike, outcome, i) for i in range(len(table))]
    return Answer(rows, {"indicators": list(names), "weights": weight, "most": most})


def _context(table: Tidy) -> tuple[str, ...]:
    """Every column of numbers that is not the outcome: what the areas are compared on."""
    used = [column for column in COMPARE.columns if column.name in table]
    own = {name for column in used for name in (column.name, *column.also)} | {"period", "year"}
    return tuple(name for name in table if name not in own and table.is_numbers(name))


@dataclass(frozen=True)
class _Outcome:
    """Rates, ranks among all and among the most alike, and the differences from each of those."""

    found: Rates
    ranks: Ranks
    beside: list[Differences]
    multiplier: float


def _outcome(table: Tidy, alike: Alike, level: float, multiplier: float) -> _Outcome:
    table.require("denominator")
    counts, per = table.counts(), table.numbers("denominator")
    beside = [
        compare(counts.at(np.full(len(others), i)), per[i], counts.at(others), per[others], level)
        for i, others in enumerate(alike.others)
    ]
    return _Outcome(rates(counts, per, multiplier, (level,)), ranks(counts, per, level), beside, multiplier)


def _row(table: Tidy, alike: Alike, outcome: _Outcome | None, i: int) -> Row:
    area = table.text("area")
    carried = {name: column[i] for name, column in table.columns.items() if name not in ("lower", "upper")}
    nearest = [
        {"area": area[j], "distance": alike.distance[i, k], **_difference(outcome, i, k)}
        for k, j in enumerate(alike.others[i])
        if j >= 0
    ]
    if outcome is None:
        return {**carried, "most_alike": nearest, "reason": "" if nearest else Reason.MISSING}
    found, placed = outcome.found, outcome.ranks
    return {
        **carried,
        "value": found.value[i],
        "lower": found.lower[0][i],
        "upper": found.upper[0][i],
        "rank": placed.rank[i],
        "rank_lower": placed.lower[i],
        "rank_upper": placed.upper[i],
        "sentence": _sentence(outcome, alike, i),
        "most_alike": nearest,
        "reason": found.reason[i],
    }


def _difference(outcome: _Outcome | None, i: int, k: int) -> Row:
    if outcome is None:
        return {}
    of, scale = outcome.beside[i], outcome.multiplier
    return {
        "difference": of.difference[k] * scale,
        "difference_lower": of.lower[k] * scale,
        "difference_upper": of.upper[k] * scale,
        "ratio": of.ratio[k],
        "ratio_lower": of.ratio_lower[k],
        "ratio_upper": of.ratio_upper[k],
    }


def _sentence(outcome: _Outcome, alike: Alike, i: int) -> Text:
    """How many of the most alike lie surely below and above; made from the intervals alone."""
    near = alike.others[i] >= 0
    of, total = outcome.beside[i], int(near.sum())
    above = int((of.lower[near] > 0).sum())
    below = int((of.upper[near] < 0).sum())
    return Text(
        f"Säkert högre än {above} och säkert lägre än {below}, av {total} liknande.",
        f"Surely higher than {above} and surely lower than {below}, out of {total} compared.",
    )


# One-letter names, by which other methods know their counts, may well be indicators here.
_COUNT = replace(COUNT, required=False, also=tuple(name for name in COUNT.also if len(name) > 1))
_PEOPLE = replace(DENOMINATOR, required=False, also=tuple(name for name in DENOMINATOR.also if len(name) > 1))

COMPARE = Method(
    "compare",
    Text("Vilka liknar oss, och hur står vi oss bland dem?", "Who resembles us, and how do we compare?"),
    (
        replace(AREA, required=True),
        _COUNT,
        _PEOPLE,
        *PROTECTION,
    ),
    (
        LEVEL,
        MULTIPLIER,
        Option(
            "indicators",
            Text(
                "Kolumner att likna på; alla med tal om inget sägs.",
                "Columns to compare on; all numbers unless said.",
            ),
            texts,
            (),
        ),
        Option(
            "weights",
            Text("Vikter: namn=vikt,…; 1 om inget sägs.", "Weights: name=weight,…; 1 unless said."),
            pairs,
            {},
        ),
        Option("most", Text("Hur många mest lika.", "How many most alike."), integer(1), MOST_ALIKE),
    ),
    _run,
    by_enumeration,
)
