"""Random systems to protect, one for each seed: shapes and rules that an office may bring."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from lagesbild.core.linking import Identity
from lagesbild.core.table import Dimension, Relation, Table
from lagesbild.inside.protect.methods.secondary import suppress
from lagesbild.inside.protect.problem.primary import Rule, is_unsafe
from lagesbild.inside.protect.problem.system import Layer, System, build

Random = np.random.Generator
SIZES = (20, 20, 20, 20, 20, 36, 36, 36, 90)
"""Most cells of a table, by chance: of the smallest ones every table that fits can be listed. Three tables
bound by an identity have half as many each."""


@dataclass(frozen=True)
class Case:
    """What `suppress` is asked; `kind` says where the system comes from."""

    kind: str
    system: System
    insider: bool


def random_case(seed: int, sizes: Sequence[int] = SIZES) -> Case:
    """The system of this seed."""
    random = np.random.default_rng(seed)
    most = int(random.choice(sizes))
    kind = KINDS[int(random.integers(len(KINDS)))]
    return Case(kind.__name__.strip("_"), kind(random, most), bool(random.random() < 0.3))


def one_table(random: Random, most: int) -> System:
    table = Table(_dimensions(random, most))
    return build([_layer(random, table, _counts(random, table), _rule(random))]).system


def linked_tables(random: Random, most: int) -> System:
    """Two tables of one population that share a dimension: margins of a third table that nobody sees."""
    while True:
        shared, left, right = (_tree(random, name, 2) for name in ("place", "kind", "age"))
        if _cells(shared, left) + _cells(shared, right) <= most:
            break
    whole = Table((shared, left, right))
    counts = _counts(random, whole).reshape(whole.shape)
    rule = _rule(random)
    first = _layer(random, Table((shared, left)), counts[:, :, 0].ravel(), rule)
    second = _layer(random, Table((shared, right)), counts[:, 0, :].ravel(), rule)
    return build([first, second]).system


def declared_identity(random: Random, most: int) -> System:
    """reported = open + closed, each a table of its own."""
    dimensions = _dimensions(random, most // 2)
    parts = [Table(dimensions, name) for name in ("open", "closed")]
    counts = [_counts(random, table) for table in parts]
    rule = _rule(random)
    layers = [_layer(random, table, own, rule) for table, own in zip(parts, counts, strict=True)]
    layers.append(_layer(random, Table(dimensions, "reported"), counts[0] + counts[1], rule))
    return build(layers, [Identity("reported", ("open", "closed"))]).system


def later_release(random: Random, most: int) -> System:
    """The second release of a table, some counts revised; some cells the first one hid have become known."""
    table, rule = Table(_dimensions(random, most)), _rule(random)
    before = _counts(random, table)
    first = build([Layer(table, before, rule)])
    hidden = suppress(first.system).hidden[first.cell_of[0]] & (random.random(table.size) > 0.04)
    revised = table.is_leaf & (random.random(table.size) < 0.2 * random.integers(2))
    after = table.add_up(np.where(revised, before + random.integers(0, 4, table.size), before))
    return build([_layer(random, table, after, rule), Layer(table, before, rule, hidden=hidden)]).system


KINDS: tuple[Callable[[Random, int], System], ...] = (
    one_table,
    one_table,
    linked_tables,
    declared_identity,
    later_release,
)


def _dimensions(random: Random, most: int) -> tuple[Dimension, ...]:
    """Two or three dimensions of at most so many cells together."""
    while True:
        number = int(random.integers(2, 4))
        made = tuple(_dimension(random, name) for name in ("place", "kind", "age")[:number])
        if _cells(*made) <= most:
            return made


def _cells(*dimensions: Dimension) -> int:
    return math.prod(len(dimension.codes) for dimension in dimensions)


def _dimension(random: Random, name: str) -> Dimension:
    return _tree(random, name, int(random.integers(1, 4))) if random.random() < 0.6 else _groups(random, name)


def _tree(random: Random, name: str, deepest: int) -> Dimension:
    """A nested hierarchy, some branches deeper than others; a parent may have a single child."""
    rows = [("@", f"{name}T")]

    def grow(depth: int, parent: str, least: int) -> None:
        for child in range(int(random.integers(least, 4))):
            code = f"{parent}{child}"
            rows.append(("@" * depth, code))
            if depth <= deepest and random.random() < 0.4:
                grow(depth + 1, code, 1)

    grow(2, name, 2)
    return Dimension.of_levels(name, rows)


def _groups(random: Random, name: str) -> Dimension:
    """Leaves in two overlapping groups or rolling sums, with a total of all or without."""
    leaves = tuple(f"{name}{k}" for k in range(int(random.integers(3, 5))))
    relations = [Relation(f"{name}G", leaves[:2]), Relation(f"{name}H", leaves[1:])]
    if random.random() < 0.7:
        relations += [Relation(f"{name}T", leaves), Relation(f"{name}T", (f"{name}G", *leaves[2:]))]
    totals = tuple(dict.fromkeys(relation.total for relation in reversed(relations)))
    return Dimension(name, (*totals, *leaves), tuple(relations))


def _counts(random: Random, table: Table) -> np.ndarray:
    small = random.choice([0, 0, 1, 1, 2, 3, 4, 6], table.size)
    large = random.integers(5, 40, table.size)
    leaves = np.where(random.random(table.size) < random.choice([0.3, 0.6, 0.9]), small, large)
    return table.add_up(leaves.astype(np.int64))


def _rule(random: Random) -> Rule:
    threshold = int(random.integers(2, 6))
    width = None if random.random() < 0.7 else int(random.integers(1, threshold + 3))
    zeros = str(random.choice(["candidate", "published", "unsafe"]))
    least = None if zeros != "published" or random.random() < 0.5 else int(random.integers(2))
    return Rule(threshold=threshold, width=width, zeros=zeros, attacker_lower=least)  # type: ignore[arg-type]


def _layer(random: Random, table: Table, counts: np.ndarray, rule: Rule) -> Layer:
    """Now and then with cells that must be shown or hidden, and each row of leaves from its own supplier."""
    some = random.random(table.size)
    asked = bool(random.random() < 0.3)
    rows = np.arange(table.size) // (table.size // len(table.dimensions[0].codes))
    return Layer(
        table,
        counts,
        rule,
        must_publish=asked & (some < 0.05) & ~is_unsafe(counts, rule),
        must_hide=asked & (some > 0.97) & ~table.is_top & (counts > 0),
        supplier=np.where(table.is_leaf, rows, -1),
    )
