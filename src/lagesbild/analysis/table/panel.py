"""Areas by periods: the table as a matrix."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from .periods import name_of, refuse_repeated, times_of
from .tidy import CountsKnown, Numbers, Tidy


@dataclass(frozen=True)
class Panel:
    """One row for each series, one column for each period, in order of time; NaN where nothing is known."""

    keys: list[dict[str, Any]]
    periods: tuple[str, ...]
    times: Numbers
    counts: CountsKnown
    denominator: Numbers

    @cached_property
    def names(self) -> dict[float, str]:
        """What the table calls each time."""
        return dict(zip(self.times.tolist(), self.periods, strict=True))


def panel_of(table: Tidy, by: Sequence[str] = ()) -> Panel:
    """The table as areas by periods; refuses when one series has two rows for the same period."""
    times, names = times_of(table), table.text("period")
    order, first, column = np.unique(times, return_index=True, return_inverse=True)
    groups = table.groups("area", *by)
    row = np.empty(len(table), dtype=np.intp)
    for number, (_, rows) in enumerate(groups):
        row[rows] = number
    refuse_repeated(table, row, column)
    shape, known = (len(groups), len(order)), table.counts()
    protected = np.zeros(shape, dtype=bool)
    protected[row, column] = known.protected
    value, lower, upper, per = (
        _spread(values, shape, row, column)
        for values in (known.value, known.lower, known.upper, table.filled("denominator", 1.0))
    )
    counts = CountsKnown(value, lower, upper, protected)
    periods = tuple(name_of(str(name)) for name in names[first])
    return Panel([key for key, _ in groups], periods, order, counts, per)


def _spread(values: Numbers, shape: tuple[int, int], row: Any, column: Any) -> Numbers:
    matrix = np.full(shape, np.nan)
    matrix[row, column] = values
    return matrix
