"""One change of slope: where it fits best, and whether it is worth two more parameters."""

from dataclasses import dataclass

import numpy as np
from scipy.special import xlogy

from ..estimation.loglinear import log_linear
from ..table.tidy import Numbers

FEWEST_POINTS = 7
ENDS = 2
"""Points that each side of the join keeps for itself, as in the National Cancer Institute's program."""


@dataclass(frozen=True)
class Joinpoint:
    """The best single join. Slopes are per cent a year; `needed` when the information criterion wants it."""

    at: float
    before: float
    after: float
    bic_without: float
    bic_with: float

    @property
    def needed(self) -> bool:
        return self.bic_with < self.bic_without


def joinpoint(count: Numbers, per: Numbers, times: Numbers) -> Joinpoint | None:
    """Log-linear in two pieces (Kim et al. 2000), the join on an observed time; None below seven points.

    The criterion is deviance / dispersion + parameters x log n, with the dispersion of the joined model,
    never under 1, and the place of the join counted as a parameter.
    """
    n = len(count)
    if n < FEWEST_POINTS or not count.sum():
        return None
    joins = times[ENDS : n - ENDS]
    centred = times - times[0]
    straight = np.stack([np.ones(n), centred], axis=-1)
    bent = np.stack([np.column_stack([straight, np.maximum(times - join, 0.0)]) for join in joins])
    fits = log_linear(np.broadcast_to(count, (len(joins), n)), bent, np.log(per))
    deviances = _deviance(count, fits.mean)
    best = int(np.argmin(deviances))
    dispersion = max(1.0, float(fits.pearson[best]) / (n - 4))
    without = _deviance(count, log_linear(count, straight, np.log(per)).mean)
    _, before, change = fits.coefficients[best]
    return Joinpoint(
        float(joins[best]),
        100 * float(np.expm1(before)),
        100 * float(np.expm1(before + change)),
        float(without) / dispersion + 2 * np.log(n),
        float(deviances[best]) / dispersion + 4 * np.log(n),
    )


def _deviance(count: Numbers, mean: Numbers) -> Numbers:
    return np.asarray(2 * (xlogy(count, np.maximum(count, 1e-300) / mean) - (count - mean)).sum(-1))
