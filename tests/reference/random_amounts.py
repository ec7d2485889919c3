"""Random tables of amounts, protected as a user would, and attacked from the released file alone.

`python -m reference.random_amounts --tables 300` (in `tests`) tries more than the suite does.
"""

import argparse
import json
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path

from lagesbild.core.refusal import Unsafe
from lagesbild.inside.protect.office import delivery, protection
from lagesbild.inside.protect.office.job import prepare
from lagesbild.inside.protect.office.spec_file import read_spec

from .plain_attacker import Attacker, Axis, Leaf, added_up

BRANCHES = ("farm", "shop", "mill", "bank")
NEARLY = Fraction(1, 10**6)
"""What a linear program may be off by."""


@dataclass(frozen=True)
class Outcome:
    """What came of a table. `sensitive`: cells that the rule protects. `harmed`: what she works out."""

    released: bool
    sensitive: int
    harmed: tuple[str, ...]


class Costs:
    """Who gave how much where, by chance. `p`: of the p% rule; None: one giver may hold `k` per cent."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311
        self.places = tuple(f"m{place}" for place in range(self.chance.randint(3, 5)))
        self.branches = BRANCHES[: self.chance.randint(2, len(BRANCHES))]
        self.p = self.chance.choice([5, 10, 10, 20, None])
        self.k = self.chance.choice([60, 75, 90])
        self.insider = self.chance.random() < 0.6
        branch = Axis("branch", (((1, "B"), *((2, code) for code in self.branches)),))
        self.axes = (self._region(), branch)
        self.given = dict(self._given())

    def _region(self) -> Axis:
        mixed = self.chance.sample(self.places, len(self.places))
        first = self.chance.randint(1, len(mixed) - 1)
        counties = {"C1": mixed[:first], "C2": mixed[first:]} if self.chance.random() < 0.5 else {}
        below = [((2, county), *((3, place) for place in own)) for county, own in counties.items()]
        tree = [(1, "SE"), *(line for lines in below or [[(2, place) for place in mixed]] for line in lines)]
        return Axis("region", (tuple(tree),))

    def _given(self) -> Iterator[tuple[tuple[Leaf, str], int]]:
        """A few chains that are in many places, and firms of one; now and then one is far above the rest."""
        for place in self.places:
            for branch in self.branches:
                firms = [f"{place}{branch}{number}" for number in range(self.chance.choice([0, 1, 2, 4, 6]))]
                chains = [f"chain{number}" for number in range(4) if self.chance.random() < 0.4]
                for giver in firms + chains:
                    most = self.chance.choice([10, 60, 60, 60, 300])
                    yield ((place, branch), giver), self.chance.randint(1, most)

    @cached_property
    def truth(self) -> Mapping[Leaf, int]:
        sums = Counter[Leaf]()
        for (leaf, _), amount in self.given.items():
            sums[leaf] += amount
        return added_up(self.axes, sums)

    def givers(self, cell: Leaf) -> Mapping[str, int]:
        """What each giver has in the cell, largest first."""
        own = Counter[str]()
        atoms = [axis.atoms[code] for axis, code in zip(self.axes, cell, strict=True)]
        for (leaf, giver), amount in self.given.items():
            if all(code in within for code, within in zip(leaf, atoms, strict=True)):
                own[giver] += amount
        return dict(own.most_common())

    def lacking(self, cell: Leaf) -> Fraction:
        """How far above the truth her interval must reach; 0 or less where the rule protects nothing."""
        amounts = list(self.givers(cell).values())
        if self.p is None:
            return Fraction(100, self.k) * sum(amounts[:1]) - sum(amounts)
        return Fraction(self.p, 100) * sum(amounts[:1]) - sum(amounts[2:])

    def write(self, folder: Path) -> Path:
        rows = "".join(f"{','.join(leaf)},{giver},{kr}\n" for (leaf, giver), kr in self.given.items())
        (folder / "costs.csv").write_text(f"region,branch,giver,kr\n{rows}")
        files = "".join(f"{axis.name} = {json.dumps(axis.write(folder, 'a'))}\n" for axis in self.axes)
        rule = f"dominance = [1, {self.k}]" if self.p is None else f"p = {self.p}"
        (folder / "spec.toml").write_text(
            f"insider = {json.dumps(self.insider)}\n"
            f'[table]\nfile = "costs.csv"\nvalue = "kr"\ngiver = "giver"\n'
            f"[dimensions]\n{files}[rule]\n{rule}\n"
        )
        return folder / "spec.toml"


def attacked(seed: int) -> Outcome:
    """Make a table, release it, and attack what came out."""
    with tempfile.TemporaryDirectory() as place:
        folder, costs = Path(place), Costs(seed)
        sensitive = [cell for cell in costs.truth if costs.lacking(cell) > 0]
        try:
            delivery.deliver(folder / "out", protection.protect(prepare(read_spec(costs.write(folder)))))
        except Unsafe:
            return Outcome(False, len(sensitive), ())
        return Outcome(True, len(sensitive), tuple(harms(costs, folder / "out/released.csv")))


def harms(costs: Costs, released: Path) -> Iterator[str]:
    """Where the second largest giver takes what she gave from the most that the cell can be, and what is
    left is too close to what the largest gave; where the whole is known too closely; and where somebody who
    is alone in other cells has the amount to the krona."""
    attacker = Attacker({axis.name: axis.atoms[axis.codes[0]] for axis in costs.axes})
    attacker.reads("kr", costs.axes, costs.truth, released)
    places = {cell: attacker.place("kr", costs.axes, cell, costs.truth[cell]) for cell in costs.truth}
    alone = _alone(costs) if costs.insider else {}
    for cell, place in places.items():
        lacking, amounts = costs.lacking(cell), [*costs.givers(cell).values(), 0, 0]
        if lacking <= 0:
            continue
        low, high = attacker.interval(place, 0, {})
        if costs.p is not None and high - amounts[1] < (1 + Fraction(costs.p, 100)) * amounts[0] - NEARLY:
            yield f"{cell}: the second largest makes {amounts[0]} at most {high - amounts[1]}"
        if high < costs.truth[cell] + lacking - NEARLY or high - low < 2 * lacking - NEARLY:
            yield f"{cell}: {costs.truth[cell]} lies in {low} to {high}"
        for giver, own in alone.items():
            if cell not in own:
                low, high = attacker.interval(place, 0, {places[each]: costs.truth[each] for each in own})
                if high - low < 1 - NEARLY:
                    yield f"{cell}: known to {giver}"


def _alone(costs: Costs) -> Mapping[str, list[Leaf]]:
    """The cells to which each giver alone gave."""
    found: dict[str, list[Leaf]] = {}
    for cell in costs.truth:
        givers = list(costs.givers(cell))
        if len(givers) == 1:
            found.setdefault(givers[0], []).append(cell)
    return found


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--tables", type=int, default=300)
    options.add_argument("--first", type=int, default=0)
    chosen = options.parse_args()
    released, sensitive, leaks = 0, 0, 0
    for seed in range(chosen.first, chosen.first + chosen.tables):
        found = attacked(seed)
        released += found.released
        sensitive += found.sensitive if found.released else 0
        leaks += bool(found.harmed)
        for harm in found.harmed:
            sys.stdout.write(f"seed {seed}: {harm}\n")
    sys.stdout.write(
        f"{chosen.tables} tables, {released} went out with {sensitive} sensitive cells; "
        f"with a leak: {leaks}\n"
    )
    return int(leaks > 0)


if __name__ == "__main__":
    raise SystemExit(main())
