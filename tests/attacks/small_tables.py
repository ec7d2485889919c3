"""Small tables to attack, and what an outsider works out of them. Invented places."""

from collections.abc import Mapping, Sequence

import numpy as np

from lagesbild.core.table import Dimension, Relation, Table
from lagesbild.inside.protect.methods.secondary import suppress
from lagesbild.inside.protect.problem.primary import Rule
from lagesbild.inside.protect.problem.system import Flags, Layer, System, build
from lagesbild.inside.protect.proof.intervals import intervals

Leaves = Mapping[tuple[str, ...], int]


def tree(name: str, *rows: str) -> Dimension:
    """`tree("region", "@R", "@@A", "@@@A1")`."""
    return Dimension.of_levels(name, [(row[: row.count("@")], row.lstrip("@")) for row in rows])


REGION = tree("region", "@R", "@@A", "@@@A1", "@@@A2", "@@@A3", "@@B", "@@@B1", "@@@B2", "@@@B3")
SEX = tree("sex", "@T", "@@K", "@@M")
COUNTS = (3, 40, 17, 12, 9, 25, 0, 30, 22, 4, 14, 11)


def counts_of(table: Table, leaves: Sequence[int]) -> np.ndarray:
    counts = np.zeros(table.size, dtype=np.int64)
    counts[table.is_leaf] = leaves
    return table.add_up(counts)


def region_by_sex(leaves: Sequence[int] = COUNTS, rule: Rule | None = None) -> tuple[Table, System]:
    table = Table((REGION, SEX), "events")
    return table, build([Layer(table, counts_of(table, leaves), rule or Rule())]).system


def cell(table: Table, *codes: str) -> int:
    places = [dimension.position[code] for dimension, code in zip(table.dimensions, codes, strict=True)]
    return int(np.ravel_multi_index(places, table.shape))


def widths(system: System, hidden: Flags) -> np.ndarray:
    """Of every unsafe cell's feasible interval, by linear programs; 0 for a cell that is shown. (unsafe,)"""
    low, high = intervals(system, hidden, np.flatnonzero(system.unsafe))
    return np.asarray(high - low)


def recovered(system: System, hidden: Flags) -> int:
    """Unsafe cells that an outsider knows exactly."""
    return int((widths(system, hidden) == 0).sum())


def by_elimination(system: System, hidden: Flags) -> int:
    """Hidden cells that linear algebra alone gives away: zero rows of the null space of their equations."""
    open_cells = np.flatnonzero(hidden)
    equations = system.equations[:, open_cells].toarray().astype(float)
    _, size, rows = np.linalg.svd(equations)
    null = rows[int((size > 1e-9).sum()) :]
    return int((np.abs(null).max(axis=0, initial=0.0) < 1e-9).sum()) if len(null) else len(open_cells)


def protected(system: System, *, insider: bool = False) -> Flags:
    pattern = suppress(system, insider=insider)
    assert pattern.safe
    return pattern.hidden


def relation(total: str, *parts: str) -> Relation:
    return Relation(total, parts)
