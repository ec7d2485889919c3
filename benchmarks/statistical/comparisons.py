"""Do ranks, differences and ratios between areas hold the truth, and do funnels call alike areas alike?"""

from collections.abc import Iterator

import numpy as np

from lagesbild.analysis.compare import compare, ranks
from lagesbild.analysis.funnel.chart import funnel
from lagesbild.analysis.standardisation.direct import directly_standardised
from lagesbild.analysis.standardisation.strata import Strata
from lagesbild.analysis.table.tidy import CountsKnown

Figure = tuple[str, float, float, float]
RUNS = 400


def measures() -> Iterator[Figure]:
    yield from differences()
    yield from standardised()
    yield from of_ranks()
    yield from funnels()


def differences() -> Iterator[Figure]:
    source = np.random.default_rng(20261126)
    for first, second in ((3, 3), (5, 10), (10, 20), (30, 30), (100, 140)):
        one, other = source.poisson(first, 20000), source.poisson(second, 20000)
        found = compare(CountsKnown.released(one), 1.0, CountsKnown.released(other), 1.0)
        name = f"means {first} and {second}"
        inside = (found.lower <= first - second) & (first - second <= found.upper)
        # Under ten events the exact limits that these rest on are conservative.
        yield f"difference covered, {name}", float(inside.mean()), 0.93, 0.99 if first < 10 else 0.98
        ratio = (found.ratio_lower <= first / second) & (first / second <= found.ratio_upper)
        yield f"ratio covered, {name}", float(ratio.mean()), 0.93, 0.99


def standardised() -> Iterator[Figure]:
    source = np.random.default_rng(20261127)
    people, standard = np.array([8e3, 2e4, 1e4, 4e3]), np.array([2e4, 3e4, 3e4, 2e4])
    for mean in (3, 8, 25):
        level = mean * np.array([0.5, 1.5, 1.2, 0.8])
        truth = (standard * level / people).sum() / standard.sum()
        strata_of = np.repeat(np.arange(5000), 4)
        counts = source.poisson(np.tile(level, 5000)).astype(float)
        every = np.ones(len(counts), dtype=bool)
        strata = Strata(
            CountsKnown.released(counts), np.tile(people, 5000), strata_of, np.ones(len(counts)), every
        )
        _, low, high = directly_standardised(strata, np.tile(standard, 5000), 1.0, 0.95, counts)
        enough = strata.total(counts) >= 10
        inside = ((low <= truth) & (truth <= high))[enough]
        yield f"standardised rate covered, {4 * mean} events", float(inside.mean()), 0.93, 0.985


def of_ranks() -> Iterator[Figure]:
    """Conservative on purpose: the interval allows for all comparisons of an area at once."""
    source = np.random.default_rng(20261128)
    for mean, spread in ((10, 0.0), (10, 0.5), (50, 0.5)):
        rate = mean * np.exp(spread * source.normal(size=60))
        above = 1 + (rate[None, :] > rate[:, None]).sum(1)
        below = 60 - (rate[None, :] < rate[:, None]).sum(1)
        inside, width = [], []
        for _ in range(RUNS):
            found = ranks(CountsKnown.released(source.poisson(rate)), np.ones(60))
            inside.append((found.lower <= below) & (above <= found.upper))
            width.append(found.upper - found.lower)
        yield f"rank covered, mean {mean}, spread {spread}", float(np.mean(inside)), 0.95, 1
        yield "  mean width among 60", float(np.mean(width)), 0, 60


def funnels() -> Iterator[Figure]:
    source = np.random.default_rng(20261129)
    for mean, spread in ((5, 0.0), (30, 0.0), (30, 0.3)):
        outside, wider = [], []
        for _ in range(RUNS):
            size = mean * np.exp(source.normal(0, 0.8, 290))
            found = funnel(source.poisson(size * np.exp(spread * source.normal(size=290))), size)
            outside.append(np.isin(found.significance, [0, 4]))
            wider.append(np.isin(found.significance_wider, [0, 4]))
        name = f"mean {mean}, spread {spread}"
        if not spread:
            yield f"outside 99.8 % when alike, {name}", float(np.mean(outside)), 0, 0.004
        # Winsorising keeps a tenth at each end out of the spread, so more than 0.2 % of areas lie outside.
        yield f"outside the wider limits, {name}", float(np.mean(wider)), 0, 0.03
