"""The commands on a machine that gives way: killed, starved, locked out, run twice at once."""

import os
import random
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest

import cluster
from lagesbild.core.refusal import Exit
from lagesbild.inside import walk
from lagesbild.inside.cli import main

COMMAND = "import sys; from lagesbild.inside.cli import main; sys.exit(main())"
ROWS = [
    f"D01,{place},{year},{count}"
    for place, count in (("2480", 25), ("2482", 3), ("2401", 30))
    for year in (2023, 2024)
]


def table(folder: Path, name: str = "D01.csv", rows: list[str] = ROWS) -> Path:
    file = folder / name
    file.write_text("\n".join(["indicator,region,period,count", *rows]))
    return file


def start(store: Path, *typed: object, nobody: bool = False, **options) -> subprocess.Popen[str]:
    """A command, begun, in a process of its own."""
    who = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"] if nobody else []
    surroundings = {
        **os.environ,
        "LAGESBILD_STORE": str(store),
        "LAGESBILD_LANG": "en",
        **options.pop("env", {}),
    }
    command = [*who, sys.executable, "-c", COMMAND, *map(str, typed)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, env=surroundings, **pipes, **options)


def ended(child: subprocess.Popen[str]) -> tuple[int, str]:
    """Its exit code, and all that it said."""
    out, err = child.communicate(timeout=240)
    return child.returncode, out + err


def run(store: Path, *typed: object, **options) -> tuple[int, str]:
    return ended(start(store, *typed, **options))


def import_(file: Path) -> tuple[object, ...]:
    return ("import", file, "--who", "Anna", "--source", "Brå")


def kept(store: Path, address: str | None = None) -> int:
    with walk.opened(store, address) as vault:
        found = vault.vintages()
        assert all(len(vault.table([each])) for each in found)
        return len(found)


@contextmanager
def full_disk() -> Iterator[None]:
    """A limit on the size of files stands for it."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_024, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture
def here(tmp_path, monkeypatch, capfd) -> Callable[..., tuple[int, str]]:
    """A command in this process, which is quicker where nothing is killed."""
    monkeypatch.setenv("LAGESBILD_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("LAGESBILD_LANG", "en")
    monkeypatch.delenv("LAGESBILD_DATABASE", raising=False)

    def typed(*words: object) -> tuple[int, str]:
        code = main([str(word) for word in words])
        return code, "".join(capfd.readouterr())

    return typed


def test_two_imports_of_one_file_at_once_are_one_import(tmp_path):
    file, store = table(tmp_path), tmp_path / "store"
    both = [start(store, *import_(file)) for _ in range(2)]
    said = [ended(child) for child in both]
    assert [code for code, _ in said] == [Exit.OK, Exit.OK]
    assert sorted("New tables: 1" in words for _, words in said) == [False, True]
    assert kept(store) == 1


def test_two_imports_of_different_files_at_once_are_both_kept(tmp_path):
    store = tmp_path / "store"
    files = [table(tmp_path, f"D01 {year}.csv", [f"D01,2480,{year},4"]) for year in (2021, 2022)]
    both = [start(store, *import_(file)) for file in files]
    assert [ended(child)[0] for child in both] == [Exit.OK, Exit.OK]
    assert kept(store) == 2


@pytest.mark.parametrize("engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_a_command_killed_at_any_moment_leaves_a_store_that_goes_on(tmp_path, engine):
    """Each try is killed at a moment of its own; what it said was kept is there, and the last one ends."""
    store, moments = tmp_path / "store", random.Random(5)  # noqa: S311 -- the chance is play
    with cluster.running() if engine == "postgresql" else nullcontext() as server:
        address = server.database() if server else None
        surroundings = {"LAGESBILD_DATABASE": address} if address else {}
        there = 0
        for number in range(5):
            file = table(tmp_path, "D01.csv", [f"D01,2480,{2015 + number},{number}"])
            child = start(store, *import_(file), env=surroundings)
            time.sleep(moments.uniform(0.3, 1.6))
            child.kill()
            _, said = ended(child)
            now = kept(store, address)
            assert there + ("New tables: 1" in said) <= now <= there + 1
            there = now
        assert run(store, *import_(table(tmp_path)), env=surroundings)[0] == Exit.OK
        assert kept(store, address) == there + 1


def test_a_full_disk_stops_the_import_with_words_and_keeps_what_was_there(tmp_path, here):
    assert here(*import_(table(tmp_path)))[0] == Exit.OK
    more = table(tmp_path, "D01 2022.csv", ["D01,2480,2022,7"])
    with full_disk():
        code, said = here(*import_(more))
    assert (code, "[file-system]" in said) == (Exit.MACHINE, True), said
    assert kept(tmp_path / "store") == 1
    assert here(*import_(more))[0] == Exit.OK
    assert kept(tmp_path / "store") == 2


def test_a_full_disk_stops_the_draft_with_words_and_stages_nothing(tmp_path, here):
    draft = ("release", "draft", "--number", "2026-1", "--who", "Anna")
    here(*import_(table(tmp_path)))
    with full_disk():
        code, said = here(*draft)
    assert (code, "[file-system]" in said) == (Exit.MACHINE, True), said
    with walk.opened(tmp_path / "store") as vault:
        assert vault.drafts() == ()
    assert list((tmp_path / "store/staging").iterdir()) == []
    assert here(*draft)[0] == Exit.OK


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may try as another user")
def test_a_folder_that_may_not_be_written_is_said_so(tmp_path):
    file, store = table(tmp_path), tmp_path / "store"
    for folder in (tmp_path, *tmp_path.parents[:3]):
        folder.chmod(0o755)
    assert run(store, *import_(file))[0] == Exit.OK
    for path in (store, *store.rglob("*")):
        shutil.chown(path, "nobody", "nogroup")
        path.chmod(0o500 if path.is_dir() else 0o400)
    code, said = run(store, *import_(file), nobody=True)
    assert (code, "Traceback" in said) == (Exit.MACHINE, False), said
    code, said = run(tmp_path / "new store", *import_(file), nobody=True)
    assert (code, "Traceback" in said) == (Exit.MACHINE, False), said


def test_the_same_store_gives_the_same_release_in_any_surroundings(tmp_path):
    """Language, clock, chance of hashing and rights of new files say nothing in what is published."""
    run(tmp_path / "store", *import_(table(tmp_path)))
    surroundings = (
        ({"TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "0"}, 0o022),
        ({"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "LANG": "sv_SE", "PYTHONHASHSEED": "7"}, 0o077),
        (
            {"TZ": "America/Adak", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "42", "LAGESBILD_LANG": "sv"},
            0o000,
        ),
    )
    found = []
    for number, (env, mask) in enumerate(surroundings):
        store, shelf = tmp_path / f"store-{number}", tmp_path / f"shelf-{number}"
        shutil.copytree(tmp_path / "store", store)
        steps = (
            ("draft", "--number", "2026-1", "--who", "Anna", "--date", "2026-03-01"),
            ("approve", "--who", "Bo"),
            ("publish", "--who", "Bo", "--to", str(shelf)),
        )
        each = f"for step in {steps}: assert main(['release', *step]) == 0"
        walked = f"from lagesbild.inside.cli import main\n{each}"
        surrounded = {**os.environ, "LAGESBILD_STORE": str(store), **env}
        subprocess.run([sys.executable, "-c", walked], env=surrounded, umask=mask, check=True)
        files = (path for path in shelf.rglob("*") if path.is_file())
        found.append({str(path.relative_to(shelf)): path.read_bytes() for path in files})
    assert len(found[0]) > 5
    assert found[1] == found[0]
    assert found[2] == found[0]
