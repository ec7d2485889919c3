"""Smoothing over map and years: against a dense twin, over islands, and with hidden cells."""

import numpy as np
import pytest
from scipy import stats
from scipy.optimize import minimize

from lagesbild.analysis.estimation.bounded_counts import PoissonCells
from lagesbild.analysis.smooth.adjacency import borders, components, map_covariance
from lagesbild.analysis.smooth.bym2 import _Model, bym2
from lagesbild.analysis.smooth.fay_herriot import fay_herriot
from lagesbild.analysis.smooth.moran import moran
from lagesbild.analysis.table.tidy import CountsKnown, Tidy
from lagesbild.core.refusal import BadUsage
from reference import slow_statistics as slow

NAMES = ["a", "b", "c", "d", "e", "f"]
PAIRS = Tidy.of(one=["a", "b", "c", "d", "a"], other=["b", "c", "d", "e", "c"])
TOUCHING = borders(NAMES, PAIRS)
COUNTS = np.array([4.0, 9, 2, 14, 6, 1])
EXPECTED = np.array([5.0, 6, 4, 8, 7, 3])


def test_the_map_has_its_parts_and_each_part_typical_variance_one():
    covariance = map_covariance(TOUCHING)
    assert [len(part) for part in components(TOUCHING)] == [5, 1]
    assert np.exp(np.log(np.diag(covariance)[:5]).mean()) == pytest.approx(1)
    assert covariance[5, 5] == 1
    assert np.abs(covariance[:5, :5].sum(0)).max() < 1e-9


def test_pairs_that_name_no_area_are_refused():
    with pytest.raises(BadUsage):
        borders(["x", "y"], PAIRS)


def test_the_mode_is_that_of_the_joint_density_written_out():
    covariance = map_covariance(TOUCHING)
    model = _Model.of(CountsKnown.released(COUNTS[:, None]), EXPECTED[:, None], covariance)
    sds, rho = (0.5, 0.3), 0.6
    at = np.array([np.log(sds[0]), np.log(rho / (1 - rho)), np.log(sds[1])])
    found = model._at(at)[1]

    def minus(flat):
        return -slow.bym2_log_posterior(flat[:7], flat[7:], sds, rho, COUNTS, EXPECTED, covariance)

    plain = minimize(minus, np.zeros(13), method="BFGS", options={"gtol": 1e-7}).x
    assert found.log_rate[:, 0] == pytest.approx(plain[0] + plain[1:7] + plain[7:], abs=1e-4)


def test_the_spread_is_that_of_the_inverse_hessian():
    covariance = map_covariance(TOUCHING)
    model = _Model.of(CountsKnown.released(COUNTS[:, None]), EXPECTED[:, None], covariance)
    at = np.array([np.log(0.5), 0.4, np.log(0.3)])
    found = model._at(at)[1]
    rho, rate = 1 / (1 + np.exp(-0.4)), np.exp(found.log_rate[:, 0]) * EXPECTED
    prior = np.zeros((13, 13))
    prior[0, 0] = 1e-6
    prior[1:7, 1:7] = np.linalg.inv(0.25 * (rho * covariance + (1 - rho) * np.eye(6)))
    prior[7:, 7:] = np.eye(6) / 0.09
    to_rate = np.hstack([np.ones((6, 1)), np.eye(6), np.eye(6)])
    posterior = np.linalg.inv(prior + to_rate.T @ np.diag(rate) @ to_rate)
    plain = np.diag(to_rate @ posterior @ to_rate.T)
    assert found.variance(model._spread_variance(found))[:, 0] == pytest.approx(plain, rel=1e-5)


def test_few_events_are_drawn_further_than_many():
    counts, expected = (
        np.array([[2.0], [200], [5], [5], [6], [5]]),
        np.array([[1.0], [100], [5], [5], [5], [5]]),
    )
    found = bym2(CountsKnown.released(counts), expected, map_covariance(TOUCHING))
    assert found.smoothed[0, 0] < found.smoothed[1, 0]
    assert found.shrinkage[0, 0] > found.shrinkage[1, 0]


def test_hidden_cells_widen_and_missing_ones_more():
    source = np.random.default_rng(2)
    counts = source.poisson(4.0, (6, 4)).astype(float)
    expected = np.full((6, 4), 4.0)
    counts[0, 0] = 3
    hidden = np.zeros((6, 4), dtype=bool)
    hidden[0, 0] = True
    blank = np.where(hidden, np.nan, counts)
    covariance = map_covariance(TOUCHING)
    exact = bym2(CountsKnown.released(counts), expected, covariance)
    bounded = bym2(
        CountsKnown(blank, np.where(hidden, 1, counts), np.where(hidden, 4, counts), hidden),
        expected,
        covariance,
    )
    missing = bym2(CountsKnown.released(blank), expected, covariance)
    assert bounded.sd[0, 0] < missing.sd[0, 0]
    assert bounded.smoothed[0, 0] == pytest.approx(exact.smoothed[0, 0], rel=0.2)


def test_a_bounded_count_has_the_probability_of_its_bounds():
    known = CountsKnown(*(np.array([v], float) for v in (np.nan, 1, 4)), np.array([True]))
    value, slope, curve = PoissonCells.of(known).evaluated(np.array([np.log(2.5)]))
    inside = stats.poisson.cdf(4, 2.5) - stats.poisson.cdf(0, 2.5)
    assert value == pytest.approx(np.log(inside))
    step = 1e-5
    near = [PoissonCells.of(known).evaluated(np.array([np.log(2.5) + d]))[0] for d in (-step, 0, step)]
    assert slope[0] == pytest.approx((near[2] - near[0]) / (2 * step), rel=1e-5)
    assert curve[0] == pytest.approx(-(near[2] - 2 * near[1] + near[0]) / step**2, rel=1e-2)


def test_neighbours_that_resemble_each_other_have_a_high_moran():
    line = borders(NAMES, Tidy.of(a=NAMES[:5], b=NAMES[1:]))
    assert moran(np.arange(6.0), line).i > 0.5
    assert moran(np.array([0.0, 9, 0, 9, 0, 9]), line).i < -0.5


def test_fay_herriot_variance_is_where_the_restricted_likelihood_is_highest():
    source = np.random.default_rng(7)
    psi, x = source.uniform(0.5, 2, 30), np.column_stack([np.ones(30), source.normal(size=30)])
    y = x @ [1.0, 2.0] + source.normal(0, 1, 30) + source.normal(0, np.sqrt(psi))

    def restricted(variance):
        total = variance + psi
        cross = (x / total[:, None]).T @ x
        beta = np.linalg.solve(cross, (x / total[:, None]).T @ y)
        return -0.5 * (
            np.log(total).sum() + np.log(np.linalg.det(cross)) + ((y - x @ beta) ** 2 / total).sum()
        )

    grid = np.linspace(0.001, 6, 6000)
    fit = fay_herriot(y, psi, x)
    assert fit.variance == pytest.approx(grid[np.argmax([restricted(v) for v in grid])], abs=2e-3)
    assert (fit.mse < psi).all()
    assert fay_herriot(x @ [1.0, 2.0], psi, x).variance == 0
