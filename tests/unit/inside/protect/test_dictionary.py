"""The circuit search against a general solver, on random systems."""

import numpy as np
import pytest
import scipy.sparse as sp
from scipy.optimize import linprog

from lagesbild.inside.protect.search.dictionary import circuit, scratch, solved_for
from lagesbild.inside.protect.search.pivots import FOUND, IMPOSSIBLE


def a_system(seed: int) -> tuple[sp.csr_array, np.ndarray, np.ndarray, np.ndarray]:
    """Equations (rows, units), the units that move (not a fifth, which is published), room down and up."""
    chance = np.random.default_rng(seed)
    units = int(chance.integers(8, 40))
    signs = chance.integers(-1, 2, (units // 2, units)) * (chance.random((units // 2, units)) < 0.4)
    moving = chance.random(units) > 0.2
    fall = chance.integers(0, 9, units).astype(float)
    rise = np.where(chance.random(units) < 0.3, np.inf, chance.integers(0, 9, units))
    return sp.csr_array(signs), moving, fall, rise


@pytest.mark.parametrize("seed", range(120))
def test_a_circuit_is_found_where_a_general_solver_finds_one_and_else_refuted(seed: int) -> None:
    equations, moving, fall, rise = a_system(seed)
    units = len(fall)
    free_fall, free_rise = np.where(moving, fall, 0.0), np.where(moving, rise, 0.0)
    dictionary = solved_for(equations, np.zeros(units), np.ones(units, dtype=bool), scratch(units))
    low, high = -free_fall, np.where(np.isinf(free_rise), 1e6, free_rise)
    low[0] = high[0] = 2.0
    told = linprog(
        np.zeros(units),
        A_eq=equations.toarray(),
        b_eq=np.zeros(equations.shape[0]),
        bounds=np.column_stack([low, high]),
    )
    state, moved, by, _ = circuit(dictionary, moving, fall, rise, 0, 2.0)
    d = np.zeros(units)
    d[moved] = by
    if told.status == 0:
        assert state == FOUND
        assert np.abs(equations @ d).max(initial=0.0) < 1e-6
        assert d[0] == pytest.approx(2.0)
        assert (d[1:] >= -free_fall[1:] - 1e-6).all()
        assert (d[1:] <= free_rise[1:] + 1e-6).all()
    else:
        assert state == IMPOSSIBLE
        _refutes(equations, free_fall, free_rise, d)


def _refutes(equations: sp.csr_array, fall: np.ndarray, rise: np.ndarray, multipliers: np.ndarray) -> None:
    """The multipliers follow from the equations, and the other units cannot carry the first by 2."""
    by_rows = equations.toarray().T
    shares = np.linalg.lstsq(by_rows, multipliers, rcond=None)[0]
    assert np.abs(by_rows @ shares - multipliers).max() < 1e-6
    gain = -multipliers[1:] / multipliers[0]
    room = np.where(gain > 0, rise[1:], fall[1:])
    used = np.abs(gain) > 1e-6
    assert np.abs(gain[used]) @ room[used] < 2.0


def test_scratch_is_at_rest_after_every_search() -> None:
    equations, moving, fall, rise = a_system(3)
    own = scratch(len(fall))
    dictionary = solved_for(equations, np.zeros(len(fall)), np.ones(len(fall), dtype=bool), own)
    first = circuit(dictionary, moving, fall, rise, 1, 1.0)
    circuit(dictionary, moving, fall, rise, 2, -1.0)
    again = circuit(dictionary, moving, fall, rise, 1, 1.0)
    assert first[0] == again[0]
    assert np.array_equal(first[1], again[1])
    assert np.array_equal(first[2], again[2])
    assert first[3] == again[3]
