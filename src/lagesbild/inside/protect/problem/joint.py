"""Joint counts: by all dimensions that run in a ring, shown by no table, and never below 0."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from math import prod

import numpy as np
import scipy.sparse as sp

from lagesbild.core.linking import Linked, Naming, wider, with_more
from lagesbild.core.table import Table, stacked
from lagesbild.inside.solver import some_table

from .rings import Ring, Rings
from .system import Ints, Layer, Stack, lengthened

MOST_CELLS = 20_000
"""Of one joint table. What is larger is left out, and told."""
HARDEST = 100_000
"""Cells times codes of all dimensions but the two largest: whole counts are hard to find where three are long
(6 CPU seconds for 290 by 12 by 5, a minute for 20 by 20 by 20)."""
NEWEST = 1_000_000
"""In the order of releases; the others are numbered from the oldest."""


@dataclass(frozen=True, eq=False)
class Joint:
    """k joint counts, and m margins of theirs that tables show.

    margins: (m, n), the cells that add up to each.  parts: (m, k), the joint counts that do.
    """

    margins: sp.csr_array
    parts: sp.csr_array

    @property
    def size(self) -> int:
        return int(self.parts.shape[1])

    @property
    def key(self) -> Hashable:
        """The same for margins of the same cells."""
        matrices = self.margins, self.parts
        return tuple((each.indptr.tobytes(), each.indices.tobytes()) for each in matrices)

    def counts(self, values: Ints) -> Ints | None:
        """Joint counts, (k,), that could be behind the cells' `values`, (n,); None where none could."""
        cells, parts = self.margins.shape[1], sp.csr_array(-self.parts)
        equations = sp.csr_array(sp.hstack([self.margins, parts], format="csr"))
        unknown = np.arange(equations.shape[1]) >= cells
        table = np.concatenate([values, np.zeros(self.size, dtype=np.int64)])
        found = some_table(equations, unknown, table, np.zeros_like(table))
        return None if found is None else found[cells:]

    def largest(self, of_cells: Ints) -> Ints:
        """The largest that `of_cells`, (n,), holds for a cell that each joint count is part of, (k,)."""
        found = np.full(self.size, -1, dtype=np.int64)
        first, parts = self.margins.indices[self.margins.indptr[:-1]], self.parts.tocoo()
        np.maximum.at(found, parts.col, of_cells[first[parts.row]])
        return found


@dataclass(frozen=True)
class Published:
    """A table, with which others it was published, and its cells among all, (cells,)."""

    table: Table
    release: int
    cells: Ints


@dataclass(frozen=True)
class Behind:
    """The joint tables behind some that were published. `too_large`: whether one is left out for that."""

    joints: tuple[Joint, ...]
    too_large: bool


def joints_of(
    tables: Sequence[Table], releases: Sequence[int], linked: Linked
) -> Iterator[tuple[Behind, Behind]]:
    """For each release and indicator the joint tables behind what is public of it: with what only other
    releases show besides, as if nothing had been revised since, and without."""
    by_indicator: dict[str, list[Published]] = {}
    for each in map(Published, tables, releases, linked.cell_of):
        by_indicator.setdefault(each.table.indicator, []).append(each)
    several = [own for own in by_indicator.values() if len(own) > 1]
    if not several:
        return
    naming = Naming(tables, releases)
    for own in several:
        rings = Rings([each.table for each in own], naming, [_whole(each, naming) for each in own])
        for release in dict.fromkeys(each.release for each in own):
            alone = [place for place, each in enumerate(own) if each.release == release]
            together = list(alone)
            for place in sorted(range(len(own)), key=lambda place: _apart(own[place].release, release)):
                if rings.says_more(place, together):
                    together.append(place)
            yield (
                _behind(own, rings.among(together), naming, linked.size),
                _behind(own, rings.among(alone), naming, linked.size),
            )


def _apart(one: int, other: int) -> int:
    """How many releases lie between two; 0 is the newest."""
    return abs((one or NEWEST) - (other or NEWEST))


def _whole(published: Published, naming: Naming) -> frozenset[str]:
    """The dimensions in which the finest codes cover what there is of the indicator, each place once."""
    found = set()
    for each in published.table.dimensions:
        leaves = [naming.places(each.name, leaf) for leaf in each.leaves]
        codes = naming.codes(published.table.indicator, published.release, each.name)
        every = naming.places(each.name, *codes)
        if sum(map(len, leaves)) == len(every) and every == frozenset[str]().union(*leaves):
            found.add(each.name)
    return frozenset(found)


def _behind(own: Sequence[Published], rings: Iterable[Ring], naming: Naming, size: int) -> Behind:
    found = [_joint([own[place] for place in ring.tables], ring.names, naming, size) for ring in rings]
    return Behind(tuple(each for each in found if each is not None), None in found)


def _joint(published: Sequence[Published], names: Sequence[str], naming: Naming, size: int) -> Joint | None:
    """The joint table by these dimensions; None where it is too large."""
    covered = [[_leaves(each, name, naming) for name in names] for each in published]
    places = [sorted(frozenset[str]().union(*chain(*leaves))) for leaves in zip(*covered, strict=True)]
    if _is_too_large(list(map(len, places))):
        return None
    margins, parts = [], []
    for each, leaves in zip(published, covered, strict=True):
        cells = _margins(each, names)
        starts = np.arange(0, cells.size + 1, cells.shape[1])
        ones = np.ones(cells.size, dtype=np.int64)
        margins.append(sp.csr_array((ones, cells.ravel(), starts), shape=(len(cells), size)))
        parts.append(_by_all(list(map(_within, leaves, places))))
    return Joint(stacked(margins, size), stacked(parts, prod(map(len, places))))


def _is_too_large(codes: Sequence[int]) -> bool:
    cells = prod(codes)
    return cells > MOST_CELLS or cells * prod(sorted(codes)[:-2]) > HARDEST


def _leaves(published: Published, name: str, naming: Naming) -> list[frozenset[str]]:
    """The finest places of each finest code; of all together where the table lacks the dimension."""
    for dimension in published.table.dimensions:
        if dimension.name == name:
            return [naming.places(name, leaf) for leaf in dimension.leaves]
    return [naming.places(name, *naming.codes(published.table.indicator, published.release, name))]


def _by_all(within: Sequence[sp.csr_array]) -> sp.csr_array:
    """Which joint counts each combination of blocks has, (combinations, k)."""
    found = within[0]
    for each in within[1:]:
        # Of a dense factor every product is kept, also with 0: those are no members.
        found = sp.csr_array(sp.kron(found, each, format="csr"))
        found.eliminate_zeros()
    return found


def _within(blocks: Sequence[frozenset[str]], places: Sequence[str]) -> sp.csr_array:
    """Which places each block has, (blocks, places)."""
    return sp.csr_array(np.array([[place in block for place in places] for block in blocks], dtype=np.int64))


def _margins(published: Published, names: Sequence[str]) -> Ints:
    """The cells that add up to each combination of finest codes in these dimensions, (m, cells for each)."""
    table = published.table
    others = [each for each in table.dimensions if each.name not in names]
    own = [each for name in names for each in table.dimensions if each.name == name]
    finest = np.ix_(*([each.position[leaf] for leaf in each.leaves] for each in table.dimensions))
    cells = published.cells.reshape(table.shape)[finest]
    cells = cells.transpose([table.dimensions.index(each) for each in (*own, *others)])
    return cells.reshape(prod(len(each.leaves) for each in own), -1)


def with_joints(linked: Linked, joints: Sequence[Joint]) -> Linked:
    """With the joint counts as further cells, after all others."""
    sizes = [joint.size for joint in joints]
    size = linked.size + sum(sizes)
    blocks = []
    for joint, first in zip(joints, np.cumsum([0, *sizes]).tolist(), strict=False):
        before = sp.csr_array((joint.parts.shape[0], first), dtype=np.int64)
        after = sp.csr_array((joint.parts.shape[0], sum(sizes) - first - joint.size), dtype=np.int64)
        blocks.append(sp.csr_array(sp.hstack([joint.margins, before, -joint.parts, after], format="csr")))
    return with_more(wider(linked, size), blocks)


def with_joint_counts(stack: Stack, layers: Sequence[Layer]) -> Stack:
    """With joint counts as hidden cells that are never below 0, as far as there are such that could be behind
    all that is counted.

    Whether they are the true ones matters to no outsider: she does not know them, and what she rules out is
    the same from each.
    """
    system = stack.system
    linked = Linked(system.size, stack.cell_of, system.equations)
    tables, releases = [layer.table for layer in layers], [layer.release for layer in layers]
    joints: dict[Hashable, Joint] = {}
    values, unreckoned = [], False
    for alternatives in joints_of(tables, releases, linked):
        behind, counts = _possible(alternatives, system.values)
        unreckoned |= len(behind.joints) < max(len(each.joints) + each.too_large for each in alternatives)
        for joint, each in zip(behind.joints, counts, strict=True):
            if joint.key not in joints:
                joints[joint.key] = joint
                values.append(each)
    stack = replace(stack, unreckoned=unreckoned)
    return _longer(stack, with_joints(linked, list(joints.values())), list(joints.values()), values)


def _possible(alternatives: Sequence[Behind], values: Ints) -> tuple[Behind, list[Ints]]:
    """The first of which there are counts that could be behind the `values`."""
    for behind in (each for each in alternatives if not each.too_large):
        counts = [joint.counts(values) for joint in behind.joints]
        if all(each is not None for each in counts):
            return behind, [each for each in counts if each is not None]
    return Behind((), too_large=False), []


def _longer(stack: Stack, linked: Linked, joints: Sequence[Joint], values: Sequence[Ints]) -> Stack:
    if not joints:
        return stack
    system = stack.system
    longer = lengthened(
        system,
        linked.equations,
        values=np.concatenate(values),
        supplier=np.concatenate([joint.largest(system.supplier) for joint in joints]),
        block=np.concatenate([joint.largest(system.block) for joint in joints]),
    )
    beside = [joint.largest(np.arange(system.size)) for joint in joints]
    return replace(stack, system=longer, rest_of=np.concatenate([stack.rest_of, *beside]))


def have_joint_counts(stack: Stack, layers: Sequence[Layer]) -> bool:
    """Whether counts that no table shows bound what these hide."""
    linked = Linked(stack.system.size, stack.cell_of, stack.system.equations)
    tables, releases = [layer.table for layer in layers], [layer.release for layer in layers]
    found = joints_of(tables, releases, linked)
    return any(behind.joints or behind.too_large for each in found for behind in each)
