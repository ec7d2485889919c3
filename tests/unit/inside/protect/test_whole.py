"""The compiled steps around a circuit against what they say, written plainly."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from lagesbild.inside.protect.search.whole import backwards, barred, rounded

steps = st.lists(st.integers(-6, 6).filter(bool), min_size=1, max_size=6)


def arrays(by):
    return np.arange(len(by)) * 2, np.array(by, dtype=np.int64)


@settings(deadline=None)
@given(steps)
def test_a_whole_circuit_loses_only_those_who_stand_still(by):
    units, whole = arrays([*by, 0])
    worst, moved, kept = rounded(units, whole + 1e-9, 0)
    assert worst < 0
    assert moved.tolist() == units[:-1].tolist()
    assert kept.tolist() == by


@settings(deadline=None)
@given(steps, st.data())
def test_the_worst_fraction_is_named_but_never_the_unit_that_is_asked_for(by, data):
    units, whole = arrays([*by, 3])
    place = data.draw(st.integers(1, len(by)))
    fractions = whole + 0.0
    fractions[place] += 0.5
    fractions[0] += 0.5
    worst, _, _ = rounded(units, fractions, 0)
    assert worst == place


@settings(deadline=None)
@given(steps, st.integers(1, 9), st.integers(0, 40), st.integers(0, 40))
def test_a_circuit_runs_backwards_as_often_as_is_asked_and_there_is_room(by, low, fall, rise):
    units, whole = arrays(by)
    room = np.full(2 * len(by), float(fall)), np.full(2 * len(by), float(rise))
    possible, back = backwards(units, whole, 0, low, *room)
    step = whole // np.gcd.reduce(np.abs(whole))
    expected = -step * -(-low // abs(step[0]))
    assert possible == bool((expected <= rise).all() and (-expected <= fall).all())
    if possible:
        assert back.tolist() == expected.tolist()
        assert abs(back[0]) >= low


@settings(deadline=None)
@given(
    st.lists(st.floats(-3, 3).filter(lambda x: abs(x) > 0.01), min_size=2, max_size=6),
    st.sampled_from([1.0, -1.0]),
)
def test_an_equation_bars_the_unit_from_more_than_the_others_can_carry(multipliers, direction):
    units, _ = arrays([1] * len(multipliers))
    fall, rise = np.arange(2.0 * len(units)) + 1, np.arange(2.0 * len(units)) + 2
    others, carry = barred(units, np.array(multipliers), 0, direction, fall, rise)
    gains = [-direction * each / multipliers[0] for each in multipliers[1:]]
    assert others.tolist() == units[1:].tolist()
    expected = [abs(g) * (rise if g > 0 else fall)[u] for g, u in zip(gains, units[1:], strict=True)]
    assert np.allclose(carry, expected)
