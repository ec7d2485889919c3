"""The attacker by search: is there a whole-number table that fits what is published and moves this cell?

Exact, and independent of the product's solvers: backtracking over hidden cells with bounds passed through the
equations. A mixed-integer program may propose a table, which is then checked by sums; that there is none is
always for the search to say. Decides patterns of some hundred hidden cells, where `feasible_tables` can list
those of eight.
"""

from collections.abc import Collection, Iterator, Mapping

import numpy as np
from scipy.optimize import Bounds as Box
from scipy.optimize import LinearConstraint, milp

from lagesbild.inside.protect.problem.system import System

Bounds = dict[int, tuple[int, int]]
TRIES = (200, 2_000, 20_000)
"""Nodes of each attempt, each in another order: a bad first choice is cheap, the last attempt decides."""
FAR = 2**40
"""Beyond every count."""


class Undecided(Exception):
    """The search was too long to tell."""


class _Spent(Exception):
    """This attempt has used its nodes."""


class TableSearch:
    """Whole-number tables that an outsider who sees `hidden` (n,) cannot rule out.

    No cell is taken above twice the largest count and a little: tables that need more are not found.
    """

    def __init__(self, system: System, hidden: np.ndarray) -> None:
        matrix = system.equations
        self._truth = [int(value) for value in system.values]
        most = 2 * max(self._truth, default=0) + 2 * int(max(system.threshold.max(), system.width.max()))
        self._bounds: Bounds = {
            cell: (int(system.floor[cell]), min(int(system.ceiling[cell]), most))
            for cell in np.flatnonzero(hidden).tolist()
        }
        self._rows: list[list[tuple[int, int]]] = []
        """Deviations from the truth satisfy the same equations with 0 on the right: only open cells count."""
        self._in_rows: dict[int, list[int]] = {cell: [] for cell in self._bounds}
        for start, end in zip(matrix.indptr[:-1], matrix.indptr[1:], strict=True):
            terms = zip(matrix.indices[start:end].tolist(), matrix.data[start:end].tolist(), strict=True)
            row = [(cell, int(sign)) for cell, sign in terms if cell in self._bounds]
            for cell, _ in row:
                self._in_rows[cell].append(len(self._rows))
            self._rows.append(row)

    def table(self, *within: Mapping[int, tuple[int, int]]) -> np.ndarray | None:
        """A table (n,) whose cells lie within the ends of any one of `within`, or None: there is none.

        Each is tried a little before any is searched to the end.
        """
        moved = [each for each in map(self._moved, within) if each is not None]
        for attempt, nodes in enumerate(TRIES):
            for bounds in list(moved):
                self._left, self._order = nodes, np.random.default_rng(attempt)
                try:
                    found = self._extend(dict(bounds), list(range(len(self._rows))))
                except _Spent:
                    found = self._proposed(bounds) if attempt == 0 else None
                else:
                    moved.remove(bounds)
                if found is not None:
                    table = np.array(self._truth, dtype=np.int64)
                    table[list(found)] += np.array(list(found.values()), dtype=np.int64)
                    return table
        if moved:
            raise Undecided
        return None

    def _moved(self, within: Mapping[int, tuple[int, int]]) -> Bounds | None:
        """How far each open cell may deviate; None where an end lies beyond the other."""
        bounds = dict(self._bounds)
        for cell, (low, high) in within.items():
            before = bounds.get(cell, (self._truth[cell],) * 2)
            bounds[cell] = max(before[0], low), min(before[1], high)
        if any(low > high for low, high in bounds.values()):
            return None
        truth = self._truth
        return {cell: (low - truth[cell], high - truth[cell]) for cell, (low, high) in bounds.items()}

    def _proposed(self, bounds: Bounds) -> dict[int, int] | None:
        """The deviation that a solver finds, if it holds by whole-number sums."""
        place = {cell: column for column, cell in enumerate(bounds)}
        matrix = np.zeros((len(self._rows), len(place)))
        for number, row in enumerate(self._rows):
            for cell, sign in row:
                matrix[number, place[cell]] = sign
        ends = np.array(list(bounds.values()), dtype=float)
        outcome = milp(
            np.zeros(len(place)),
            integrality=np.ones(len(place)),
            bounds=Box(ends[:, 0], ends[:, 1]),
            constraints=LinearConstraint(matrix, 0, 0),
            options={"time_limit": 10.0},
        )
        if outcome.x is None:
            return None
        found = {cell: round(by) for cell, by in zip(place, outcome.x.tolist(), strict=True)}
        inside = all(low <= found[cell] <= high for cell, (low, high) in bounds.items())
        return found if inside and self._unbalanced(found) is None else None

    def _extend(self, bounds: Bounds, waiting: list[int]) -> dict[int, int] | None:
        """The deviation of each open cell, or None."""
        self._left -= 1
        if self._left < 0:
            raise _Spent
        if not self._pass_on(bounds, waiting):
            return None
        nearest = {cell: min(max(low, 0), high) for cell, (low, high) in bounds.items()}
        row = self._unbalanced(nearest)
        if row is None:
            return nearest
        excess = sum(sign * nearest[cell] for cell, sign in row)
        free = [(cell, sign) for cell, sign in row if bounds[cell][0] < bounds[cell][1]]
        self._order.shuffle(free)
        wished = {cell: nearest[cell] - excess // sign for cell, sign in free}
        # Fewest equations first: least is upset. A cell that cannot put the equation right comes last.
        cell = min(
            wished, key=lambda c: (not bounds[c][0] <= wished[c] <= bounds[c][1], len(self._in_rows[c]))
        )
        low, high = bounds[cell]
        for value in sorted(range(low, high + 1), key=lambda v: (v != wished[cell], abs(v))):
            found = self._extend({**bounds, cell: (value, value)}, list(self._in_rows[cell]))
            if found is not None:
                return found
        return None

    def _unbalanced(self, at: Mapping[int, int]) -> list[tuple[int, int]] | None:
        return next((row for row in self._rows if sum(sign * at[cell] for cell, sign in row)), None)

    def _pass_on(self, bounds: Bounds, waiting: list[int]) -> bool:
        """Narrow the bounds by the equations until nothing changes; False where nothing fits."""
        queued = set(waiting)
        while waiting:
            number = waiting.pop()
            queued.discard(number)
            row = self._rows[number]
            ends = [
                (sign * bounds[cell][0], sign * bounds[cell][1]) if sign > 0
                else (sign * bounds[cell][1], sign * bounds[cell][0])
                for cell, sign in row
            ]  # fmt: skip
            least, most = sum(low for low, _ in ends), sum(high for _, high in ends)
            if least > 0 or most < 0:
                return False
            for (cell, sign), (low, high) in zip(row, ends, strict=True):
                # sign * deviation = -(the rest), and the rest lies within the sums without this cell
                down, up = max(low, high - most), min(high, low - least)
                down, up = (down, up) if sign > 0 else (-up, -down)
                new = -(-down // abs(sign)), up // abs(sign)
                if new[0] > new[1]:
                    return False
                if new != bounds[cell]:
                    bounds[cell] = new
                    for other in self._in_rows[cell]:
                        if other not in queued:
                            queued.add(other)
                            waiting.append(other)
        return True


def unprotected(
    system: System, hidden: np.ndarray, insider: bool = False, told: Collection[int] = ()
) -> list[int]:
    """Unsafe cells whose whole-number interval is too narrow or too low, or that an insider knows.

    Those `told` already are passed over: to prove that a cell has no way out can take very long.
    """
    search, found = TableSearch(system, hidden), [system.values]
    return [
        cell
        for cell in np.flatnonzero(system.unsafe).tolist()
        if cell not in told
        and (
            not _wide(system, search, found, cell)
            or (insider and any(_pinned(system, search, found, cell, of) for of in _insiders(system, cell)))
        )
    ]


def _wide(system: System, search: TableSearch, found: list[np.ndarray], cell: int) -> bool:
    """Whether tables show the interval high and wide enough; adds the tables it needs to `found`."""
    threshold, width = int(system.threshold[cell]), int(system.width[cell])
    seen = [int(table[cell]) for table in found]
    low, high = min(seen), max(seen)
    while high < threshold or high - low < width:
        table = search.table({cell: (max(threshold, low + width), FAR)}, {cell: (-FAR, low - 1)})
        if table is None:
            return False
        found.append(table)
        low, high = min(low, int(table[cell])), max(high, int(table[cell]))
    return True


def _insiders(system: System, cell: int) -> Iterator[np.ndarray]:
    """For each supplier of other cells, which cells she knows, (n,)."""
    for supplier in sorted(set(system.supplier.tolist()) - {-1, int(system.supplier[cell])}):
        yield system.supplier == supplier


def _pinned(
    system: System, search: TableSearch, found: list[np.ndarray], cell: int, known: np.ndarray
) -> bool:
    x = system.values
    if any(table[cell] != x[cell] and np.array_equal(table[known], x[known]) for table in found):
        return False
    fixed = {own: (int(x[own]), int(x[own])) for own in np.flatnonzero(known).tolist()}
    ways = ((int(x[cell]) + 1, FAR), (-FAR, int(x[cell]) - 1))
    table = search.table(*({**fixed, cell: ends} for ends in ways))
    if table is not None:
        found.append(table)
    return table is None
