"""Do neighbours resemble each other? Moran's I, also after taking account of unequal sizes."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from ..table.tidy import Numbers
from .adjacency import Borders
from .shrinkage import marshall_global


@dataclass(frozen=True)
class Moran:
    """I with its expectation and variance under random placement, and the upper tail probability."""

    i: float
    expectation: float
    variance: float

    @property
    def p(self) -> float:
        return float(ndtr(-(self.i - self.expectation) / np.sqrt(self.variance)))


@np.errstate(divide="ignore", invalid="ignore")
def moran(values: Numbers, touching: Borders) -> Moran:
    """Moran's I with row-standardised weights; islands count neither among n nor among the weights.

    Variance under randomisation (Cliff and Ord 1981, p. 46).
    """
    weights, linked = _weights(touching)
    n = int(linked.sum())
    z = values - values.mean()
    i = float(n * (z @ weights @ z) / (weights.sum() * (z @ z)))
    kurtosis = len(z) * (z**4).sum() / (z @ z) ** 2
    return Moran(i, -1 / (n - 1), _variance(weights, n, float(kurtosis)))


@np.errstate(divide="ignore", invalid="ignore")
def eb_moran_i(count: Numbers, expected: Numbers, touching: Borders) -> float:
    """Assuncao and Reis (1999): I of the rates standardised by their own variances; n counts islands too."""
    prior = marshall_global(count, expected)
    spread = prior.a + prior.b / expected
    z = (count / expected - prior.b) / np.sqrt(spread)
    weights, _ = _weights(touching)
    z = z - z.mean()
    return float(len(z) * (z @ weights @ z) / (weights.sum() * (z @ z)))


def _weights(touching: Borders) -> tuple[Numbers, Borders]:
    degree = touching.sum(1)
    return touching / np.maximum(degree, 1)[:, None], degree > 0


def _variance(weights: Numbers, n: int, kurtosis: float) -> float:
    s0 = weights.sum()
    s1 = ((weights + weights.T) ** 2).sum() / 2
    s2 = ((weights.sum(0) + weights.sum(1)) ** 2).sum()
    plain = n * ((n**2 - 3 * n + 3) * s1 - n * s2 + 3 * s0**2)
    peaked = kurtosis * ((n**2 - n) * s1 - 2 * n * s2 + 6 * s0**2)
    return float((plain - peaked) / ((n - 1) * (n - 2) * (n - 3) * s0**2) - 1 / (n - 1) ** 2)
