"""The attacker's units: which cells each one carries, how far it can go at all, and what moves together."""

from collections.abc import Iterator
from functools import cached_property

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from .alternatives import Alternatives
from .bounds import propagated
from .reduction import Demand, Reduction
from .system import Ints
from .witnesses import Witnesses

LARGEST_PAIR = 3000
"""Units of two blocks that are still worth a program of their own."""


class Units:
    """Looks a reduction up by cell and by block, for searches over parts of it."""

    def __init__(self, reduction: Reduction) -> None:
        self.reduction = reduction
        held = reduction.members.tocoo()
        self._unit = np.full(reduction.members.shape[0], -1, dtype=np.int64)
        self._sign = np.zeros(reduction.members.shape[0], dtype=np.int64)
        self._unit[held.row], self._sign[held.row] = held.col, held.data
        self._upper = np.flatnonzero(reduction.block < 0)
        self._size = np.bincount(reduction.block[reduction.block >= 0])
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
        low, high = (
            np.append(low, 0),
            np.append(high, 0),
        )  # a cell without a unit stands still: -1 is the last
        unit, sign = self._unit[cells], self._sign[cells]
        return np.where(sign > 0, -low[unit], high[unit]), np.where(sign > 0, high[unit], -low[unit])

    def wanted(self, witnesses: Witnesses, chance: np.random.Generator) -> Ints:
        """How far each unit should go for its open cells, (m,), signed; where both ways help, by chance."""
        ways = []
        for direction in (1, -1):
            cells, amounts = witnesses.shortfall(direction)
            way = np.zeros(len(self.reduction.price), dtype=np.int64)
            way[self._unit[cells]] = direction * self._sign[cells] * amounts
            ways.append(way)
        first = np.where(chance.random(len(ways[0])) < 0.5, ways[0], ways[1])
        return np.where((ways[0] != 0) & (ways[1] != 0), first, ways[0] + ways[1])

    def only(self, unit: int, amount: int) -> Ints:
        """`amount` wanted of one unit, (m,)."""
        wanted = np.zeros(len(self.reduction.price), dtype=np.int64)
        wanted[unit] = amount
        return wanted

    def blocks(self) -> Iterator[Ints]:
        """Each block's units with those above all blocks; where there are no blocks, everything."""
        if len(self._size) < 2:
            yield np.arange(len(self.reduction.price))
            return
        for block in np.flatnonzero(self._size).tolist():
            yield self._within([block])

    def pairs(self, chance: np.random.Generator) -> Iterator[Ints]:
        """Blocks in random pairs, those left out that would be too large."""
        order = chance.permutation(np.flatnonzero(self._size)).tolist()
        for one, other in zip(order[::2], order[1::2] + order[:1], strict=False):
            if one != other and self._size[one] + self._size[other] <= LARGEST_PAIR:
                yield self._within([one, other])

    def _within(self, blocks: list[int]) -> Ints:
        inside = np.flatnonzero(np.isin(self.reduction.block, blocks))
        return np.sort(np.concatenate([self._upper, inside]))

    def demands(self) -> Iterator[tuple[Demand, Ints]]:
        """Each demand of the reduction, with the cells that its unit carries in that direction."""
        by_unit = sp.csc_array(self.reduction.members)
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

    def joined(self, witnesses: Witnesses) -> Iterator[Alternatives]:
        """One search for each set of joined units that has an open cell."""
        for number in np.unique(self._component[self._unit[witnesses.cells[witnesses.open_places()]]]):
            yield self.joined_to(int(np.argmax(self._component == number)))

    def joined_to(self, unit: int) -> Alternatives:
        """A search over everything that the unit is joined to by equations."""
        number = int(self._component[unit])
        if number not in self._joined:
            part = np.flatnonzero(self._component == number)
            self._joined[number] = Alternatives(self.reduction, part)
        return self._joined[number]
