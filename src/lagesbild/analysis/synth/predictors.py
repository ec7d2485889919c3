"""Synthetic control on predictors, with their importance V chosen so that the outcomes before are followed
best.

Abadie, Diamond and Hainmueller (2010, JASA 105:493, section 2.3); the nested problem and its two starts as in
their package Synth (2011, J Stat Softw 42(13)), with an exact inner solution for the donors' weights. Quite
different importances can follow the outcomes about as well (Becker and Klossner 2018, Econometrics and
Statistics 7:1), so the search is a local one, and `--importance` takes what another study found.
"""

from collections.abc import Callable, Sequence

import numpy as np

from ..table.arrays import Floats
from . import simplex
from .estimators import Estimate, Estimator
from .panel import Panel

FIRST_STEP, LAST_STEP = 4.0, 0.02  # on the log scale
LEAST_IMPORTANCE = -12.0


def on_predictors(given: Sequence[float] | None) -> Estimator:
    """Simplex weights that match the predictors, weighted by the importance given or else found."""

    def estimator(panel: Panel) -> Estimate:
        donors, target = scaled(panel)
        each = importance(panel, donors, target) if given is None else np.array(given) / np.sum(given)
        return Estimate(panel, simplex.weights(*weighed(donors, target, each)), np.zeros(panel.before))

    return estimator


def importance(panel: Panel, donors: Floats, target: Floats) -> Floats:
    """(k,): shares that sum to one; the best of two starts, equal shares and those of a regression."""
    before = panel.before
    outcome, treated = panel.outcome[:, :before], panel.treated[:before]

    def misfit(logs: Floats) -> float:
        weights = simplex.weights(*weighed(donors, target, shares(logs)))
        return float(((treated - weights @ outcome) ** 2).sum())

    starts = (np.zeros(len(target)), np.log(np.maximum(by_regression(donors, outcome), 1e-5)))
    return shares(min((downhill(misfit, start) for start in starts), key=misfit))


def downhill(misfit: Callable[[Floats], float], start: Floats) -> Floats:
    """Raise or lower one predictor at a time while it helps, in ever smaller steps.

    Hooke and Jeeves (1961, Journal of the ACM 8:212).
    """
    best, least, step = start, misfit(start), FIRST_STEP
    while step >= LAST_STEP:
        before = least
        for place in range(len(start)):
            for move in (step, -step):
                tried = best + move * np.eye(1, len(start), place)[0]
                value = misfit(tried)
                if value < least:
                    best, least = tried, value
                    break
        if least >= before * (1 - 1e-9):
            step /= 2
    return best


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
