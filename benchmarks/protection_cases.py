"""Whether any pattern called safe is unsafe, over many random systems, against a search that is exact.

Run with `make bench-protection-cases`, or `python benchmarks/protection_cases.py --cases 500 --from 20000`.
Ends with 1 when an unsafe pattern was found; its seed gives it again: `reference.random_tables.random_case`.
"""

import argparse
import multiprocessing
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lagesbild.inside.protect.secondary import suppress

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from reference.random_tables import random_case
from reference.table_search import Undecided, unprotected

PART = 50


@dataclass(frozen=True)
class Tally:
    """What a run of seeds gave. `leaks`, `undecided`: seeds."""

    cases: int = 0
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
            f"{self.cases:,} cases, {self.unsafe:,} unsafe cells, {self.hidden:,} hidden; "
            f"unsafe patterns called safe: {len(self.leaks)}; undecided: {len(self.undecided)}; "
            f"cells called failing: {self.failing:,}; "
            f"{self.seconds:,.0f} CPU s"
        )


def tried(seed: int) -> Tally:
    """One case: what the engine says of its own pattern against what the search finds."""
    started = time.process_time()
    case = random_case(seed)
    pattern = suppress(case.system, insider=case.insider)
    told = set(pattern.audit.failing.tolist())
    shown = bool((pattern.hidden & case.system.fixed).any() or (case.system.primary & ~pattern.hidden).any())
    try:
        bad, undecided = unprotected(case.system, pattern.hidden, case.insider, told), False
    except Undecided:
        bad, undecided = [], True
    return Tally(
        1,
        int(case.system.unsafe.sum()),
        int(np.count_nonzero(pattern.hidden)),
        len(told),
        (seed,) if shown or bad else (),
        (seed,) if undecided else (),
        time.process_time() - started,
    )


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
    asked.add_argument("--seconds", type=float, default=None, help="begin no new part after so long")
    given = asked.parse_args()
    started, tally = time.monotonic(), Tally()
    for done in parts(range(given.first, given.first + given.cases), given.cores):
        tally += done
        print(f"\r{tally.cases:,} of {given.cases:,}", end="", file=sys.stderr, flush=True)
        if given.seconds is not None and time.monotonic() - started > given.seconds:
            break
    print(file=sys.stderr)
    print(tally)
    for name, seeds in (("unsafe", tally.leaks), ("undecided", tally.undecided)):
        if seeds:
            print(f"{name}: seeds {', '.join(map(str, sorted(seeds)))}")
    return int(bool(tally.leaks or tally.undecided))


if __name__ == "__main__":
    sys.exit(main())
