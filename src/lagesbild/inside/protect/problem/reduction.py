"""Cells that can only move together, taken as one: the same problem, several times smaller.

A published cell stands still in every alternative table. An equation left with one other cell holds that cell
still too; one left with two ties them to each other. Carried on until nothing changes this is exact: the
tables an attacker cannot rule out are the same. Hiding one of a class alone is useless, hiding all of it buys
one unknown, so a class is hidden whole or not at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from .system import Flags, Ints, Reals, System


@dataclass(frozen=True, eq=False)
class Demand:
    """An unsafe class must reach `up` above the truth, and `up` and `down` together `width` (`sign`: of the
    class's own direction that is up). `avoid`: a supplier whose cells the table must leave alone."""

    unit: int
    sign: int
    reach: int
    width: int
    avoid: int = -1


@dataclass(frozen=True, eq=False)
class Reduction:
    """m classes ("units") of a system's cells.

    members: (n, m), 1 or -1 where a cell moves with a class or against it; no entry: it cannot move.
    equations: (rows, m).  fall, rise: how far a unit can move down and up, (m,).
    price: of hiding the unit's cells that are not hidden anyway, (m,).  given: hidden in any case, (m,).
    size: a typical count, for ordering, (m,).  block: see System.block, (m,).
    """

    members: sp.csr_array
    equations: sp.csr_array
    fall: Reals
    rise: Reals
    price: Reals
    given: Flags
    size: Reals
    block: Ints
    demands: tuple[Demand, ...]

    @cached_property
    def by_unit(self) -> sp.csc_array:
        """`members` by columns."""
        return sp.csc_array(self.members)

    def cells_of(self, units: Flags) -> Flags:
        """The cells of the given units, (n,)."""
        return np.asarray(abs(self.members) @ units.astype(np.int64) > 0)

    def units_of(self, cells: Flags) -> Flags:
        """Units of which every cell is among `cells`, (m,)."""
        return np.asarray(abs(self.members).T @ (~cells).astype(np.int64) == 0)

    def knows(self, system: System, supplier: int) -> Flags:
        """Units with a cell that the supplier knows, (m,)."""
        return np.asarray(abs(self.members).T @ (system.supplier == supplier).astype(np.int64) > 0)

    def crossing(self) -> Flags:
        """Units that share an equation with units of other blocks, (m,)."""
        held = self.equations.tocoo()
        crossing = np.zeros(len(self.price), dtype=bool)
        crossing[held.col[self.ties_blocks()[held.row]]] = True
        return crossing & (self.block >= 0)

    def ties_blocks(self) -> Flags:
        """Equations with units of several blocks, (rows,)."""
        held = self.equations.tocoo()
        block, inside = self.block[held.col], self.block[held.col] >= 0
        rows = self.equations.shape[0]
        least, most = np.full(rows, np.iinfo(np.int64).max), np.full(rows, -1, dtype=np.int64)
        np.minimum.at(least, held.row[inside], block[inside])
        np.maximum.at(most, held.row[inside], block[inside])
        return least < most


def reduce(system: System, price: Reals | None = None) -> Reduction:
    """Find the classes. `price` (n,) replaces the system's cost."""
    members, equations = _classes(system)
    cost = system.cost if price is None else price
    belongs = abs(members).T
    any_unsafe = belongs @ system.unsafe.astype(np.int64) > 0
    open_to_choice = belongs @ (~system.primary).astype(np.int64) > 0
    fall, rise = _room(system, members)
    return Reduction(
        members=members,
        equations=equations,
        fall=fall,
        rise=rise,
        price=np.asarray(belongs @ np.where(system.primary, 0.0, cost)),
        given=np.asarray(any_unsafe | ~open_to_choice),
        size=_largest(members, system.values.astype(float)),
        block=_largest(members, system.block.astype(float)).astype(np.int64),
        demands=_demands(system, members),
    )


def as_seen(system: System, hidden: Flags) -> Reduction:
    """The reduction for an attacker to whom only `hidden` (n,) can move."""
    return reduce(system.with_(fixed=~hidden, forced=hidden))


def _classes(system: System) -> tuple[sp.csr_array, sp.csr_array]:
    free = np.flatnonzero(system.hideable)
    ones = np.ones(len(free), dtype=np.int64)
    members = sp.csr_array((ones, (free, np.arange(len(free)))), shape=(system.size, len(free)))
    equations = sp.csr_array(system.equations @ members)
    while True:
        equations.eliminate_zeros()
        equations = sp.csr_array(equations[np.flatnonzero(np.diff(equations.indptr))])
        merge = _merge(equations)
        if merge is None:
            return members, _each_once(equations)
        members, equations = sp.csr_array(members @ merge), sp.csr_array(equations @ merge)


def _merge(equations: sp.csr_array) -> sp.csr_array | None:
    """Old units by new ones, from the equations of one and two units; None when there are none."""
    count, starts, old = np.diff(equations.indptr), equations.indptr[:-1], equations.shape[1]
    still = equations.indices[starts[count == 1]]
    pair = starts[count == 2]
    pair = pair[np.abs(equations.data[pair]) == np.abs(equations.data[pair + 1])]
    if not len(still) and not len(pair):
        return None
    one, other = equations.indices[pair].astype(np.int64), equations.indices[pair + 1].astype(np.int64)
    against = equations.data[pair] == equations.data[pair + 1]
    # Each unit stands twice, as itself and as its opposite; a unit tied to its own opposite cannot move.
    same, opposite = _tied(
        one, np.where(against, other + old, other), np.where(against, other, other + old), old
    )
    stuck = np.unique(np.minimum(same, opposite)[(same == opposite) | np.isin(np.arange(old), still)])
    group = np.minimum(same, opposite)
    moving = np.flatnonzero(~np.isin(group, stuck))
    _, first, number = np.unique(group[moving], return_index=True, return_inverse=True)
    sign = np.where(same[moving] == same[moving[first[number]]], 1, -1)
    return sp.csr_array((sign.astype(np.int64), (moving, number)), shape=(old, len(first)))


def _tied(one: Ints, with_one: Ints, with_opposite: Ints, old: int) -> tuple[Ints, Ints]:
    ends = np.concatenate([one, one + old]), np.concatenate([with_one, with_opposite])
    graph: sp.coo_array = sp.coo_array((np.ones(2 * len(one)), ends), shape=(2 * old, 2 * old))
    label = connected_components(graph, directed=False)[1].astype(np.int64)
    return label[:old], label[old:]


def _each_once(equations: sp.csr_array) -> sp.csr_array:
    """Linked margins say the same thing twice, perhaps with the opposite sign."""
    equations.sort_indices()
    seen: dict[tuple[bytes, bytes], int] = {}
    for row in range(equations.shape[0]):
        part = slice(equations.indptr[row], equations.indptr[row + 1])
        signs = equations.data[part] * np.sign(equations.data[part.start])
        seen.setdefault((equations.indices[part].tobytes(), signs.tobytes()), row)
    return sp.csr_array(equations[list(seen.values())])


def _room(system: System, members: sp.csr_array) -> tuple[Reals, Reals]:
    held = members.tocoo()
    below = (system.values - system.floor)[held.row].astype(float)
    above = (system.ceiling - system.values)[held.row].astype(float)
    fall, rise = np.full(members.shape[1], np.inf), np.full(members.shape[1], np.inf)
    np.minimum.at(fall, held.col, np.where(held.data > 0, below, above))
    np.minimum.at(rise, held.col, np.where(held.data > 0, above, below))
    return fall, rise


def _largest(members: sp.csr_array, of_cells: Reals) -> Reals:
    held = members.tocoo()
    largest = np.full(members.shape[1], -1.0)
    np.maximum.at(largest, held.col, of_cells[held.row])
    return largest


def _demands(system: System, members: sp.csr_array) -> tuple[Demand, ...]:
    held = members.tocoo()
    unsafe = system.unsafe[held.row]
    cells, units, signs = held.row[unsafe], held.col[unsafe], held.data[unsafe]
    reach = np.maximum(system.threshold - system.values, 0)[cells]
    rows: Sequence[Sequence[int]] = np.unique(
        np.column_stack([units, signs, reach, system.width[cells]]), axis=0
    ).tolist()
    return tuple(Demand(*row) for row in rows)
