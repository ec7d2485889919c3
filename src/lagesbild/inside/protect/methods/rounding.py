"""Small-count rounding: no small number is shown, every total is the sum of its shown parts.

In the manner of Langsrud and Heldal's small count rounding (Statistics Norway, 2018): only inner cells below
the base are touched, each becomes 0 or the base, and the choice keeps all totals close to the truth. So no
cell of any table lies between 0 and the base, and totals agree in all linked tables. The choice has no
secret: who works it backwards can rule out some of what `thinkable` allows.
"""

import highspy
import numpy as np
import scipy.sparse as sp

from lagesbild.inside.solver import quiet_solver

from ..problem.inner import Inner, inner
from ..problem.system import Ints, Reals, System
from ..proof.alternatives import WHOLE

CLOSE = 1e-6
"""A flip must lower the squared error by this much: the errors are whole numbers, but kept as reals."""
NODES = 500
"""Branches after which the best rounding of linked tables is taken; a count, so that it never varies."""


UNDECIDED = -1
"""What was shown before of a cell that was not shown, or had another count."""


def round_counts(system: System, base: int, before: Ints | None = None) -> Ints:
    """What is shown of each cell, (n,), satisfying all equations; deterministic.

    `before` (n,): what an earlier release showed of the same count, UNDECIDED where there was none. An inner
    cell stays as it was, else two releases together would tell more than one.
    Raises ValueError where linked tables leave no consistent rounding.
    """
    parts = inner(system.equations)
    counts = system.values[parts.cells]
    was = np.full(len(counts), UNDECIDED) if before is None else before[parts.cells]
    shown = _linked(parts, counts, base, was) if parts.ties.shape[0] else _alone(parts, counts, base, was)
    return np.asarray(parts.sums @ shown)


def thinkable(equations: sp.csr_array, shown: Ints, base: int) -> tuple[Ints, Ints]:
    """What an outsider can think of each cell, two arrays (n,).

    A shown inner 0 may be 0 to base - 1, the base 1 to base, a larger number is itself; a total is thought of
    as its parts are. Where linked tables were made to agree, larger cells may be off by less than the base.
    """
    parts = inner(equations)
    own, slack = shown[parts.cells], base - 1 if parts.ties.shape[0] else 0
    low = np.where(own == base, 1, np.maximum(own - slack, base))
    low, high = np.where(own == 0, 0, low), np.where(own == 0, base - 1, own + slack)
    return np.asarray(parts.sums @ low), np.asarray(parts.sums @ high)


def _alone(parts: Inner, counts: Ints, base: int, was: Ints) -> Ints:
    """Least squares over all cells, by flips and swaps from a rounding that runs through the table."""
    small = (counts > 0) & (counts < base)
    kept = small & ((was == 0) | (was == base))
    shown = np.where(kept, was, counts)
    free = small & ~kept
    error = (parts.sums @ (shown - counts)).astype(float)
    search = _Flips(sp.csc_array(parts.sums[:, free]).astype(float), counts[free], base, error)
    search.descend()
    search.swap()
    shown[free] = np.where(search.raised, base, 0)
    return np.asarray(shown)


class _Flips:
    """Which small cells are raised. `slope` (k,): the errors of all cells that each small cell is part of,
    added up; `error` (n,) is there before any of them is rounded."""

    def __init__(self, sums: sp.csc_array, counts: Ints, base: int, error: Reals) -> None:
        self._sums, self._transposed, self._base = sums, sp.csr_array(sums.T), float(base)
        self._parts = sp.csr_array(sums)
        self._weight = np.diff(sums.indptr).astype(float)
        so_far = np.rint(np.cumsum(counts) / base)
        self.raised = np.diff(so_far, prepend=0.0) > 0
        self.slope = self._transposed @ (error + sums @ (base * self.raised - counts.astype(float)))

    def descend(self) -> None:
        """Flip the cell that helps most, while any helps."""
        while len(self.raised):
            gain = self._gain(slice(None))
            best = int(np.argmax(gain))
            if gain[best] < CLOSE:
                return
            self._flip(best)

    def swap(self) -> None:
        """Flip each cell together with one of its siblings, where both together help."""
        for cell in range(len(self.raised)):
            others = self._siblings(cell)
            if len(others):
                shared = self._sums[:, others].T @ self._sums[:, [cell]].toarray().ravel()
                both = 2.0 * self._step(others) * self._step(cell) * shared
                gain = self._gain(cell) + self._gain(others) - both
                best = int(np.argmax(gain))
                if gain[best] > CLOSE:
                    self._flip(cell)
                    self._flip(int(others[best]))

    def _step(self, cells: slice | int | Ints) -> Reals:
        return np.where(self.raised[cells], -self._base, self._base)

    def _gain(self, cells: slice | int | Ints) -> Reals:
        """How much the squared error falls when a cell is flipped."""
        step = self._step(cells)
        return np.asarray(-2.0 * step * self.slope[cells] - step**2 * self._weight[cells])

    def _siblings(self, cell: int) -> Ints:
        """The other small cells of the smallest total that the cell shares with any."""
        rows = self._sums.indices[self._sums.indptr[cell] : self._sums.indptr[cell + 1]]
        sizes = self._parts.indptr[rows + 1] - self._parts.indptr[rows]
        shared = rows[sizes > 1]
        if not len(shared):
            return np.zeros(0, dtype=np.int64)
        row = shared[np.argmin(sizes[sizes > 1])]
        own = self._parts.indices[self._parts.indptr[row] : self._parts.indptr[row + 1]]
        return np.asarray(own[own != cell].astype(np.int64))

    def _flip(self, cell: int) -> None:
        step = float(self._step(cell))
        self.raised[cell] = not self.raised[cell]
        self.slope += step * (self._transposed @ self._sums[:, [cell]].toarray().ravel())


def _linked(parts: Inner, counts: Ints, base: int, was: Ints) -> Ints:
    """The same for linked tables whose inner cells differ: an integer program of least absolute error.

    Small cells become 0 or the base and zeros stay; larger cells may move by less than the base, so that the
    margins that tables share still agree.
    """
    small, large = (counts > 0) & (counts < base), counts >= base
    start = np.where(small, 0, counts)
    unit = np.where(small, base, 1)
    least = np.where(large, np.maximum(base - counts, 1 - base), 0)
    most = np.where(large, base - 1, np.where(small, 1, 0))
    kept = (large & (was != UNDECIDED)) | (small & ((was == 0) | (was == base)))
    least[kept] = most[kept] = (was - start)[kept] // unit[kept]
    n = parts.sums.shape[0]
    moves = sp.hstack([parts.sums @ sp.diags_array(unit.astype(float)), -sp.eye_array(n), sp.eye_array(n)])
    ties = sp.hstack(
        [parts.ties @ sp.diags_array(unit.astype(float)), sp.csr_array((parts.ties.shape[0], 2 * n))]
    )
    right = np.concatenate([parts.sums @ (counts - start), -(parts.ties @ start)]).astype(float)
    chosen = _least_error(sp.csc_array(sp.vstack([moves, ties])), right, least, most)
    shown = start + unit * chosen
    if np.any(parts.ties @ shown):
        raise ValueError("no consistent rounding of the linked tables was found")
    return np.asarray(shown)


def _least_error(rows: sp.csc_array, right: Reals, least: Ints, most: Ints) -> Ints:
    """Whole numbers z between `least` and `most` (k,), rows @ (z, errors up, errors down) = right, with the
    smallest sum of errors."""
    errors, k = rows.shape[1] - len(least), len(least)
    model = highspy.HighsLp()
    model.num_row_, model.num_col_ = rows.shape
    model.col_cost_ = np.concatenate([np.zeros(k), np.ones(errors)])
    model.col_lower_ = np.concatenate([least, np.zeros(errors)]).astype(float)
    model.col_upper_ = np.concatenate([most, np.full(errors, highspy.kHighsInf)]).astype(float)
    model.row_lower_ = model.row_upper_ = right
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_, model.a_matrix_.index_ = rows.indptr, rows.indices
    model.a_matrix_.value_ = rows.data.astype(float)
    kinds = [highspy.HighsVarType.kInteger] * k + [highspy.HighsVarType.kContinuous] * errors
    model.integrality_ = kinds
    solver = quiet_solver()
    solver.setOptionValue("mip_max_nodes", NODES)
    solver.passModel(model)
    solver.run()
    found = np.asarray(solver.getSolution().col_value)[:k]
    if len(found) != k or np.abs(found - np.rint(found)).max(initial=0.0) > WHOLE:
        raise ValueError("no consistent rounding of the linked tables was found")
    return np.asarray(np.rint(found), dtype=np.int64)
