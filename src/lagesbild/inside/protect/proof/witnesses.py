"""The alternative tables found so far, and how far they carry each unsafe cell."""

import numpy as np
import scipy.sparse as sp

from ..problem.system import Flags, Ints, System
from .alternatives import Deviation
from .certificate import TRUTH, Certificate, sound_tables

SLACK = 1e-4
"""More than any error of a solver; bounds that are this near are not relied on."""


class Witnesses:
    """Collects alternative tables; keeps for each unsafe cell the ones that carry it highest and lowest."""

    def __init__(self, system: System) -> None:
        self._system = system
        self.cells = np.flatnonzero(system.unsafe)
        self._place = np.full(system.size, -1, dtype=np.int64)
        self._place[self.cells] = np.arange(len(self.cells))
        self.up = np.zeros(len(self.cells), dtype=np.int64)
        self.down = np.zeros(len(self.cells), dtype=np.int64)
        self._highest = np.full(len(self.cells), TRUTH, dtype=np.int64)
        self._lowest = np.full(len(self.cells), TRUTH, dtype=np.int64)
        self._tables: list[Deviation] = []
        self._moving: list[tuple[int, int]] = []
        self._shared: list[set[int] | None] = [None] * len(self.cells)
        self._reach = system.threshold[self.cells] - system.values[self.cells]
        self._width = system.width[self.cells]
        self._given_up = np.zeros(len(self.cells), dtype=bool)

    @property
    def settled(self) -> int:
        return int(self._done().sum())

    def _done(self) -> Flags:
        return (self.up >= self._reach) & (self.up + self.down >= self._width)

    def is_settled(self, place: int) -> bool:
        return bool(self._done()[place])

    def settles(self, cells: Ints) -> bool:
        """Whether those of these cells that are unsafe are settled or given up."""
        places = self._place[cells]
        return not self._open()[places[places >= 0]].any()

    def _open(self) -> Flags:
        return ~(self._done() | self._given_up)

    def open_places(self) -> list[int]:
        return np.flatnonzero(self._open()).tolist()

    def give_up(self, places: Ints | list[int]) -> None:
        """Look no further for tables that settle these: there are none."""
        self._given_up[places] = True

    def furthest(self, place: int) -> int:
        """The furthest that this cell could need to move in one direction."""
        return int(max(self._reach[place], self._width[place]))

    def shortfall(self, direction: int) -> tuple[Ints, Ints]:
        """Open cells that need to go further up (1) or down (-1), and how far from the truth at most."""
        rest = self._width - self.up - self.down
        if direction > 0:
            target = np.maximum(self._reach, self._width - self.down)
            wanting = self._open() & (self.up < target)
        else:
            room = (self._system.values - self._system.floor)[self.cells]
            target = np.minimum(self.down + np.maximum(rest, 0), room)
            wanting = self._open() & (self.down < target)
        return self.cells[wanting], target[wanting]

    def add(self, table: Deviation) -> int:
        """Take the table in where it carries open cells further than before; of how many it does."""
        own = self._place[table.cells]
        own, by = own[own >= 0], table.by[own >= 0]
        waiting = self._open()[own]
        rises, falls = waiting & (by > self.up[own]), waiting & (-by > self.down[own])
        carried = int((rises | falls).sum())
        if not carried:
            return 0
        row = len(self._tables)
        self._tables.append(table)
        self.up[own[rises]], self._highest[own[rises]] = by[rises], row
        self.down[own[falls]], self._lowest[own[falls]] = -by[falls], row
        return carried

    def add_certificate(self, hidden: Flags, hint: Certificate, insider: bool) -> None:
        """Take in another's tables, each only if the attacker really cannot rule it out; with `insider` also
        those that only an insider need be shown."""
        sound = sound_tables(self._system, hidden, hint.deviations)
        for row in np.flatnonzero(sound).tolist():
            part = slice(hint.deviations.indptr[row], hint.deviations.indptr[row + 1])
            # A view, not a copy: the tables of a large system fill most of the memory.
            table = Deviation(hint.deviations.indices[part], hint.deviations.data[part])
            self.add(table)
            if insider:
                self.add_moving(table)

    def told_to(self, place: int) -> int | None:
        """A supplier from whom no table yet keeps the cell; None when there is none.

        The cell's own tables are shown to insiders first.
        """
        if self._shared[place] is None:
            for row in {int(self._highest[place]), int(self._lowest[place])} - {TRUTH}:
                self._show(place, row)
        own = self._system.known_to(int(self.cells[place]))
        shared = self._shared[place]
        if shared is None:
            return None  # no table moves it: there is nothing to improve on
        return min(shared - own, default=None)

    def _show(self, place: int, row: int) -> None:
        known = set(self._system.supplier[self._tables[row].cells].tolist())
        before = self._shared[place]
        self._shared[place] = known if before is None else before & known
        self._moving.append((place, row))

    def hopeless(self, place: int | slice, up: Ints | float, down: Ints | float) -> Flags:
        """Whether tables that carry the cell, or each cell, at most so far cannot settle it."""
        short = up < self._reach[place] - SLACK
        return np.asarray(short | (up + down < self._width[place] - SLACK))

    def add_moving(self, table: Deviation) -> bool:
        """Take the table in as one shown to insiders, where it says something new."""
        known = set(self._system.supplier[table.cells].tolist())
        row, useful = len(self._tables), False
        for place in self._place[table.cells].tolist():
            if place >= 0:
                before = self._shared[place]
                after = known if before is None else before & known
                if after != before:
                    self._shared[place] = after
                    self._moving.append((place, row))
                    useful = True
        if useful:
            self._tables.append(table)
        return useful

    def certificate(self) -> Certificate:
        """What the tables prove. Tables that no cell rests on are left out."""
        moving = np.array(self._moving, dtype=np.int64).reshape(-1, 2)
        rests = np.concatenate([self._highest, self._lowest, moving[:, 1]])
        needed = np.unique(rests[rests != TRUTH])
        number = np.full(len(self._tables) + 1, TRUTH, dtype=np.int64)  # the last place stands for TRUTH
        number[needed] = np.arange(len(needed))
        kept = [self._tables[row] for row in needed.tolist()]
        moving = np.column_stack([moving[:, 0], number[moving[:, 1]]])
        rows = deviations_of(kept, self._system.size)
        return Certificate(rows, self.cells, number[self._highest], number[self._lowest], moving)


def deviations_of(tables: list[Deviation], size: int) -> sp.csr_array:
    starts = np.cumsum([0, *(len(table.cells) for table in tables)])
    cells = np.concatenate([np.zeros(0, dtype=np.int64), *(table.cells for table in tables)])
    by = np.concatenate([np.zeros(0, dtype=np.int64), *(table.by for table in tables)])
    rows = sp.csr_array((by, cells, starts), shape=(len(tables), size))
    rows.sort_indices()
    return rows
