"""Costs: how often a cost per effect holds the truth, and how seldom one is given where nothing worked."""

from collections.abc import Iterator

import numpy as np

from lagesbild.analysis.cost import Worth, worth

RUNS, DRAWS = 2000, 2000
COST, COST_ERROR = 1000.0, 100.0
Figure = tuple[str, float, float, float]


def measures() -> Iterator[Figure]:
    """Effects by how many standard errors they are: nothing, just seen, clear."""
    for sizes in (0.0, 2.5, 4.0, 8.0):
        source = np.random.default_rng(20261126)
        found = [studied(source, sizes) for _ in range(RUNS)]
        shown = np.array([each.has_ratio for each in found])
        if sizes == 0:
            yield "a cost per effect is given where there is no effect", float(shown.mean()), 0, 0.035
            continue
        truth = COST / sizes
        held = np.array([each.ratio[1] <= truth <= each.ratio[2] for each in found])
        # A ratio is shown only when the effect is clear, so among the shown the lucky studies are many.
        yield f"a cost per effect of {sizes:g} standard errors is given", float(shown.mean()), 0, 1
        yield f"  and holds the truth when given, {sizes:g}", float(held[shown].mean()), 0.93, 0.975
        effect = [each.effect[1] <= sizes <= each.effect[2] for each in found]
        yield f"  the effect's own interval holds the truth, {sizes:g}", float(np.mean(effect)), 0.93, 0.97


def studied(source: np.random.Generator, effect: float) -> Worth:
    """One study: estimates around the truth with standard error 1, and draws around those estimates."""
    seen, paid = source.normal(effect, 1.0), source.normal(COST, COST_ERROR)
    return worth(source.normal(paid, COST_ERROR, DRAWS), source.normal(seen, 1.0, DRAWS))
