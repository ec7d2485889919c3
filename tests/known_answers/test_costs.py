"""Cost against closed forms: Fieller's limits of a ratio, and the acceptability curve of normal draws.

Fieller (1954, J R Stat Soc B 16:175) as used for cost-effectiveness by Willan and O'Brien (1996, Health
Economics 5:297); the curve is Phi((v effect - cost) / sd) at each value v (van Hout et al. 1994, 3:309).
"""

import numpy as np
import pytest
from scipy.stats import norm, qmc

from lagesbild.analysis.catalogue import METHODS
from lagesbild.analysis.table.tidy import Tidy

COST, EFFECT, SD_COST, SD_EFFECT, CORRELATION = 1000.0, 4.0, 150.0, 0.8, 0.3


def draws():
    """Spread evenly over the plane, so that what is found differs from the formula by little."""
    even = norm.ppf(np.clip(qmc.Sobol(2, seed=1).random_base2(13), 1e-6, 1 - 1e-6))
    apart = CORRELATION * even[:, 0] + np.sqrt(1 - CORRELATION**2) * even[:, 1]
    return Tidy.of(cost=COST + SD_COST * even[:, 0], effect=EFFECT + SD_EFFECT * apart)


def fieller(z):
    """The values r at which cost - r effect is z standard deviations from zero."""
    a = EFFECT**2 - (z * SD_EFFECT) ** 2
    b = COST * EFFECT - z**2 * CORRELATION * SD_COST * SD_EFFECT
    c = COST**2 - (z * SD_COST) ** 2
    half = np.sqrt(b**2 - a * c)
    return (b - half) / a, (b + half) / a


def test_limits_of_the_cost_per_effect_are_those_of_fieller():
    (row,) = METHODS["cost"].answer(draws()).rows
    lower, upper = fieller(norm.ppf(0.975))
    assert row["cost_per_effect"] == pytest.approx(COST / EFFECT, rel=1e-3)
    assert row["cost_per_effect_lower"] == pytest.approx(lower, rel=0.01)
    assert row["cost_per_effect_upper"] == pytest.approx(upper, rel=0.01)


@pytest.mark.parametrize("value", [150.0, 250.0, 300.0, 400.0])
def test_the_acceptability_curve_of_normal_draws(value):
    (row,) = METHODS["cost"].answer(draws(), value=(value,)).rows
    spread = value**2 * SD_EFFECT**2 + SD_COST**2 - 2 * value * CORRELATION * SD_COST * SD_EFFECT
    curve = norm.cdf((value * EFFECT - COST) / np.sqrt(spread))
    assert row["at_value"][0]["probability_worth_it"] == pytest.approx(curve, abs=0.003)
