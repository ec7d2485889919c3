"""The circuit search against a general solver, on random systems."""

import numpy as np
import pytest
import scipy.sparse as sp
from scipy.optimize import linprog

from lagesbild.inside.protect.dictionary import circuit, scratch, solved_for
from lagesbild.inside.protect.pivots import FOUND, IMPOSSIBLE


def a_system(seed: int) -> tuple[sp.csr_array, np.ndarray, np.ndarray, np.ndarray]:
    """Equations (rows, units), prices with a fifth of the units published, and room down and up."""
    chance = np.random.default_rng(seed)
    units = int(chance.integers(8, 40))
    signs = chance.integers(-1, 2, (units // 2, units)) * (chance.random((units // 2, units)) < 0.4)
    price = np.where(chance.random(units) < 0.2, np.inf, chance.uniform(0.1, 9.0, units))
    fall = chance.integers(0, 9, units).astype(float)
    rise = np.where(chance.random(units) < 0.3, np.inf, chance.integers(0, 9, units))
    return sp.csr_array(signs), price, fall, rise


@pytest.mark.parametrize("seed", range(60))
def test_the_cheapest_circuit_costs_what_a_general_solver_says(seed: int) -> None:
    equations, price, fall, rise = a_system(seed)
    units = len(price)
    price[0] = 1.0
    dictionary = solved_for(equations, np.zeros(units), np.ones(units, dtype=bool), scratch(units))
    still = np.isinf(price)
    cost = np.tile(np.where(still, 0.0, price), 2)
    most = np.concatenate([np.where(still, 0.0, rise), np.where(still, 0.0, fall)])
    target = np.zeros((1, 2 * units))
    target[0, 0], target[0, units] = 1.0, -1.0
    most[0] = most[units] = 2.0
    told = linprog(
        cost,
        A_eq=np.vstack([np.hstack([equations.toarray(), -equations.toarray()]), target]),
        b_eq=np.append(np.zeros(equations.shape[0]), 2.0),
        bounds=[(0.0, None if np.isinf(end) else end) for end in most],
    )
    state, moved, by = circuit(dictionary, price, fall, rise, 0, 2.0)
    if told.status == 0:
        assert state == FOUND
        assert np.abs(by) @ price[moved] == pytest.approx(told.fun, rel=1e-3)
        d = np.zeros(units)
        d[moved] = by
        assert np.abs(equations @ d).max(initial=0.0) < 1e-6
        assert d[0] == pytest.approx(2.0)
    else:
        assert state == IMPOSSIBLE


def test_scratch_is_at_rest_after_every_search() -> None:
    equations, price, fall, rise = a_system(3)
    own = scratch(len(price))
    dictionary = solved_for(equations, np.zeros(len(price)), np.ones(len(price), dtype=bool), own)
    first = circuit(dictionary, price, fall, rise, 1, 1.0)
    circuit(dictionary, price, fall, rise, 2, -1.0)
    again = circuit(dictionary, price, fall, rise, 1, 1.0)
    assert first[0] == again[0]
    assert np.array_equal(first[1], again[1])
    assert np.array_equal(first[2], again[2])
