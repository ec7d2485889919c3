"""One indicator's coded rows while the gate judges them, each with the place where it stood."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from lagesbild.core.figures import Origin
from lagesbild.core.indicator import Indicator
from lagesbild.core.refusal import Place
from lagesbild.inside.counts import Counts

NAMES = ("region", "period", "sex", "age")


@dataclass(frozen=True)
class Table:
    """Rows of one indicator, by column.

    `at` holds, per dimension, each row's position in that dimension's `codes`, which all indicators of one
    intake share. `row` is each row's position among all rows read, and `place_of` tells where that stood.
    """

    indicator: Indicator
    codes: tuple[Sequence[str], ...]
    at: tuple[NDArray[np.int32], ...]
    value: NDArray[np.int64]
    state: NDArray[np.uint8]
    place_of: Callable[[int, str], Place]
    row: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.value)

    @cached_property
    def steps(self) -> tuple[int, ...]:
        """What one step in each dimension adds to a cell's number."""
        sizes = [len(codes) for codes in self.codes]
        return tuple(int(np.prod(sizes[place + 1 :], dtype=np.int64)) for place in range(len(sizes)))

    @cached_property
    def cell(self) -> NDArray[np.int64]:
        """A number for each row that says which cell it is, the same in every indicator's table."""
        columns = zip(self.at, self.steps, strict=True)
        cell = np.zeros(len(self), np.int64)
        for at, step in columns:
            cell += at.astype(np.int64) * step
        return cell

    @cached_property
    def order(self) -> NDArray[np.int64]:
        """The rows by cell; rows of the same cell in the order in which they were read."""
        return np.argsort(self.cell, kind="stable")

    def find(self, cells: NDArray[np.int64]) -> NDArray[np.int64]:
        """The row of each cell, or -1 where no row has it. Cells must be unique in the table."""
        found = np.searchsorted(self.cell, cells, sorter=self.order).clip(max=len(self) - 1)
        rows = self.order[found]
        return np.where(self.cell[rows] == cells, rows, -1)

    def per_code(self, dimension: int, judge: Callable[[str], bool]) -> NDArray[np.bool_]:
        """The judgement of each row's code in a dimension."""
        return np.array([judge(code) for code in self.codes[dimension]], np.bool_)[self.at[dimension]]

    def counts(self, origin: Origin) -> Counts:
        region, period, sex, age = zip(self.codes, self.at, strict=True)
        return Counts.of_columns(
            self.indicator.code,
            region=region,
            period=period,
            sex=sex,
            age=age,
            value=self.value,
            state=self.state,
            origin=origin,
        )
