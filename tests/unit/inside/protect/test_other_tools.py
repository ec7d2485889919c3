"""`lagesbild audit` on what other tools write: their status columns, their names, their numbers."""

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from lagesbild.core.refusal import Exit
from lagesbild.inside.cli import main
from lagesbild.inside.protect.proof.audit import Audit, audit
from offices import make_office

Cell = dict[str, str]
"""One row of our own private table: codes, value, unsafe, secondary."""


@pytest.fixture(scope="module")
def cells(tmp_path_factory: pytest.TempPathFactory) -> list[Cell]:
    folder = tmp_path_factory.mktemp("ours")
    assert main(["protect", "--spec", str(make_office(folder)), "--to", str(folder / "out")]) == Exit.OK
    with (folder / "out/private/cells.csv").open() as opened:
        return list(csv.DictReader(opened))


def sdc_table(cell: Cell, hidden: bool) -> str:
    mark = {(True, True): "u", (True, False): "x"}.get((hidden, cell["unsafe"] == "1"), "s")
    return f"{cell['region']},{cell['sex']},{float(cell['value'])},{mark}"


def gauss_suppression(cell: Cell, hidden: bool) -> str:
    region, sex = (
        "Total" if code == top else code for code, top in ((cell["region"], "R"), (cell["sex"], "T"))
    )
    primary = "TRUE" if cell["unsafe"] == "1" else "FALSE"
    return f'"1","{region}","{sex}",{cell["value"]},{primary},{str(hidden).upper()}'


def tau_argus(cell: Cell, hidden: bool) -> str:
    mark = {(True, True): "U", (True, False): "M"}.get((hidden, cell["unsafe"] == "1"), "S")
    return f"{cell['region']};{cell['sex']};{'x' if hidden else cell['value']};{mark}"


def blank(cell: Cell, hidden: bool) -> str:
    return f"{cell['region']}\t{cell['sex']}\t{'..' if hidden else cell['value']}"


FORMS: dict[str, tuple[str, Callable[[Cell, bool], str]]] = {
    "sdcTable": ("region,sex,Freq,sdcStatus", sdc_table),
    "GaussSuppression": ('"","region","sex","freq","primary","suppressed"', gauss_suppression),
    "tau-ARGUS": ("region;sex;n;Status", tau_argus),
    "plain table": ("region\tsex\tvalue", blank),
}


def written(to: Path, form: str, cells: list[Cell], *, only_unsafe: bool = False) -> Path:
    header, line = FORMS[form]
    hidden = [cell["unsafe"] == "1" or (cell["status"] == "hidden" and not only_unsafe) for cell in cells]
    rows = [line(cell, withheld) for cell, withheld in zip(cells, hidden, strict=True)]
    to.write_text("\n".join([header, *rows]) + "\n")
    return to


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("knowing", [False, True])
def test_a_safe_pattern_is_safe_in_whichever_form(
    tmp_path: Path, cells: list[Cell], form: str, knowing: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = make_office(tmp_path)
    truth = ["--truth", str(tmp_path / "leaves.csv")] if knowing else []
    file = str(written(tmp_path / "theirs.csv", form, cells))
    assert main(["--lang", "en", "audit", file, "--spec", str(spec), *truth]) == Exit.OK
    told = capsys.readouterr().out
    assert f"Read as: {form}" in told
    assert "8 of 27 cells are hidden" in told
    assert ("do not publish it" in told) == (form in ("sdcTable", "GaussSuppression"))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("knowing", [False, True])
def test_the_cells_that_fail_and_why_are_told_to_the_private_side_only(
    tmp_path: Path, cells: list[Cell], form: str, knowing: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    """Planted: only the unsafe cells are hidden, so each is its total less its siblings."""
    spec = make_office(tmp_path)
    truth = ["--truth", str(tmp_path / "leaves.csv")] if knowing else []
    file, failing = written(tmp_path / "theirs.csv", form, cells, only_unsafe=True), tmp_path / "failing.csv"
    command = ["audit", str(file), "--spec", str(spec), *truth, "--failing", str(failing), "--json"]
    assert main(command) == Exit.UNSAFE
    figures = json.loads(capsys.readouterr().out)
    assert figures["exact"] == figures["narrow"] == 2
    assert figures["reasons"] == {"exact": 2}
    assert "A1" not in json.dumps(figures)
    assert figures["public"] == (not knowing)
    assert failing.read_text().splitlines() == [
        "table,region,sex,fails,low,high",
        ",A1,K,exact,3,3",
        ",B2,M,exact,4,4",
    ]
    assert failing.stat().st_mode & 0o077 == 0


def test_each_rule_that_a_cell_can_fail_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """3 + 1 hide each other and do not reach 5; 4 + 3 reach it, but the sum of 7 leaves too little room
    where zeros are always shown (1 to 6 is 5 wide, and 6 is asked for)."""
    codes = "@,T @@,A @@@,a1 @@@,a2 @@@,a3 @@,B @@@,b1 @@@,b2 @@@,b3 @@,C @@@,c1 @@@,c2"
    (tmp_path / "r.csv").write_text("\n".join(["levels,codes", *codes.split()]) + "\n")
    (tmp_path / "leaves.csv").write_text("r,n\na1,3\na2,1\na3,30\nb1,4\nb2,3\nb3,9\nc1,2\nc2,40\n")
    spec = (
        '[table]\nfile="leaves.csv"\nvalue="n"\n[dimensions]\nr="r.csv"\n[rule]\nwidth=6\nzeros="published"\n'
    )
    (tmp_path / "spec.toml").write_text(spec)
    shown = "T,92,s A,34,s a1,,u a2,,u a3,30,s B,16,s b1,,u b2,,u b3,9,s C,42,s c1,2,s c2,40,s"
    (tmp_path / "theirs.csv").write_text("\n".join(["r,freq,sdcStatus", *shown.split()]) + "\n")
    command = ["audit", str(tmp_path / "theirs.csv"), "--spec", str(tmp_path / "spec.toml")]
    known = ["--truth", str(tmp_path / "leaves.csv")]
    assert main([*command, *known, "--failing", str(tmp_path / "f.csv")]) == Exit.UNSAFE
    assert (tmp_path / "f.csv").read_text().splitlines()[1:] == [
        ",c1,shown,2,2", ",a1,short,1,3", ",a2,short,1,3", ",b1,narrow,1,6", ",b2,narrow,1,6",
    ]  # fmt: skip
    told = capsys.readouterr().out
    for line in ("vars tal visas: 1", "når inte tröskeln: 2", "smalare än kravet: 2"):
        assert line in told
    assert main([*command, "--failing", str(tmp_path / "f.csv")]) == Exit.UNSAFE
    assert (tmp_path / "f.csv").read_text().splitlines()[1:] == [
        ",c1,shown,2,2", ",a1,short,1,3", ",a2,short,1,3", ",b1,doubtful,1,6", ",b2,doubtful,1,6",
    ]  # fmt: skip
    assert "vara noll eller stort: 2" in capsys.readouterr().out


def test_what_only_the_truth_can_tell_is_not_called_a_leak(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """0 to 9 is narrower than the 10 that a small count must have, but 5 and 4 may as well be 9 and 0."""
    (tmp_path / "r.csv").write_text("levels,codes\n@,T\n@@,a\n@@,b\n")
    spec = '[table]\nfile="leaves.csv"\nvalue="n"\n[dimensions]\nr="r.csv"\n[rule]\nwidth=10\n'
    (tmp_path / "spec.toml").write_text(spec)
    (tmp_path / "theirs.csv").write_text("r,n\nT,9\na,..\nb,..\n")
    audit = ["--lang", "en", "audit", str(tmp_path / "theirs.csv"), "--spec", str(tmp_path / "spec.toml")]
    for counts, verdict in (((5, 4), "Not safe. "), ((9, 0), "Safe. ")):
        (tmp_path / "leaves.csv").write_text("r,n\na,{}\nb,{}\n".format(*counts))
        main([*audit, "--truth", str(tmp_path / "leaves.csv")])
        assert verdict in capsys.readouterr().out
    assert main(audit) == Exit.UNSAFE
    assert "Not decided without the truth" in capsys.readouterr().out


def test_without_the_truth_what_has_no_proof_is_not_called_safe(
    tmp_path: Path, cells: list[Cell], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Planted: the search brings no table back, though no fraction rules one out."""

    def without_proof(*args: object, **kwargs: object) -> Audit:
        found = audit(*args, **kwargs)  # type: ignore[arg-type]
        return replace(found, failing=found.unsafe)

    monkeypatch.setattr("lagesbild.inside.protect.office.opponent.audit", without_proof)
    spec, file = make_office(tmp_path), str(written(tmp_path / "theirs.csv", next(iter(FORMS)), cells))
    assert main(["--lang", "en", "audit", file, "--spec", str(spec), "--json"]) == Exit.UNSAFE
    assert set(json.loads(capsys.readouterr().out)["reasons"]) == {"unproven"}


def test_working_files_may_hold_large_numbers_as_r_writes_them(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("levels,codes\n@,T\n@@,a\n@@,b\n@@,c\n")
    (tmp_path / "leaves.csv").write_text("r,n\na,3\nb,99997\nc,200000\n")
    (tmp_path / "spec.toml").write_text('[table]\nfile="leaves.csv"\nvalue="n"\n[dimensions]\nr="r.csv"\n')
    (tmp_path / "theirs.csv").write_text("r,freq,sdcStatus\nTotal,3e+05,s\na,3,u\nb,99997,x\nc,2e+05,s\n")
    command = ["audit", str(tmp_path / "theirs.csv"), "--spec", str(tmp_path / "spec.toml")]
    assert main([*command, "--truth", str(tmp_path / "leaves.csv")]) == Exit.OK


def test_of_several_columns_of_numbers_the_named_one_is_read(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("levels,codes\n@,T\n@@,a\n@@,b\n@@,c\n")
    (tmp_path / "leaves.csv").write_text("r,events\na,3\nb,20\nc,30\n")
    (tmp_path / "spec.toml").write_text(
        '[table]\nfile="leaves.csv"\nvalue="events"\n[dimensions]\nr="r.csv"\n'
    )
    (tmp_path / "theirs.csv").write_text("r,n,events,freq\nT,9,53,9\na,9,,9\nb,9,,9\nc,9,30,9\n")
    command = ["audit", str(tmp_path / "theirs.csv"), "--spec", str(tmp_path / "spec.toml")]
    assert main([*command, "--truth", str(tmp_path / "leaves.csv")]) == Exit.OK


def test_a_tool_that_leaves_rows_out_marks_in_two_ways(
    tmp_path: Path, cells: list[Cell], capsys: pytest.CaptureFixture[str]
) -> None:
    spec = make_office(tmp_path)
    file = written(tmp_path / "theirs.csv", "sdcTable", cells)
    lines = file.read_text().splitlines()
    file.write_text("\n".join(line for line in lines if not line.startswith("B1,K")) + "\n")
    assert main(["--lang", "en", "audit", str(file), "--spec", str(spec)]) == Exit.UNSAFE
    assert "without a row in the file, read as hidden: 1" in capsys.readouterr().out


def test_totals_of_what_remains_are_another_table(
    tmp_path: Path, cells: list[Cell], capsys: pytest.CaptureFixture[str]
) -> None:
    """AI-SDC/ACRO issue 198: totals recomputed from the rows left after redaction. They are not the table's
    totals, and beside true ones from anywhere they give the hidden cells away."""
    spec = make_office(tmp_path)
    left = {
        (cell["region"], cell["sex"]): int(cell["value"]) for cell in cells if cell["status"] == "published"
    }
    for total, parts in (("A", ("A1", "A2", "A3")), ("B", ("B1", "B2", "B3")), ("R", ("A", "B"))):
        left |= {(total, sex): sum(left.get((part, sex), 0) for part in parts) for sex in "KM"}
    left |= {
        (region, "T"): left.get((region, "K"), 0) + left.get((region, "M"), 0) for region, _ in list(left)
    }
    rows = (f"{cell['region']},{cell['sex']},{left.get((cell['region'], cell['sex']), '')}" for cell in cells)
    (tmp_path / "theirs.csv").write_text("\n".join(["region,sex,value", *rows]) + "\n")
    command = ["--lang", "en", "audit", str(tmp_path / "theirs.csv"), "--spec", str(spec)]
    assert main([*command, "--truth", str(tmp_path / "leaves.csv")]) == Exit.UNSAFE
    assert "not those of the truth" in capsys.readouterr().out


def test_amounts_cannot_be_judged_without_the_truth(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = make_office(
        tmp_path,
        spec='[table]\nfile="kr.csv"\nvalue="kr"\ngiver="org"\n[dimensions]\nsex="sex.csv"\n[rule]\np=10\n',
        kr="sex,org,kr\nK,a,100\nK,b,90\nK,c,80\nM,a,500\nM,b,3\n",
    )
    (tmp_path / "theirs.csv").write_text("sex,value\nT,773\nK,270\nM,503\n")
    command = ["audit", str(tmp_path / "theirs.csv"), "--spec", str(spec)]
    assert main(command) == Exit.USAGE
    assert "[needs-truth]" in capsys.readouterr().err
    assert main([*command, "--truth", str(tmp_path / "kr.csv")]) == Exit.UNSAFE


def test_a_supplier_who_knows_her_own_cells_is_named_as_the_reason(tmp_path: Path) -> None:
    """Planted: two suppliers share a hidden sum, and each has the other's by subtracting her own. Against
    everyone else that is safe."""
    (tmp_path / "r.csv").write_text("levels,codes\n@,T\n@@,a\n@@,b\n@@,c\n@@,d\n")
    (tmp_path / "leaves.csv").write_text("r,n\na,3\nb,9\nc,40\nd,30\n")
    table = '[table]\nfile="leaves.csv"\nvalue="n"\nsupplier="r"\n[dimensions]\nr="r.csv"\n'
    for name, start in (("outside", ""), ("inside", "insider = true\n")):
        (tmp_path / f"{name}.toml").write_text(start + table)
    (tmp_path / "two.csv").write_text("r,value\nT,82\na,\nb,\nc,40\nd,30\n")
    command = ["audit", str(tmp_path / "two.csv"), "--truth", str(tmp_path / "leaves.csv"), "--spec"]
    assert main([*command, str(tmp_path / "outside.toml")]) == Exit.OK
    failing = tmp_path / "failing.csv"
    assert main([*command, str(tmp_path / "inside.toml"), "--failing", str(failing)]) == Exit.UNSAFE
    assert failing.read_text().splitlines()[1:] == [",a,insider,0,12"]
    assert (
        main(["protect", "--spec", str(tmp_path / "inside.toml"), "--to", str(tmp_path / "out")]) == Exit.OK
    )
    assert (tmp_path / "out/released.csv").read_text().count(",hidden") >= 3


def ours(to: Path, cells: list[Cell], change: Callable[[str], str]) -> Path:
    """Our own released table, each row of a hidden cell changed."""
    rows = ["region,sex,value,status"]
    for cell in cells:
        hidden = cell["status"] == "hidden"
        row = f"{cell['region']},{cell['sex']},{'' if hidden else cell['value']},{cell['status']}"
        rows.append(change(row) if hidden and cell["unsafe"] == "1" else row)
    to.write_text("\n".join(rows) + "\n")
    return to


@pytest.mark.parametrize("knowing", [False, True])
@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda row: row.replace("hidden", "Hidden"), "marked in more than one way"),
        (lambda row: row + " ", "marked in more than one way"),
        (lambda row: row.replace(",,", ",3,"), "still holds the number of 2 hidden cells"),
    ],
)
def test_a_mark_or_a_number_in_our_own_form_that_tells_which_cells_are_small(
    tmp_path: Path, cells: list[Cell], knowing: bool, change: Callable[[str], str], told: str,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """Planted: capitals and spaces were taken away before the marks were counted, and numbers that stood in
    hidden rows passed."""
    spec, file = make_office(tmp_path), ours(tmp_path / "ours.csv", cells, change)
    truth = ["--truth", str(tmp_path / "leaves.csv")] if knowing else []
    assert main(["--lang", "en", "audit", str(file), "--spec", str(spec), *truth]) == Exit.UNSAFE
    assert told in capsys.readouterr().out
    unchanged = ours(tmp_path / "whole.csv", cells, str)
    assert main(["audit", str(unchanged), "--spec", str(spec), *truth]) == Exit.OK


@pytest.mark.parametrize("knowing", [False, True])
@pytest.mark.parametrize("column", ["count", "primary", "n"])
def test_a_column_of_our_own_form_that_nobody_tried_is_refused(
    tmp_path: Path, cells: list[Cell], knowing: bool, column: str, capsys: pytest.CaptureFixture[str]
) -> None:
    spec, file = make_office(tmp_path), ours(tmp_path / "ours.csv", cells, str)
    header, *rows = file.read_text().splitlines()
    file.write_text("\n".join([f"{header},{column}", *(f"{row},1" for row in rows)]) + "\n")
    truth = ["--truth", str(tmp_path / "leaves.csv")] if knowing else []
    assert main(["--lang", "en", "audit", str(file), "--spec", str(spec), *truth]) == Exit.REFUSED
    err = capsys.readouterr().err
    assert "[untried-column]" in err
    assert f"column {'value' if column == 'n' else column}" in err


def test_figures_made_with_the_truth_are_not_called_public(
    tmp_path: Path, cells: list[Cell], capsys: pytest.CaptureFixture[str]
) -> None:
    """Planted: as many unsafe cells as hidden ones said that all of them are small, and was called public."""
    spec, file = make_office(tmp_path), str(ours(tmp_path / "ours.csv", cells, str))
    command = ["--lang", "en", "audit", file, "--spec", str(spec)]
    for truth, stays in ([], False), (["--truth", str(tmp_path / "leaves.csv")], True):
        assert main([*command, *truth]) == Exit.OK
        assert ("stay in the house" in capsys.readouterr().out) == stays
        assert main([*command, *truth, "--json"]) == Exit.OK
        figures = json.loads(capsys.readouterr().out)
        assert (figures["public"], figures["unsafe"] is None) == (not stays, not stays)


@pytest.mark.parametrize("column", ["freq", "n"])
def test_a_second_column_of_numbers_is_refused(
    tmp_path: Path, cells: list[Cell], column: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Planted: whoever reads the file has the true numbers beside those with holes."""
    file = tmp_path / "plain.csv"
    rows = [f"{c['region']},{c['sex']},{'..' if c['status'] == 'hidden' else c['value']}" for c in cells]
    truth = [c["value"] for c in cells]
    numbers = "\n".join(f"{row},{own}" for row, own in zip(rows, truth, strict=True))
    file.write_text(f"region,sex,value,{column}\n{numbers}\n")
    assert main(["--lang", "en", "audit", str(file), "--spec", str(make_office(tmp_path))]) == Exit.REFUSED
    assert "[untried-column]" in capsys.readouterr().err
    named = "\n".join(f"{row},a place" for row in rows)
    file.write_text(f"region,sex,value,label\n{named}\n")
    assert main(["audit", str(file), "--spec", str(make_office(tmp_path))]) == Exit.OK


def test_that_no_zero_is_hidden_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever sees that zeros are shown believes that what is hidden is at least one."""
    leaves = {"A1": (4, 0), "A2": (1, 0), "A3": (10, 0), "B1": (20, 0), "B2": (30, 0), "B3": (40, 0)}
    spec = make_office(tmp_path, leaves=leaves)
    rows = []
    for place, women in (
        ("R", 105),
        ("A", 15),
        ("B", 90),
        *((place, own[0]) for place, own in leaves.items()),
    ):
        shown = ".." if place in ("A1", "A2", "A3") else women
        rows += [f"{place},T,{shown}", f"{place},K,{shown}", f"{place},M,0"]
    (tmp_path / "other.csv").write_text("\n".join(["region,sex,value", *rows]) + "\n")
    truth = ["--truth", str(tmp_path / "leaves.csv")]
    assert (
        main(["--lang", "en", "audit", str(tmp_path / "other.csv"), "--spec", str(spec), *truth]) == Exit.OK
    )
    assert "No zero is hidden" in capsys.readouterr().out
