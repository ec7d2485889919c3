"""Alternative tables, in whole numbers, that an attacker cannot tell from the truth; by linear programs."""

from dataclasses import dataclass

import highspy
import numpy as np
import scipy.sparse as sp
from highspy._core import _Highs
from scipy.sparse.csgraph import connected_components

from .reduction import Reduction, as_seen
from .system import Flags, Ints, Reals, System

WHOLE = 1e-6
"""How near a whole number a solver's value must lie to be read as one; equations are then checked exactly."""


@dataclass(frozen=True, eq=False)
class Deviation:
    """One alternative table as sparse deviations from the truth; `by` is never 0."""

    cells: Ints
    by: Ints


NOTHING = Deviation(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))


class Alternatives:
    """The attacker's polytope under one pattern: deviations d with A d = 0 that move hidden cells only."""

    def __init__(self, system: System, hidden: Flags) -> None:
        self._reduction = as_seen(system, hidden)
        self._by_cell = sp.csr_array(self._reduction.members)
        self._components = _components(self._reduction.equations)
        self._solver = quiet_solver()
        self._load(self._solver)

    def move(self, cells: Ints, amounts: Ints, *, whole: bool = False) -> Deviation:
        """Move each of `cells` as far towards `amounts` (signed, beyond is no gain) as one table can.

        Whole numbers only: with `whole` by branching, else what is not whole in the solution is left out.
        """
        units, wanted = self._in_units(cells, amounts)
        if not len(units):
            return NOTHING
        low, high = -self._reduction.fall, self._reduction.rise.copy()
        low[units] = np.maximum(low[units], np.minimum(wanted, 0))
        high[units] = np.minimum(high[units], np.maximum(wanted, 0))
        gain = np.zeros(len(low))
        gain[units] = np.sign(wanted)
        return self._read(self._solve(gain, low, high, whole))

    def reach(self, cell: int, amount: int) -> float:
        """How far towards `amount` (signed) the cell can go, in fractions: a true upper bound."""
        units, wanted = self._in_units(np.array([cell]), np.array([amount]))
        if not len(units):
            return 0.0
        low, high = -self._reduction.fall, self._reduction.rise.copy()
        low[units] = np.maximum(low[units], np.minimum(wanted, 0))
        high[units] = np.minimum(high[units], np.maximum(wanted, 0))
        gain = np.zeros(len(low))
        gain[units] = np.sign(wanted)
        return abs(float(self._solve(gain, low, high, False)[units[0]]))

    def _in_units(self, cells: Ints, amounts: Ints) -> tuple[Ints, Reals]:
        """Units of the cells that can move at all, and how far to move each of those."""
        held = self._by_cell[cells].tocoo()
        units, first = np.unique(held.col, return_index=True)
        return units.astype(np.int64), (held.data * amounts[held.row])[first].astype(float)

    def _solve(self, gain: Reals, low: Reals, high: Reals, whole: bool) -> Reals:
        count = len(gain)
        every = np.arange(count, dtype=np.int32)
        self._solver.changeColsCost(count, every, gain)
        self._solver.changeColsBounds(count, every, low, high)
        kind = highspy.HighsVarType.kInteger if whole else highspy.HighsVarType.kContinuous
        self._solver.changeColsIntegrality(count, every, np.full(count, kind))
        self._solver.run()
        return np.asarray(self._solver.getSolution().col_value)

    def _read(self, solution: Reals) -> Deviation:
        by = np.rint(solution)
        blurred = np.abs(solution - by) > WHOLE
        lost = np.unique(self._components[blurred])
        by[np.isin(self._components, lost)] = 0
        used = np.flatnonzero(by)
        if (self._reduction.equations @ by).any():
            return NOTHING
        return over_cells(self._reduction, used, by[used].astype(np.int64))

    def _load(self, solver: _Highs) -> None:
        by_column = self._reduction.equations.tocsc()
        model = highspy.HighsLp()
        model.num_row_, model.num_col_ = by_column.shape
        model.col_cost_ = np.zeros(model.num_col_)
        model.col_lower_, model.col_upper_ = -self._reduction.fall, self._reduction.rise
        model.row_lower_ = model.row_upper_ = np.zeros(model.num_row_)
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_ = by_column.indptr
        model.a_matrix_.index_ = by_column.indices
        model.a_matrix_.value_ = by_column.data.astype(float)
        model.sense_ = highspy.ObjSense.kMaximize
        solver.passModel(model)


def over_cells(reduction: Reduction, units: Ints, by: Ints) -> Deviation:
    """A deviation over units as one over the system's cells."""
    part = reduction.members[:, units].tocoo()
    return Deviation(part.row.astype(np.int64), part.data * by[part.col])


def quiet_solver() -> _Highs:
    # The public class prints a banner from its constructor; the one below it is the same solver without that.
    solver = _Highs()
    for option, value in (("output_flag", False), ("threads", 1), ("random_seed", 0)):
        solver.setOptionValue(option, value)
    return solver


def _components(equations: sp.csr_array) -> Ints:
    """Which cells can move only together: connected components of cells over equations, shape (cells,)."""
    rows, cells = equations.shape
    held = equations.tocoo()
    links = (np.ones(held.nnz), (held.row, held.col + rows))
    graph: sp.coo_array = sp.coo_array(links, shape=(rows + cells, rows + cells))
    return np.asarray(connected_components(graph, directed=False)[1][rows:], dtype=np.int64)
