"""Does `effort` cover the true change of the hidden level whatever the police do, and does it never guess?

Designs differ in areas, years, channels, elasticity, how effort and level vary over time, and how much the
level rises with effort between areas (`bias`), which nobody knows of a real table.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from lagesbild.analysis.effort.trends import Reports, adjusted, naive
from lagesbild.analysis.estimation.bounded_counts import BoundedCounts
from lagesbild.analysis.table.arrays import Floats

RUNS = 300
LEAST = 0.92  # 93 per cent, less what so few runs leave to chance
Figure = tuple[str, float, float, float]


@dataclass(frozen=True)
class Design:
    """`growth` and `trend` are of effort and of the hidden level, log scale a year; `mean` reports a year."""

    areas: int = 60
    years: int = 12
    elasticity: tuple[float, ...] = (0.9,)  # one a channel
    growth: float = 0.1
    trend: float = 0.0
    bias: float = 0.0
    effort_sd: float = 0.25
    effort_memory: float = 0.0
    level_sd: float = 0.0
    level_memory: float = 0.0
    mean: float = 2.4
    hidden: bool = False  # counts 1-4 as 0-4


DESIGNS = {
    "290 areas": Design(areas=290),
    "290 areas, effort hardly varies, bias 0.1": Design(areas=290, effort_sd=0.1, growth=0.15, bias=0.1),
    "290 areas, effort hardly varies, bias 0.3": Design(areas=290, effort_sd=0.1, growth=0.15, bias=0.3),
    "290 areas, 0.5 reports a year": Design(areas=290, mean=0.5),
    "60 areas": Design(),
    "60 areas, 5 years": Design(years=5),
    "60 areas, 24 years": Design(years=24),
    "60 areas, two channels": Design(elasticity=(0.5, 1.0)),
    "60 areas, elasticity 0": Design(elasticity=(0.0,)),
    "60 areas, elasticity 1.5": Design(elasticity=(1.5,)),
    "60 areas, effort level over time": Design(growth=0.0),
    "60 areas, level varies by 0.4": Design(level_sd=0.4),
    "60 areas, level and effort remember 0.7": Design(level_sd=0.4, level_memory=0.7, effort_memory=0.7),
    "60 areas, counts 1-4 hidden": Design(hidden=True),
    "21 areas": Design(areas=21),
    "12 areas": Design(areas=12, mean=10),
    "12 areas, level varies by 0.4": Design(areas=12, mean=10, level_sd=0.4),
    "12 areas, level and effort remember 0.7": Design(
        areas=12, mean=10, level_sd=0.4, level_memory=0.7, effort_memory=0.7
    ),
    "4 areas": Design(areas=4, mean=20),
    "1 area": Design(areas=1, mean=20),
}
FALL = -0.08


def measures() -> Iterator[Figure]:
    for name, design in DESIGNS.items():
        found = simulated(design)
        yield f"effort: 95 % covers, {name}", found["covers"], LEAST, 1.0
        yield "  says falling though only effort changed", found["falling"], 0.0, 0.05
        yield "  the reports alone would say rising", found["naive_rising"], 0.0, 1.0
    for name in ("290 areas", "60 areas", "12 areas, level varies by 0.4"):
        found = simulated(Design(**{**vars(DESIGNS[name]), "trend": FALL}))
        yield f"effort: covers a fall of 8 % a year, {name}", found["covers"], LEAST, 1.0
        yield "  says falling, effort up 10 % a year", found["falling"], 0.0, 1.0


def simulated(design: Design) -> dict[str, float]:
    """Shares of runs: the interval covers, the verdict is a fall, the naive verdict is a rise."""
    source = np.random.default_rng(19770611)
    covers, falling, rising = [], [], []
    for _ in range(RUNS):
        reports = drawn(source, design)
        change, plain = adjusted(reports).changes[0], naive(reports).changes[0]
        low, high = change.interval(0.95)
        covers.append(low <= 100 * np.expm1(design.trend) <= high)
        falling.append(change.probability_of_fall >= 0.975)
        rising.append(plain.probability_of_fall <= 0.025)
    shares = np.mean([covers, falling, rising], axis=1)
    return dict(zip(("covers", "falling", "naive_rising"), map(float, shares), strict=True))


def drawn(source: np.random.Generator, design: Design) -> Reports:
    """Reports = Poisson(inhabitants x level x effort per inhabitant to the power of the elasticity)."""
    areas, years, channels = design.areas, design.years, len(design.elasticity)
    size, habit = source.normal(0, 0.9, (areas, 1)), source.normal(0, 0.4, (areas, 1))
    year = np.arange(years) - (years - 1) / 2
    looked = (
        habit
        + design.growth * year
        + remembering(source, areas, years, design.effort_memory, design.effort_sd)
    )
    level = source.normal(0, 0.5, (areas, 1)) + design.bias * habit + design.trend * year
    level = level + remembering(source, areas, years, design.level_memory, design.level_sd)
    each = np.exp(size + level + np.array(design.elasticity)[:, None, None] * looked)
    counts = source.poisson(np.minimum(each * design.mean / channels / np.exp((0.81 + 0.25) / 2), 1e5))
    flat = counts.reshape(-1).astype(np.float64)
    veiled = design.hidden & (flat >= 1) & (flat <= 4)
    channel, area, time = (code.reshape(-1) for code in np.indices(counts.shape))
    inhabitants = np.tile(np.repeat(np.exp(9.8 + size[:, 0]), years), channels)
    return Reports(
        BoundedCounts(np.where(veiled, 0.0, flat), np.where(veiled, 4.0, flat)),
        inhabitants,
        time.astype(np.float64),
        area * channels + channel,
        area,
        np.zeros(len(flat), dtype=np.int64),
        channel,
        np.tile(np.exp(looked).reshape(-1), channels) * inhabitants / 1000,
    )


def remembering(source: np.random.Generator, areas: int, years: int, memory: float, sd: float) -> Floats:
    """A stationary first-order series for each area, (areas, years)."""
    fresh = source.normal(0, 1, (areas, years))
    for year in range(1, years):
        fresh[:, year] = memory * fresh[:, year - 1] + np.sqrt(1 - memory**2) * fresh[:, year]
    return sd * fresh
