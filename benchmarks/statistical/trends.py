"""Trends: how often a verdict is false when nothing changes, how well intervals cover, and how fast."""

import time
from collections.abc import Iterator

import numpy as np

from lagesbild.analysis.compare import most_alike, ranks
from lagesbild.analysis.rate import rates
from lagesbild.analysis.table.tidy import CountsKnown
from lagesbild.analysis.trend.verdict import trend

AREAS, RUNS = 290, 60
Figure = tuple[str, float, float, float]


def measures() -> Iterator[Figure]:
    yield from unchanging()
    yield from covering()
    yield from alone()
    yield "seconds: 290 areas x 40 indicators x 10 years, rates, trends, comparisons", all_pages(), 0, 5


def drawn(
    source: np.random.Generator, mean: float, periods: int, spread: float, slope: float = 0.0
) -> np.ndarray:
    """Counts of areas of very different size; `spread` is the variance over the mean at that mean."""
    size = np.exp(source.normal(0, 0.8, (AREAS, 1)))
    level = mean * size * np.exp(slope * (np.arange(periods) - periods / 2))
    if spread <= 1:
        return source.poisson(level).astype(float)
    shape = mean / (spread - 1)
    return source.poisson(level * source.gamma(shape, 1 / shape, level.shape)).astype(float)


def protected(counts: np.ndarray) -> CountsKnown:
    """1-4 hidden, and known to lie between 0 and 4."""
    hidden = (counts >= 1) & (counts < 5)
    bounds = np.where(hidden, 0, counts), np.where(hidden, 4, counts)
    return CountsKnown(np.where(hidden, np.nan, counts), *bounds, hidden)


def unchanging() -> Iterator[Figure]:
    """Verdicts of rising or falling under no change: per area at most 2 %, and any among 290 seldom."""
    source = np.random.default_rng(20261123)
    for mean, periods, spread in ((5, 5, 1), (20, 5, 1), (20, 10, 1), (20, 5, 2), (20, 10, 3), (100, 10, 4)):
        verdicts = []
        for _ in range(RUNS):
            counts = drawn(source, mean, periods, spread)
            found = trend(counts, np.full(counts.shape, 1e4), 2014.0 + np.arange(periods))
            verdicts.append(np.isin(found.verdict, ["rising", "falling"]))
        name = f"mean {mean}, {periods} years, dispersion {spread}"
        yield f"false verdicts per area, {name}", float(np.mean(verdicts)), 0, 0.02
        yield f"  any false verdict among 290, {name}", float(np.any(verdicts, axis=1).mean()), 0, 0.15


def covering() -> Iterator[Figure]:
    source = np.random.default_rng(20261124)
    for mean, periods, spread, slope in (
        (5, 5, 1, 0.1),
        (5, 10, 1, -0.05),
        (20, 10, 1, 0.05),
        (20, 10, 2, 0.05),
        (60, 7, 3, 0.0),
    ):
        truth = 100 * np.expm1(slope)
        exact, hidden = [], []
        for _ in range(RUNS // 3):
            counts = drawn(source, mean, periods, spread, slope)
            per, years = np.full(counts.shape, 1e4), 2014.0 + np.arange(periods)
            exact.append(held(trend(counts, per, years), truth))
            hidden.append(held(trend(protected(counts), per, years), truth))
        name = f"mean {mean}, {periods} years, dispersion {spread}"
        yield f"slope covered, {name}", float(np.concatenate(exact).mean()), 0.93, 0.98
        yield (
            "  the same with 1-4 hidden (bounds: conservative)",
            float(np.concatenate(hidden).mean()),
            0.93,
            1,
        )


def held(found, truth: float) -> np.ndarray:
    answered = found.reason == ""
    return ((found.lower <= truth) & (truth <= found.upper))[answered]


def alone() -> Iterator[Figure]:
    """One short series has no other area to learn its dispersion from."""
    source = np.random.default_rng(20261125)
    for spread, periods in ((1, 5), (2, 5), (1, 10), (2, 10)):
        found = []
        for _ in range(4):
            counts = drawn(source, 20, periods, spread)
            years = 2014.0 + np.arange(periods)
            found += [trend(one[None], np.full((1, periods), 1e4), years) for one in counts]
        false = np.mean([each.verdict[0] in {"rising", "falling"} for each in found])
        yield f"false verdicts of a lone series, {periods} years, dispersion {spread}", float(false), 0, 0.02


def all_pages() -> float:
    source = np.random.default_rng(1)
    counts = source.poisson(8, (40, AREAS, 10)).astype(float)
    per, years, context = np.full((AREAS, 10), 3e4), 2014.0 + np.arange(10), source.normal(size=(AREAS, 12))
    started = time.process_time()
    for indicator in counts:
        rates(indicator, per, 1e4)
        trend(indicator, per, years)
        ranks(CountsKnown.released(indicator[:, -1]), per[:, -1])
    most_alike(context)
    return time.process_time() - started
