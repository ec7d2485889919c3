"""Smoothing: does the interval of each cell hold its true rate, and how long does the map of Sweden take?"""

import time
from collections.abc import Iterator

import numpy as np

from lagesbild.analysis.prevalence import expected_number
from lagesbild.analysis.smooth.adjacency import map_covariance
from lagesbild.analysis.smooth.bym2 import bym2
from lagesbild.analysis.smooth.fay_herriot import fay_herriot
from lagesbild.analysis.smooth.shrinkage import marshall_global, poisson_gamma_mle
from lagesbild.analysis.table.tidy import CountsKnown

AREAS, YEARS, RUNS = 290, 10, 4
Figure = tuple[str, float, float, float]


def measures() -> Iterator[Figure]:
    yield from hierarchical()
    yield from classical()
    yield from surveys()
    yield from numbers()


def country() -> np.ndarray:
    """A planar map of 290 areas with about as many borders as Sweden's municipalities, and two islands."""
    source = np.random.default_rng(5)
    places = source.uniform(size=(AREAS, 2))
    far = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
    np.fill_diagonal(far, np.inf)
    touching = np.zeros((AREAS, AREAS), dtype=bool)
    nearest = np.argsort(far, axis=1)[:, :4]
    touching[np.arange(AREAS)[:, None], nearest] = True
    touching |= touching.T
    touching[:2], touching[:, :2] = False, False
    return touching


def hierarchical() -> Iterator[Figure]:
    covariance = map_covariance(country())
    root = np.linalg.cholesky(covariance + 1e-9 * np.eye(AREAS))
    for mean, hide, periods in ((2, False, 10), (8, False, 10), (8, True, 10), (8, False, 1), (8, True, 1)):
        source, inside, seconds = np.random.default_rng(20261130), [], []
        for _ in range(RUNS):
            expected = mean * np.exp(source.normal(0, 0.8, (AREAS, 1))) * np.ones(periods)
            area = 0.5 * (
                np.sqrt(0.7) * root @ source.normal(size=AREAS) + np.sqrt(0.3) * source.normal(size=AREAS)
            )
            years = np.cumsum(0.1 * source.normal(size=periods))
            truth = np.exp(area[:, None] + years - years.mean() + 0.2 * source.normal(size=expected.shape))
            counts = source.poisson(expected * truth).astype(float)
            started = time.process_time()
            low, high = bym2(
                hidden(counts) if hide else CountsKnown.released(counts), expected, covariance
            ).limits(0.95)
            seconds.append(time.process_time() - started)
            inside.append((low <= truth) & (truth <= high))
        name = f"mean {mean}, {periods} years{', 1-4 hidden' if hide else ''}"
        yield f"BYM2 covered, {name}", float(np.mean(inside)), 0.93, 0.97
        yield f"  CPU seconds, {name}", float(np.mean(seconds)), 0, 3


def hidden(counts: np.ndarray) -> CountsKnown:
    where = (counts >= 1) & (counts < 5)
    return CountsKnown(
        np.where(where, np.nan, counts), np.where(where, 1, counts), np.where(where, 4, counts), where
    )


def classical() -> Iterator[Figure]:
    source = np.random.default_rng(20261201)
    inside = {"Marshall": [], "Poisson-gamma": []}
    for _ in range(200):
        truth = source.gamma(4, 0.25, 290)
        expected = 5 * np.exp(source.normal(0, 0.8, 290))
        counts = source.poisson(expected * truth).astype(float)
        drawn = {
            "Marshall": marshall_global(counts, expected).drawn,
            "Poisson-gamma": poisson_gamma_mle(counts, expected).drawn,
        }
        for name, found in drawn.items():
            low, high = found.limits(0.95)
            inside[name].append((low <= truth) & (truth <= high))
    for name, each in inside.items():
        yield f"{name} covered, 290 areas", float(np.mean(each)), 0.93, 0.97


def surveys() -> Iterator[Figure]:
    source, inside = np.random.default_rng(20261202), []
    for _ in range(600):
        psi, x = source.uniform(0.5, 2, 40), np.column_stack([np.ones(40), source.normal(size=40)])
        truth = x @ [1.0, 0.5] + source.normal(0, 1, 40)
        fit = fay_herriot(truth + source.normal(0, np.sqrt(psi)), psi, x)
        inside.append(np.abs(truth - fit.smoothed) <= 1.96 * np.sqrt(fit.mse))
    yield "Fay-Herriot covered, 40 areas", float(np.mean(inside)), 0.93, 0.97


def numbers() -> Iterator[Figure]:
    source, inside = np.random.default_rng(20261203), []
    for share in (0.02, 0.1):
        for _ in range(200):
            asked = source.binomial(2000, share) / 2000
            half = 1.96 * np.sqrt(asked * (1 - asked) / 2000)
            here = np.minimum(share * np.exp(0.2 * source.normal(size=50)), 1)
            people = np.full(50, 4000.0)
            ends = (np.full(50, v) for v in (asked, max(asked - half, 1e-4), asked + half))
            found = expected_number(*ends, people, spread=0.2, draws=1000)
            truth = source.binomial(4000, here)
            inside.append((found.lower[0] <= truth) & (truth <= found.upper[0]))
        yield f"expected number covered, share {share}", float(np.mean(inside)), 0.93, 0.97
