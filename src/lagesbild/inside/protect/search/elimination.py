"""The compiled part of solving the equations: sparse Gauss-Jordan elimination. Arrays in, arrays out."""

import numpy as np

from ..machine_code import njit

SLIGHT = 1e-9
"""What is nearer to zero than this counts as zero: entries are small whole numbers or simple fractions."""


@njit(cache=True)
def eliminate(start, index, data, order, preference):
    """Solve rows in the given order, each for the unit of highest preference whose factor is 1 or -1.

    `start`, `index`, `data`: sparse rows.  Returns the solved rows, `solved[r] = sum(data * units[index])`,
    as (start, index, data, solved); no unit that is solved for stands in another's row.
    """
    row_of, solved = np.full(len(preference), -1), np.empty(len(order), np.int64)
    starts, units, factors = _downwards(start, index, data, order, preference, row_of, solved)
    count = len(starts) - 1
    return *_upwards(starts, units, factors, row_of), solved[:count].copy()


@njit(cache=True)
def _downwards(start, index, data, order, preference, row_of, solved):
    """Each row without the units that rows before it were solved for; `row_of`, `solved` are filled in."""
    width = len(preference)
    held_units, held_factors = np.empty(4 * len(index) + 16, np.int64), np.empty(4 * len(index) + 16)
    starts, count = np.zeros(len(order) + 1, np.int64), 0
    work, seen, used = np.zeros(width), np.zeros(width, np.bool_), np.empty(width, np.int64)
    heap = np.empty(width + 1, np.int64)
    for row in order:
        many = waiting = 0
        for k in range(start[row], start[row + 1]):
            unit = index[k]
            work[unit], seen[unit], used[many] = data[k], True, unit
            many += 1
            if row_of[unit] >= 0:
                waiting = _push(heap, waiting, row_of[unit])
        while waiting > 0:  # rows in the order they were solved: one brings in later ones only
            earlier, waiting = _pop(heap, waiting)
            factor = work[solved[earlier]]
            work[solved[earlier]] = 0.0
            if abs(factor) <= SLIGHT:
                continue
            for k in range(starts[earlier], starts[earlier + 1]):
                unit = held_units[k]
                if not seen[unit]:
                    seen[unit], used[many] = True, unit
                    many += 1
                    if row_of[unit] >= 0:
                        waiting = _push(heap, waiting, row_of[unit])
                work[unit] += factor * held_factors[k]
        best = _preferred(work, used[:many], preference)
        if best >= 0:
            held_units, held_factors = _room(held_units, held_factors, starts[count], many)
            end, scale = starts[count], -1.0 / work[best]
            for unit in used[:many]:
                if unit != best and abs(work[unit]) > SLIGHT:
                    held_units[end], held_factors[end] = unit, work[unit] * scale
                    end += 1
            solved[count], row_of[best] = best, count
            count += 1
            starts[count] = end
        for unit in used[:many]:
            work[unit], seen[unit] = 0.0, False
    return starts[: count + 1], held_units, held_factors


@njit(cache=True)
def _preferred(work, used, preference):
    best, best_score = -1, -np.inf
    for unit in used:
        size = abs(work[unit])
        if size > SLIGHT:
            score = preference[unit] + (1e12 if abs(size - 1.0) < SLIGHT else 0.0)
            if score > best_score:
                best, best_score = unit, score
    return best


@njit(cache=True)
def _upwards(starts, units, factors, row_of):
    """Put what later rows were solved for into the earlier rows, the last row first."""
    count, width = len(starts) - 1, len(row_of)
    first, last = np.zeros(count, np.int64), np.zeros(count, np.int64)
    full_units, full_factors = np.empty(2 * len(units) + 16, np.int64), np.empty(2 * len(units) + 16)
    work, seen, used = np.zeros(width), np.zeros(width, np.bool_), np.empty(width, np.int64)
    end = 0
    for row in range(count - 1, -1, -1):
        many = 0
        for k in range(starts[row], starts[row + 1]):
            later = row_of[units[k]]
            if later < 0:
                many = listed(units[k], seen, used, many)
                work[units[k]] += factors[k]
            else:
                for j in range(first[later], last[later]):
                    many = listed(full_units[j], seen, used, many)
                    work[full_units[j]] += factors[k] * full_factors[j]
        full_units, full_factors = _room(full_units, full_factors, end, many)
        first[row] = end
        for unit in used[:many]:
            if abs(work[unit]) > SLIGHT:
                full_units[end], full_factors[end] = unit, work[unit]
                end += 1
            work[unit], seen[unit] = 0.0, False
        last[row] = end
    return _in_order(first, last, full_units, full_factors)


@njit(cache=True)
def _in_order(first, last, units, factors):
    start = np.zeros(len(first) + 1, np.int64)
    start[1:] = np.cumsum(last - first)
    index, data = np.empty(start[-1], np.int64), np.empty(start[-1])
    for row in range(len(first)):
        index[start[row] : start[row + 1]] = units[first[row] : last[row]]
        data[start[row] : start[row + 1]] = factors[first[row] : last[row]]
    return start, index, data


@njit(cache=True)
def listed(unit, seen, used, many):
    """The unit stands once on the list `used[:many]` afterwards; how many stand there."""
    if not seen[unit]:
        seen[unit], used[many] = True, unit
        return many + 1
    return many


@njit(cache=True)
def _room(units, factors, end, more):
    if end + more <= len(units):
        return units, factors
    wider_units, wider_factors = np.empty(2 * (end + more), np.int64), np.empty(2 * (end + more))
    wider_units[:end], wider_factors[:end] = units[:end], factors[:end]
    return wider_units, wider_factors


@njit(cache=True)
def _push(heap, size, value):
    place = size
    heap[place] = value
    while place > 0 and heap[(place - 1) // 2] > heap[place]:
        above = (place - 1) // 2
        heap[above], heap[place] = heap[place], heap[above]
        place = above
    return size + 1


@njit(cache=True)
def _pop(heap, size):
    least, size, place = heap[0], size - 1, 0
    heap[0] = heap[size]
    while 2 * place + 1 < size:
        below = 2 * place + 1
        if below + 1 < size and heap[below + 1] < heap[below]:
            below += 1
        if heap[place] <= heap[below]:
            break
        heap[place], heap[below] = heap[below], heap[place]
        place = below
    return least, size
