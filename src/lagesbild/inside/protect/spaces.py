"""Where a circuit may run: a block of cells (a county with its municipalities) with the national cells, and
for cells that tie blocks together their cheapest neighbours' blocks too. The rest stands still."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from .dictionary import Dictionary, solved_for
from .reduction import Reduction
from .system import Flags, Ints, Reals

NEIGHBOURS = 4
ENOUGH, SMALL_PRICE = 5.0, 20.0
"""When neighbours are compared: room beyond this is no better, and what a hidden cell is taken to cost."""
LARGEST_SPACE = 3000
"""Units in one space; a dictionary's size grows with the square."""
LARGE_SYSTEM, LARGEST_SPACE_THERE = 4000, 900
"""Units of a system whose thousands of demands need quick circuits, and the most units in its spaces."""


@dataclass(frozen=True, eq=False)
class Space:
    """units: (k,) of the reduction, ascending.  place: (m,), -1 outside.  dictionary: over the k units."""

    units: Ints
    place: Ints
    dictionary: Dictionary


class Spaces:
    """The spaces of one reduction, each made when first asked for."""

    def __init__(self, reduction: Reduction) -> None:
        self._reduction = reduction
        self._by_unit = sp.csr_array(reduction.equations.T)
        self._made: dict[tuple[int, ...], Space] = {}
        self._sizes = np.bincount(reduction.block[reduction.block >= 0])
        self._upper = int((reduction.block < 0).sum())
        self.quick = len(reduction.price) > LARGE_SYSTEM
        self._largest = LARGEST_SPACE_THERE if self.quick else LARGEST_SPACE
        self.crossing = self._crossing()

    def around(self, unit: int, price: Reals, *, wide: bool) -> Space:
        """The space for circuits through `unit` at these prices, (m,): its block, `wide` with others."""
        own = int(self._reduction.block[unit])
        blocks = [own] if own >= 0 else []
        room = self._largest - self._upper - sum(int(self._sizes[block]) for block in blocks)
        for block in self._neighbours(unit, price) if wide or own < 0 else ():
            if len(blocks) <= NEIGHBOURS and (self._sizes[block] <= room or not blocks):
                blocks.append(block)
                room -= int(self._sizes[block])
        return self._space(tuple(sorted(blocks)))

    def _space(self, blocks: tuple[int, ...]) -> Space:
        if blocks not in self._made:
            reduction = self._reduction
            units = np.flatnonzero((reduction.block < 0) | np.isin(reduction.block, blocks))
            equations = reduction.equations[:, units]
            equations = sp.csr_array(equations[np.flatnonzero(np.diff(equations.indptr))])
            place = np.full(len(reduction.price), -1, dtype=np.int64)
            place[units] = np.arange(len(units))
            self._made[blocks] = Space(units, place, solved_for(equations, reduction.size[units]))
        return self._made[blocks]

    def _crossing(self) -> Flags:
        """Units that share an equation with units of other blocks, (m,)."""
        held = self._reduction.equations.tocoo()
        block = self._reduction.block[held.col]
        inside = block >= 0
        rows = self._reduction.equations.shape[0]
        least, most = np.full(rows, np.iinfo(np.int64).max), np.full(rows, -1, dtype=np.int64)
        np.minimum.at(least, held.row[inside], block[inside])
        np.maximum.at(most, held.row[inside], block[inside])
        crossing = np.zeros(len(self._reduction.price), dtype=bool)
        crossing[held.col[(least < most)[held.row]]] = True
        return crossing

    def _neighbours(self, unit: int, price: Reals) -> list[int]:
        """Other blocks in the unit's equations, first the one whose cell there carries most for its price."""
        own = int(self._reduction.block[unit])
        cheapest: dict[int, float] = {}
        tied = (
            [unit] if self.crossing[unit] else [other for other in self._beside(unit) if self.crossing[other]]
        )
        for other in {far for near in tied for far in self._beside(near)}:
            block = int(self._reduction.block[other])
            if block >= 0 and block != own:
                carried = min(self._reduction.fall[other], self._reduction.rise[other], ENOUGH)
                cost = float(price[other] + SMALL_PRICE) / max(carried, 0.1)
                cheapest[block] = min(cheapest.get(block, np.inf), cost)
        return sorted(cheapest, key=lambda block: (cheapest[block], block))

    def _beside(self, unit: int) -> list[int]:
        """Units in an equation with this one."""
        rows = self._by_unit.indices[self._by_unit.indptr[unit] : self._by_unit.indptr[unit + 1]]
        starts = self._reduction.equations.indptr
        parts = [self._reduction.equations.indices[starts[row] : starts[row + 1]] for row in rows]
        return np.unique(np.concatenate(parts)).tolist() if parts else []
