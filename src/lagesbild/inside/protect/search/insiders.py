"""The insider: a supplier who knows her own cells must not be able to pin down another's unsafe cell."""

from collections.abc import Iterator
from weakref import WeakKeyDictionary

import numpy as np

from ..problem.reduction import Demand, Reduction
from ..problem.system import System
from .circuits import Move
from .draft import Draft, Late

TURNS = 20
"""More than it ever took; what is left then the audit finds."""
FEW = 0.1
"""As a share of all demands. More new ones choose the pattern anew, which costs as much as the first time. To
admit all of them instead took half the time on L and hid a quarter more."""


class Insiders:
    """For each unit with an unsafe cell, keeps some table from every other supplier's knowledge."""

    def __init__(self, system: System, reduction: Reduction) -> None:
        held = reduction.by_unit
        supplier = system.supplier
        self._known_to = [
            frozenset(supplier[held.indices[held.indptr[unit] : held.indptr[unit + 1]]].tolist()) - {-1}
            for unit in range(len(reduction.price))
        ]
        # A cell's unit moves as one: who can work the cell out anyway knows the unit.
        to_units = abs(held).T @ system.told.astype(np.int64) > 0
        self._anyway = [frozenset(np.flatnonzero(row).tolist()) for row in to_units]
        unsafe = np.asarray(abs(held).T @ system.unsafe.astype(np.int64) > 0)
        self._units = np.flatnonzero(unsafe).tolist()
        self._told: WeakKeyDictionary[Move, frozenset[int]] = WeakKeyDictionary()
        self._demands: dict[int, list[Demand]] = {unit: [] for unit in self._units}
        for demand in reduction.demands:
            self._demands[demand.unit].append(demand)

    def shut_out(self, draft: Draft, late: Late) -> None:
        """Add a demand for each unit and supplier who is in all of the unit's tables, until there is none, or
        none that any table meets. What becomes hidden brings new tables, so this goes in turns. When it
        is late, as much as it takes stays hidden."""
        for new in self._turns(draft):
            if len(new) > FEW * len(draft.moves):
                draft.complete(new, np.arange(len(draft.hidden)), late)
            else:
                draft.admit(new, late)

    def meet(self, draft: Draft) -> None:
        """The same within what is hidden, all of which stays."""
        for new in self._turns(draft):
            draft.meet_all(new)

    def _turns(self, draft: Draft) -> Iterator[list[Demand]]:
        """New demands, to be met or not before the next ones are asked for."""
        hopeless: set[tuple[int, int]] = set()
        for _ in range(TURNS):
            new = [demand for unit in self._units for demand in self._missing(draft, unit)]
            new = [demand for demand in new if (demand.unit, demand.avoid) not in hopeless]
            if not new:
                return
            yield new
            for demand in new:
                if demand in draft.moves:
                    self._demands[demand.unit].append(demand)
                else:
                    hopeless.add((demand.unit, demand.avoid))

    def _missing(self, draft: Draft, unit: int) -> list[Demand]:
        return [Demand(unit, 1, 0, 1, supplier) for supplier in sorted(self._in_all_tables(draft, unit))]

    def _in_all_tables(self, draft: Draft, unit: int) -> set[int]:
        shared: set[int] | None = None
        for demand in self._demands[unit]:
            for move in draft.moves.get(demand, ()):
                told = self._who_is_in(move)
                shared = set(told) if shared is None else shared & told
        return (shared or set()) - self._known_to[unit] - self._anyway[unit]

    def _who_is_in(self, move: Move) -> frozenset[int]:
        """Suppliers who know a cell that the table moves."""
        told = self._told.get(move)
        if told is None:
            told = frozenset().union(*(self._known_to[unit] for unit in move.units.tolist()))
            self._told[move] = told
        return told
