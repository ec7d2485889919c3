"""Profile-likelihood interval for the population (Cormack 1992, Biometrics 48:567).

The unseen cell is filled with N - n people and the model fitted again; the multinomial likelihood, a
function of N alone, gives the interval. It is lopsided as it should be, and cannot go below the number
observed.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import brentq, minimize_scalar
from scipy.special import chdtri, gammaln, xlogy

from ..estimation.regression import NotFitted
from .closed import Abundance, fitted

UNLIKELY = -1e9  # where no parameters fit, as when somebody must be unseen
WIDEST = 50.0  # times the estimate; beyond that the upper limit is given as unbounded


@dataclass(frozen=True)
class Profile:
    """The most likely population and its limits; `upper` is infinite when the data put no ceiling on it."""

    abundance: float
    lower: float
    upper: float


def interval(found: Abundance, level: float = 0.95) -> Profile:
    """The multinomial profile interval around a fitted model."""
    likelihood = profile_likelihood(found)
    observed = float(found.fit.counts.sum())
    peak = minimize_scalar(
        lambda size: -likelihood(size),
        bounds=(observed, 1.5 * found.abundance),
        method="bounded",
        options={"xatol": 1e-5},
    )
    cut = -peak.fun - float(chdtri(1, 1 - level)) / 2
    return Profile(float(peak.x), *ends(likelihood, cut, observed, float(peak.x), WIDEST * found.abundance))


def ends(
    likelihood: Callable[[float], float], cut: float, observed: float, best: float, widest: float
) -> tuple[float, float]:
    """Where the likelihood falls to `cut` on either side of its peak."""
    lower = observed
    if likelihood(observed) < cut:
        lower = float(brentq(lambda size: likelihood(size) - cut, observed, best, xtol=1e-5))
    if likelihood(widest) > cut:
        return lower, np.inf
    return lower, float(brentq(lambda size: likelihood(size) - cut, best, widest, xtol=1e-5))


def profile_likelihood(found: Abundance) -> Callable[[float], float]:
    """The log-likelihood of a population size, maximised over everything else."""
    unseen_row = np.eye(1, found.model.design.shape[1])
    counts = found.fit.counts
    offset = np.append(np.zeros(len(counts)) + found.model.offset, 0.0)
    model = replace(found.model, design=np.vstack([found.model.design, unseen_row]), offset=offset)

    def at(size: float) -> float:
        unseen = size - counts.sum()
        try:
            fit = fitted(model, np.append(counts, unseen))
        except NotFitted:
            return UNLIKELY
        ways = gammaln(size + 1) - xlogy(size, size) - gammaln(unseen + 1) + xlogy(unseen, unseen)
        return float(ways - fit.deviance / 2)

    return at
