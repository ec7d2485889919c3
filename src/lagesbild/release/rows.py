"""The cells of one indicator as rows, in the one order that every file of a release keeps."""

from collections.abc import Iterator
from typing import NamedTuple

from lagesbild.core.figures import Figures


class Row(NamedTuple):
    """A released cell. `municipalities`: how many the number of a larger place adds up, else None."""

    region: str
    period: str
    sex: str
    age: str
    value: int | None
    status: str
    municipalities: int | None


def rows(figures: Figures) -> Iterator[Row]:
    """Sorted by region, period, sex, age: `Figures` keeps its cells sorted."""
    for key, figure in figures:
        yield Row(*key, figure.value, figure.state.value, figures.coverage.get(key))
