"""What a total of indicators holds beyond the parts that have the cell: a count of its own, shown nowhere.

Where one part lists fewer codes than its total, or lacks a dimension, an identity has no equation there. Its
total is no less than the other parts all the same, and their difference is what the part would show.
"""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp

from lagesbild.core.linking import WHEREVER, Identity, Linked

from .primary import Rule, is_unsafe
from .system import NO_CEILING, Ints, Layer, Stack, layer_names


@dataclass(frozen=True)
class Rest:
    """Of one release, `total` less `parts` (cells); `lacking`: the indicators that do not have the cell."""

    release: int
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
            yield Rest(release, total, there, lacking)


def with_cells(linked: Linked, rests: Sequence[Rest]) -> Linked:
    """One more cell for each rest, after all others."""
    size, many = linked.size, len(rests)
    entries = [
        (row, cell, sign)
        for row, rest in enumerate(rests)
        for cell, sign in ((rest.total, 1), *((part, -1) for part in rest.parts), (size + row, -1))
    ]
    rows, cells, signs = np.array(entries, dtype=np.int64).reshape(-1, 3).T
    beyond = sp.csr_array((signs, (rows, cells)), shape=(many, size + many))
    before = sp.csr_array(
        (linked.equations.data, linked.equations.indices, linked.equations.indptr),
        shape=(linked.equations.shape[0], size + many),
    )
    equations = sp.csr_array(sp.vstack([before, beyond], format="csr"), dtype=np.int64)
    return Linked(size + many, linked.cell_of, equations)


def with_rests(stack: Stack, layers: Sequence[Layer], identities: Iterable[Identity]) -> Stack:
    """The rests as hidden cells. In this release the rest that one part alone lacks is its count there, and
    small where its rule says so. A total that is less than its parts is no sum of theirs."""
    system = stack.system
    linked = Linked(system.size, stack.cell_of, system.equations)
    found = rests_of(layers, identities, linked)
    rests = [rest for rest in found if not rest.denied_by(system.values)]
    if not rests:
        return stack
    many, extended = len(rests), with_cells(linked, rests)
    counts = extended.equations[-many:, : system.size] @ system.values
    unsafe, threshold, width = (np.zeros(many, dtype=np.int64) for _ in range(3))
    for place, rule in rules_of(rests, layers):
        told = system.fixed[[rests[place].total, *rests[place].parts]].all()
        if not told and is_unsafe(counts[place : place + 1], rule)[0]:
            unsafe[place], threshold[place], width[place] = 1, rule.threshold, rule.required_width
    total = np.array([rest.total for rest in rests], dtype=np.int64)
    yes, no = np.ones(many, dtype=bool), np.zeros(many, dtype=bool)

    def longer(own: np.ndarray, more: np.ndarray) -> np.ndarray:
        return np.concatenate([own, more]).astype(own.dtype)

    whole = replace(
        system,
        equations=extended.equations,
        values=longer(system.values, counts),
        cost=longer(system.cost, np.ones(many)),
        threshold=longer(system.threshold, threshold),
        width=longer(system.width, width),
        floor=longer(system.floor, np.zeros(many)),
        ceiling=longer(system.ceiling, np.full(many, NO_CEILING)),
        unsafe=longer(system.unsafe, unsafe > 0),
        fixed=longer(system.fixed, no),
        forced=longer(system.forced, yes),
        supplier=longer(system.supplier, np.full(many, -1)),
        block=longer(system.block, system.block[total]),
    )
    return Stack(whole, stack.cell_of, total)


def rules_of(rests: Sequence[Rest], layers: Sequence[Layer]) -> Iterator[tuple[int, Rule]]:
    """The places of rests of this release that one part alone lacks, and its rule."""
    rules = {layer.table.indicator: layer.rule for layer in layers if layer.release == 0}
    for place, rest in enumerate(rests):
        if rest.release == 0 and len(rest.lacking) == 1 and rest.lacking[0] in rules:
            yield place, rules[rest.lacking[0]]
