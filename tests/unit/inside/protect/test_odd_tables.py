"""Tables that an office may bring and few think of, through the command: protected, or shown as they are."""

from pathlib import Path

import pytest

from lagesbild.core.refusal import Exit
from lagesbild.inside.cli import main

FLAT = "levels,codes\n@,T\n@@,a\n@@,b\n@@,c\n"
UNARY = "levels,codes\n@,T\n@@,A\n@@@,a\n@@,B\n@@@,b\n@@@,c\n"
SPEC = '[table]\nfile = "län.csv"\nvalue = "n"\n[dimensions]\nr = "r.csv"\n[rule]\nthreshold = 5\nwidth = 5\n'


@pytest.mark.parametrize(
    ("hierarchy", "leaves", "hidden"),
    [
        (FLAT, "a,3\nb,20\nc,30\n", 2),
        (FLAT, "a,3\nb,1000000000\nc,30\n", 2),
        (FLAT, "a,0\n", 0),
        (FLAT, "a,0\nb,0\nc,0\n", 0),
        (FLAT, "a,3\nc,30\n", 3),  # b is missing: 0, and a candidate
        (UNARY, "a,30\nb,2\nc,9\n", 2),
        ("levels,codes\n@,a\n@,b\n", "a,30\nb,20\n", 0),
        (FLAT.replace("@@,a", "@@,Åsele").replace("@@,b", "@@,Örebro"), "Åsele,3\nÖrebro,20\nc,30\n", 2),
    ],
)
def test_odd_tables_are_protected(tmp_path: Path, hierarchy: str, leaves: str, hidden: int) -> None:
    (tmp_path / "r.csv").write_text(hierarchy)
    (tmp_path / "län.csv").write_text(f"r,n\n{leaves}")
    (tmp_path / "spec.toml").write_text(SPEC)
    assert main(["protect", "--spec", str(tmp_path / "spec.toml"), "--to", str(tmp_path / "out")]) == Exit.OK
    assert (tmp_path / "out/released.csv").read_text().count(",hidden") == hidden
    assert main(["verify", str(tmp_path / "out")]) == Exit.OK
