"""Poisson log-linear models for many tables and many models at once.

Newton's method on arrays whose first axis runs over replicates, so that a thousand bootstrap tables cost
about as much as one. A two-list effect whose overlap is empty has its estimate at minus infinity: its
cells are dropped and its column left out (Chan, Silverman and Vincent 2021, section 2.3), and so is a
list that a replicate left empty.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.special import gammaln, xlogy

from ..table.arrays import Bools, Floats, Integers

STEPS = 14  # Newton settles in four to eight; a step that is still long then runs off to infinity
PATIENCE = 200
SETTLED = 1e-5  # the step just taken; the error left is its square
TOGETHER = 128  # replicates at a time, so that their matrices stay in the processor's cache
LONGEST_STEP = 4.0


@dataclass(frozen=True)
class Fits:
    """One fit per replicate; arrays are (replicates, parameters) or (replicates, cells)."""

    coefficients: Floats
    means: Floats
    active: Bools
    kept: Bools
    settled: Bools

    @property
    def hidden(self) -> Floats:
        """The expected number on no list, one per replicate; infinite where nothing settled."""
        with np.errstate(over="ignore"):
            return np.where(self.settled, np.exp(self.coefficients[:, 0]), np.inf)


def structure(design: Floats, counts: Floats, wanted: Bools) -> tuple[Bools, Bools]:
    """Which columns are estimated and which cells are kept, when empty effects go to minus infinity.

    `wanted` is (replicates, parameters); returns (replicates, parameters) and (replicates, cells).
    """
    empty = wanted & (counts @ design == 0)
    kept = (empty.astype(np.float64) @ design.T) == 0
    return wanted & ~empty, kept


def fit(design: Floats, counts: Floats, wanted: Bools, start: Floats | None = None) -> Fits:
    """Fit each replicate's model (its `wanted` columns of `design`) to its row of `counts`."""
    active, kept = structure(design, counts, wanted)
    coefficients, settled = np.empty(active.shape), np.empty(len(counts), dtype=np.bool_)
    for first in range(0, len(counts), TOGETHER):
        some = slice(first, first + TOGETHER)
        part = counts[some], active[some], kept[some]
        begin = log_start(design, *part) if start is None else np.where(active[some], start[some], 0.0)
        coefficients[some], settled[some] = newton(design, *part, begin, STEPS)
    return Fits(coefficients, means(design, coefficients, kept), active, kept, settled)


def refit(design: Floats, counts: Floats, fits: Fits, row: int) -> Fits:
    """Give one replicate that is known to have an estimate all the time it needs."""
    one = slice(row, row + 1)
    start = log_start(design, counts[one], fits.active[one], fits.kept[one])
    coefficients, settled = newton(design, counts[one], fits.active[one], fits.kept[one], start, PATIENCE)
    fits.coefficients[row], fits.settled[row] = coefficients[0], settled[0]
    fits.means[row] = means(design, coefficients, fits.kept[one])[0]
    return fits


def means(design: Floats, coefficients: Floats, kept: Bools) -> Floats:
    """Expected counts, zero in dropped cells."""
    mean: Floats = np.exp(np.clip(coefficients @ design.T, -700, 60)) * kept
    return mean


def log_start(design: Floats, counts: Floats, active: Bools, kept: Bools) -> Floats:
    """One weighted regression of log(n + 1/2), which starts Newton close enough."""
    weight = (counts + 0.5) * kept
    return step(design, weight, weight * np.log(counts + 0.5), active)


def newton(
    design: Floats, counts: Floats, active: Bools, kept: Bools, start: Floats, steps: int
) -> tuple[Floats, Bools]:
    """Maximise every replicate's likelihood; those that do not settle are told apart, never hidden."""
    coefficients = start.copy()
    settled = np.zeros(len(counts), dtype=np.bool_)
    for _ in range(steps):
        at = np.flatnonzero(~settled)
        if not len(at):
            break
        mean = means(design, coefficients[at], kept[at])
        move = step(design, mean, counts[at] * kept[at] - mean, active[at])
        longest = np.abs(move).max(axis=1)
        coefficients[at] += move * np.minimum(1.0, LONGEST_STEP / np.maximum(longest, 1e-300))[:, None]
        settled[at] = longest < SETTLED
    return coefficients, settled


def step(design: Floats, weight: Floats, residual: Floats, active: Bools) -> Floats:
    """Solve (X'WX) d = X'r for each replicate, leaving inactive columns at zero."""
    information = fisher_information(design, weight, active)
    score = np.where(active, residual @ design, 0.0)
    answer: Floats = np.linalg.solve(information, score[:, :, None])[:, :, 0]
    return answer


def fisher_information(design: Floats, weight: Floats, active: Bools) -> Floats:
    """X'WX for each replicate, with ones on the diagonal where a column is inactive."""
    parameters = design.shape[1]
    upper, across, place = half_matrix(parameters)
    half = weight @ (design[:, upper] * design[:, across])
    information = half[:, place.ravel()].reshape(-1, parameters, parameters)
    diagonal = np.arange(parameters)
    # a hair of ridge lets a run-away replicate fail on its own instead of stopping the whole batch
    information[:, diagonal, diagonal] *= 1 + 1e-13
    information[:, diagonal, diagonal] += 1e-290
    masked = np.flatnonzero(~active.all(axis=1))
    if len(masked):
        part = active[masked]
        information[masked] *= part[:, :, None] & part[:, None, :]
        information[masked[:, None], diagonal, diagonal] += ~part
    return information


@lru_cache(maxsize=64)
def half_matrix(size: int) -> tuple[Integers, Integers, Integers]:
    """Rows and columns of the upper half of a symmetric matrix, and where in it each place is found."""
    upper, across = np.triu_indices(size)
    place = np.empty((size, size), dtype=np.int64)
    place[upper, across] = place[across, upper] = np.arange(len(upper))
    return upper, across, place


def deviance(counts: Floats, fits: Fits) -> Floats:
    """Poisson deviance over the kept cells, one per replicate."""
    mean = np.where(fits.kept, fits.means, 1.0)
    count = counts * fits.kept
    return np.asarray(2 * (xlogy(count, count / mean) - (count - fits.means)).sum(axis=1))


def saturated_term(counts: Floats) -> Floats:
    """Minus twice the saturated log-likelihood: what a deviance lacks to make an AIC."""
    return np.asarray(-2 * (xlogy(counts, counts) - counts - gammaln(counts + 1)).sum(axis=-1))


def intercept_error(design: Floats, fits: Fits) -> Floats:
    """Standard error of the intercept, the log of the hidden number, one per replicate."""
    information = fisher_information(design, fits.means, fits.active)
    unit = np.zeros((len(information), design.shape[1], 1))
    unit[:, 0] = 1.0
    return np.asarray(np.sqrt(np.linalg.solve(information, unit)[:, 0, 0]))
