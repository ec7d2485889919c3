"""Independent lists: the likelihood of a population size in closed form, and its interval.

log L(N) = log N! - log (N - n)! + sum over lists of n_j log(n_j / N) + (N - n_j) log(1 - n_j / N), with n
people on any list and n_j on list j (Darroch 1958, Biometrika 45:343). Unlike replicates of the people seen,
it counts in that their number is itself chance, so its interval holds what it promises when lists are
independent.
"""

import numpy as np
from scipy.optimize import brentq, minimize_scalar
from scipy.special import chdtri, gammaln, xlogy

from ..table.arrays import Floats
from .histories import Histories

WIDEST = 1e4  # times the people seen; beyond that there is no ceiling


def limits(histories: Histories, shares: Floats) -> Floats:
    """Where the profile falls by half a chi-square quantile, at each share; infinite without a ceiling."""
    seen, on_list = histories.observed, histories.counts @ histories.member

    def likelihood(size: float) -> float:
        listed = xlogy(on_list, on_list / size) + xlogy(size - on_list, 1 - on_list / size)
        return float(gammaln(size + 1) - gammaln(size - seen + 1) + listed.sum())

    widest = WIDEST * seen
    best = minimize_scalar(
        lambda size: -likelihood(np.exp(size)), bounds=(np.log(seen), np.log(widest)), method="bounded"
    )
    top = float(np.exp(best.x))

    def end(share: float) -> float:
        cut = -best.fun - float(chdtri(1, 2 * min(share, 1 - share))) / 2
        edge, far = (seen, seen) if share < 0.5 else (widest, np.inf)
        if likelihood(edge) >= cut:
            return float(far)
        lower, upper = sorted((edge, top))
        return float(brentq(lambda size: likelihood(size) - cut, lower, upper))

    return np.array([end(float(share)) for share in shares])
