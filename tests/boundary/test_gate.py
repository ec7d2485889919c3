"""The gate against a corpus: disguises refused, honest tables let in, no canary anywhere afterwards."""

import logging
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

import clean_tables
import disguises
import disguises_beside
import habits
from lagesbild.core.refusal import Exit, Refusal
from lagesbild.inside.cli import main
from lagesbild.inside.intake import admit, child
from lagesbild.reference import load

TODAY = date(2026, 1, 15)


def judged(path: Path, content: bytes) -> Refusal | None:
    """The refusal of a file that is read in this process; None where it is admitted."""
    path.write_bytes(content)
    try:
        admit([path], load(), today=TODAY, read=child.events)
    except Refusal as refusal:
        return refusal
    return None


def said(refusal: Refusal) -> str:
    """All that a refusal can say, also to one who prints it carelessly."""
    return "\n".join(
        (refusal.in_("sv"), refusal.in_("en"), str(refusal), repr(refusal), repr(refusal.findings))
    )


def test_every_disguise_is_refused_and_no_secret_is_repeated(tmp_path, capsys, caplog):
    caplog.set_level(logging.DEBUG)
    corpus = (*disguises.all_disguises(), *disguises_beside.all_disguises())
    rules: Counter[str] = Counter()
    admitted, repeated = [], []
    for each in corpus:
        refusal = judged(tmp_path / each.file, each.content)
        if refusal is None:
            admitted.append(each.name)
        else:
            rules.update({finding.code for finding in refusal.findings})
            repeated += [each.name] if each.secret in said(refusal) + caplog.text else []
    with capsys.disabled():
        sys.stdout.write(
            f"\ndisguises: {len(corpus)}, refused {len(corpus) - len(admitted)}, {rules.total()} findings\n"
        )
    assert len(corpus) >= 500
    assert (admitted, repeated) == ([], [])
    assert capsys.readouterr() == ("", "")


def test_honest_tables_come_in(tmp_path, capsys):
    refused = []
    for seed in range(220):
        name, content = clean_tables.clean(load(), seed)
        if judged(tmp_path / name, content):
            refused.append(seed)
    with capsys.disabled():
        sys.stdout.write(f"\nclean tables: 220, refused {len(refused)}\n")
    assert len(refused) <= 1


def test_tables_as_analysts_make_them_come_in(tmp_path):
    refusals = {name: judged(tmp_path / file, content) for name, file, content in habits.tables(load())}
    assert len(refusals) >= 200
    assert {name: refusal.in_("en") for name, refusal in refusals.items() if refusal} == {}


def test_registers_in_the_clothes_of_a_table_are_refused(tmp_path, capsys):
    rules: Counter[str] = Counter()
    for seed in range(60):
        refusal = judged(tmp_path / "E03.csv", clean_tables.register(load(), seed))
        rules.update({finding.code for finding in refusal.findings} if refusal else {"admitted"})
    with capsys.disabled():
        sys.stdout.write(f"\nregisters: 60, {dict(rules)}\n")
    assert "admitted" not in rules


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("personal number, hyphen as count", "sv"),
        ("name as region", "en"),
        ("e-mail as a header", "sv"),
        ("workbook, sheet name", "en"),
        ("workbook, comment", "sv"),
        ("workbook, hidden row", "en"),
    ],
)
def test_the_command_leaves_nothing_of_a_refused_file_behind(
    name, language, tmp_path, capfd, caplog, monkeypatch
):
    """The real command with its child process; its temporary folder and its home stay empty."""
    each = next(each for each in disguises.all_disguises() if each.name == name)
    upload, elsewhere = tmp_path / "upload", tmp_path / "elsewhere"
    upload.mkdir()
    elsewhere.mkdir()
    for variable in ("TMPDIR", "HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(variable, str(elsewhere))
    monkeypatch.chdir(elsewhere)
    path = upload / f"{disguises.SECRET}{Path(each.file).suffix}"
    path.write_bytes(each.content)
    assert main(["--lang", language, "check", str(path)]) == Exit.REFUSED
    out, err = capfd.readouterr()
    shown = out + err + caplog.text
    assert out == ""
    assert ("file 1" if language == "en" else "fil 1") in shown
    assert not [part for part in (each.secret, *disguises.SECRET.split()) if part in shown]
    assert list(elsewhere.iterdir()) == []
    assert list(upload.iterdir()) == [path]


def test_the_author_of_a_workbook_is_never_shown_nor_a_reason_to_refuse(tmp_path):
    for seed in range(60):
        name, content = clean_tables.clean(load(), seed)
        if name.endswith(".xlsx"):
            path = tmp_path / name
            assert judged(path, content) is None
            with path.open("rb") as file:
                assert "Kanarie" not in repr(list(child.events(file, "xlsx")))
            return
    pytest.fail("no workbook among the clean tables")
