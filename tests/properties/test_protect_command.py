"""Random small jobs through the commands: what is delivered is safe, adds up, and is always the same."""

import csv
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from lagesbild.core.refusal import Exit
from lagesbild.inside.cli import main
from lagesbild.inside.protect.office.job import prepare
from lagesbild.inside.protect.office.spec_file import read_spec
from offices import LEAVES, make_office
from reference.feasible_tables import unprotected

COUNTS = st.sampled_from([0, 0, 1, 2, 3, 5, 8, 20])
PLACES = st.fixed_dictionaries({place: st.tuples(COUNTS, COUNTS) for place in LEAVES})
METHODS = st.sampled_from(["suppression", "rounding", "cell_key"])
ZEROS = st.sampled_from(["candidate", "published", "unsafe"])


def spec_of(method: str, zeros: str, threshold: int) -> str:
    return (
        f'method = "{method}"\nkey_file = "secret.key"\n[table]\nfile = "leaves.csv"\nvalue = "n"\n'
        '[dimensions]\nregion = "region.csv"\nsex = "sex.csv"\n'
        f'[rule]\nthreshold = {threshold}\nzeros = "{zeros}"\n'
    )


def released(folder: Path) -> list[dict[str, str]]:
    with (folder / "released.csv").open() as opened:
        return list(csv.DictReader(opened))


@settings(max_examples=40, deadline=None, derandomize=True)
@given(PLACES, METHODS, ZEROS, st.integers(2, 5))
def test_a_delivery_is_safe_or_there_is_none(
    leaves: Mapping[str, tuple[int, int]], method: str, zeros: str, threshold: int
):
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        spec = str(make_office(folder, spec=spec_of(method, zeros, threshold), leaves=leaves))
        code = main(["protect", "--spec", spec, "--to", str(folder / "out")])
        assert code in (Exit.OK, Exit.UNSAFE)
        assert (folder / "out").exists() == (code == Exit.OK)
        if code != Exit.OK:
            return
        assert main(["verify", str(folder / "out")]) == 0
        assert main(["protect", "--spec", spec, "--to", str(folder / "again")]) == 0
        assert (folder / "out" / "released.csv").read_bytes() == (
            folder / "again" / "released.csv"
        ).read_bytes()
        if method == "suppression":
            truth = ["--truth", str(folder / "leaves.csv")]
            assert main(["audit", str(folder / "out" / "released.csv"), "--spec", spec, *truth]) == 0


@settings(max_examples=40, deadline=None, derandomize=True)
@given(PLACES, ZEROS)
def test_few_holes_are_safe_by_looking_at_every_table(leaves: Mapping[str, tuple[int, int]], zeros: str):
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        spec = make_office(folder, spec=spec_of("suppression", zeros, 3), leaves=leaves)
        if main(["protect", "--spec", str(spec), "--to", str(folder / "out")]) != Exit.OK:
            return
        system = prepare(read_spec(spec)).stack.system
        hidden = [row["status"] == "hidden" for row in released(folder / "out")]
        if 0 < sum(hidden) <= 7:
            assert unprotected(system, np.array(hidden), int(system.values.max()) + 5) == []


@settings(max_examples=25, deadline=None, derandomize=True)
@given(PLACES, st.integers(2, 5))
def test_a_rounded_delivery_adds_up(leaves: Mapping[str, tuple[int, int]], threshold: int):
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        spec = make_office(folder, spec=spec_of("rounding", "candidate", threshold), leaves=leaves)
        assert main(["protect", "--spec", str(spec), "--to", str(folder / "out")]) == 0
        shown = {(row["region"], row["sex"]): int(row["value"]) for row in released(folder / "out")}
        base = json.loads((folder / "out" / "audit.json").read_text())["base"]
        for region in ("R", "A", "B", *LEAVES):
            assert shown[region, "T"] == shown[region, "K"] + shown[region, "M"]
        for sex in "TKM":
            assert shown["A", sex] == sum(shown[place, sex] for place in ("A1", "A2", "A3"))
        assert not any(0 < value < base for value in shown.values())
