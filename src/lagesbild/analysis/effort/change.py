"""One yearly change with its uncertainty."""

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr, stdtrit

LARGEST = 700.0  # logarithm of what a number can hold


@dataclass(frozen=True)
class Change:
    """A yearly change on the log scale; `freedom` of its t distribution."""

    slope: float
    error: float
    freedom: float

    @property
    def per_cent(self) -> float:
        return percent(self.slope)

    def interval(self, level: float) -> tuple[float, float]:
        return percent(self.slope - self.reach(level)), percent(self.slope + self.reach(level))

    def reach(self, level: float) -> float:
        """Half the interval, on the log scale."""
        return float(stdtrit(self.freedom, (1 + level) / 2)) * self.error

    @property
    def probability_of_fall(self) -> float:
        """Under a flat prior: how probable it is that the level really falls."""
        return float(stdtr(self.freedom, -self.slope / self.error))


def percent(slope: float) -> float:
    """Per cent a year from a slope on the log scale."""
    return float(100 * np.expm1(min(slope, LARGEST)))
