"""Coarser publication instead of holes: what a table would look like with less detail."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from lagesbild.core.language import Text
from lagesbild.core.table import Dimension, Relation, Table

from ..problem.primary import is_unsafe
from ..problem.system import Flags, Ints, Layer

Groups = Mapping[str, tuple[str, ...]]
"""For each new finest code the finest codes that it stands for."""
LEAST_IN_PAIRS = 4
"""Siblings under one total: pairs of two or three would be that total again."""


@dataclass(frozen=True, eq=False)
class Coarser:
    """A way to publish a table with less detail in one dimension, and the table that comes of it.

    behind: how many finest cells of the finer table each cell stands for, (cells,).
    """

    what: Text
    layer: Layer
    dimension: str
    merged: Groups
    behind: Ints


@dataclass(frozen=True)
class _Grouping:
    """A coarser dimension, and for each of its codes the codes of the finer one that it adds up."""

    dimension: Dimension
    made_of: tuple[tuple[str, ...], ...]


def coarser(layer: Layer) -> Iterator[Coarser]:
    """Each dimension without its finest level, with its small leaves merged within their total, and with
    neighbours merged in pairs. What leaves a single number is no table."""
    for axis, dimension in enumerate(layer.table.dimensions):
        for what, groups in (
            (_pooled(dimension.name), _finest_totals(dimension)),
            (_merged(dimension.name), _small_siblings(dimension, _small_leaves(layer, axis))),
            (_paired(dimension.name), _pairs(dimension)),
        ):
            if groups:
                made, behind = _regrouped(layer, axis, _grouping(dimension, groups))
                if made.table.size > 1:
                    yield Coarser(what, made, dimension.name, groups, behind)


def finest_cells(table: Table) -> Ints:
    """How many finest cells each cell adds up, (cells,)."""
    return table.add_up(table.is_leaf.astype(np.int64))


def _finest_totals(dimension: Dimension) -> Groups:
    """Totals all of whose parts are leaves become the finest codes."""
    leaves, together, taken = set(dimension.leaves), dict[str, tuple[str, ...]](), set[str]()
    for relation in dimension.relations:
        if leaves.issuperset(relation.parts) and taken.isdisjoint((relation.total, *relation.parts)):
            together[relation.total] = relation.parts
            taken |= {relation.total, *relation.parts}
    return together


def _small_leaves(layer: Layer, axis: int) -> set[str]:
    """Leaf codes most of whose positive counts are unsafe."""
    dimension = layer.table.dimensions[axis]
    counts = np.moveaxis(layer.counts.reshape(layer.table.shape), axis, 0).reshape(len(dimension.codes), -1)
    unsafe = (is_unsafe(counts, layer.rule) & (counts > 0)).sum(axis=1)
    small = 2 * unsafe > (counts > 0).sum(axis=1)
    return {code for code in dimension.leaves if small[dimension.position[code]]}


def _small_siblings(dimension: Dimension, small: set[str]) -> Groups:
    """Small siblings become one code."""
    together, taken = dict[str, tuple[str, ...]](), set[str]()
    for relation in dimension.relations:
        group = tuple(part for part in relation.parts if part in small and part not in taken)
        if 2 <= len(group) < len(relation.parts):
            together[_name(dimension, group)] = group
            taken |= set(group)
    return together


def _pairs(dimension: Dimension) -> Groups:
    """Neighbours become one code. Whether the order of the codes means anything we cannot know."""
    together, taken = dict[str, tuple[str, ...]](), set[str]()
    for run in _runs(dimension):
        if taken.isdisjoint(run):
            together |= {_name(dimension, pair): pair for pair in _in_pairs(run)}
            taken |= set(run)
    return together


def _runs(dimension: Dimension) -> list[tuple[str, ...]]:
    """Leaves that stand beside one another: under one total, or in a list that has no totals at all."""
    if not dimension.relations:
        return [dimension.codes] if len(dimension.codes) > 1 else []
    leaves = set(dimension.leaves)
    runs = [
        tuple(run)
        for relation in dimension.relations
        for is_leaf, run in groupby(relation.parts, key=leaves.__contains__)
        if is_leaf
    ]
    return [run for run in runs if len(run) >= LEAST_IN_PAIRS]


def _in_pairs(run: tuple[str, ...]) -> list[tuple[str, ...]]:
    """An odd last one joins the pair before it."""
    starts = range(0, len(run) - 1, 2)
    return [run[start : len(run) if start == starts[-1] else start + 2] for start in starts]


def _name(dimension: Dimension, group: tuple[str, ...]) -> str:
    name = "+".join(group)
    while name in dimension.position:
        name += "+"
    return name


def _grouping(dimension: Dimension, together: Groups) -> _Grouping:
    """A total that would be cut through is given up, and so is what is made of it: shown beside the merged
    codes it would tell what their parts are."""
    relations = [_with_merged(each, together) for each in dimension.relations if each.total not in together]
    totals = {each.total for each in relations}
    lost = {member for group in together.values() for member in group}
    kept = [each for each in relations if lost.isdisjoint(each.parts)]
    while cut := totals - {each.total for each in kept} - lost:
        lost |= cut
        kept = [each for each in kept if lost.isdisjoint(each.parts)]
    first = {group[0]: name for name, group in together.items() if name not in dimension.position}
    made_of: dict[str, tuple[str, ...]] = {}
    for code in dimension.codes:
        if code in first:
            made_of[first[code]] = together[first[code]]
        elif code not in lost:
            made_of[code] = (code,)
    told = tuple(dict.fromkeys(kept))
    return _Grouping(Dimension(dimension.name, tuple(made_of), told), tuple(made_of.values()))


def _with_merged(relation: Relation, together: Groups) -> Relation:
    """The same sum of the merged codes, each at the place of its first part."""
    parts = set(relation.parts)
    name_of = {part: name for name, group in together.items() if parts.issuperset(group) for part in group}
    return Relation(relation.total, tuple(dict.fromkeys(name_of.get(part, part) for part in relation.parts)))


def _regrouped(layer: Layer, axis: int, grouping: _Grouping) -> tuple[Layer, Ints]:
    """The coarser table, and the finest cells behind each of its cells."""
    fine = layer.table
    position = fine.dimensions[axis].position
    before, after = fine.dimensions[:axis], fine.dimensions[axis + 1 :]
    # One code alone is no total, and would not be known as what other tables call the total. So it goes.
    left = (grouping.dimension,) if len(grouping.dimension.codes) > 1 else ()
    groups = [[position[code] for code in codes] for codes in grouping.made_of]

    def flags(of: Flags | None) -> Flags | None:
        return None if of is None else _over(of, fine.shape, axis, groups) > 0

    coarse = replace(
        layer,
        table=Table((*before, *left, *after), fine.indicator),
        counts=_over(layer.counts, fine.shape, axis, groups),
        must_publish=flags(layer.must_publish),
        must_hide=flags(layer.must_hide),
        supplier=None if layer.supplier is None else _alone(layer.supplier, fine.shape, axis, groups),
    )
    return coarse, _over(finest_cells(fine), fine.shape, axis, groups)


def _over(cells: NDArray[np.generic], shape: Sequence[int], axis: int, groups: list[list[int]]) -> Ints:
    """Sums over the groups along one axis, flat."""
    along = np.moveaxis(cells.reshape(shape).astype(np.int64), axis, 0)
    summed = np.stack([along[group].sum(axis=0) for group in groups])
    return np.asarray(np.moveaxis(summed, 0, axis)).ravel()


def _alone(supplier: Ints, shape: Sequence[int], axis: int, groups: list[list[int]]) -> Ints:
    """Who knows a cell made of one; of several together nobody does alone."""
    along = np.moveaxis(supplier.reshape(shape), axis, 0)
    nobody = np.full(along.shape[1:], -1, dtype=np.int64)
    chosen = np.stack([along[group[0]] if len(group) == 1 else nobody for group in groups])
    return np.asarray(np.moveaxis(chosen, 0, axis)).ravel()


def _pooled(name: str) -> Text:
    return Text(f"{name}: finaste nivån slås ihop", f"{name}: finest level pooled")


def _merged(name: str) -> Text:
    return Text(f"{name}: små slås ihop inom sin summa", f"{name}: small ones merged within their total")


def _paired(name: str) -> Text:
    return Text(
        f"{name}: grannar slås ihop två och två, i filens ordning",
        f"{name}: neighbours merged in pairs, in the order of the file",
    )
