"""Coarser publication instead of holes: what a table would look like with less detail."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lagesbild.core.language import Text
from lagesbild.core.table import Dimension, Relation, Table

from ..problem.primary import is_unsafe
from ..problem.system import Flags, Ints, Layer


@dataclass(frozen=True, eq=False)
class Coarser:
    """A way to publish a table with less detail, and the table that comes of it."""

    what: Text
    layer: Layer


@dataclass(frozen=True)
class _Grouping:
    """A coarser dimension, and for each of its codes the codes of the finer one that it adds up."""

    dimension: Dimension
    made_of: tuple[tuple[str, ...], ...]


def coarser(layer: Layer) -> Iterator[Coarser]:
    """Each dimension without its finest level, and with its small leaves merged within their total."""
    for axis, dimension in enumerate(layer.table.dimensions):
        pooled = _without_finest(dimension)
        if pooled is not None:
            yield Coarser(_pooled(dimension.name), _regrouped(layer, axis, pooled))
        merged = _merging(dimension, _small_leaves(layer, axis))
        if merged is not None:
            yield Coarser(_merged(dimension.name), _regrouped(layer, axis, merged))


def _without_finest(dimension: Dimension) -> _Grouping | None:
    """Leaves go where all their siblings are leaves too; what was their total becomes the finest."""
    finest = [relation for relation in dimension.relations if set(relation.parts) <= set(dimension.leaves)]
    gone = {part for relation in finest for part in relation.parts}
    gone -= {part for relation in dimension.relations if relation not in finest for part in relation.parts}
    kept = tuple(code for code in dimension.codes if code not in gone)
    relations = tuple(each for each in dimension.relations if not gone & set(each.parts))
    if not gone or not kept:
        return None
    return _Grouping(Dimension(dimension.name, kept, relations), tuple((code,) for code in kept))


def _small_leaves(layer: Layer, axis: int) -> set[str]:
    """Leaf codes most of whose positive counts are unsafe."""
    dimension = layer.table.dimensions[axis]
    counts = np.moveaxis(layer.counts.reshape(layer.table.shape), axis, 0).reshape(len(dimension.codes), -1)
    unsafe = (is_unsafe(counts, layer.rule) & (counts > 0)).sum(axis=1)
    small = 2 * unsafe > (counts > 0).sum(axis=1)
    return {code for code in dimension.leaves if small[dimension.position[code]]}


def _merging(dimension: Dimension, small: set[str]) -> _Grouping | None:
    """Small siblings become one code. A grouping that would be cut through is given up."""
    together: dict[str, tuple[str, ...]] = {}
    taken: set[str] = set()
    for relation in dimension.relations:
        group = tuple(part for part in relation.parts if part in small and part not in taken)
        if 2 <= len(group) < len(relation.parts):
            together["+".join(group)] = group
            taken |= set(group)
    if not together:
        return None
    made_of = {code: (code,) for code in dimension.codes if code not in taken} | together
    relations = [_with_merged(relation, together) for relation in dimension.relations]
    kept = tuple(relation for relation in relations if set(relation.parts) <= set(made_of))
    return _Grouping(Dimension(dimension.name, tuple(made_of), kept), tuple(made_of.values()))


def _with_merged(relation: Relation, together: dict[str, tuple[str, ...]]) -> Relation:
    parts = list(relation.parts)
    for code, group in together.items():
        if set(group) <= set(parts):
            parts = [part for part in parts if part not in group] + [code]
    return Relation(relation.total, tuple(parts))


def _regrouped(layer: Layer, axis: int, grouping: _Grouping) -> Layer:
    fine = layer.table
    dimensions = list(fine.dimensions)
    position = dimensions[axis].position
    dimensions[axis] = grouping.dimension
    groups = [[position[code] for code in codes] for codes in grouping.made_of]

    def flags(of: Flags | None) -> Flags | None:
        return None if of is None else _over(of, fine.shape, axis, groups) > 0

    return replace(
        layer,
        table=Table(tuple(dimensions), fine.indicator),
        counts=_over(layer.counts, fine.shape, axis, groups),
        must_publish=flags(layer.must_publish),
        must_hide=flags(layer.must_hide),
        supplier=None if layer.supplier is None else _alone(layer.supplier, fine.shape, axis, groups),
    )


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
