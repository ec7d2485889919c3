"""Does `effort` cover the true change of the hidden level, whatever the police do, and does it never
guess?"""

from collections.abc import Iterator

import numpy as np

from lagesbild.analysis.effort.trends import Reports, adjusted, naive
from lagesbild.analysis.estimation.bounded_counts import BoundedCounts

RUNS = 150
AREAS, YEARS, POOLS = 290, 12, 5
GROWTH = np.array([0.15, 0.0, 0.0, 0.0, 0.15])  # of effort
TRUTH = np.array([0.0, 0.08, -0.08, 0.0, -0.08])  # of the hidden level
Figure = tuple[str, float, float, float]


def measures() -> Iterator[Figure]:
    """Five groups as in the shared simulation.

    `bias` is how much the level rises with effort between areas.
    """
    for bias, low in ((0.0, 0.93), (0.2, 0.91)):
        covered, false, wrong = simulated(bias, hidden=False)
        yield f"effort: 95 % interval covers, bias between areas {bias:g}", covered, low, 0.98
        yield (
            f"effort: verdict of change under no change, bias {bias:g}",
            false,
            0.0,
            0.06 if bias == 0 else 0.1,
        )
        yield f"naive trend: verdict of change under no change, bias {bias:g}", wrong, 0.0, 1.0
    covered, false, _ = simulated(0.0, hidden=True)
    yield "effort: 95 % interval covers, counts 1-4 hidden as 0-4", covered, 0.92, 0.98
    yield "effort: verdict of change under no change, 1-4 hidden", false, 0.0, 0.06


def simulated(bias: float, hidden: bool) -> tuple[float, float, float]:
    """Coverage over all groups; false verdicts of both trends in the two groups where nothing changes."""
    source = np.random.default_rng(20261123)
    cover, false, wrong = [], [], []
    for _ in range(RUNS):
        reports = drawn(source, bias, hidden)
        changes, plain = adjusted(reports).changes, naive(reports).changes
        for pool, change in enumerate(changes):
            low, high = change.interval(0.95)
            cover.append(low <= 100 * np.expm1(TRUTH[pool]) <= high)
            if TRUTH[pool] == 0:
                false.append(not 0.025 < change.probability_of_fall < 0.975)
                wrong.append(not 0.025 < plain[pool].probability_of_fall < 0.975)
    return float(np.mean(cover)), float(np.mean(false)), float(np.mean(wrong))


def drawn(source: np.random.Generator, bias: float, hidden: bool) -> Reports:
    """Reports = Poisson(population x level x 0.08 x (hours per thousand)^0.9), about 2.4 a year and area."""
    area, year = np.repeat(np.arange(AREAS), YEARS), np.tile(np.arange(YEARS), AREAS)
    pool = area % POOLS
    population = np.repeat(np.round(np.exp(source.normal(9.8, 0.9, AREAS))), YEARS)
    habit = source.normal(0.0, 0.4, AREAS)
    looked = np.exp(habit[area] + GROWTH[pool] * year + source.normal(0, 0.25, len(area)))
    level = np.exp(source.normal(-9.0, 0.5, AREAS)[area] + bias * habit[area] + TRUTH[pool] * year)
    mean = np.minimum(population * level * 12 * 0.08 * looked**0.9, 1e4)
    counts = source.poisson(mean).astype(float)
    veiled = hidden & (counts >= 1) & (counts <= 4)
    known = BoundedCounts(np.where(veiled, 0.0, counts), np.where(veiled, 4.0, counts))
    alone = np.zeros(len(area), dtype=np.int64)
    return Reports(known, population, year.astype(float), area, area, pool, alone, looked * population / 1000)
