"""What an outsider learns from noisy or rounded tables: bounds passed along the equations, and averages."""

import numpy as np
import scipy.sparse as sp
from scipy.sparse.linalg import lsqr

from .system import Ints, Reals

ROUNDS = 200
"""Rounds of passing bounds; each makes some interval narrower, and few tables need more than ten."""


def propagated(equations: sp.csr_array, low: Ints, high: Ints) -> tuple[Ints, Ints]:
    """Narrow the bounds of every cell, (n,), by what the equations (m, n) and the other bounds allow.

    Never narrower than the feasible interval, so it finds leaks but proves no protection.
    Raises ValueError where nothing fits: the figures contradict their equations.
    """
    low, high = low.copy(), high.copy()
    rows = np.repeat(np.arange(equations.shape[0]), np.diff(equations.indptr))
    cells, sign = equations.indices, equations.data
    for _ in range(ROUNDS):
        least = np.where(sign > 0, low[cells], -high[cells])
        most = np.where(sign > 0, high[cells], -low[cells])
        # sign * x = -(the rest), and the rest lies between these sums without the cell's own share
        up = -(np.bincount(rows, least, equations.shape[0])[rows] - least).astype(np.int64)
        down = -(np.bincount(rows, most, equations.shape[0])[rows] - most).astype(np.int64)
        new_low, new_high = low.copy(), high.copy()
        np.maximum.at(new_low, cells, np.where(sign > 0, down, -up).astype(np.int64))
        np.minimum.at(new_high, cells, np.where(sign > 0, up, -down).astype(np.int64))
        if np.any(new_low > new_high):
            raise ValueError("the figures contradict their equations")
        if np.array_equal(low, new_low) and np.array_equal(high, new_high):
            break
        low, high = new_low, new_high
    return low, high


def averaged(equations: sp.csr_array, shown: Ints) -> Reals:
    """The additive table nearest to what is shown, (n,): every way to add up a cell, by least squares.

    With noise of equal variance this is the best linear unbiased estimate of the truth.
    """
    excess = (equations @ shown).astype(float)
    correction = lsqr(equations.astype(float), excess, atol=1e-10, btol=1e-10, iter_lim=1000)[0]
    return np.asarray(shown - correction)
