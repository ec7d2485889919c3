"""Four answers to the same question, from the crudest to the most careful.

did: the change among the treated less the change among all donors. sc: Abadie, Diamond and Hainmueller
(2010, JASA 105:493) on every outcome before the measure. synthdid: Arkhangelsky et al. (2021, AER
111:4088). augmented: ridge augmented synthetic control (Ben-Michael, Feller and Rothstein 2021, JASA
116:1789), which mends what misfit is left.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..table.arrays import Floats
from . import simplex
from .panel import Panel

TINY = 1e-6
PENALTIES, SMALLEST_PENALTY = 21, 1e-8
"""The grid of the authors' own program (augsynth 0.2)."""


@dataclass(frozen=True)
class Estimate:
    """`weights` over donors, `time_weights` over the periods before; `synthetic` is what would have been."""

    panel: Panel
    weights: Floats
    time_weights: Floats
    penalty: float | None = None

    @property
    def level(self) -> float:
        """By how much the weighted donors lay below the treated before the measure.

        Zero when `sc` needs no shift.
        """
        before = self.panel.before
        return float(self.time_weights @ (self.panel.treated - self.weights @ self.panel.outcome)[:before])

    @property
    def synthetic(self) -> Floats:
        """(periods,): the path without the measure."""
        path: Floats = self.weights @ self.panel.outcome + self.level
        return path

    @property
    def gap(self) -> Floats:
        return self.panel.treated - self.synthetic

    @property
    def att(self) -> float:
        """The mean effect on the treated over all periods after."""
        return float(self.gap[self.panel.before :].mean())

    @property
    def pre_rmspe(self) -> float:
        return float(np.sqrt((self.gap[: self.panel.before] ** 2).mean()))

    @property
    def post_rmspe(self) -> float:
        return float(np.sqrt((self.gap[self.panel.before :] ** 2).mean()))

    @property
    def rmspe_ratio(self) -> float:
        """How much worse the fit is after than before; infinite for a perfect fit before."""
        return self.post_rmspe / self.pre_rmspe if self.pre_rmspe > 0 else np.inf


Estimator = Callable[[Panel], Estimate]


def did(panel: Panel) -> Estimate:
    """Equal weights on every donor and every period before."""
    donors = np.full(len(panel.donors), 1 / len(panel.donors))
    return Estimate(panel, donors, np.full(panel.before, 1 / panel.before))


def sc(panel: Panel) -> Estimate:
    """Simplex weights that follow the treated before the measure as closely as any can."""
    before = panel.before
    found = simplex.weights(panel.outcome[:, :before].T, panel.treated[:before])
    return Estimate(panel, found, np.zeros(before))


def synthdid(panel: Panel) -> Estimate:
    """Penalised donor weights and time weights, both allowing for a difference in level."""
    before = panel.before
    outcome, target = panel.outcome[:, :before].T, panel.treated[:before]
    noise = float(np.diff(panel.outcome[:, :before], axis=1).std(ddof=1))
    zeta = (panel.treated_units * panel.after) ** 0.25 * noise
    donors = simplex.weights(outcome - outcome.mean(axis=0), target - target.mean(), before * zeta**2)
    return Estimate(panel, donors, time_weights(panel, noise))


def time_weights(panel: Panel, noise: float) -> Floats:
    """Weights on the periods before, so that donors' past resembles their present."""
    before, later = panel.outcome[:, : panel.before], panel.outcome[:, panel.before :].mean(axis=1)
    ridge = len(panel.donors) * (TINY * noise) ** 2
    return simplex.weights(before - before.mean(axis=0), later - later.mean(), ridge)


def augmented(panel: Panel) -> Estimate:
    """Synthetic control plus a ridge correction of the misfit.

    Its penalty is chosen by leaving periods out.
    """
    before = panel.before
    centre = panel.outcome[:, :before].mean(axis=0)
    donors, target = panel.outcome[:, :before] - centre, panel.treated[:before] - centre
    base = simplex.weights(donors.T, target)
    if not donors.any():  # all alike: there is nothing to correct with
        return Estimate(panel, base, np.zeros(before))
    penalty = chosen_penalty(donors, target, base)
    return Estimate(panel, base + correction(donors, target, base, penalty), np.zeros(before), penalty)


def correction(donors: Floats, target: Floats, base: Floats, penalty: float) -> Floats:
    """Weights (summing to zero on centred donors) that a ridge regression adds to `base`."""
    misfit = target - base @ donors
    added: Floats = donors @ np.linalg.solve(donors.T @ donors + penalty * np.eye(donors.shape[1]), misfit)
    return added


def chosen_penalty(donors: Floats, target: Floats, base: Floats) -> float:
    """The largest penalty whose error over left-out periods is within one standard error of the least."""
    largest = float(np.linalg.norm(donors, 2) ** 2)
    penalties = largest * np.geomspace(1, SMALLEST_PENALTY, PENALTIES)
    errors = np.array([left_out_errors(donors, target, base, p, penalties) for p in range(len(target))])
    mean, spread = errors.mean(axis=0), errors.std(axis=0, ddof=1) / np.sqrt(len(target))
    least = int(np.argmin(mean))
    return float(penalties[mean <= mean[least] + spread[least]].max())


def left_out_errors(donors: Floats, target: Floats, start: Floats, period: int, penalties: Floats) -> Floats:
    """Squared error in one left-out period for every penalty, from one eigen-decomposition.

    `start` are the weights with every period in, from which the search is short.
    """
    rest, kept = np.delete(donors, period, axis=1), np.delete(target, period)
    base = simplex.weights(rest.T, kept, start=start)
    values, vectors = np.linalg.eigh(rest.T @ rest)
    misfit = vectors.T @ (kept - base @ rest)
    toward = vectors.T @ (rest.T @ donors[:, period])
    added = (misfit * toward / (values + penalties[:, None])).sum(axis=1)
    squared: Floats = (target[period] - base @ donors[:, period] - added) ** 2
    return squared


ESTIMATORS: dict[str, Estimator] = {"did": did, "sc": sc, "synthdid": synthdid, "augmented": augmented}
