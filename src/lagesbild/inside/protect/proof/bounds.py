"""Bounds of cells passed along the equations to a fixpoint; compiled. Finds leaks, proves no protection."""

import numpy as np
import scipy.sparse as sp

from ..machine_code import njit
from ..problem.system import Ints

SWEEPS = 500
"""Sweeps over all equations; each makes some interval narrower, and few tables need more than ten."""


def propagated(equations: sp.csr_array, low: Ints, high: Ints) -> tuple[Ints, Ints]:
    """Narrow the bounds of every cell, (n,), by what the equations (m, n) and the other bounds allow.

    Never narrower than the feasible interval. Raises ValueError where nothing fits: the figures contradict
    their equations.
    """
    low, high = low.astype(np.int64), high.astype(np.int64)
    if not _sweep(equations.indptr, equations.indices, equations.data.astype(np.int64), low, high, SWEEPS):
        raise ValueError("the figures contradict their equations")
    return low, high


@njit(cache=True)
def _sweep(starts, cells, factors, low, high, sweeps):
    """Narrow `low` and `high` in place; False where some cell is left with no value. Whole numbers only."""
    for _ in range(sweeps):
        changed = False
        for row in range(len(starts) - 1):
            least, most = 0, 0
            for place in range(starts[row], starts[row + 1]):
                one, other = factors[place] * low[cells[place]], factors[place] * high[cells[place]]
                least += min(one, other)
                most += max(one, other)
            for place in range(starts[row], starts[row + 1]):
                cell, factor = cells[place], factors[place]
                one, other = factor * low[cell], factor * high[cell]
                # factor * value = -(the rest), and the rest lies between these sums without the cell's share
                up, down = min(one, other) - least, max(one, other) - most
                if factor < 0:
                    factor, up, down = -factor, -down, -up
                new_low, new_high = max(low[cell], -(-down // factor)), min(high[cell], up // factor)
                if new_low > new_high:
                    return False
                if new_low > low[cell] or new_high < high[cell]:
                    one, other = factors[place] * new_low, factors[place] * new_high
                    least += min(one, other) - min(factors[place] * low[cell], factors[place] * high[cell])
                    most += max(one, other) - max(factors[place] * low[cell], factors[place] * high[cell])
                    low[cell], high[cell] = new_low, new_high
                    changed = True
        if not changed:
            break
    return True
