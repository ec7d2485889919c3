"""The segmented regression: a line, a season, and a change of level and of slope when the measure came.

Bernal, Cummins and Gasparrini (2017, International Journal of Epidemiology 46:348).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..table.arrays import Floats, Integers

Change = Literal["level", "slope", "both"]


@dataclass(frozen=True)
class Design:
    """`matrix` (periods, terms) with `names`; `without` is the same had the measure never come."""

    names: tuple[str, ...]
    matrix: Floats
    without: Floats

    @property
    def effects(self) -> tuple[int, ...]:
        """The columns that hold the effect."""
        return tuple(np.flatnonzero((self.matrix != self.without).any(axis=0)))


def design(
    time: Floats,
    treated: Floats,
    change: Change = "both",
    season: Mapping[str, Floats] | None = None,
    covariates: Mapping[str, Floats] | None = None,
) -> Design:
    """The design for `time` in steps, `treated` 0/1 (or a share), seasons and covariates by name."""
    changes = effect_columns(time, treated, change)
    rest = {"intercept": np.ones(len(time)), "time": time, **dict(season or {}), **dict(covariates or {})}
    columns = {"intercept": rest.pop("intercept"), **changes, **rest}
    matrix = np.column_stack(list(columns.values()))
    without = matrix.copy()
    without[:, 1 : 1 + len(changes)] = 0.0
    return Design(tuple(columns), matrix, without)


def effect_columns(time: Floats, treated: Floats, change: Change) -> dict[str, Floats]:
    """The jump, and the bend counted from the first treated period."""
    columns = {}
    if change in ("level", "both"):
        columns["level"] = treated
    if change in ("slope", "both"):
        columns["slope"] = treated * (time - time[np.argmax(treated > 0)])
    return columns


def seasons(season: Integers | None, harmonics: int = 0) -> dict[str, Floats]:
    """One indicator for each season but the first, or else pairs of sine and cosine (Fourier terms)."""
    if season is None:
        return {}
    if harmonics:
        angle = 2 * np.pi * season / len(np.unique(season))
        waves = {"sin": np.sin, "cos": np.cos}
        return {
            f"{name}_{k}": wave(k * angle) for k in range(1, harmonics + 1) for name, wave in waves.items()
        }
    return {f"season_{code}": (season == code).astype(np.float64) for code in np.unique(season)[1:]}


def delayed(treated: Floats, steps: int) -> Floats:
    """The measure taken to work `steps` periods after it began."""
    if steps == 0:
        return treated
    later: Floats = np.concatenate([np.zeros(steps), treated[:-steps]])
    return later
