"""Circuits: alternative tables through one unsafe cell that disturb little of what is published."""

import highspy
import numpy as np
import scipy.sparse as sp

from .alternatives import WHOLE, Deviation, quiet_solver
from .system import Flags, Reals, System
from .witnesses import Witnesses

ROUNDS = 3
"""Reweighted programs per circuit: the first spreads the deviation, the next gather it on few cells."""


class Circuits:
    """Cheapest circuits of one system; `cost` (n,) is the price of hiding each cell."""

    def __init__(self, system: System, cost: Reals) -> None:
        self._system = system
        self._cost = cost
        self._solver = quiet_solver()
        self._load()

    def protect(self, cell: int, hidden: Flags, witnesses: Witnesses) -> None:
        """Hide what lets `cell` reach its threshold and width, if anything does; changes `hidden`."""
        for direction in (1, -1, 1):
            cells, amounts = witnesses.shortfall(direction)
            wanted = amounts[cells == cell].tolist()
            if wanted:
                self._route(cell, direction * wanted[0], hidden, witnesses)

    def _route(self, cell: int, amount: int, hidden: Flags, witnesses: Witnesses) -> None:
        price = np.where(hidden, 0.0, self._cost)
        by = np.zeros(self._system.size)
        for _ in range(ROUNDS):
            solved = self._solve(cell, amount, price / (np.abs(by) + 0.2), whole=False)
            if solved is None:
                return
            by = solved
        if np.abs(by - np.rint(by)).max() > WHOLE:
            branched = self._solve(cell, amount, price / (np.abs(by) + 0.2), whole=True)
            if branched is None:
                return
            by = branched
        used = np.flatnonzero(np.rint(by))
        hidden[used] = True
        witnesses.add(Deviation(used, np.rint(by[used]).astype(np.int64)))

    def _solve(self, cell: int, amount: int, price: Reals, *, whole: bool) -> Reals | None:
        system, n = self._system, self._system.size
        high = np.where(system.hideable, system.ceiling - system.values, 0).astype(float)
        low = np.where(system.hideable, system.values - system.floor, 0).astype(float)
        rise, fall = high, low
        rise_least, fall_least = np.zeros(n), np.zeros(n)
        rise[cell] = rise_least[cell] = max(amount, 0)
        fall[cell] = fall_least[cell] = max(-amount, 0)
        every = np.arange(2 * n, dtype=np.int32)
        self._solver.changeColsCost(2 * n, every, np.concatenate([price, price]))
        self._solver.changeColsBounds(
            2 * n, every, np.concatenate([rise_least, fall_least]), np.concatenate([rise, fall])
        )
        kind = highspy.HighsVarType.kInteger if whole else highspy.HighsVarType.kContinuous
        self._solver.changeColsIntegrality(2 * n, every, np.full(2 * n, kind))
        self._solver.run()
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        both = np.asarray(self._solver.getSolution().col_value)
        return np.asarray(both[:n] - both[n:])

    def _load(self) -> None:
        equations = sp.hstack([self._system.equations, -self._system.equations], format="csc")
        model = highspy.HighsLp()
        model.num_row_, model.num_col_ = equations.shape
        model.col_cost_ = np.zeros(model.num_col_)
        model.col_lower_ = model.col_upper_ = np.zeros(model.num_col_)
        model.row_lower_ = model.row_upper_ = np.zeros(model.num_row_)
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_ = equations.indptr
        model.a_matrix_.index_ = equations.indices
        model.a_matrix_.value_ = equations.data.astype(float)
        self._solver.passModel(model)
