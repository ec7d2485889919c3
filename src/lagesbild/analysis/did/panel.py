"""Units followed over the same periods, and the period in which each was first treated."""

from dataclasses import dataclass

import numpy as np

from ..table.arrays import Bools, Floats

NEVER = np.inf


@dataclass(frozen=True)
class Panel:
    """A balanced panel.

    `outcome` is (units, periods), `periods` (periods,) in rising order, `first` (units,) the first
    treated period and `NEVER` for those never treated, `covariates` (units, periods, k) without
    intercept.
    """

    outcome: Floats
    periods: Floats
    first: Floats
    covariates: Floats

    @property
    def units(self) -> int:
        return len(self.first)

    @property
    def groups(self) -> Floats:
        """First treated periods that occur after the first period, so that there is a before."""
        starts = np.unique(self.first[np.isfinite(self.first)])
        usable: Floats = starts[(starts > self.periods[0]) & (starts <= self.periods[-1])]
        return usable

    def share(self, group: float) -> float:
        """The group's share of all units, the weight in every aggregation."""
        return float(np.mean(self.first == group))

    def with_a_before(self) -> "Panel":
        """Without the units that were treated already in the first period.

        They have no before to compare with.
        """
        keep: Bools = self.first > self.periods[0]
        return Panel(self.outcome[keep], self.periods, self.first[keep], self.covariates[keep])
