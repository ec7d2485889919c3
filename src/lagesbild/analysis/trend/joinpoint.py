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


def joinpoints(count: Numbers, per: Numbers, times: Numbers) -> list[Joinpoint | None]:
    """Log-linear in two pieces (Kim et al. 2000), the join on an observed time, for each series.

    `count` and `per` (series, n) without gaps, `times` (n,). None below seven points or where nothing
    happened. The criterion is deviance / dispersion + parameters x log n, with the dispersion of the joined
    model, never under 1, and the place of the join counted as a parameter.
    """
    series, n = count.shape
    if n < FEWEST_POINTS:
        return [None] * series
    joins = times[ENDS : n - ENDS]
    straight = np.stack([np.ones(n), times - times[0]], axis=-1)
    bent = np.stack([np.column_stack([straight, np.maximum(times - join, 0.0)]) for join in joins])
    many = np.broadcast_to(count[:, None], (series, len(joins), n))
    fits = log_linear(many, bent, np.broadcast_to(np.log(per)[:, None], many.shape))
    deviances = _deviance(many, fits.mean)
    each, best = np.arange(series), deviances.argmin(-1)
    dispersion = np.maximum(1.0, fits.pearson[each, best] / (n - 4))
    without = _deviance(count, log_linear(count, straight, np.log(per)).mean)
    _, before, change = fits.coefficients[each, best].T
    columns = (
        joins[best],
        100 * np.expm1(before),
        100 * np.expm1(before + change),
        without / dispersion + 2 * np.log(n),
        deviances[each, best] / dispersion + 4 * np.log(n),
    )
    found = [Joinpoint(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]
    return [join if happened else None for join, happened in zip(found, count.sum(-1) > 0, strict=True)]


def _deviance(count: Numbers, mean: Numbers) -> Numbers:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(2 * (xlogy(count, np.maximum(count, 1e-300) / mean) - (count - mean)).sum(-1))
