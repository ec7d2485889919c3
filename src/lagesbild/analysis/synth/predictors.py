"""Synthetic control on predictors, with their importance V chosen so that the outcomes before are followed
best.

Abadie, Diamond and Hainmueller (2010, JASA 105:493, section 2.3); the nested problem as in their package
Synth (2011, J Stat Softw 42(13)): an outer search over V, an exact inner solution for the donors' weights.
"""

from typing import Any

import numpy as np

from ..table.arrays import Floats
from . import simplex
from .estimators import Estimate
from .panel import Panel

SEARCH_PER_PREDICTOR = 60
LEAST_IMPORTANCE = -12.0


def on_predictors(panel: Panel) -> Estimate:
    """Simplex weights that match the predictors, weighted by the importance found."""
    donors, target = scaled(panel)
    found = simplex.weights(*weighed(donors, target, importance(panel, donors, target)))
    return Estimate(panel, found, np.zeros(panel.before))


def importance(panel: Panel, donors: Floats, target: Floats) -> Floats:
    """(k,): shares that sum to one; the best of two starts, equal shares and those of a regression."""
    from scipy.optimize import minimize  # a third of a second, and seldom asked for

    before = panel.before
    outcome, treated = panel.outcome[:, :before], panel.treated[:before]

    def misfit(logs: Floats) -> float:
        weights = simplex.weights(*weighed(donors, target, shares(logs)))
        return float(((treated - weights @ outcome) ** 2).sum())

    starts = (np.zeros(len(target)), np.log(np.maximum(by_regression(donors, outcome), 1e-5)))
    options: Any = {"maxfev": SEARCH_PER_PREDICTOR * len(target), "xatol": 1e-4, "fatol": 1e-8}
    tries = [minimize(misfit, np.array(start), method="Nelder-Mead", options=options) for start in starts]
    return shares(min(tries, key=lambda one: float(one.fun)).x)


def shares(logs: Floats) -> Floats:
    raw = np.exp(np.clip(logs - logs.max(), LEAST_IMPORTANCE, 0.0))
    return np.asarray(raw / raw.sum())


def by_regression(donors: Floats, outcome: Floats) -> Floats:
    """Importance of each predictor as the size of its coefficients on the outcomes before."""
    design = np.column_stack([np.ones(donors.shape[1]), donors.T])
    size = (np.linalg.lstsq(design, outcome, rcond=None)[0][1:] ** 2).sum(axis=1)
    return np.asarray(size / max(float(size.sum()), 1e-300))


def scaled(panel: Panel) -> tuple[Floats, Floats]:
    """Predictors (k, donors) and (k,), each divided by its standard deviation over all units."""
    every = np.vstack([panel.predictors, panel.treated_predictors])
    spread = every.std(axis=0, ddof=1)
    spread = np.where(spread > 0, spread, 1.0)
    return (panel.predictors / spread).T, panel.treated_predictors / spread


def weighed(donors: Floats, target: Floats, importance: Floats) -> tuple[Floats, Floats]:
    root = np.sqrt(importance)
    return donors * root[:, None], target * root
