"""The documents stay true: commands, tests and links that they name exist; nothing tells of a machine."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from lagesbild.core import command
from lagesbild.inside import cli as inside_cli
from lagesbild.outside import cli as outside_cli

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def commands(package: object) -> set[str]:
    top = command.parser(package, "x", "")  # type: ignore[arg-type]
    return set(top._subparsers._group_actions[0].choices)  # type: ignore[union-attr, arg-type]


@pytest.mark.parametrize(("prog", "package"), [("lagesbild", inside_cli), ("lagesbild-outside", outside_cli)])
def test_every_command_in_a_document_exists(prog: str, package: object) -> None:
    known = commands(package)
    named = {
        (path.name, found[1])
        for path in DOCUMENTS
        for found in re.finditer(
            rf"(?m)^\s*(?:\$ |`)?(?:\.venv/bin/)?{prog} ([a-z][a-z-]+)", path.read_text()
        )
    }
    assert not [each for each in sorted(named) if each[1] not in known]


@pytest.mark.parametrize(("prog", "package"), [("lagesbild", inside_cli), ("lagesbild-outside", outside_cli)])
def test_every_command_is_in_a_document(prog: str, package: object) -> None:
    text = "\n".join(path.read_text() for path in DOCUMENTS)
    assert not [name for name in sorted(commands(package)) if f"{prog} {name}" not in text]


def test_every_test_named_in_a_document_exists() -> None:
    named = {
        found for path in DOCUMENTS for found in re.findall(r"tests/[\w/]+\.py(?:::\w+)?", path.read_text())
    }
    missing = []
    for each in sorted(named):
        file, _, function = each.partition("::")
        path = ROOT / file
        if not path.exists() or (function and f"def {function}(" not in path.read_text()):
            missing.append(each)
    assert not missing


def test_every_relative_link_leads_somewhere() -> None:
    broken = [
        f"{path.relative_to(ROOT)}: {link}"
        for path in DOCUMENTS
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text())
        if not (path.parent / link).exists()
    ]
    assert not broken


def test_every_dependency_says_why_it_is_there() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    development = (ROOT / "requirements/dev.in").read_text().split()
    text = (ROOT / "docs/dependencies.md").read_text()
    names = [re.split(r"[\[~=<>]", each)[0] for each in [*project, *development]]
    assert not [name for name in names if not re.search(rf"(?m)^\|[^|]*\b{re.escape(name)}\b", text)]


def test_nothing_tracked_tells_of_a_machine() -> None:
    tracked = subprocess.run(
        [
            "git",
            "grep",
            "-lIE",
            r"(/[h]ome/[a-z]|/[r]oot/|/[w]ork/|files\.[p]ythonhosted|[p]ypi\.org|--[i]ndex-url|--[f]ind-links)",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split()
    allowed = {"scripts/lock.sh"}  # the brackets above keep the pattern from finding itself
    assert not [path for path in tracked if path not in allowed]


def test_the_lock_files_hold_every_package_with_hashes() -> None:
    for lock in sorted((ROOT / "requirements").glob("*.txt")):
        entries = re.split(r"(?m)^(?=[a-zA-Z0-9])", lock.read_text())[1:]
        assert entries
        assert not [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry]
