"""Units followed over the same periods, and the period in which each was first treated."""

from dataclasses import dataclass

import numpy as np

from ..table.arrays import Bools, Floats, Integers

NEVER = np.inf


@dataclass(frozen=True)
class Panel:
    """A balanced panel.

    `outcome` is (units, periods), `periods` (periods,) in rising order, `first` (units,) the first
    treated period and `NEVER` for those never treated, `covariates` (units, periods, k) without
    intercept, `weights` (units, periods), `cluster` (units,) the number of those it stands or falls with.
    """

    outcome: Floats
    periods: Floats
    first: Floats
    covariates: Floats
    weights: Floats
    cluster: Integers

    @classmethod
    def plain(cls, outcome: Floats, periods: Floats, first: Floats) -> "Panel":
        """No covariates, all units alike in weight, each on its own."""
        weights, every = np.ones(outcome.shape), np.arange(len(first))
        return cls(outcome, periods, first, np.zeros((*outcome.shape, 0)), weights, every)

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
        return float(np.mean(self.members(group)))

    def members(self, group: float) -> Floats:
        """(units,): each unit's weight where it is of the group, over the mean weight of all."""
        weight = self.weights[:, 0]
        return np.where(self.first == group, weight / weight.mean(), 0.0)

    def clustered(self, influence: Floats) -> Floats:
        """(clusters,): the influence of those that stand or fall together, again with mean zero.

        Sums within clusters (Callaway and Sant'Anna 2021, remark 10).
        """
        total: Floats = np.bincount(self.cluster, influence).astype(np.float64)
        return total * (len(total) / self.units)

    @property
    def cluster_first(self) -> Floats:
        """(clusters,): when the cluster was first treated; NaN where its units differ."""
        pairs = np.unique(np.column_stack([self.cluster, self.first]), axis=0)
        number, first = pairs[:, 0].astype(int), pairs[:, 1]
        found = np.full(self.cluster.max() + 1, np.nan)
        found[number] = np.where(np.bincount(number)[number] == 1, first, np.nan)
        return found

    def with_a_before(self) -> "Panel":
        """Without the units that were treated already in the first period.

        They have no before to compare with.
        """
        return self.at(self.first > self.periods[0])

    def at(self, units: Bools) -> "Panel":
        """Some of the units."""
        _, cluster = np.unique(self.cluster[units], return_inverse=True)
        outcome, first = self.outcome[units], self.first[units]
        return Panel(outcome, self.periods, first, self.covariates[units], self.weights[units], cluster)
