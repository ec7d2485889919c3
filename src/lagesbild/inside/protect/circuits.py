"""Alternative tables for one demand: the cheapest when hiding has a price, or why there is none."""

from dataclasses import dataclass

import numpy as np

from .cuts import Cut, cut_from
from .dictionary import Dictionary, circuit
from .pivots import FOUND, IMPOSSIBLE
from .reduction import Demand, Reduction
from .spaces import Spaces
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


NOTHING = Blocked(np.zeros(0, dtype=np.int64), np.zeros(0))


class Circuits:
    """Searches one reduction. Prices: the slight ones of hidden units differ from each other, so that the
    search never ties and the outcome never depends on anything but the table. `searches`: how many found
    a table, a measure of work that is the same everywhere."""

    def __init__(self, reduction: Reduction, suppliers: System | None = None) -> None:
        self.reduction = reduction
        self.spaces = Spaces(reduction)
        self._home: dict[int, tuple[int, ...]] = {}
        self.slight = 0.02 + 0.02 * (np.arange(len(reduction.price)) * 0.6180339887498949 % 1.0)
        self.searches = 0
        self._suppliers = suppliers
        self._avoided: dict[int, Flags] = {}
        self._moving = self.spaces.whole

    def priced(self, hidden: Flags, otherwise: Reals | float) -> Reals:
        """Slight where hidden, else `otherwise` (inf: published for good), (m,)."""
        return np.asarray(np.where(hidden, self.slight, otherwise))

    def home(self, unit: int) -> Dictionary:
        """The equations for the unit's demands: chosen once, so that what is learned stays true."""
        if unit not in self._home:
            self._home[unit] = self._around(unit, wide=bool(self.spaces.crossing[unit]))
        return self.spaces.dictionary(self._home[unit])

    def move_out(self, unit: int) -> bool:
        """Give the unit a wider home; False if it has that already."""
        self.home(unit)
        before, self._home[unit] = self._home[unit], self._around(unit, wide=True)
        return self._home[unit] != before

    def _around(self, unit: int, *, wide: bool) -> tuple[int, ...]:
        price = np.where(self.reduction.given, 0.0, self.reduction.price)
        return self.spaces.around(unit, price, wide=wide)

    def solve(self, hidden: Flags) -> None:
        """Promise that until the next call `within` is asked about no others than the `hidden` units."""
        self._moving = self.spaces.within(hidden)

    def within(self, demand: Demand, hidden: Flags, *, thorough: bool = True) -> list[Move] | None:
        """Alternative tables that meet the demand and move `hidden` units only, or None. Where nothing has a
        price a search is a handful of exchanges; `thorough`: with slight prices where that ends in fractions.
        """
        dictionary = self._moving
        prices = (np.zeros(len(hidden)), self.slight, self.slight[::-1])
        for slight in prices if thorough else prices[:1]:
            found = self._satisfied(demand, np.where(hidden, slight, np.inf), dictionary, gather=False)
            if found is not None:
                break
        return found if isinstance(found, list) else None

    def cheapest(self, demand: Demand, price: Reals) -> list[Move] | None:
        """Alternative tables that meet the demand at little cost and move few units, or None."""
        found = self._satisfied(demand, price, self.home(demand.unit), gather=True)
        return found if isinstance(found, list) else None

    def _satisfied(
        self, demand: Demand, price: Reals, dictionary: Dictionary, *, gather: bool
    ) -> list[Move] | Blocked | None:
        """Blocked: not even fractions would do. None: the search for whole tables gave up."""
        reach, width = demand.reach, demand.width
        if demand.avoid >= 0 and self.known_to(demand.avoid)[demand.unit]:
            return NOTHING
        down = self._wanted_below(demand)
        outcome: Blocked | None = NOTHING
        splits = [(width - low, low) for low in (down, 0, *range(1, down))] if width > reach else [(reach, 0)]
        for most, low in dict.fromkeys(splits):
            up = max(most, reach)
            if up > self._room(demand, 1):
                continue
            first = self._route(demand, up, price, dictionary, gather=gather)
            if not isinstance(first, list):
                if up == reach:
                    return first
                outcome = None if first is None else outcome
                continue
            second = self._downwards(demand, low, first, price, dictionary, gather=gather)
            if isinstance(second, list):
                return [*first, *second]
            outcome = None if second is None else outcome
        return outcome

    def _downwards(
        self,
        demand: Demand,
        low: int,
        first: list[Move],
        price: Reals,
        dictionary: Dictionary,
        *,
        gather: bool,
    ) -> list[Move] | Blocked | None:
        if low == 0:
            return []
        mirrored = self._mirrored(demand, first, low) if first else None
        if mirrored is not None:
            return [mirrored]
        if gather:
            price = price.copy()
            for move in first:
                price[move.units] = self.slight[move.units]
        return self._route(demand, -low, price, dictionary, gather=gather)

    def explain(self, demand: Demand, hidden: Flags) -> list[Cut]:
        """What must be hidden besides, when `hidden` cannot meet the demand; empty when it can."""
        reach, width, down = demand.reach, demand.width, self._wanted_below(demand)
        price, home = np.where(hidden, 0.0, np.inf), self.spaces.whole
        if reach > self._room(demand, 1):
            return []  # beyond what the unit itself can do: nothing that could be hidden would help
        upwards = self._attempt(demand, reach, price, home) if reach else None
        if isinstance(upwards, Blocked):
            return [self._cut([upwards], float(reach), hidden)]
        if width <= reach and isinstance(upwards, Move):
            return []
        below = self._attempt(demand, -down, price, home) if down else None
        if isinstance(below, Move) and (isinstance(upwards, Move) or not reach) and reach + down >= width:
            return []
        most = min(width, self._room(demand, 1))
        above = self._attempt(demand, most, price, home) if most else None
        if isinstance(above, Move) and most == width:
            return []
        sides = [side for side in (above, below if down else above) if isinstance(side, Blocked)]
        if self._split(demand, down, price):
            return []
        if len(sides) == 2:
            return [self._cut(sides if down else sides[:1], float(width), hidden)]
        return [self._cut([], 1.0, hidden)]

    def _split(self, demand: Demand, down: int, price: Reals) -> bool:
        """Whether part of the width below the truth and part above it can be had, by trying each."""
        for low in range(1, down):
            both = (
                self._attempt(demand, amount, price, self.spaces.whole)
                for amount in (demand.width - low, -low)
            )
            if all(isinstance(part, Move) for part in both):
                return True
        return False

    def _cut(self, blocked: list[Blocked], amount: float, hidden: Flags) -> Cut:
        """Together the blocked sides must carry `amount`. Where that says nothing new about `hidden` (a
        fraction could pass but no whole table), at least one more unit is asked for: true, though weak."""
        if blocked:
            carry = np.zeros(len(hidden))
            for side in blocked:
                carry[side.units] += side.carry
            units = np.flatnonzero(carry)
            cut = cut_from(units, carry[units], amount, self.reduction.given)
            if cut is not None and cut.violated(hidden):
                return cut
        rest = np.flatnonzero(~hidden)
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

    def _route(
        self, demand: Demand, amount: int, price: Reals, dictionary: Dictionary, *, gather: bool
    ) -> list[Move] | Blocked | None:
        if amount == 0:
            return []
        if gather:
            price = self._gathered(demand, amount, price)
        found = self._attempt(demand, amount, price, dictionary)
        return [found] if isinstance(found, Move) else found

    def _gathered(self, demand: Demand, amount: int, price: Reals) -> Reals:
        """Prices that make many small deviations dearer than few large ones."""
        own = self._kept_off(demand, price)
        fall, rise, far = self.reduction.fall, self.reduction.rise, float(amount * demand.sign)
        weighted = own
        for _ in range(REWEIGHTED):
            state, units, by = circuit(self.home(demand.unit), weighted, fall, rise, demand.unit, far)
            if state != FOUND:
                break
            weighted = own.copy()
            weighted[units] *= 0.2 / (np.abs(by) + 0.2)
        return weighted

    def _kept_off(self, demand: Demand, price: Reals) -> Reals:
        if demand.avoid < 0:
            return price
        return np.asarray(np.where(self.known_to(demand.avoid), np.inf, price))

    def known_to(self, supplier: int) -> Flags:
        """Units that the supplier knows, (m,)."""
        if supplier not in self._avoided:
            if self._suppliers is None:
                raise ValueError("no suppliers were given")
            self._avoided[supplier] = self.reduction.knows(self._suppliers, supplier)
        return self._avoided[supplier]

    def _attempt(
        self, demand: Demand, amount: int, price: Reals, dictionary: Dictionary
    ) -> Move | Blocked | None:
        """Carry the demand's unit by `amount` (up is positive) in whole numbers, by branching if need be."""
        unit, far = demand.unit, float(amount * demand.sign)
        own = self._kept_off(demand, price)
        fall, rise = self.reduction.fall, self.reduction.rise
        state, units, by = circuit(dictionary, own, fall, rise, unit, far)
        if state == IMPOSSIBLE:
            return self._blocked(demand, units, by, np.sign(far))
        self.searches += 1
        for turn in range(BRANCHES):
            if state != FOUND:
                return None
            whole = np.rint(by)
            apart = np.abs(by - whole)
            if apart.max() < WHOLE:
                used = np.flatnonzero(whole)
                return Move(units[used], whole[used].astype(np.int64))
            apart[units == unit] = 0.0
            worst, value = int(units[apart.argmax()]), float(by[apart.argmax()])
            fall, rise = fall.copy(), rise.copy()
            before = fall[worst], rise[worst]
            if value > 0:
                rise[worst] = np.floor(value)
            else:
                fall[worst] = np.floor(-value)
            state, units, by = circuit(dictionary, own, fall, rise, unit, far)
            if state != FOUND:
                fall[worst], rise[worst] = before
                own = own * (1.0 + 0.5 * np.sin(np.arange(len(own)) * (turn + 1.7)))
                state, units, by = circuit(dictionary, own, fall, rise, unit, far)
        return None

    def _blocked(self, demand: Demand, units: Ints, multipliers: Reals, direction: float) -> Blocked:
        """From an equation that no table satisfies: the unit's move is `gain @ d`, so no unit carries more
        than its room. Units with a supplier's knowledge carry nothing."""
        own = units == demand.unit
        gain = multipliers * (-direction / multipliers[own][0])
        room = np.where(gain > 0, self.reduction.rise[units], self.reduction.fall[units])
        used = (np.abs(gain) > WHOLE) & ~own
        if demand.avoid >= 0:
            used &= ~self.known_to(demand.avoid)[units]
        return Blocked(units[used], np.abs(gain[used]) * room[used])
