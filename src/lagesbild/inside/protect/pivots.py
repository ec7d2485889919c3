"""The compiled part of `dictionary`: elimination, narrowing, and the dual simplex. Arrays in, arrays out."""

import numpy as np
from numba import njit

FOUND, IMPOSSIBLE, UNDECIDED = 0, 1, 2
MOST_PIVOTS = 4000
SLIGHT = 1e-7
"""What is nearer to zero than this counts as zero: entries are small whole numbers or simple fractions."""


@njit(cache=True)
def echelon(rows, preference):
    """Gauss-Jordan elimination; pivots of 1 and -1 first, so that whole numbers mostly stay whole."""
    count, width = rows.shape
    pivot = np.full(count, -1)
    for row in range(count):
        best, best_score = -1, -1.0
        for unit in range(width):
            size = abs(rows[row, unit])
            if size > SLIGHT:
                score = preference[unit] + (1e12 if abs(size - 1.0) < SLIGHT else 0.0)
                if score > best_score:
                    best, best_score = unit, score
        if best < 0:
            continue
        pivot[row] = best
        rows[row] /= rows[row, best]
        used = np.flatnonzero(rows[row])
        for other in range(count):
            factor = rows[other, best]
            if other != row and abs(factor) > SLIGHT:
                for unit in used:
                    rows[other, unit] -= factor * rows[row, unit]
                rows[other, best] = 0.0
    kept = np.flatnonzero(pivot >= 0)
    basic = pivot[kept]
    is_free = np.ones(width, np.bool_)
    is_free[basic] = False
    free = np.flatnonzero(is_free)
    table = np.empty((len(kept), len(free)))
    for place in range(len(kept)):
        for column in range(len(free)):
            entry = -rows[kept[place], free[column]]
            table[place, column] = entry if abs(entry) > SLIGHT else 0.0
    return table, basic, free


@njit(cache=True)
def narrowed(table, basic0, free0, moving):
    """Make still units free wherever they can be; what they are then multiplied by does not matter."""
    work, basic, free = table.copy(), basic0.copy(), free0.copy()
    open_columns = moving[free]
    for row in range(len(basic)):
        if moving[basic[row]]:
            continue
        best = -1
        for column in np.flatnonzero(open_columns):
            size = abs(work[row, column])
            if size > SLIGHT and (best < 0 or abs(size - 1.0) < SLIGHT):
                best = column
                if abs(size - 1.0) < SLIGHT:
                    break
        if best < 0:
            continue
        used = np.flatnonzero((np.abs(work[row]) > SLIGHT) & open_columns)
        for other in range(len(basic)):
            factor = work[other, best] / work[row, best]
            if other != row and factor != 0.0:
                for column in used:
                    work[other, column] -= factor * work[row, column]
        basic[row], free[best] = free[best], basic[row]
        # The row now speaks of the unit that came in: solved for it, with the still unit left out.
        for column in used:
            if column != best:
                work[row, column] /= -work[row, best]
        open_columns[best] = False
    rows, columns = np.flatnonzero(moving[basic]), np.flatnonzero(open_columns)
    kept = np.empty((len(rows), len(columns)))
    for place in range(len(rows)):
        for column in range(len(columns)):
            entry = work[rows[place], columns[column]]
            kept[place, column] = entry if abs(entry) > SLIGHT else 0.0
    return kept, basic[rows], free[columns]


@njit(cache=True, fastmath={"reassoc", "contract"})
def _leaving(work, basic, d, slope, price, fall, rise, unit, amount):
    """The row whose unit must leave its value most urgently: steepest edge, the violation squared over the
    row's length. Returns row, target, direction of its slope, and how much its slope may change."""
    best, best_score, best_target, best_sense, best_limit = -1, 1e-12, 0.0, 0.0, 0.0
    for row in range(len(basic)):
        own = basic[row]
        value = d[own]
        if own == unit:
            if abs(value - amount) > SLIGHT:
                return row, amount, (1.0 if value > amount else -1.0), np.inf
            continue
        if abs(value) <= SLIGHT:
            continue
        sense = 1.0 if value > 0 else -1.0
        room = rise[own] if value > 0 else fall[own]
        target, limit = 0.0, np.inf
        if price[own] < np.inf:
            if abs(value) > room + SLIGHT:
                target = sense * room
            elif sense * slope[own] < price[own] - 1e-9:
                limit = price[own] - sense * slope[own]
            else:
                continue
        length = 1.0
        for column in range(work.shape[1]):
            length += work[row, column] * work[row, column]
        score = (value - target) * (value - target) / length
        if score > best_score:
            best, best_score, best_target, best_sense, best_limit = row, score, target, sense, limit
    return best, best_target, best_sense, best_limit


@njit(cache=True)
def _entering(work, row, sense, free, at, slope, price, fall, rise):
    """The free unit whose slope first reaches the end of what its place allows. Returns column, step."""
    best, best_step, best_entry = -1, np.inf, 0.0
    for column in range(work.shape[1]):
        entry = work[row, column]
        unit = free[column]
        if abs(entry) <= SLIGHT or at[unit] == 2 or price[unit] == np.inf:
            continue
        if sense * entry > 0:  # its slope falls: the unit would move down
            if at[unit] == -1 or (at[unit] == 0 and fall[unit] <= 0.0):
                continue
            step = (slope[unit] - (price[unit] if at[unit] == 1 else -price[unit])) / abs(entry)
        else:
            if at[unit] == 1 or (at[unit] == 0 and rise[unit] <= 0.0):
                continue
            step = ((-price[unit] if at[unit] == -1 else price[unit]) - slope[unit]) / abs(entry)
        step = max(step, 0.0)
        if step < best_step - 1e-12 or (step < best_step + 1e-12 and abs(entry) > abs(best_entry)):
            best, best_step, best_entry = column, step, entry
    return best, best_step


@njit(cache=True, fastmath={"reassoc", "contract"})
def _pivot(work, touched, basic, d, row, column, move):
    """Exchange the row's unit with the column's, whose value moves by `move`."""
    inverse = 1.0 / work[row, column]
    used = np.flatnonzero(work[row])
    for place in used:
        work[row, place] *= -inverse
    work[row, column] = inverse
    touched[row] = True
    dense = 4 * len(used) > work.shape[1]  # then straight loops are faster than looking columns up
    for other in range(len(basic)):
        factor = work[other, column]
        if other != row and factor != 0.0:
            d[basic[other]] += factor * move
            work[other, column] = 0.0
            touched[other] = True
            if dense:
                for place in range(work.shape[1]):
                    work[other, place] += factor * work[row, place]
            else:
                for place in used:
                    work[other, place] += factor * work[row, place]


@njit(cache=True)
def circuit(table, basic0, free0, work, touched, price, fall, rise, unit, amount):
    for row in np.flatnonzero(touched):
        work[row] = table[row]
    touched[:] = False
    basic, free = basic0.copy(), free0.copy()
    count = len(price)
    d, slope = np.zeros(count), np.zeros(count)
    at = np.zeros(count, np.int8)  # of a free unit: 0 at zero, 1 at its rise, -1 at its fall, 2 held for good
    for column in np.flatnonzero(free == unit):
        at[unit], d[unit] = 2, amount
        for row in range(len(basic)):
            d[basic[row]] += work[row, column] * amount
    for _ in range(MOST_PIVOTS):
        row, target, sense, limit = _leaving(work, basic, d, slope, price, fall, rise, unit, amount)
        if row < 0:
            return FOUND, d
        leaving = basic[row]
        column, step = _entering(work, row, sense, free, at, slope, price, fall, rise)
        if column < 0 and limit == np.inf:
            multipliers = np.zeros(count)
            multipliers[free] = -work[row]
            multipliers[leaving] = 1.0
            return IMPOSSIBLE, multipliers
        taken = min(step, limit)
        slope[leaving] += sense * taken
        for place in np.flatnonzero(work[row]):
            slope[free[place]] -= sense * taken * work[row, place]
        if limit <= step:
            continue
        entering = free[column]
        move = (target - d[leaving]) / work[row, column]
        d[entering] += move
        d[leaving] = target
        at[leaving] = 2 if leaving == unit else np.sign(target)
        _pivot(work, touched, basic, d, row, column, move)
        basic[row], free[column] = entering, leaving
    return UNDECIDED, d
