"""Survey estimates of small areas drawn towards what their covariates predict (Fay and Herriot 1979)."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from ..table.tidy import Numbers


@dataclass(frozen=True)
class FayHerriot:
    """`gamma` is the weight of each area's own estimate; `mse` the mean squared error of `smoothed`."""

    coefficients: Numbers
    se: Numbers
    variance: float
    gamma: Numbers
    smoothed: Numbers
    mse: Numbers


def fay_herriot(estimate: Numbers, sampling_variance: Numbers, design: Numbers) -> FayHerriot:
    """Best predictors with the variance between areas by REML, mean squared errors by Prasad and Rao (1990).

    estimate and sampling_variance (areas), design (areas, coefficients) with its constant column.
    """
    variance = _reml(estimate, sampling_variance, design)
    total = variance + sampling_variance
    cross = np.linalg.inv((design / total[:, None]).T @ design)
    beta = cross @ (design / total[:, None]).T @ estimate
    gamma, fixed = variance / total, design @ beta
    of_fixed = np.einsum("ij,jk,ik->i", design, cross, design)
    of_variance = sampling_variance**2 / total**3 * 2 / (1 / total**2).sum()
    mse = gamma * sampling_variance + (1 - gamma) ** 2 * of_fixed + 2 * of_variance
    smoothed = fixed + gamma * (estimate - fixed)
    return FayHerriot(beta, np.sqrt(np.diag(cross)), variance, gamma, smoothed, mse)


def _reml(y: Numbers, psi: Numbers, x: Numbers) -> float:
    """The root of the restricted score, or 0 when it is negative already there."""

    def score(variance: float) -> float:
        weight = 1 / (variance + psi)
        cross = np.linalg.inv((x * weight[:, None]).T @ x)
        residual = weight * (y - x @ (cross @ (x * weight[:, None]).T @ y))
        leverage = weight**2 * np.einsum("ij,jk,ik->i", x, cross, x)
        return float((residual**2).sum() - weight.sum() + leverage.sum())

    if score(0.0) <= 0:
        return 0.0
    high = float(np.var(y)) + float(psi.max())
    while score(high) > 0:
        high *= 2
    return float(brentq(score, 0.0, high, xtol=1e-14))
