"""Where a circuit may run: a block of cells (a county with its municipalities) with the national cells, and
for cells that tie blocks together their cheapest neighbours' blocks too. The rest stands still."""

from functools import cached_property

import numpy as np
import scipy.sparse as sp

from .dictionary import Dictionary, scratch, solved_for
from .reduction import Reduction
from .system import Flags, Reals

NEIGHBOURS = 4
ENOUGH, SMALL_PRICE = 5.0, 20.0
"""When neighbours are compared: room beyond this is no better, and what a hidden cell is taken to cost."""
KEPT = 64
"""Spaces kept at a time."""


class Spaces:
    """The spaces of one reduction, each made when first asked for."""

    def __init__(self, reduction: Reduction) -> None:
        self._reduction = reduction
        self._by_unit = sp.csr_array(reduction.equations.T)
        self._made: dict[tuple[int, ...], Dictionary] = {}
        self._preference = _preference(reduction)
        self._scratch = scratch(len(reduction.price))
        self.crossing = reduction.crossing()

    def around(self, unit: int, price: Reals, *, wide: bool) -> tuple[int, ...]:
        """Blocks for circuits through `unit` at these prices, (m,): its own, `wide` with others."""
        own = int(self._reduction.block[unit])
        blocks = [own] if own >= 0 else []
        if wide or own < 0:
            blocks += self._neighbours(unit, price)[: NEIGHBOURS + (own < 0)]
        return tuple(sorted(blocks))

    @cached_property
    def whole(self) -> Dictionary:
        """The whole system."""
        return self.within(np.ones(len(self._reduction.price), dtype=bool))

    def within(self, hidden: Flags) -> Dictionary:
        """The whole system with only the hidden units, (m,), moving."""
        return solved_for(self._reduction.equations, self._preference, hidden, self._scratch)

    def dictionary(self, blocks: tuple[int, ...]) -> Dictionary:
        """The equations of these blocks, and of what lies above all blocks."""
        if blocks not in self._made:
            if len(self._made) >= KEPT:
                del self._made[next(iter(self._made))]
            moving = (self._reduction.block < 0) | np.isin(self._reduction.block, blocks)
            self._made[blocks] = solved_for(
                self._reduction.equations, self._preference, moving, self._scratch
            )
        return self._made[blocks]

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


def _preference(reduction: Reduction) -> Reals:
    """For which units to solve: those that move most (hidden anyway, then cheap) and stand in few equations,
    so that searches are short and the dictionary sparse."""
    equations = np.bincount(reduction.equations.indices, minlength=len(reduction.price))
    return np.asarray(np.where(reduction.given, 1e6, 0.0) - 1e4 * equations - np.minimum(reduction.size, 9e3))
