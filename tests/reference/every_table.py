"""Thousands of tiny tables, each protected and then attacked by looking at every table that fits.

`make properties-long` runs ten thousand; the suite runs the first hundred.
"""

import sys
from collections import Counter
from dataclasses import dataclass

import numpy as np

from lagesbild.core.table import Dimension, Relation, Table
from lagesbild.inside.protect.primary import Rule
from lagesbild.inside.protect.secondary import suppress
from lagesbild.inside.protect.system import Layer, System, build
from reference.feasible_tables import unprotected

MOST_HIDDEN = 8
"""Holes of a pattern that can still be exhausted in a moment."""
COUNTS = np.array([0, 0, 0, 1, 1, 2, 3, 4])
ZEROS = ("candidate", "published", "unsafe")


@dataclass(frozen=True, eq=False)
class Case:
    """A system to protect, and whether suppliers attack it too."""

    system: System
    insider: bool


def dimension(name: str, chance: np.random.Generator) -> Dimension:
    """Two or three leaves under a total, sometimes merged or overlapping in a grouping."""
    leaves = tuple(f"{name}{number}" for number in range(int(chance.integers(2, 4))))
    relations = [Relation(f"{name}T", leaves)]
    if len(leaves) > 2 and chance.random() < 0.4:
        relations.append(Relation(f"{name}G", leaves[:2]))
    return Dimension(name, (*(relation.total for relation in relations), *leaves), tuple(relations))


def case(seed: int) -> Case:
    """One or two linked tables, with or without an earlier release whose counts were partly revised."""
    chance = np.random.default_rng(seed)
    row, column, other = (dimension(name, chance) for name in ("row", "column", "other"))
    rule = Rule(
        threshold=int(chance.integers(2, 4)),
        zeros=ZEROS[seed % 3],
        attacker_lower=[None, 0][int(chance.integers(2))],
    )
    table = Table((row, column))
    leaves = np.where(table.is_leaf, chance.choice(COUNTS, table.size), 0)
    supplier = np.where(table.is_leaf, np.arange(table.size) // len(column.codes), -1)
    layers = [Layer(table, table.add_up(leaves), rule, supplier=supplier)]
    kind = int(chance.integers(4))
    if kind == 1:
        layers.append(_linked(table, layers[0].counts, row, other, rule, chance))
    if kind == 2:
        layers.append(_earlier(table, leaves, rule, chance))
    return Case(build(layers).system, insider=kind == 3)


def _linked(
    table: Table,
    counts: np.ndarray,
    row: Dimension,
    other: Dimension,
    rule: Rule,
    chance: np.random.Generator,
) -> Layer:
    """The same rows split another way; the sums over the columns are shared."""
    second = Table((row, other))
    leaves = np.zeros(second.shape, dtype=np.int64)
    totals = counts.reshape(table.shape)[:, 0]
    for code in row.leaves:
        place = row.position[code]
        split = chance.multinomial(int(totals[place]), np.full(len(other.leaves), 1 / len(other.leaves)))
        leaves[place, [other.position[leaf] for leaf in other.leaves]] = split
    return Layer(second, second.add_up(leaves.ravel()), rule)


def _earlier(table: Table, leaves: np.ndarray, rule: Rule, chance: np.random.Generator) -> Layer:
    """A release before this one: one leaf was reported late."""
    before = leaves.copy()
    late = chance.choice(np.flatnonzero(table.is_leaf))
    before[late] = max(0, before[late] - 1)
    counts = table.add_up(before)
    return Layer(table, counts, rule, hidden=suppress(build([Layer(table, counts, rule)]).system).hidden)


def judged(seed: int) -> str:
    """Protect one case and look at every table: "safe", "told" (it says which it could not protect), "large"
    (too many holes to exhaust), or "unsafe", which must never be."""
    one = case(seed)
    pattern = suppress(one.system, insider=one.insider)
    if pattern.hidden.sum() > MOST_HIDDEN:
        return "large"
    most = int(one.system.values.max()) + 5
    found = set(unprotected(one.system, pattern.hidden, most, one.insider))
    if not found <= set(pattern.audit.failing.tolist()):
        return "unsafe"
    return "told" if found else "safe"


def main() -> int:
    wanted = int(sys.argv[1])
    tally: Counter[str] = Counter()
    seed = 0
    while tally.total() - tally["large"] < wanted:
        verdict = judged(seed)
        tally[verdict] += 1
        if verdict == "unsafe":
            sys.stdout.write(f"unsafe: seed {seed}\n")
        seed += 1
    sys.stdout.write(f"{dict(sorted(tally.items()))}\n")
    return 1 if tally["unsafe"] else 0


if __name__ == "__main__":
    sys.exit(main())
