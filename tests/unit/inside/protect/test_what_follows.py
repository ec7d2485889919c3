"""Numbers that no table shows and that follow all the same; each case gave one away to the number before.

The attacker here has the released files, and knows of every finest cell, by all indicators and dimensions,
that it cannot be below 0.
"""

import csv
from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from closeness import too_close
from lagesbild.core.refusal import Exit
from lagesbild.inside.cli import main

CODES = {"region": ("m0", "m1", "m2", "m3"), "sex": ("w", "m"), "age": ("y", "o")}
TOPS = {"region": "SE", "sex": "T", "age": "A"}
Case = Mapping[str, tuple[str, tuple[str, ...]]]
"""For each table the indicators that it adds up, a letter each, and its dimensions; one in capitals is a mere
list of codes."""
World = Mapping[tuple[str, ...], int]
"""Counts by indicator, region, sex and age."""

LIST_OF_THE_PART: Case = {"tot": ("xy", ("sex",)), "x": ("x", ("sex",)), "y": ("y", ("REGION",))}
SHARED_PART: Case = {
    "p": ("xy", ("region", "sex")), "x": ("x", ("region", "sex")), "y": ("y", ("region",)),
    "q": ("zy", ("region", "sex")), "z": ("z", ("region", "sex")),
}  # fmt: skip
CHAIN: Case = {
    "all": ("xyz", ("region",)), "tot": ("xy", ("sex",)), "x": ("x", ("region",)), "y": ("y", ("region",)),
    "z": ("z", ("region",)),
}  # fmt: skip
TWO_LISTS: Case = {"a": ("x", ("REGION",)), "b": ("x", ("REGION", "SEX", "AGE"))}
CASES: Mapping[str, tuple[Case, Sequence[tuple[str, str]], Mapping[tuple[str, str], tuple[int, ...]]]] = {
    "list of the part": (LIST_OF_THE_PART, [("tot", "x y")], {("y", "m0"): (1, 0, 2, 0)}),
    "shared part": (
        SHARED_PART, [("p", "x y"), ("q", "z y")], {("x", "m0"): (2, 0, 3, 0), ("x", "m1"): (1, 0, 3, 0)},
    ),
    "chain": (
        CHAIN, [("tot", "x y"), ("all", "tot z")], {("z", "m0"): (1, 0, 1, 0), ("z", "m1"): (2, 0, 1, 0)},
    ),
    "two lists at once": (TWO_LISTS, [], {("x", "m0"): (2, 30, 12, 25)}),
}  # fmt: skip


def world_of(small: Mapping[tuple[str, str], tuple[int, ...]]) -> World:
    """Large counts but for the small ones, by sex and age."""
    cells = list(product("xyz", CODES["region"], CODES["sex"], CODES["age"]))
    world = {cell: 10 + (7 * number * number + 5 * number) % 31 for number, cell in enumerate(cells)}
    for (indicator, place), counts in small.items():
        inner = product(CODES["sex"], CODES["age"])
        world |= {(indicator, place, *own): n for own, n in zip(inner, counts, strict=True)}
    return world


def counted(case: Case, table: str, codes: Sequence[str], world: World) -> np.ndarray:
    """Which finest cells a cell of a table adds up, as flags over the world."""
    indicators, dimensions = case[table]
    asked = {
        name.lower(): code for name, code in zip(dimensions, codes, strict=True) if code != TOPS[name.lower()]
    }
    return np.array(
        [
            own[0] in indicators
            and all(asked.get(name, code) == code for name, code in zip(CODES, own[1:], strict=True))
            for own in world
        ],
        dtype=float,
    )


def office(folder: Path, case: Case, sums: Sequence[tuple[str, str]], world: World) -> Path:
    lines: list[str] = []
    numbers = np.array(list(world.values()))
    for table, (_, dimensions) in case.items():
        names = [name.lower() for name in dimensions]
        rows = [
            (*codes, str(int(counted(case, table, codes, world) @ numbers)))
            for codes in product(*(CODES[name] for name in names))
        ]
        text = "".join(f"{','.join(row)}\n" for row in ((*names, "n"), *rows))
        (folder / f"{table}.csv").write_text(text)
        counts = "people" if not sums else table
        lines += ["[[tables]]", f'name = "{table}"', f'file = "{table}.csv"', 'value = "n"']
        files = ", ".join(f'{name.lower()} = "{name}.csv"' for name in dimensions)
        lines += [f'counts = "{counts}"', f"dimensions = {{ {files} }}"]
    for name, codes in CODES.items():
        below = "".join(f"@@,{code}\n" for code in codes)
        (folder / f"{name}.csv").write_text(f"levels,codes\n@,{TOPS[name]}\n{below}")
        (folder / f"{name.upper()}.csv").write_text("levels,codes\n" + below.replace("@@", "@"))
    for total, parts in sums:
        lines += ["[[identities]]", f'total = "{total}"', f"parts = {parts.split()}"]
    (folder / "spec.toml").write_text("\n".join([*lines, "[rule]", "threshold = 5", ""]))
    return folder / "spec.toml"


def worked_out(case: Case, world: World, released: Path) -> list[str]:
    """Small numbers of the tables that come out too closely."""
    sums, shown, cells = [], [], []
    for table in case:
        with (released / table / "released.csv").open() as opened:
            for *codes, value, status in list(csv.reader(opened))[1:]:
                cells.append((table, codes))
                if status == "published":
                    sums.append(counted(case, table, codes, world))
                    shown.append(int(value))
    found, truth = [], np.array(list(world.values()))
    for table, codes in cells:
        own = counted(case, table, codes, world)
        if 1 <= own @ truth < 5:
            close = too_close(own, sums, shown)
            found += [f"{table} {codes}: {close}"] if close else []
    return found


@pytest.mark.parametrize("name", CASES)
def test_nothing_follows_that_is_small(tmp_path: Path, name: str) -> None:
    case, sums, small = CASES[name]
    world = world_of(small)
    spec, out = office(tmp_path, case, sums, world), tmp_path / "out"
    assert main(["protect", "--spec", str(spec), "--to", str(out)]) == Exit.OK
    assert main(["verify", str(out)]) == Exit.OK
    files = [str(out / table / "released.csv") for table in case]
    truth = [word for table in case for word in ("--truth", str(tmp_path / f"{table}.csv"))]
    assert main(["audit", *files, "--spec", str(spec)]) == Exit.OK
    assert main(["audit", *files, "--spec", str(spec), *truth]) == Exit.OK
    assert worked_out(case, world, out) == []
