"""The elasticity from the differences between areas, and how far an estimate may lean on it.

Counts vary between areas more than Poisson: a negative binomial fit with its dispersion from the moments.
"""

import numpy as np
from scipy.optimize import brentq

from ..estimation.regression import NotFitted, poisson
from ..table.arrays import Floats
from .change import Change

ROUNDS = 50
MOST_DISPERSED = 1e3
REACH = (0.05, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 2.5, 3.0)
THRESHOLD = (0.4505, 0.4624, 0.4989, 0.5579, 0.6365, 0.839, 1.0782, 1.33, 1.5748)
"""By the inverse hyperbolic tangent of the correlation: table `st_mat` of MissAdapt, the authors' code."""


def last_coefficient(design: Floats, counts: Floats, offset: Floats) -> tuple[float, float]:
    """Estimate and standard error of the last coefficient.

    Variance = mean + k mean^2 (Breslow 1984, JRSS C 33:38).
    """
    freedom = len(counts) - design.shape[1]
    if freedom < 1:
        raise NotFitted
    first = poisson(design, counts, offset)
    coefficients, extra = first.coefficients, 0.0
    for _ in range(ROUNDS):
        mean = np.exp(design @ coefficients + offset)
        extra = moment_dispersion(counts, mean, freedom)
        weight = mean / (1 + extra * mean)
        information = (design * weight[:, None]).T @ design
        move = np.linalg.solve(information, design.T @ (weight * (counts - mean) / mean))
        coefficients = coefficients + move
        if np.abs(move).max() < 1e-8:
            return float(coefficients[-1]), float(np.sqrt(np.linalg.inv(information)[-1, -1]))
    raise NotFitted


def moment_dispersion(counts: Floats, mean: Floats, freedom: int) -> float:
    """The k that makes the Pearson statistic equal its degrees of freedom; zero without overdispersion."""

    def excess(extra: float) -> float:
        return float(((counts - mean) ** 2 / (mean + extra * mean**2)).sum() - freedom)

    return float(brentq(excess, 0.0, MOST_DISPERSED)) if excess(0.0) > 0 > excess(MOST_DISPERSED) else 0.0


def leaning(own: Change, other: Change | None, covariance: float = 0.0) -> float:
    """The own estimate, drawn towards one that is biased by an unknown amount.

    Soft thresholding of their disagreement, with the threshold that keeps the worst mean squared error
    closest to what knowing the size of the bias would give (Armstrong, Kline and Sun, Adapting to
    Misspecification, arXiv 2305.14265). Up to the threshold both are pooled by their precision; beyond it
    the own estimate moves by no more than a part of its standard error.
    """
    if other is None:
        return own.slope
    apart = other.slope - own.slope
    spread = own.error**2 + other.error**2 - 2 * covariance
    gained = (own.error**2 - covariance) / spread
    correlation = min(gained * np.sqrt(spread) / own.error, np.tanh(REACH[-1]))
    reach = float(np.interp(np.arctanh(correlation), REACH, THRESHOLD)) * np.sqrt(spread)
    return float(own.slope + gained * np.clip(apart, -reach, reach))
