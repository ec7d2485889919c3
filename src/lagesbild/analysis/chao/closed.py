"""Fitting the closed-population models: abundance, its error, deviance and criteria."""

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import expit

from ..estimation.regression import NotFitted, PoissonFit, poisson
from ..table.arrays import Bools, Floats
from .designs import Model, models, repeated

NEARLY_NOBODY = 1e-4


@dataclass(frozen=True)
class Abundance:
    """One model's answer. `error` includes the randomness of who is unseen, not the choice of model.

    Both are NaN where the model fits but puts no ceiling on the population, as Mb when the newly seen do
    not fall.
    """

    model: Model
    abundance: float
    error: float
    fit: PoissonFit


def abundances(member: Bools, counts: Floats) -> tuple[Abundance, ...]:
    """Every model that can be fitted, for the counts of all 2^t - 1 histories."""
    return those_fitted(models(member), counts, member.shape[1])


def repeated_abundances(often: Floats) -> tuple[Abundance, ...]:
    """Every model that can be fitted, for the numbers seen once, twice, ... in one register."""
    return those_fitted(repeated(len(often)), often, len(often))


def those_fitted(offered: tuple[Model, ...], counts: Floats, occasions: int) -> tuple[Abundance, ...]:
    found = []
    for model in offered:
        try:
            found.append(abundance(model, counts, occasions))
        except NotFitted:
            continue
    return tuple(found)


def abundance(model: Model, counts: Floats, occasions: int) -> Abundance:
    """Fit one model; raises `NotFitted` when its likelihood has no maximum."""
    fit = fitted(model, counts)
    size, gradient = size_of(model.name, fit.coefficients, counts.sum(), occasions)
    if not np.isfinite(size) or size < counts.sum():
        return Abundance(model, np.nan, np.nan, fit)
    variance = float(gradient @ fit.covariance @ gradient)
    extra = -size if model.name in BEHAVIOUR else size - counts.sum()
    if variance + extra < 0:
        return Abundance(model, np.nan, np.nan, fit)
    return Abundance(model, size, float(np.sqrt(variance + extra)), fit)


def fitted(model: Model, counts: Floats) -> PoissonFit:
    """Fit, dropping Chao's free terms one by one while any of them is negative: heterogeneity cannot be."""
    negative = first_negative(model, counts)
    if negative is None:
        return poisson(model.design, counts, model.offset)
    less = np.delete(model.design, negative, axis=1)
    return fitted(replace(model, design=less, free=model.free[:-1]), counts)


def first_negative(model: Model, counts: Floats) -> int | None:
    """The first free column whose estimate is below zero.

    Where nobody was seen that often a term runs off to infinity; nearly nobody tells which way.
    """
    if not model.free:
        return None
    try:
        fit = poisson(model.design, counts, model.offset)
    except NotFitted:
        fit = poisson(model.design, counts + NEARLY_NOBODY, model.offset)
    return next((column for column in model.free if fit.coefficients[column] < 0), None)


def size_of(name: str, coefficients: Floats, observed: float, occasions: int) -> tuple[float, Floats]:
    """Population and its gradient in the coefficients (Rivest and Baillargeon 2007)."""
    if name in BEHAVIOUR:
        with np.errstate(divide="ignore", invalid="ignore"):  # no fall, no ceiling: seen by who asks
            return BEHAVIOUR[name](coefficients, occasions)
    hidden = float(np.exp(coefficients[0]))
    gradient = np.zeros(len(coefficients))
    gradient[0] = hidden
    return observed + hidden, gradient


def behaviour_size(coefficients: Floats, occasions: int) -> tuple[float, Floats]:
    """Population under model Mb: first captures fall geometrically."""
    first, second = np.exp(coefficients[1:])
    gap = 1 + second - first
    size = float(np.exp(coefficients[0]) * (1 + second) ** occasions / gap)
    slope = occasions * expit(coefficients[2]) - second / gap
    return size, size * np.array([1.0, first / gap, slope])


def behaviour_first_size(coefficients: Floats, occasions: int) -> tuple[float, Floats]:
    """Population under model Mbh: as Mb from the second occasion on."""
    first, second, third = np.exp(coefficients[1:])
    gap = 1 + third - second
    base = float(np.exp(coefficients[0]) * (1 + third) ** (occasions - 1))
    later = first * second / gap
    slope = (occasions - 1) * expit(coefficients[3])
    gradient = [1 + later, later, later + later * second / gap, slope - later * third / gap]
    return base * (1 + later), base * np.array(gradient)


BEHAVIOUR = {"Mb": behaviour_size, "Mbh": behaviour_first_size}
