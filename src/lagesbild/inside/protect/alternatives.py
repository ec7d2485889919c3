"""Alternative tables, in whole numbers, that an attacker cannot tell from the truth; by linear programs."""

from dataclasses import dataclass

import highspy
import numpy as np
import scipy.sparse as sp
from highspy._core import _Highs
from scipy.sparse.csgraph import connected_components

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
    """The attacker's polytope under one pattern, as deviations d with A d = 0 on hidden cells only."""

    def __init__(self, system: System, hidden: Flags) -> None:
        self._cells = np.flatnonzero(hidden & (system.floor < system.ceiling))
        self._place = np.full(system.size, -1, dtype=np.int64)
        self._place[self._cells] = np.arange(len(self._cells))
        equations = system.equations[:, self._cells]
        self._equations = sp.csr_array(equations[np.diff(equations.indptr) > 0])
        self._low = (system.floor - system.values)[self._cells].astype(float)
        self._high = (system.ceiling - system.values)[self._cells].astype(float)
        self._components = _components(self._equations)
        self._solver = quiet_solver()
        self._load(self._solver)

    def move(self, cells: Ints, amounts: Ints, *, whole: bool = False) -> Deviation:
        """Move each of `cells` as far towards `amounts` (signed, beyond is no gain) as one table can.

        Whole numbers only: with `whole` by branching, else what is not whole in the solution is left out.
        """
        places = self._place[cells]
        inside, wanted = places >= 0, amounts.astype(float)
        places, wanted = places[inside], wanted[inside]
        if not len(places):
            return NOTHING
        low, high = self._low.copy(), self._high.copy()
        low[places] = np.maximum(low[places], np.minimum(wanted, 0))
        high[places] = np.minimum(high[places], np.maximum(wanted, 0))
        gain = np.zeros(len(self._cells))
        gain[places] = np.sign(wanted)
        return self._read(self._solve(gain, low, high, whole))

    def _solve(self, gain: Reals, low: Reals, high: Reals, whole: bool) -> Reals:
        count = len(self._cells)
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
        whole = by.astype(np.int64)
        unbalanced = np.flatnonzero(self._equations @ whole)
        if len(unbalanced):
            return NOTHING
        used = np.flatnonzero(whole)
        return Deviation(self._cells[used], whole[used])

    def _load(self, solver: _Highs) -> None:
        by_column = self._equations.tocsc()
        model = highspy.HighsLp()
        model.num_row_, model.num_col_ = self._equations.shape
        model.col_cost_ = np.zeros(model.num_col_)
        model.col_lower_, model.col_upper_ = self._low, self._high
        model.row_lower_ = model.row_upper_ = np.zeros(model.num_row_)
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_ = by_column.indptr
        model.a_matrix_.index_ = by_column.indices
        model.a_matrix_.value_ = by_column.data.astype(float)
        model.sense_ = highspy.ObjSense.kMaximize
        solver.passModel(model)


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
