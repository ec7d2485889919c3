"""What a total of indicators holds beyond the parts that have the cell: a count of its own, shown nowhere.

Where one part lists fewer codes than its total, or lacks a dimension, an identity has no equation there. Its
total is no less than the other parts all the same, and their difference is what the part would show, or the
parts together where several lack the cell.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count as count_from

import numpy as np
import scipy.sparse as sp

from lagesbild.core.linking import WHEREVER, Identity, Linked, add_up_to, with_more

from .primary import Rule, is_unsafe
from .system import NO_CEILING, Ints, Layer, Stack, layer_names
from .told_sums import Beyond, Key, told_elsewhere

Places = dict[tuple[int, str], dict[Key, int]]
"""For each release and indicator the place of each cell."""


@dataclass(frozen=True)
class Rest:
    """Of one release, `total` less `parts` (cells), which cover `key`; `lacking`: the indicators that do not
    have it. Where that is the total (None), what the parts are together."""

    release: int
    key: Key
    total: int | None
    parts: tuple[int, ...]
    lacking: tuple[str, ...]

    def denied_by(self, counts: Ints) -> bool:
        """Whether the total is less than its parts; counts, (n,), are negative where nobody knows them."""
        own = counts[list(self.members)]
        return self.total is not None and bool((own >= 0).all() and own[0] < own[1:].sum())

    @property
    def members(self) -> tuple[int, ...]:
        return self.parts if self.total is None else (self.total, *self.parts)

    @property
    def beside(self) -> int:
        """A cell of the same place."""
        return self.members[0]

    def count(self, values: Ints) -> int:
        parts = int(values[list(self.parts)].sum())
        return parts if self.total is None else int(values[self.total]) - parts

    def sum(self, column: int) -> tuple[int, ...]:
        """The equation that it stands in as cell `column`: what is the sum, and of what."""
        return (column, *self.parts) if self.total is None else (self.total, column, *self.parts)


def rests_of(layers: Sequence[Layer], identities: Iterable[Identity], linked: Linked) -> list[Rest]:
    """Each rest once. That identities bind numbers of several releases is left to those of each."""
    places: Places = {}
    for layer, own, names in zip(layers, linked.cell_of, layer_names(layers), strict=True):
        cells = places.setdefault((layer.release, layer.table.indicator), {})
        for (_, key), place in zip(names, own.tolist(), strict=True):
            cells.setdefault(key, place)
    releases = dict.fromkeys(layer.release for layer in layers)
    every = list(identities)
    found = (
        rest
        for each in every
        for release in releases
        if each.release != WHEREVER and each.release in (None, release)
        for rest in (*_of_one(each, release, places), *_of_total(each, every, release, places))
    )
    return list({(rest.total, rest.parts): rest for rest in found}.values())


def _of_one(identity: Identity, release: int, places: Places) -> Iterator[Rest]:
    parts = {name: places.get((release, name), {}) for name in identity.parts}
    for key, total in places.get((release, identity.total), {}).items():
        lacking = tuple(name for name, cells in parts.items() if key not in cells)
        if 0 < len(lacking) < len(parts):
            there = tuple(sorted(cells[key] for cells in parts.values() if key in cells))
            yield Rest(release, key, total, there, lacking)


def _of_total(identity: Identity, every: Sequence[Identity], release: int, places: Places) -> Iterator[Rest]:
    """What the parts are together where their total lacks the cell and another identity has need of it."""
    if not any(identity.total in (each.total, *each.parts) for each in every if each != identity):
        return
    whole = places.get((release, identity.total), {})
    parts = [places.get((release, name), {}) for name in identity.parts]
    for key in parts[0]:
        if key not in whole and all(key in cells for cells in parts):
            there = tuple(sorted(cells[key] for cells in parts))
            yield Rest(release, key, None, there, (identity.total,))


def with_cells(linked: Linked, rests: Sequence[Rest], columns: Sequence[int] = ()) -> Linked:
    """An equation for each rest, which is the cell that `columns` says; new ones come after all others. One
    more cell for each where it is left out."""
    columns = columns or range(linked.size, linked.size + len(rests))
    size = max(linked.size, *(column + 1 for column in columns)) if rests else linked.size
    before = sp.csr_array(
        (linked.equations.data, linked.equations.indices, linked.equations.indptr),
        shape=(linked.equations.shape[0], size),
    )
    sums = [rest.sum(column) for rest, column in zip(rests, columns, strict=True)]
    return with_more(Linked(size, linked.cell_of, before), [add_up_to(sums, size)])


def with_told(
    linked: Linked, layers: Sequence[Layer], counts: Sequence[Ints], beyond: Sequence[Beyond]
) -> Linked:
    """With the sums that bind rests to the cells that the part itself shows, lists without a total say."""
    if not beyond:
        return linked
    tables, releases = [layer.table for layer in layers], [layer.release for layer in layers]
    return with_more(linked, [told_elsewhere(tables, counts, releases, linked, beyond)])


def with_rests(stack: Stack, layers: Sequence[Layer], identities: Iterable[Identity]) -> Stack:
    """The rests as hidden cells; where one part alone lacks the cell, the rest is its count there. One that
    stayed the same is one number through all releases, and the same that the part itself once showed. In
    this release it is small where the part's rule says so. A total that is less than its parts is no sum of
    theirs."""
    system = stack.system
    linked = Linked(system.size, stack.cell_of, system.equations)
    found = rests_of(layers, identities, linked)
    rests = [rest for rest in found if not rest.denied_by(system.values)]
    counts = [rest.count(system.values) for rest in rests]
    columns = _columns(rests, counts, layers, stack)
    extended = with_told(
        with_cells(linked, rests, columns),
        layers,
        [layer.counts for layer in layers],
        [
            Beyond(rest.lacking[0], rest.release, rest.key, column, count)
            for rest, column, count in zip(rests, columns, counts, strict=True)
            if len(rest.lacking) == 1
        ],
    )
    first, many = system.size, extended.size - system.size
    if not rests:
        return stack
    values, beside = np.zeros(many, dtype=np.int64), np.zeros(many, dtype=np.int64)
    unsafe, threshold, width = (np.zeros(many, dtype=np.int64) for _ in range(3))
    for rest, count, column in zip(rests, counts, columns, strict=True):
        if column >= first:
            values[column - first], beside[column - first] = count, rest.beside
    out = np.zeros(first, dtype=bool)
    for layer, cells in zip(layers, stack.cell_of, strict=True):
        if layer.release and layer.hidden is not None:
            out[cells[~layer.hidden]] = True
    for place, rule in rules_of(rests, layers):
        own, rest = columns[place] - first, rests[place]
        told = out[list(rest.members)].all()  # nothing that is out can be taken back
        if own >= 0 and not told and is_unsafe(values[own : own + 1], rule)[0]:
            unsafe[own], threshold[own], width[own] = 1, rule.threshold, rule.required_width

    def longer(own: np.ndarray, more: np.ndarray) -> np.ndarray:
        return np.concatenate([own, more]).astype(own.dtype)

    whole = replace(
        system,
        equations=extended.equations,
        values=longer(system.values, values),
        cost=longer(system.cost, np.ones(many)),
        threshold=longer(system.threshold, threshold),
        width=longer(system.width, width),
        floor=longer(system.floor, np.zeros(many)),
        ceiling=longer(system.ceiling, np.full(many, NO_CEILING)),
        unsafe=longer(system.unsafe, unsafe > 0),
        fixed=longer(system.fixed, np.zeros(many)),
        forced=longer(system.forced, np.ones(many)),
        supplier=longer(system.supplier, system.supplier[beside]),
        block=longer(system.block, system.block[beside]),
    )
    return Stack(whole, stack.cell_of, beside)


def _columns(
    rests: Sequence[Rest], counts: Sequence[int], layers: Sequence[Layer], stack: Stack
) -> list[int]:
    """The cell that each rest is: one that some table has, or a new one."""
    number: dict[tuple[tuple[str, ...], Key, int], int] = {}
    for own, names in zip(stack.cell_of, layer_names(layers) if rests else (), strict=False):
        for (indicator, key), place in zip(names, own.tolist(), strict=True):
            number[(indicator,), key, int(stack.system.values[place])] = place
    new = count_from(stack.system.size)
    found = []
    for rest, count in zip(rests, counts, strict=True):
        name = rest.lacking, rest.key, count
        if name not in number:
            number[name] = next(new)
        found.append(number[name])
    return found


def rules_of(rests: Sequence[Rest], layers: Sequence[Layer]) -> Iterator[tuple[int, Rule]]:
    """The places of rests of this release that one part alone lacks, and the strictest of its rules."""
    rules: dict[str, Rule] = {}
    for layer in layers:
        if layer.release == 0:
            name = layer.table.indicator
            rules[name] = layer.rule.or_stricter(rules.get(name, layer.rule))
    for place, rest in enumerate(rests):
        alone = len(rest.lacking) == 1 and rest.total is not None
        if rest.release == 0 and alone and rest.lacking[0] in rules:
            yield place, rules[rest.lacking[0]]
