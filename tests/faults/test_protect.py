"""A protection that is interrupted leaves nothing: no folder that could be taken for a delivery, and none in
hiding, where the truth would lie."""

import subprocess
import sys
from pathlib import Path

import pytest

from lagesbild.core.refusal import Exit
from offices import make_office

PROTECTOR = Path(__file__).with_name("protector.py")


@pytest.mark.parametrize("signal", ["SIGINT"])
def test_a_signal_at_any_moment_leaves_no_folder(tmp_path: Path, signal: str):
    work = tmp_path / "work"
    ran = subprocess.run(
        [sys.executable, PROTECTOR, make_office(tmp_path / "office"), work, signal],
        capture_output=True,
        text=True,
        check=True,
    )
    attempts = [line.split() for line in ran.stderr.splitlines() if line[:3].isdigit()]
    *struck, (last, status) = attempts
    assert len(struck) > 30
    assert {status for _, status in struck} == {str(int(Exit.INTERRUPTED))}
    assert [str(path) for number, _ in struck for path in (work / number).glob("*")] == []
    assert status == "0"
    assert [path.name for path in (work / last).iterdir()] == ["out"]
