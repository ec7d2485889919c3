"""Rounding and noise through the commands: delivery, verify, audit."""

import csv
import hashlib
import json
from pathlib import Path

import pytest

from lagesbild.core.refusal import Exit
from lagesbild.inside.cli import main
from offices import LEAVES, SPEC, audit_of, make_office

ROUNDING = f'method = "rounding"\n{SPEC}'
CELL_KEY = f'method = "cell_key"\nkey_file = "secret.key"\n{SPEC}'


def protected(folder: Path, spec: str) -> tuple[Path, Path]:
    file = make_office(folder, spec=spec)
    assert main(["protect", "--spec", str(file), "--to", str(folder / "out")]) == 0
    return file, folder / "out"


def shown_in(folder: Path) -> dict[tuple[str, str], int]:
    with (folder / "released.csv").open() as opened:
        return {(row["region"], row["sex"]): int(row["value"]) for row in csv.DictReader(opened)}


def test_a_rounded_delivery_adds_up_and_shows_nothing_small(tmp_path: Path):
    _, out = protected(tmp_path, ROUNDING)
    shown = shown_in(out)
    assert shown["R", "T"] == shown["A", "T"] + shown["B", "T"] == shown["R", "K"] + shown["R", "M"]
    assert all(value == 0 or value >= 5 for value in shown.values())
    assert audit_of(out) == {"cells": 27, "method": "rounding", "base": 5, "bound": None, "variance": None}


def test_noise_is_the_same_in_a_second_delivery(tmp_path: Path):
    file, out = protected(tmp_path, CELL_KEY)
    assert main(["protect", "--spec", str(file), "--to", str(tmp_path / "again")]) == 0
    assert (out / "released.csv").read_bytes() == (tmp_path / "again" / "released.csv").read_bytes()


@pytest.mark.parametrize("spec", [ROUNDING, CELL_KEY])
def test_a_perturbed_delivery_is_whole_and_brings_no_proof(
    tmp_path: Path, spec: str, capsys: pytest.CaptureFixture
):
    _, out = protected(tmp_path, spec)
    assert main(["--lang", "en", "verify", str(out)]) == 0
    assert "no proof" in capsys.readouterr().out


@pytest.mark.parametrize("spec", [ROUNDING, CELL_KEY])
@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("released.csv", ",published\n", "0,published\n"),
        ("audit.json", '"cells": 27', '"cells": 28'),
        ("private/cells.csv", ",shown,", ",value2,"),
    ],
)
def test_a_perturbed_delivery_that_says_something_else_with_mended_digests_is_refused(
    tmp_path: Path, spec: str, name: str, before: str, after: str
):
    _, out = protected(tmp_path, spec)
    content = (out / name).read_text()
    assert before in content
    (out / name).write_text(content.replace(before, after, 1))
    digests = out / "private/digests.json"
    listed = json.loads(digests.read_text())
    mended = {each: hashlib.sha256((out / each).read_bytes()).hexdigest() for each in listed}
    digests.write_text(json.dumps(mended))
    assert main(["verify", str(out)]) == Exit.SEAL


@pytest.mark.parametrize("truth", [True, False])
def test_a_rounded_table_leaves_every_small_count_its_candidates(
    tmp_path: Path, truth: bool, capsys: pytest.CaptureFixture
):
    file, out = protected(tmp_path, ROUNDING)
    capsys.readouterr()
    also = ["--truth", str(tmp_path / "leaves.csv")] if truth else []
    assert main(["audit", str(out / "released.csv"), "--spec", str(file), "--json", *also]) == 0
    assert json.loads(capsys.readouterr().out)["smallest"] >= 4


def test_a_rounded_table_that_does_not_add_up_is_told(tmp_path: Path, capsys: pytest.CaptureFixture):
    file, out = protected(tmp_path, ROUNDING)
    released = tmp_path / "bent.csv"
    lines = (out / "released.csv").read_text().splitlines()
    lines[1] = "R,T,999,published"
    released.write_text("\n".join(lines) + "\n")
    assert main(["audit", str(released), "--spec", str(file)]) == 3
    assert "contradiction" in capsys.readouterr().err


def test_a_perturbed_table_with_holes_is_told(tmp_path: Path, capsys: pytest.CaptureFixture):
    file, out = protected(tmp_path, CELL_KEY)
    released = tmp_path / "short.csv"
    released.write_text("\n".join((out / "released.csv").read_text().splitlines()[:-1]) + "\n")
    assert main(["audit", str(released), "--spec", str(file)]) == 3
    assert "not-whole" in capsys.readouterr().err


def test_a_base_below_the_threshold_is_raised_to_it(tmp_path: Path):
    """Else a 4 would be shown as 4 although the rule calls it unsafe."""
    _, out = protected(tmp_path, f"base = 3\n{ROUNDING}")
    assert audit_of(out)["base"] == 5


@pytest.mark.parametrize("spec", [ROUNDING, CELL_KEY])
@pytest.mark.parametrize(
    "before",
    ['[[earlier]]\nfile = "first"\n', '[[known]]\nfile = "first"\n', '[[earlier]]\nfile = "bare.csv"\n'],
)
def test_neither_rounding_nor_noise_follows_suppression(
    tmp_path: Path, spec: str, before: str, capsys: pytest.CaptureFixture
):
    """Planted: a rounded number beside true sums is the count that suppression hid for another's sake."""
    file = make_office(tmp_path)
    assert main(["protect", "--spec", str(file), "--to", str(tmp_path / "first")]) == Exit.OK
    (tmp_path / "bare.csv").write_bytes((tmp_path / "first/released.csv").read_bytes())
    file.write_text(spec + before)
    assert main(["protect", "--spec", str(file), "--to", str(tmp_path / "out")]) == Exit.REFUSED
    assert "[earlier-method]" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("spec", [ROUNDING, CELL_KEY])
@pytest.mark.parametrize(
    ("asked", "named"),
    [
        (("method", "insider = true\nmethod"), "insider"),
        (("method", "budget = 5\nmethod"), "budget"),
        (("[table]", '[table]\nsupplier = "region"'), "supplier"),
        (("[table]", '[table]\npopulation = { file = "leaves.csv", value = "n", least = 9 }'), "population"),
        (("[rule]", '[[hide]]\nregion = "A1"\n[rule]'), "hide"),
        (("[rule]", '[[publish]]\nregion = "A1"\n[rule]'), "publish"),
        (("[rule]", '[[earlier]]\nfile = "first"\naccepted = true\n[rule]'), "earlier.accepted"),
    ],
)
def test_what_should_be_hidden_is_no_matter_of_rounding_or_noise(
    tmp_path: Path, spec: str, asked: tuple[str, str], named: str, capsys: pytest.CaptureFixture
):
    """Planted: a cell under [[hide]] was rounded to itself and published."""
    file = make_office(tmp_path, spec=spec.replace(*asked, 1))
    assert main(["--lang", "en", "protect", "--spec", str(file), "--to", str(tmp_path / "out")]) == Exit.USAGE
    told = capsys.readouterr().err
    assert "[spec-only-suppression]" in told
    assert f"{named} says what to hide" in told
    assert not (tmp_path / "out").exists()


def test_another_base_than_an_earlier_release_had_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture):
    """Planted: a count shown as 5 to the base 5 and as 7 to the base 7."""
    file, _ = protected(tmp_path, ROUNDING)
    file.write_text(f'base = 7\n{ROUNDING}[[earlier]]\nfile = "out"\n')
    assert main(["protect", "--spec", str(file), "--to", str(tmp_path / "again")]) == Exit.REFUSED
    assert "[earlier-base]" in capsys.readouterr().err
    released = tmp_path / "out/released.csv"
    file.write_text(f'{ROUNDING.replace("= 5", "= 7")}[[earlier]]\nfile = "out"\n')
    truth = ["--truth", str(tmp_path / "leaves.csv")]
    assert main(["audit", str(released), "--spec", str(file), *truth]) == Exit.REFUSED


TURNED = """
[[tables]]
name = "other"
file = "leaves.csv"
value = "n"
{counts}
[[tables]]
name = "margin"
file = "margin.csv"
value = "n"
dimensions = ["region"]
{counts}
[dimensions]
sex = "sex.csv"
region = "region.csv"
"""


def turned(folder: Path, counts: str) -> dict[tuple[str, str], int]:
    """What is shown under the same key of the same cells, in tables of other names and a margin beside."""
    file = folder / "turned.toml"
    file.write_text('method = "cell_key"\nkey_file = "secret.key"\n' + TURNED.format(counts=counts))
    rows = ((place, sum(pair)) for place, pair in LEAVES.items())
    (folder / "margin.csv").write_text("region,n\n" + "".join(f"{place},{n}\n" for place, n in rows))
    assert main(["protect", "--spec", str(file), "--to", str(folder / "turned")]) == Exit.OK
    return shown_in(folder / "turned/other")


def test_one_cell_has_one_noise_whatever_its_table_is_called(tmp_path: Path):
    """Planted: the table's name was part of the noise, so that two tables showed two noises of one cell."""
    _, out = protected(tmp_path, CELL_KEY)
    assert turned(tmp_path, "") == shown_in(out)


def test_what_counts_something_else_has_noise_of_its_own(tmp_path: Path):
    _, out = protected(tmp_path, CELL_KEY)
    assert turned(tmp_path, 'counts = "persons"') != shown_in(out)


@pytest.mark.parametrize(("spec", "told"), [(ROUNDING, True), (CELL_KEY, False)])
def test_the_audit_of_a_rounded_table_says_what_it_did_not_try(
    tmp_path: Path, spec: str, told: bool, capsys: pytest.CaptureFixture
):
    file, out = protected(tmp_path, spec)
    main(["--lang", "en", "audit", str(out / "released.csv"), "--spec", str(file)])
    assert ("rule of rounding backwards" in capsys.readouterr().out) == told


def true_table(out: Path, to: Path) -> Path:
    with (out / "private/cells.csv").open() as opened:
        rows = [f"{row['region']},{row['sex']},{row['value']}" for row in csv.DictReader(opened)]
    to.write_text("\n".join(["region,sex,value", *rows]) + "\n")
    return to


@pytest.mark.parametrize("truth", [True, False])
def test_true_small_counts_are_no_rounded_table(tmp_path: Path, truth: bool, capsys: pytest.CaptureFixture):
    """Planted: beside a table that shares margins with it a shown 3 passed, as moved from 5."""
    file, out = protected(tmp_path, ROUNDING)
    released = true_table(out, tmp_path / "true.csv")
    also = ["--truth", str(tmp_path / "leaves.csv")] if truth else []
    assert main(["--lang", "en", "audit", str(released), "--spec", str(file), *also]) == Exit.UNSAFE
    assert "unsafe cells whose number is shown: 2" in capsys.readouterr().out


def test_true_counts_are_no_noisy_table(tmp_path: Path, capsys: pytest.CaptureFixture):
    """Planted: the table as it was, without any noise, was safe where its sums did not narrow a cell."""
    (tmp_path / "secret.key").write_bytes(bytes(range(32)))
    (tmp_path / "secret.key").chmod(0o600)
    file, out = protected(tmp_path, CELL_KEY)
    released, truth = true_table(out, tmp_path / "true.csv"), ["--truth", str(tmp_path / "leaves.csv")]
    command = ["--lang", "en", "audit", "--spec", str(file), *truth]
    assert main([*command, str(released)]) == Exit.UNSAFE
    assert "more than noise leaves: 26" in capsys.readouterr().out
    main([*command, str(out / "released.csv")])
    assert "more than noise leaves" not in capsys.readouterr().out


NARROW = """
method = "cell_key"
key_file = "k.key"
[table]
file = "people.csv"
value = "n"
counts = "p"
[dimensions]
region = "r.csv"
sex = "sex.csv"
"""


def test_what_others_show_does_not_narrow_a_count_that_noise_leaves_little_doubt_of(
    tmp_path: Path, capsys: pytest.CaptureFixture
):
    """Planted: a count of 4 that was 4 to 6 from the noise alone became 4 beside others' totals, and only
    cells that had more doubt before were compared."""
    rows = zip(("a1", "a2", "b1", "b2"), ((6, 3), (9, 4), (1, 1), (1, 1)), strict=True)
    people = "".join(f"{place},K,{women}\n{place},M,{men}\n" for place, (women, men) in rows)
    file = make_office(
        tmp_path, NARROW, people=f"region,sex,n\n{people}", others="region,n\nR,26\nA,22\na1,9\na2,13\n",
        r="levels,codes\n@,R\n@@,A\n@@@,a1\n@@@,a2\n@@,B\n@@@,b1\n@@@,b2\n",
    )  # fmt: skip
    (tmp_path / "k.key").write_bytes(bytes(range(16, 48)))
    (tmp_path / "k.key").chmod(0o600)
    command = ["--lang", "en", "protect", "--spec", str(file), "--to", str(tmp_path / "out")]
    file.write_text(f'{NARROW}[[known]]\nfile = "others.csv"\nvalue = "n"\n')
    assert main(command) == Exit.UNSAFE
    assert "[learned]" in capsys.readouterr().err
    file.write_text(NARROW)
    assert main(command) == Exit.OK
