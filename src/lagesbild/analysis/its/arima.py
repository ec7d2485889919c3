"""Regression with seasonal ARMA errors by exact maximum likelihood (Box and Tiao 1975, JASA 70:70; Harvey
1989).

The regression and the variance are solved for in closed form, so the search runs over the few ARMA
parameters only.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import compress

import numpy as np
from scipy.linalg import cho_solve, cholesky, solve_triangular, toeplitz
from scipy.optimize import minimize

from ..estimation.regression import NotFitted
from ..table.arrays import Floats

NOT_POSSIBLE = 1e10


@dataclass(frozen=True)
class Orders:
    """(p, d, q)(P, D, Q) with `season` periods a year; the defaults are a plain AR(1)."""

    ar: int = 1
    difference: int = 0
    ma: int = 0
    seasonal_ar: int = 0
    seasonal_difference: int = 0
    seasonal_ma: int = 0
    season: int = 1

    @property
    def sizes(self) -> tuple[int, int, int, int]:
        return self.ar, self.ma, self.seasonal_ar, self.seasonal_ma

    @property
    def names(self) -> tuple[str, ...]:
        words = ("ar", "ma", "sar", "sma")
        return tuple(
            f"{word}{place + 1}"
            for word, size in zip(words, self.sizes, strict=True)
            for place in range(size)
        )


@dataclass(frozen=True)
class ArimaFit:
    """`coefficients` and `errors` by name: the ARMA parameters first, then the regression's."""

    coefficients: dict[str, float]
    errors: dict[str, float]
    variance: float
    log_likelihood: float
    observations: int


def arima(response: Floats, design: Floats, names: Sequence[str], orders: Orders) -> ArimaFit:
    """Fit (n,) on a design (n, k) with ARMA errors; raises `NotFitted`. A differenced intercept vanishes."""
    response, design, names = differenced(response, design, tuple(names), orders)
    if len(response) <= 3 * (sum(orders.sizes) + len(names)) or deficient(design):
        raise NotFitted
    found = search(response, design, orders)
    arma = constrained(found, orders)
    line, variance, likelihood = profiled(response, design, orders, arma)
    values = np.concatenate([arma, line])
    errors = np.sqrt(np.diag(information_inverse(response, design, orders, values)))
    labels = (*orders.names, *names)
    return ArimaFit(
        dict(zip(labels, map(float, values), strict=True)),
        dict(zip(labels, map(float, errors), strict=True)),
        variance,
        likelihood,
        len(response),
    )


def deficient(design: Floats) -> bool:
    return bool(np.linalg.matrix_rank(design) < design.shape[1])


def differenced(
    response: Floats, design: Floats, names: tuple[str, ...], orders: Orders
) -> tuple[Floats, Floats, tuple[str, ...]]:
    """Differences of both sides; columns that become zero (the intercept) are left out."""
    for lag in [1] * orders.difference + [orders.season] * orders.seasonal_difference:
        response, design = response[lag:] - response[:-lag], design[lag:] - design[:-lag]
    kept = np.abs(design).max(axis=0) > 1e-12
    return response, design[:, kept], tuple(compress(names, kept))


def search(response: Floats, design: Floats, orders: Orders) -> Floats:
    """The unconstrained ARMA parameters of greatest likelihood."""

    def cost(free: Floats) -> float:
        likelihood = profiled(response, design, orders, constrained(free, orders))[2]
        return -likelihood if np.isfinite(likelihood) else NOT_POSSIBLE

    start = np.full(sum(orders.sizes), 0.1)
    if not len(start):
        return start
    found: Floats = minimize(cost, start, method="BFGS", jac="3-point", options={"gtol": 1e-8}).x
    return found


def constrained(free: Floats, orders: Orders) -> Floats:
    """Stationary and invertible parameters from any reals (Monahan 1984, Biometrika 71:403)."""
    parts = np.split(free, np.cumsum(orders.sizes)[:-1])
    return np.concatenate([stationary(np.tanh(part)) for part in parts])


def stationary(partial: Floats) -> Floats:
    """AR coefficients from partial autocorrelations, by the Durbin-Levinson recursion."""
    return reduce(lambda phi, last: np.append(phi - last * phi[::-1], last), partial, np.zeros(0))


def profiled(response: Floats, design: Floats, orders: Orders, arma: Floats) -> tuple[Floats, float, float]:
    """Regression coefficients, innovation variance and log-likelihood, given the ARMA parameters."""
    try:
        factor = cholesky(toeplitz(autocovariance(orders, arma, len(response))), lower=True)
    except np.linalg.LinAlgError:
        return np.zeros(design.shape[1]), np.nan, -np.inf
    white = solve_triangular(factor, np.column_stack([design, response]), lower=True)
    line = np.linalg.lstsq(white[:, :-1], white[:, -1], rcond=None)[0]
    residual = white[:, -1] - white[:, :-1] @ line
    return line, *likelihood(residual, factor)


def likelihood(white: Floats, factor: Floats) -> tuple[float, float]:
    """Innovation variance and Gaussian log-likelihood of whitened residuals, the variance profiled out."""
    size = len(white)
    variance = float(white @ white / size)
    value = -size / 2 * (np.log(2 * np.pi * variance) + 1) - np.log(np.diag(factor)).sum()
    return variance, float(value)


def autocovariance(orders: Orders, arma: Floats, length: int) -> Floats:
    """Autocovariances at lags 0 ... length-1 for unit innovations (Brockwell and Davis 1991, section 3.3)."""
    ar, ma = polynomials(orders, arma)
    size = max(len(ar), len(ma))
    ar_padded, ma_padded = np.pad(ar, (0, size - len(ar))), np.pad(ma, (0, size - len(ma)))
    psi = moving_average(ar_padded, ma_padded)
    right = np.array([ma_padded[lag:] @ psi[: size - lag] for lag in range(size)])
    system = np.zeros((size, size))
    for lag in range(size):
        for term in range(size):
            system[lag, abs(lag - term)] += ar_padded[term]
    first = np.linalg.solve(system, right)
    return extended(first, ar, length)


def moving_average(ar: Floats, ma: Floats) -> Floats:
    """The first terms of ma(B) / ar(B): the process as a sum of its innovations."""
    psi = np.zeros(len(ma))
    for lag in range(len(ma)):
        psi[lag] = ma[lag] - ar[1 : lag + 1] @ psi[:lag][::-1]
    return psi


def extended(first: Floats, ar: Floats, length: int) -> Floats:
    """Carry the recursion g(k) = -a1 g(k-1) - ... on to the wanted length."""
    values = np.zeros(max(length, len(first)))
    values[: len(first)] = first
    order = len(ar) - 1
    for lag in range(len(first), length):
        values[lag] = -ar[1:] @ values[lag - order : lag][::-1] if order else 0.0
    return values[:length]


def polynomials(orders: Orders, arma: Floats) -> tuple[Floats, Floats]:
    """The products (1 - phi B)(1 - PHI B^s) and (1 + theta B)(1 + THETA B^s)."""
    ar, ma, seasonal_ar, seasonal_ma = np.split(arma, np.cumsum(orders.sizes)[:-1])
    one = np.convolve(spread(-ar, 1), spread(-seasonal_ar, orders.season))
    other = np.convolve(spread(ma, 1), spread(seasonal_ma, orders.season))
    return one, other


def spread(coefficients: Floats, every: int) -> Floats:
    """1 + c1 B^every + c2 B^(2 every) + ..."""
    polynomial = np.zeros(1 + every * len(coefficients))
    polynomial[0] = 1.0
    polynomial[every::every] = coefficients
    return polynomial


def information_inverse(response: Floats, design: Floats, orders: Orders, values: Floats) -> Floats:
    """Inverse of the observed information in ARMA and regression parameters together."""
    size = sum(orders.sizes)

    def log_likelihood(at: Floats) -> float:
        factor = cholesky(toeplitz(autocovariance(orders, at[:size], len(response))), lower=True)
        residual = solve_triangular(factor, response - design @ at[size:], lower=True)
        return likelihood(residual, factor)[1]

    curvature = -hessian(log_likelihood, values, scales(design, values, size))
    try:
        return np.asarray(cho_solve((cholesky(curvature, lower=True), True), np.eye(len(values))))
    except np.linalg.LinAlgError:
        raise NotFitted from None


def scales(design: Floats, values: Floats, size: int) -> Floats:
    """Steps for numerical differences, fit to each column's size."""
    columns = 1e-3 / np.maximum(np.sqrt((design**2).mean(axis=0)), 1e-8)
    return np.concatenate([np.full(size, 1e-3), columns * 1e-1])


def hessian(function: Callable[[Floats], float], at: Floats, step: Floats) -> Floats:
    """Second derivatives by central differences."""
    size = len(at)
    moves = np.diag(step)
    second = np.empty((size, size))
    for row in range(size):
        for column in range(row + 1):
            corners = [
                (one * other) * function(at + one * moves[row] + other * moves[column])
                for one in (1, -1)
                for other in (1, -1)
            ]
            second[row, column] = second[column, row] = sum(corners) / (4 * step[row] * step[column])
    return second
