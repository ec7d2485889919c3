"""One number under two codes of a table, a county and a police district of the same places: what is said of
the one goes for the other. Each would leak if the last name had the last word."""

import csv
from collections.abc import Mapping
from pathlib import Path

import pytest

from lagesbild.core.refusal import Exit
from lagesbild.inside.cli import main
from lagesbild.inside.protect.office.job import prepare
from lagesbild.inside.protect.office.spec_file import read_spec
from offices import SPEC, make_office

POLICE = "levels,codes\n@,R\n@@,P1\n@@@,A1\n@@@,A2\n@@@,A3\n@@,P2\n@@@,B1\n@@,P3\n@@@,B2\n@@@,B3\n"
TWO = SPEC.replace('"region.csv"', '["region.csv", "police.csv"]')
LARGE = {"A1": (30, 20), "A2": (9, 15), "A3": (7, 8), "B1": (12, 22), "B2": (18, 40), "B3": (6, 9)}
SAME = ("A", "P1")


def statuses(released: Path) -> Mapping[tuple[str, str], str]:
    with released.open() as opened:
        return {(row["region"], row["sex"]): row["status"] for row in csv.DictReader(opened)}


@pytest.mark.parametrize("code", SAME)
def test_what_is_asked_to_be_hidden_is_hidden_under_both(tmp_path: Path, code: str) -> None:
    spec = make_office(
        tmp_path, f'{TWO}[[hide]]\nregion = "{code}"\nsex = "K"\n', leaves=LARGE, police=POLICE
    )
    assert main(["protect", "--spec", str(spec), "--to", str(tmp_path / "out")]) == Exit.OK
    found = statuses(tmp_path / "out/released.csv")
    assert [found[name, "K"] for name in SAME] == ["hidden", "hidden"]


@pytest.mark.parametrize("code", SAME)
def test_what_others_show_is_known_under_both(tmp_path: Path, code: str) -> None:
    known = f'{TWO}[[known]]\nfile = "others.csv"\nvalue = "n"\n'
    others = f"region,sex,n\n{code},K,46\n{code},M,43\n"
    spec = make_office(tmp_path, known, leaves=LARGE, police=POLICE, others=others)
    job = prepare(read_spec(spec))
    assert job.stack.system.fixed[job.known_exactly].tolist() == [True, True]


@pytest.mark.parametrize("code", SAME)
def test_a_small_number_that_is_shown_under_one_of_them_is_shown(tmp_path: Path, code: str) -> None:
    leaves = LARGE | {"A1": (1, 20), "A2": (1, 15), "A3": (1, 8)}
    spec = make_office(tmp_path, TWO, leaves=leaves, police=POLICE)
    assert main(["protect", "--spec", str(spec), "--to", str(tmp_path / "out")]) == Exit.OK
    lines = (tmp_path / "out/released.csv").read_text().replace(f"{code},K,,hidden", f"{code},K,3,published")
    (tmp_path / "other.csv").write_text(lines)
    truth = ["--truth", str(tmp_path / "leaves.csv")]
    assert main(["audit", str(tmp_path / "other.csv"), "--spec", str(spec), *truth]) == Exit.UNSAFE
