"""Dimensions, margins, and the equations a table must satisfy: no counts here, only which sums hold."""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
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


Named = tuple[str, tuple[tuple[str, int], ...]]
"""What a cell counts, and what it covers in each dimension where that is not everything."""


def cell_names(tables: Sequence[Table]) -> list[list[Named]]:
    """For each table the name of each cell: equal where cells are the same number.

    They are where they count the same over the same finest places, by all that any of the tables tells of
    its codes: the top of one may be a part in another, or a leaf. A table without a dimension says the same
    as one at what covers all codes that its indicator has there, in any of the tables.
    """
    naming = _Naming(tables)
    return [naming.of(table) for table in tables]


class _Naming:
    def __init__(self, tables: Sequence[Table]) -> None:
        self._finest: dict[str, dict[str, frozenset[str]]] = {}
        self._everything: dict[str, frozenset[str]] = {}
        self._whole: dict[tuple[str, str], frozenset[str]] = {}
        self._number: dict[Hashable, int] = {}
        dimensions = [each for table in tables for each in table.dimensions]
        for name in dict.fromkeys(each.name for each in dimensions):
            self._finest[name] = _finest([each for each in dimensions if each.name == name])
            self._everything[name] = frozenset[str]().union(*self._finest[name].values())
        for table in tables:
            for each in table.dimensions:
                own = (self._finest[each.name][code] for code in each.codes)
                key = table.indicator, each.name
                self._whole[key] = self._whole.get(key, frozenset[str]()).union(*own)

    def of(self, table: Table) -> list[Named]:
        combined = [self._lacking(table)]
        for each in table.dimensions:
            named = [self._part(each.name, self._finest[each.name][code], code) for code in each.codes]
            combined = [(*start, *part) for start in combined for part in named]
        return [(table.indicator, tuple(sorted(codes))) for codes in combined]

    def _lacking(self, table: Table) -> tuple[tuple[str, int], ...]:
        """What its cells cover in the dimensions that only others have."""
        its = {each.name for each in table.dimensions}
        found: list[tuple[str, int]] = []
        for name in self._finest.keys() - its:
            whole = self._whole.get((table.indicator, name), self._everything[name])
            found += self._part(name, whole, min(whole) if len(whole) == 1 else "")
        return tuple(found)

    def _part(self, name: str, places: frozenset[str], code: str = "") -> tuple[tuple[str, int], ...]:
        """Nothing for what covers everything. A total of one code is bound to it by its sum."""
        if places == self._everything[name]:
            return ()
        key = (code in places and code, places)
        return ((name, self._number.setdefault(key, len(self._number))),)


def _finest(dimensions: Sequence[Dimension]) -> dict[str, frozenset[str]]:
    """The finest places of each code, by the sums of all these together. What a code was made of in any of
    them belongs to it, and codes that run in a circle between them stand for themselves."""
    relations = list(dict.fromkeys(each for dimension in dimensions for each in dimension.relations))
    totals = {each.total for each in relations}
    found = {
        code: frozenset[str]() if code in totals else frozenset((code,))
        for dimension in dimensions
        for code in dimension.codes
    }
    changed = True
    while changed:
        changed = False
        for each in relations:
            covered = found[each.total].union(*(found[part] for part in each.parts))
            changed |= covered != found[each.total]
            found[each.total] = covered
    return {code: covered or frozenset((code,)) for code, covered in found.items()}


WHEREVER = -1
"""Of an identity that some release told: no release of its own."""


@dataclass(frozen=True)
class Identity:
    """A relation between indicators: in every shared cell `total` is the sum of `parts`.

    `release`: the only one in which it holds; None where it holds in each, `WHEREVER` where it binds numbers
    of whatever releases that it can hold between, and none that it fails for.
    """

    total: str
    parts: tuple[str, ...]
    release: int | None = None


@dataclass(frozen=True)
class Linked:
    """Several tables as one set of cells. `cell_of[k]` maps table k's cells to it."""

    size: int
    cell_of: tuple[Ints, ...]
    equations: sp.csr_array


def stacked(blocks: Sequence[sp.csr_array], size: int) -> sp.csr_array:
    """Equations below one another; none at all gives zero rows."""
    if not blocks:
        return sp.csr_array((0, size), dtype=np.int64)
    return sp.csr_array(sp.vstack(blocks, format="csr"), dtype=np.int64)


def link(
    tables: Sequence[Table],
    identities: Sequence[Identity] = (),
    versions: Sequence[Sequence[Hashable] | None] = (),
    releases: Sequence[int] = (),
) -> Linked:
    """Join tables over the cells they share, and add the declared identities between indicators.

    `versions[k][i]`, where given, tells revisions of one cell apart: cells are shared only when identity and
    version agree. `releases[k]`, where given, says with which others table k was published: identities bind
    the numbers of one release.
    """
    number: dict[Hashable, int] = {}
    cell_of = []
    named = cell_names(tables)
    for place, names in enumerate(named):
        version = versions[place] if place < len(versions) else None
        keys: Sequence[Hashable] = names if version is None else list(zip(names, version, strict=True))
        cell_of.append(np.array([number.setdefault(key, len(number)) for key in keys], dtype=np.int64))
    blocks = [
        _renumbered(table.equations(), own, len(number)) for table, own in zip(tables, cell_of, strict=True)
    ]
    between = _between_indicators(named, cell_of, identities, releases or [0] * len(tables), len(number))
    return Linked(len(number), tuple(cell_of), without_repeats(stacked([*blocks, *between], len(number))))


def _renumbered(equations: sp.csr_array, cell_of: Ints, size: int) -> sp.csr_array:
    joined = sp.csr_array(
        (equations.data, cell_of[equations.indices], equations.indptr), shape=(equations.shape[0], size)
    )
    joined.sum_duplicates()
    joined.eliminate_zeros()
    return joined


def _between_indicators(
    named: Sequence[Sequence[Named]],
    cell_of: Sequence[Ints],
    identities: Sequence[Identity],
    releases: Sequence[int],
    size: int,
) -> list[sp.csr_array]:
    places: dict[tuple[int, str], dict[Hashable, int]] = {}
    for names, own, release in zip(named, cell_of, releases, strict=True):
        for (indicator, codes), cell in zip(names, own.tolist(), strict=True):
            places.setdefault((release, indicator), {})[codes] = cell
    return [
        _one_identity([places.get((release, name), {}) for name in (identity.total, *identity.parts)], size)
        for identity in identities
        for release in (dict.fromkeys(releases) if identity.release is None else [identity.release])
    ]


def _one_identity(members: Sequence[Mapping[Hashable, int]], size: int) -> sp.csr_array:
    """One row for each cell that all have: total - parts = 0."""
    total, *parts = members
    rows = [[total[key], *(part[key] for part in parts)] for key in total if all(key in one for one in parts)]
    signs = np.tile(np.array([1] + [-1] * len(parts), dtype=np.int64), len(rows))
    starts = np.arange(0, len(signs) + 1, len(members))
    columns = np.array(rows, dtype=np.int64).ravel()
    return sp.csr_array((signs, columns, starts), shape=(len(rows), size))


def without_repeats(equations: sp.csr_array) -> sp.csr_array:
    """The same equations, each once and none empty: linked tables repeat each other's margins."""
    seen: set[tuple[bytes, bytes]] = set()
    keep = []
    equations.sort_indices()
    for row in range(equations.shape[0]):
        part = slice(equations.indptr[row], equations.indptr[row + 1])
        key = (equations.indices[part].tobytes(), equations.data[part].tobytes())
        if equations.indptr[row] < equations.indptr[row + 1] and key not in seen:
            seen.add(key)
            keep.append(row)
    return equations if len(keep) == equations.shape[0] else equations[keep]
