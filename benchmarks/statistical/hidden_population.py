"""Coverage of every family of `mse`, of Chao's floor and of the closed-population models; and their speed."""

import time
from collections.abc import Iterator

import numpy as np
from threadpoolctl import threadpool_limits

from lagesbild.analysis.chao.closed import abundances
from lagesbild.analysis.chao.lower_bound import chao
from lagesbild.analysis.chao.profile import interval
from lagesbild.analysis.mse import independent
from lagesbild.analysis.mse.families import Study, intervals
from lagesbild.analysis.mse.histories import Histories, every_history

RUNS = 300
POPULATION = 2000
Figure = tuple[str, float, float, float]
LISTS = ("A", "B", "C", "D")
SHARES = np.array([0.05, 0.08, 0.1, 0.06])
UKDAT = "54 463 907 695 316 57 15 19 3 56 19 1 3 69 10 31 8 6 1 1 1 4 3 1 1"
UKDAT_LISTS = "0 1 2 3 4 5 01 02 03 12 13 14 15 23 24 25 34 35 45 012 013 123 125 235 0123"


def measures() -> Iterator[Figure]:
    """Independent lists, then two of them dependent; the floor under people who differ."""
    yield from families(0.0)
    yield from families(1.5)
    yield from floors()
    yield "mse UKdat, 1 000 bootstraps, all families: CPU s", ukdat_seconds(), 0.0, 5.0


def families(dependence: float) -> Iterator[Figure]:
    hits: dict[str, list[bool]] = {}
    source = np.random.default_rng(20261123)
    for run in range(RUNS):
        study = Study(drawn(source, dependence), 0.02, 2.0)
        found = intervals(study, 300, run, np.array([0.025, 0.975]))
        worst = found["lowest"].quantiles[0], found["highest"].quantiles[1]
        profile = tuple(independent.limits(study.histories, np.array([0.025, 0.975])))
        ends = {"main by profile": profile} | {
            name: tuple(found[name].quantiles) for name in ("main", "stepwise", "bic", "aic", "averaged")
        }
        for name, (low, high) in (ends | {"worst_case": worst}).items():
            hits.setdefault(name, []).append(bool(low <= POPULATION <= high))
    for name, each in hits.items():
        # the model of independence is wrong when lists depend; that it misses is what the others are for
        low = 0.0 if dependence and name.startswith("main") else 0.91
        yield (
            f"mse {name}: 95 % covers, four lists, dependence {dependence:g}",
            float(np.mean(each)),
            low,
            1.0,
        )


def drawn(source: np.random.Generator, dependence: float) -> Histories:
    """People on lists with the given shares; the first two lists attract the same people by `dependence`."""
    member = every_history(len(LISTS))
    every = np.vstack([np.zeros(len(LISTS), dtype=bool), member])
    logit = np.log(SHARES / (1 - SHARES))
    weight = np.exp(every @ logit + dependence * (every[:, 0] & every[:, 1]))
    counts = source.multinomial(POPULATION, weight / weight.sum())[1:]
    return Histories(LISTS, member, counts.astype(float))


def floors() -> Iterator[Figure]:
    source = np.random.default_rng(20261123)
    under, covered, profiled = [], [], []
    for _ in range(RUNS):
        seen = source.random((500, 5)) < source.beta(2, 6, 500)[:, None]
        often = np.bincount(seen.sum(axis=1), minlength=6)
        under.append(chao(500.0 - often[0], often[1], often[2], 5).lower <= 500)
        alike = source.random((300, 5)) < 0.2
        often = np.bincount(alike.sum(axis=1), minlength=6)
        found = chao(300.0 - often[0], often[1], often[2], 5)
        covered.append(found.lower <= 300 <= found.upper)
        table = Histories.of(tuple("ABCDE"), alike[alike.any(axis=1)], np.ones(int(alike.any(axis=1).sum())))
        model = next(one for one in abundances(table.member, table.counts) if one.model.name == "Mt")
        profile = interval(model)
        profiled.append(profile.lower <= 300 <= profile.upper)
    yield "chao: the floor's lower limit is below the truth, people differ", float(np.mean(under)), 0.95, 1.0
    yield "chao: 95 % covers, people alike", float(np.mean(covered)), 0.91, 0.99
    yield "closed population Mt: 95 % profile covers", float(np.mean(profiled)), 0.91, 0.99


def ukdat_seconds() -> float:
    """UKdat (Silverman 2014; Chan, Silverman and Vincent 2021), as the command does it."""
    member = np.zeros((25, 6), dtype=bool)
    for row, lists in enumerate(UKDAT_LISTS.split()):
        member[row, [int(one) for one in lists]] = True
    table = Histories.of(("LA", "NG", "PF", "GO", "GP", "NCA"), member, np.array(UKDAT.split(), dtype=float))
    started = time.process_time()
    # As `Method.answer` does: several threads of BLAS would only wait for each other.
    with threadpool_limits(1):
        intervals(Study(table, 0.02, 2.0), 1000, 1, np.array([0.025, 0.1, 0.9, 0.975]))
    return time.process_time() - started
