"""The three ways side by side, and the secret that noise needs."""

import json
from pathlib import Path

import pytest

from lagesbild.core.refusal import BadUsage
from lagesbild.inside.cli import main
from lagesbild.inside.protect.office.comparison import Way, compare
from lagesbild.inside.protect.office.job import prepare
from lagesbild.inside.protect.office.keys import TRIAL, keep, key_of
from lagesbild.inside.protect.office.spec_file import read_spec
from offices import SPEC, make_office


@pytest.fixture
def ways(tmp_path: Path) -> dict[str, Way]:
    return {way.method: way for way in compare(prepare(read_spec(make_office(tmp_path))))}


def test_suppression_changes_nothing_and_leaves_no_cell_narrow(ways: dict[str, Way]):
    way = ways["suppression"]
    assert way.hidden > 0
    assert (way.changed, way.exact, way.narrow, way.greatest_error) == (0, 0, 0, 0)


def test_rounding_is_additive_and_shows_no_small_number(ways: dict[str, Way]):
    way = ways["rounding"]
    assert way.additive
    assert (way.hidden, way.small_shown) == (0, 0)
    assert way.greatest_error > 0


def test_noise_hides_nothing_and_does_not_add_up(ways: dict[str, Way]):
    way = ways["cell_key"]
    assert (way.hidden, way.additive) == (0, False)
    assert way.best_guess is not None


def test_levels_count_every_cell_once(ways: dict[str, Way]):
    for way in ways.values():
        assert sum(level.cells for level in way.levels) == 9 * 3
        assert sum(level.hidden for level in way.levels) == way.hidden


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_command_prints_a_column_for_each_way(
    tmp_path: Path, language: str, capsys: pytest.CaptureFixture
):
    assert main(["--lang", language, "compare-methods", "--spec", str(make_office(tmp_path))]) == 0
    assert len(capsys.readouterr().out.splitlines()[0].split("  ")) >= 4


def test_the_command_gives_json(tmp_path: Path, capsys: pytest.CaptureFixture):
    assert main(["compare-methods", "--spec", str(make_office(tmp_path)), "--json"]) == 0
    assert [way["method"] for way in json.loads(capsys.readouterr().out)] == [
        "suppression",
        "rounding",
        "cell_key",
    ]


def with_key(folder: Path) -> Path:
    return make_office(folder, spec=f'key_file = "secret.key"\n{SPEC}')


def test_a_key_is_made_once_and_closed(tmp_path: Path):
    spec = read_spec(with_key(tmp_path))
    key = key_of(spec)
    assert len(key) == 32
    keep(spec, key)
    assert key_of(spec) == key
    keep(spec, key_of(spec))
    assert key_of(spec) == key
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600


def test_comparing_makes_no_key(tmp_path: Path):
    assert main(["compare-methods", "--spec", str(with_key(tmp_path))]) == 0
    assert not (tmp_path / "secret.key").exists()


def test_an_open_key_is_refused(tmp_path: Path):
    spec = read_spec(with_key(tmp_path))
    keep(spec, key_of(spec))
    (tmp_path / "secret.key").chmod(0o644)
    with pytest.raises(BadUsage, match="open-key"):
        key_of(spec)


@pytest.mark.parametrize("weak", [b"1234", TRIAL])
def test_a_weak_key_is_refused(tmp_path: Path, weak: bytes):
    spec = read_spec(with_key(tmp_path))
    (tmp_path / "secret.key").touch(mode=0o600)
    (tmp_path / "secret.key").write_bytes(weak)
    with pytest.raises(BadUsage, match="weak-key"):
        key_of(spec)


def test_publishing_needs_a_key_of_ones_own(tmp_path: Path):
    with pytest.raises(BadUsage, match="no-key"):
        key_of(read_spec(make_office(tmp_path)))
