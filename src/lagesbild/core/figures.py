"""A table as it may be shown: every cell has a value or the reason why it has none."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Literal, NamedTuple

TOTAL = "T"

Origin = Literal["reported", "example"]
"""Example figures are invented for the demonstration; they never share a table with reported ones."""


class State(StrEnum):
    """Why a cell shows what it shows. The value is the status code in every data format.

    A real zero is a VALUE. PROTECTED is one single mark, whatever the reason for hiding. NO_PICTURE means
    that nobody has reported; NOT_APPLICABLE that there is nothing that could be reported.
    """

    VALUE = ""
    PROTECTED = "c"
    NO_PICTURE = "x"
    NOT_APPLICABLE = "z"


class Key(NamedTuple):
    """The place of a cell in its indicator's table."""

    region: str
    period: str
    sex: str = TOTAL
    age: str = TOTAL


class Figure(NamedTuple):
    """One cell as it may be shown."""

    value: int | None
    state: State


NO_PICTURE = Figure(None, State.NO_PICTURE)


@dataclass(frozen=True)
class Figures:
    """All released cells of one indicator. A cell that is not among them has no picture.

    `coverage` says, for a number of a larger place, how many municipalities it is the sum of: numbers add up
    those that reported just that (a total, women of one age), and are never scaled up to those that did not.
    """

    indicator: str
    origin: Origin
    cells: Mapping[Key, Figure]
    coverage: Mapping[Key, int]

    def __post_init__(self) -> None:
        if any((figure.value is None) is (figure.state is State.VALUE) for figure in self.cells.values()):
            raise ValueError("a cell has a value exactly when its state says so")
        object.__setattr__(self, "cells", MappingProxyType(dict(sorted(self.cells.items()))))
        object.__setattr__(self, "coverage", MappingProxyType(dict(sorted(self.coverage.items()))))

    def __getitem__(self, key: Key) -> Figure:
        return self.cells.get(key, NO_PICTURE)

    def __iter__(self) -> Iterator[tuple[Key, Figure]]:
        return iter(self.cells.items())

    def __len__(self) -> int:
        return len(self.cells)

    @cached_property
    def regions(self) -> tuple[str, ...]:
        return tuple(sorted({key.region for key in self.cells}))

    @cached_property
    def periods(self) -> tuple[str, ...]:
        return tuple(sorted({key.period for key in self.cells}))

    @cached_property
    def sexes(self) -> tuple[str, ...]:
        return tuple(sorted({key.sex for key in self.cells}))

    @cached_property
    def ages(self) -> tuple[str, ...]:
        return tuple(sorted({key.age for key in self.cells}))

    def series(self, region: str, sex: str = TOTAL, age: str = TOTAL) -> dict[str, Figure]:
        """Period code to figure, for every period that the table knows."""
        return {period: self[Key(region, period, sex, age)] for period in self.periods}
