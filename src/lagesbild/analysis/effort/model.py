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
ALONE = 1 - 1e-6  # of the information on a coefficient


@dataclass(frozen=True)
class UnitPoisson:
    """Estimates with two covariances: `naive` scaled by the dispersion, `clustered` over groups of rows.

    `clusters` is the effective number of groups behind each coefficient, (k,); `freedom` what the
    rows leave.
    """

    coefficients: Floats
    naive: Floats
    clustered: Floats
    dispersion: float
    clusters: Floats
    freedom: int


def fit(
    design: Floats, counts: BoundedCounts, offset: Floats, unit: Integers, cluster: Integers
) -> UnitPoisson:
    """Fit rows (n,) on a design (n, k); `unit` and `cluster` are codes 0, 1, ... Raises `NotFitted`.

    Units without one certain event say nothing of change (their level runs off to zero) and are left out.
    """
    keep = informative(counts, unit)
    counts = BoundedCounts(counts.lower[keep], counts.upper[keep])
    design, offset = design[keep], offset[keep]
    unit = np.unique(unit[keep], return_inverse=True)[1]
    cluster = np.unique(cluster[keep], return_inverse=True)[1]
    state = maximise(design, counts, offset, unit)
    return errors(counts, state, unit, cluster)


def informative(counts: BoundedCounts, unit: Integers) -> Bools:
    total = np.bincount(unit, weights=counts.lower)
    several = np.bincount(unit)
    kept: Bools = ((total > 0) & (several > 1))[unit]
    return kept


@dataclass(frozen=True)
class State:
    """Where the search ended.

    Coefficients, each row's mean and expected count, the design less its level (n, k), and each row's
    information (n, k, k).
    """

    coefficients: Floats
    mean: Floats
    expected: Floats
    centred: Floats
    information: Floats


def maximise(design: Floats, counts: BoundedCounts, offset: Floats, unit: Integers) -> State:
    """Newton's method on coefficients and levels together.

    Hidden counts make it EM gradient steps (Lange 1995).
    """
    coefficients = np.zeros(design.shape[1])
    start = np.maximum(np.bincount(unit, counts.middle), 0.5)
    level = np.log(start / np.bincount(unit, np.exp(offset)))
    for _ in range(STEPS):
        mean = np.exp(np.clip(design @ coefficients + offset + level[unit], -50, 50))
        expected, variance = counts.moments(mean)
        centred, average, information = centre(design, mean, unit)
        residual = expected - mean
        move = solve(information, centred.T @ residual)
        level_move = np.bincount(unit, residual) / np.bincount(unit, mean) - average @ move
        longest = max(np.abs(move).max(), np.abs(level_move).max())
        pace = min(1.0, 2.0 / max(longest, 1e-300))
        coefficients, level = coefficients + pace * move, level + pace * level_move
        if longest < SETTLED:
            known = np.maximum(mean - variance, 1e-9 * mean)
            centred, _, _ = centre(design, known, unit)
            each = known[:, None, None] * centred[:, :, None] * centred[:, None, :]
            return State(coefficients, mean, expected, centred, each)
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
    """Sums of the rows (n, ...) within units."""
    total = np.zeros((int(unit.max()) + 1, *rows.shape[1:]))
    np.add.at(total, unit, rows)
    return total


def errors(counts: BoundedCounts, state: State, unit: Integers, cluster: Integers) -> UnitPoisson:
    """Both covariances; a dispersion below one is not believed.

    In the clustered one the rows of a cluster may depend in any way; it is corrected for few clusters and
    comes with their effective number (CR2; Bell and McCaffrey 2002, Survey Methodology 28:169).
    """
    shown = ~counts.hidden
    freedom = int(shown.sum()) - len(state.coefficients) - int(unit.max()) - 1
    pearson = ((state.expected - state.mean) ** 2 / state.mean)[shown].sum()
    dispersion = max(1.0, float(pearson / freedom)) if freedom > 0 else 1.0
    total, own = state.information.sum(axis=0), by_unit(state.information, cluster)
    score = by_unit(state.centred * (state.expected - state.mean)[:, None], cluster)
    moved = unbiased(own, total, score)
    inverse = np.linalg.inv(total)
    share = np.einsum("ij,gjk,ki->gi", inverse, own, inverse)
    return UnitPoisson(
        state.coefficients,
        inverse * dispersion,
        moved.T @ moved,
        dispersion,
        share.sum(axis=0) ** 2 / (share**2).sum(axis=0),
        freedom,
    )


def unbiased(own: Floats, total: Floats, score: Floats) -> Floats:
    """How far each cluster moves the coefficients (g, k), made larger by what it moved its own fit.

    A cluster that alone carries a coefficient fits itself wholly and says nothing of its error.
    """
    root = np.linalg.inv(np.linalg.cholesky(total))
    leverage, axes = np.linalg.eigh(root @ own @ root.T)
    left = np.where(leverage < ALONE, 1 / np.sqrt(np.maximum(1 - leverage, 1 - ALONE)), 0.0)
    along = np.einsum("gij,gi->gj", axes, score @ root.T) * left
    moved: Floats = np.einsum("gij,gj->gi", axes, along) @ root
    return moved
