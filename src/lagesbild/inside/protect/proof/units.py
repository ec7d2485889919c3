"""The attacker's units: which cells each carries, how far it can go at all, what moves together."""

from collections.abc import Iterator
from functools import cached_property

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from ..problem.reduction import Demand, Reduction
from ..problem.system import Ints
from .alternatives import Alternatives
from .bounds import propagated

LARGEST_SEARCH = 4000
"""Joined units that are still searched as a whole."""


class Units:
    """Looks a reduction up by cell and by block, for searches over parts of it."""

    def __init__(self, reduction: Reduction) -> None:
        self.reduction = reduction
        held = reduction.members.tocoo()
        self._unit = np.full(reduction.members.shape[0], -1, dtype=np.int64)
        self._sign = np.zeros(reduction.members.shape[0], dtype=np.int64)
        self._unit[held.row], self._sign[held.row] = held.col, held.data
        self._joined: dict[int, Alternatives] = {}

    def of(self, cell: int) -> tuple[int, int]:
        """The cell's unit, and 1 or -1 for the direction it goes in with it."""
        return int(self._unit[cell]), int(self._sign[cell])

    def room(self, cells: Ints) -> tuple[Ints, Ints]:
        """How far down and up each of `cells` (k,) can go at most, by bounds passed along the equations."""
        reduction = self.reduction
        low, high = propagated(
            reduction.equations, -reduction.fall.astype(np.int64), reduction.rise.astype(np.int64)
        )
        # A cell without a unit stands still: -1 is the last.
        low, high = np.append(low, 0), np.append(high, 0)
        unit, sign = self._unit[cells], self._sign[cells]
        return np.where(sign > 0, -low[unit], high[unit]), np.where(sign > 0, high[unit], -low[unit])

    def only(self, unit: int, amount: int) -> Ints:
        """`amount` wanted of one unit, (m,)."""
        wanted = np.zeros(len(self.reduction.price), dtype=np.int64)
        wanted[unit] = amount
        return wanted

    def demands(self) -> Iterator[tuple[Demand, Ints]]:
        """Each demand of the reduction, with the cells that its unit carries in that direction."""
        by_unit = self.reduction.by_unit
        for demand in self.reduction.demands:
            part = slice(by_unit.indptr[demand.unit], by_unit.indptr[demand.unit + 1])
            cells, signs = by_unit.indices[part], by_unit.data[part]
            yield demand, cells[signs == demand.sign]

    @cached_property
    def _component(self) -> Ints:
        """Which units can move only together: connected components of units over equations, (m,)."""
        held = self.reduction.equations.tocoo()
        rows, count = held.shape
        links = (np.ones(held.nnz), (held.row, held.col + rows))
        graph: sp.coo_array = sp.coo_array(links, shape=(rows + count, rows + count))
        return np.asarray(connected_components(graph, directed=False)[1][rows:], dtype=np.int64)

    def can_be_searched(self, unit: int) -> bool:
        """Whether what the unit is joined to is small enough to be searched as a whole."""
        return bool(np.count_nonzero(self._component == self._component[unit]) <= LARGEST_SEARCH)

    def joined_to(self, unit: int) -> Alternatives:
        """A search over everything that the unit is joined to by equations."""
        number = int(self._component[unit])
        if number not in self._joined:
            part = np.flatnonzero(self._component == number)
            self._joined[number] = Alternatives(self.reduction, part)
        return self._joined[number]
