"""The cheapest circuit through one unit, by a dual simplex on a dictionary; compiled.

With the equations solved for some units in terms of the others (a dictionary) the do-nothing table is where
every search starts, and a circuit is a few dozen pivots away: ten times faster than handing each of the many
thousands of small programs to a general solver (docs/decisions). The cost of a deviation is `price * |d|`,
convex with a kink at 0, so that no unit needs to stand twice.
"""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from . import pivots
from .system import Flags, Ints, Reals


@dataclass(frozen=True, eq=False)
class Dictionary:
    """d[basic] = table @ d[free] for every solution of the equations. `work` and `touched` are scratch.

    In one narrowed to some units the others stand in neither list: they stay still.
    """

    table: Reals
    basic: Ints
    free: Ints
    work: Reals
    touched: np.ndarray[tuple[int], np.dtype[np.bool_]]


def solved_for(equations: sp.csr_array, preference: Reals) -> Dictionary:
    """Solve the equations, for units of high preference (large totals) where there is a choice."""
    dense = equations.toarray().astype(np.float64)
    table, basic, free = pivots.echelon(dense, preference)
    return Dictionary(table, basic, free, table.copy(), np.zeros(len(basic), dtype=np.bool_))


def narrowed(dictionary: Dictionary, moving: Flags) -> Dictionary:
    """The dictionary when only the `moving` units, (k,), can move: smaller, quicker."""
    table, basic, free = pivots.narrowed(dictionary.table, dictionary.basic, dictionary.free, moving)
    return Dictionary(table, basic, free, table.copy(), np.zeros(len(basic), dtype=np.bool_))


def circuit(
    dictionary: Dictionary, price: Reals, fall: Reals, rise: Reals, unit: int, amount: float
) -> tuple[int, Reals]:
    """Least `sum(price * |d|)` over deviations with d[unit] = amount and -fall <= d <= rise, in fractions.

    `price` inf: the unit is published and cannot move. Returns FOUND with d; or IMPOSSIBLE with the
    multipliers of an implied equation `sum(y * d) = 0` that no such d satisfies; or else UNDECIDED.
    """
    state, d = pivots.circuit(
        dictionary.table,
        dictionary.basic,
        dictionary.free,
        dictionary.work,
        dictionary.touched,
        price,
        fall,
        rise,
        unit,
        amount,
    )
    return int(state), np.asarray(d)
