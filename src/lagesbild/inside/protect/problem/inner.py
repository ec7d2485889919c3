"""Inner cells: the finest cells of a system, and every other cell as a sum of them."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from .system import Ints


@dataclass(frozen=True, eq=False)
class Inner:
    """cells: the inner cells' numbers, (k,).  sums: (n, k), every cell as a sum of inner ones.
    ties: (r, k), what must be 0 besides; empty for one table, else where linked tables share a margin.
    """

    cells: Ints
    sums: sp.csr_array
    ties: sp.csr_array


def inner(equations: sp.csr_array) -> Inner:
    """Inner cells of a system with equations (m, n), each `total - parts = 0`.

    A cell that is a sum of nothing is inner. Raises ValueError on totals that run in a circle.
    """
    rows, n = equations.shape
    held = equations.tocoo()
    totals = _totals(held, rows)
    cells = np.setdiff1d(np.arange(n), totals)
    ones = np.ones(len(cells), dtype=np.int64)
    sums = sp.csr_array((ones, (cells, np.arange(len(cells)))), shape=(n, len(cells)))
    known = np.zeros(n, dtype=bool)
    known[cells] = True
    while not known.all():
        ready = _ready(held, rows, totals, known)
        if not len(ready):
            raise ValueError("totals run in a circle")
        placed: sp.csr_array = sp.csr_array(
            (np.ones(len(ready), dtype=np.int64), (totals[ready], np.arange(len(ready)))),
            shape=(n, len(ready)),
        )
        sums = sp.csr_array(sums - placed @ (equations[ready] @ sums))
        known[totals[ready]] = True
    ties = sp.csr_array(equations @ sums)
    ties.eliminate_zeros()
    return Inner(cells, sums, sp.csr_array(ties[np.flatnonzero(np.diff(ties.indptr))]))


def _totals(held: sp.coo_array, rows: int) -> Ints:
    """The total of each equation, (m,): its one positive cell."""
    totals = np.zeros(rows, dtype=np.int64)
    totals[held.row[held.data > 0]] = held.col[held.data > 0]
    return totals


def _ready(held: sp.coo_array, rows: int, totals: Ints, known: np.ndarray) -> Ints:
    """One equation for each unknown total whose parts are all known."""
    waiting = np.bincount(held.row, weights=~known[held.col], minlength=rows)
    candidates = np.flatnonzero((waiting == 1) & ~known[totals])
    return np.asarray(candidates[np.unique(totals[candidates], return_index=True)[1]])
