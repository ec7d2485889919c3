"""What a total of indicators holds beyond the parts that have the cell: a count of its own, shown nowhere.

Where one part lists fewer codes than its total, or lacks a dimension, an identity has no equation there. Its
total is no less than the other parts all the same, and their difference is what the part would show, or the
parts together where several lack the cell.
"""

from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from itertools import count as count_from

import numpy as np

from lagesbild.core.linking import (
    WHEREVER,
    Identity,
    Key,
    Linked,
    add_up_to,
    places_of,
    rows_of,
    wider,
    with_more,
)
from lagesbild.core.table import Table

from .primary import Rule, is_unsafe
from .system import Flags, Ints, Layer, Stack, System, layer_names, lengthened
from .told_sums import Beyond, told_elsewhere, unlisted

Places = Mapping[tuple[int, str], Mapping[Key, int]]
"""For each release and indicator the place of each cell."""


@dataclass(frozen=True)
class Rest:
    """Of one release, `total` less `parts` (cells), which cover `key`; `lacking`: the indicators that do not
    have it. Where that is the total (None), what the parts are together. `within`: the parts are parts of one
    indicator's number, such as a county's."""

    release: int
    key: Key
    total: int | None
    parts: tuple[int, ...]
    lacking: tuple[str, ...]
    within: bool = False

    @property
    def another(self) -> bool:
        """Whether it is the number of one other indicator, which may be bound to what that shows."""
        return len(self.lacking) == 1 and not self.within

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


def rests_of(
    layers: Sequence[Layer], identities: Iterable[Identity], linked: Linked, *, together: bool = True
) -> list[Rest]:
    """Each rest once, of the numbers of one release. `together`: and of those of others where that lacks a
    cell, as if they had not been revised."""
    tables, releases = [layer.table for layer in layers], [layer.release for layer in layers]
    places = places_of(layer_names(layers), linked.cell_of, releases)
    every = list(identities)
    found = [
        rest
        for each in every
        for release in dict.fromkeys(releases)
        if each.release != WHEREVER and each.release in (None, release)
        for rest in (
            *_of_one(each, release, places),
            *(_of_one(each, release, _in_any(places, release)) if together else ()),
            *_of_total(each, every, release, places),
        )
    ]
    found += _of_parts(tables, releases, linked, together)
    return list({(rest.total, rest.parts): rest for rest in found}.values())


def _in_any(places: Places, release: int) -> Places:
    """The places of the release, else of another."""
    releases = dict.fromkeys((release, *(other for other, _ in places)))
    return {
        (release, name): ChainMap(*(dict(places.get((other, name), {})) for other in releases))
        for _, name in places
    }


def _of_parts(
    tables: Sequence[Table], releases: Sequence[int], linked: Linked, together: bool
) -> Iterator[Rest]:
    """What totals hold beyond those of their parts that are listed; where these are all there is, nothing."""
    found = list(unlisted(tables, releases, linked, together=together))
    if not found:
        return
    whole = set(rows_of(linked.equations))
    sums = rows_of(add_up_to([(each.total, *each.parts) for each in found], linked.size))
    for each, own in zip(found, sums, strict=True):
        if own not in whole:
            key, lacking = tuple(chain.from_iterable(each.lacking)), (each.indicator,) * len(each.lacking)
            yield Rest(each.release, key, each.total, tuple(sorted(each.parts)), lacking, within=True)


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
    sums = [rest.sum(column) for rest, column in zip(rests, columns, strict=True)]
    return with_more(wider(linked, size), [add_up_to(sums, size)])


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
    values = stack.system.values
    linked = Linked(stack.system.size, stack.cell_of, stack.system.equations)
    found = rests_of(layers, identities, linked)
    rests = [rest for rest in found if not rest.denied_by(values)]
    if not rests:
        return stack
    counts = [rest.count(values) for rest in rests]
    columns = _columns(rests, counts, layers, stack)
    cells = zip(rests, columns, counts, strict=True)
    beyond = [
        Beyond(rest.lacking[0], rest.release, rest.key, column, count)
        for rest, column, count in cells
        if rest.another
    ]
    own = [layer.counts for layer in layers]
    extended = with_told(with_cells(linked, rests, columns), layers, own, beyond)
    new = {column - linked.size: rest for rest, column in zip(rests, columns, strict=True)}
    beside = np.array([new[place].beside for place in range(extended.size - linked.size)], dtype=np.int64)
    return Stack(_longer(stack.system, extended, beside, layers, rests, columns), stack.cell_of, beside)


def _longer(
    system: System,
    extended: Linked,
    beside: Ints,
    layers: Sequence[Layer],
    rests: Sequence[Rest],
    columns: Sequence[int],
) -> System:
    """The system with one more cell for each of `beside`, (k,), the cells of the same places."""
    first, many = system.size, len(beside)
    values, threshold, width = (np.zeros(many, dtype=np.int64) for _ in range(3))
    for rest, column in zip(rests, columns, strict=True):
        if column >= first:
            values[column - first] = rest.count(system.values)
    told = _out(layers, system, extended)
    for place, rule in rules_of(rests, layers):
        own = columns[place] - first
        # What is out cannot be taken back.
        if own >= 0 and not told[list(rests[place].members)].all() and _is_small(values[own], rule):
            threshold[own], width[own] = rule.threshold, rule.required_width
    longer = lengthened(
        system, extended.equations, values, supplier=system.supplier[beside], block=system.block[beside]
    )
    return longer.with_(
        threshold=np.concatenate([system.threshold, threshold]),
        width=np.concatenate([system.width, width]),
        unsafe=np.concatenate([system.unsafe, threshold > 0]),
    )


def _out(layers: Sequence[Layer], system: System, linked: Linked) -> Flags:
    """Cells that are shown elsewhere, earlier or by others, (n,)."""
    out = np.zeros(system.size, dtype=bool)
    for layer, cells in zip(layers, linked.cell_of, strict=True):
        if layer.release and layer.hidden is not None:
            out[cells[~layer.hidden]] = True
    return out


def _is_small(count: int, rule: Rule) -> bool:
    return bool(is_unsafe(np.array([count]), rule)[0])


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
    """The places of rests that one part alone lacks, and the strictest of its rules in their release."""
    rules: dict[tuple[int, str], Rule] = {}
    for layer in layers:
        name = layer.release, layer.table.indicator
        rules[name] = layer.rule.or_stricter(rules.get(name, layer.rule))
    for place, rest in enumerate(rests):
        alone = len(rest.lacking) == 1 and rest.total is not None
        if alone and (rest.release, rest.lacking[0]) in rules:
            yield place, rules[rest.release, rest.lacking[0]]
