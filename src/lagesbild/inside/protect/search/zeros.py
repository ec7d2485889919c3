"""Zeros behind the mark: where zeros are candidates some are hidden, so that a hidden cell may be zero."""

import heapq

import numpy as np
import scipy.sparse as sp

from ..problem.system import Flags, Ints, System


def candidates(system: System) -> Flags:
    """Zeros that may be hidden and need not be, shape (n,)."""
    return np.asarray(system.hideable & (system.values == 0) & ~system.unsafe & ~system.forced)


def cover(system: System, hidden: Flags) -> Flags:
    """Which zeros to hide besides so that every hidden unsafe cell shares a sum with one, if any can, (n,).

    Hiding more never narrows an interval, so a safe pattern stays safe. Greedy set cover, the cheapest first
    among equals, hence the same every time.
    """
    chosen = np.zeros(system.size, dtype=bool)
    zeros, unsafe = np.flatnonzero(candidates(system)), np.flatnonzero(system.unsafe & hidden)
    beside = _beside(system, zeros, unsafe)
    alone = np.flatnonzero(beside[hidden[zeros]].sum(axis=0) == 0)
    beside = sp.csr_array(beside[:, alone])
    chosen[zeros[_greedy(beside, system.cost[zeros])]] = True
    return chosen


def _beside(system: System, zeros: Ints, unsafe: Ints) -> sp.csr_array:
    """For each zero the unsafe cells that stand in a sum with it, (zeros, unsafe)."""
    held = abs(system.equations)
    return sp.csr_array(held[:, zeros].T @ held[:, unsafe])


def _greedy(beside: sp.csr_array, cost: np.ndarray) -> list[int]:
    starts, cells = beside.indptr.tolist(), beside.indices
    open_ = np.ones(beside.shape[1], dtype=bool)
    waiting = [(-(starts[i + 1] - starts[i]), price, i) for i, price in enumerate(cost.tolist())]
    heapq.heapify(waiting)
    picked = []
    while waiting and waiting[0][0] < 0:
        promised, price, zero = heapq.heappop(waiting)
        own = cells[starts[zero] : starts[zero + 1]]
        gain = int(open_[own].sum())
        if -gain == promised:
            picked.append(zero)
            open_[own] = False
        elif gain:
            heapq.heappush(waiting, (-gain, price, zero))
    return picked
