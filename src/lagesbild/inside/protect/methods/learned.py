"""What an outsider learns from noisy tables by averaging every way to add up a cell."""

import numpy as np
import scipy.sparse as sp

from ..problem.system import Ints, Reals


def averaged(equations: sp.csr_array, shown: Ints) -> Reals:
    """The additive table nearest to what is shown, (n,): every way to add up a cell, by least squares.

    With noise of equal variance this is the best linear unbiased estimate of the truth.
    """
    from scipy.sparse.linalg import lsqr  # slow to load, and only noise needs it

    excess = (equations @ shown).astype(float)
    correction = lsqr(equations.astype(float), excess, atol=1e-10, btol=1e-10, iter_lim=1000)[0]
    return np.asarray(shown - correction)
