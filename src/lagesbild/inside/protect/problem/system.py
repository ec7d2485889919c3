"""The one thing the protection engine knows: cells, their equations, and what may and must be hidden."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from lagesbild.core.linking import (
    WHEREVER,
    Identity,
    Linked,
    Named,
    add_up_to,
    cell_names,
    link,
    with_more,
)
from lagesbild.core.table import Table

from .primary import Rule, is_unsafe
from .told_sums import told_elsewhere

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Reals = NDArray[np.float64]
NO_CEILING = np.int64(2**40)
"""The attacker knows no upper bound of a hidden cell. Far above any count, far below overflow."""
LIKE_A_GRAND_TOTAL = 20.0
"""How many times dearer than others of its level."""


@dataclass(frozen=True)
class Layer:
    """One table of one release, its counts flat in the table's order.

    `hidden` is None for a table of this release, whose pattern is to be decided, and the published pattern
    for a table that is already out: an earlier release, or somebody else's publication of the same counts.
    `release` tells apart what was published together; 0 is this release.
    `supplier` numbers who reported each cell and so knows it (-1: nobody alone).
    """

    table: Table
    counts: Ints
    rule: Rule = field(default_factory=Rule)
    hidden: Flags | None = None
    must_publish: Flags | None = None
    must_hide: Flags | None = None
    supplier: Ints | None = None
    release: int = 0


@dataclass(frozen=True, eq=False)
class System:
    """n cells with integer values x, equations A x = 0, and the attacker's prior knowledge of each cell.

    All arrays have shape (n,). `values` stay out of `repr`.
    equations: (m, n), small integers.  values: counts.  cost: what hiding the cell loses.
    threshold, width: what an unsafe cell's interval must reach and span.
    floor, ceiling: what the attacker believes of the cell when it is hidden; floor <= value <= ceiling.
    unsafe: must be protected.  fixed: cannot be hidden (top totals, published earlier, must stay public).
    forced: hidden whatever the choice (must hide, or hidden earlier and not part of this release).
    supplier: who knows the cell besides us, -1 for nobody.
    told: (n, suppliers), who can work the cell out whatever is decided: it is not kept from them.
    block: number of the county (or the like) that the cell lies within, -1 when in none; only a hint that
    lets large systems be solved in parts (default: one block).
    """

    equations: sp.csr_array
    values: Ints
    cost: Reals
    threshold: Ints
    width: Ints
    floor: Ints
    ceiling: Ints
    unsafe: Flags
    fixed: Flags
    forced: Flags
    supplier: Ints
    block: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    told: Flags = field(default_factory=lambda: np.zeros((0, 0), dtype=bool))

    def __post_init__(self) -> None:
        if not len(self.block):
            object.__setattr__(self, "block", np.zeros(len(self.values), dtype=np.int64))
        if not self.told.size:
            object.__setattr__(self, "told", np.zeros((len(self.values), 0), dtype=bool))
        if np.any(self.equations @ self.values):
            raise ValueError("the counts do not satisfy the table's own equations")
        if np.any(self.hideable & ((self.values < self.floor) | (self.values > self.ceiling))):
            raise ValueError("a cell that may be hidden lies outside what the attacker believes possible")

    @property
    def size(self) -> int:
        return len(self.values)

    @property
    def hideable(self) -> Flags:
        """Cells that may be chosen as secondary suppressions or are hidden anyway."""
        return ~self.fixed

    @property
    def primary(self) -> Flags:
        """Hidden before any choice is made."""
        return (self.unsafe | self.forced) & ~self.fixed

    def known_to(self, cell: int) -> frozenset[int]:
        """From whom the cell need not be kept: nobody (-1), its supplier, and who can work it out anyway."""
        return frozenset((-1, int(self.supplier[cell]), *np.flatnonzero(self.told[cell]).tolist()))

    def __repr__(self) -> str:
        rows, cells = self.equations.shape
        return f"System(cells={cells}, equations={rows}, unsafe={int(self.unsafe.sum())})"

    def with_(self, **changes: object) -> "System":
        return replace(self, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True, eq=False)
class Stack:
    """A system made of layers; `cell_of[k]` maps layer k's cells to the system's.

    rest_of: for the last (k,) cells, which are in no layer, a cell of the same place.
    unreckoned: whether joint counts bound the cells that the system does not have.
    """

    system: System
    cell_of: tuple[Ints, ...]
    rest_of: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    unreckoned: bool = False

    @property
    def rests(self) -> Mapping[int, int]:
        first = self.system.size - len(self.rest_of)
        return dict(enumerate(self.rest_of.tolist(), start=first))


def build(
    layers: Sequence[Layer], identities: Sequence[Identity] = (), costs: Sequence[Reals] | None = None
) -> Stack:
    """One system for all linked tables of this release and everything already public.

    Cells of equal identity and equal count are one unknown: this gives the attacker the knowledge of which
    counts were revised, which is more than she has. For the same reason an identity is taken to bind counts
    of different releases wherever it can hold between them. `costs[k]` overrides the price of layer k's
    cells. Raises ValueError when counts contradict the equations.
    """
    _agree(layers)
    tables, releases = [layer.table for layer in layers], [layer.release for layer in layers]
    counts = [layer.counts for layer in layers]
    own = [replace(each, release=0) for each in identities if each.release in (None, 0)]
    linked = link(tables, own, [each.tolist() for each in counts], releases)
    more = [told_elsewhere(tables, counts, releases, linked)]
    if any(releases):
        named = layer_names(layers)
        more += [_across(each, layers, linked, named) for each in identities]
    linked = with_more(linked, more)
    price = [cost_of(layer) for layer in layers] if costs is None else costs
    return Stack(_merged(layers, linked, price), linked.cell_of)


def layer_names(layers: Sequence[Layer]) -> list[list[Named]]:
    """For each layer the name of each cell, as `cell_names` tells."""
    return cell_names([layer.table for layer in layers], [layer.release for layer in layers])


def _agree(layers: Sequence[Layer]) -> None:
    counts: dict[Hashable, int] = {}
    current = [layer for layer in layers if layer.hidden is None]
    named = layer_names(current) if len(current) > 1 else []
    for layer, names in zip(current, named, strict=False):
        for name, count in zip(names, layer.counts.tolist(), strict=True):
            if counts.setdefault(name, count) != count:
                raise ValueError("two tables of this release disagree about a cell that they share")


def _across(
    identity: Identity,
    layers: Sequence[Layer],
    linked: Linked,
    named: Sequence[Sequence[Named]],
) -> sp.csr_array:
    """One row for each choice of counts of one cell, whenever they were published, that satisfies the
    identity; of one release only where it is that release's."""
    found: dict[str, dict[Hashable, dict[int, int]]] = {}
    for layer, own, names in zip(layers, linked.cell_of, named, strict=True):
        if identity.release in (None, WHEREVER, layer.release):
            cells = found.setdefault(layer.table.indicator, {})
            for (_, key), count, place in zip(names, layer.counts.tolist(), own.tolist(), strict=True):
                cells.setdefault(key, {})[count] = place
    total, *parts = (found.get(name, {}) for name in (identity.total, *identity.parts))
    rows = [
        [place for _, place in chosen]
        for key, versions in total.items()
        if all(key in one for one in parts)
        for chosen in product(versions.items(), *(one[key].items() for one in parts))
        if chosen[0][0] == sum(count for count, _ in chosen[1:])
    ]
    return add_up_to(rows, linked.size)


def cost_of(layer: Layer) -> Reals:
    """Price of hiding each cell, shape (cells,): by value and by level, zeros little but not nothing.

    The constant keeps the number of hidden cells down, the second part the value, and each level above the
    leaves makes a cell a quarter dearer. Where a dimension only lists its codes, the total of each stands for
    the grand total: it is so dear that it is hidden where little else helps.
    """
    levels = layer.table.depth_above_leaves.sum(axis=1)
    positive = layer.counts > 0
    price = np.where(positive, 12.0 + layer.counts, 6.0) * (1.0 + 0.25 * levels)
    price[layer.table.is_top_of_its_list] *= LIKE_A_GRAND_TOTAL
    return np.asarray(price * layer.rule.weight, dtype=np.float64)


def _merged(layers: Sequence[Layer], linked: Linked, price: Sequence[Reals]) -> System:
    n = linked.size
    values, cost = np.zeros(n, dtype=np.int64), np.zeros(n)
    threshold, width = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    floor, supplier = np.zeros(n, dtype=np.int64), np.full(n, -1, dtype=np.int64)
    block = np.full(n, -1, dtype=np.int64)
    unsafe, fixed, forced = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
    decided = np.zeros(n, dtype=bool)
    blocks = blocks_of(layers)
    for layer, own, own_price, own_block in zip(layers, linked.cell_of, price, blocks, strict=True):
        np.maximum.at(block, own, own_block)
        values[own] = layer.counts
        np.maximum.at(cost, own, own_price)
        np.maximum.at(threshold, own, layer.rule.threshold)
        np.maximum.at(width, own, layer.rule.required_width)
        np.maximum.at(floor, own, layer.rule.least)
        np.logical_or.at(unsafe, own, is_unsafe(layer.counts, layer.rule))
        if layer.supplier is not None:
            np.maximum.at(supplier, own, layer.supplier)
        if layer.hidden is None:
            decided[own] = True
            np.logical_or.at(fixed, own, _never_hidden(layer))
            if layer.must_hide is not None:
                np.logical_or.at(forced, own, layer.must_hide)
        else:
            np.logical_or.at(fixed, own, ~layer.hidden)
            np.logical_or.at(forced, own, layer.hidden)
    # Hidden in an earlier release and part of this one: open to choice again, the audit decides.
    forced &= ~decided | _asked(layers, linked, n)
    floor = np.minimum(floor, values)
    ceiling = np.full(n, NO_CEILING, dtype=np.int64)
    return System(
        linked.equations,
        values,
        cost,
        threshold,
        width,
        floor,
        ceiling,
        unsafe,
        fixed,
        forced,
        supplier,
        block,
    )


def blocks_of(layers: Sequence[Layer]) -> list[Ints]:
    """For each layer's cells the branch of the largest dimension (its counties, say) that they lie within."""
    dimensions = [dimension for layer in layers for dimension in layer.table.dimensions]
    largest = max(dimensions, key=lambda dimension: len(dimension.codes)).name
    number: dict[str | None, int] = {None: -1}
    found = []
    for layer in layers:
        branches: list[Ints] = [np.full(1, -1)]
        for dimension in layer.table.dimensions:
            names = dimension.branch if dimension.name == largest else (None,) * len(dimension.codes)
            own = np.array([number.setdefault(name, len(number) - 1) for name in names])
            branches.append(own)
        grid = np.meshgrid(*branches, indexing="ij")
        found.append(np.maximum.reduce([part.ravel() for part in grid]))
    return found


def lengthened(
    system: System, equations: sp.csr_array, values: Ints, *, supplier: Ints, block: Ints
) -> System:
    """With k further cells, all (k,), that no table shows and nobody is to be kept from: (m, n + k)."""
    many = len(values)
    more: dict[str, NDArray[Any]] = {
        "values": values,
        "cost": np.ones(many),
        "threshold": np.zeros(many),
        "width": np.zeros(many),
        "floor": np.zeros(many),
        "ceiling": np.full(many, NO_CEILING),
        "unsafe": np.zeros(many),
        "fixed": np.zeros(many),
        "forced": np.ones(many),
        "supplier": supplier,
        "block": block,
    }
    arrays = {
        name: np.concatenate([getattr(system, name), own]).astype(getattr(system, name).dtype)
        for name, own in more.items()
    }
    return system.with_(equations=equations, **arrays)


def _asked(layers: Sequence[Layer], linked: Linked, n: int) -> Flags:
    asked = np.zeros(n, dtype=bool)
    for layer, own in zip(layers, linked.cell_of, strict=True):
        if layer.hidden is None and layer.must_hide is not None:
            np.logical_or.at(asked, own, layer.must_hide)
    return asked


def _never_hidden(layer: Layer) -> Flags:
    never = layer.table.is_top & ~is_unsafe(layer.counts, layer.rule)
    if layer.rule.zeros_shown:
        never |= layer.counts == 0
    if layer.must_publish is not None:
        never |= layer.must_publish
    return np.asarray(never)
