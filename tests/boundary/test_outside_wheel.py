"""The public side's package holds no code that may see an unprotected count."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", target],
        cwd=ROOT / "packaging/outside",
        check=True,
        capture_output=True,
    )
    return next(target.glob("*.whl"))


def test_the_outside_wheel_has_no_inside(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert not [name for name in names if name.startswith("lagesbild/inside")]
    assert "lagesbild/outside/cli/__init__.py" in names


def test_the_outside_command_runs_where_inside_is_not_installed(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path)
    site_packages = [path for path in sys.path if path.endswith("site-packages")]
    run = subprocess.run(
        [sys.executable, "-S", "-c", _RUN, str(tmp_path), *site_packages],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert "no inside" in run.stdout


# -S leaves out the editable install's path hook, so the checkout cannot answer for the wheel.
_RUN = """
import sys
sys.path[:0] = [sys.argv[1]]
sys.path.extend(sys.argv[2:])
import lagesbild.outside.cli
assert lagesbild.outside.cli.__file__.startswith(sys.argv[1])
lagesbild.outside.cli.command.parser(lagesbild.outside.cli, "lagesbild-outside", "")
try:
    import lagesbild.inside
except ImportError:
    print("no inside")
"""
