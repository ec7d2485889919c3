"""The manual of `protect` names every key of a specification, its examples are specifications, and its walk
can be followed line by line."""

import re
import runpy
import tomllib
from pathlib import Path

import pytest

from lagesbild.inside.cli import main
from lagesbild.inside.protect.office import spec_file as spec
from offices import make_office

MANUAL = (Path(__file__).parents[2] / "docs" / "protect.md").read_text()
EXAMPLES = re.findall(r"```toml\n(.*?)```", MANUAL, flags=re.DOTALL)
BLOCKS = re.findall(r"```([^\n`]*)\n(.*?)```", MANUAL, flags=re.DOTALL)
SECONDS = re.compile(r"^CPU seconds.*", re.MULTILINE)
KEYS = spec.TOP | spec.TABLE | spec.COUNTS | spec.AMOUNTS | spec.KNOWN
NORTH_AND_SOUTH = "levels,codes\n@,R\n@@,North\n@@@,A1\n@@@,A2\n@@@,B1\n@@,South\n@@@,A3\n@@@,B2\n@@@,B3\n"


@pytest.mark.parametrize("key", sorted(KEYS))
def test_every_key_is_documented(key: str):
    assert re.search(rf"(`|\n|\[|\"){key}\b", MANUAL)


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_is_toml_of_known_keys(example: str):
    assert set(tomllib.loads(example)) <= spec.TOP


def test_the_first_example_runs(tmp_path: Path):
    file = make_office(tmp_path, spec=EXAMPLES[0])
    assert main(["protect", "--spec", str(file), "--to", str(tmp_path / "out")]) == 0


def test_police_regions_beside_counties(tmp_path: Path):
    example = EXAMPLES[0].replace('region = "region.csv"', 'region = ["region.csv", "police.csv"]')
    file = make_office(tmp_path, spec=example, police=NORTH_AND_SOUTH)
    assert main(["protect", "--spec", str(file), "--to", str(tmp_path / "out")]) == 0
    assert "North,T," in (tmp_path / "out" / "released.csv").read_text()


def test_linked_tables_after_a_release_of_last_year(tmp_path: Path):
    """The manual's linked example: reported = cleared + open, with an earlier run of the same tables."""
    linked = next(example for example in EXAMPLES if "identities" in example)
    whole = f'{linked}[dimensions]\nregion = "region.csv"\nsex = "sex.csv"\n'
    first = whole.replace('[[earlier]]\nfile = "../last-year/out"\ntable = "reported"\n', "")
    cleared = "region,sex,n\nA1,K,2\nA1,M,30\nA2,K,9\nA2,M,12\nB1,M,20\nB2,K,12\nB3,K,14\nB3,M,11\n"
    still = "region,sex,n\nA1,K,3\nA1,M,10\nA2,K,8\nA2,M,7\nB1,M,10\nB2,K,10\nB3,K,9\nB3,M,8\n"
    reported = "region,sex,n\nA1,K,5\nA1,M,40\nA2,K,17\nA2,M,19\nB1,M,30\nB2,K,22\nB3,K,23\nB3,M,19\n"
    files = {"reported": reported, "cleared": cleared, "open": still}
    for folder, text in (("last-year", first), ("now", whole)):
        file = make_office(tmp_path / folder, spec=text, **files)
        assert main(["protect", "--spec", str(file), "--to", str(tmp_path / folder / "out")]) == 0
        assert main(["verify", str(tmp_path / folder / "out")]) == 0
    assert (tmp_path / "now" / "out" / "cleared" / "released.csv").exists()


def test_the_walk_can_be_followed_line_by_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """Files are written and commands run in the manual's order; each answers what the manual says."""
    monkeypatch.chdir(tmp_path)
    ran = 0
    for info, body in BLOCKS:
        kind, *name = info.split() or [""]
        if name:
            (tmp_path / name[0]).write_text(body)
        elif kind == "console":
            for command, answer in re.findall(r"^\$ (.*?)\n(.*?)(?=^\$ |\Z)", body, flags=re.M | re.S):
                program, *words = command.split()
                if program == "cat":
                    told = (tmp_path / words[0]).read_text()
                else:
                    main(["--lang", "en", *words])
                    told = capsys.readouterr().out
                assert SECONDS.sub("", told) == SECONDS.sub("", answer), command
                ran += 1
        elif kind == "python":
            (tmp_path / "protect.py").write_text(body)
            runpy.run_path(str(tmp_path / "protect.py"))
            released = [
                (tmp_path / folder / "released.csv").read_bytes() for folder in ("first", "from-python")
            ]
            assert released[0] == released[1]
    assert ran == 11
