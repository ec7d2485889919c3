"""Alternative tables for one demand: the cheapest when hiding has a price, or why there is none."""

from dataclasses import dataclass

import numpy as np

from .cuts import Cut, cut_from
from .dictionary import Dictionary, circuit, narrowed
from .pivots import FOUND, IMPOSSIBLE
from .reduction import Demand, Reduction
from .spaces import Space, Spaces
from .system import Flags, Ints, Reals, System

WHOLE = 1e-6
BRANCHES = 12
REWEIGHTED = 2
"""Programs before the last of a circuit: the first spreads the deviation, the next gather it on few units."""


@dataclass(frozen=True, eq=False)
class Move:
    """A whole-number deviation over units; `by` is never 0."""

    units: Ints
    by: Ints


@dataclass(frozen=True, eq=False)
class Blocked:
    """Nothing within the hidden units carries the demand as far: at most `carry @ hidden` over `units`."""

    units: Ints
    carry: Reals


class Circuits:
    """Searches one reduction. Prices: the slight ones of hidden units differ from each other, so that the
    search never ties and the outcome never depends on anything but the table."""

    def __init__(self, reduction: Reduction, suppliers: System | None = None) -> None:
        self.reduction = reduction
        self.spaces = Spaces(reduction)
        self.slight = 0.02 + 0.02 * (np.arange(len(reduction.price)) * 0.6180339887498949 % 1.0)
        self._suppliers = suppliers
        self._avoided: dict[int, Flags] = {}
        self._home: dict[int, Space] = {}
        self._within: Flags | None = None
        self._narrow: dict[int, Dictionary] = {}

    def priced(self, hidden: Flags, otherwise: Reals | float) -> Reals:
        """Slight where hidden, else `otherwise` (inf: published for good), (m,)."""
        return np.asarray(np.where(hidden, self.slight, otherwise))

    def home(self, unit: int) -> Space:
        """The space of the unit's demands: chosen once, so that what is learned about it stays true."""
        if unit not in self._home:
            self._home[unit] = self._around(unit, wide=bool(self.spaces.crossing[unit]))
        return self._home[unit]

    def move_out(self, unit: int) -> bool:
        """Give the unit a wider home; False if it has that already."""
        before, wider = self.home(unit), self._around(unit, wide=True)
        self._home[unit] = wider
        return wider is not before

    def _around(self, unit: int, *, wide: bool) -> Space:
        price = np.where(self.reduction.given, 0.0, self.reduction.price)
        return self.spaces.around(unit, price, wide=wide)

    def restrict(self, hidden: Flags) -> None:
        """Promise that until the next call `satisfy` without gathering is asked within `hidden` only."""
        self._within, self._narrow = hidden.copy(), {}

    def satisfy(self, demand: Demand, price: Reals, *, gather: bool) -> list[Move] | None:
        """Alternative tables that meet the demand at little cost, or None. `gather`: onto few units."""
        reach, width = demand.reach, demand.width
        if demand.avoid >= 0 and self.known_to(demand.avoid)[demand.unit]:
            return None
        down = self._wanted_below(demand)
        splits = [(width - low, low) for low in (down, 0, *range(1, down))] if width > reach else [(reach, 0)]
        for up, low in dict.fromkeys(splits):
            if max(up, reach) > self._room(demand, 1):
                continue
            first = self._route(demand, max(up, reach), price, gather=gather)
            if first is None and max(up, reach) == reach:
                return None
            if first is None:
                continue
            second = self._downwards(demand, low, first, price, gather=gather)
            if second is not None:
                return [*first, *second]
        return None

    def _downwards(
        self, demand: Demand, low: int, first: list[Move], price: Reals, *, gather: bool
    ) -> list[Move] | None:
        if low == 0:
            return []
        mirrored = self._mirrored(demand, first, low) if first else None
        if mirrored is not None:
            return [mirrored]
        if gather:
            price = price.copy()
            for move in first:
                price[move.units] = self.slight[move.units]
        return self._route(demand, -low, price, gather=gather)

    def explain(self, demand: Demand, hidden: Flags) -> list[Cut]:
        """What must be hidden besides, when `hidden` cannot meet the demand; empty when it can."""
        reach, width, down = demand.reach, demand.width, self._wanted_below(demand)
        price = self.priced(hidden, np.inf)
        if reach > self._room(demand, 1):
            return []  # beyond what the unit itself can do: nothing that could be hidden would help
        upwards = self._attempt(demand, reach, price) if reach else None
        if isinstance(upwards, Blocked):
            return [self._cut([upwards], float(reach), hidden)]
        if width <= reach and isinstance(upwards, Move):
            return []
        below = self._attempt(demand, -down, price) if down else None
        if isinstance(below, Move) and (isinstance(upwards, Move) or not reach) and reach + down >= width:
            return []
        most = min(width, self._room(demand, 1))
        above = self._attempt(demand, most, price) if most else None
        if isinstance(above, Move) and most == width:
            return []
        sides = [side for side in (above, below if down else above) if isinstance(side, Blocked)]
        if self._split(demand, down, price):
            return []
        if len(sides) == 2:
            return [self._cut(sides if down else sides[:1], float(width), hidden)]
        return [self._cut([], 1.0, hidden, self.home(demand.unit).units)]

    def _split(self, demand: Demand, down: int, price: Reals) -> bool:
        """Whether part of the width below the truth and part above it can be had, by trying each."""
        for low in range(1, down):
            both = self._attempt(demand, demand.width - low, price), self._attempt(demand, -low, price)
            if all(isinstance(part, Move) for part in both):
                return True
        return False

    def _cut(
        self, blocked: list[Blocked], amount: float, hidden: Flags, otherwise: Ints | None = None
    ) -> Cut:
        """Together the blocked sides must carry `amount`. Where that says nothing new about `hidden` (a
        fraction could pass but no whole table), at least one more unit is asked for: true, though weak."""
        if blocked:
            units = blocked[0].units
            cut = cut_from(
                units, np.sum([side.carry for side in blocked], axis=0), amount, self.reduction.given
            )
            if cut is not None and cut.violated(hidden):
                return cut
            otherwise = units
        if otherwise is None:
            raise ValueError("a cut needs units")
        rest = otherwise[~hidden[otherwise]]
        return Cut(rest, np.ones(len(rest)), certain=False)

    def _wanted_below(self, demand: Demand) -> int:
        """How far down is useful: what the width still lacks, as far as there is room."""
        return min(max(demand.width - demand.reach, 0), self._room(demand, -1))

    def _room(self, demand: Demand, direction: int) -> int:
        """How far the unit itself can go in the demand's up (1) or down (-1)."""
        upward = demand.sign * direction > 0
        return int(min((self.reduction.rise if upward else self.reduction.fall)[demand.unit], 2**31))

    def _mirrored(self, demand: Demand, moves: list[Move], low: int) -> Move | None:
        """The same circuit run backwards, if its units have room for that."""
        units, by = moves[0].units, moves[0].by
        step = by // int(np.gcd.reduce(np.abs(by)))
        times = -(-low // abs(int(step[units == demand.unit][0])))
        back = -step * times
        room = np.where(back > 0, self.reduction.rise[units], self.reduction.fall[units])
        return Move(units, back) if (np.abs(back) <= room).all() else None

    def _route(self, demand: Demand, amount: int, price: Reals, *, gather: bool) -> list[Move] | None:
        if amount == 0:
            return []
        if gather:
            price = self._gathered(demand, amount, price)
        found = self._attempt(demand, amount, price, self._dictionary(demand, narrow=not gather))
        return [found] if isinstance(found, Move) else None

    def _dictionary(self, demand: Demand, *, narrow: bool) -> Dictionary:
        space = self.home(demand.unit)
        if not narrow or self._within is None:
            return space.dictionary
        if id(space) not in self._narrow:
            self._narrow[id(space)] = narrowed(space.dictionary, self._within[space.units])
        return self._narrow[id(space)]

    def _gathered(self, demand: Demand, amount: int, price: Reals) -> Reals:
        """Prices that make many small deviations dearer than few large ones."""
        space = self.home(demand.unit)
        units, fall, rise = space.units, self.reduction.fall[space.units], self.reduction.rise[space.units]
        own, unit, far = price[units], int(space.place[demand.unit]), float(amount * demand.sign)
        weighted = own
        for _ in range(REWEIGHTED):
            state, d = circuit(
                space.dictionary, self._kept_off(demand, units, weighted), fall, rise, unit, far
            )
            if state != FOUND:
                break
            weighted = own / (np.abs(d) + 0.2)
        gathered = price.copy()
        gathered[units] = weighted
        return gathered

    def _kept_off(self, demand: Demand, units: Ints, price: Reals) -> Reals:
        if demand.avoid < 0:
            return price
        return np.asarray(np.where(self.known_to(demand.avoid)[units], np.inf, price))

    def known_to(self, supplier: int) -> Flags:
        """Units that the supplier knows, (m,)."""
        if supplier not in self._avoided:
            if self._suppliers is None:
                raise ValueError("no suppliers were given")
            self._avoided[supplier] = self.reduction.knows(self._suppliers, supplier)
        return self._avoided[supplier]

    def _attempt(
        self, demand: Demand, amount: int, price: Reals, dictionary: Dictionary | None = None
    ) -> Move | Blocked | None:
        """Carry the demand's unit by `amount` (up is positive) in whole numbers, by branching if need be."""
        space = self.home(demand.unit)
        units, unit, far = space.units, int(space.place[demand.unit]), float(amount * demand.sign)
        own = self._kept_off(demand, units, price[units])
        fall, rise = self.reduction.fall[units], self.reduction.rise[units]
        if dictionary is None:
            dictionary = space.dictionary
        state, d = circuit(dictionary, own, fall, rise, unit, far)
        if state == IMPOSSIBLE and dictionary is not space.dictionary:
            return None
        if state == IMPOSSIBLE:
            return self._blocked(demand, units, d * (-np.sign(far) / d[unit]))
        for turn in range(BRANCHES):
            if state != FOUND:
                return None
            whole = np.rint(d)
            apart = np.abs(d - whole)
            if apart.max() < WHOLE:
                used = np.flatnonzero(whole)
                return Move(units[used], whole[used].astype(np.int64))
            apart[unit] = 0.0
            worst = int(apart.argmax())
            fall, rise = fall.copy(), rise.copy()
            before = fall[worst], rise[worst]
            if d[worst] > 0:
                rise[worst] = np.floor(d[worst])
            else:
                fall[worst] = np.floor(-d[worst])
            state, d = circuit(dictionary, own, fall, rise, unit, far)
            if state != FOUND:
                fall[worst], rise[worst] = before
                own = own * (1.0 + 0.5 * np.sin(np.arange(len(own)) * (turn + 1.7)))
                state, d = circuit(dictionary, own, fall, rise, unit, far)
        return None

    def _blocked(self, demand: Demand, units: Ints, gain: Reals) -> Blocked:
        """From an equation that no table satisfies: the unit's move is `gain @ d`, so no unit carries more
        than its room. Units with a supplier's knowledge carry nothing."""
        own = np.flatnonzero(units == demand.unit)
        gain[own] = 0.0
        room = np.where(gain > 0, self.reduction.rise[units], self.reduction.fall[units])
        used = np.abs(gain) > WHOLE
        carry = np.zeros(len(units))
        carry[used] = np.abs(gain[used]) * room[used]
        if demand.avoid >= 0:
            carry[self.known_to(demand.avoid)[units]] = 0.0
        return Blocked(units, carry)
