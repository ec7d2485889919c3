"""Random jobs of several releases, made and protected as a user would, and attacked from their files alone.

`python -m reference.random_jobs --jobs 500` (in `tests`) tries more than the suite does.
"""

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lagesbild.core.refusal import Unsafe
from lagesbild.inside.protect.office import delivery, protection
from lagesbild.inside.protect.office.job import prepare
from lagesbild.inside.protect.office.spec_file import read_spec
from lagesbild.inside.protect.office.verification import verify

from .plain_attacker import Attacker, Axis, Leaf, People, added_up

SEX = Axis("sex", (((1, "S"), (2, "w"), (2, "m")),))
AGE = Axis("age", (((1, "A"), (2, "y"), (2, "x"), (2, "o")),))
COUNTS = (0, 0, 1, 2, 3, 4, 6, 9, 14, 30)
THRESHOLD = 5
FEW = (0, 0, 0, 0, 1, 2, 3, 7, 20)
"""Where many are none, what is behind the tables bounds them most."""
KINDS = ("one", "linked", "identity", "listed", "ring", "crossed")
GIVEN_UP = {"linked": "age", "identity": "open"}
"""What is gone with the last table: its dimension, where another counts the same, or else the table."""


@dataclass(frozen=True)
class Table:
    """One table of a release. `counts`: what it counts."""

    name: str
    counts: str
    axes: tuple[Axis, ...]
    leaves: Mapping[Leaf, int]


@dataclass(frozen=True)
class Outcome:
    """How far a history came: releases that went out, and what its attacker worked out."""

    releases: int
    harmed: tuple[str, ...]


class History:
    """A random run of releases of one kind: one table, linked ones, indicators of which one is a sum,
    counties and their places in lists of their own, dimensions that run in a ring, or counties and police
    districts by age, which places by sex tie together."""

    def __init__(self, seed: int, kinds: Sequence[str] = KINDS) -> None:
        self.chance = random.Random(seed)  # noqa: S311
        self.kind = self.chance.choice(kinds)
        self.places = [f"m{place}" for place in range(self.chance.randint(3, 5))]
        self.insider = self.chance.random() < 0.4
        self.width = self.chance.choice([1, THRESHOLD, THRESHOLD + 2])
        self.zeros = self.chance.choice(["candidate", "candidate", "published", "unsafe"])
        counts = FEW if self.kind in ("ring", "crossed") else COUNTS
        self.people = {
            (indicator, place, sex, age): self.chance.choice(counts)
            for indicator in ("cleared", "open")
            for place in self.places
            for sex in SEX.leaves
            for age in AGE.leaves
        }
        self.region = self._region()
        self.merges = (
            self.kind not in ("listed", "crossed") and len(self.places) > 3 and self.chance.random() < 0.3
        )
        self.drops = self.kind in GIVEN_UP and self.chance.random() < 0.3
        self.partial = self.kind == "identity" and not self.merges and self.chance.random() < 0.4

    def _region(self) -> Axis:
        trees = [self._two_groups("SE", "C")]
        if self.kind == "crossed" or self.chance.random() < 0.3:
            trees.append(self._two_groups(self.chance.choice(["SE", "PT"]), "P"))
        if self.chance.random() < 0.25:
            pairs = zip(self.places, self.places[1:], strict=False)
            trees.append(
                tuple(
                    line for k, pair in enumerate(pairs) for line in ((1, f"r{k}"), *((2, p) for p in pair))
                )
            )
        return Axis("region", tuple(trees))

    def _two_groups(self, top: str, name: str) -> tuple[tuple[int, str], ...]:
        mixed = self.chance.sample(self.places, len(self.places))
        first = self.chance.randint(1, len(mixed) - 1)
        groups = ((f"{name}1", mixed[:first]), (f"{name}2", mixed[first:]))
        return ((1, top), *(line for group, own in groups for line in ((2, group), *((3, p) for p in own))))

    def revise(self) -> None:
        for key, count in self.people.items():
            if self.chance.random() < 0.2:
                self.people[key] = max(0, count + self.chance.choice([-2, -1, 1, 2, 5]))

    def merge(self) -> None:
        """The last two places become one, in a country of one level."""
        self.places = [*self.places[:-2], "mm"]
        tree = ((1, "SE"), *((2, place) for place in self.places))
        self.region = Axis("region", (tree,), {"mm": self._merged})

    @property
    def _merged(self) -> tuple[str, str]:
        last = max(int(key[1][1:]) for key in self.people)
        return f"m{last - 1}", f"m{last}"

    def tables(self) -> list[Table]:
        if self.kind == "identity":
            some = self._some_places() if self.partial else self.region
            return [
                self._table(name, name, (region, SEX), indicators)
                for name, region, indicators in (
                    ("reported", self.region, ("cleared", "open")), ("cleared", some, ("cleared",)),
                    ("open", self.region, ("open",)),
                )
            ]  # fmt: skip
        by_sex = self._table("by_sex", "persons", (self.region, SEX), ("open",))
        if self.kind == "one":
            return [by_sex]
        if self.kind in ("listed", "crossed"):
            lists = [("by_county", self._listed(2))]
            if self.kind == "crossed":
                lists.append(("by_police", self._listed(2, tree=1)))
            else:
                lists.append(("by_place", self._listed(None)))
            return [by_sex, *(self._table(name, "persons", (each, AGE), ("open",)) for name, each in lists)]
        trees = tuple((tree[0], *tree[1:]) for tree in self.region.trees[::-1])
        turned = Axis("region", trees, self.region.made_of)
        by_age = self._table("by_age", "persons", (turned, AGE), ("open",))
        if self.kind == "ring":
            return [by_sex, by_age, self._table("both", "persons", (SEX, AGE), ("open",))]
        return [by_sex, by_age]

    @property
    def behind(self) -> dict[People, int]:
        """Open cases by all dimensions."""
        return {
            (("region", place), ("sex", sex), ("age", age)): count
            for (indicator, place, sex, age), count in self.people.items()
            if indicator == "open"
        }

    def _some_places(self) -> Axis:
        """All places but the last, under a total of their own: the others have no row."""
        return Axis("region", (((1, "some"), *((2, place) for place in self.places[:-1])),))

    def _listed(self, depth: int | None, tree: int = 0) -> Axis:
        """The codes of a tree at this depth, or the finest ones, in a list without sums."""
        codes = [code for own, code in self.region.trees[tree] if own == depth] or list(self.region.leaves)
        made_of = {code: tuple(sorted(self.region.atoms[code])) for code in codes}
        return Axis("region", (tuple((1, code) for code in codes),), made_of)

    def everywhere(self, table: Table) -> Table:
        """The table as it would be of all places."""
        indicators = ("cleared", "open") if table.name == "reported" else (table.name,)
        return self._table(table.name, table.counts, (self.region, SEX), indicators)

    def _table(self, name: str, counts: str, axes: tuple[Axis, ...], indicators: Sequence[str]) -> Table:
        leaves: dict[Leaf, int] = {}
        for (indicator, place, sex, age), count in self.people.items():
            is_in = {"region": place, "sex": sex, "age": age}
            leaf = tuple(_code_of(is_in[axis.name], axis) for axis in axes)
            if all(leaf):
                leaves[leaf] = leaves.get(leaf, 0) + (count if indicator in indicators else 0)
        return Table(name, counts, axes, leaves)


def _code_of(place: str, axis: Axis) -> str:
    """The finest code that has it; none where the axis leaves it out."""
    return next((code for code in axis.leaves if place in axis.atoms[code]), "")


def attacked(seed: int, kinds: Sequence[str] = KINDS) -> Outcome:
    """Make the releases one by one, each with those before it as given, and attack after each."""
    with tempfile.TemporaryDirectory() as place:
        return _attacked(History(seed, kinds), Path(place))


def _attacked(history: History, folder: Path) -> Outcome:
    everyone = {axis.name: frozenset().union(*axis.atoms.values()) for axis in (history.region, SEX, AGE)}
    attacker = Attacker(everyone)
    out: list[list[Table]] = []
    for number in range(history.chance.choice([1, 2, 3])):
        if number:
            history.revise()
        if number == 2 and history.merges:
            history.merge()
        tables = history.tables()
        if number and history.drops:
            tables.pop()
        spec = _written(history, tables, folder, number)
        try:
            delivery.deliver(folder / f"out{number}", protection.protect(prepare(read_spec(spec))))
        except Unsafe:
            break
        verify(folder / f"out{number}")
        out.append(tables)
        _read(attacker, history, tables, folder / f"out{number}")
        lower = int(history.zeros == "published")
        harmed = attacker.harmed(int(history.zeros != "unsafe"), THRESHOLD, history.width, lower)
        if harmed:
            return Outcome(number + 1, tuple(harmed))
    return Outcome(len(out), ())


def _read(attacker: Attacker, history: History, tables: Sequence[Table], out: Path) -> None:
    truths = [(table.counts, added_up(table.axes, table.leaves)) for table in tables]
    attacker.__dict__.pop("_rows", None)
    attacker.next_release()
    for table, (counts, truth) in zip(tables, truths, strict=True):
        folder = out / table.name if len(tables) > 1 else out
        attacker.reads(counts, table.axes, truth, folder / "released.csv")
        if history.insider and any(axis.name == history.region.name for axis in table.axes):
            attacker.supplied(counts, table.axes, truth, history.region)
    if history.kind in ("linked", "listed", "ring", "crossed"):
        for table in tables:
            attacker.adds_up_people("persons", table.axes, history.behind)
    if history.kind == "identity" and len(tables) == 3:
        # Also of what the parts have no row for, and must not be worked out either.
        whole = [history.everywhere(table).leaves for table in tables]
        everywhere = [added_up(tables[0].axes, leaves) for leaves in whole]
        attacker.identity(
            tables[0].axes, [(own.counts, truth) for own, truth in zip(tables, everywhere, strict=True)]
        )
        for own, truth in zip(tables, everywhere, strict=True) if history.insider else ():
            attacker.supplied(own.counts, tables[0].axes, truth, history.region)
    # Only now is everything the latest of it that she has.
    attacker.adds_up()


def _written(history: History, tables: Sequence[Table], folder: Path, number: int) -> Path:
    lines = [f"insider = {json.dumps(history.insider)}"]
    for table in tables:
        supplied = history.insider and table.name not in ("by_county", "by_police", "both")
        label = f"{table.name}{number}"
        rows = "".join(f"{','.join(leaf)},{count}\n" for leaf, count in table.leaves.items())
        names = ",".join(axis.name for axis in table.axes)
        (folder / f"{label}.csv").write_text(f"{names},n\n{rows}")
        files = ", ".join(f"{axis.name} = {json.dumps(axis.write(folder, label))}" for axis in table.axes)
        lines += [
            "[[tables]]", f'name = "{table.name}"', f'counts = "{table.counts}"', f'file = "{label}.csv"',
            'value = "n"', f"dimensions = {{ {files} }}", 'supplier = "region"' if supplied else "",
        ]  # fmt: skip
    if history.kind == "identity" and len(tables) == 3:
        lines += ["[[identities]]", 'total = "reported"', 'parts = ["cleared", "open"]']
    lines += ["[rule]", f"threshold = {THRESHOLD}", f"width = {history.width}", f'zeros = "{history.zeros}"']
    for before in range(number):
        lines += ["[[earlier]]", f'file = "out{before}"']
        if history.drops and not before:
            lines.append(f'gone = ["{GIVEN_UP[history.kind]}"]')
        if history.region.made_of and before < 2:
            merged = "".join(f"@@,{part}\n" for part in history.region.made_of["mm"])
            (folder / "merged.csv").write_text(f"levels,codes\n@,mm\n{merged}")
            lines.append('dimensions = { region = "merged.csv" }')
    (folder / f"spec{number}.toml").write_text("\n".join(lines))
    return folder / f"spec{number}.toml"


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--jobs", type=int, default=500)
    options.add_argument("--first", type=int, default=0)
    options.add_argument("--kind", choices=KINDS, action="append")
    chosen = options.parse_args()
    releases, leaks = 0, 0
    for seed in range(chosen.first, chosen.first + chosen.jobs):
        found = attacked(seed, chosen.kind or KINDS)
        releases += found.releases
        leaks += bool(found.harmed)
        for harm in found.harmed:
            sys.stdout.write(f"seed {seed}, release {found.releases}: {harm}\n")
    sys.stdout.write(f"{chosen.jobs} histories, {releases} releases went out; with a leak: {leaks}\n")
    return int(leaks > 0)


if __name__ == "__main__":
    raise SystemExit(main())
