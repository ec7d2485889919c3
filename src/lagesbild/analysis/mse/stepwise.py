"""Forward selection of two-list effects by p-value (Chan, Silverman and Vincent 2021, JASA 116:1297,
section 4)."""

from dataclasses import dataclass

import numpy as np
from scipy.special import gammainc, pdtr

from ..table.arrays import Bools, Floats, Integers
from . import loglinear
from .existence import Existence
from .histories import Histories
from .loglinear import Fits


@dataclass(frozen=True)
class Path:
    """What was chosen for each replicate: `order` is (replicates, pairs), the round of entry or -1."""

    fits: Fits
    order: Integers


class Selection:
    """Forward selection over a batch of tables that share the same lists."""

    def __init__(self, histories: Histories, threshold: float) -> None:
        self.design = histories.design
        self.lists = len(histories.lists)
        self.threshold = threshold
        self.overlap = self.design[:, self.lists + 1 :]
        self.existence = Existence(self.design)

    def run(self, counts: Floats) -> Path:
        """Add the pair with the lowest p-value until none is below the threshold.

        `counts` is (replicates, cells).
        """
        replicates, pairs = len(counts), self.overlap.shape[1]
        fits = loglinear.fit(self.design, counts, self.wanted(np.zeros((replicates, pairs), dtype=np.bool_)))
        order = np.full((replicates, pairs), -1)
        barred = np.zeros((replicates, pairs), dtype=np.bool_)
        open_ = np.flatnonzero(fits.settled)
        while len(open_):
            chosen, low = self.best(counts[open_], fits.means[open_], barred[open_] | (order[open_] >= 0))
            open_, chosen = open_[low], chosen[low]
            trial = self.extend(counts[open_], fits, order[open_] >= 0, open_, chosen)
            entered, refused = open_[trial.settled], open_[~trial.settled]
            replace(fits, entered, trial)
            order[entered, chosen[trial.settled]] = order[entered].max(axis=1) + 1
            barred[entered] = False
            barred[refused, chosen[~trial.settled]] = True
        return Path(fits, order)

    def wanted(self, pairs: Bools) -> Bools:
        """Columns of the design for the given pairs: intercept and lists always."""
        return np.column_stack([np.ones((len(pairs), self.lists + 1), dtype=np.bool_), pairs])

    def best(self, counts: Floats, means: Floats, excluded: Bools) -> tuple[Integers, Bools]:
        """The pair with the lowest one-sided Poisson p-value, and whether it is below the threshold."""
        p = np.where(excluded, 1.0, one_sided(counts @ self.overlap, means @ self.overlap))
        chosen = p.argmin(axis=1)
        return chosen, p[np.arange(len(p)), chosen] < self.threshold

    def extend(self, counts: Floats, fits: Fits, inside: Bools, at: Integers, chosen: Integers) -> Fits:
        """Fit each replicate's model with its chosen pair added.

        Unsettled where the estimate does not exist.
        """
        pairs = inside.copy()
        row = np.arange(len(pairs))
        pairs[row, chosen] = True
        start = fits.coefficients[at].copy()
        seen = np.maximum((counts @ self.overlap)[row, chosen], 0.5)
        expected = np.maximum((fits.means[at] @ self.overlap)[row, chosen], 1e-12)
        start[row, 1 + self.lists + chosen] = np.log(seen / expected)
        trial = loglinear.fit(self.design, counts, self.wanted(pairs), start)
        return self.existence.confirmed(counts, trial)


def one_sided(observed: Floats, expected: Floats) -> Floats:
    """The smaller Poisson tail probability, each including the observed value."""
    lower = pdtr(observed, expected)
    upper = np.where(observed > 0, gammainc(np.maximum(observed, 1), expected), 1.0)
    smaller: Floats = np.minimum(lower, upper)
    return smaller


def replace(fits: Fits, at: Integers, trial: Fits) -> None:
    """Write the settled trials over the fits they extend."""
    for name in ("coefficients", "means", "active", "kept"):
        getattr(fits, name)[at] = getattr(trial, name)[trial.settled]
