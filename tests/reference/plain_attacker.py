"""The attacker who has the published files, as plainly as can be: nothing here is the product's code.

A cell is known by what it counts and by which finest cells it adds up. Each count that it had is an unknown
of its own, as if it were public which ones were revised. All sums are linear: every interval by two programs.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from scipy.optimize import linprog

Leaf = tuple[str, ...]
Code = tuple[int, str]
"""A line of a hierarchy file: its depth and the code."""
People = tuple[tuple[str, str], ...]
"""By all dimensions: the name of each, and what it is there."""
Unknown = tuple[str, frozenset[tuple[str, frozenset[str]]], int]


@dataclass(frozen=True)
class Axis:
    """A dimension by its hierarchy files. `made_of`: the finest places that a code stood for, where it was
    made by a merger."""

    name: str
    trees: tuple[tuple[Code, ...], ...]
    made_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def write(self, folder: Path, label: str) -> list[str]:
        names = [f"{label}_{self.name}{place}.csv" for place in range(len(self.trees))]
        for name, tree in zip(names, self.trees, strict=True):
            lines = "".join(f"{'@' * depth},{code}\n" for depth, code in tree)
            (folder / name).write_text(f"levels,codes\n{lines}")
        return names

    @cached_property
    def codes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(code for tree in self.trees for _, code in tree))

    @cached_property
    def sums(self) -> list[tuple[str, tuple[str, ...]]]:
        return [each for tree in self.trees for each in _sums_of(tree)]

    @cached_property
    def leaves(self) -> tuple[str, ...]:
        totals = {total for total, _ in self.sums}
        return tuple(code for code in self.codes if code not in totals)

    @cached_property
    def atoms(self) -> Mapping[str, frozenset[str]]:
        """What each code adds up in the end."""
        found = {leaf: frozenset(self.made_of.get(leaf, (leaf,))) for leaf in self.leaves}
        while len(found) < len(self.codes):
            for total, parts in self.sums:
                if all(part in found for part in parts):
                    found[total] = frozenset().union(*(found[part] for part in parts))
        return found


def _sums_of(tree: Sequence[Code]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for place, (depth, total) in enumerate(tree):
        parts = []
        for deeper, code in tree[place + 1 :]:
            if deeper <= depth:
                break
            if deeper == depth + 1:
                parts.append(code)
        if parts:
            yield total, tuple(parts)


def added_up(axes: Sequence[Axis], leaves: Mapping[Leaf, int]) -> dict[Leaf, int]:
    """Every cell of the table from its finest ones."""
    everything = {
        tuple(frozenset(axis.atoms[code]) for axis, code in zip(axes, leaf, strict=True)): count
        for leaf, count in leaves.items()
    }
    return {
        cell: sum(
            count
            for atoms, count in everything.items()
            if all(own <= axis.atoms[code] for own, axis, code in zip(atoms, axes, cell, strict=True))
        )
        for cell in product(*(axis.codes for axis in axes))
    }


@dataclass
class Attacker:
    """All that is public, and the truth to judge by. `everyone`: what each dimension's total adds up.

    homes: the finest places of each supplier.
    """

    everyone: Mapping[str, frozenset[str]]
    unknowns: dict[Unknown, int] = field(default_factory=dict)
    sums: list[dict[int, int]] = field(default_factory=list)
    shown: dict[int, int] = field(default_factory=dict)
    known_to: dict[str, set[int]] = field(default_factory=dict)
    told: dict[tuple[str, frozenset[str], tuple[frozenset[str], ...]], None] = field(default_factory=dict)
    follows: set[int] = field(default_factory=set)
    margins: list[tuple[int, list[int]]] = field(default_factory=list)
    releases: int = 0
    unseen: dict[tuple[int, People], int] = field(default_factory=dict)
    homes: dict[str, set[tuple[str, str]]] = field(default_factory=dict)
    latest: dict[tuple[str, frozenset[tuple[str, frozenset[str]]]], int] = field(default_factory=dict)

    def reads(self, counts: str, axes: Sequence[Axis], truth: Mapping[Leaf, int], released: Path) -> None:
        """Take in one released file. The truth only tells versions apart."""
        with released.open() as opened:
            rows = {tuple(row[axis.name] for axis in axes): row for row in csv.DictReader(opened)}
        for cell, row in rows.items():
            place = self.place(counts, axes, cell, truth[cell])
            if row["status"] == "published":
                assert int(row["value"]) == truth[cell]
                self.shown[place] = truth[cell]
        for along, axis in enumerate(axes):
            for total, parts in axis.sums:
                made_of = tuple(axis.atoms[part] for part in parts)
                self.told[axis.name, axis.atoms[total], made_of] = None
            others = [each.codes for each in axes]
            others[along] = ("",)
            for (total, parts), rest in product(axis.sums, product(*others)):
                cells = [(*rest[:along], code, *rest[along + 1 :]) for code in (total, *parts)]
                self._sum([self.place(counts, axes, cell, truth[cell]) for cell in cells])

    def adds_up(self) -> None:
        """What one file says that a code is made of goes for the cells of the others too, as last published,
        where nothing was revised in between."""
        number = [count for _, _, count in self.unknowns]
        for (name, total, parts), (counts, cell) in product(self.told, list(self.latest)):
            rest = dict(cell)
            if rest.pop(name, self.everyone[name]) == total:
                cells = [(counts, self._told_apart([*rest.items(), (name, own)])) for own in (total, *parts)]
                places = [self.latest[each] for each in cells if each in self.latest]
                whole = len(places) == len(cells)
                if whole and number[places[0]] == sum(number[each] for each in places[1:]):
                    self._sum(places)

    def supplied(self, counts: str, axes: Sequence[Axis], truth: Mapping[Leaf, int], by: Axis) -> None:
        """Each finest code of `by` stands for somebody who knows her own numbers, and those of whom she took
        over."""
        for heir, places in by.made_of.items():
            for place in places:
                self.known_to.setdefault(heir, set()).update(self.known_to.pop(place, ()))
        for supplier in by.leaves:
            self.homes.setdefault(supplier, set()).update((by.name, place) for place in by.atoms[supplier])
        along = [axis.name for axis in axes].index(by.name)
        for cell, supplier in product(truth, by.leaves):
            if axes[along].atoms[cell[along]] <= by.atoms[supplier]:
                place = self.place(counts, axes, cell, truth[cell])
                self.known_to.setdefault(supplier, set()).add(place)

    def next_release(self) -> None:
        self.releases += 1

    def identity(self, axes: Sequence[Axis], tables: Sequence[tuple[str, Mapping[Leaf, int]]]) -> None:
        """The first table is the sum of the others, cell by cell, in one release. What no file has a row for
        may be zero, whatever is said of zeros."""
        read = set(self.unknowns.values()) - self.follows
        for cell in tables[0][1]:
            places = [self.place(counts, axes, cell, truth[cell]) for counts, truth in tables]
            self.follows |= set(places) - read
            self._sum(places)

    def adds_up_people(self, counts: str, axes: Sequence[Axis], people: Mapping[People, int]) -> None:
        """What a table shows are margins of counts by all dimensions, which nobody shows and are not below 0.
        Only what was published with these counts behind it."""
        for cell in product(*(axis.leaves for axis in axes)):
            atoms = {axis.name: axis.atoms[code] for axis, code in zip(axes, cell, strict=True)}
            own = [who for who in people if all(who_is in atoms.get(name, {who_is}) for name, who_is in who)]
            name = counts, self._told_apart(atoms.items()), sum(people[who] for who in own)
            if name in self.unknowns:
                places = [self.unseen.setdefault((self.releases, who), len(self.unseen)) for who in own]
                self.margins.append((self.unknowns[name], places))

    def place(self, counts: str, axes: Sequence[Axis], cell: Leaf, count: int) -> int:
        parts = ((axis.name, axis.atoms[code]) for axis, code in zip(axes, cell, strict=True))
        told_apart = self._told_apart(parts)
        place = self.unknowns.setdefault((counts, told_apart, count), len(self.unknowns))
        self.latest[counts, told_apart] = place
        return place

    def _told_apart(
        self, parts: Iterable[tuple[str, frozenset[str]]]
    ) -> frozenset[tuple[str, frozenset[str]]]:
        return frozenset((name, atoms) for name, atoms in parts if atoms != self.everyone[name])

    def _sum(self, places: Sequence[int]) -> None:
        row = {places[0]: 1}
        for place in places[1:]:
            row[place] = row.get(place, 0) - 1
        self.sums.append(row)

    def interval(self, place: int, lower: int, known: Mapping[int, int]) -> tuple[float, float]:
        """The least and the most that the unknown can be, in fractions, for whoever knows besides `known`."""
        told = self.shown | known
        bounds = [
            (told[i], told[i]) if i in told else (0 if i in self.follows else lower, None)
            for i in range(len(self.unknowns))
        ]
        bounds += [(0, None)] * len(self.unseen)
        ends = []
        for sign in (1.0, -1.0):
            aim = np.zeros(len(bounds))
            aim[place] = sign
            found = linprog(
                aim, A_eq=self._rows, b_eq=np.zeros(self._rows.shape[0]), bounds=bounds, method="highs"
            )
            assert found.status in (0, 3), "what is public contradicts itself"
            ends.append(sign * found.fun if found.status == 0 else -sign * np.inf)
        return ends[0], ends[1]

    @cached_property
    def _rows(self) -> sp.csr_array:
        first = len(self.unknowns)
        margins = [{place: 1} | {first + part: -1 for part in parts} for place, parts in self.margins]
        rows = sp.lil_array((len(self.sums) + len(margins), first + len(self.unseen)))
        for number, row in enumerate([*self.sums, *margins]):
            for place, factor in row.items():
                rows[number, place] = factor
        return sp.csr_array(rows)

    def harmed(self, least: int, threshold: int, width: int, lower: int) -> list[str]:
        """Small counts that are shown, or that she, or a supplier, works out too closely."""
        found = []
        for (counts, cell, count), place in self.unknowns.items():
            if not least <= count < threshold:
                continue
            name = f"{counts} {sorted((axis, sorted(atoms)) for axis, atoms in cell)}"
            low, high = self.interval(place, lower, {})
            if high < threshold - 1e-6 or high - low < width - 1e-6:
                found.append(f"{name}: {low} to {high}")
            for supplier, own in self.known_to.items():
                home = self.homes[supplier]
                hers = any({(axis, each) for each in atoms} <= home for axis, atoms in cell)
                if place not in own and not hers:
                    low, high = self.interval(place, lower, self._counts(own))
                    if high - low < 1 - 1e-6:
                        found.append(f"{name}: known to {supplier}")
        return found

    def _counts(self, places: set[int]) -> dict[int, int]:
        return {place: unknown[2] for unknown, place in self.unknowns.items() if place in places}
