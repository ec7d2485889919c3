"""Alternative tables, in whole numbers, that an attacker cannot tell from the truth, by branching."""

from dataclasses import dataclass

import highspy
import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from lagesbild.inside.solver import quiet_solver

from ..machine_code import njit
from ..problem.reduction import Reduction
from ..problem.system import Ints, Reals

WHOLE = 1e-6
"""How near a whole number a solver's value must lie to be read as one; equations are then checked exactly."""
BRANCHES = 2000
"""After so many the search for a table is given up."""


@dataclass(frozen=True, eq=False)
class Deviation:
    """One alternative table as sparse deviations from the truth; `by` is never 0."""

    cells: NDArray[np.integer]
    by: Ints


NOTHING = Deviation(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))


class Alternatives:
    """The attacker's polytope over some units of a reduction: deviations d with A d = 0, the rest still.

    Every unit is two columns of the program: as far as its progress counts, and what it moves beyond that.
    """

    def __init__(self, reduction: Reduction, units: Ints | None = None) -> None:
        self._reduction = reduction
        self.units = np.arange(len(reduction.price)) if units is None else units
        self._fall, self._rise = reduction.fall[self.units], reduction.rise[self.units]
        equations = reduction.equations[:, self.units]
        self._equations = sp.csr_array(equations[np.flatnonzero(np.diff(equations.indptr))])
        self._solver = quiet_solver()
        self._load()

    def whole(self, wanted: Ints) -> Deviation:
        """Every unit as far towards `wanted` (m,) as one table can carry them together, by branching.

        `wanted` is signed; 0 means no matter where. A unit that goes further gains nothing by it, one that
        goes the other way counts against.
        """
        return self._read(self._solve(*self._program(wanted)))

    def _program(self, wanted: Ints) -> tuple[Reals, Reals, Reals]:
        """What each column gains, its least and its most: (2 k,), progress first, beyond it after."""
        own = wanted[self.units]
        fall, rise = np.minimum(-np.minimum(own, 0), self._fall), np.minimum(np.maximum(own, 0), self._rise)
        low = np.where(own < 0, -fall, -self._fall)
        high = np.where(own > 0, rise, self._rise)
        below, above = np.where(own < 0, fall - self._fall, 0.0), np.where(own > 0, self._rise - rise, 0.0)
        gain = np.concatenate([np.sign(own), np.zeros(len(own))])
        return gain, np.concatenate([low, below]), np.concatenate([high, above])

    def _solve(self, gain: Reals, low: Reals, high: Reals) -> Reals:
        count = len(gain)
        every = np.arange(count, dtype=np.int32)
        self._solver.changeColsCost(count, every, gain.astype(float))
        self._solver.changeColsBounds(count, every, low, high)
        self._solver.run()
        solution = self._solver.getSolution()
        return np.asarray(solution.col_value) if solution.value_valid else np.zeros(count)

    def _read(self, solution: Reals) -> Deviation:
        by = np.rint(solution).astype(np.int64).reshape(2, -1).sum(axis=0)
        if (self._equations @ by).any():
            return NOTHING
        used = np.flatnonzero(by)
        return over_cells(self._reduction, self.units[used], by[used])

    def _load(self) -> None:
        by_column = sp.csc_array(sp.hstack([self._equations, self._equations]))
        model = highspy.HighsLp()
        model.num_row_, model.num_col_ = by_column.shape
        model.col_cost_ = model.col_lower_ = model.col_upper_ = np.zeros(model.num_col_)
        model.row_lower_ = model.row_upper_ = np.zeros(model.num_row_)
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_ = by_column.indptr
        model.a_matrix_.index_ = by_column.indices
        model.a_matrix_.value_ = by_column.data.astype(float)
        model.sense_ = highspy.ObjSense.kMaximize
        model.integrality_ = [highspy.HighsVarType.kInteger] * model.num_col_
        self._solver.passModel(model)
        self._solver.setOptionValue("mip_max_nodes", BRANCHES)


def over_cells(reduction: Reduction, units: Ints, by: Ints) -> Deviation:
    """A deviation over units as one over the system's cells."""
    held = reduction.by_unit
    return Deviation(*_spread(held.indptr, held.indices, held.data, units, by))


@njit(cache=True)
def _spread(
    start: NDArray[np.integer], index: NDArray[np.integer], sign: Ints, units: Ints, by: Ints
) -> tuple[Ints, Ints]:
    """Cells of the units, and how far each moves. A cell moves with one unit at most, so nothing has to be
    added up. A slice of the matrix took fifty times as long, a quarter of all time against insiders."""
    many = 0
    for unit in units:
        many += start[unit + 1] - start[unit]
    cells, moved, used = np.empty(many, np.int64), np.empty(many, np.int64), 0
    for k in range(len(units)):
        for place in range(start[units[k]], start[units[k] + 1]):
            cells[used], moved[used] = index[place], sign[place] * by[k]
            used += 1
    return cells, moved
