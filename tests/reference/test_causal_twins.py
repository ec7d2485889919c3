"""The fast estimators against slow, plain ones that follow the definition word by word."""

from itertools import combinations

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.stats import multivariate_normal, poisson

from lagesbild.analysis.chao.closed import abundances
from lagesbild.analysis.chao.profile import interval
from lagesbild.analysis.did import aggregate, group_time, two_period
from lagesbild.analysis.did.panel import Panel
from lagesbild.analysis.effort.model import fit as unit_poisson
from lagesbild.analysis.estimation.bounded_counts import BoundedCounts, bounded_poisson
from lagesbild.analysis.estimation.regression import NotFitted, newey_west
from lagesbild.analysis.estimation.regression import poisson as poisson_fit
from lagesbild.analysis.its.arima import Orders, autocovariance, profiled
from lagesbild.analysis.mse import bca, criterion, independent
from lagesbild.analysis.mse.existence import Existence, interior
from lagesbild.analysis.mse.families import Study
from lagesbild.analysis.mse.histories import Histories, every_history
from lagesbild.analysis.mse.stepwise import Selection
from lagesbild.analysis.synth import simplex


def lists_drawn(source, lists=4, people=120):
    member = every_history(lists)
    weight = np.exp(member @ source.normal(-1.2, 0.4, lists) + source.normal(0, 0.3, len(member)))
    counts = source.multinomial(people, weight / weight.sum()).astype(float)
    return Histories(tuple("ABCDEF"[:lists]), member, counts)


def test_independent_lists_have_the_profile_of_the_closed_population_that_differs_by_time():
    """The closed form against the model Mt fitted anew for every size."""
    table = lists_drawn(np.random.default_rng(8), people=300)
    model = next(one for one in abundances(table.member, table.counts) if one.model.name == "Mt")
    plain = interval(model, 0.9)
    assert independent.limits(table, np.array([0.05, 0.95])) == pytest.approx([plain.lower, plain.upper])


def test_lists_that_share_nobody_put_no_ceiling():
    member = every_history(3)
    counts = np.where(member.sum(axis=1) == 1, 20.0, 0.0)
    ends = independent.limits(Histories(("A", "B", "C"), member, counts), np.array([0.025, 0.975]))
    assert 60 < ends[0] < ends[1] == np.inf


def plain_stepwise(table, threshold):
    """One table, one fit at a time: the hidden number and the pairs in order of entry."""
    chosen = []
    while True:
        fit, kept = plain_fit(table, chosen)
        candidates = []
        for pair in range(len(table.pairs)):
            i, j = table.pairs[pair]
            both = table.member[:, i] & table.member[:, j]
            seen, expected = table.counts[both].sum(), fit.fitted[both[kept]].sum()
            p = min(poisson.cdf(seen, expected), poisson.sf(seen - 1, expected))
            if pair not in chosen and p < threshold and plain_exists(table, [*chosen, pair]):
                candidates.append((p, pair))
        if not candidates:
            return float(np.exp(fit.coefficients[0])), chosen
        chosen.append(min(candidates)[1])


def plain_design(table, chosen):
    columns = [np.ones(len(table.member)), *table.member.T.astype(float)]
    kept = np.ones(len(table.member), dtype=bool)
    for pair in chosen:
        i, j = table.pairs[pair]
        both = table.member[:, i] & table.member[:, j]
        if table.counts[both].sum() == 0:
            kept &= ~both
        else:
            columns.append(both.astype(float))
    return np.column_stack(columns), kept


def plain_fit(table, chosen):
    design, kept = plain_design(table, chosen)
    return poisson_fit(design[kept], table.counts[kept]), kept


def plain_exists(table, chosen):
    design, kept = plain_design(table, chosen)
    if np.linalg.matrix_rank(design[kept]) < design.shape[1]:
        return False
    return interior(design[kept], table.counts[kept] > 0) > 1e-7


@pytest.mark.parametrize("seed", range(12))
def test_a_thousand_selections_at_once_are_those_of_one_at_a_time(seed):
    source = np.random.default_rng(seed)
    table = lists_drawn(source)
    tables = bca.resample(table, 6, seed)
    path = Selection(table, 0.05).run(tables)
    for row, counts in enumerate(tables):
        one = Histories(table.lists, table.member, counts)
        if not plain_exists(one, []):
            assert np.isinf(path.fits.hidden[row])
            continue
        hidden, chosen = plain_stepwise(one, 0.05)
        order = path.order[row]
        assert [int(pair) for pair in np.argsort(order) if order[pair] >= 0] == chosen
        assert path.fits.hidden[row] == pytest.approx(hidden, rel=1e-7)


def test_a_settled_fit_and_the_linear_program_agree_on_existence():
    source = np.random.default_rng(3)
    found = set()
    for _ in range(60):
        table = lists_drawn(source, people=25)
        study = Study(table, 0.02, 1.0)
        for size in (1, 2, 3):
            for chosen in list(combinations(range(6), size))[::4]:
                pairs = np.isin(np.arange(6), chosen)
                value = criterion.bic(table, study.selection, pairs[None])[0]
                assert np.isfinite(value) == plain_exists(table, list(chosen))
                found.add(bool(np.isfinite(value)))
    assert found == {True, False}


def test_existence_without_overlap_is_refused():
    """Three lists that share nobody: the hidden number runs off to infinity."""
    member = every_history(3)
    counts = np.where(member.sum(axis=1) == 1, 10.0, 0.0)
    design = Histories(("A", "B", "C"), member, counts).design[:, :4]
    assert interior(design, counts > 0) <= 1e-7
    existence = Existence(design)
    everything = np.ones(7, dtype=bool)
    assert not existence.finite(counts > 0, np.ones(4, dtype=bool), everything)


@pytest.mark.parametrize("seed", range(8))
def test_simplex_weights_are_those_of_a_general_solver(seed):
    source = np.random.default_rng(seed)
    donors, target = source.normal(size=(7, 12)), source.normal(size=7)
    ridge = [0.0, 0.5][seed % 2]

    def loss(weights):
        return ((donors @ weights - target) ** 2).sum() + ridge * (weights**2).sum()

    found = simplex.weights(donors, target, ridge)
    rule = {"type": "eq", "fun": lambda weights: weights.sum() - 1}
    start = np.full(12, 1 / 12)
    other = minimize(
        loss, start, bounds=[(0, 1)] * 12, constraints=rule, options={"ftol": 1e-12, "maxiter": 500}
    )
    assert loss(found) <= other.fun + 1e-7
    assert found.min() >= 0
    assert found.sum() == pytest.approx(1)


def test_the_arma_likelihood_is_that_of_a_multivariate_normal():
    orders = Orders(ar=1, ma=1, seasonal_ar=1, season=4)
    arma = np.array([0.5, 0.3, 0.4])
    source = np.random.default_rng(1)
    values, design = source.normal(size=20), np.column_stack([np.ones(20), np.arange(20.0)])
    line, variance, likelihood = profiled(values, design, orders, arma)
    gamma = autocovariance(orders, arma, 20)
    covariance = variance * np.array([[gamma[abs(i - j)] for j in range(20)] for i in range(20)])
    assert likelihood == pytest.approx(multivariate_normal(design @ line, covariance).logpdf(values))


def test_autocovariances_are_those_of_a_long_moving_average():
    """Autocovariances from the psi weights of the same process, summed far out."""
    orders = Orders(ar=2, ma=1, seasonal_ma=1, season=4)
    arma = np.array([0.6, -0.2, 0.3, 0.5])
    ar, ma = np.array([0.6, -0.2]), np.convolve([1, 0.3], [1, 0, 0, 0, 0.5])
    psi = np.zeros(400)
    for k in range(400):
        psi[k] = (ma[k] if k < len(ma) else 0) + sum(ar[j] * psi[k - 1 - j] for j in range(2) if k > j)
    plain = [psi[: 400 - lag] @ psi[lag:] for lag in range(12)]
    assert autocovariance(orders, arma, 12) == pytest.approx(plain)


def test_group_time_effects_are_differences_of_mean_differences():
    source = np.random.default_rng(5)
    first = np.array([np.inf] * 6 + [3.0] * 4 + [4.0] * 3)
    outcome = source.normal(size=(13, 6))
    panel = Panel.plain(outcome, np.arange(1.0, 7.0), first)
    found = group_time.cells(panel, group_time.Setting(two_period.doubly_robust, "notyet"))
    for cell in found:
        now = int(cell.period) - 1
        base = int(cell.group) - 2 if cell.post else now - 1
        treated = first == cell.group
        later = (first > max(now, base) + 1) & ~treated
        change = outcome[:, now] - outcome[:, base]
        assert cell.att == pytest.approx(change[treated].mean() - change[later].mean())
    post = [cell for cell in found if cell.post]
    plain = np.average([cell.att for cell in post], weights=[(first == cell.group).sum() for cell in post])
    assert aggregate.simple(panel, found)[0].att == pytest.approx(plain)


@pytest.mark.parametrize("name", ["dr", "reg", "ipw"])
def test_influence_is_what_leaving_a_unit_out_does(name):
    """The jackknife twin of the influence function: equal to the first order in 1 / n."""
    source = np.random.default_rng(8)
    size = 400
    beside = source.normal(size=size)
    treated = source.random(size) < 1 / (1 + np.exp(-0.5 * beside))
    change = 0.5 * beside + treated + source.normal(size=size)
    design = np.column_stack([np.ones(size), beside])
    weights = source.uniform(0.5, 2.0, size)
    estimator = two_period.ESTIMATORS[name]
    whole = estimator(change, treated, design, weights)
    rest = [np.arange(size) != unit for unit in range(0, size, 8)]
    left_out = [estimator(*(each[keep] for each in (change, treated, design, weights))).att for keep in rest]
    apart = (size - 1) * (whole.att - np.array(left_out))
    assert np.corrcoef(apart, whole.influence[::8])[0, 1] > 0.99
    assert whole.influence.mean() == pytest.approx(0, abs=1e-10)


def test_a_level_for_each_unit_is_an_indicator_for_each_unit():
    source = np.random.default_rng(2)
    unit = np.repeat(np.arange(8), 6)
    slope = source.normal(size=48)
    counts = source.poisson(np.exp(1 + 0.3 * slope + source.normal(0, 0.5, 8)[unit])).astype(float)
    zero = np.zeros(48)
    fast = unit_poisson(slope[:, None], BoundedCounts.exact(counts), zero, unit, unit)
    dummies = np.column_stack([slope, np.eye(8)[unit]])
    plain = poisson_fit(dummies, counts)
    assert fast.coefficients[0] == pytest.approx(plain.coefficients[0])
    scaled = plain.covariance[0, 0] * max(1.0, plain.dispersion)
    assert fast.naive[0, 0] == pytest.approx(scaled)


def test_errors_by_cluster_are_those_of_every_column_written_out():
    """CR2 of Bell and McCaffrey (2002), with a dummy for each level; clusters hold two levels each."""
    source = np.random.default_rng(11)
    unit = np.repeat(np.arange(12), 5)
    slope = source.normal(size=60)
    counts = source.poisson(np.exp(1 + 0.3 * slope + source.normal(0, 0.5, 12)[unit])).astype(float)
    fast = unit_poisson(slope[:, None], BoundedCounts.exact(counts), np.zeros(60), unit, unit // 2)
    design = np.column_stack([slope, np.eye(12)[unit]])
    mean = np.exp(design @ poisson_fit(design, counts).coefficients)
    weighted, residual = design * np.sqrt(mean)[:, None], (counts - mean) / np.sqrt(mean)
    bread = np.linalg.inv(weighted.T @ weighted)
    meat = np.zeros_like(bread)
    for cluster in range(6):
        rows = unit // 2 == cluster
        left = np.eye(rows.sum()) - weighted[rows] @ bread @ weighted[rows].T
        size, axes = np.linalg.eigh(left)
        root = axes @ np.diag([1 / np.sqrt(one) if one > 1e-8 else 0.0 for one in size]) @ axes.T
        score = weighted[rows].T @ root @ residual[rows]
        meat += np.outer(score, score)
    assert fast.clustered[0, 0] == pytest.approx((bread @ meat @ bread)[0, 0])


def test_hidden_counts_have_the_likelihood_of_their_bounds():
    """The EM answer is where the likelihood, written out, is greatest; its curvature is the covariance."""
    source = np.random.default_rng(4)
    design = np.column_stack([np.ones(30), np.linspace(-1, 1, 30)])
    counts = source.poisson(np.exp(1.2 + 0.4 * design[:, 1])).astype(float)
    hidden = counts < 4
    known = BoundedCounts(np.where(hidden, 0.0, counts), np.where(hidden, 3.0, counts))
    fit = bounded_poisson(design, known, np.zeros(30))

    def loss(line):
        mean = np.exp(design @ line)
        told = poisson.cdf(3, mean[hidden]), poisson.pmf(counts[~hidden], mean[~hidden])
        return -sum(np.log(part).sum() for part in told)

    plain = minimize(loss, np.zeros(2), method="BFGS", options={"gtol": 1e-7})
    assert fit.coefficients == pytest.approx(plain.x, abs=1e-5)
    step = 1e-3 * np.eye(2)
    curvature = [
        [
            sum(a * b * loss(plain.x + a * step[i] + b * step[j]) for a in (1, -1) for b in (1, -1))
            for j in (0, 1)
        ]
        for i in (0, 1)
    ]
    assert fit.covariance == pytest.approx(np.linalg.inv(np.array(curvature) / 4e-6), rel=1e-3)


def test_newey_west_sums_every_pair_within_the_lag():
    source = np.random.default_rng(6)
    scores, bread, lag = source.normal(size=(9, 2)), np.diag([1.0, 2.0]), 3
    meat = np.zeros((2, 2))
    for i in range(9):
        for j in range(9):
            if abs(i - j) <= lag:
                meat += (1 - abs(i - j) / (lag + 1)) * np.outer(scores[i], scores[j])
    assert newey_west(scores, bread, lag) == pytest.approx(bread @ meat @ bread)


def test_a_model_that_cannot_be_told_apart_is_not_fitted():
    with pytest.raises(NotFitted):
        poisson_fit(np.ones((4, 2)), np.array([1.0, 2.0, 3.0, 4.0]))


def test_bca_with_neither_bias_nor_skewness_is_the_percentile_interval():
    counts = np.array([10.0, 10.0])
    estimates = np.concatenate([[0.0], np.linspace(-1, 1, 1000), [1.0, -1.0]])
    low, high = bca.limits(counts, 1000, estimates, np.array([0.025, 0.975])).quantiles
    assert (low, high) == pytest.approx((-0.95, 0.95), abs=0.003)
