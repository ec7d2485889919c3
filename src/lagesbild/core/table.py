"""Dimensions, margins, and the equations a table must satisfy: no counts here, only which sums hold."""

from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Relation:
    """`total` is the sum of `parts`, for instance a county and its municipalities."""

    total: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Dimension:
    """Codes and every relation among them.

    A code may be total or part in several relations, so groupings need not nest (counties beside police
    regions) and may overlap (rolling sums). Raises ValueError on a code that is repeated or unknown, and on
    relations that run in a circle.
    """

    name: str
    codes: tuple[str, ...]
    relations: tuple[Relation, ...] = ()

    def __post_init__(self) -> None:
        if len(set(self.codes)) != len(self.codes):
            raise ValueError(f"dimension {self.name}: a code is repeated")
        for relation in self.relations:
            named = (relation.total, *relation.parts)
            if not relation.parts or len(set(named)) != len(named) or not set(named) <= set(self.codes):
                raise ValueError(f"dimension {self.name}: a relation repeats a code or names an unknown one")
        if self._made_from_leaves is None:
            raise ValueError(f"dimension {self.name}: the relations run in a circle")

    @classmethod
    def of_levels(cls, name: str, rows: Iterable[tuple[str, str]]) -> "Dimension":
        """From rows (level marks, code) such as `@,SE` / `@@,L01` / `@@@,K0114`, as a tree is walked.

        A code may stand below several totals (overlapping bands); what it is made of is told once.
        """
        codes: dict[str, None] = {}
        open_above: list[str] = []
        parts: dict[str, list[str]] = {}
        closed: set[str] = set()
        for marks, code in rows:
            depth = len(marks)
            if not marks or set(marks) != {"@"} or depth > len(open_above) + 1:
                raise ValueError(f"dimension {name}: level marks must deepen by one @ at a time")
            closed |= set(open_above[depth - 1 :])
            del open_above[depth - 1 :]
            if open_above:
                if open_above[-1] in closed and open_above[-1] in parts:
                    raise ValueError(f"dimension {name}: a code has its parts in two places")
                parts.setdefault(open_above[-1], []).append(code)
            elif code in codes:
                raise ValueError(f"dimension {name}: a code is repeated")
            open_above.append(code)
            codes[code] = None
        return cls(name, tuple(codes), tuple(Relation(total, tuple(own)) for total, own in parts.items()))

    @cached_property
    def position(self) -> dict[str, int]:
        return {code: place for place, code in enumerate(self.codes)}

    @cached_property
    def leaves(self) -> tuple[str, ...]:
        """The codes that are a sum of nothing."""
        totals = {relation.total for relation in self.relations}
        return tuple(code for code in self.codes if code not in totals)

    @cached_property
    def tops(self) -> tuple[str, ...]:
        """Totals of everything: part of nothing, and each leaf once. Several where groupings over the same
        leaves have a total each; none where groupings leave something out."""
        within = {part for relation in self.relations for part in relation.parts}
        leaves = {code: frozenset((code,)) for code in self.leaves}
        for relation in self._made_from_leaves or ():
            leaves[relation.total] = frozenset[str]().union(*(leaves[part] for part in relation.parts))
        many = self.add_up(np.ones(len(self.codes), dtype=np.int64), 0)
        every = len(self.leaves)
        return tuple(
            code
            for code, count in zip(self.codes, many.tolist(), strict=True)
            if code not in within and code not in self.leaves and count == len(leaves[code]) == every
        )

    @property
    def top(self) -> str | None:
        return self.tops[0] if self.tops else None

    @cached_property
    def branch(self) -> tuple[str | None, ...]:
        """For each code the child of the top that it is or descends from; None for the top and what lies
        across several. With several groupings the top's first relation counts."""
        below = next((relation.parts for relation in self.relations if relation.total == self.top), ())
        found: dict[str, set[str]] = {code: set() for code in self.codes}
        for child in below if any(part not in self.leaves for part in below) else ():
            found[child].add(child)
        for relation in reversed(self._made_from_leaves or ()):
            for part in relation.parts:
                if part not in below and relation.total in found and relation.total != self.top:
                    found[part] |= found[relation.total]
        return tuple(next(iter(own)) if len(own) == 1 else None for own in found.values())

    @cached_property
    def level(self) -> Ints:
        """Steps from each code down to its nearest leaves: 0 for a leaf. Shape (codes,)."""
        level = np.zeros(len(self.codes), dtype=np.int64)
        for relation in self._made_from_leaves or ():
            below = max(level[self.position[part]] for part in relation.parts)
            level[self.position[relation.total]] = below + 1
        return level

    @cached_property
    def _made_from_leaves(self) -> tuple[Relation, ...] | None:
        """One relation for each total, ordered so that parts come before their total; None if circular."""
        known, ordered = set(self.leaves), []
        waiting = list(self.relations)
        while waiting:
            ready = [relation for relation in waiting if known.issuperset(relation.parts)]
            if not ready:
                return None
            for relation in ready:
                if relation.total not in known:
                    ordered.append(relation)
            known |= {relation.total for relation in ready}
            waiting = [relation for relation in waiting if relation not in ready]
        return tuple(ordered)

    def add_up(self, counts: NDArray[np.int64], axis: int) -> NDArray[np.int64]:
        """Fill the totals along `axis` from the leaves; codes along `axis` in this dimension's order."""
        full = np.moveaxis(counts.copy(), axis, 0)
        for relation in self._made_from_leaves or ():
            full[self.position[relation.total]] = sum(full[self.position[part]] for part in relation.parts)
        return np.moveaxis(full, 0, axis)


@dataclass(frozen=True)
class Table:
    """All combinations of the dimensions' codes, for one indicator. Cells are numbered as numpy's C order."""

    dimensions: tuple[Dimension, ...]
    indicator: str = ""

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(len(dimension.codes) for dimension in self.dimensions)

    @property
    def size(self) -> int:
        return int(np.prod(self.shape, dtype=np.int64))

    @cached_property
    def is_leaf(self) -> NDArray[np.bool_]:
        """Cells that are a sum of nothing, shape (cells,)."""
        return np.asarray(self.depth_above_leaves.sum(axis=1) == 0)

    @cached_property
    def depth_above_leaves(self) -> Ints:
        """For each cell the level of its code in each dimension, shape (cells, dimensions)."""
        levels = np.meshgrid(*(dimension.level for dimension in self.dimensions), indexing="ij")
        return np.stack([level.ravel() for level in levels], axis=1)

    @cached_property
    def is_top(self) -> NDArray[np.bool_]:
        """The grand total: every dimension at its top. Shape (cells,)."""
        return self._where_all(d.tops for d in self.dimensions)

    @cached_property
    def is_top_of_its_list(self) -> NDArray[np.bool_]:
        """Totals of everything but dimensions that only list codes, each year for instance. None where every
        dimension does, or none. Shape (cells,)."""
        lists = [not d.relations for d in self.dimensions]
        if all(lists) or not any(lists):
            return np.zeros(self.size, dtype=bool)
        return self._where_all(d.tops if d.relations else d.codes for d in self.dimensions)

    def _where_all(self, codes: Iterable[Collection[str]]) -> NDArray[np.bool_]:
        """Cells whose code in each dimension is one of these, (cells,)."""
        own = [
            np.array([code in among for code in d.codes])
            for d, among in zip(self.dimensions, codes, strict=True)
        ]
        flags = np.stack([flag.ravel() for flag in np.meshgrid(*own, indexing="ij")])
        return np.asarray(flags.all(axis=0))

    def add_up(self, leaves: Ints) -> Ints:
        """Every cell from the leaf cells. `leaves` has shape (cells,), its totals are ignored."""
        counts = leaves.reshape(self.shape)
        for axis, dimension in enumerate(self.dimensions):
            counts = dimension.add_up(counts, axis)
        return counts.ravel()

    def equations(self) -> sp.csr_array:
        """One row for each relation and each choice of the other dimensions' codes: total - parts = 0."""
        blocks = [
            self._one_relation(axis, relation)
            for axis, dimension in enumerate(self.dimensions)
            for relation in dimension.relations
        ]
        return stacked(blocks, self.size)

    def _one_relation(self, axis: int, relation: Relation) -> sp.csr_array:
        position = self.dimensions[axis].position
        cells = np.moveaxis(np.arange(self.size).reshape(self.shape), axis, 0)
        chosen = [cells[position[code]].ravel() for code in (relation.total, *relation.parts)]
        columns = np.stack(chosen, axis=1)
        signs = np.tile(np.array([1] + [-1] * len(relation.parts), dtype=np.int64), (len(columns), 1))
        starts = np.arange(0, columns.size + 1, columns.shape[1])
        return sp.csr_array((signs.ravel(), columns.ravel(), starts), shape=(len(columns), self.size))

    def identities(self) -> list[Hashable]:
        """A name for each cell that needs no other table: indicator and codes, tops left out.

        For what must be the same in every job. Which cells of several tables are one number tells
        `cell_names`, which knows what a top of one is in the others.
        """
        names = [
            [None if code in dimension.tops else (dimension.name, code) for code in dimension.codes]
            for dimension in self.dimensions
        ]
        combined: list[tuple[tuple[str, str], ...]] = [()]
        for own in names:
            combined = [start if name is None else (*start, name) for start in combined for name in own]
        return [(self.indicator, tuple(sorted(codes))) for codes in combined]


def stacked(blocks: Sequence[sp.csr_array], size: int) -> sp.csr_array:
    """Equations below one another; none at all gives zero rows."""
    if not blocks:
        return sp.csr_array((0, size), dtype=np.int64)
    return sp.csr_array(sp.vstack(blocks, format="csr"), dtype=np.int64)
