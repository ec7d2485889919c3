"""The compiled dual simplex of `dictionary`. Arrays in, arrays out.

Nothing has a price: any table will do, so a search is only a matter of bringing what moved too far back to
its limit, one unit at a time. The dictionary itself never changes. After k exchanges of a basic unit for a
free one every row of the current dictionary follows from the k by k matrix `inverse` of the entries where the
exchanged rows and columns meet, so a search costs as much as it makes exchanges, in any system.

In here: `rows` and `columns` are the dictionary by rows and by columns, each (start, index, factor); a row is
named by the unit it was solved for. `left[q]`: units that were basic and are free now. `came[p]`: the other
way round. `inverse[p, q]`.
"""

import numpy as np

from ..machine_code import njit
from .elimination import listed

FOUND, IMPOSSIBLE, UNDECIDED = 0, 1, 2
LONG = 150
"""Exchanges after which any search is given up. Each costs as much as those before it together."""
STEPS = 2
"""For each exchange that a search may make; some undo others."""
SLIGHT = 1e-7
"""What is nearer to zero than this counts as zero: entries are small whole numbers or simple fractions."""
SOUND = 0.01
"""Dividing by entries as large as this loses no digits; smaller ones are taken where there are no others."""
DRIFT = 1e-5
"""Between the two ways of reckoning one entry; more than that and the search is given up."""


@njit(cache=True)
def circuit(rows, columns, solved, row_of, length, scratch, rank, moving, fall, rise, unit, amount, most):
    """See `dictionary.circuit`. Returns the outcome, units, their deviations (or multipliers), the work."""
    d, place, weight, sums, seen, mark, active, hit, change, shaken, moved, inverse = scratch
    left, came = np.empty(most, np.int64), np.empty(most, np.int64)
    by_left, by_came = np.zeros(most), np.zeros(most)
    # active[:many]: units whose scratch must be cleared at the end; hit[:hits]: those in the current row;
    # moved[:moves]: basic ones that may stand away from zero
    hits, moves, count, work, outcome = 0, 0, 0, 0, UNDECIDED
    many = listed(unit, seen, active, 0)
    weight[unit] = length[unit]
    if row_of[unit] < 0:
        d[unit] = amount
        shaking = _carry(columns, solved, place, change, shaken, 0, unit, 1.0)
        many, moves = _apply(
            change, shaken, shaking, d, weight, length, seen, active, many, moved, moves, amount, 0.0
        )
    else:
        moves = 1
        moved[0] = unit
    for _ in range(STEPS * most):
        leaving, target, moves = _leaving(
            moved, moves, row_of, place, d, moving, fall, rise, weight, unit, amount
        )
        if leaving < 0:
            outcome = FOUND
            break
        hits = _row(rows, row_of, place, left, came, inverse, by_left, count, sums, mark, hit, leaving)
        work += hits
        entering = _entering(rank, hit, hits, sums, target - d[leaving], d, moving, fall, rise, unit)
        if entering < 0:
            outcome = IMPOSSIBLE
            break
        entry = sums[entering]
        by = (target - d[leaving]) / entry
        if not seen[entering]:
            many = listed(entering, seen, active, many)
            weight[entering] = length[entering]
        shaking = _column(
            columns, solved, row_of, place, inverse, came, by_came, count, change, shaken, entering
        )
        work += shaking
        if abs(change[leaving] - entry) > DRIFT * max(1.0, abs(entry)):
            for k in range(shaking):
                change[shaken[k]] = 0.0
            break
        many, moves = _apply(
            change, shaken, shaking, d, weight, length, seen, active, many, moved, moves,
            by, weight[leaving] / (entry * entry),
        )  # fmt: skip
        d[entering] += by
        d[leaving] = target
        weight[entering] = max(weight[leaving] / (entry * entry), 1.0)
        moved[moves] = entering
        moves += 1
        count = _exchange(
            place, row_of, left, came, inverse, by_left, by_came, count, leaving, entering, entry
        )
        for k in range(hits):
            sums[hit[k]], mark[hit[k]] = 0.0, False
        hits = 0
        if count >= most:
            break
    if outcome == IMPOSSIBLE:
        units, found = np.empty(hits + 1, np.int64), np.empty(hits + 1)
        for k in range(hits):
            units[k], found[k] = hit[k], -sums[hit[k]]
        units[hits], found[hits] = leaving, 1.0
    else:
        units = np.array([u for u in active[:many] if abs(d[u]) > SLIGHT], np.int64)
        found = d[units]
    for k in range(hits):
        sums[hit[k]], mark[hit[k]] = 0.0, False
    for k in range(many):
        u = active[k]
        d[u], place[u], weight[u], seen[u] = 0.0, -1, 0.0, False
    return outcome, units, found, work


@njit(cache=True)
def _leaving(moved, moves, row_of, place, d, moving, fall, rise, weight, unit, amount):
    """The basic unit that must leave its value most urgently: the violation squared over the (approximate)
    length of its row. Returns unit, target, and how many of `moved` are left: who is free or at zero is taken
    out."""
    best, best_score, best_target, kept = -1, 0.0, 0.0, 0
    for k in range(moves):
        own = moved[k]
        value = d[own]
        if (row_of[own] >= 0) == (place[own] >= 0):
            continue
        if abs(value) <= SLIGHT and own != unit:
            d[own] = 0.0
            continue
        moved[kept] = own
        kept += 1
        if own == unit:
            if abs(value - amount) > SLIGHT:
                best, best_score, best_target = own, np.inf, amount
            continue
        target = 0.0
        if moving[own]:
            target = rise[own] if value > 0 else -fall[own]
        if abs(value) <= abs(target) + SLIGHT:
            continue
        score = (value - target) * (value - target) / weight[own]
        if score > best_score:
            best, best_score, best_target = own, score, target
    return best, best_target, kept


@njit(cache=True)
def _row(rows, row_of, place, left, came, inverse, by_left, count, sums, mark, hit, unit):
    """The current row of a basic unit into `sums`; `by_left`: its entries at the units that left."""
    start, index, factor = rows
    hits, row = 0, row_of[unit]
    by_left[:count] = 0.0
    if row >= 0:
        for k in range(start[row], start[row + 1]):
            other = index[k]
            if place[other] >= 0:
                for q in range(count):
                    by_left[q] += factor[k] * inverse[place[other], q]
            else:
                hits = listed(other, mark, hit, hits)
                sums[other] += factor[k]
    else:
        by_left[:count] = inverse[place[unit], :count]
    for q in range(count):
        if abs(by_left[q]) <= SLIGHT:
            continue
        gone = row_of[left[q]]
        for k in range(start[gone], start[gone + 1]):
            other = index[k]
            if place[other] < 0:
                hits = listed(other, mark, hit, hits)
                sums[other] -= by_left[q] * factor[k]
        hits = listed(left[q], mark, hit, hits)
        sums[left[q]] += by_left[q]
    return hits


@njit(cache=True)
def _entering(rank, hit, hits, sums, wanted, d, moving, fall, rise, unit):
    """The free unit of lowest rank that can move the current row's unit the `wanted` way, or -1."""
    best, faint = -1, -1
    for k in range(hits):
        own = hit[k]
        if own == unit or not moving[own] or abs(sums[own]) <= SLIGHT:
            continue
        up = (sums[own] > 0) == (wanted > 0)
        if (d[own] >= rise[own] - SLIGHT) if up else (d[own] <= SLIGHT - fall[own]):
            continue
        if abs(sums[own]) < SOUND:
            if faint < 0 or abs(sums[own]) > abs(sums[faint]):
                faint = own
        elif best < 0 or rank[own] < rank[best]:
            best = own
    return best if best >= 0 else faint


@njit(cache=True)
def _carry(columns, solved, place, change, shaken, shaking, unit, by):
    """What a move of a unit that was free at first does to the basic ones, added to `change`."""
    start, index, factor = columns
    for k in range(start[unit], start[unit + 1]):
        own = solved[index[k]]
        if place[own] < 0:
            if change[own] == 0.0:
                shaken[shaking] = own
                shaking += 1
                change[own] = 1e-300  # stands for zero, so that a sum of nothing is not listed twice
            change[own] += factor[k] * by
            if change[own] == 0.0:  # cancelled, yet listed
                change[own] = 1e-300
    return shaking


@njit(cache=True)
def _column(columns, solved, row_of, place, inverse, came, by_came, count, change, shaken, unit):
    """What the move of a free unit does to the basic ones; `by_came`: to those that came, times -1."""
    start, index, factor = columns
    by_came[:count] = 0.0
    shaking = 0
    if row_of[unit] < 0:
        for k in range(start[unit], start[unit + 1]):
            q = place[solved[index[k]]]
            if q >= 0:
                for p in range(count):
                    by_came[p] += inverse[p, q] * factor[k]
        shaking = _carry(columns, solved, place, change, shaken, shaking, unit, 1.0)
    else:
        for p in range(count):
            by_came[p] = -inverse[p, place[unit]]
    for p in range(count):
        if abs(by_came[p]) > SLIGHT:
            shaken[shaking], change[came[p]] = came[p], -by_came[p]
            shaking += 1
            shaking = _carry(columns, solved, place, change, shaken, shaking, came[p], -by_came[p])
    return shaking


@njit(cache=True)
def _apply(change, shaken, shaking, d, weight, length, seen, active, many, moved, moves, by, longer):
    """Move the basic units; their rows are taken to be as long as the exchange makes them at least."""
    for k in range(shaking):
        own, share = shaken[k], change[shaken[k]]
        change[own] = 0.0
        if abs(share) <= SLIGHT:
            continue
        if not seen[own]:
            seen[own], active[many], weight[own] = True, own, length[own]
            many += 1
        if d[own] == 0.0:
            moved[moves] = own
            moves += 1
        d[own] += share * by
        weight[own] = max(weight[own], share * share * longer)
    return many, moves


@njit(cache=True)
def _exchange(place, row_of, left, came, inverse, by_left, by_came, count, leaving, entering, entry):
    """Bring `inverse` up to date. `by_left`, `by_came`: of the leaving row and the entering column."""
    if row_of[leaving] >= 0 and row_of[entering] < 0:  # one more row, one more column
        for p in range(count):
            share = by_came[p] / entry
            if share != 0.0:
                for q in range(count):
                    inverse[p, q] += share * by_left[q]
        for k in range(count):
            inverse[k, count] = -by_came[k] / entry
            inverse[count, k] = -by_left[k] / entry
        inverse[count, count] = 1.0 / entry
        left[count], came[count] = leaving, entering
        place[leaving] = place[entering] = count
        return count + 1
    if row_of[leaving] >= 0:  # the leaving row stands for the entering one
        gone = place[entering]
        for p in range(count):
            share = inverse[p, gone] / by_left[gone]
            if share != 0.0:
                for q in range(count):
                    inverse[p, q] -= share * by_left[q]
            inverse[p, gone] = share
        left[gone], place[leaving], place[entering] = leaving, gone, -1
        return count
    gone = place[leaving]
    if row_of[entering] < 0:  # the entering column stands for the leaving one
        for q in range(count):
            inverse[gone, q] /= by_came[gone]
        for p in range(count):
            if p != gone and by_came[p] != 0.0:
                for q in range(count):
                    inverse[p, q] -= by_came[p] * inverse[gone, q]
        came[gone], place[entering], place[leaving] = entering, gone, -1
        return count
    back, last = place[entering], count - 1  # both go home: one row and one column less
    for p in range(count):
        if p != gone and inverse[p, back] != 0.0:
            share = inverse[p, back] / inverse[gone, back]
            for q in range(count):
                if q != back:
                    inverse[p, q] -= share * inverse[gone, q]
    for k in range(count):
        inverse[gone, k] = inverse[last, k]
    for k in range(count):
        inverse[k, back] = inverse[k, last]
    place[leaving] = place[entering] = -1
    if gone != last:
        came[gone] = came[last]
        place[came[gone]] = gone
    if back != last:
        left[back] = left[last]
        place[left[back]] = back
    return last
