"""Bias-corrected abundance (Rivest and Levesque 2001, Canadian Journal of Statistics 29:555).

The counts of those seen once, twice and three times are shifted a little before the fit, so that the
estimate is right on average to the next order. For small tables the correction is worth having.
"""

from collections.abc import Callable
from functools import partial

import numpy as np
from scipy.optimize import brentq
from scipy.special import gammaln

from ..estimation.regression import NotFitted, PoissonFit, poisson
from ..table.arrays import Bools, Floats
from .closed import fitted
from .designs import SHAPES, Model, models
from .lower_bound import chao

Answer = tuple[float, float]


def corrected(member: Bools, counts: Floats) -> dict[str, Answer]:
    """(abundance, standard error) by model, for the models whose correction is known and that can be
    fitted."""
    often = frequencies(member, counts)
    makers: dict[str, Callable[[], Answer]] = {
        "M0": partial(alike, often, np.array([-0.5, 1.0, 0.0])),
        "Mt": partial(differing, member, counts),
        "Mh Chao (LB)": partial(bound, often),
    }
    occasions = len(often)
    if occasions >= 3:
        makers |= {f"Mh {name}": partial(alike, often, shift(shape), shape) for name, shape in SHAPES.items()}
        shifts = shifts_by_history(occasions)
        both = (model for model in models(member) if model.name in shifts)
        makers |= {model.name: partial(mixed, model, member, counts, shifts[model.name]) for model in both}
        first = newly_seen(member, counts)
        makers["Mb"] = partial(behaviour, first)
        if occasions >= 4:
            makers["Mbh"] = partial(behaviour_after, first)
    attempts = {name: attempted(make) for name, make in makers.items()}
    return {name: answer for name, answer in attempts.items() if answer is not None}


def frequencies(member: Bools, counts: Floats) -> Floats:
    """How many were seen once, twice, ... on all occasions."""
    often = np.bincount(member.sum(axis=1), weights=counts, minlength=member.shape[1] + 1)
    return often[1:].astype(np.float64)


def attempted(make: Callable[[], Answer]) -> Answer | None:
    try:
        return make()
    except (NotFitted, ValueError):
        return None


def alike(often: Floats, shifts: Floats, shape: Callable[[Floats], Floats] | None = None) -> Answer:
    """Models M0 and Mh on the numbers seen once, twice, ..., with those numbers shifted."""
    occasions = len(often)
    times = np.arange(1.0, occasions + 1)
    columns = [np.ones(occasions), times] + ([] if shape is None else [shape(times)])
    ways = gammaln(occasions + 1) - gammaln(times + 1) - gammaln(occasions - times + 1)
    moved = often + np.pad(shifts, (0, max(occasions - 3, 0)))[:occasions]
    fit = poisson(np.column_stack(columns), np.maximum(moved, 0.0), ways)
    return with_unseen(float(often.sum()), fit)


def with_unseen(observed: float, fit: PoissonFit) -> Answer:
    """The intercept is the logarithm of the unseen number."""
    hidden = float(np.exp(fit.coefficients[0]))
    return observed + hidden, float(np.sqrt(hidden + hidden**2 * fit.covariance[0, 0]))


def shift(shape: Callable[[Floats], Floats]) -> Floats:
    """By how much to move those seen once, twice and three times under a heterogeneity shape."""
    one, two, three = shape(np.array([1.0, 2.0, 3.0]))
    curve = (two - 2 * one) / (three - 2 * two + one)
    return np.array([-(1 + curve) / 2, 1 + curve, (1 - curve) / 2])


def shifts_by_history(occasions: int) -> dict[str, Floats]:
    """By how much to move each history seen once, twice and three times under Mth.

    No correction is known for Gamma.
    """
    pairs = occasions * (occasions - 1)
    return {
        "Mth Chao (LB)": np.array([(occasions - 2) / (2 * occasions), 2 / pairs, 0.0]),
        "Mth Poisson2": np.array(
            [(2 * occasions - 5) / (4 * occasions), 3 / pairs, 3 / (2 * pairs * (occasions - 2))]
        ),
        "Mth Darroch": np.array([(occasions - 3) / (2 * occasions), 4 / pairs, 0.0]),
    }


def mixed(model: Model, member: Bools, counts: Floats, shifts: Floats) -> Answer:
    """Model Mth on all histories, those with few captures shifted."""
    times = member.sum(axis=1)
    moved = counts + np.where(times <= 3, shifts[np.minimum(times, 3) - 1], 0.0)
    return with_unseen(float(counts.sum()), fitted(model, moved))


def newly_seen(member: Bools, counts: Floats) -> Floats:
    """How many were seen for the first time on each occasion."""
    first = np.bincount(member.argmax(axis=1), weights=counts, minlength=member.shape[1])
    return first.astype(np.float64)


def behaviour(first: Floats) -> Answer:
    """Model Mb: the newly seen fall geometrically, so their whole series sums to the population."""
    moved = first.copy()
    moved[:3] += [2.0, -1.0, -1.0]
    design = np.column_stack([np.ones(len(first)), np.arange(float(len(first)))])
    fit = poisson(design, np.maximum(moved, 0.0))
    start, ratio = np.exp(fit.coefficients)
    if ratio >= 1:
        raise NotFitted
    size = float(start / (1 - ratio))
    gradient = size * np.array([1.0, ratio / (1 - ratio)])
    variance = float(gradient @ fit.covariance @ gradient) - size
    if variance < 0:
        raise NotFitted
    return size, float(np.sqrt(variance))


def behaviour_after(first: Floats) -> Answer:
    """Model Mbh: as Mb from the second occasion on, with those of the first added."""
    later, error = behaviour(first[1:])
    return float(first[0]) + later, error


def bound(often: Floats) -> Answer:
    """Chao's bound has its correction in closed form."""
    found = chao(float(often.sum()), float(often[0]), float(often[1]), len(often))
    return found.value, found.error


def differing(member: Bools, counts: Floats) -> Answer:
    """Model Mt.

    Chapman for two occasions, else the root of Seber (1982, section 4.1.2) with shifted totals.
    """
    seen, total, occasions = counts @ member, float(counts.sum()), member.shape[1]
    if occasions == 2:
        return chapman(float(seen[0]), float(seen[1]), float(seen.sum() - total))
    each, all_ = seen + (occasions + 2) / (2 * occasions), total + occasions / 2
    size = brentq(lambda guess: np.prod(1 - each / guess) - (1 - all_ / guess), all_, 1e6 * all_)
    information = 1 / (size - all_) + (occasions - 1) / size - (1 / (size - each)).sum()
    return float(size - occasions / 2), float(information**-0.5)


def chapman(first: float, second: float, both: float) -> Answer:
    """Two occasions (Chapman 1951; variance Seber 1982, p. 60)."""
    size = (first + 1) * (second + 1) / (both + 1) - 1
    spread = (first + 1) * (second + 1) * (first - both) * (second - both)
    return size, float(np.sqrt(spread / ((both + 1) ** 2 * (both + 2))))
