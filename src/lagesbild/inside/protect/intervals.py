"""What an outsider has of a table, and the feasible interval of each hidden cell that follows from it."""

from dataclasses import dataclass

import highspy
import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from .alternatives import WHOLE, quiet_solver
from .system import Flags, Ints, System


@dataclass(frozen=True, eq=False)
class View:
    """Equations (m, n) and, for each cell, whether it is hidden, its published value, and prior bounds (n,).

    `published` is 0 where hidden: nothing of the truth is in here.
    """

    equations: sp.csr_array
    hidden: Flags
    published: Ints
    floor: Ints
    ceiling: Ints

    @classmethod
    def of(cls, system: System, hidden: Flags) -> "View":
        published = np.where(hidden, 0, system.values)
        return cls(system.equations, hidden, published, system.floor, system.ceiling)


class Intervals:
    """Least and largest value that hidden cells can have, given all that is published.

    The programs are relaxed to real numbers, so an interval is never narrower than the whole-number one;
    its ends are rounded inwards to whole numbers.
    """

    def __init__(self, view: View) -> None:
        self._view = view
        self._cells = np.flatnonzero(view.hidden)
        self._place = np.full(len(view.hidden), -1, dtype=np.int64)
        self._place[self._cells] = np.arange(len(self._cells))
        self._solver = quiet_solver()
        self._load()

    def of(self, cells: Ints) -> tuple[Ints, Ints]:
        """Lower and upper ends for `cells` (k,), two arrays (k,); a published cell is its own interval."""
        low, high = self._view.published[cells], self._view.published[cells]
        for i, place in enumerate(self._place[cells].tolist()):
            if place >= 0:
                low[i] = np.ceil(self._end(place, highspy.ObjSense.kMinimize) - WHOLE)
                high[i] = np.floor(self._end(place, highspy.ObjSense.kMaximize) + WHOLE)
        return low, high

    def _end(self, place: int, sense: highspy.ObjSense) -> float:
        self._solver.changeColCost(place, 1.0)
        self._solver.changeObjectiveSense(sense)
        self._solver.run()
        solved = self._solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        end = float(self._solver.getSolution().col_value[place])
        self._solver.changeColCost(place, 0.0)  # a change of the model forgets its status and solution
        if not solved:
            raise ArithmeticError("the solver found no end of an interval")
        return end

    def _load(self) -> None:
        equations = sp.csc_array(self._view.equations[:, self._cells])
        right = -(self._view.equations @ self._view.published).astype(float)
        model = highspy.HighsLp()
        model.num_row_, model.num_col_ = equations.shape
        model.col_cost_ = np.zeros(model.num_col_)
        model.col_lower_ = self._view.floor[self._cells].astype(float)
        model.col_upper_ = self._view.ceiling[self._cells].astype(float)
        model.row_lower_ = model.row_upper_ = right
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_ = equations.indptr
        model.a_matrix_.index_ = equations.indices
        model.a_matrix_.value_ = equations.data.astype(float)
        self._solver.passModel(model)

    def some_table(self) -> Ints | None:
        """A whole-number table that fits all that is published (n,); None where that contradicts itself."""
        count = len(self._cells)
        every = np.arange(count, dtype=np.int32)
        self._integrality(every, highspy.HighsVarType.kInteger)
        self._solver.run()
        solved = self._solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        table = self._view.published.copy()
        if solved:
            table[self._cells] = np.rint(np.asarray(self._solver.getSolution().col_value)).astype(np.int64)
        self._integrality(every, highspy.HighsVarType.kContinuous)
        return None if np.any(self._view.equations @ table) or not solved else table

    def _integrality(self, places: NDArray[np.int32], kind: highspy.HighsVarType) -> None:
        self._solver.changeColsIntegrality(len(places), places, np.full(len(places), kind))
