"""Tables that are linked: which of their cells are one number, and the sums that bind them together."""

from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise, product

import numpy as np
import scipy.sparse as sp

from .table import Dimension, Ints, Table, stacked

Part = tuple[tuple[str, int], ...]
"""What is covered in one dimension: nothing for everything, else its name and a number."""
Key = tuple[tuple[str, int], ...]
"""What a cell covers: the parts of all dimensions, in their order."""
Named = tuple[str, Key]
"""What a cell counts, and what it covers."""


def cell_names(tables: Sequence[Table], releases: Sequence[int] = ()) -> list[list[Named]]:
    """For each table the name of each cell: equal where cells are the same number.

    They are where they count the same over the same finest places, by all that any of the tables tells of
    its codes: the top of one may be a part in another, or a leaf. A table without a dimension says the same
    as one at what covers all codes that its indicator has there: in its release, else in release 0, else in
    any. `releases[k]`: with which others table k was published; all together where it is left out.
    """
    naming = Naming(tables, releases)
    return [naming.of(*each) for each in zip(tables, naming.releases, strict=True)]


class Naming:
    """What cells of several tables are called, as `cell_names` says."""

    def __init__(self, tables: Sequence[Table], releases: Sequence[int] = ()) -> None:
        self.releases = tuple(releases) or (0,) * len(tables)
        self._finest: dict[str, dict[str, frozenset[str]]] = {}
        self._everything: dict[str, frozenset[str]] = {}
        self._codes: dict[tuple[str, int | None, str], set[str]] = {}
        self._number: dict[Hashable, int] = {}
        dimensions = [each for table in tables for each in table.dimensions]
        for name in dict.fromkeys(each.name for each in dimensions):
            self._finest[name] = _finest([each for each in dimensions if each.name == name])
            self._everything[name] = frozenset[str]().union(*self._finest[name].values())
        for table, release in zip(tables, self.releases, strict=True):
            for each, one in product(table.dimensions, (release, None)):
                self._codes.setdefault((table.indicator, one, each.name), set()).update(each.codes)
        # Here, so that the same tables give the same numbers in whatever order they are asked for.
        for each in dimensions:
            for code in each.codes:
                self.part(each.name, code)
        for (_, _, name), codes in self._codes.items():
            self.together(name, codes)

    def of(self, table: Table, release: int = 0) -> list[Named]:
        combined = [self.lacking(table, release)]
        for each in table.dimensions:
            named = [self.part(each.name, code) for code in each.codes]
            combined = [(*start, *part) for start in combined for part in named]
        return [(table.indicator, tuple(sorted(codes))) for codes in combined]

    def part(self, name: str, code: str) -> Part:
        """What a code of a dimension covers."""
        return self._part(name, self._finest[name][code], code)

    def place(self, name: str, code: str) -> Part:
        """The same, of a total of one place what that is called itself."""
        places = self._finest[name][code]
        return self._part(name, places, next(iter(places)) if len(places) == 1 else code)

    def lacking(self, table: Table, release: int) -> Part:
        """What its cells cover in the dimensions that only others have."""
        lacking = self._finest.keys() - {each.name for each in table.dimensions}
        return tuple(part for name in lacking for part in self.whole(table.indicator, release, name))

    def whole(self, indicator: str, release: int, name: str) -> Part:
        """What the cells of an indicator cover in a dimension that their table does not have."""
        return self.together(name, self.codes(indicator, release, name))

    def codes(self, indicator: str, release: int, name: str) -> Collection[str]:
        """The codes that an indicator has of a dimension: in this release, else in release 0, else in any."""
        return next(
            (
                self._codes[key]
                for one in (release, 0, None)
                if (key := (indicator, one, name)) in self._codes
            ),
            self._finest[name].keys(),
        )

    def places(self, name: str, *codes: str) -> frozenset[str]:
        """The finest places that these codes of a dimension cover."""
        return frozenset[str]().union(*(self._finest[name][code] for code in codes))

    def together(self, name: str, codes: Collection[str]) -> Part:
        """What several codes of a dimension cover. One place goes by its own code if that is among them."""
        places = self.places(name, *codes)
        return self._part(name, places, next(iter(places & set(codes)), "") if len(places) == 1 else "")

    def _part(self, name: str, places: frozenset[str], code: str = "") -> Part:
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


def link(
    tables: Sequence[Table],
    identities: Sequence[Identity] = (),
    versions: Sequence[Sequence[Hashable] | None] = (),
    releases: Sequence[int] = (),
) -> Linked:
    """Join tables over the cells they share, and add the declared identities between indicators.

    `versions[k][i]`, where given, tells revisions of one cell apart: cells are shared only when identity and
    version agree. `releases[k]`, where given, says with which others table k was published: identities bind
    the numbers of one release, and a table without a dimension covers what that release has there.
    """
    number: dict[Hashable, int] = {}
    cell_of = []
    named = cell_names(tables, releases)
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
    places = places_of(named, cell_of, releases)
    return [
        _one_identity([places.get((release, name), {}) for name in (identity.total, *identity.parts)], size)
        for identity in identities
        for release in (dict.fromkeys(releases) if identity.release is None else [identity.release])
    ]


def places_of(
    named: Sequence[Sequence[Named]], cell_of: Sequence[Ints], releases: Sequence[int]
) -> dict[tuple[int, str], dict[Key, int]]:
    """For each release and indicator the place of each cell among all, by what it covers."""
    places: dict[tuple[int, str], dict[Key, int]] = {}
    for names, own, release in zip(named, cell_of, releases, strict=True):
        for (indicator, key), place in zip(names, own.tolist(), strict=True):
            places.setdefault((release, indicator), {})[key] = place
    return places


def _one_identity(members: Sequence[Mapping[Key, int]], size: int) -> sp.csr_array:
    """One row for each cell that all have."""
    total, *parts = members
    return add_up_to(
        [(total[key], *(part[key] for part in parts)) for key in total if all(key in one for one in parts)],
        size,
    )


def add_up_to(rows: Sequence[Sequence[int]], size: int) -> sp.csr_array:
    """An equation for each row of cells, the first of which is the sum of the others: (rows, size). One that
    is the sum of itself says nothing."""
    starts = np.cumsum([0, *map(len, rows)])
    columns = np.fromiter(chain.from_iterable(rows), np.int64, starts[-1])
    signs = np.full(starts[-1], -1, dtype=np.int64)
    signs[starts[:-1]] = 1
    equations = sp.csr_array((signs, columns, starts), shape=(len(rows), size))
    equations.sum_duplicates()
    equations.eliminate_zeros()
    return equations


def wider(linked: Linked, size: int) -> Linked:
    """With further cells, up to `size`, that no equation has yet."""
    own = linked.equations
    equations = sp.csr_array((own.data, own.indices, own.indptr), shape=(own.shape[0], size))
    return replace(linked, size=size, equations=equations)


def with_more(linked: Linked, equations: Sequence[sp.csr_array]) -> Linked:
    """The same cells under further equations."""
    if not any(each.shape[0] for each in equations):
        return linked
    every = stacked([linked.equations, *equations], linked.size)
    return replace(linked, equations=without_repeats(every))


def without_repeats(equations: sp.csr_array) -> sp.csr_array:
    """The same equations, each once and none empty: linked tables repeat each other's margins."""
    first = {key: row for row, key in reversed(list(enumerate(rows_of(equations)))) if key[0]}
    return equations if len(first) == equations.shape[0] else equations[sorted(first.values())]


def rows_of(equations: sp.csr_array) -> Iterator[tuple[bytes, bytes]]:
    """Each equation's cells in order, and their signs."""
    equations.sort_indices()
    cells, signs = equations.indices.astype(np.int64), equations.data.astype(np.int64)
    for start, end in pairwise(equations.indptr.tolist()):
        yield cells[start:end].tobytes(), signs[start:end].tobytes()
