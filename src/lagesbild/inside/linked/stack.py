"""All linked tables of this release and of every earlier one, as one list of unknowns and equations."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, product

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from lagesbild.core.figures import TOTAL, Key
from lagesbild.core.indicator import Identity, Protection
from lagesbild.core.region import NATION, Geography, Level

from .margins import Cell, Margins

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
People = Callable[[Key], float]
"""About how many people a cell is drawn from."""
Named = tuple[Cell, int]
"""A cell with one of its counts."""


@dataclass(frozen=True, repr=False)
class Layer:
    """The tables of one release. `published` is None for the release in the making, whose pattern is to be
    decided; else the cells that were shown with a value, which stay known for ever. `rules`: by indicator,
    what it was published by."""

    margins: Sequence[Margins]
    published: frozenset[Cell] | None = None
    rules: Mapping[str, Protection] = field(default_factory=dict)


@dataclass(frozen=True, repr=False)
class Told:
    """What earlier releases leave of cells that a stricter rule would protect.

    threshold, width: what a cell can still be asked to reach and span (n,).
    gone: nothing is left of it (n,).
    to: municipalities that can work it out, by their numbers (n, municipalities).
    """

    threshold: Ints
    width: Ints
    gone: Flags
    to: Flags


@dataclass(frozen=True, repr=False)
class Stack:
    """n unknowns; a cell whose count was revised is one unknown for each of its counts.

    cells: what each is (n,).  values: counts (n,).  equations: (m, n).
    threshold, width: the rule, the strictest of today's and of those that the cell came out by (n,).
    rules: those that earlier releases were published by, by indicator; of indicators that are bound to it
    too, where theirs are stricter now.
    level: steps above the finest cell (n,).
    current: part of the release in the making (n,).  earlier: part of an earlier release (n,).
    known: shown by an earlier release, or published by others (n,).
    shown: has a place in a table of the release in the making, unlike a rest (n,).
    top: the country's total of a table (n,).
    supplier: the municipality that reported the cell and so knows it, numbered; -1 for nobody alone (n,).
    people: about how many people the cell is drawn from, without bound for a rest (n,).
    told: what earlier releases leave of the cells; None where the rule is asked of all.
    """

    cells: tuple[Cell, ...]
    values: Ints
    equations: sp.csr_array
    threshold: Ints
    width: Ints
    level: Ints
    current: Flags
    earlier: Flags
    known: Flags
    shown: Flags
    top: Flags
    supplier: Ints
    people: NDArray[np.float64]
    rules: Mapping[str, Sequence[Protection]] = field(default_factory=dict)
    told: Told | None = None


def stack(
    layers: Sequence[Layer],
    geography: Geography,
    people: People = lambda _: np.inf,
    public: Iterable[Named] = (),
) -> Stack:
    """Join the layers. Cells of equal name and equal count are one unknown: this gives the attacker the
    knowledge of which counts were revised, which is more than she has.

    `public`: cells that others have published, with their counts. One that is small stays unsafe: what others
    show of few people is no reason to show it here.
    """
    number, between = _numbered(layers)
    cells = tuple(cell for cell, _ in number)
    equations = _equations(layers, number, between)
    threshold, width = _strictest(layers, number, between)
    current, earlier, known, shown, tabled = (np.zeros(len(number), np.bool_) for _ in range(5))
    for layer in layers:
        for cell, value in _values(layer):
            current[number[cell, value]] |= layer.published is None
            earlier[number[cell, value]] |= layer.published is not None
            known[number[cell, value]] |= layer.published is not None and cell in layer.published
        for named in _tabled(layer):
            shown[number[named]] |= layer.published is None
            tabled[number[named]] = True
    for named in public:
        if named in number and named[1] >= threshold[number[named]]:
            known[number[named]] = True
    return Stack(
        cells=cells,
        values=np.array([value for _, value in number], np.int64),
        equations=equations,
        threshold=threshold,
        width=width,
        level=np.array([_level(cell.key, geography) for cell in cells], np.int64),
        current=current,
        earlier=earlier,
        known=known,
        shown=shown,
        top=np.array([_is_top(cell) for cell in cells], np.bool_),
        supplier=_suppliers(cells, equations, geography),
        people=np.array(
            [people(cell.key) if own else np.inf for cell, own in zip(cells, tabled, strict=True)], np.float64
        ),
        rules=_rules_before(layers),
    )


Number = Mapping[Named, int]


def _values(layer: Layer) -> Iterator[Named]:
    for each in layer.margins:
        yield from each.values.items()


def _tabled(layer: Layer) -> Iterator[Named]:
    """What has a place in a table of the layer."""
    for each in layer.margins:
        for cell, value in each.values.items():
            if not cell.rest and cell not in each.unshown:
                yield cell, value


def _numbered(layers: Sequence[Layer]) -> tuple[dict[Named, int], list[list[Named]]]:
    """Each unknown's place, and the declared sums between indicators, whose rests are unknowns too."""
    number: dict[Named, int] = {}
    for layer in layers:
        for named in _values(layer):
            number.setdefault(named, len(number))
    between = list(_between(layers, number))
    for relation in between:
        for named in relation:
            number.setdefault(named, len(number))
    return number, between


def _strictest(layers: Sequence[Layer], number: Number, between: Sequence[list[Named]]) -> tuple[Ints, Ints]:
    """Threshold and width of each unknown, (n,): today's, or those by which it came out where they are
    stricter: what was hidden by a higher threshold is not shown by a lower one."""
    today = _rules_today(layers)
    found = np.array(
        [(today[cell.indicator].threshold, today[cell.indicator].width) for cell, _ in number], np.int64
    ).reshape(-1, 2)
    for layer in layers:
        for each in layer.margins:
            if (then := layer.rules.get(each.indicator.code)) is not None:
                own = [number[named] for named in each.values.items()]
                found[own] = np.maximum(found[own], (then.threshold, then.width))
    tabled = {named for layer in layers for named in _values(layer)} if between else set()
    for relation in between:
        # What is left between two indicators came out with the number that it is left of.
        own = [number[named] for named in relation if named[0].indicator == relation[0][0].indicator]
        left = [number[named] for named in relation if named not in tabled]
        found[left] = np.maximum(found[left], found[own].max(axis=0))
    found[[cell.assumed for cell, _ in number]] = 0
    return found[:, 0], found[:, 1]


def _rules_before(layers: Sequence[Layer]) -> dict[str, Sequence[Protection]]:
    today = _rules_today(layers)
    found: dict[str, dict[Protection, None]] = {code: {} for code in today}
    for code, rule in ((code, rule) for layer in layers for code, rule in layer.rules.items()):
        if code in today:
            found[code][rule] = None
    own = {code: list(rules) for code, rules in found.items()}
    for identity in _identities(layers):
        members = [code for code in (identity.total, *identity.parts) if code in today]
        for code, other in product(members, members):
            found[code] |= dict.fromkeys(rule for rule in own[other] if _is_laxer(rule, today[other]))
    return {code: tuple(rules) for code, rules in found.items()}


def _is_laxer(rule: Protection, than: Protection) -> bool:
    return rule.threshold < than.threshold or rule.width < than.width


def _rules_today(layers: Sequence[Layer]) -> dict[str, Protection]:
    return {each.indicator.code: each.indicator.protection for layer in layers for each in layer.margins}


Row = tuple[int, tuple[int, ...]]


def _equations(layers: Sequence[Layer], number: Number, between: Iterable[list[Named]]) -> sp.csr_array:
    """One row per distinct sum: total - parts = 0."""
    rows = dict.fromkeys(row for layer in layers for each in layer.margins for row in _rows(each, number))
    for relation in between:
        total, *parts = (number[each] for each in relation)
        rows[total, tuple(parts)] = None
    starts = np.cumsum([0, *(1 + len(parts) for _, parts in rows)])
    columns = np.fromiter(chain.from_iterable((total, *parts) for total, parts in rows), np.int64, starts[-1])
    signs = np.full(starts[-1], -1, np.int64)
    signs[starts[:-1]] = 1
    return sp.csr_array((signs, columns, starts), shape=(len(rows), len(number)))


def _rows(margins: Margins, number: Number) -> Iterator[Row]:
    def at(cell: Cell) -> int:
        return number[cell, margins.values[cell]]

    for each in margins.sums:
        yield at(each.total), tuple(map(at, each.parts))


def _between(layers: Sequence[Layer], number: Iterable[Named]) -> Iterator[list[Named]]:
    """The declared sums between indicators, over every layer: a number, and those that it is the sum of.

    Versions of different releases are combined wherever the sum can hold between them, which again gives the
    attacker more than she has.
    """
    versions: dict[Cell, Versions] = {}
    for cell, value in ((cell, value) for cell, value in number if not cell.assumed):
        versions.setdefault(cell, {})[value] = {}
    for layer in layers:
        for each in layer.margins:
            for cell, value in each.values.items():
                if not cell.assumed:
                    versions[cell][value][each.behind.get(cell)] = None
    for identity in _identities(layers):
        for cell in [cell for cell in versions if cell.indicator == identity.total]:
            members = [cell, *(cell._replace(indicator=part) for part in identity.parts)]
            if all(member in versions for member in members):
                yield from _combined(identity, members, [versions[member] for member in members])


Behind = frozenset[str] | None
"""The municipalities that a number counts; None: all of its place."""
Versions = dict[int, dict[Behind, None]]
"""The counts of one cell, each with the municipalities that it was made of in one release or another."""


def _combined(
    identity: Identity, members: Sequence[Cell], versions: Sequence[Versions]
) -> Iterator[list[Named]]:
    for values in product(*versions):
        named = list(zip(members, values, strict=True))
        behind = (each[value] for each, value in zip(versions, values, strict=True))
        found = (each for chosen in product(*behind) for each in _bound(identity, named, chosen))
        yield from {tuple(each): each for each in found}.values()


def _bound(identity: Identity, named: list[Named], behind: Sequence[Behind]) -> Iterator[list[Named]]:
    """What holds between the numbers of certain municipalities. They are equal where the same ones are behind
    all. A total counts at least what its parts count of some of its municipalities, and parts that count all
    and more of them at least the total; of others nothing is known."""
    (total, counted), *parts = named
    beyond, others = counted - sum(value for _, value in parts), " ".join(identity.parts)
    whole, *own = behind
    if not identity.subset and set(own) == {whole}:
        if beyond == 0:
            yield named
    elif beyond >= 0 and all(_among(each, whole) for each in own):
        yield [*named, (_rest(total, f"beyond {others}"), beyond)]
    elif beyond <= 0 and not identity.subset and all(_among(whole, each) for each in own):
        summed = (_rest(total, f"by {others}"), counted - beyond) if len(parts) > 1 else parts[0]
        if len(parts) > 1:
            yield [summed, *parts]
        yield [summed, named[0], (_rest(total, f"within {others}"), -beyond)]


def _among(some: Behind, others: Behind) -> bool:
    """Whether all of these municipalities are among those."""
    return others is None or (some is not None and some <= others)


def _rest(total: Cell, words: str) -> Cell:
    return total._replace(rest=f"{total.rest} {words}".strip())


def _identities(layers: Iterable[Layer]) -> list[Identity]:
    found = {each: None for layer in layers for one in layer.margins for each in one.indicator.identities}
    return list(found)


def _level(key: Key, geography: Geography) -> int:
    region = geography[key.region].level
    places = {Level.MUNICIPALITY: 0, Level.NATION: 2}.get(region, 1)
    return places + (key.sex == TOTAL) + (key.age == TOTAL)


def _suppliers(cells: Sequence[Cell], equations: sp.csr_array, geography: Geography) -> Ints:
    """Who knows each unknown without us: a municipality knows its own cells, and whatever follows from them.

    Whoever knows all members of a relation but one knows that one too. A total that others have joined since
    is another unknown, and one that nobody knows alone.
    """
    places = {region.code: i for i, region in enumerate(geography.at(Level.MUNICIPALITY))}
    alone = np.array([places.get(cell.key.region, -1) for cell in cells], np.int64)
    starts, members = equations.indptr[:-1], equations.indices
    relation = np.repeat(np.arange(len(starts)), np.diff(equations.indptr))
    while len(members):
        knows = alone[members]
        most = np.maximum.reduceat(knows, starts)
        least = np.minimum.reduceat(np.where(knows < 0, len(places), knows), starts)
        follows = (np.add.reduceat(knows < 0, starts, dtype=np.int64) == 1) & (most == least)
        new = np.flatnonzero((knows < 0) & follows[relation])[::-1]  # the first relation has the last word
        if not len(new):
            break
        alone[members[new]] = most[relation[new]]
    return alone


def _is_top(cell: Cell) -> bool:
    return not cell.rest and cell.key.region == NATION and (cell.key.sex, cell.key.age) == (TOTAL, TOTAL)
