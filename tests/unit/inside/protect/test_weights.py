"""What hiding costs in one table relative to another: `weight` under the rule."""

import csv
from pathlib import Path

import pytest

from lagesbild.core.refusal import Exit
from lagesbild.inside.cli import main

COUNTS = {
    "open": {"a": 3, "b": 12, "c": 30},
    "cleared": {"a": 20, "b": 20, "c": 20},
    "reported": {"a": 23, "b": 32, "c": 50},
}
TABLE = '[[tables]]\nname = "{0}"\nfile = "{0}.csv"\nvalue = "n"\nrule = {{ weight = {1} }}\n'
REST = """[[identities]]
total = "reported"
parts = ["cleared", "open"]
[dimensions]
region = "region.csv"
"""


def holes(folder: Path, **weights: float) -> dict[str, list[str]]:
    """The codes that each table hides, when hiding in it weighs so much."""
    (folder / "region.csv").write_text("levels,codes\n@,R\n@@,a\n@@,b\n@@,c\n")
    for name, counts in COUNTS.items():
        rows = "".join(f"{place},{count}\n" for place, count in counts.items())
        (folder / f"{name}.csv").write_text(f"region,n\n{rows}")
    tables = "".join(TABLE.format(name, weights.get(name, 1)) for name in COUNTS)
    (folder / "spec.toml").write_text(tables + REST)
    assert main(["protect", "--spec", str(folder / "spec.toml"), "--to", str(folder / "out")]) == Exit.OK
    found = {}
    for name in COUNTS:
        with (folder / "out" / name / "released.csv").open() as opened:
            found[name] = [row["region"] for row in csv.DictReader(opened) if row["status"] == "hidden"]
    return found


@pytest.mark.parametrize(("light", "heavy"), [("cleared", "reported"), ("reported", "cleared")])
def test_holes_go_where_they_weigh_little(tmp_path: Path, light: str, heavy: str):
    """open a, 3, needs another of its own table and the same two places in one of the other tables: in which
    of them, the weights decide."""
    assert holes(tmp_path, **{light: 0.1}) == {"open": ["a", "b"], light: ["a", "b"], heavy: []}
