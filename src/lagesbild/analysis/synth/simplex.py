"""Exact least squares over weights that are not negative and sum to one (Wolfe 1976, Mathematical
Programming 11:128).

The answer is the point nearest to the origin in the convex hull of the columns. The active set moves a
finite number of times; each move solves a small linear system, so a whole set of placebos costs
milliseconds.
"""

import numpy as np

from ..table.arrays import Floats

MOST_MOVES = 10_000
TOLERANCE = 1e-11


def weights(donors: Floats, target: Floats, ridge: float = 0.0, start: Floats | None = None) -> Floats:
    """argmin |donors w - target|^2 + ridge |w|^2 over the simplex.

    Donors is (rows, units), target (rows,); `start` (units,) is the answer to a problem much like this one.
    """
    points = donors - target[:, None]
    gram = points.T @ points + ridge * np.eye(points.shape[1])
    return nearest_point(gram, start)


def nearest_point(gram: Floats, start: Floats | None = None) -> Floats:
    """argmin w' G w over the simplex for a positive semi-definite G."""
    if start is None:
        start = np.eye(1, len(gram), int(np.argmin(np.diag(gram))))[0]
    weight = start.copy()
    inside = settle(gram, weight, np.flatnonzero(weight).tolist())
    scale = float(np.diag(gram).max()) or 1.0
    for _ in range(MOST_MOVES):
        pull = gram @ weight
        enters = int(np.argmin(pull))
        if weight @ pull - pull[enters] <= TOLERANCE * scale or enters in inside:
            return weight
        inside.append(enters)
        inside = settle(gram, weight, inside)
    raise RuntimeError("the active set kept moving")


def settle(gram: Floats, weight: Floats, inside: list[int]) -> list[int]:
    """Move to the best point on the affine hull of `inside`, dropping whoever would turn negative on the
    way."""
    while True:
        wanted = affine_minimum(gram[np.ix_(inside, inside)])
        if (wanted > 0).all():
            weight[:] = 0.0
            weight[inside] = wanted
            return inside
        now = weight[inside]
        falling = wanted <= 0
        reach = (now[falling] / np.maximum(now[falling] - wanted[falling], 1e-300)).min()
        moved = now + min(reach, 1.0) * (wanted - now)
        stays = moved > 1e-15
        weight[:] = 0.0
        inside = [unit for unit, stay in zip(inside, stays, strict=True) if stay]
        weight[inside] = moved[stays] / moved[stays].sum()


def affine_minimum(gram: Floats) -> Floats:
    """argmin v' G v with v summing to one and any sign."""
    size = len(gram)
    system = np.zeros((size + 1, size + 1))
    system[0, 1:] = system[1:, 0] = 1.0
    system[1:, 1:] = gram / (np.trace(gram) / size or 1.0)
    right = np.zeros(size + 1)
    right[0] = 1.0
    answer: Floats = np.linalg.lstsq(system, right, rcond=1e-14)[0][1:]
    return answer
