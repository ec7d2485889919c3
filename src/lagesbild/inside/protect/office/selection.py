"""Cells that a specification names: to be shown, to be hidden, or reported by somebody."""

from collections.abc import Sequence

import numpy as np

from lagesbild.core.language import Text
from lagesbild.core.refusal import BadUsage, Finding, Place
from lagesbild.core.table import Table
from lagesbild.inside.protect.problem.system import Flags, Ints

from .spec import Selector, Spec


def select(spec: Spec, tables: Sequence[Table], selectors: Sequence[Selector]) -> list[Flags]:
    """For each table the cells that any of the selectors names, (cells,).

    Raises BadUsage where one of them names nothing at all.
    """
    chosen = [np.zeros(table.size, dtype=bool) for table in tables]
    for selector in selectors:
        _known_codes(spec, tables, selector)
        for flags, table in zip(chosen, tables, strict=True):
            flags |= _chosen(table, selector)
    return chosen


def _chosen(table: Table, selector: Selector) -> Flags:
    if not set(selector) <= {dimension.name for dimension in table.dimensions}:
        return np.zeros(table.size, dtype=bool)
    axes = [
        [code in selector.get(dimension.name, dimension.codes) for code in dimension.codes]
        for dimension in table.dimensions
    ]
    return np.asarray(np.logical_and.reduce(np.meshgrid(*axes, indexing="ij"))).ravel()


def _known_codes(spec: Spec, tables: Sequence[Table], selector: Selector) -> None:
    for name, codes in selector.items():
        known = {
            code for table in tables for each in table.dimensions if each.name == name for code in each.codes
        }
        for code in codes:
            if code not in known:
                rule = Text(f"{name} har ingen kod {code}.", f"{name} has no code {code}.")
                raise BadUsage(Finding("spec-unknown-code", rule, _MEND, Place(file=spec.file.name)))


def supplier_of(table: Table, name: str) -> Ints:
    """Who knows each cell alone: the leaf of the supplying dimension it lies in, else -1. Shape (cells,)."""
    axis = [dimension.name for dimension in table.dimensions].index(name)
    dimension = table.dimensions[axis]
    number = np.array([i if code in dimension.leaves else -1 for i, code in enumerate(dimension.codes)])
    shape = [1] * len(table.shape)
    shape[axis] = len(number)
    return np.broadcast_to(number.reshape(shape), table.shape).ravel().astype(np.int64)


_MEND = Text("Rätta [[publish]] eller [[hide]].", "Mend [[publish]] or [[hide]].")
