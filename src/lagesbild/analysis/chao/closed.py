"""Fitting the closed-population models: abundance, its error, deviance and criteria."""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from ..estimation.regression import NotFitted, PoissonFit, poisson
from ..table.arrays import Bools, Floats
from .designs import Model, models


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
    found = []
    for model in models(member):
        try:
            found.append(abundance(model, member, counts))
        except NotFitted:
            continue
    return tuple(found)


def abundance(model: Model, member: Bools, counts: Floats) -> Abundance:
    """Fit one model; raises `NotFitted` when its likelihood has no maximum."""
    fit = fitted(model, counts)
    size, gradient = size_of(model.name, fit.coefficients, counts.sum(), member.shape[1])
    variance = float(gradient @ fit.covariance @ gradient)
    extra = -size if model.name in ("Mb", "Mbh") else size - counts.sum()
    if not np.isfinite(size) or size < counts.sum() or variance + extra < 0:
        return Abundance(model, np.nan, np.nan, fit)
    return Abundance(model, size, float(np.sqrt(variance + extra)), fit)


def fitted(model: Model, counts: Floats) -> PoissonFit:
    """Fit, dropping Chao's free terms one by one while any of them is negative: heterogeneity cannot be."""
    try:
        fit = poisson(model.design, counts)
    except NotFitted:
        if not model.free:
            raise
        negative = [model.free[-1]]  # nobody was seen that often: the term runs off to minus infinity
    else:
        negative = [column for column in model.free if fit.coefficients[column] < 0]
        if not negative:
            return fit
    less = np.delete(model.design, negative[0], axis=1)
    return fitted(Model(model.name, less, model.free[:-1]), counts)


def size_of(name: str, coefficients: Floats, observed: float, occasions: int) -> tuple[float, Floats]:
    """Population and its gradient in the coefficients (Rivest and Baillargeon 2007)."""
    if name == "Mb":
        return behaviour_size(coefficients, occasions)
    if name == "Mbh":
        return behaviour_first_size(coefficients, occasions)
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
