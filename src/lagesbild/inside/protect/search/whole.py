"""Small compiled steps around a circuit: is it whole, can it run backwards, what does an equation bar."""

import numpy as np

from ..machine_code import njit

WHOLE = 1e-6
"""Nearer than this to a whole number is whole."""


@njit(cache=True)
def rounded(units, by, unit):
    """The circuit in whole numbers, without those who stand still: (units, by). Where it is not whole, the
    place of the worst fraction, `unit` apart, stands first, else -1."""
    worst, most, apart, used = -1, -1.0, 0.0, 0
    whole = np.empty(len(by), np.int64)
    for k in range(len(by)):
        whole[k] = round(by[k])
        used += whole[k] != 0
        fraction = abs(by[k] - whole[k])
        apart = max(apart, fraction)
        if units[k] != unit and fraction > most:
            worst, most = k, fraction
    if apart >= WHOLE:
        return worst, units, whole
    moved, kept = np.empty(used, np.int64), np.empty(used, np.int64)
    used = 0
    for k in range(len(by)):
        if whole[k] != 0:
            moved[used], kept[used] = units[k], whole[k]
            used += 1
    return -1, moved, kept


@njit(cache=True)
def backwards(units, by, unit, low, fall, rise):
    """The same circuit the other way, as few times as bring `unit` to `low` or further, and whether everyone
    has room for that."""
    step = 0
    for k in range(len(by)):
        step = np.gcd(step, abs(by[k]))
    own = 0
    for k in range(len(by)):
        if units[k] == unit:
            own = abs(by[k]) // step
    times = -(-low // own)
    back = np.empty(len(by), np.int64)
    for k in range(len(by)):
        back[k] = -by[k] // step * times
        if abs(back[k]) > (rise[units[k]] if back[k] > 0 else fall[units[k]]):
            return False, back
    return True, back


@njit(cache=True)
def barred(units, multipliers, unit, direction, fall, rise):
    """An implied equation read as a bound: the others' units, and how much of the unit's move each carries at
    most."""
    scale = 0.0
    for k in range(len(units)):
        if units[k] == unit:
            scale = -direction / multipliers[k]
    others, carry, used = np.empty(len(units), np.int64), np.empty(len(units)), 0
    for k in range(len(units)):
        gain = multipliers[k] * scale
        if units[k] == unit or abs(gain) <= WHOLE:
            continue
        others[used] = units[k]
        carry[used] = abs(gain) * (rise[units[k]] if gain > 0 else fall[units[k]])
        used += 1
    return others[:used].copy(), carry[:used].copy()
