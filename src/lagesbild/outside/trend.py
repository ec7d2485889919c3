"""Whether a series rises or falls: the verdict of the statistics, over the stretch after the last break."""

from dataclasses import dataclass
from typing import Literal

from lagesbild.outside.readings import Series

FEWEST = 5
Word = Literal["rises", "falls", "steady", "few"]


@dataclass(frozen=True)
class Trend:
    """The verdict word, the years it rests on, and the change a year with 95 per cent limits where known."""

    word: Word
    first: int
    last: int
    points: int
    yearly: float | None = None
    band95: tuple[float, float] | None = None


def unbroken(series: Series) -> Series:
    """The readings with a rate after the last break in the series."""
    start = max((place for place, reading in enumerate(series) if reading.after_break), default=0)
    return tuple(reading for reading in series[start:] if reading.estimate is not None)


def trend(series: Series) -> Trend | None:
    """The verdict on one series; None where it has no rates at all."""
    points = unbroken(series)
    if not points:
        return None
    return Trend("few", points[0].year, points[-1].year, len(points))
