"""Tables whose dimensions or groupings run in a ring: region by sex, region by age, and sex by age.

Each two have one in common, and no table has them all. Then counts by all of them together, which no table
shows, bound what the tables hide, since they are not below 0. Without a ring the sums say it all.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lagesbild.core.linking import Naming
from lagesbild.core.table import Table

Blocks = frozenset[frozenset[str]]
"""The finest places of each finest code."""
Grouping = tuple[str, int]
"""A dimension, and a number for one way to divide it."""
Edge = frozenset[Grouping]


@dataclass(frozen=True)
class Ring:
    """`names`: the dimensions of the counts that bind its `tables`, given by their places in the list."""

    tables: tuple[int, ...]
    names: tuple[str, ...]


class Rings:
    """The rings among tables that count the same, whenever they were published."""

    def __init__(self, tables: Sequence[Table], naming: Naming, whole: Sequence[frozenset[str]] = ()) -> None:
        """`whole`: in which dimensions each table covers what there is, so that it can be added up; all where
        that is left out."""
        self._names = [frozenset(each.name for each in table.dimensions) for table in tables]
        self._whole = whole or self._names
        self._groupings: dict[str, list[Blocks]] = {}
        blocks = [
            {d.name: frozenset(naming.places(d.name, leaf) for leaf in d.leaves) for d in table.dimensions}
            for table in tables
        ]
        for own in blocks:
            for name, each in own.items():
                known = self._groupings.setdefault(name, [])
                known += [] if each in known else [each]
        self._coarser = {
            (name, fine): frozenset(
                (name, coarse) for coarse, other in enumerate(every) if _is_coarser(other, every[fine])
            )
            for name, every in self._groupings.items()
            for fine in range(len(every))
        }
        self._edges = [
            {name: self._coarser[name, self._groupings[name].index(each)] for name, each in own.items()}
            for own in blocks
        ]

    def says_more(self, one: int, others: Sequence[int]) -> bool:
        """Whether a table has a combination of groupings that none of the others has."""
        covering = (other for other in others if self._names[other] == self._whole[other])
        return not any(self._edge(one) <= self._edge(other) for other in covering)

    def among(self, chosen: Sequence[int]) -> Iterator[Ring]:
        """The rings among these tables, (places in the list)."""
        edges = {self._edge(table) for table in chosen}
        edges |= {frozenset(_of(name, edges)) for name in self._groupings}
        for component in _joined(_without_ears(edges)):
            names = {name for edge in component for name, _ in edge}
            yield Ring(tuple(self._finest(chosen, names)), tuple(sorted(names)))

    def _edge(self, table: int) -> Edge:
        return frozenset[Grouping]().union(*self._edges[table].values())

    def _finest(self, chosen: Sequence[int], names: set[str]) -> list[int]:
        """Tables of which no other says as much in these dimensions, each once."""
        within = {
            table: frozenset[Grouping]().union(
                *(own for name, own in self._edges[table].items() if name in names)
            )
            for table in chosen
            if self._names[table] - names <= self._whole[table]
        }
        first = {own: table for table, own in reversed(within.items()) if own}
        return sorted(table for own, table in first.items() if not any(own < other for other in first))


def _of(name: str, edges: set[Edge]) -> Iterator[Grouping]:
    """How a dimension's groupings lie to each other is known, whether or not a table has them all."""
    return (each for edge in edges for each in edge if each[0] == name)


def _is_coarser(coarse: Blocks, fine: Blocks) -> bool:
    """Whether each block of the one is made of blocks of the other."""
    owner: dict[str, int] = {}
    for number, block in enumerate(coarse):
        for place in block:
            if owner.setdefault(place, number) != number:
                return coarse == fine  # lists that overlap
    whole = all(len({owner.get(place) for place in block}) == 1 for block in fine)
    return whole and owner.keys() <= frozenset[str]().union(*fine)


def _without_ears(edges: set[Edge]) -> set[Edge]:
    """Ears are taken off one by one, as Graham, and Yu and Özsoyoglu, do (1979): what one edge alone has, and
    an edge within another. What is left runs in a ring."""
    while True:
        every = [each for edge in edges for each in edge]
        left = {frozenset(each for each in edge if every.count(each) > 1) for edge in edges}
        left = {edge for edge in left if edge and not any(edge < other for other in left)}
        if len(left) == 1:
            left = set()
        if left == edges:
            return left
        edges = left


def _joined(edges: set[Edge]) -> list[set[Edge]]:
    """The edges that hang together."""
    components: list[set[Edge]] = []
    for edge in edges:
        touched = [each for each in components if any(edge & other for other in each)]
        components = [each for each in components if each not in touched]
        components.append({edge}.union(*touched))
    return components
