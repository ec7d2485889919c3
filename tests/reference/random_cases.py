"""Whether any pattern called safe is unsafe, over many random systems, against twins that are exact.

`make properties-long` tries ten thousand; the suite the first of them. A seed that is told gives its system
again: `random_tables.random_case`.
"""

import argparse
import multiprocessing
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass

import numpy as np

from lagesbild.inside.protect.methods.secondary import suppress
from lagesbild.inside.protect.problem.system import System
from reference import feasible_tables, table_search
from reference.random_tables import random_case

MOST_LISTED, LARGEST_LISTED = 8, 30
"""Holes of a pattern, and the largest count of a system, that leave few enough tables to list them all."""
PART = 25


@dataclass(frozen=True)
class Tally:
    """What a run of seeds gave. `leaks`, `undecided`: seeds. `listed`: cases of which every table was looked
    at, the others were searched."""

    cases: int = 0
    listed: int = 0
    unsafe: int = 0
    hidden: int = 0
    failing: int = 0
    leaks: tuple[int, ...] = ()
    undecided: tuple[int, ...] = ()
    seconds: float = 0.0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))

    def __str__(self) -> str:
        return (
            f"{self.cases:,} cases, {self.listed:,} by every table that fits; {self.unsafe:,} unsafe cells, "
            f"{self.hidden:,} hidden; unsafe patterns called safe: {len(self.leaks)}; undecided: "
            f"{len(self.undecided)}; told to be unprotected: {self.failing:,}; {self.seconds:,.0f} CPU s"
        )


def tried(seed: int) -> Tally:
    """One case: what the engine says of its own pattern against what the twins find.

    Cells told to be unprotected are passed over: to prove that a cell has no way out can take very long.
    """
    started = time.process_time()
    case = random_case(seed)
    system, pattern = case.system, suppress(case.system, insider=case.insider)
    told = set(pattern.audit.failing.tolist())
    wrong = bool((pattern.hidden & system.fixed).any() or (system.primary & ~pattern.hidden).any())
    listed, undecided = can_be_listed(system, pattern.hidden), False
    try:
        wrong |= not told.issuperset(unprotected(system, pattern.hidden, case.insider, told))
    except table_search.Undecided:
        undecided = True
    return Tally(
        1,
        int(listed),
        int(system.unsafe.sum()),
        int(pattern.hidden.sum()),
        len(told),
        (seed,) if wrong else (),
        (seed,) if undecided else (),
        time.process_time() - started,
    )


def unprotected(system: System, hidden: np.ndarray, insider: bool, told: set[int]) -> list[int]:
    """Unsafe cells beside those `told` that are not protected."""
    if can_be_listed(system, hidden):
        return feasible_tables.unprotected(system, hidden, int(system.values.max()) + 5, insider)
    return table_search.unprotected(system, hidden, insider, told)


def can_be_listed(system: System, hidden: np.ndarray) -> bool:
    return bool(hidden.sum() <= MOST_LISTED and system.values.max() <= LARGEST_LISTED)


def part(seeds: range) -> Tally:
    return sum(map(tried, seeds), Tally())


def parts(seeds: range, cores: int) -> Iterator[Tally]:
    cut = [seeds[start : start + PART] for start in range(0, len(seeds), PART)]
    if cores == 1:
        yield from map(part, cut)
        return
    # A child that is forked from a process with threads may hang: begin afresh.
    with ProcessPoolExecutor(cores, mp_context=multiprocessing.get_context("spawn")) as pool:
        for done in as_completed([pool.submit(part, own) for own in cut]):
            yield done.result()


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--cases", type=int, default=10_000)
    asked.add_argument("--from", type=int, default=0, dest="first", help="the first seed")
    asked.add_argument("--cores", type=int, default=1)
    given = asked.parse_args()
    tally = Tally()
    for done in parts(range(given.first, given.first + given.cases), given.cores):
        tally += done
        sys.stderr.write(f"\r{tally.cases:,} of {given.cases:,}")
        sys.stderr.flush()
    sys.stdout.write(f"\n{tally}\n")
    for name, seeds in (("unsafe", tally.leaks), ("undecided", tally.undecided)):
        if seeds:
            sys.stdout.write(f"{name}: seeds {', '.join(map(str, sorted(seeds)))}\n")
    return int(bool(tally.leaks or tally.undecided))


if __name__ == "__main__":
    sys.exit(main())
