"""`lagesbild check`: shapes on standard output, refusals on standard error, nothing else."""

import sys

import pytest

from lagesbild.core.refusal import Exit
from lagesbild.inside.cli import check, main

GOOD = "indicator,region,period,count\nD01,2480,2024,412\nD01,2482,2024,0\n"


@pytest.mark.parametrize(
    ("language", "line"),
    [("sv", "D01: 2 celler, 2 platser, 1 period"), ("en", "D01: 2 cells, 2 places, 1 period")],
)
def test_what_came_in_is_shown_by_its_shape(language, line, tmp_path, capsys):
    path = tmp_path / "D01.csv"
    path.write_text(GOOD)
    assert main(["--lang", language, "check", str(path)]) == Exit.OK
    out, err = capsys.readouterr()
    assert line in out.splitlines()
    assert {"sv": "Godkänt: 1 fil.", "en": "Admitted: 1 file."}[language] in out.splitlines()
    assert "412" not in out + err
    assert err == ""


def test_several_files_are_judged_together(tmp_path, capsys):
    for name in ("D01_1.csv", "D01_2.csv"):
        (tmp_path / name).write_text(GOOD)
    assert main(["--lang", "en", "check", str(tmp_path)]) == Exit.REFUSED
    assert capsys.readouterr().err.startswith("[duplicate] file D01_2.csv, row 2: ")


def test_no_file_is_wrong_usage(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["check"])
    assert stopped.value.code == Exit.USAGE
    capsys.readouterr()


def test_a_bar_is_shown_on_a_terminal_alone(tmp_path, capsys, monkeypatch):
    path = tmp_path / "D01.csv"
    path.write_text(GOOD)
    with check.bar([path]) as progress:
        progress(10)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    with check.bar([path]) as progress:
        progress(len(GOOD))
        progress(10)
    assert "B/s" in capsys.readouterr().err
