"""Measures the protection engine: `make bench-protection`, all variants of S, M and L, or of what
`INSTANCES=XL` names; `benchmarks/protection.py S M --variant l1` for some.

Every line is one instance under one variant: secondary cells and value hidden; cells that fail, and how many
of them fail with everything hidden too, since earlier releases or a supplier's knowledge have told them
already (no others may); CPU seconds of `suppress` and of an audit without its hint; a lower bound of the
price; and for the peers' rule a plain reference run by Gaussian elimination, which guards against exact
disclosure alone.
"""

import argparse
import csv
import resource
import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import scipy.sparse as sp

from lagesbild.core.table import Dimension, Table
from lagesbild.inside.protect.methods.secondary import suppress
from lagesbild.inside.protect.problem.primary import Rule
from lagesbild.inside.protect.problem.reduction import reduce
from lagesbild.inside.protect.problem.system import Layer, Stack, System, build
from lagesbild.inside.protect.proof.audit import audit
from lagesbild.inside.protect.search.circuits import Circuits
from lagesbild.inside.protect.search.lower_bound import lower_bound

INSTANCES = Path(__file__).parents[2] / "shared" / "benchmarks" / "protection"
AS_PEERS = Rule(zeros="published", attacker_lower=0)
VARIANTS = {
    "peers": AS_PEERS,
    "candidate": Rule(zeros="candidate"),
    "l1": Rule(zeros="published"),
    "insider": AS_PEERS,
    "stacked": AS_PEERS,
}
SHAPES = {
    "S": (2, {"time": 2, "sex": 2, "off": 3}),
    "M": (21, {"time": 2, "sex": 2, "off": 2}),
    "L": (21, {"sex": 2, "age": 5, "off": 3}),
    "XL": (21, {"time": 15, "sex": 2, "age": 5}),
}


@dataclass(frozen=True)
class Instance:
    table: Table
    counts: np.ndarray


def read(folder: Path) -> Instance:
    """`inner.csv` with the leaf counts and one `hier_*.csv` (level marks, code) for each dimension."""
    with (folder / "inner.csv").open(encoding="utf-8") as file:
        head, *rows = list(csv.reader(file))
    dimensions = tuple(_dimension(folder, name) for name in head[:-1])
    table = Table(dimensions)
    leaves = np.zeros(table.shape, dtype=np.int64)
    for row in rows:
        leaves[tuple(d.position[code] for d, code in zip(dimensions, row, strict=False))] = int(row[-1])
    return Instance(table, table.add_up(leaves.ravel()))


def _dimension(folder: Path, name: str) -> Dimension:
    with (folder / f"hier_{name}.csv").open(encoding="utf-8") as file:
        rows = [(marks, code) for marks, code in list(csv.reader(file))[1:]]
    return Dimension.of_levels(name, rows)


def generated(name: str) -> Instance:
    """An instance of the same kind where the shared ones are missing: heavy-tailed counts, many zeros."""
    counties, others = SHAPES[name]
    chance = np.random.default_rng(20240501)
    rows = [("@", "SE")]
    for county in range(counties):
        rows.append(("@@", f"L{county:02}"))
        rows += [("@@@", f"K{county:02}{town:02}") for town in range(int(chance.integers(5, 24)))]
    dimensions = [Dimension.of_levels("region", rows)]
    for other, size in others.items():
        leaves = [("@@", f"{other}{place}") for place in range(size)]
        dimensions.append(Dimension.of_levels(other, [("@", f"{other}T"), *leaves]))
    table = Table(tuple(dimensions))
    rate = np.exp(chance.normal(-1.0, 1.3, table.shape[0]))[(slice(None),) + (None,) * len(others)]
    leaves = chance.poisson(np.broadcast_to(rate, table.shape) * chance.gamma(1.0, 1.5, table.shape))
    return Instance(table, table.add_up(leaves.astype(np.int64).ravel()))


def system_of(instance: Instance, variant: str) -> System:
    """The instance under one variant.

    "stacked": after three earlier releases of it, each protected with those before it in mind; in two of them
    every 97th positive leaf was one lower than it is now.
    """
    rule = VARIANTS[variant]
    region = np.unravel_index(np.arange(instance.table.size), instance.table.shape)[0]
    supplier = np.where(instance.table.dimensions[0].level[region] == 0, region, -1)
    earlier: list[Layer] = []
    for lower in (1, 2, 0) if variant == "stacked" else ():
        layer = Layer(instance.table, _before(instance, lower), rule)
        stack = build([layer, *earlier])
        hidden = suppress(stack.system, previous=_last_time(stack, earlier)).hidden[stack.cell_of[0]]
        earlier.append(replace(layer, hidden=hidden))
    return build([Layer(instance.table, instance.counts, rule, supplier=supplier), *earlier]).system


def _before(instance: Instance, lower: int) -> np.ndarray:
    """The counts as they were once; 0: as they are now."""
    counts = instance.counts.copy()
    if lower:
        counts[np.flatnonzero(instance.table.is_leaf & (counts > 0))[lower::97]] -= 1
    return instance.table.add_up(counts)


def _last_time(stack: Stack, earlier: list[Layer]) -> np.ndarray:
    """Cells that the newest of the earlier releases hid."""
    hidden = np.zeros(stack.system.size, dtype=bool)
    if earlier and earlier[-1].hidden is not None:
        hidden[stack.cell_of[len(earlier)]] = earlier[-1].hidden
    return hidden


def plain(system: System) -> np.ndarray:
    """The reference run, as GaussSuppression does: publish dearest first, unless an unsafe unit would then
    be a combination of published ones. Guards against exact disclosure only; the width is not looked at."""
    reduction = reduce(system)
    dictionary = Circuits(reduction).whole
    free = np.flatnonzero(dictionary.row_of < 0)
    start, unit, factor = dictionary.rows
    by_unit = sp.csr_array((factor, unit, start), shape=(len(dictionary.solved), len(reduction.price)))
    rows = np.zeros((len(reduction.price), len(free)))
    rows[dictionary.solved], rows[free] = by_unit[:, free].toarray(), np.eye(len(free))
    hidden = np.ones(len(rows), dtype=bool)
    for unit in np.argsort(np.where(reduction.given, np.inf, -reduction.price), kind="stable"):
        if reduction.given[unit]:
            break
        hidden[unit] = not _publish(rows, unit, reduction.given)
    return system.primary | reduction.cells_of(hidden)


def _publish(rows: np.ndarray, unit: int, unsafe: np.ndarray) -> bool:
    """Eliminate the unit's row from the others, unless that empties an unsafe one; whether it was done."""
    pivot = int(np.abs(rows[unit]).argmax())
    if abs(rows[unit, pivot]) < 1e-9:
        return True
    touched = np.flatnonzero(np.abs(rows[:, pivot]) > 1e-9)
    after = rows[touched] - np.outer(rows[touched, pivot] / rows[unit, pivot], rows[unit])
    if (np.abs(after[unsafe[touched]]).max(axis=1, initial=0.0) < 1e-9).any():
        return False
    rows[touched] = after
    return True


def measure(name: str, variant: str) -> None:
    folder = INSTANCES / name
    instance = read(folder) if folder.exists() else generated(name)
    system = system_of(instance, variant)
    insider = variant == "insider"
    began = time.process_time()
    pattern = suppress(system, insider=insider)
    chosen = time.process_time() - began
    began = time.process_time()
    found = audit(system, pattern.hidden, insider=insider)
    audited = time.process_time() - began
    if variant == "peers" and system.size < 20_000:
        _report_plain(name, system)
    told = audit(system, ~system.fixed, insider=insider).failing if len(found.failing) else found.failing
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{name:3} {variant:10} {pattern.secondary.sum():7} {system.values[pattern.secondary].sum():8}"
        f" {len(found.failing):6} {len(told):6} {chosen:8.1f} {audited:8.2f} {memory:6.0f}"
        f" {pattern.cost:9.0f}",
        end="",
        flush=True,
    )
    least = lower_bound(system)
    print(f" {least:9.0f} {pattern.cost / least - 1.0 if least else float('nan'):6.1%}", flush=True)


def _report_plain(name: str, system: System) -> None:
    began = time.process_time()
    hidden = plain(system)
    spent = time.process_time() - began
    secondary = hidden & ~system.primary
    failing = len(audit(system, hidden).failing)
    value = system.values[secondary].sum()
    print(
        f"{name:3} {'reference':10} {secondary.sum():7} {value:8} {failing:6} {'':6} {spent:8.1f}", flush=True
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("instances", nargs="*", metavar=f"{{{','.join(SHAPES)}}}")
    options.add_argument("--variant", choices=[*VARIANTS, "all"], default="all")
    chosen = options.parse_args()
    if unknown := set(chosen.instances) - set(SHAPES):
        options.error(f"no instance: {', '.join(sorted(unknown))}")
    print("    variant      cells    value  fails   told    CPU s  audit s     MB     price     bound    gap")
    for name in chosen.instances or ["S", "M", "L"]:
        for variant in VARIANTS if chosen.variant == "all" else [chosen.variant]:
            measure(name, variant)


if __name__ == "__main__":
    main()
