"""A proposal is carried out: its files make a specification of the coarser table."""

import stat
from pathlib import Path

import pytest

from lagesbild.core.table import Dimension, Relation
from lagesbild.inside.cli import main
from lagesbild.inside.protect.office.tidy import read_dimension
from offices import SPEC, audit_of, make_office

POLICE = "levels,codes\n@,R\n@@,North\n@@@,A1\n@@@,A2\n@@@,A3\n@@,South\n@@@,B1\n@@@,B2\n@@@,B3\n"
TWO = SPEC.replace('region = "region.csv"', 'region = ["region.csv", "police.csv"]')


def carried_out(folder: Path, spec: str = SPEC, **files: str) -> Path:
    """The folder of the ways proposed."""
    file = make_office(folder, spec=spec, **files)
    assert main(["protect", "--spec", str(file), "--propose", "--to", str(folder / "coarser")]) == 0
    return folder / "coarser" / "private"


def test_the_files_of_a_pooled_table(tmp_path: Path):
    pooled = carried_out(tmp_path) / "1"
    assert (pooled / "codes.csv").read_text() == "levels,codes\n@,R\n@@,A\n@@,B\n"
    assert (pooled / "leaves.csv").read_text() == "region,sex,n\nA,K,29\nA,M,77\nB,K,36\nB,M,45\n"
    merged = "levels,codes\n@,A\n@@,A1\n@@,A2\n@@,A3\n@,B\n@@,B1\n@@,B2\n@@,B3\n"
    assert (pooled / "merged.csv").read_text() == merged


def test_they_are_closed_to_others(tmp_path: Path):
    private = carried_out(tmp_path)
    assert {stat.S_IMODE(each.stat().st_mode) for each in private.glob("*/*")} == {0o600}
    assert stat.S_IMODE(private.stat().st_mode) == 0o700


def test_a_way_is_published_after_a_finer_release(tmp_path: Path):
    make_office(tmp_path)
    assert main(["protect", "--spec", str(tmp_path / "spec.toml"), "--to", str(tmp_path / "first")]) == 0
    carried_out(tmp_path)
    way = "coarser/private/1"
    spec = SPEC.replace("leaves.csv", f"{way}/leaves.csv").replace("region.csv", f"{way}/codes.csv")
    known = f'[[earlier]]\nfile = "first"\ndimensions = {{ region = "{way}/merged.csv" }}\n'
    (tmp_path / "coarse.toml").write_text(spec + known)
    out = tmp_path / "out"
    assert main(["protect", "--spec", str(tmp_path / "coarse.toml"), "--to", str(out)]) == 0
    assert audit_of(out)["cells"] == 9
    assert main(["verify", str(out)]) == 0


def test_a_dimension_left_with_one_code_goes(tmp_path: Path):
    """Both sexes together are the margin that other tables and earlier releases have."""
    pooled = carried_out(tmp_path) / "2"
    assert not (pooled / "codes.csv").exists()
    assert (pooled / "merged.csv").read_text() == "levels,codes\n@,T\n@@,K\n@@,M\n"
    assert (pooled / "leaves.csv").read_text() == "region,n\nA1,43\nA2,29\nA3,34\nB1,30\nB2,26\nB3,25\n"


def test_what_a_finer_release_hid_stays_protected_when_two_years_become_one(tmp_path: Path):
    """It showed the 20 of 2021 and hid the 3 of 2022: the sum would tell it."""
    spec = SPEC.replace('sex = "sex.csv"', 'year = "year.csv"').replace("leaves.csv", "years.csv")
    rows = "region,year,n\nA1,2021,30\nA2,2022,31\nB1,2021,20\nB1,2022,3\nB2,2022,30\n"
    file = make_office(tmp_path, spec=spec, years=rows, year="levels,codes\n@,2021\n@,2022\n")
    assert main(["protect", "--spec", str(file), "--to", str(tmp_path / "first")]) == 0
    assert "B1,2021,20,published\nB1,2022,,hidden" in (tmp_path / "first" / "released.csv").read_text()
    assert main(["protect", "--spec", str(file), "--propose", "--to", str(tmp_path / "coarser")]) == 0
    way = "coarser/private/2"
    coarse = spec.replace("years.csv", f"{way}/leaves.csv").replace('year = "year.csv"\n', "")
    known = f'[[earlier]]\nfile = "first"\ndimensions = {{ year = "{way}/merged.csv" }}\n'
    (tmp_path / "coarse.toml").write_text(coarse + known)
    out = tmp_path / "out"
    assert main(["protect", "--spec", str(tmp_path / "coarse.toml"), "--to", str(out)]) == 0
    assert "B1,,hidden" in (out / "released.csv").read_text()


def test_further_groupings_have_files_of_their_own(tmp_path: Path):
    """Small regions merged in a county that is a police district too: both groupings are kept."""
    small = "region,sex,n\nA1,K,3\nA1,M,4\nA2,K,4\nA2,M,3\nA3,K,9\nA3,M,25\nB1,K,40\nB2,M,30\nB3,K,20\n"
    merged = carried_out(tmp_path, TWO.replace("leaves.csv", "small.csv"), small=small, police=POLICE) / "2"
    together = ("A1+A2", "A3")
    assert read_dimension("region", [merged / "codes.csv", merged / "codes-2.csv"]) == Dimension(
        "region",
        ("R", "A", *together, "B", "B1", "B2", "B3", "North", "South"),
        (
            Relation("R", ("A", "B")), Relation("A", together), Relation("B", ("B1", "B2", "B3")),
            Relation("North", together), Relation("South", ("B1", "B2", "B3")),
            Relation("R", ("North", "South")),
        ),
    )  # fmt: skip


@pytest.mark.parametrize("language", ["sv", "en"])
def test_somewhere_to_go_is_asked_for(tmp_path: Path, language: str, capsys: pytest.CaptureFixture):
    file = make_office(tmp_path)
    assert main(["--lang", language, "protect", "--spec", str(file)]) == 2
    assert "--propose" in capsys.readouterr().err
