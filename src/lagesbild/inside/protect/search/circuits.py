"""Alternative tables for one demand, within what is hidden, or why there is none."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..problem.reduction import Demand, Reduction
from ..problem.system import Flags, Ints, Reals, System
from .cuts import Cut, cut_from
from .dictionary import Dictionary, circuit, scratch, solved_for
from .pivots import FOUND, IMPOSSIBLE, UNDECIDED
from .whole import backwards, barred, rounded

SHORT = 60
"""Exchanges. On a large table nine in ten of those who need more arrive after up to 150; in a table of small
numbers and zeros one in five did, and these took nine tenths of the time."""
PATIENCE = 10
"""So many more long searches may be lost than arrive."""
OVERHEAD = 4000
"""What a search costs besides, in entries looked at."""
FARTHEST = 2**31
"""No search goes further, whatever the room."""
DICTIONARIES = 24
"""Sparse ones to look for lost walks from. Each finds about half of those that are there."""
FRUITLESS = 3
"""So many in a row that find none are not the last."""
BRANCHES = 12
"""Searches before a table that will not become whole is given up; one is nearly always enough."""


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
    """Searches one reduction. `work`: how many entries of its dictionaries were looked at, a measure of time
    that is the same everywhere.

    `patient`: whether long searches are made also when most of them are lost. Who asks what an attacker can
    rule out must be; who chooses what to hide loses little by hiding a unit too many.
    """

    def __init__(
        self, reduction: Reduction, suppliers: System | None = None, *, patient: bool = True
    ) -> None:
        self.reduction = reduction
        self.work = 0
        self._suppliers = suppliers
        self._avoided: dict[int, Flags] = {}
        self._scratch = scratch(len(reduction.price))
        self._patient, self._arrived, self._lost = patient, 0, 0
        self.whole = self._solved_for(np.ones(len(reduction.price), dtype=bool), reduction.given)
        self._moving = self.whole

    def _solved_for(
        self, moving: Flags, staying: Flags, most_wanted: "_Preference | None" = None
    ) -> Dictionary:
        preference = (most_wanted or _roomy)(self.reduction, staying)
        return solved_for(self.reduction.equations, preference, moving, self._scratch)

    def solve(self, hidden: Flags) -> None:
        """Promise that until the next call `within` is asked about no others than the `hidden` units."""
        self._moving = self._solved_for(hidden, self.reduction.given)

    def insist(self, demands: list[Demand], hidden: Flags) -> dict[Demand, list[Move]]:
        """`within` for demands that it may have lost its way to: from other dictionaries, until several in a
        row lead nowhere. The first prefers whatever is hidden, not only what is hidden for good; the second
        is sparser, and the rest are like it, varied by chance. Always patient."""
        found: dict[Demand, list[Move]] = {}
        self._patient, patient = True, self._patient
        fruitless = 0
        for most_wanted in (_roomy, *(_sparse(turn) for turn in range(DICTIONARIES))):
            if fruitless > FRUITLESS or len(found) == len(demands):
                break
            dictionary, before = self._solved_for(hidden, hidden, most_wanted), len(found)
            for demand in demands:
                moves = None if demand in found else self._tables(demand, hidden, dictionary)
                if moves is not None:
                    found[demand] = moves
            fruitless = 0 if len(found) > before else fruitless + 1
        self._patient = patient
        return found

    def within(self, demand: Demand, hidden: Flags) -> list[Move] | None:
        """Alternative tables that meet the demand and move `hidden` units only, or None."""
        return self._tables(demand, hidden, self._moving)

    def _tables(self, demand: Demand, hidden: Flags, dictionary: Dictionary) -> list[Move] | None:
        reach, width = demand.reach, demand.width
        if demand.avoid >= 0 and self.known_to(demand.avoid)[demand.unit]:
            return None
        down = self._wanted_below(demand)
        splits = [(width - low, low) for low in (down, 0, *range(1, down))] if width > reach else [(reach, 0)]
        for most, low in dict.fromkeys(splits):
            up = max(most, reach)
            if up > self._room(demand, 1):
                continue
            first = self._route(demand, up, hidden, dictionary)
            if first is None:
                if up == reach:
                    return None
                continue
            second = self._mirrored(demand, first, low) or self._route(demand, -low, hidden, dictionary)
            if second is not None:
                return [*first, *second]
        return None

    def _route(self, demand: Demand, amount: int, hidden: Flags, dictionary: Dictionary) -> list[Move] | None:
        if amount == 0:
            return []
        found = self._attempt(demand, amount, hidden, dictionary)
        return [found] if isinstance(found, Move) else None

    def explain(self, demand: Demand, hidden: Flags) -> list[Cut]:
        """What must be hidden besides, when `hidden` cannot meet the demand; empty when it can."""
        reach, width, down = demand.reach, demand.width, self._wanted_below(demand)
        if reach > self._room(demand, 1):
            return []  # beyond what the unit itself can do: nothing that could be hidden would help
        upwards = self._attempt(demand, reach, hidden, self.whole) if reach else None
        if isinstance(upwards, Blocked):
            return [self._cut([upwards], float(reach), hidden)]
        if width <= reach and isinstance(upwards, Move):
            return []
        below = self._attempt(demand, -down, hidden, self.whole) if down else None
        if isinstance(below, Move) and (isinstance(upwards, Move) or not reach) and reach + down >= width:
            return []
        most = min(width, self._room(demand, 1))
        above = self._attempt(demand, most, hidden, self.whole) if most else None
        if isinstance(above, Move) and most == width:
            return []
        sides = [side for side in (above, below if down else above) if isinstance(side, Blocked)]
        if self._split(demand, down, hidden):
            return []
        if len(sides) == 2:
            return [self._cut(sides if down else sides[:1], float(width), hidden)]
        return [self._cut([], 1.0, hidden)]

    def _split(self, demand: Demand, down: int, hidden: Flags) -> bool:
        """Whether part of the width below the truth and part above it can be had, by trying each."""
        for low in range(1, down):
            both = (
                self._attempt(demand, amount, hidden, self.whole) for amount in (demand.width - low, -low)
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
        return int(min((self.reduction.rise if upward else self.reduction.fall)[demand.unit], FARTHEST))

    def _mirrored(self, demand: Demand, moves: list[Move], low: int) -> list[Move] | None:
        """The same circuit run backwards, if its units have room for that."""
        if not moves or low == 0:
            return None
        units, fall, rise = moves[0].units, self.reduction.fall, self.reduction.rise
        possible, back = backwards(units, moves[0].by, demand.unit, low, fall, rise)
        return [Move(units, back)] if possible else None

    def known_to(self, supplier: int) -> Flags:
        """Units that the supplier knows, (m,)."""
        if supplier not in self._avoided:
            if self._suppliers is None:
                raise ValueError("no suppliers were given")
            self._avoided[supplier] = self.reduction.knows(self._suppliers, supplier)
        return self._avoided[supplier]

    def _attempt(
        self, demand: Demand, amount: int, hidden: Flags, dictionary: Dictionary
    ) -> Move | Blocked | None:
        """Carry the demand's unit by `amount` (up is positive) in whole numbers. Where fractions come out,
        one at a time loses the room for its fraction; where that leads nowhere, units are brought in by a
        rank that is varied by chance. A search that loses its way is given up: trying again costs more than
        hiding a unit too many."""
        unit, far = demand.unit, float(amount * demand.sign)
        moving = hidden if demand.avoid < 0 else hidden & ~self.known_to(demand.avoid)
        fall, rise = self.reduction.fall, self.reduction.rise
        state, units, by = self._walk(dictionary, moving, fall, rise, unit, far)
        if state == IMPOSSIBLE:
            return self._blocked(demand, units, by, np.sign(far))
        rank = None
        for turn in range(BRANCHES):
            if state == FOUND:
                worst, moved, whole = rounded(units, by, unit)
                if worst < 0:
                    return Move(moved, whole)
                fall, rise = _floored(fall, rise, int(units[worst]), float(by[worst]))
            elif state == UNDECIDED:
                return None
            else:
                rank = dictionary.rank * np.random.default_rng(turn).uniform(1.0, 5.0, len(hidden))
                fall, rise = self.reduction.fall, self.reduction.rise
            state, units, by = self._walk(dictionary, moving, fall, rise, unit, far, rank)
        return None

    def _walk(
        self,
        dictionary: Dictionary,
        moving: Flags,
        fall: Reals,
        rise: Reals,
        unit: int,
        far: float,
        rank: Reals | None = None,
    ) -> tuple[int, Ints, Reals]:
        """A short search, then a long one if need be; without patience only while long ones mostly arrive."""
        state, units, by, work = circuit(dictionary, moving, fall, rise, unit, far, rank, SHORT)
        self.work += work + OVERHEAD
        if state == UNDECIDED and (self._patient or self._lost <= self._arrived + PATIENCE):
            state, units, by, work = circuit(dictionary, moving, fall, rise, unit, far, rank)
            self.work += work
            self._arrived += state != UNDECIDED
            self._lost += state == UNDECIDED
        return state, units, by

    def _blocked(self, demand: Demand, units: Ints, multipliers: Reals, direction: float) -> Blocked:
        """From an equation that no table satisfies: the unit's move is `gain @ d`, so no unit carries more
        than its room. Units with a supplier's knowledge carry nothing."""
        fall, rise = self.reduction.fall, self.reduction.rise
        others, carry = barred(units, multipliers, demand.unit, direction, fall, rise)
        if demand.avoid >= 0:
            used = ~self.known_to(demand.avoid)[others]
            others, carry = others[used], carry[used]
        return Blocked(others, carry)


def _floored(fall: Reals, rise: Reals, unit: int, value: float) -> tuple[Reals, Reals]:
    """Room that lets the unit go no further than the whole number before `value`."""
    fall, rise = fall.copy(), rise.copy()
    if value > 0:
        rise[unit] = np.floor(value)
    else:
        fall[unit] = np.floor(-value)
    return fall, rise


MOST_ROOM = 50.0
"""More room than this makes a unit no likelier to stay within it."""


_Preference = Callable[[Reduction, Flags], Reals]


def _roomy(reduction: Reduction, staying: Flags) -> Reals:
    """For which units to solve: those that stay hidden, first those with room to move, which seldom go too
    far; then those in few equations, which keeps the dictionary sparse, and cheap."""
    otherwise = -1e4 * _equations(reduction) - np.minimum(reduction.size, 9e3)
    return np.asarray(np.where(staying, 1e6 + 1e5 * _room(reduction), 0.0) + otherwise)


def _sparse(turn: int) -> _Preference:
    """The other way round: those in few equations, and of these the ones with room. How much more an equation
    counts for one unit than for another is left to chance, but for the first turn."""

    def preference(reduction: Reduction, staying: Flags) -> Reals:
        most = 2.0 if turn else 1.0
        weight = np.random.default_rng(turn).uniform(1.0, most, len(reduction.price))
        few = -1e4 * weight * _equations(reduction) + 10.0 * _room(reduction)
        return np.asarray(np.where(staying, 1e9, 0.0) + few)

    return preference


def _equations(reduction: Reduction) -> Ints:
    return np.bincount(reduction.equations.indices, minlength=len(reduction.price))


def _room(reduction: Reduction) -> Reals:
    return np.minimum(np.minimum(reduction.fall, reduction.rise), MOST_ROOM)
