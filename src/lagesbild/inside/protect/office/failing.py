"""Cells that an attack finds unprotected, and the rule that each of them fails; for the private side only."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from lagesbild.core.table import Table
from lagesbild.inside.protect.problem.system import Ints

from .delivery import delimited
from .spec import Spec
from .tidy import names_of

Reason = Literal["shown", "exact", "short", "narrow", "insider", "unproven", "doubtful"]
"""Which rule an unsafe cell fails: its number is shown; it is worked out to the number; its interval does not
reach the threshold; or is narrower than the width; a supplier can pin it down; nobody could show a leak, but
no proof of protection was found either; or, without the truth, it is too narrow for a small count but may be
none."""
EARLIER = "earlier"
"""Stands for the table of a cell that only an earlier release has."""

Named = Mapping[int, tuple[str, Table, int]]
NO_RESTS: Mapping[int, int] = {}
Found = tuple[int, Reason, int, int]
"""A cell of the system, why it fails, and the least and most that an outsider thinks possible."""


@dataclass(frozen=True)
class Failed:
    """An unsafe cell that is not protected. low, high: what an outsider works out."""

    table: str
    dimensions: tuple[str, ...]
    codes: tuple[str, ...]
    reason: Reason
    low: int
    high: int


def why(
    cells: Ints, low: Ints, high: Ints, threshold: Ints, width: Ints, otherwise: Reason
) -> Iterator[Found]:
    """The rule that each of the cells fails."""
    for cell, least, most in zip(cells.tolist(), low.tolist(), high.tolist(), strict=True):
        reason: Reason = otherwise
        if least == most:
            reason = "exact"
        elif most < threshold[cell]:
            reason = "short"
        elif most - least < width[cell]:
            reason = "narrow"
        yield cell, reason, least, most


def named(
    spec: Spec, tables: Sequence[Table], cell_of: Sequence[Ints], rests: Mapping[int, int] = NO_RESTS
) -> Named:
    """For each of the system's cells a table that shows it, by name, and its number there; for a rest those
    of its total."""
    found: dict[int, tuple[str, Table, int]] = {}
    for number, (table, own) in enumerate(zip(tables, cell_of, strict=True)):
        name = spec.tables[number].name if number < len(spec.tables) else EARLIER
        for place, cell in enumerate(own.tolist()):
            found.setdefault(cell, (name, table, place))
    return found | {rest: found[total] for rest, total in rests.items()}


def failed(names: Named, cells: Sequence[Found]) -> Iterator[Failed]:
    for cell, reason, low, high in cells:
        name, table, place = names[cell]
        numbers = np.unravel_index(place, table.shape)
        codes = (each.codes[number] for each, number in zip(table.dimensions, numbers, strict=True))
        yield Failed(name, names_of(table), tuple(codes), reason, low, high)


def failing_csv(cells: Sequence[Failed]) -> bytes:
    """The cells and why they fail, over the dimensions of all their tables."""
    names = list(dict.fromkeys(name for each in cells for name in each.dimensions))
    rows = []
    for each in cells:
        code = dict(zip(each.dimensions, each.codes, strict=True))
        rows.append((each.table, *(code.get(name, "") for name in names), each.reason, each.low, each.high))
    return delimited(("table", *names, "fails", "low", "high"), rows)
