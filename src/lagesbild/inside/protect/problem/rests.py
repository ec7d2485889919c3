"""What a total of indicators holds beyond the parts that have the cell: a count of its own, shown nowhere.

Where one part lists fewer codes than its total, or lacks a dimension, an identity has no equation there. Its
total is no less than the other parts all the same, and their difference is what the part would show, or the
parts together where several lack the cell.
"""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count as count_from

import numpy as np
import scipy.sparse as sp

from lagesbild.core.linking import WHEREVER, Identity, Linked, add_up_to, with_more

from .primary import Rule, is_unsafe
from .system import NO_CEILING, Ints, Layer, Stack, layer_names


@dataclass(frozen=True)
class Rest:
    """Of one release, `total` less `parts` (cells), which cover `key`; `lacking`: the indicators that do not
    have it."""

    release: int
    key: Hashable
    total: int
    parts: tuple[int, ...]
    lacking: tuple[str, ...]

    def denied_by(self, counts: Ints) -> bool:
        """Whether the total is less than its parts; counts, (n,), are negative where nobody knows them."""
        own = counts[[self.total, *self.parts]]
        return bool((own >= 0).all() and own[0] < own[1:].sum())


def rests_of(layers: Sequence[Layer], identities: Iterable[Identity], linked: Linked) -> list[Rest]:
    """Each rest once. That identities bind numbers of several releases is left to those of each."""
    places: dict[tuple[int, str], dict[Hashable, int]] = {}
    for layer, own, names in zip(layers, linked.cell_of, layer_names(layers), strict=True):
        cells = places.setdefault((layer.release, layer.table.indicator), {})
        for (_, key), place in zip(names, own.tolist(), strict=True):
            cells.setdefault(key, place)
    releases = dict.fromkeys(layer.release for layer in layers)
    found = (
        rest
        for each in identities
        for release in releases
        if each.release != WHEREVER and each.release in (None, release)
        for rest in _of_one(each, release, places)
    )
    return list({(rest.total, rest.parts): rest for rest in found}.values())


def _of_one(
    identity: Identity, release: int, places: dict[tuple[int, str], dict[Hashable, int]]
) -> Iterator[Rest]:
    parts = {name: places.get((release, name), {}) for name in identity.parts}
    for key, total in places.get((release, identity.total), {}).items():
        lacking = tuple(name for name, cells in parts.items() if key not in cells)
        if 0 < len(lacking) < len(parts):
            there = tuple(sorted(cells[key] for cells in parts.values() if key in cells))
            yield Rest(release, key, total, there, lacking)


def with_cells(linked: Linked, rests: Sequence[Rest], columns: Sequence[int] = ()) -> Linked:
    """An equation for each rest, which is the cell that `columns` says; new ones come after all others. One
    more cell for each where it is left out."""
    columns = columns or range(linked.size, linked.size + len(rests))
    size = max(linked.size, *(column + 1 for column in columns)) if rests else linked.size
    before = sp.csr_array(
        (linked.equations.data, linked.equations.indices, linked.equations.indptr),
        shape=(linked.equations.shape[0], size),
    )
    sums = [(rest.total, column, *rest.parts) for rest, column in zip(rests, columns, strict=True)]
    return with_more(Linked(size, linked.cell_of, before), [add_up_to(sums, size)])


def with_rests(stack: Stack, layers: Sequence[Layer], identities: Iterable[Identity]) -> Stack:
    """The rests as hidden cells; where one part alone lacks the cell, the rest is its count there. One that
    stayed the same is one number through all releases, and the same that the part itself once showed. In
    this release it is small where the part's rule says so. A total that is less than its parts is no sum of
    theirs."""
    system = stack.system
    linked = Linked(system.size, stack.cell_of, system.equations)
    found = rests_of(layers, identities, linked)
    rests = [rest for rest in found if not rest.denied_by(system.values)]
    counts = [int(system.values[rest.total] - system.values[list(rest.parts)].sum()) for rest in rests]
    columns = _columns(rests, counts, layers, stack)
    extended = with_cells(linked, rests, columns)
    first, many = system.size, extended.size - system.size
    if not rests:
        return stack
    values, total = np.zeros(many, dtype=np.int64), np.zeros(many, dtype=np.int64)
    unsafe, threshold, width = (np.zeros(many, dtype=np.int64) for _ in range(3))
    for rest, count, column in zip(rests, counts, columns, strict=True):
        if column >= first:
            values[column - first], total[column - first] = count, rest.total
    for place, rule in rules_of(rests, layers):
        own, rest = columns[place] - first, rests[place]
        told = system.fixed[[rest.total, *rest.parts]].all()
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
        supplier=longer(system.supplier, system.supplier[total]),
        block=longer(system.block, system.block[total]),
    )
    return Stack(whole, stack.cell_of, total)


def _columns(
    rests: Sequence[Rest], counts: Sequence[int], layers: Sequence[Layer], stack: Stack
) -> list[int]:
    """The cell that each rest is: one that some table has, or a new one."""
    number: dict[tuple[Hashable, Hashable, int], int] = {}
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
        if rest.release == 0 and len(rest.lacking) == 1 and rest.lacking[0] in rules:
            yield place, rules[rest.lacking[0]]
