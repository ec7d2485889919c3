"""Do the 95 % intervals of `its` cover a jump, also when neighbouring months resemble each other?"""

from collections.abc import Iterator

import numpy as np

from lagesbild.analysis.estimation.bounded_counts import BoundedCounts
from lagesbild.analysis.its.counts import count_model, usual_lag
from lagesbild.analysis.its.design import design

RUNS = 1000
JUMP = np.log(0.8)
Figure = tuple[str, float, float, float]


def measures() -> Iterator[Figure]:
    """Independent counts, and neighbours that resemble each other; a dispersion below one is not believed."""
    for periods, mean in ((24, 5), (24, 20), (48, 5), (48, 50), (120, 20)):
        for correlation in (0.0, 0.3):
            name = f"its: {periods} periods, mean {mean}, correlation {correlation:g}"
            yield name, covered(periods, mean, correlation, hidden=False), 0.93, 0.985
    yield "its: 48 periods, mean 5, 1-4 hidden as 0-4", covered(48, 5, 0.0, hidden=True), 0.93, 1.0


def covered(periods: int, mean: float, correlation: float, hidden: bool) -> float:
    source = np.random.default_rng(20261123)
    time = np.arange(periods, dtype=float)
    treated = (time >= periods * 2 // 3).astype(float)
    lines = design(time, treated, "level")
    hits = []
    for _ in range(RUNS):
        noise = autoregressive(source, periods, correlation, 0.2 if correlation else 0.0)
        counts = source.poisson(mean * np.exp(JUMP * treated + noise)).astype(float)
        veiled = hidden & (counts >= 1) & (counts <= 4)
        known = BoundedCounts(np.where(veiled, 0.0, counts), np.where(veiled, 4.0, counts))
        model = count_model(lines, known, np.ones(periods), usual_lag(periods, 1))
        low, high = model.interval(1, 0.95)
        hits.append(low <= np.exp(JUMP) <= high)
    return float(np.mean(hits))


def autoregressive(
    source: np.random.Generator, periods: int, correlation: float, spread: float
) -> np.ndarray:
    shocks = source.normal(0, spread * np.sqrt(1 - correlation**2), periods)
    values = np.zeros(periods)
    for t in range(periods):
        values[t] = (correlation * values[t - 1] if t else 0.0) + shocks[t]
    return values
