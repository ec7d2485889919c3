"""Poisson regression with a level of its own for every unit (Hausman, Hall and Griliches 1984,
Econometrica 52:909).

    log expected reports = log population + unit + trend * time + elasticity * log effort

A unit is an area, or an area and a channel of reporting. The levels are solved for one by one, so
hundreds of units cost no more than the few parameters that matter. Counts known only between bounds enter
by their likelihood (Fisher's identity for the score, Louis 1982, JRSS B 44:226 for the information).
"""

from dataclasses import dataclass

import numpy as np

from ..estimation.bounded_counts import BoundedCounts
from ..estimation.regression import NotFitted
from ..table.arrays import Bools, Floats, Integers

STEPS = 2000
SETTLED = 1e-8


@dataclass(frozen=True)
class UnitPoisson:
    """Estimates with two covariances: `naive` scaled by the dispersion, `clustered` over groups of rows."""

    coefficients: Floats
    naive: Floats
    clustered: Floats
    dispersion: float
    clusters: int

    def error(self, term: int) -> float:
        """The larger of the two standard errors."""
        return float(np.sqrt(max(self.naive[term, term], self.clustered[term, term])))


@dataclass(frozen=True)
class Prior:
    """What is known of the coefficients from elsewhere.

    A middle and a precision, both (k,); precision 0 knows nothing.
    """

    middle: Floats
    precision: Floats

    @classmethod
    def none(cls, terms: int) -> "Prior":
        return cls(np.zeros(terms), np.zeros(terms))


def fit(
    design: Floats,
    counts: BoundedCounts,
    offset: Floats,
    unit: Integers,
    cluster: Integers,
    prior: Prior | None = None,
) -> UnitPoisson:
    """Fit rows (n,) on a design (n, k); `unit` and `cluster` are codes 0, 1, ... Raises `NotFitted`.

    Units without one certain event say nothing of change (their level runs off to zero) and are left out.
    """
    prior = prior or Prior.none(design.shape[1])
    keep = informative(counts, unit)
    counts = BoundedCounts(counts.lower[keep], counts.upper[keep])
    design, offset = design[keep], offset[keep]
    unit = np.unique(unit[keep], return_inverse=True)[1]
    cluster = np.unique(cluster[keep], return_inverse=True)[1]
    state = maximise(design, counts, offset, unit, prior)
    return errors(counts, state, unit, cluster, prior)


def informative(counts: BoundedCounts, unit: Integers) -> Bools:
    total = np.bincount(unit, weights=counts.lower)
    several = np.bincount(unit)
    kept: Bools = ((total > 0) & (several > 1))[unit]
    return kept


@dataclass(frozen=True)
class State:
    """Where the search stands: coefficients, each row's mean, and the information left after the levels."""

    coefficients: Floats
    mean: Floats
    centred: Floats
    information: Floats
    expected: Floats


def maximise(design: Floats, counts: BoundedCounts, offset: Floats, unit: Integers, prior: Prior) -> State:
    """Newton's method on coefficients and levels together.

    Hidden counts make it EM gradient steps (Lange 1995).
    """
    coefficients = prior.middle.copy()
    start = np.maximum(np.bincount(unit, counts.middle), 0.5)
    level = np.log(start / np.bincount(unit, np.exp(offset + design @ coefficients)))
    for _ in range(STEPS):
        mean = np.exp(np.clip(design @ coefficients + offset + level[unit], -50, 50))
        expected, variance = counts.moments(mean)
        centred, average, information = centre(design, mean, unit)
        residual = expected - mean
        score = centred.T @ residual - prior.precision * (coefficients - prior.middle)
        move = solve(information + np.diag(prior.precision), score)
        level_move = np.bincount(unit, residual) / np.bincount(unit, mean) - average @ move
        longest = max(np.abs(move).max(), np.abs(level_move).max())
        pace = min(1.0, 2.0 / max(longest, 1e-300))
        coefficients, level = coefficients + pace * move, level + pace * level_move
        if longest < SETTLED:
            known = np.maximum(mean - variance, 1e-9 * mean)
            centred, _, information = centre(design, known, unit)
            return State(coefficients, mean, centred, information, expected)
    raise NotFitted


def centre(design: Floats, weight: Floats, unit: Integers) -> tuple[Floats, Floats, Floats]:
    """The design less its weighted mean in each unit, those means, and the information that is left."""
    average = by_unit(design * weight[:, None], unit) / np.bincount(unit, weight)[:, None]
    centred = design - average[unit]
    return centred, average, (centred * weight[:, None]).T @ centred


def solve(information: Floats, score: Floats) -> Floats:
    if np.linalg.matrix_rank(information) < len(information):
        raise NotFitted
    return np.linalg.solve(information, score)


def by_unit(rows: Floats, unit: Integers) -> Floats:
    """Sums of the rows (n, k) within units."""
    total = np.zeros((int(unit.max()) + 1, rows.shape[1]))
    np.add.at(total, unit, rows)
    return total


def errors(
    counts: BoundedCounts, state: State, unit: Integers, cluster: Integers, prior: Prior
) -> UnitPoisson:
    """Both covariances; a dispersion below one is not believed."""
    shown = ~counts.hidden
    freedom = int(shown.sum()) - len(state.coefficients) - int(unit.max()) - 1
    pearson = ((state.expected - state.mean) ** 2 / state.mean)[shown].sum()
    dispersion = max(1.0, float(pearson / freedom)) if freedom > 0 else 1.0
    bread = np.linalg.inv(state.information / dispersion + np.diag(prior.precision))
    scores = by_unit(state.centred * (state.expected - state.mean)[:, None], cluster) / dispersion
    clusters = len(scores)
    meat = scores.T @ scores * clusters / max(clusters - 1, 1) + np.diag(prior.precision)
    return UnitPoisson(state.coefficients, bread, bread @ meat @ bread, dispersion, clusters)
