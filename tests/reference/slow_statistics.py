"""Slow plain twins of the statistics: one area at a time, as the formula is written, or by brute force."""

from itertools import product

import numpy as np
from scipy import stats
from scipy.optimize import minimize


def poisson_slope(counts, people, times):
    """Maximum likelihood of one log-linear slope, by general optimisation of the log likelihood."""
    t = times - times.mean()

    def minus(at):
        mean = people * np.exp(at[0] + at[1] * t)
        return float((mean - counts * np.log(mean)).sum())

    start = [np.log(counts.sum() / people.sum()), 0.0]
    return minimize(minus, start, method="BFGS", options={"gtol": 1e-9}).x[1]


def slopes_of_every_filling(counts, people, times, bounds):
    """The slope for every way to fill hidden places; `bounds` maps places to (least, largest)."""
    found = []
    for filling in product(*(range(low, high + 1) for low, high in bounds.values())):
        filled = counts.copy()
        filled[list(bounds)] = filling
        found.append(poisson_slope(filled, people, times))
    return found


def directly_standardised(groups, level):
    """groups: (count, people, standard). Dobson's limits, written out."""
    total = sum(count for count, _, _ in groups)
    share = sum(standard for _, _, standard in groups)
    value = sum(standard * count / people for count, people, standard in groups) / share
    variance = sum(count * (standard / people) ** 2 for count, people, standard in groups) / share**2
    z = stats.norm.ppf(0.5 + level / 2)
    low = total * (1 - 1 / (9 * total) - z / (3 * total**0.5)) ** 3
    high = (total + 1) * (1 - 1 / (9 * (total + 1)) + z / (3 * (total + 1) ** 0.5)) ** 3
    scale = (variance / total) ** 0.5
    return value, value + scale * (low - total), value + scale * (high - total)


def distance(one, other, spread, weights):
    """Between two areas, indicator by indicator."""
    squares, mass = 0.0, 0.0
    for a, b, sd, weight in zip(one, other, spread, weights, strict=True):
        if not np.isnan(a) and not np.isnan(b):
            squares += weight * ((a - b) / sd) ** 2
            mass += weight
    return (squares / mass) ** 0.5 if mass else np.inf


def point_type(values, mean, reach, place):
    """The NHS rule that names one point of an XmR chart, looking at every window it could belong to."""
    n, side = len(values), np.sign(values - mean)
    if abs(values[place] - mean) > reach:
        return "Above UCL" if side[place] > 0 else "Below LCL"
    runs = [range(s, s + 7) for s in range(n - 6) if s <= place < s + 7]
    for run in reversed(runs):
        steps = np.sign(np.diff(values[list(run)]))
        if steps[0] and (steps == steps[0]).all():
            return f"7 Point Trend ({'Increasing' if steps[0] > 0 else 'Decreasing'})"
    near = [2 * reach / 3 < abs(v - mean) <= reach for v in values]
    word = "Above" if side[place] > 0 else "Below"
    for start in range(max(0, place - 2), min(place, n - 3) + 1):
        triple = list(range(start, start + 3))
        if near[place] and sum(near[i] for i in triple) >= 2 and abs(side[triple].sum()) == 3:
            return f"2 in 3 {word} CL"
    for run in runs:
        if side[place] and (side[list(run)] == side[place]).all():
            return f"7 Points {word} CL"
    return "Common Cause"


def bym2_log_posterior(latent, own, sds, rho, counts, expected, covariance):
    """Log joint density of one period of BYM2, effects and counts, from dense normal densities."""
    areas = len(counts)
    prior = sds[0] ** 2 * (rho * covariance + (1 - rho) * np.eye(areas))
    rate = latent[0] + latent[1:] + own
    return (
        stats.poisson.logpmf(counts, expected * np.exp(rate)).sum()
        + stats.multivariate_normal.logpdf(latent[1:], np.zeros(areas), prior)
        + stats.norm.logpdf(own, 0, sds[1]).sum()
    )
