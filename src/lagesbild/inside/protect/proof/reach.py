"""How far whole tables carry cells whose numbers are known only within bounds: rounded and noisy tables."""

import highspy
import numpy as np
import scipy.sparse as sp
from highspy._core import _Highs

from lagesbild.inside.solver import quiet_solver

from ..problem.system import Ints, Reals
from .alternatives import WHOLE

NODES = 50
"""Branches after which a cell counts as unproven; a count, so that it never varies."""


class Reach:
    """Of each of `cells` (k,): `least` and `most` are attained by whole tables that were found and that fit
    `low` and `high` (n,) and the equations (m, n); no table, not even of fractions, goes beyond `low` and
    `high` (k,).

    The search ends where the tables are `width` apart; the `truth` (n,), if at hand, is where it begins.
    Raises ValueError where nothing fits.
    """

    def __init__(
        self,
        equations: sp.csr_array,
        low: Ints,
        high: Ints,
        cells: Ints,
        width: int,
        truth: Ints | None = None,
    ) -> None:
        self._equations, self._bounds, self._cells, self._width = equations, (low, high), cells, width
        self.low, self.high = low[cells], high[cells]
        self.least, self.most = high[cells], low[cells]
        if len(self._left):
            self._furthest = _loaded(equations, low, high, np.zeros(len(low)))
            table = None if truth is None else self._seen(truth)
            for sign in (1, -1):
                table = self._together(sign, table)
            if table is not None:
                self._alone(table)

    @property
    def _left(self) -> Ints:
        """Places of the cells that no two tables carry far enough yet, though their bounds allow it."""
        allowed = self.high - self.low >= self._width
        return np.flatnonzero(allowed & (self.most - self.least < self._width))

    def _together(self, sign: int, known: Ints | None) -> Ints | None:
        """A whole table with all cells as high (or with -1 low) as they go at once; else the one known."""
        found = self._seen(self._extreme(self._cells, sign))
        if found is None and known is None:
            found = self._seen(_branched(self._furthest))
        return known if found is None else found

    def _alone(self, table: Ints) -> None:
        """Each cell that is left: up and then down from a table, while as little else as can be moves."""
        low, high = self._bounds
        room = np.concatenate([high - table, table - low])
        moves = sp.csr_array(sp.hstack([self._equations, -self._equations]))
        near = _loaded(moves, np.zeros(len(room)), room, np.ones(len(room)))
        for place in self._left.tolist():
            cell = int(self._cells[place])
            for sign, column in ((1, cell), (-1, len(low) + cell)):
                up, down = int(self.most[place] - table[cell]), int(table[cell] - self.least[place])
                amount = min(self._width - (down if sign > 0 else up), int(room[column]))
                if amount > (up if sign > 0 else down) and not self._carry(near, table, room, column, amount):
                    amount = min(amount - 1, self._outer(place, sign, int(table[cell])))
                    self._carry(near, table, room, column, amount)

    def _carry(self, near: _Highs, table: Ints, room: Ints, column: int, amount: int) -> bool:
        """Whether a whole table was found in which one cell has moved by the amount, and not back."""
        back = (column + len(table)) % len(room)
        near.changeColBounds(column, float(amount), float(room[column]))
        near.changeColBounds(back, 0.0, 0.0)
        near.run()
        carried = near.getModelStatus() == highspy.HighsModelStatus.kOptimal and any(
            self._seen(table + move[: len(table)] - move[len(table) :]) is not None
            for move in (solve(near) for solve in (_solution, _branched))
        )
        for each in (column, back):
            near.changeColBounds(each, 0.0, float(room[each]))
        return carried

    def _outer(self, place: int, sign: int, start: int) -> int:
        """How far from `start` at most a cell can be, which narrows its bounds."""
        end = sign * self._extreme(self._cells[place : place + 1], sign)[self._cells[place]] + WHOLE
        if sign > 0:
            self.high[place] = min(self.high[place], int(np.floor(end)))
            return int(self.high[place]) - start
        self.low[place] = max(self.low[place], -int(np.floor(end)))
        return start - int(self.low[place])

    def _extreme(self, cells: Ints, sign: int) -> Reals:
        """A table, maybe of fractions, in which the sum of some cells is as high (with -1 low) as it goes."""
        cost = np.zeros(self._equations.shape[1])
        cost[cells] = -sign
        self._furthest.changeColsCost(len(cost), np.arange(len(cost), dtype=np.int32), cost)
        self._furthest.run()
        if self._furthest.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise ValueError("no table fits")
        return _solution(self._furthest)

    def _seen(self, found: Reals | Ints) -> Ints | None:
        """The table where it is whole and fits; if so the cells are carried as far as it goes."""
        low, high = self._bounds
        table = np.rint(found).astype(np.int64)
        fits = len(table) == len(low) and not np.any(self._equations @ table)
        if not fits or np.any((table < low) | (table > high)):
            return None
        own = table[self._cells]
        self.least, self.most = np.minimum(self.least, own), np.maximum(self.most, own)
        return table


def outermost(equations: sp.csr_array, low: Ints, high: Ints, cells: Ints) -> tuple[Ints, Ints]:
    """The least and most that any table of fractions that fits leaves of each cell, both (k,).

    Raises ValueError where nothing fits.
    """
    solver, ends = _loaded(equations, low, high, np.zeros(len(low))), np.stack([low[cells], high[cells]])
    for place, cell in enumerate(cells.tolist()):
        for end, sign in enumerate((1.0, -1.0)):
            solver.changeColCost(cell, sign)
            solver.run()
            if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                raise ValueError("no table fits")
            # Whole numbers within: up from the least, down from the most.
            ends[end, place] = sign * np.ceil(sign * _solution(solver)[cell] - WHOLE)
        solver.changeColCost(cell, 0.0)
    return ends[0], ends[1]


def _loaded(equations: sp.csr_array, low: Ints | Reals, high: Ints | Reals, cost: Reals) -> _Highs:
    by_column = sp.csc_array(equations)
    model = highspy.HighsLp()
    model.num_row_, model.num_col_ = by_column.shape
    model.col_cost_, model.col_lower_, model.col_upper_ = cost, low.astype(float), high.astype(float)
    model.row_lower_ = model.row_upper_ = np.zeros(model.num_row_)
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_, model.a_matrix_.index_ = by_column.indptr, by_column.indices
    model.a_matrix_.value_ = by_column.data.astype(float)
    solver = quiet_solver()
    solver.passModel(model)
    return solver


def _branched(solver: _Highs) -> Reals:
    """The same program in whole numbers; what was found within the branches that are allowed."""
    model = solver.getLp()
    model.integrality_ = [highspy.HighsVarType.kInteger] * model.num_col_
    whole = quiet_solver()
    whole.setOptionValue("mip_max_nodes", NODES)
    whole.passModel(model)
    whole.run()
    return _solution(whole)


def _solution(solver: _Highs) -> Reals:
    return np.asarray(solver.getSolution().col_value)
