"""How unusual is the treated? The same estimate for every donor, as if it had taken the measure.

With J donors no p-value can be below 1 / (J + 1), and that smallest value is always given beside the one
obtained.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from .estimators import Estimate, Estimator
from .panel import Panel

CARRIES = 0.01


@dataclass(frozen=True)
class Placebos:
    """The treated among the placebos; ranks count from the most extreme."""

    estimate: Estimate
    placebos: tuple[Estimate, ...]

    @property
    def rank(self) -> int:
        """Rank of the treated's ratio of post to pre RMSPE."""
        return 1 + sum(other.rmspe_ratio >= self.estimate.rmspe_ratio for other in self.placebos)

    @property
    def units(self) -> int:
        return 1 + len(self.placebos)

    @property
    def p(self) -> float:
        """Permutation p-value of the RMSPE ratio (Abadie, Diamond and Hainmueller 2010)."""
        return self.rank / self.units

    @property
    def p_effect(self) -> float:
        """Permutation p-value of the absolute mean effect, which does not ask how good the fit was before."""
        size = abs(self.estimate.att)
        return (1 + sum(abs(other.att) >= size for other in self.placebos)) / self.units

    @property
    def smallest_p(self) -> float:
        return 1 / self.units

    @property
    def error(self) -> float:
        """Placebo standard error (Arkhangelsky et al.

        2021, algorithm 4, over every donor instead of draws).
        """
        scale = np.sqrt(self.estimate.panel.treated_units)
        return float(np.std([other.att for other in self.placebos], ddof=1) / scale)

    def interval(self, level: float) -> tuple[float, float]:
        """The estimate give or take the placebo error; it trusts the donors to be as noisy as the treated.

        The treated is one draw more from what the placebos were drawn from, so the t distribution and the
        factor 1 + 1 / J of a prediction apply.
        """
        donors = len(self.placebos)
        reach = float(stdtrit(donors - 1, (1 + level) / 2)) * self.error * np.sqrt(1 + 1 / donors)
        return self.estimate.att - reach, self.estimate.att + reach


def placebos(panel: Panel, estimator: Estimator) -> Placebos:
    """The estimate for the treated and for every donor in turn."""
    others = tuple(estimator(panel.placebo(donor)) for donor in range(len(panel.donors)))
    return Placebos(estimator(panel), others)


def leave_one_out(panel: Panel, estimator: Estimator, estimate: Estimate) -> dict[str, float]:
    """The effect without each donor that carries weight: does one neighbour decide the answer?"""
    carrying = np.flatnonzero(np.abs(estimate.weights) > CARRIES)
    return {panel.donors[donor]: estimator(panel.without(int(donor))).att for donor in carrying}
