"""One circuit through one unit, by a dual simplex on a sparse dictionary; compiled.

With the equations solved for some units in terms of the others (a dictionary) the do-nothing table is where
every search starts, and a circuit is a handful of exchanges away, whatever the size of the system
(docs/decisions).
"""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from ..problem.system import Flags, Ints, Reals
from . import elimination, pivots

Scratch = tuple[np.ndarray, ...]


@dataclass(frozen=True, eq=False)
class Dictionary:
    """d[solved] = rows @ d for every solution of the equations; each row in terms of units not solved for.

    `rows`, `columns`: (start, index, factor) of the same matrix.  row_of: (m,), -1 where not solved for.
    length: (m,), 1 + the row's squared length.  rank: (m,), 1 + how many units depend on a free one.
    scratch: kept at rest between calls.
    """

    rows: tuple[Ints, Ints, Reals]
    columns: tuple[Ints, Ints, Reals]
    solved: Ints
    row_of: Ints
    length: Reals
    rank: Reals
    scratch: Scratch


def solved_for(equations: sp.csr_array, preference: Reals, moving: Flags, scratch: Scratch) -> Dictionary:
    """Solve the equations (rows, m), for units of high preference where there is a choice.

    `moving` (m,): all other units stay still and are left out. Short equations come first, that keeps the
    result sparse.
    """
    rows = sp.csr_array(equations.astype(np.float64))
    rows.data[~moving[rows.indices]] = 0.0
    rows.eliminate_zeros()
    order = np.argsort(np.diff(rows.indptr), kind="stable")
    start, index, factor, solved = elimination.eliminate(
        rows.indptr.astype(np.int64), rows.indices.astype(np.int64), rows.data, order, preference
    )
    width = rows.shape[1]
    by_column = sp.csc_array(sp.csr_array((factor, index, start), shape=(len(solved), width)))
    columns = by_column.indptr.astype(np.int64), by_column.indices.astype(np.int64), by_column.data
    row_of = np.full(width, -1, dtype=np.int64)
    row_of[solved] = np.arange(len(solved))
    own = np.repeat(np.arange(len(solved)), np.diff(start))
    length = np.ones(width)
    length[solved] += np.bincount(own, factor * factor, len(solved))
    rank = 1.0 + np.diff(columns[0])
    return Dictionary((start, index, factor), columns, solved, row_of, length, rank, scratch)


def scratch(width: int) -> Scratch:
    """d, place among the exchanged, length of the row, the current row's entries, two marks and the units
    that bear them, changes and the units that bear them, units moved, inverse."""
    return (
        np.zeros(width),
        np.full(width, -1, dtype=np.int64),
        np.zeros(width),
        np.zeros(width),
        np.zeros(width, dtype=np.bool_),
        np.zeros(width, dtype=np.bool_),
        np.empty(width, dtype=np.int64),
        np.empty(width, dtype=np.int64),
        np.zeros(width),
        np.empty(width, dtype=np.int64),
        np.empty(2 * width + 16, dtype=np.int64),
        np.empty((pivots.LONG, pivots.LONG)),
    )


def circuit(
    dictionary: Dictionary,
    moving: Flags,
    fall: Reals,
    rise: Reals,
    unit: int,
    amount: float,
    rank: Reals | None = None,
    most: int = pivots.LONG,
) -> tuple[int, Ints, Reals, int]:
    """Some deviation with d[unit] = amount and -fall <= d <= rise, in fractions; others than `moving` (m,)
    stand still.

    Of the free units that could mend what stands too far, the one of lowest `rank` (m,) is brought in. As a
    rule that is the one that fewest others depend on: it disturbs least, so the search is short and its
    outcome as good as always whole (docs/decisions).
    Returns FOUND with units and their deviations;
    IMPOSSIBLE with the units and multipliers of an implied equation `sum(y * d) = 0` that no such d
    satisfies; or else UNDECIDED, after `most` exchanges. Last comes how many entries of rows and columns it
    looked at.
    """
    state, units, by, work = pivots.circuit(
        dictionary.rows,
        dictionary.columns,
        dictionary.solved,
        dictionary.row_of,
        dictionary.length,
        dictionary.scratch,
        dictionary.rank if rank is None else rank,
        moving,
        fall,
        rise,
        unit,
        amount,
        most,
    )
    return int(state), units, by, int(work)
