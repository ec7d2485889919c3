"""Limits of one count and one share."""

import numpy as np
import pytest
from scipy import stats

from lagesbild.analysis.estimation.limits import by_name, byar, exact_poisson, poisson, wilson


@pytest.mark.parametrize("count", [0, 1, 4, 9, 30])
@pytest.mark.parametrize("level", [0.8, 0.95, 0.998])
def test_exact_limits_leave_half_the_rest_in_each_tail(count, level):
    lower, upper = exact_poisson(count, level)
    tail = (1 - level) / 2
    assert stats.poisson.cdf(count, upper) == pytest.approx(tail)
    assert count == 0 or stats.poisson.sf(count - 1, lower) == pytest.approx(tail)


def test_auto_is_exact_below_ten_events_and_byar_from_ten():
    assert poisson([9], 0.95)[1] == exact_poisson([9], 0.95)[1]
    assert poisson([10], 0.95)[1] == byar([10], 0.95)[1]


def test_byars_lower_limit_never_turns_negative():
    lower, _ = byar([0.0, 1.0, 2.0, 3.0], 0.998)
    assert (lower >= 0).all()
    assert lower[1] == 0


def test_wilson_touches_the_ends_exactly_and_knows_no_share_above_one():
    assert wilson(0, 7, 0.95)[0] == 0
    assert wilson(7, 7, 0.95)[1] == 1
    assert np.isnan(wilson(8, 7, 0.95)[0])


def test_each_element_may_ask_for_limits_of_its_own():
    lower, _ = by_name(np.array(["byar", "exact"]), np.array([20.0, 20.0]), np.array([1.0, 1.0]), 0.95)
    assert lower[0] == byar(20, 0.95)[0]
    assert lower[1] == exact_poisson(20, 0.95)[0]
