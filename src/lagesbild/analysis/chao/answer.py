"""`chao`: the floor under the hidden number, and the closed-population models beside it."""

from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np

from lagesbild.core.language import Text

from ..answer.reason import Reason
from ..answer.result import Answer, Declined
from ..inversion import by_enumeration
from ..method import Column, Method, Option, levels
from ..mse import capture_table
from ..table.arrays import Floats, Integers
from ..table.tidy import Tidy
from .closed import Abundance, abundances, repeated_abundances
from .corrected import Answer as Corrected
from .corrected import corrected
from .lower_bound import LowerBound, chao, classic, zelterman
from .profile import interval

FEWEST_PEOPLE = 5
CORRECTED = "Chao (LB), bias-corrected"
MOST_OCCASIONS = 10  # the models have 2^t cells
MOST_TIMES = 30  # Chao's bound has a free term for each, and its profile fits them all again
MOST_TIMES_SEEN = 100_000

CAPTURES = Column(
    "captures",
    Text("hur många gånger personen setts, i stället för register", "how many times seen, instead of lists"),
    ("nbcap", "seen", "times"),
    required=False,
    is_number=True,
)


def estimate(table: Tidy, lists: tuple[str, ...] | None = None, level: Sequence[float] = (0.95,)) -> Answer:
    """Chao's bound, and every closed-population model that the lists allow."""
    if "captures" in table:
        return from_frequencies(table, level[0])
    captured = capture_table.read(table, lists)
    occasions = len(captured.lists)
    if occasions < 2:
        raise Declined(Reason.TWO_LISTS)
    times = captured.rows.sum(axis=1)
    bounds = floor(times, captured.lower, captured.upper, occasions, level[0])
    if captured.protected:
        return Answer(bounds, {"occasions": occasions})
    histories = captured.histories(captured.lower)
    found = (
        () if occasions < 3 or occasions > MOST_OCCASIONS else abundances(histories.member, histories.counts)
    )
    better = corrected(histories.member, histories.counts) if found else {}
    rows = [*bounds, *(model_row(one, better.get(one.model.name), level[0]) for one in found)]
    if occasions < 3:
        rows.append({"family": "closedp", "reason": Reason.TWO_LISTS})
    return Answer(rows, summary(times, captured.lower, occasions))


def from_frequencies(table: Tidy, level: float) -> Answer:
    """A single register in which people are seen any number of times."""
    lower, upper = capture_table.bounds(table)
    if np.isnan(lower).any() or np.isnan(upper).any():
        raise Declined(Reason.PROTECTED if "status" in table else Reason.MISSING)
    times = whole(table.numbers("captures"))
    bounds = floor(times, lower, upper, None, level)
    if (lower < upper).any():
        return Answer(bounds, {"occasions": None})
    often = np.bincount(times, weights=lower)[1:].astype(np.float64)
    often = often[: np.flatnonzero(often)[-1] + 1]
    found = repeated_abundances(often) if 3 <= len(often) <= MOST_TIMES else ()
    return Answer([*bounds, *(model_row(one, None, level) for one in found)], summary(times, lower, None))


def whole(times: Floats) -> Integers:
    """How many times seen, each at least once; declines what nobody can have been seen."""
    if np.isnan(times).any():
        raise Declined(Reason.MISSING)
    if (times < 1).any() or (times > MOST_TIMES_SEEN).any() or (times % 1 > 0).any():
        raise Declined(Reason.IMPOSSIBLE)
    return times.astype(np.int64)


def floor(
    times: Any, lower: Floats, upper: Floats, occasions: int | None, level: float
) -> list[dict[str, Any]]:
    """Chao's bound, corrected and as first given.

    Over every table the release allows when counts are hidden.
    """
    once, twice, all_ = (
        (float(lower[part].sum()), float(upper[part].sum())) for part in (times == 1, times == 2, times >= 1)
    )
    if all_[1] < FEWEST_PEOPLE or once[1] + twice[1] == 0:
        raise Declined(Reason.TOO_FEW_EVENTS)
    seen_more = float(lower[times > 2].sum()), float(upper[times > 2].sum())
    if once[0] == once[1] and twice[0] == twice[1] and seen_more[0] == seen_more[1]:
        seen = all_[0], once[0], twice[0], occasions, level
        rows = [bound_row(CORRECTED, chao(*seen))]
        return rows + ([bound_row("Chao (LB)", classic(*seen))] if twice[0] > 0 else [])
    doubles = np.arange(twice[0], twice[1] + 1)
    tables = product((once[0], once[1]), doubles, seen_more)
    found = [chao(one + two + more, one, two, occasions, level) for one, two, more in tables]
    return [hidden_row(found)]


def bound_row(name: str, found: LowerBound) -> dict[str, Any]:
    return {
        "family": "lower_bound",
        "model": name,
        "abundance": found.value,
        "stderr": found.error,
        "lower": found.lower,
        "upper": found.upper,
    }


def hidden_row(found: Sequence[LowerBound]) -> dict[str, Any]:
    """The bound rises with those seen once and with those seen often, so the ends of these and every value
    of the rest hold its extremes."""
    return {
        "family": "lower_bound",
        "model": CORRECTED,
        "abundance": None,
        "lowest": min(one.value for one in found),
        "highest": max(one.value for one in found),
        "lower": min(one.lower for one in found),
        "upper": max(one.upper for one in found),
        "reason": Reason.PROTECTED,
    }


def model_row(found: Abundance, better: Corrected | None, level: float) -> dict[str, Any]:
    """One closed-population model with its profile interval where it has one."""
    row: dict[str, Any] = {
        "family": "closedp",
        "model": found.model.name,
        "abundance": found.abundance,
        "stderr": found.error,
        "deviance": found.fit.deviance,
        "df": found.fit.freedom,
        "AIC": found.fit.aic,
        "BIC": found.fit.aic + (np.log(found.fit.counts.sum()) - 2) * len(found.fit.coefficients),
    }
    if np.isnan(found.abundance):
        return row | {"abundance": None, "stderr": None, "reason": Reason.NO_FINITE_ESTIMATE}
    if found.model.name not in ("Mb", "Mbh"):
        profile = interval(found, level)
        row |= {"lower": profile.lower, "upper": profile.upper}
        row["multinomial_profile"] = [profile.abundance, profile.lower, profile.upper]
    if better is not None:
        row["bias_corrected"] = {"abundance": better[0], "stderr": better[1]}
    return row


def summary(times: Any, counts: Floats, occasions: int | None) -> dict[str, Any]:
    often = np.bincount(times, weights=counts)[1:]
    given = {"n_observed": float(often.sum()), "seen_times": often, "occasions": occasions}
    if len(often) >= 2 and often[0] > 0 and often[1] > 0:
        given["zelterman"] = zelterman(float(often.sum()), float(often[0]), float(often[1]))
    return given


CHAO = Method(
    "chao",
    Text(
        "Hur många är de minst, även de som ingen ser?", "How many are there at least, the unseen included?"
    ),
    (*capture_table.COLUMNS, CAPTURES),
    (
        capture_table.LISTS,
        Option("level", Text("Konfidensnivå.", "Confidence level."), levels, (0.95,)),
    ),
    estimate,
    by_enumeration,
)
