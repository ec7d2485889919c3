"""Files as they are handed in: names that may be shown, folders, and what is no file."""

import os
from pathlib import Path

import pytest

from lagesbild.core.refusal import Refusal
from lagesbild.inside.intake import source
from lagesbild.inside.intake.source import sources
from lagesbild.reference import load


@pytest.mark.parametrize(
    "name",
    [
        "D01.csv",
        "D01_E03-2024.xlsx",
        "mall.xlsx",
        "Umeå kommun 2024Q1.csv",
        "bra_2023.csv",
        "tabell (2).parquet",
    ],
)
def test_a_name_of_ordinary_words_is_shown(name):
    assert [each.name for each in sources([Path(name)], load())] == [name]


@pytest.mark.parametrize(
    "name",
    [
        "anna.csv",
        "Nora Berg.xlsx",
        "2004-03-20.csv",
        "1988-03.csv",
        "1988 1982.csv",
        "D01 Andersson.xlsx",
        "880320-1234.csv",
        "19880320.csv",
        "0701740605.csv",
        "a@b.se.csv",
    ],
)
def test_any_other_name_is_a_number(name):
    assert [each.name for each in sources([Path("D01.csv"), Path(name)], load())][1] == "2"


def test_a_folder_stands_for_its_tables(tmp_path):
    for name in ("D01.csv", "E03.xlsx", "notes.docx"):
        (tmp_path / name).touch()
    assert [(each.name, each.kind) for each in sources([tmp_path], load())] == [
        ("D01.csv", "csv"),
        ("E03.xlsx", "xlsx"),
    ]


def refused(path: Path) -> str:
    [found] = sources([path], load())
    with pytest.raises(Refusal) as refusal:
        found.open()
    return refusal.value.findings[0].code


def test_what_is_no_readable_file_is_refused(tmp_path, monkeypatch):
    assert refused(tmp_path / "missing.csv") == "no-file"
    (tmp_path / "picture.png").touch()
    assert refused(tmp_path / "picture.png") == "unknown-kind"
    os.mkfifo(tmp_path / "pipe.csv")
    assert refused(tmp_path / "pipe.csv") == "no-file"
    (tmp_path / "D01.csv").write_bytes(b"x" * 11)
    monkeypatch.setattr(source, "MOST_BYTES", 10)
    assert refused(tmp_path / "D01.csv") == "too-large"
