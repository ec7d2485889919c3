"""Do 95 % limits of rates and shares cover 95 %, with counts as they are and with counts protected?"""

from collections.abc import Iterator

import numpy as np

from lagesbild.analysis.rate import proportions, rates
from lagesbild.analysis.table.tidy import CountsKnown

RUNS = 20000
Figure = tuple[str, float, float, float]


def measures() -> Iterator[Figure]:
    """Exact limits are conservative at small counts: counts are whole, so coverage cannot be just 95 %."""
    source = np.random.default_rng(20261123)
    for mean in (1, 3, 6, 10, 20, 50):
        counts = source.poisson(mean, RUNS)
        most = 0.98 if mean >= 10 else 1.0
        yield f"rate, mean {mean}, exact counts", covered(rates(counts, 1.0, 1.0, (0.95,)), mean), 0.93, most
        shown = protected(counts)
        yield f"rate, mean {mean}, 1-4 hidden", covered(rates(shown, 1.0, 1.0, (0.95,)), mean), 0.93, 1.0
    for n, share in ((30, 0.1), (30, 0.5), (100, 0.03), (100, 0.3), (1000, 0.01)):
        counts = source.binomial(n, share, RUNS)
        got = covered(proportions(counts, float(n), 1.0, (0.95,)), share)
        yield f"proportion, n {n}, share {share}", got, 0.93, 0.98


def protected(counts: np.ndarray) -> CountsKnown:
    hidden = (counts >= 1) & (counts < 5)
    value = counts.astype(float)
    bounds = np.where(hidden, 0, value), np.where(hidden, 4, value)
    return CountsKnown(np.where(hidden, np.nan, value), *bounds, hidden)


def covered(found, truth: float) -> float:
    return float(np.mean((found.lower[0] <= truth) & (truth <= found.upper[0])))
