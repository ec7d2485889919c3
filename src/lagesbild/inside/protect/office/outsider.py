"""What an outsider sees: everything public as one set of cells, without any truth."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from lagesbild.core.language import Text
from lagesbild.core.linking import Identity, link, with_more
from lagesbild.core.refusal import Finding, Place, Refusal
from lagesbild.core.table import Table
from lagesbild.inside.protect.problem.discovery import (
    implied_in_each,
    renamed,
    renamed_identities,
    same_counts,
)
from lagesbild.inside.protect.problem.joint import joints_of, with_joints
from lagesbild.inside.protect.problem.primary import Rule
from lagesbild.inside.protect.problem.rests import rests_of, rules_of, with_cells, with_told
from lagesbild.inside.protect.problem.system import (
    NO_CEILING,
    Flags,
    Ints,
    Layer,
    System,
    blocks_of,
    layer_names,
)
from lagesbild.inside.protect.problem.told_sums import UNKNOWN, Beyond, known_counts, told_elsewhere
from lagesbild.inside.solver import some_table

from .earlier import identities_then
from .linked_then import same_then
from .released import Published
from .sources import read_source, shape_then, sources
from .spec import Spec


@dataclass(frozen=True, eq=False)
class Shown:
    """Every public table, this release's first: its numbers and marks, its shape, the rule of its counts.

    layers: the numbers as they stand, 0 where hidden.  accepted: whether small counts in it are given up.
    """

    now: int
    published: tuple[Published, ...]
    layers: tuple[Layer, ...]
    accepted: tuple[bool, ...]
    identities: tuple[Identity, ...]

    @property
    def tables(self) -> tuple[Table, ...]:
        return tuple(layer.table for layer in self.layers)


@dataclass(frozen=True, eq=False)
class Seen:
    """Everything public as one set of cells; all (n,). `values` is 0 where `hidden`.

    own: cells of this release.  withheld: hidden in it, though an earlier release may show them.
    given_up: shown by others, and accepted.  floor: the least that is believed of a hidden cell.
    least_unsafe: the least count that is small.  rests: cells in no table, each with its total.
    """

    cell_of: tuple[Ints, ...]
    equations: sp.csr_array
    values: Ints
    hidden: Flags
    own: Flags
    withheld: Flags
    given_up: Flags
    threshold: Ints
    width: Ints
    floor: Ints
    least_unsafe: Ints
    block: Ints
    rests: Mapping[int, int]

    def with_(self, guess: Ints) -> System:
        """The system if `guess`, which fits all that is published, were the truth, and all hidden unsafe."""
        return System(
            equations=self.equations,
            values=guess,
            cost=np.zeros(len(guess)),
            threshold=self.threshold,
            width=self.width,
            floor=np.where(self.hidden, self.floor, guess),
            ceiling=np.full(len(guess), NO_CEILING),
            unsafe=self.hidden & (self.threshold > 0),
            fixed=~self.hidden,
            forced=np.zeros(len(guess), dtype=bool),
            supplier=np.full(len(guess), -1),
            block=self.block,
        )


def shown_by(spec: Spec, tables: Sequence[Table], now: Sequence[Published]) -> Shown:
    """This release and all that the specification says is public besides. Raises Refusal."""
    rules = [each.rule for each in spec.tables]
    layers = [_layer(*each) for each in zip(tables, now, rules, strict=True)]
    before, accepted = [], [False] * len(now)
    for source in sources(spec):
        accepted.append(source.known.accepted)
        table = shape_then(source, source.of.counts)
        before.append(read_source(source, table))
        layers.append(_layer(table, before[-1], source.rule, source.release))
    names = same_counts(layers[: len(now)], spec.identities)
    named = tuple(renamed(layer, names) for layer in layers)
    identities = (
        *renamed_identities(spec.identities, names),
        *identities_then(spec, named[: len(now)]),
        *implied_in_each(named),
    )
    identities = (*identities, *same_then(named, identities))
    return Shown(len(now), (*now, *before), named, tuple(accepted), identities)


def _layer(table: Table, published: Published, rule: Rule, release: int = 0) -> Layer:
    return Layer(table, published.counts, rule, hidden=published.hidden, release=release)


def fitting(spec: Spec, shown: Shown) -> tuple[Seen, Ints]:
    """What is seen, and some table that fits it: with hidden counts unchanged since earlier releases, as she
    would try first, or else with all of them revised. Raises Refusal."""
    several = len(shown.layers) > shown.now
    for unchanged, together in ((True, True), (True, False), (False, False)) if several else ((True, False),):
        seen = _seen(spec, shown, unchanged, together)
        guess = some_table(seen.equations, seen.hidden, seen.values, seen.floor)
        if guess is not None:
            return seen, guess
    raise contradiction(spec)


def _seen(spec: Spec, shown: Shown, unchanged: bool, together: bool) -> Seen:
    """`together`: joint counts bind what different releases show."""
    releases = [layer.release for layer in shown.layers]
    linked = link(shown.tables, shown.identities, _versions(shown, unchanged), releases)
    counts = [np.where(each.hidden, UNKNOWN, each.counts) for each in shown.published]
    linked = with_more(linked, [told_elsewhere(shown.tables, counts, releases, linked)])
    known = known_counts(linked, counts)
    found = rests_of(shown.layers, shown.identities, linked, together=together)
    rests = [rest for rest in found if not rest.denied_by(known)]
    first, linked = linked.size, with_cells(linked, rests)
    numbers = enumerate(rests, start=first)
    alone = [
        Beyond(rest.lacking[0], rest.release, rest.key, place, UNKNOWN)
        for place, rest in numbers
        if rest.another
    ]
    linked = with_told(linked, shown.layers, counts, alone)
    behind = [each[0 if together else 1] for each in joints_of(shown.tables, releases, linked)]
    joints = {joint.key: joint for each in behind for joint in each.joints}
    linked = with_joints(linked, list(joints.values()))
    n = linked.size
    values, threshold, width, floor = (np.zeros(n, dtype=np.int64) for _ in range(4))
    hidden, own, withheld = np.ones(n, dtype=bool), np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
    given_up = np.zeros(n, dtype=bool)
    least, block = np.ones(n, dtype=np.int64), np.full(n, -1, dtype=np.int64)
    blocks = blocks_of(shown.layers)
    for place, (cells, each, layer) in enumerate(
        zip(linked.cell_of, shown.published, shown.layers, strict=True)
    ):
        rule, public = layer.rule, cells[~each.hidden]
        if np.any(values[public][~hidden[public]] != each.counts[~each.hidden][~hidden[public]]):
            raise contradiction(spec)
        values[public] = each.counts[~each.hidden]
        hidden[public] = False
        np.maximum.at(threshold, cells, rule.threshold)
        np.maximum.at(width, cells, rule.required_width)
        withheld_here = cells[each.hidden]
        np.maximum.at(floor, withheld_here, rule.least)
        np.minimum.at(least, cells, 0 if rule.zeros == "unsafe" else 1)
        np.maximum.at(block, cells, blocks[place])
        np.logical_or.at(given_up, public, shown.accepted[place])
        if place < shown.now:
            own[cells] = True
            withheld[cells[each.hidden]] = True
    for number, rule in rules_of(rests, shown.layers):
        threshold[first + number], width[first + number] = rule.threshold, rule.required_width
    return Seen(
        linked.cell_of, linked.equations, values, hidden, own, withheld, given_up,
        threshold, width, floor, least, block,
        {first + place: rest.beside for place, rest in enumerate(rests)},
    )  # fmt: skip


def _versions(shown: Shown, unchanged: bool) -> list[list[Hashable]]:
    """Tells revisions of a cell apart by their values. A hidden count is taken for the only one that was ever
    shown of its cell; where there is none or several, for the same in all releases only if `unchanged`."""
    ever: dict[Hashable, set[int]] = {}
    names = layer_names(shown.layers)
    for own, each in zip(names, shown.published, strict=True):
        for name, count, withheld in zip(own, each.counts.tolist(), each.hidden.tolist(), strict=True):
            if not withheld:
                ever.setdefault(name, set()).add(count)

    def version(name: Hashable, count: int, withheld: bool, place: int) -> Hashable:
        told = ever.get(name, set())
        if not withheld:
            return count
        if unchanged and len(told) == 1:
            return next(iter(told))
        return None if unchanged and not told else f"hidden in {place}"

    return [
        [version(*cell, place) for cell in zip(own, each.counts.tolist(), each.hidden.tolist(), strict=True)]
        for place, (own, each) in enumerate(zip(names, shown.published, strict=True))
    ]


def contradiction(spec: Spec) -> Refusal:
    return Refusal(Finding("contradiction", *_CONTRADICTION, Place(file=spec.file.name)))


_CONTRADICTION = (
    Text(
        "De publicerade talen går inte ihop med sina summor.",
        "The published figures contradict their own sums.",
    ),
    Text(
        "Kontrollera att specifikationen hör till tabellen.",
        "Check that the specification belongs to the table.",
    ),
)
