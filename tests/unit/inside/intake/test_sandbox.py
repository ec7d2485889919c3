"""The process that parses is limited and says nothing of its own; its death is a refusal like any other."""

import resource
import subprocess
import sys
from pathlib import Path

import pytest

from lagesbild.inside.intake import child, sandbox
from lagesbild.inside.intake.reading import Beside, Block, Fault
from workbooks import hostile, ordinary


def read(path: Path, content: bytes, kind: str, **options: float) -> list[object]:
    path.write_bytes(content)
    with path.open("rb") as file:
        return list(sandbox.read(file, kind, **options))


def test_it_finds_the_same_as_reading_in_this_process(tmp_path):
    found = read(tmp_path / "a", ordinary(), "xlsx")
    with (tmp_path / "a").open("rb") as file:
        here = list(child.events(file, "xlsx"))
    beside = [event for event in found if isinstance(event, Beside)]
    assert beside == [event for event in here if isinstance(event, Beside)]
    sheet, block = (event for event in found if not isinstance(event, Beside))
    assert sheet in here
    assert [column.to_pylist() for column in block.columns.values()] == [["2480"], ["2024"], ["12"]]
    assert block.rows == next(event.rows for event in here if isinstance(event, Block))


@pytest.mark.parametrize(
    ("kind", "content", "rule"),
    [
        ("csv", b"a;b\n" + b"x" * 10_000_000, "free-text"),
        ("csv", b"a;b\n1;\0\n", "not-text"),
        ("csv", b'a;b\n"1;2\n', "broken-quotes"),
        ("parquet", b"PAR1" + b"\0" * 100, "unreadable"),
        ("xlsx", *reversed(hostile()["one cell far away"])),
        ("xlsx", *reversed(hostile()["claims to be huge"])),
        ("xlsx", *reversed(hostile()["slow to read, quick to send"])),
    ],
)
def test_a_hostile_file_is_a_fault(kind, content, rule, tmp_path):
    assert read(tmp_path / "a", content, kind)[-1].rule == rule


def test_a_reader_that_takes_too_long_is_stopped(tmp_path):
    assert read(tmp_path / "a", ordinary(), "xlsx", wall_seconds=0) == [Fault("too-slow")]


def test_a_reader_that_dies_is_a_fault(tmp_path, monkeypatch):
    monkeypatch.setattr(sandbox, "_START", "import os; os.abort()")
    assert read(tmp_path / "a", ordinary(), "xlsx") == [Fault("unreadable")]
    monkeypatch.setattr(
        sandbox,
        "_START",
        "import resource, sys; resource.setrlimit(resource.RLIMIT_CPU, (1, 1))\nwhile True: pass",
    )
    assert read(tmp_path / "a", ordinary(), "xlsx") == [Fault("too-slow")]


@pytest.mark.parametrize("frame", [b"A", child.FRAME.pack(b"J", 1 << 62), child.FRAME.pack(b"J", 9) + b"{}"])
def test_a_reader_that_breaks_off_is_a_fault(frame, tmp_path, monkeypatch):
    monkeypatch.setattr(sandbox, "_START", f"import sys; sys.stdout.buffer.write({frame!r})")
    assert read(tmp_path / "a", ordinary(), "xlsx") == [Fault("unreadable")]


LIMITED = "from lagesbild.inside.intake import child; child.limit(); "


@pytest.mark.parametrize(
    ("deed", "error"),
    [
        ("bytearray(3 << 30)", "MemoryError"),
        ("open('written', 'w').write('x' * 100_000)", "OSError"),
    ],
)
def test_the_limits_hold(deed, error, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", LIMITED + deed], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert error in done.stderr
    assert not any(path.stat().st_size for path in tmp_path.iterdir())


def test_no_core_is_dumped_and_time_is_limited():
    said = "import resource as r; print(r.getrlimit(r.RLIMIT_CORE), r.getrlimit(r.RLIMIT_CPU))"
    done = subprocess.run([sys.executable, "-c", LIMITED + said], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == f"{(0, 0)} {(child.CPU_SECONDS, child.CPU_SECONDS)}"
    assert resource.getrlimit(resource.RLIMIT_CPU) != (child.CPU_SECONDS, child.CPU_SECONDS)


def test_the_child_gets_no_environment_of_ours(tmp_path, monkeypatch):
    monkeypatch.setenv("LAGESBILD_KEY", "kanarie")
    dump = "import os, sys; sys.exit(any('kanarie' in value for value in os.environ.values()))"
    monkeypatch.setattr(sandbox, "_START", dump)
    started = []
    popen = subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", lambda *a, **k: started.append(popen(*a, **k)) or started[-1])
    read(tmp_path / "a", ordinary(), "xlsx")
    assert started[0].returncode == 0
