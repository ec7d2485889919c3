"""Smoothing over the map and the years: Besag-York-Mollie's model by Laplace approximation, without sampling.

log rate of area i in period t = mean + b_i + f_t + d_it. b leans on the neighbours (BYM2: Riebler et al.
2016, with the share rho of its variance from the map), f on the period before (first-order random walk),
d is each cell's own. The posterior given the hyperparameters is Gaussian at its mode (Rue, Martino and Chopin
2009); the hyperparameters are integrated over a central composite design around theirs.
"""

from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np
from scipy.linalg import cho_solve, cholesky
from scipy.optimize import minimize
from threadpoolctl import threadpool_limits

from ..estimation.bounded_counts import PoissonCells
from ..estimation.limits import normal_quantile
from ..table.tidy import CountsKnown, Numbers

NEWTON = 30
SETTLED = 1e-8
"""A Newton step that promises less log likelihood than this ends the search: after it, the next promises
the square of that."""
STEP, GTOL = 0.05, 0.1
"""Of the search for the hyperparameters, whose posterior is some tenths wide on the scales searched."""

RATE = -np.log(0.01)
"""Prior of each standard deviation: exponential, above 1 with probability 0.01 (penalised complexity)."""

FLAT = 1e-6
"""Precision of the overall mean: as good as flat."""


@dataclass(frozen=True)
class Smoothed:
    """Posterior mean and standard deviation of every log rate (areas, periods), and the sizes of the effects.

    `shrinkage` is how far the rate went from its own towards the others: 0 not at all, 1 altogether.
    """

    mean: Numbers
    sd: Numbers
    shrinkage: Numbers
    sd_area: float
    rho: float
    sd_period: float
    sd_cell: float

    @property
    def smoothed(self) -> Numbers:
        """Posterior medians of the rates."""
        return np.asarray(np.exp(self.mean))

    def limits(self, level: float) -> tuple[Numbers, Numbers]:
        half = normal_quantile(level) * self.sd
        return np.exp(self.mean - half), np.exp(self.mean + half)


def bym2(counts: CountsKnown, expected: Numbers, map_covariance: Numbers) -> Smoothed:
    """Smooth counts (areas, periods) with their expected numbers; hidden cells enter by their bounds.

    `map_covariance` is that of `adjacency.map_covariance`, or the identity when there is no map. A missing
    count has a posterior all the same, from its area, its period and its neighbours.
    """
    # On matrices of this size the threads of BLAS cost ten times the work that they share.
    with threadpool_limits(1):
        model = _Model.of(counts, expected, map_covariance)
        start: Any = np.array([-1.0, 0.0, -2.0, -1.5])[: model.hyper]
        best: Any = minimize(model.loss, start, jac=model.slope, method="BFGS", options={"gtol": GTOL})
        points, shares = _design(best.x, np.asarray(best.hess_inv))
        return model.mixed(points, shares)


@dataclass
class _Model:
    """The model with its data; remembers the last mode, from which the next search starts."""

    cells: PoissonCells
    offset: Numbers
    shape: tuple[int, int]
    vectors: Numbers
    values: Numbers
    walk: Numbers
    walk_precision: Numbers
    latent: Numbers = field(default_factory=lambda: np.zeros(0))
    own: Numbers = field(default_factory=lambda: np.zeros(0))

    @classmethod
    def of(cls, counts: CountsKnown, expected: Numbers, covariance: Numbers) -> "_Model":
        value, lower, upper = (each.ravel() for each in (counts.value, counts.lower, counts.upper))
        flat = CountsKnown(value, lower, upper, counts.protected.ravel())
        values, vectors = np.linalg.eigh(covariance)
        cells = PoissonCells.of(flat)
        walk, precision = _random_walk(counts.value.shape[1])
        model = cls(
            cells, np.log(expected), _two(counts.value.shape), vectors, np.maximum(values, 0), walk, precision
        )
        middle = np.nan_to_num((flat.lower + flat.upper) / 2)
        usual = np.log(max(middle.sum(), 0.5) / np.exp(model.offset.ravel()[flat.bounded]).sum())
        model.latent = np.zeros(1 + model.shape[0] + walk.shape[1])
        model.latent[0] = usual
        model.own = np.zeros(model.shape)
        return model

    @property
    def hyper(self) -> int:
        """log sd of areas, logit rho, log sd of cells, and with several periods log sd of periods."""
        return 4 if self.shape[1] > 1 else 3

    def loss(self, at: Any) -> float:
        return -self._at(at)[0]

    def slope(self, at: Any) -> Numbers:
        """The slope of the loss by central differences, of which Laplace's rounding is a small part."""
        steps = STEP * np.eye(len(at))
        return np.array([self.loss(at + step) - self.loss(at - step) for step in steps]) / (2 * STEP)

    def _at(self, at: Numbers) -> tuple[float, "_Gaussian"]:
        """Log marginal posterior of the hyperparameters, by Laplace, and the Gaussian given them."""
        sd_area, rho, sd_cell, sd_period = _natural(at)
        prior, log_det = self._prior(sd_area, rho, sd_period)
        q = 1 / sd_cell**2
        found = self._mode(prior, q)
        joint = found.value + 0.5 * (log_det + self.own.size * np.log(q)) - 0.5 * found.log_det
        return joint + _log_prior(at, self.hyper), found

    def _prior(self, sd_area: float, rho: float, sd_period: float) -> tuple[Numbers, float]:
        """Prior precision of (mean, areas, periods) and its log determinant."""
        spread = sd_area**2 * (rho * self.values + 1 - rho)
        size, areas = len(self.latent), self.shape[0]
        precision = np.zeros((size, size))
        precision[0, 0] = FLAT
        scaled = self.vectors / np.sqrt(spread)
        np.matmul(scaled, scaled.T, out=precision[1 : areas + 1, 1 : areas + 1])
        precision[areas + 1 :, areas + 1 :] = self.walk_precision / sd_period**2
        steps = self.walk_precision.shape[0]
        return precision, -np.log(spread).sum() - 2 * steps * np.log(sd_period)

    def _mode(self, prior: Numbers, q: float) -> "_Gaussian":
        """Newton with the cells' own effects eliminated: each is tied to the rest by its own mean alone.

        The last step's promised gain is below what anyone needs, so it is taken on trust: value and
        curvature are those of the point before it, the value with that gain added.
        """
        at = self._state(self.latent, self.own, prior, q)
        for _ in range(NEWTON):
            step, own_step, factor, gain = self._step(at, prior, q)
            if gain < SETTLED:
                break
            size = 1.0
            while (
                tried := self._state(at.latent + size * step, at.own + size * own_step, prior, q)
            ).value < at.value and size > 1e-6:
                size /= 2
            at = tried
        self.latent, self.own = at.latent + step, at.own + own_step
        log_det = 2 * np.log(np.diag(factor)).sum() + np.log(at.curve + q).sum()
        log_rate = self._spread(self.latent) + self.own
        return _Gaussian(at.value + gain, float(log_det), log_rate, at.curve, q, factor)

    def _state(self, latent: Numbers, own: Numbers, prior: Numbers, q: float) -> "_State":
        rate = self._spread(latent) + own + self.offset
        value, slope, curve = self.cells.evaluated(rate.ravel())
        pull = prior @ latent
        value -= 0.5 * float(latent @ pull + q * (own**2).sum())
        slope, curve = slope.reshape(self.shape), curve.reshape(self.shape)
        return _State(latent, own, value, self._gathered(slope) - pull, slope - q * own, curve)

    def _step(self, at: "_State", prior: Numbers, q: float) -> tuple[Numbers, Numbers, Numbers, float]:
        """Newton's step of the latent and of each cell's own, the information's factor, the promised gain."""
        together = at.curve + q
        share = at.own_slope / together
        information = self._information(at.curve * q / together)
        information += prior
        # Symmetric, so its transpose is itself, in the order of LAPACK, which may then work in place.
        factor = cholesky(information.T, lower=True, overwrite_a=True, check_finite=False)
        step = cho_solve((factor, True), at.slope - self._gathered(at.curve * share), check_finite=False)
        own_step = share - at.curve / together * self._spread(step)
        gain = 0.5 * float(at.slope @ step + (at.own_slope * own_step).sum())
        return step, own_step, factor, gain

    def _spread(self, latent: Numbers) -> Numbers:
        """mean + area + period of every cell."""
        areas = self.shape[0]
        period = self.walk @ latent[areas + 1 :]
        return np.asarray(latent[0] + latent[1 : areas + 1, None] + period[None, :])

    def _gathered(self, cells: Numbers) -> Numbers:
        """The transpose of `_spread`: sums over all, over each area, over each period."""
        return np.concatenate([[cells.sum()], cells.sum(1), self.walk.T @ cells.sum(0)])

    def _information(self, weight: Numbers) -> Numbers:
        areas = self.shape[0]
        by_area, crossed = weight.sum(1), weight @ self.walk
        size = len(self.latent)
        information = np.zeros((size, size))
        information[0, 0] = weight.sum()
        information[0, 1 : areas + 1] = information[1 : areas + 1, 0] = by_area
        information[0, areas + 1 :] = information[areas + 1 :, 0] = crossed.sum(0)
        inside = np.arange(1, areas + 1)
        information[inside, inside] = by_area
        information[1 : areas + 1, areas + 1 :] = crossed
        information[areas + 1 :, 1 : areas + 1] = crossed.T
        information[areas + 1 :, areas + 1 :] = self.walk.T @ (weight.sum(0)[:, None] * self.walk)
        return information

    def mixed(self, points: list[Numbers], shares: Numbers) -> Smoothed:
        """The posterior over all design points: moments of the mixture of Gaussians."""
        heights, found = zip(*(self._at(point) for point in points), strict=True)
        weights = np.exp(np.array(heights) - max(heights)) * np.abs(shares)
        weights /= weights.sum()
        means = np.array([each.log_rate for each in found])
        variances = np.array([each.variance(self._spread_variance(each)) for each in found])
        mean = np.tensordot(weights, means, 1)
        variance = np.tensordot(weights, variances + (means - mean) ** 2, 1)
        sd_area, rho, sd_cell, sd_period = np.tensordot(weights, [_natural(point) for point in points], 1)
        shrinkage = self._shrinkage(mean)
        return Smoothed(mean, np.sqrt(variance), shrinkage, sd_area, rho, sd_period, sd_cell)

    def _spread_variance(self, found: "_Gaussian") -> Numbers:
        """Posterior variance of mean + area + period in every cell."""
        areas = self.shape[0]
        covariance = cho_solve((found.factor, True), np.eye(len(self.latent)), check_finite=False)
        period = self.walk @ covariance[areas + 1 :, areas + 1 :] @ self.walk.T
        with_mean = covariance[1 : areas + 1, 0]
        crossed = covariance[1 : areas + 1, areas + 1 :] @ self.walk.T
        mean_period = self.walk @ covariance[areas + 1 :, 0]
        own = np.diag(covariance)[1 : areas + 1]
        total = covariance[0, 0] + own[:, None] + np.diag(period)[None, :]
        return np.asarray(total + 2 * (with_mean[:, None] + mean_period[None, :] + crossed))

    def _shrinkage(self, mean: Numbers) -> Numbers:
        """1 - (smoothed - usual) / (raw - usual) on the rates, usual being all counts over all expected."""
        known, expected = self.cells.known.reshape(self.shape) > 0, np.exp(self.offset)
        count = self.cells.count.reshape(self.shape)
        with np.errstate(divide="ignore", invalid="ignore"):
            usual = count[known].sum() / expected[known].sum()
            share = 1 - (np.exp(mean) - usual) / (count / expected - usual)
        return np.where(known, np.clip(share, 0, 1), np.nan)


@dataclass(frozen=True)
class _State:
    """A point of the search: the joint log density, its slopes, and the likelihood's curvature by cell."""

    latent: Numbers
    own: Numbers
    value: float
    slope: Numbers
    own_slope: Numbers
    curve: Numbers


@dataclass(frozen=True)
class _Gaussian:
    """The Gaussian at one set of hyperparameters."""

    value: float
    log_det: float
    log_rate: Numbers
    curve: Numbers
    q: float
    factor: Numbers

    def variance(self, spread: Numbers) -> Numbers:
        together = self.curve + self.q
        return (self.q / together) ** 2 * spread + 1 / together


def _natural(at: Numbers) -> tuple[float, float, float, float]:
    """sd of areas, rho, sd of cells, sd of periods (1 when there is one period: it then has no part)."""
    inside = np.clip(at, -8, 4)
    sd_period = float(np.exp(inside[3])) if len(at) > 3 else 1.0
    return float(np.exp(inside[0])), float(1 / (1 + np.exp(-inside[1]))), float(np.exp(inside[2])), sd_period


def _log_prior(at: Numbers, hyper: int) -> float:
    """Exponential standard deviations, and beta(1/2, 1/2) for rho, on the scale searched."""
    sds = [0, 2, 3][: hyper - 1]
    rho = _natural(at)[1]
    beyond = float((np.maximum(np.abs(at) - 6, 0) ** 2).sum())
    return float(sum(at[i] - RATE * np.exp(at[i]) for i in sds) + 0.5 * np.log(rho * (1 - rho)) - beyond)


def _random_walk(periods: int) -> tuple[Numbers, Numbers]:
    """A basis of period effects that sum to zero and the walk's precision in it, at typical variance 1."""
    if periods == 1:
        return np.zeros((1, 0)), np.zeros((0, 0))
    steps = np.diff(np.eye(periods), axis=0)
    precision = steps.T @ steps
    values, vectors = np.linalg.eigh(precision)
    typical = np.exp(np.log(np.diag(np.linalg.pinv(precision, hermitian=True))).mean())
    # In the eigenbasis, each direction scaled to its own standard deviation, the precision is the identity.
    basis = vectors[:, 1:] / np.sqrt(values[1:] * typical)
    return basis, np.eye(periods - 1)


def _design(mode: Numbers, covariance: Numbers) -> tuple[list[Numbers], Numbers]:
    """A central composite design and its weights (Rue, Martino and Chopin 2009, section 6.5)."""
    size, reach = len(mode), 1.1
    values, vectors = np.linalg.eigh((covariance + covariance.T) / 2)
    root = vectors * np.sqrt(np.clip(values, 1e-4, 4.0))
    radius = reach * np.sqrt(size)
    corners = [np.array(signs) * reach for signs in product((-1.0, 1.0), repeat=size)]
    axes = [sign * radius * row for row in np.eye(size) for sign in (-1.0, 1.0)]
    points = [mode, *(mode + root @ z for z in (*corners, *axes))]
    outer = 1 / ((len(points) - 1) * (1 + np.exp(-size * reach**2 / 2) * (reach**2 - 1)))
    shares = np.full(len(points), outer)
    shares[0] = 1 - outer * (len(points) - 1)
    return points, shares


def _two(shape: tuple[int, ...]) -> tuple[int, int]:
    areas, periods = shape
    return areas, periods
