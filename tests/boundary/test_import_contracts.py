"""The import contracts hold, and each goes red on a violation planted in a copy of the code."""

import configparser
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

PLANTED = {
    "one-way-street": ("outside/leak.py", "import lagesbild.inside.counts\n"),
    "stations": ("inside/intake/leak.py", "import lagesbild.inside.vault\n"),
    "protection": ("inside/protect/search/leak.py", "from ..proof import audit\n"),
    "vault-key": ("inside/cli/leak.py", "import lagesbild.inside.vault\n\n\ndef add_commands(x): ...\n"),
    "outside-tools": ("outside/leak.py", "import sqlite3\n"),
    "pure": ("analysis/leak.py", "import sqlite3\n"),
    "acyclic": ("core/leak.py", "from . import leak2\n"),
}


def lint(tree: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [program, "--no-cache"],
        cwd=tree,
        env={"PYTHONPATH": str(tree / "src"), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__", "data"))
    shutil.copy(ROOT / ".importlinter", tmp_path)
    return tmp_path


def test_every_contract_is_kept(copy: Path) -> None:
    result = lint(copy)
    assert result.returncode == 0, result.stdout


def test_every_contract_has_a_planted_violation() -> None:
    config = configparser.ConfigParser()
    config.read(ROOT / ".importlinter")
    named = {section.rsplit(":", 1)[1] for section in config.sections() if ":contract:" in section}
    assert named == set(PLANTED)


@pytest.mark.parametrize("contract", sorted(PLANTED))
def test_a_planted_violation_is_caught(contract: str, copy: Path) -> None:
    place, line = PLANTED[contract]
    (copy / "src/lagesbild" / place).write_text(line)
    if contract == "acyclic":
        (copy / "src/lagesbild/core/leak2.py").write_text("from . import leak\n")
    config = configparser.ConfigParser()
    config.read(ROOT / ".importlinter")
    name = config[f"importlinter:contract:{contract}"]["name"]
    result = lint(copy)
    assert result.returncode != 0
    assert f"{name} BROKEN" in result.stdout


def test_a_new_top_folder_fails_until_it_is_placed(copy: Path) -> None:
    (copy / "src/lagesbild/newcomer.py").write_text("")
    assert lint(copy).returncode != 0
