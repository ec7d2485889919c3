"""Tables, columns and codes that have another name than in an earlier release."""

from pathlib import Path

import pytest

from jobs import fields, protect
from lagesbild.core.refusal import Exit
from lagesbild.inside.cli import main
from offices import LEAVES, REGION, SPEC, make_office

TWO = """
[[tables]]
name = "fraud"
file = "fraud.csv"
value = "n"
[[tables]]
name = "theft"
"""
THEFT, FRAUD = SPEC.replace("[table]", TWO), "region,sex,n\nA1,K,50\nA2,M,8\nB1,K,30\nB2,K,7\nB3,M,60\n"
RENAMED = {
    "a table": (("theft", "thefts"), ("", ""), "theft"),
    "a column": (("region =", "place ="), ("region,", "place,"), "region"),
    "a code": (("", ""), ("A1", "0101"), "region"),
}
"""What has another name now, in the specification and in its files, and what one would say is gone."""


@pytest.mark.parametrize("what", RENAMED)
def test_what_has_another_name_now_is_not_taken_for_something_else(
    tmp_path: Path, what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """By another name, another cell could hide A1's women than did then, and both together tell them."""
    spec = make_office(tmp_path, THEFT, fraud=FRAUD)
    protect(spec, tmp_path / "then")
    in_spec, in_files, name = RENAMED[what]
    for file in ("leaves.csv", "fraud.csv", "region.csv"):
        (tmp_path / file).write_text((tmp_path / file).read_text().replace(*in_files))
    then = THEFT.replace(*in_spec) + '[[earlier]]\nfile = "then"\n'
    spec.write_text(then)
    command = ["--lang", "en", "protect", "--spec", str(spec), "--to"]
    shown = [str(tmp_path / "then" / table / "released.csv") for table in ("fraud", "theft")]
    audit = ["audit", *shown, "--spec", str(spec)]
    for each in ([*command, str(tmp_path / "now")], audit):
        assert main(each) == Exit.REFUSED
        assert f'gone = ["{name}"]' in capsys.readouterr().err
    spec.write_text(f'{then}gone = ["{name}", "nothing"]\n')
    assert main([*command, str(tmp_path / "now")]) == Exit.REFUSED
    assert "gone-unknown" in capsys.readouterr().err
    spec.write_text(f'{then}gone = ["{name}"]\n')
    assert main([*command, str(tmp_path / "now")]) == Exit.OK


def test_a_code_that_was_mapped_to_its_new_name_is_the_same(tmp_path: Path) -> None:
    protect(make_office(tmp_path), tmp_path / "then")
    (tmp_path / "new.csv").write_text("levels,codes\n@,0101\n@@,A1\n")
    then = '[[earlier]]\nfile = "then"\ndimensions = { region = "new.csv" }\n'
    leaves = {"0101" if place == "A1" else place: counts for place, counts in LEAVES.items()}
    protect(make_office(tmp_path, SPEC + then, leaves, region=REGION.replace("A1", "0101")), tmp_path / "now")
    hidden = [
        {(places.get(place, place), sex) for place, sex, status in shown if status == "hidden"}
        for folder, places in (("then", {"A1": "0101"}), ("now", {}))
        if (shown := fields(tmp_path / folder / "released.csv", "region", "sex", "status"))
    ]
    assert hidden[0] == hidden[1]
