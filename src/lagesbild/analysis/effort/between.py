"""Counts that vary between areas more than Poisson.

A negative binomial fit with its dispersion from the moments.
"""

import numpy as np
from scipy.optimize import brentq

from ..estimation.regression import NotFitted, poisson
from ..table.arrays import Floats

ROUNDS = 50
MOST_DISPERSED = 1e3


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
