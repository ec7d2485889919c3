"""A pattern in the making: what is hidden, and the alternative tables that show each demand met."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from .circuits import Circuits, Move
from .cuts import Cuts
from .reduction import Demand
from .system import Flags, Ints

DEEP = 12
"""Cuts learned at a time from one demand, each as if the units of those before were hidden."""

SOLVED_ANEW = 0.02
"""After so many of the units were published, as a share, the equations are solved without them."""

DEAR = 20.0
"""Tables that hide more than this many usual prices are sought in a wider space as well."""

Late = Callable[[int, int], bool]
"""Told how many units or demands are done, of how many; says whether to stop."""


@dataclass(frozen=True)
class Effort:
    """How hard to look: rounds of choosing anew, the relative gap that is good enough, branching nodes."""

    rounds: int
    gap: float
    nodes: int


class Draft:
    """Hidden units and, for each demand that is met, its tables. Every change keeps the tables true."""

    def __init__(self, circuits: Circuits) -> None:
        self.circuits = circuits
        self.cuts = Cuts(len(circuits.reduction.price))
        self.hidden: Flags = circuits.reduction.given.copy()
        self.moves: dict[Demand, list[Move]] = {}
        self._resting: dict[int, set[Demand]] = {}
        choice = circuits.reduction.price[~circuits.reduction.given]
        self._usual_price = float(np.median(choice)) if len(choice) else 0.0

    @property
    def price(self) -> float:
        reduction = self.circuits.reduction
        return float(reduction.price[self.hidden & ~reduction.given].sum())

    def chosen(self, among: Iterable[int] | None = None) -> list[int]:
        """Hidden units that need not be, dearest first."""
        reduction = self.circuits.reduction
        units = np.flatnonzero(self.hidden & ~reduction.given).tolist() if among is None else among
        own = [unit for unit in units if self.hidden[unit] and not reduction.given[unit]]
        return sorted(own, key=lambda unit: (-reduction.price[unit], unit))

    def resting_on(self, units: Iterable[int]) -> set[Demand]:
        """Demands whose tables move one of the units."""
        found: set[Demand] = set()
        return found.union(*(self._resting.get(unit, ()) for unit in units))

    def settle(self, demand: Demand, moves: list[Move]) -> None:
        """Take these tables for the demand; what they move is hidden from now on."""
        self.forget(demand)
        self.moves[demand] = moves
        for unit in self._choice(moves):
            self.hidden[unit] = True
            self._resting.setdefault(unit, set()).add(demand)

    def forget(self, demand: Demand) -> None:
        for unit in self._choice(self.moves.pop(demand, [])):
            self._resting[unit].discard(demand)

    def _choice(self, moves: list[Move]) -> list[int]:
        """Units of the tables that need not be hidden otherwise."""
        units = np.concatenate([move.units for move in moves]) if moves else np.zeros(0, dtype=np.int64)
        choice: list[int] = np.unique(units[~self.circuits.reduction.given[units]]).tolist()
        return choice

    def stands(self, demand: Demand) -> bool:
        """Whether the demand's tables move hidden units only."""
        moves = self.moves.get(demand)
        return moves is not None and all(self.hidden[move.units].all() for move in moves)

    def meet(self, demand: Demand) -> bool:
        """Hide what the demand's cheapest tables need."""
        moves = self._cheapest(demand)
        if moves is None:
            return False
        self.settle(demand, moves)
        return True

    def meet_anywhere(self, demand: Demand) -> bool:
        """Like `meet`, unless nothing need be hidden; with a wider home for the demand's unit where that is
        much cheaper."""
        moves = self.circuits.within(demand, self.hidden, thorough=False)
        if moves is not None:
            self.settle(demand, moves)
            return True
        moves = self._cheapest(demand)
        near = self._added(moves)
        if near > DEAR * self._usual_price and self.circuits.move_out(demand.unit):
            wider = self._cheapest(demand)
            moves = wider if self._added(wider) <= near and wider is not None else moves
        if moves is None:
            return False
        self.settle(demand, moves)
        return True

    def _cheapest(self, demand: Demand) -> list[Move] | None:
        price = self.circuits.priced(self.hidden, self.circuits.reduction.price)
        return self.circuits.cheapest(demand, price)

    def _added(self, moves: list[Move] | None) -> float:
        """Price of what the tables would hide besides."""
        if moves is None:
            return float("inf")
        used = np.zeros(len(self.hidden), dtype=bool)
        for move in moves:
            used[move.units] = True
        return float(self.circuits.reduction.price[used & ~self.hidden].sum())

    def learn(self, demand: Demand) -> bool:
        """Cuts that say why the hidden units do not meet the demand; whether any is new."""
        supposed, new = self.hidden.copy(), False
        for _ in range(DEEP):
            cuts = self.circuits.explain(demand, supposed)
            for cut in cuts:
                new |= self.cuts.add(cut)
                supposed[cut.units] = True
            if not cuts:
                break
        return new

    def publish(self, unit: int) -> bool:
        """Publish the unit if every demand that rests on it can do without."""
        self.hidden[unit] = False
        instead: dict[Demand, list[Move]] = {}
        for demand in sorted(self._resting.get(unit, ()), key=_hardest):
            moves = self.circuits.within(demand, self.hidden)
            if moves is None:
                self.hidden[unit] = True
                return False
            instead[demand] = moves
        for demand, moves in instead.items():
            self.settle(demand, moves)
        return True

    def prune(self, among: Iterable[int] | None = None, late: Late | None = None) -> None:
        """Publish what can be, dearest first, until it is late; units that a cut asks for are left."""
        self.circuits.solve(self.hidden)
        needed, published = self.cuts.needed(self.hidden), 0
        units = self.chosen(among)
        for done, unit in enumerate(units):
            if late is not None and late(done, len(units)):
                break
            if not needed[unit] and self.publish(unit):
                needed = self.cuts.needed(self.hidden)
                published += 1
                if published % max(int(SOLVED_ANEW * len(self.hidden)), 10) == 0:
                    self.circuits.solve(self.hidden)

    def improve(self, open_units: Ints, effort: Effort) -> float:
        """Choose the open units anew, all at once, for the demands that rest on them.

        Each round hides the cheapest units that satisfy all cuts, and learns new cuts from the demands that
        this does not meet; what is missing for them is then added, and the best complete pattern kept.
        Returns a lower bound of the open units' price, everything else staying as it is.
        """
        ordered = sorted(self.resting_on(open_units.tolist()), key=_hardest)
        best = self.hidden.copy(), {demand: self.moves[demand] for demand in ordered}
        best_price, bound = self.price, 0.0
        elsewhere = best_price - float(self._price_of(self.hidden, open_units))
        self.hidden[open_units] = False
        for demand in ordered:
            self.learn(demand)
        for _ in range(effort.rounds):
            self.hidden, least = self.cuts.cheapest(
                self.circuits.reduction.price, best[0], open_units, effort.gap, effort.nodes
            )
            bound = max(bound, least)
            failing, learned = self._reroute(ordered)
            complete = all(self.meet(demand) for demand in failing if not self.stands(demand))
            if complete:
                self._publish_idle(open_units)
                self.prune(open_units.tolist())
                if self.price < best_price - 1e-9:
                    best_price = self.price
                    best = self.hidden.copy(), {demand: self.moves[demand] for demand in ordered}
            if not learned or best_price - elsewhere <= bound * (1.0 + effort.gap):
                break
        self.hidden = best[0]
        for demand, moves in best[1].items():
            self.settle(demand, moves)
        return bound

    def _reroute(self, demands: list[Demand]) -> tuple[list[Demand], bool]:
        """Tables within what is hidden; the demands without, and whether they taught anything."""
        self.circuits.solve(self.hidden)
        failing, learned = [], False
        for demand in demands:
            if not self.stands(demand):
                moves = self.circuits.within(demand, self.hidden)
                if moves is None:
                    failing.append(demand)
                    learned |= self.learn(demand)
                else:
                    self.settle(demand, moves)
        return failing, learned

    def _publish_idle(self, units: Ints) -> None:
        given = self.circuits.reduction.given
        idle = [unit for unit in units.tolist() if not given[unit] and not self._resting.get(unit)]
        self.hidden[idle] = False

    def _price_of(self, hidden: Flags, units: Ints) -> float:
        return float(self.circuits.reduction.price[units[hidden[units]]].sum())


def _hardest(demand: Demand) -> tuple[int, int, int, int, int]:
    return (-demand.reach, demand.unit, demand.sign, demand.avoid, demand.width)
