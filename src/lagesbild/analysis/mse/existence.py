"""Does the maximum-likelihood estimate exist? The linear program of Fienberg and Rinaldo (2012), Annals
of Statistics 40:996.

With design X on the kept cells and counts n, a finite estimate exists exactly when some x > 0 has X'x =
X'n, and it is unique when X has full rank (Chan, Silverman and Vincent 2021, JASA 116:1297, section 3).
Existence depends on n only through the cells that hold a count, so answers are kept and used again over a
thousand bootstrap tables. A settled fit is itself such an x, so the program is needed only where Newton's
method ran away.
"""

from dataclasses import replace

import numpy as np
from scipy.optimize import linprog

from ..table.arrays import Bools, Floats
from .loglinear import Fits, refit

SMALLEST = 1e-7  # an interior point this far from the boundary counts as inside; totals are scaled to one


class Existence:
    """Existence checks for sub-models of one design, remembered."""

    def __init__(self, design: Floats) -> None:
        self.design = design
        self._full_rank: dict[bytes, bool] = {}
        self._finite: dict[bytes, bool] = {}

    def confirmed(self, counts: Floats, fits: Fits) -> Fits:
        """The fits with `settled` true exactly where a finite and unique estimate exists."""
        settled = fits.settled.copy()
        for row in np.flatnonzero(~fits.kept.all(axis=1) | ~settled):
            active, kept = fits.active[row], fits.kept[row]
            if not self.full_rank(active, kept):
                settled[row] = False
            elif not settled[row] and self.finite(counts[row] > 0, active, kept):
                fits = refit(self.design, counts, fits, int(row))
                settled[row] = fits.settled[row]
        return replace(fits, settled=settled)

    def full_rank(self, active: Bools, kept: Bools) -> bool:
        """Whether the parameters can be told apart on the kept cells."""
        key = np.packbits(np.concatenate([active, kept])).tobytes()
        if key not in self._full_rank:
            part = self.design[np.ix_(kept, active)]
            self._full_rank[key] = bool(np.linalg.matrix_rank(part) == part.shape[1])
        return self._full_rank[key]

    def finite(self, support: Bools, active: Bools, kept: Bools) -> bool:
        """Whether the estimate is finite, given which cells hold a count."""
        key = np.packbits(np.concatenate([support & kept, active, kept])).tobytes()
        if key not in self._finite:
            part = self.design[np.ix_(kept, active)]
            self._finite[key] = interior(part, support[kept]) > SMALLEST
        return self._finite[key]


def interior(design: Floats, support: Bools) -> float:
    """The largest s such that every x >= s while X'x = X'n: zero when the estimate lies at infinity."""
    cells, parameters = design.shape
    counts = support / support.sum()
    objective = np.append(np.zeros(cells), -1.0)
    equal = np.column_stack([design.T, np.zeros(parameters)])
    above = np.column_stack([-np.eye(cells), np.ones(cells)])
    answer = linprog(
        objective, A_ub=above, b_ub=np.zeros(cells), A_eq=equal, b_eq=design.T @ counts, bounds=(0, None)
    )
    # an unfinished program has shown no interior point, and without one there is no estimate to trust
    return -float(answer.fun or 0.0) if answer.status == 0 else 0.0
