"""Few units: what each group's own size costs an effect's error and its degrees of freedom.

The influence of the units in a group is taken around an estimated mean, so its mean square is too small by
(n - 1) / n (HC2); and a sum of such variances follows a t distribution whose degrees of freedom are Welch's
(1947, Biometrika 34:28), the no-covariate case of Bell and McCaffrey's rule (Imbens and Kolesar 2016, Review
of Economics and Statistics 98:701).
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, stdtr, stdtrit

from ..table.arrays import Floats


@dataclass(frozen=True)
class Precision:
    """An effect's standard error, with the degrees of freedom of its t distribution."""

    error: float
    freedom: float

    def reach(self, level: float) -> float:
        """How far the interval reaches to each side."""
        return float(stdtrit(self.freedom, (1 + level) / 2)) * self.error

    def joint_reach(self, critical: float) -> float:
        """The same for a band: as improbable, each for itself, as `critical` is for a normal variable."""
        return float(stdtrit(self.freedom, float(ndtr(critical)))) * self.error

    def p(self, size: float) -> float | None:
        """Two-sided p-value of an effect of this size; None without any variation."""
        return float(2 * stdtr(self.freedom, -size / self.error)) if self.error > 0 else None


def precision(influence: Floats, first: Floats) -> Precision:
    """From the units' influences (units,) and the period in which each was first treated."""
    group = np.unique(first, return_inverse=True)[1]
    own = np.maximum(np.bincount(group) - 1, 1)
    part = np.bincount(group, influence**2) / len(influence) ** 2
    part = part * np.where(np.bincount(group) > 1, (own + 1) / own, 1.0)
    total = float(part.sum())
    freedom = total**2 / float((part**2 / own).sum()) if total > 0 else 1.0
    return Precision(total**0.5, freedom)
