"""Attack 13: nothing computed may give a hidden count back; what nobody can undo is not published."""

from dataclasses import replace

import numpy as np
import pytest

from lagesbild.analysis.catalogue import METHODS
from lagesbild.analysis.inversion import Shown, by_enumeration, inverter_of, require_safe
from lagesbild.analysis.rate import RATE, rates
from lagesbild.analysis.table.tidy import Tidy
from lagesbild.core.refusal import Unsafe

CANDIDATES = range(0, 15)


def series(hidden_row=None):
    counts = [12.0, 3, 18, 25, 34, 47, 9, 14, 11, 8, 10, 13]
    status = ["" for _ in counts]
    table = {
        "area": ["Ekby"] * 6 + ["Norrvik"] * 6,
        "age_group": ["a", "b", "c", "d", "e", "f"] * 2,
        "period": [2018, 2019, 2020, 2021, 2022, 2023] * 2,
        "denominator": [1000.0] * 12,
        "population": [1000.0] * 12,
        "standard": [100.0] * 12,
        "reference_count": [20.0] * 12,
        "reference_population": [1000.0] * 12,
        "lower": [np.nan] * 12,
        "upper": [np.nan] * 12,
    }
    if hidden_row is not None:
        counts[hidden_row], status[hidden_row] = np.nan, "hidden"
        table["lower"][hidden_row], table["upper"][hidden_row] = 0, 14
    return Tidy.of(count=counts, value=counts, expected=[10.0] * 12, status=status, **table)


@pytest.mark.parametrize("name", METHODS)
def test_every_method_has_an_inverter(name):
    assert inverter_of(METHODS[name])


def test_a_method_without_an_inverter_cannot_be_published():
    nameless = replace(RATE, inverter=None)
    released = series(1)
    with pytest.raises(Unsafe):
        require_safe(nameless, Shown(nameless.answer(released), 1), released, {1: 3}, CANDIDATES)


@pytest.mark.parametrize("name", ["rate", "proportion", "dsr", "isr", "trend", "funnel", "spc"])
def test_what_is_computed_from_the_release_leaves_every_count_possible(name):
    method, released = METHODS[name], series(1)
    column = "value" if name == "spc" else "count"
    shown = Shown(method.answer(released), 6)
    require_safe(method, shown, released, {1: 3}, CANDIDATES, column=column)


@pytest.mark.parametrize("name", ["rate", "proportion", "dsr", "isr", "trend", "funnel", "spc"])
def test_the_same_made_from_the_hidden_count_goes_red(name):
    """The planted leak: the method ran on the true table, and its results were published with the release."""
    method, released, truth = METHODS[name], series(1), series()
    column = "value" if name == "spc" else "count"
    leaked = Shown(method.answer(truth), 3)
    with pytest.raises(Unsafe):
        require_safe(method, leaked, released, {1: 3}, CANDIDATES, column=column)
    found = by_enumeration(method, leaked, released, 1, CANDIDATES, column)
    assert found == (3,)


def test_the_strongest_outsider_knows_every_other_hidden_cell():
    released, truth = series(1), series()
    released = Tidy(
        {**released.columns, "count": np.where(np.arange(12) == 6, np.nan, released.numbers("count"))}
    )
    released.columns["status"][6] = "hidden"
    leaked = Shown(METHODS["isr"].answer(truth), 3)
    with pytest.raises(Unsafe):
        require_safe(METHODS["isr"], leaked, released, {1: 3, 6: 9}, CANDIDATES)


def test_coarse_printing_may_leave_enough_counts():
    released = series(1)
    coarse = Shown(RATE.answer(series(), multiplier=1.0, level=(0.95,)), 1)
    left = by_enumeration(RATE, coarse, released, 1, CANDIDATES, multiplier=1.0, level=(0.95,))
    assert len(left) >= 5


def test_a_poisson_interval_with_one_decimal_gives_back_nearly_every_small_count():
    """Why the rule exists: the attack of the catalogue, on populations of Swedish size."""
    source = np.random.default_rng(1)
    population = np.exp(source.normal(9.7, 0.9, 290)).round()
    truth = source.poisson(2e-4 * population)
    shown = rates(truth, population, 10000.0, (0.95,))
    tried = np.arange(60)[:, None] * np.ones(290)
    again = rates(tried, population, 10000.0, (0.95,))
    same = (again.lower[0].round(1) == shown.lower[0].round(1)) & (
        again.upper[0].round(1) == shown.upper[0].round(1)
    )
    assert ((same.sum(0) == 1) & same[truth, np.arange(290)]).mean() > 0.9
