"""Cells that a specification names: to be shown, to be hidden, or reported by somebody."""

from collections.abc import Collection, Sequence
from typing import Literal

import numpy as np

from lagesbild.core.language import Text
from lagesbild.core.refusal import BadUsage, Finding, Place
from lagesbild.core.table import Dimension, Table
from lagesbild.inside.protect.problem.system import Flags, Ints

from .spec import Selector, Spec


def select(spec: Spec, tables: Sequence[Table], key: Literal["publish", "hide"]) -> list[Flags]:
    """For each table the cells that any of the selectors under `key` names, (cells,).

    Raises BadUsage where one of them names nothing at all.
    """
    chosen = [np.zeros(table.size, dtype=bool) for table in tables]
    selectors = spec.publish if key == "publish" else spec.hide
    for number, selector in enumerate(selectors, 1):
        _known_codes(spec, tables, selector, f"{key}[{number}]")
        named = [
            _chosen(table, selector) & (not selector.tables or each.name in selector.tables)
            for each, table in zip(spec.tables, tables, strict=True)
        ]
        if not any(each.any() for each in named):
            nothing = Text(
                f"{key}[{number}]: ingen tabell har en cell med de koderna.",
                f"{key}[{number}]: no table has a cell with those codes.",
            )
            raise BadUsage(Finding("spec-names-nothing", nothing, _MEND, Place(file=spec.file.name)))
        for flags, each in zip(chosen, named, strict=True):
            flags |= each
    return chosen


def _chosen(table: Table, selector: Selector) -> Flags:
    if not set(selector.codes) <= {dimension.name for dimension in table.dimensions}:
        return np.zeros(table.size, dtype=bool)
    axes = [
        [code in selector.codes.get(dimension.name, dimension.codes) for code in dimension.codes]
        for dimension in table.dimensions
    ]
    return np.asarray(np.logical_and.reduce(np.meshgrid(*axes, indexing="ij"))).ravel()


def _known_codes(spec: Spec, tables: Sequence[Table], selector: Selector, within: str) -> None:
    for name, codes in selector.codes.items():
        known = {
            code for table in tables for each in table.dimensions if each.name == name for code in each.codes
        }
        for number, code in enumerate(codes, 1):
            if code not in known:
                place = f"{within}.{name}[{number}]"
                rule = Text(f"{place} är ingen kod i dimensionen.", f"{place} is no code of the dimension.")
                raise BadUsage(Finding("spec-unknown-code", rule, _MEND, Place(file=spec.file.name)))


class Suppliers:
    """Numbers the suppliers of all tables by dimension and code, so that one has the same number in each."""

    def __init__(self) -> None:
        self._number: dict[tuple[str, str], int] = {}

    def of(self, table: Table, name: str | None, then: Collection[tuple[str, str]] = ()) -> Ints | None:
        """Who knows each cell alone: the leaf of the supplying dimension it lies in, else -1. Shape (cells,).

        Who took over a supplier's places (a municipality merged of two) knows what that one knew. Whose code
        was a total in the release itself, among its codes of `then` (the county of those that reported), took
        nothing over. None where nobody supplies the table, or where it does not tell the suppliers apart.
        """
        axis = [place for place, dimension in enumerate(table.dimensions) if dimension.name == name]
        if not axis:
            return None
        number = self._numbers(table.dimensions[axis[0]], then)
        shape = [1] * len(table.shape)
        shape[axis[0]] = len(number)
        return np.broadcast_to(number.reshape(shape), table.shape).ravel().astype(np.int64)

    def _numbers(self, dimension: Dimension, then: Collection[tuple[str, str]]) -> Ints:
        heirs = {
            part: relation.total
            for relation in dimension.relations
            if (dimension.name, relation.total) in self._number.keys() - set(then)
            for part in relation.parts
        }
        own = {*dimension.leaves, *heirs.values()}
        names = [(dimension.name, heirs.get(code, code)) if code in own else None for code in dimension.codes]
        return np.array(
            [-1 if each is None else self._number.setdefault(each, len(self._number)) for each in names]
        )


_MEND = Text("Rätta [[publish]] eller [[hide]].", "Mend [[publish]] or [[hide]].")
