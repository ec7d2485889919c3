"""A pattern in the making: what is hidden, and the alternative tables that show each demand met."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from ..problem.reduction import Demand
from ..problem.system import Flags, Ints
from .circuits import Circuits, Move
from .cuts import Cuts, Slack

DEEP = 12
"""Cuts learned at a time from one demand, each as if the units of those before were hidden."""

SOLVED_ANEW = 0.01
"""After so many of the units were published, as a share, the equations are solved without them."""

_Claim = list[Demand]
"""A demand's hold on the units that its tables move; empty once it has other tables. To strike the demand off
at each of these units instead took a tenth of all time on a large table."""

Late = Callable[[int, int], bool]
"""Told how many units or demands are done, of how many; says whether to stop."""


def never(_done: int, _of: int) -> bool:
    """It is never late."""
    return False


@dataclass(frozen=True)
class Effort:
    """How hard to look: rounds of choosing anew, and the relative gap that is good enough."""

    rounds: int
    gap: float


class Draft:
    """Hidden units and, for each demand that is met, its tables. Every change keeps the tables true."""

    def __init__(self, circuits: Circuits) -> None:
        self.circuits = circuits
        self.cuts = Cuts(len(circuits.reduction.price))
        self.hidden: Flags = circuits.reduction.given.copy()
        self.moves: dict[Demand, list[Move]] = {}
        self._failures: Counter[Demand] = Counter()
        self._claims: dict[Demand, _Claim] = {}
        self._resting: list[list[_Claim]] = [[] for _ in self.hidden]

    @property
    def price(self) -> float:
        reduction = self.circuits.reduction
        return float(reduction.price[self.hidden & ~reduction.given].sum())

    @property
    def unmet_cells(self) -> Flags:
        """Cells of units that some demand without tables is about, (n,)."""
        units = np.zeros(len(self.hidden), dtype=bool)
        units[[demand.unit for demand in self.circuits.reduction.demands if demand not in self.moves]] = True
        return self.circuits.reduction.cells_of(units)

    @property
    def moved(self) -> Flags:
        """Units that some table moves, (m,)."""
        units = np.zeros(len(self.hidden), dtype=bool)
        for moves in self.moves.values():
            for move in moves:
                units[move.units] = True
        return units

    def chosen(self, among: Iterable[int] | None = None) -> list[int]:
        """Hidden units that need not be, dearest first."""
        reduction = self.circuits.reduction
        units = np.flatnonzero(self.hidden & ~reduction.given).tolist() if among is None else among
        own = [unit for unit in units if self.hidden[unit] and not reduction.given[unit]]
        return sorted(own, key=lambda unit: (-reduction.price[unit], unit))

    def resting_on(self, units: Iterable[int]) -> set[Demand]:
        """Demands whose tables move one of the units."""
        found: set[Demand] = set()
        for unit in units:
            live = [claim for claim in self._resting[unit] if claim]
            self._resting[unit] = live
            found.update(*live)
        return found

    def settle(self, demand: Demand, moves: list[Move]) -> None:
        """Take these tables for the demand; what they move is hidden from now on."""
        self.forget(demand)
        self.moves[demand] = moves
        units = self._choice(moves)
        self.hidden[units] = True
        claim = self._claims[demand] = [demand]
        for unit in units.tolist():
            self._resting[unit].append(claim)

    def forget(self, demand: Demand) -> None:
        self.moves.pop(demand, None)
        self._claims.pop(demand, []).clear()

    def _choice(self, moves: list[Move]) -> Ints:
        """Units of the tables that need not be hidden otherwise; some twice."""
        parts = list({id(move.units): move.units for move in moves}.values())
        units = parts[0] if len(parts) == 1 else np.concatenate([np.zeros(0, dtype=np.int64), *parts])
        return np.asarray(units[~self.circuits.reduction.given[units]])

    def stands(self, demand: Demand) -> bool:
        """Whether the demand's tables move hidden units only."""
        moves = self.moves.get(demand)
        return moves is not None and all(self.hidden[move.units].all() for move in moves)

    def meet(self, demand: Demand) -> bool:
        """Find tables for the demand within what is hidden, unless it has them already."""
        if self.stands(demand):
            return True
        moves = self.circuits.within(demand, self.hidden)
        if moves is None:
            return False
        self.settle(demand, moves)
        return True

    def meet_all(self, demands: Iterable[Demand]) -> None:
        """Meet all that can be met within what is hidden, and look twice for those that seem not to be."""
        unmet = [demand for demand in demands if not self.meet(demand)]
        for demand, moves in self.circuits.insist(unmet, self.hidden).items():
            self.settle(demand, moves)

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

    def _learn_from(self, demands: list[Demand], late: Late) -> bool:
        """Learn from one after the other until it is late; whether any cut is new."""
        new = False
        for done, demand in enumerate(demands):
            if late(done, len(demands)):
                break
            new |= self.learn(demand)
        return new

    def publish(self, units: list[int]) -> bool:
        """Publish all of the units if the demands that rest on them can do without. Tables found on the way
        are kept in any case: they are good with the units hidden too."""
        self.hidden[units] = False
        for demand in sorted(self.resting_on(units), key=self._likeliest_to_fail):
            if not self.meet(demand):
                self._failures[demand] += 1
                self.hidden[units] = True
                return False
        return True

    def _likeliest_to_fail(self, demand: Demand) -> tuple[int, ...]:
        return (-self._failures[demand], *_hardest(demand))

    def prune(self, units: list[int], late: Late = never) -> None:
        """Publish which of the units can be, in their order, until it is late; units that a cut asks for are
        left.

        As many at a time as succeed: twice as many after a success, half as many after a failure. What is
        published is what one at a time would publish, since hiding more never hurts.
        """
        self.circuits.solve(self.hidden)
        slack = Slack(self.cuts, self.hidden)
        done, size, stale = 0, 1, 0
        while done < len(units) and not late(done, len(units)):
            together = [unit for unit in units[done : done + size] if not slack.forbids(unit)]
            if not self.publish(together):
                done, size = done + (size == 1), max(size // 2, 1)
                continue
            done, size, stale = done + size, 2 * size, stale + len(together)
            slack.publish(together)
            if stale >= max(int(SOLVED_ANEW * len(self.hidden)), 10):
                self.circuits.solve(self.hidden)
                stale = 0

    def improve(self, open_units: Ints, effort: Effort, late: Late = never) -> float:
        """Choose the open units anew, all at once, for the demands that rest on them.

        Each round hides the cheapest units that satisfy all cuts, and learns new cuts from the demands that
        this does not meet. For those all open units are hidden again and as few as possible of them are kept.
        The best pattern of all rounds stays, also when it becomes late in the midst of one.
        Returns a lower bound of the open units' price, everything else staying as it is.
        """
        ordered = sorted(self.resting_on(open_units.tolist()), key=_hardest)
        best = self.hidden.copy(), {demand: self.moves[demand] for demand in ordered}
        best_price, bound = self.price, 0.0
        elsewhere = best_price - float(self._price_of(self.hidden, open_units))
        self.hidden[open_units] = False
        self._learn_from(ordered, late)
        for _ in range(effort.rounds):
            if late(0, len(ordered)):
                break
            self.hidden, least = self.cuts.cheapest(
                self.circuits.reduction.price, best[0], open_units, effort.gap
            )
            bound = max(bound, least)
            learned = self.complete(ordered, open_units, late)
            if self.price < best_price - 1e-9:
                best_price = self.price
                best = self.hidden.copy(), {demand: self.moves[demand] for demand in ordered}
            if not learned or best_price - elsewhere <= bound * (1.0 + effort.gap):
                break
        self.hidden = best[0]
        for demand, moves in best[1].items():
            self.settle(demand, moves)
        return bound

    def complete(self, demands: list[Demand], open_units: Ints, late: Late = never) -> bool:
        """Hide of the open units what the demands need besides; whether they taught anything."""
        preferred = self.hidden.copy()
        failing = self._failing(demands)
        learned = self._learn_from(failing, late)
        if failing:
            self.hidden[open_units] = True
            self.circuits.solve(self.hidden)
            self.meet_all(failing)
        units = self.chosen(open_units.tolist())
        self.prune(sorted(units, key=lambda unit: bool(preferred[unit])), late)
        return learned

    def admit(self, demands: list[Demand], late: Late = never) -> None:
        """Hide what the demands need besides: what is hidden stays, and of what their tables move besides as
        few as possible are kept."""
        preferred = self.hidden.copy()
        failing = self._failing(demands)
        self.hidden[:] = True
        self.circuits.solve(self.hidden)
        self.meet_all(failing)
        self.hidden = preferred.copy()
        for demand in failing:
            for move in self.moves.get(demand, ()):
                self.hidden[move.units] = True
        self.prune(self.chosen(np.flatnonzero(self.hidden & ~preferred).tolist()), late)

    def _failing(self, demands: list[Demand]) -> list[Demand]:
        self.circuits.solve(self.hidden)
        return [demand for demand in demands if not self.meet(demand)]

    def _price_of(self, hidden: Flags, units: Ints) -> float:
        return float(self.circuits.reduction.price[units[hidden[units]]].sum())


def _hardest(demand: Demand) -> tuple[int, int, int, int, int]:
    return (-demand.reach, demand.unit, demand.sign, demand.avoid, demand.width)
