"""The demonstration, made once for all tests and all workers: what is proven is proven on what people see."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

from demonstration import Demo


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--site", type=Path, help="walk this built site in the journeys, not a small one")
    parser.addoption("--every-view", action="store_true", help="see every template in every view, not in one")


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """Whoever comes first makes it; the others wait for the lock. Nobody may change it."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    made = Demo(shared / "demonstration/demo", shared / "demonstration/site")
    with (shared / "demonstration.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.site.exists():
            command = Path(sys.executable).with_name("lagesbild")
            subprocess.run(
                [command, "demo", "--to", made.folder, "--site", made.site], check=True, capture_output=True
            )
    return made
