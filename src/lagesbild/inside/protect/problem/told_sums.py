"""Sums that bind tables which do not tell them, since another one does: counties by age, municipalities by
age, and a third table that says which municipalities a county has."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, combinations, product

import numpy as np
import scipy.sparse as sp

from lagesbild.core.linking import Key, Linked, Naming, Part, add_up_to
from lagesbild.core.table import Dimension, Ints, Relation, Table

UNKNOWN = -1
"""Instead of a count that is hidden from whoever adds up."""


@dataclass(frozen=True)
class Beyond:
    """A cell that no table shows: what it counts and covers in a release, its place and its count."""

    indicator: str
    release: int
    key: Key
    place: int
    count: int


@dataclass(frozen=True)
class _Sum:
    """Of an indicator, in these dimensions, `total` is covered by `parts`. `told` by some table, or only seen
    in numbers: a table without them may hold the sums of one that lists their codes. `places`: what a total
    of one place is called itself, which it is in a release where it is no total."""

    indicator: str
    names: frozenset[str]
    total: Part
    parts: tuple[Part, ...]
    told: bool
    places: Mapping[Part, Part] = field(default_factory=dict)


def told_elsewhere(
    tables: Sequence[Table],
    counts: Sequence[Ints],
    releases: Sequence[int],
    linked: Linked,
    beyond: Sequence[Beyond] = (),
) -> sp.csr_array:
    """The sums that some table of an indicator does not tell, between all cells of its: (m, linked.size).

    `counts[k]`, (cells,), are `UNKNOWN` where they are. Only what the counts do not deny is bound. Where a
    release lacks a cell that the sum needs, others' are taken: again this gives the attacker the knowledge
    of what was revised. `beyond`: further cells, in no table.
    """
    naming = Naming(tables, releases)
    sums = [*_told(tables, naming), *_untold(tables, naming)]
    count = known_counts(linked, counts)
    for each in beyond:
        count[each.place] = max(count[each.place], each.count)
    rows = [*_unchanged(tables, naming, linked, count)]
    if sums:
        cells = _Cells(tables, naming, linked, beyond)
        rows += [row for each in sums for row in _not_denied(each, cells, count)]
    return add_up_to(list(dict.fromkeys(rows)), linked.size)


@dataclass(frozen=True)
class Unlisted:
    """A total of one release and those of its parts that tables have, by their places; the keys of others."""

    indicator: str
    release: int
    total: int
    parts: tuple[int, ...]
    lacking: tuple[Key, ...]


def unlisted(
    tables: Sequence[Table], releases: Sequence[int], linked: Linked, *, together: bool
) -> Iterator[Unlisted]:
    """The sums that one table tells, where others have the total and some of the parts, but not all: those of
    one release, or `together` with those of others."""
    naming = Naming(tables, releases)
    if told := list(_told(tables, naming)):
        cells = _Cells(tables, naming, linked, ())
        for each in told:
            yield from cells.unlisted(each, together)


def known_counts(linked: Linked, counts: Sequence[Ints]) -> Ints:
    """What is known of each cell from any of its tables, (linked.size,); `UNKNOWN` where none shows it."""
    known = np.full(linked.size, UNKNOWN, dtype=np.int64)
    for own, shown in zip(linked.cell_of, counts, strict=True):
        np.maximum.at(known, own, shown)
    return known


def _told(tables: Sequence[Table], naming: Naming) -> Iterator[_Sum]:
    """What some table tells of a dimension, and another of the indicator that has it does not."""
    told = {name: _relations(own) for name, own in _dimensions(tables).items()}
    for indicator in dict.fromkeys(table.indicator for table in tables):
        together = [table for table in tables if table.indicator == indicator]
        for name, own in _dimensions(together).items():
            for each in told[name]:
                if not all(each in dimension.relations for dimension in own):
                    codes = each.total, *each.parts
                    total, *parts = (naming.part(name, code) for code in codes)
                    places = {naming.part(name, code): naming.place(name, code) for code in codes}
                    yield _Sum(indicator, frozenset((name,)), total, tuple(parts), True, places)


def _untold(tables: Sequence[Table], naming: Naming) -> Iterator[_Sum]:
    """What a table without a dimension, or without several, is the sum of, where a release of its indicator
    has no total there."""
    published = list(zip(tables, naming.releases, strict=True))
    for indicator, release in dict.fromkeys((table.indicator, release) for table, release in published):
        together = [table for table, other in published if (table.indicator, other) == (indicator, release)]
        listed: dict[str, tuple[Part, tuple[Part, ...]]] = {}
        for name, own in _dimensions(together).items():
            totals = {relation.total for relation in _relations(own)}
            codes = dict.fromkeys(code for each in own for code in each.codes)
            total = naming.together(name, codes)
            if len(codes) > 1 and total not in {naming.part(name, code) for code in codes}:
                listed[name] = total, tuple(naming.part(name, code) for code in codes if code not in totals)
        for many in range(1, len(listed) + 1):
            for names in combinations(listed, many):
                wholes, parts = zip(*(listed[name] for name in names), strict=True)
                every = tuple(_joined(each) for each in product(*parts))
                yield _Sum(indicator, frozenset(names), _joined(wholes), every, told=False)


def _joined(parts: Iterable[Part]) -> Part:
    return tuple(sorted(chain.from_iterable(parts)))


def _dimensions(tables: Sequence[Table]) -> dict[str, list[Dimension]]:
    found: dict[str, list[Dimension]] = {}
    for table in tables:
        for each in table.dimensions:
            found.setdefault(each.name, []).append(each)
    return found


def _relations(dimensions: Sequence[Dimension]) -> list[Relation]:
    return list(dict.fromkeys(relation for each in dimensions for relation in each.relations))


def _unchanged(
    tables: Sequence[Table], naming: Naming, linked: Linked, count: Ints
) -> Iterator[tuple[int, ...]]:
    """A table without a dimension that other codes have been published of since: what it shows as before is
    taken for the same, whatever the codes cover."""
    published = list(zip(tables, naming.releases, linked.cell_of, strict=True))
    alike: dict[tuple[str, frozenset[str]], list[int]] = {}
    for place, table in enumerate(tables):
        names = frozenset(each.name for each in table.dimensions)
        alike.setdefault((table.indicator, names), []).append(place)
    for (_, names), places in alike.items():
        if len({naming.lacking(*published[place][:2]) for place in places}) > 1:
            first: dict[tuple[Key, int], int] = {}
            for table, release, own in (published[place] for place in places):
                for (_, key), cell in zip(naming.of(table, release), own.tolist(), strict=True):
                    covered = tuple(part for part in key if part[0] in names)
                    before = first.setdefault((covered, int(count[cell])), cell)
                    if before != cell and count[cell] != UNKNOWN:
                        yield before, cell


class _Cells:
    """Every cell by what it counts and covers, in each release."""

    def __init__(
        self, tables: Sequence[Table], naming: Naming, linked: Linked, beyond: Sequence[Beyond]
    ) -> None:
        self._places: dict[str, dict[Key, dict[int, int]]] = {}
        self._within: dict[tuple[str, frozenset[str]], dict[Part, list[Key]]] = {}
        for table, release, own in zip(tables, naming.releases, linked.cell_of, strict=True):
            cells = self._places.setdefault(table.indicator, {})
            for (_, key), place in zip(naming.of(table, release), own.tolist(), strict=True):
                cells.setdefault(key, {}).setdefault(release, place)
        for one in beyond:
            self._places.setdefault(one.indicator, {}).setdefault(one.key, {}).setdefault(
                one.release, one.place
            )

    def _beside(self, indicator: str, names: frozenset[str], part: Part) -> list[Key]:
        """What the cells of this part cover in all other dimensions."""
        if (indicator, names) not in self._within:
            found: dict[Part, list[Key]] = {}
            for key in self._places[indicator]:
                own = tuple(each for each in key if each[0] in names)
                found.setdefault(own, []).append(tuple(each for each in key if each[0] not in names))
            self._within[indicator, names] = found
        return self._within[indicator, names].get(part, [])

    def sums(self, each: _Sum) -> Iterator[tuple[tuple[int, ...], int | None]]:
        """The places of the total and its parts in every release that has one of them, and the release; what
        that lacks as any other had it, and then None."""
        for members in self._members(each):
            versions = [places for _, places in members]
            if all(versions):
                releases = dict.fromkeys(release for own in versions for release in own)
                for release, other in product(releases, releases):
                    whole = all(release in own for own in versions)
                    row = tuple(_version(own, release, other) for own in versions)
                    yield row, release if whole else None

    def unlisted(self, each: _Sum, together: bool) -> Iterator[Unlisted]:
        """The same where some of the parts are in no table, or in none of the release."""
        for (_, total), *parts in self._members(each):
            for release in total:
                own = [(key, places if together else _only(places, release)) for key, places in parts]
                there, lacking = (
                    [places for _, places in own if places],
                    [key for key, places in own if not places],
                )
                for other in dict.fromkeys(other for places in there for other in places) if lacking else ():
                    found = tuple(_version(places, release, other) for places in there)
                    yield Unlisted(each.indicator, release, total[release], found, tuple(lacking))

    def _members(self, each: _Sum) -> Iterator[list[tuple[Key, dict[int, int]]]]:
        """The key of the total and of each part, beside all that the total stands beside, and the place of
        each in every release that has it."""
        cells = self._places[each.indicator]
        for rest in self._beside(each.indicator, each.names, each.total):
            found = []
            for part in (each.total, *each.parts):
                key, place = (tuple(sorted((*rest, *own))) for own in (part, each.places.get(part, part)))
                found.append((key, cells.get(place, {}) | cells.get(key, {})))
            yield found


def _only(places: Mapping[int, int], release: int) -> Mapping[int, int]:
    return {release: places[release]} if release in places else {}


def _version(places: Mapping[int, int], release: int, other: int) -> int:
    """The place in the release, else in the other, else in any."""
    return places.get(release, places.get(other, next(iter(places.values()))))


def _not_denied(each: _Sum, cells: _Cells, count: Ints) -> Iterator[tuple[int, ...]]:
    """The rows that hold, and those of one release that may where none of it fails. What nobody told is
    believed of a release if some of its numbers speak for it and none against."""
    rows: dict[tuple[int, ...], set[int]] = {}
    for row, release in cells.sums(each):
        rows.setdefault(row, set()).update(() if release is None else (release,))
    seen = {row: _holds(count[list(row)]) for row in rows}
    denied = {release for row, own in rows.items() if seen[row] is False for release in own}
    spoken_for = {release for row, own in rows.items() if seen[row] and count[row[0]] > 0 for release in own}
    for row, own in rows.items():
        may = seen[row] or (seen[row] is None and own - denied)
        if may and (each.told or (spoken_for - denied) & (own or spoken_for)):
            yield row


def _holds(counts: Ints) -> bool | None:
    """Whether the first is the sum of the others; None where one of them is not known."""
    return None if np.any(counts == UNKNOWN) else bool(counts[0] == counts[1:].sum())
