"""Tables whose dimensions run in a ring: each two have one in common, and no table has them all."""

from collections.abc import Iterable

from lagesbild.core.table import Table


def in_a_ring(tables: Iterable[Table]) -> bool:
    """Whether tables of one indicator do: then counts by all dimensions together, which none of them shows,
    may bound what they hide (region by sex, region by age and sex by age). Sums alone do not tell it.

    Ears are taken off one by one, as Graham, and Yu and Özsoyoglu, do (1979): a dimension that one table
    alone has, a table within another. What is left is a ring.
    """
    by_indicator: dict[str, set[frozenset[str]]] = {}
    for table in tables:
        names = frozenset(each.name for each in table.dimensions)
        by_indicator.setdefault(table.indicator, set()).add(names)
    return any(_without_ears(sets) for sets in by_indicator.values())


def _without_ears(sets: set[frozenset[str]]) -> set[frozenset[str]]:
    while True:
        names = [name for own in sets for name in own]
        left = {frozenset(name for name in own if names.count(name) > 1) for own in sets}
        left = {own for own in left if own and not any(own < other for other in left)}
        if len(left) == 1:
            left = set()
        if left == sets:
            return left
        sets = left
