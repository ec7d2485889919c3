"""Multiplier bootstrap.

Intervals that hold for all periods at once (Callaway and Sant'Anna 2021, algorithm 1).
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from ..table.arrays import Floats

QUARTILES = float(ndtri(0.75) - ndtri(0.25))
AT_A_TIME = 250
MAMMEN = (np.sqrt(5) + 1) / 2


@dataclass(frozen=True)
class Band:
    """`errors` (estimates,) from the bootstrap's quartiles.

    `critical` replaces 1.96 in a simultaneous band.
    """

    errors: Floats
    critical: float


def band(influence: Floats, draws: int, seed: int, level: float) -> Band:
    """From (units, estimates) influences.

    Estimates without variation get an error of NaN and do not count.
    """
    spread = np.vstack(list(deviations(influence, draws, np.random.default_rng(seed))))
    upper, lower = np.quantile(spread, [0.75, 0.25], axis=0)
    errors = np.where(upper > lower, (upper - lower) / QUARTILES, np.nan)
    if np.isnan(errors).all():
        return Band(errors, np.nan)
    largest = np.nanmax(np.abs(spread / errors), axis=1)
    critical = float(np.quantile(largest, level))
    return Band(errors, max(critical, float(ndtri((1 + level) / 2))))


def deviations(influence: Floats, draws: int, random: np.random.Generator) -> list[Floats]:
    """(draws, estimates) in pieces: means of influences times Mammen's two-point multipliers."""
    share = MAMMEN / np.sqrt(5)
    pieces = []
    for start in range(0, draws, AT_A_TIME):
        size = (min(AT_A_TIME, draws - start), len(influence))
        multipliers = np.where(random.random(size) < share, 1 - MAMMEN, MAMMEN)
        pieces.append(multipliers @ influence / len(influence))
    return pieces
