"""Attacks 12 and 13: numbers computed from counts, turned back into them."""

import numpy as np
import pytest

from lagesbild.analysis import catalogue
from lagesbild.analysis.inversion import Shown, inverter_of, require_safe
from lagesbild.analysis.method import Method
from lagesbild.analysis.table.tidy import Tidy
from lagesbild.core.refusal import Unsafe

PEOPLE = np.array([1250.0, 8400.0, 31000.0])
TRUE = np.array([3.0, 41.0, 77.0])
CANDIDATES = range(1, 40)


def table(first: float) -> Tidy:
    return Tidy({"count": np.array([first, 41.0, 77.0]), "denominator": PEOPLE})


def rate() -> Method:
    return catalogue.METHODS["rate"]


def test_12_a_rate_times_the_population():
    """Planted: the rate of the hidden cell is published with one decimal; the population is public."""
    method = rate()
    shown = Shown(method.answer(table(3.0)), decimals=1)
    with pytest.raises(Unsafe):
        require_safe(method, shown, table(np.nan), {0: 3}, CANDIDATES)


def test_12_a_rate_of_what_is_released():
    method = rate()
    shown = Shown(method.answer(table(np.nan)), decimals=1)
    require_safe(method, shown, table(np.nan), {0: 3}, CANDIDATES)


@pytest.mark.parametrize("name", sorted(catalogue.METHODS))
def test_13_nothing_is_computed_that_nobody_has_tried_to_undo(name: str):
    assert callable(inverter_of(catalogue.METHODS[name]))
