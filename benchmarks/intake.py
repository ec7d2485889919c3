"""How long the gate takes for a million rows and how much memory, and what hostile files cost.

Run with `make bench-intake`. The table is monthly counts by municipality, sex and age with their totals.
"""

import resource
import sys
import tempfile
import time
from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path

import numpy as np

from lagesbild.core.refusal import Refusal
from lagesbild.core.region import Level
from lagesbild.inside.intake import admit
from lagesbild.reference import Reference, load

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from workbooks import hostile

TODAY = date(2026, 1, 15)
AGES = ("T", "0-17", "18-24", "25-44", "45-64", "65+")
MONTHS = [f"{year}M{month:02}" for year in range(2009, 2025) for month in range(1, 13)]


def reference() -> Reference:
    """The reference data, with reported purchases split by sex and age: a million cells."""
    known = load()
    wide = replace(known.indicators["D01"], sexes=("T", "K", "M"), ages=AGES)
    return replace(known, indicators={**known.indicators, "D01": wide})


def million_rows(path: Path, known: Reference) -> int:
    """Write the table as CSV; returns its number of rows."""
    numbers = np.random.default_rng(1)
    places = [region.code for region in known.geography.at(Level.MUNICIPALITY)]
    with path.open("w") as file:
        file.write("indicator,region,period,sex,age,count\n")
        for place, month in product(places, MONTHS):
            leaves = numbers.poisson(0.3, (2, len(AGES) - 1))
            sums = np.pad(leaves, ((1, 0), (1, 0)))
            sums[0, 1:], sums[1:, 0], sums[0, 0] = leaves.sum(0), leaves.sum(1), leaves.sum()
            for sex, row in zip("TKM", sums, strict=True):
                for age, count in zip(AGES, row, strict=True):
                    file.write(f"D01,{place},{month},{sex},{age},{count}\n")
    return len(places) * len(MONTHS) * 3 * len(AGES)


def peak(who: int) -> int:
    """Peak resident memory in MB, of this process or of its largest child."""
    return resource.getrusage(who).ru_maxrss // 1024


def main() -> None:
    known = reference()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "million.csv"
        rows = million_rows(path, known)
        before, start, cpu = peak(resource.RUSAGE_SELF), time.perf_counter(), time.process_time()
        admitted = admit([path], known, today=TODAY)
        seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
        child = resource.getrusage(resource.RUSAGE_CHILDREN)
        here, there = peak(resource.RUSAGE_SELF), peak(resource.RUSAGE_CHILDREN)
        print(f"rows {rows:,}, file {path.stat().st_size / 1e6:.0f} MB, admitted {admitted.tables['D01']}")
        print(
            f"seconds {seconds:.1f}; CPU here {cpu:.1f}, in the child {child.ru_utime + child.ru_stime:.1f}"
        )
        print(f"peak memory here {here} MB (before {before}), in the child {there} MB")
        start = time.perf_counter()
        raw = admitted.tables["D01"].to_parquet()
        print(f"canonical Parquet {len(raw) / 1e6:.1f} MB in {time.perf_counter() - start:.2f} s")
        for name, (rule, content) in sorted(hostile().items()):
            file = Path(folder) / "D01.xlsx"
            file.write_bytes(content)
            start = time.perf_counter()
            try:
                admit([file], known, today=TODAY)
                found = "ADMITTED"
            except Refusal as refusal:
                found = str(refusal)
            seconds = time.perf_counter() - start
            print(f"{name}: {len(content):,} bytes, {seconds:.2f} s, {found} (expected {rule})")


if __name__ == "__main__":
    main()
