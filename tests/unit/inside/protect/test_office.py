"""`lagesbild protect`, `audit` and `verify` from the outside, as a statistical office would use them."""

import csv
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest

from lagesbild.core.refusal import Exit
from lagesbild.inside.cli import main
from lagesbild.inside.protect.office.job import prepare
from lagesbild.inside.protect.office.spec_file import read_spec
from offices import LEAVES, SPEC, audit_of, make_office


def protect(spec: Path, to: Path) -> int:
    return main(["--lang", "en", "protect", "--spec", str(spec), "--to", str(to)])


def rows(file: Path) -> list[dict[str, str]]:
    with file.open() as opened:
        return list(csv.DictReader(opened))


def test_every_cell_is_released_and_no_hidden_value_is_shown(tmp_path: Path) -> None:
    assert protect(make_office(tmp_path), tmp_path / "out") == Exit.OK
    released, truth = rows(tmp_path / "out/released.csv"), rows(tmp_path / "out/private/cells.csv")
    assert len(released) == len(truth) == 9 * 3
    assert list(released[0]) == ["region", "sex", "value", "status"]
    assert {row["status"] for row in released} == {"published", "hidden"}
    for shown, true in zip(released, truth, strict=True):
        assert shown["value"] == ("" if shown["status"] == "hidden" else true["value"])
        assert shown["status"] == "hidden" or true["unsafe"] == "0"
    assert audit_of(tmp_path / "out")["unsafe_too_narrow"] == 0


def test_the_public_statement_tells_nothing_that_depends_on_a_hidden_value(tmp_path: Path) -> None:
    protect(make_office(tmp_path), tmp_path / "out")
    assert set(audit_of(tmp_path / "out")) == {
        "cells", "published", "hidden", "unsafe_too_narrow", "tables", "identities", "known_tables",
        "insider",
    }  # fmt: skip


def test_the_private_side_is_closed_to_others(tmp_path: Path) -> None:
    protect(make_office(tmp_path), tmp_path / "out")
    assert stat.S_IMODE((tmp_path / "out/private").stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "out/private").iterdir()} == {0o600}


def test_the_same_job_gives_the_same_bytes(tmp_path: Path) -> None:
    spec = make_office(tmp_path)
    for name in ("one", "two"):
        protect(spec, tmp_path / name)
    for file in sorted((tmp_path / "one").rglob("*.*")):
        assert file.read_bytes() == (tmp_path / "two" / file.relative_to(tmp_path / "one")).read_bytes()


@pytest.mark.parametrize("name", ["leaves.parquet", "LEAVES.PARQUET", "leaves.pq"])
def test_parquet_is_read_as_csv_is(tmp_path: Path, name: str) -> None:
    spec = make_office(tmp_path)
    pa.parquet.write_table(pa.csv.read_csv(tmp_path / "leaves.csv"), tmp_path / name)
    protect(spec, tmp_path / "csv")
    main(["protect", str(tmp_path / name), "--spec", str(spec), "--to", str(tmp_path / "parquet")])
    assert (tmp_path / "csv/released.csv").read_bytes() == (tmp_path / "parquet/released.csv").read_bytes()


@pytest.mark.parametrize(
    ("column", "cells"),
    [
        ("n", pa.array([[1], [2], [3]])),
        ("n", pa.array([{"x": 1}] * 3)),
        ("region", pa.array([b"A1", b"\xff\xfe", b"A3"])),
        ("region", pa.array([b"A1", b"\xff\xfe", b"A3"]).view(pa.string())),
    ],
)
def test_a_column_of_something_else_than_text_and_numbers_is_refused(
    tmp_path: Path, column: str, cells: pa.Array, capsys: pytest.CaptureFixture[str]
) -> None:
    held = {"region": pa.array(["A1", "A2", "A3"]), "sex": pa.array(["K"] * 3), "n": pa.array([3, 17, 9])}
    pa.parquet.write_table(pa.table({**held, column: cells}), tmp_path / "leaves.parquet")
    spec = make_office(tmp_path, spec=SPEC.replace("leaves.csv", "leaves.parquet"))
    assert protect(spec, tmp_path / "out") == Exit.REFUSED
    assert f"[not-text] file leaves.parquet, column {column}" in capsys.readouterr().err


@pytest.mark.parametrize("with_truth", [False, True])
def test_our_own_release_withstands_the_attack(tmp_path: Path, with_truth: bool) -> None:
    spec = make_office(tmp_path)
    protect(spec, tmp_path / "out")
    truth = ["--truth", str(tmp_path / "leaves.csv")] if with_truth else []
    assert main(["audit", str(tmp_path / "out/released.csv"), "--spec", str(spec), *truth]) == Exit.OK


@pytest.mark.parametrize("with_truth", [False, True])
def test_hiding_small_cells_alone_does_not_withstand_it(
    tmp_path: Path, with_truth: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = make_office(tmp_path)
    protect(spec, tmp_path / "out")
    truth = rows(tmp_path / "out/private/cells.csv")
    naive = "".join(
        f"{row['region']},{row['sex']},{'' if row['unsafe'] == '1' else row['value']}\n" for row in truth
    )
    (tmp_path / "naive.csv").write_text("region,sex,value\n" + naive)
    known = ["--truth", str(tmp_path / "leaves.csv")] if with_truth else []
    assert (
        main(["--lang", "en", "audit", str(tmp_path / "naive.csv"), "--spec", str(spec), *known])
        == Exit.UNSAFE
    )
    assert "works out 2 exactly" in capsys.readouterr().out


def test_a_release_that_contradicts_its_sums_is_no_release_of_this_table(tmp_path: Path) -> None:
    spec = make_office(tmp_path)
    protect(spec, tmp_path / "out")
    released = (tmp_path / "out/released.csv").read_text().replace("R,T,187", "R,T,188")
    (tmp_path / "wrong.csv").write_text(released)
    assert "R,T,188" in released
    assert main(["audit", str(tmp_path / "wrong.csv"), "--spec", str(spec)]) == Exit.REFUSED


def test_a_delivery_verifies_until_a_byte_changes(tmp_path: Path) -> None:
    protect(make_office(tmp_path), tmp_path / "out")
    assert main(["verify", str(tmp_path / "out")]) == Exit.OK
    released = tmp_path / "out/released.csv"
    released.write_text(released.read_text().replace("published", "publishes", 1))
    assert main(["verify", str(tmp_path / "out")]) == Exit.SEAL


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ("this is no toml", "spec-not-toml"),
        ("[table]\n", "spec-incomplete"),
        (SPEC + "colour = 1\n", "spec-unknown-key"),
        (SPEC + 'zeros = "perhaps"\n', "spec-zeros"),
        (SPEC.replace("threshold = 5", "threshold = 0"), "spec-number"),
        (SPEC.replace("[rule]", '[[publish]]\nage = "T"\n[rule]'), "spec-unknown-dimension"),
    ],
)
def test_a_bad_specification_is_wrong_usage_and_writes_nothing(
    tmp_path: Path, wrong: str, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert protect(make_office(tmp_path, spec=wrong), tmp_path / "out") == Exit.USAGE
    assert f"[{code}]" in capsys.readouterr().err
    assert not list(tmp_path.glob("*out*"))


@pytest.mark.parametrize(
    ("leaf", "code"),
    [
        ("A9,K,77310", "unknown-code"),
        ("A,K,77310", "not-a-leaf"),
        ("A1,K,77310", "duplicate"),
        ("A1,K,77310.5", "not-a-count"),
        ("A1,K,-77310", "not-a-count"),
        ("A1,K,", "not-a-count"),
    ],
)
def test_a_bad_table_is_refused_by_row_and_rule_and_never_by_value(
    tmp_path: Path, leaf: str, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = make_office(tmp_path)
    with (tmp_path / "leaves.csv").open("a") as leaves:
        leaves.write(leaf + "\n")
    assert protect(spec, tmp_path / "out") == Exit.REFUSED
    told = capsys.readouterr().err
    assert f"[{code}]" in told
    assert "leaves.csv, row 14" in told
    assert "77310" not in told
    assert not list(tmp_path.glob("*out*"))


def test_a_cell_that_must_stay_public_stays_public(tmp_path: Path) -> None:
    spec = make_office(tmp_path, spec=SPEC.replace("[rule]", '[[publish]]\nregion = ["A2", "B3"]\n[rule]'))
    assert protect(spec, tmp_path / "out") == Exit.OK
    hidden = {row["region"] for row in rows(tmp_path / "out/released.csv") if row["status"] == "hidden"}
    assert not hidden & {"A2", "B3"}


def test_a_cell_that_must_be_hidden_is_hidden(tmp_path: Path) -> None:
    spec = make_office(tmp_path, spec=SPEC.replace("[rule]", '[[hide]]\nregion = "A3"\nsex = "K"\n[rule]'))
    assert protect(spec, tmp_path / "out") == Exit.OK
    released = {(row["region"], row["sex"]): row["status"] for row in rows(tmp_path / "out/released.csv")}
    assert released["A3", "K"] == "hidden"


def test_a_small_cell_that_must_be_shown_cannot_be_protected(tmp_path: Path) -> None:
    spec = make_office(tmp_path, spec=SPEC.replace("[rule]", '[[publish]]\nregion = "A1"\n[rule]'))
    assert protect(spec, tmp_path / "out") == Exit.UNSAFE
    assert not (tmp_path / "out").exists()


def test_groupings_that_do_not_nest_are_protected_together(tmp_path: Path) -> None:
    spec = make_office(
        tmp_path,
        spec=SPEC.replace('"region.csv"', '["region.csv", "police.csv"]'),
        police="levels,codes\n@,P1\n@@,A1\n@@,B2\n@,P2\n@@,A2\n@@,A3\n@@,B1\n@@,B3\n",
    )
    assert protect(spec, tmp_path / "out") == Exit.OK
    released = rows(tmp_path / "out/released.csv")
    assert len(released) == 11 * 3
    grand = next(row for row in released if (row["region"], row["sex"]) == ("R", "T"))
    assert grand["status"] == "published"
    assert main(["audit", str(tmp_path / "out/released.csv"), "--spec", str(spec)]) == Exit.OK


def test_an_earlier_release_stays_known(tmp_path: Path) -> None:
    """What was published once cannot be used to hide behind: differencing two releases finds nothing."""
    before = make_office(tmp_path / "before")
    assert protect(before, tmp_path / "first") == Exit.OK
    late = {**LEAVES, "A1": (4, 40)}  # a late addition of one
    spec = SPEC + f'\n[[earlier]]\nfile = "{tmp_path}/first"\n'
    after = make_office(tmp_path / "after", spec=spec, leaves=late)
    assert protect(after, tmp_path / "second") == Exit.OK
    assert audit_of(tmp_path / "second")["known_tables"] == 1


def test_revised_figures_need_the_earlier_run_and_not_just_its_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    protect(make_office(tmp_path / "before"), tmp_path / "first")
    spec = SPEC + f'\n[[earlier]]\nfile = "{tmp_path}/first/released.csv"\n'
    late = {name: (one + 1, two) for name, (one, two) in LEAVES.items()}
    assert (
        protect(make_office(tmp_path / "after", spec=spec, leaves=late), tmp_path / "second") == Exit.REFUSED
    )
    assert "known-differs" in capsys.readouterr().err


def test_another_tools_release_and_its_counts_of_then_are_as_good_as_the_earlier_run(tmp_path: Path) -> None:
    protect(make_office(tmp_path / "then"), tmp_path / "first")
    theirs = [
        f"{row['region']},{row['sex']},{row['value'] or '..'}"
        for row in rows(tmp_path / "first/released.csv")
    ]
    (tmp_path / "theirs.csv").write_text("\n".join(["region,sex,value", *theirs]) + "\n")
    late = {name: (one + 7 * name.startswith("B"), two) for name, (one, two) in LEAVES.items()}
    told = ['file = "../first"', 'file = "../theirs.csv"\ntruth = "../then/leaves.csv"']
    for number, earlier in enumerate(told):
        office = make_office(tmp_path / "now", f"{SPEC}[[earlier]]\n{earlier}\n", late)
        assert protect(office, tmp_path / f"out{number}") == Exit.OK
    assert rows(tmp_path / "out0/released.csv") == rows(tmp_path / "out1/released.csv")
    assert any(row["status"] == "hidden" for row in rows(tmp_path / "out0/released.csv"))


def test_what_anothers_table_lacks_is_not_known_from_it(tmp_path: Path) -> None:
    """Planted: a known table without the grand total made the audit believe that the total was out."""
    known = '[rule]\nthreshold = 5\nzeros = "published"\n[[known]]\nfile = "outside.csv"\n'
    spec = make_office(
        tmp_path,
        spec=SPEC.replace("[rule]\nthreshold = 5\n", known),
        region="levels,codes\n@,R\n@@,A\n@@@,A1\n@@@,A2\n@@,B\n@@@,B1\n",
        leaves={"A1": (2, 5), "A2": (1, 25), "B1": (5, 2)},
        outside="region,value\nB,7\nB1,7\n",
        released="region,sex,value\nA,M,30\n",
    )
    assert prepare(read_spec(spec)).known_exactly.sum() == 2
    truth = ["--truth", str(tmp_path / "leaves.csv")]
    assert main(["audit", str(tmp_path / "released.csv"), "--spec", str(spec), *truth]) == Exit.OK


@pytest.mark.parametrize(
    ("where", "code"),
    [('table = "men"', Exit.OK), ('table = ["men", "boys"]', Exit.USAGE), ("", Exit.UNSAFE)],
)
def test_a_demand_may_be_for_one_table_only(tmp_path: Path, where: str, code: Exit) -> None:
    """A1 has 3 women, who cannot be shown, and 40 men, who can."""
    regions = "levels,codes\n@,R\n" + "".join(f"@@,{place}\n" for place in LEAVES)
    tables = ""
    for number, name in enumerate(("women", "men")):
        rows = "".join(f"{place},{both[number]}\n" for place, both in LEAVES.items())
        (tmp_path / f"{name}.csv").write_text(f"region,n\n{rows}")
        tables += f'[[tables]]\nname = "{name}"\nfile = "{name}.csv"\nvalue = "n"\n'
    (tmp_path / "region.csv").write_text(regions)
    demand = f'[dimensions]\nregion = "region.csv"\n[[publish]]\nregion = "A1"\n{where}\n'
    (tmp_path / "spec.toml").write_text(tables + demand)
    assert protect(tmp_path / "spec.toml", tmp_path / "out") == code
    if code == Exit.OK:
        assert [row["status"] for row in rows_of(tmp_path, "women", "men") if row["region"] == "A1"] == [
            "hidden",
            "published",
        ]


def rows_of(folder: Path, *tables: str) -> list[dict[str, str]]:
    return [row for table in tables for row in rows(folder / "out" / table / "released.csv")]


def test_a_listed_dimension_keeps_the_total_of_each_of_its_codes(tmp_path: Path) -> None:
    """Years without a sum. Hiding the country (three cells) would cost less than hiding a county (six)."""
    spec = SPEC.replace('sex = "sex.csv"', 'sex = "sex.csv"\nyear = "year.csv"')
    counts = {"A1": (1, 1), "B1": (5000, 5000)}
    leaves = "".join(
        f"{place},{sex},{year},{count}\n"
        for year in (2023, 2024)
        for place, both in counts.items()
        for sex, count in zip("KM", both, strict=True)
    )
    files = {"leaves": f"region,sex,year,n\n{leaves}", "year": "levels,codes\n@,2023\n@,2024\n"}
    office = make_office(tmp_path, spec)
    for name, content in files.items():
        (tmp_path / f"{name}.csv").write_text(content)
    assert protect(office, tmp_path / "out") == Exit.OK
    shown = {
        (row["region"], row["sex"])
        for row in rows(tmp_path / "out/released.csv")
        if row["status"] != "hidden"
    }
    assert ("R", "T") in shown
    assert ("A", "T") not in shown


WRITES_SLOWLY = """
import signal, sys, time
from pathlib import Path
from lagesbild.inside.cli import main
write = Path.write_bytes
def slow(path, content):
    write(path, content)
    print(path.name, flush=True)
    time.sleep(60)
Path.write_bytes = slow
signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests may ignore them
signal.signal(signal.SIGHUP, signal.SIG_DFL)
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_a_run_that_is_ended_while_it_writes_leaves_no_truth_behind(tmp_path: Path, kind: int) -> None:
    """After SIGKILL nobody can tidy up but the next run."""
    office = make_office(tmp_path / "office")
    command = ["protect", "--spec", str(office), "--to", str(tmp_path / "to/out")]
    with subprocess.Popen(
        [sys.executable, "-c", WRITES_SLOWLY, *command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as running:
        assert running.stdout is not None
        running.stdout.readline()
        running.send_signal(kind)
        assert running.wait() == (-kind if kind == signal.SIGKILL else Exit.INTERRUPTED)
    left = list((tmp_path / "to").iterdir())
    assert bool(left) == (kind == signal.SIGKILL)
    other = tmp_path / "to/.out.1"
    other.mkdir()
    assert main(command) == Exit.OK
    assert sorted((tmp_path / "to").iterdir()) == [other, tmp_path / "to/out"]
