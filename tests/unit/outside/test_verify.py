"""`lagesbild-outside verify` on releases and shelves, whole and broken."""

import shutil
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from editions import GEOGRAPHY, make_edition
from lagesbild.core.refusal import Exit
from lagesbild.outside.cli import main
from lagesbild.release import bundle, keys
from lagesbild.release.keys import KeyList, PublicKey

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


@pytest.fixture
def shelf(tmp_path) -> Path:
    staged = tmp_path / "staged"
    bundle.publish(staged, bundle.write(make_edition(), GEOGRAPHY, staged), tmp_path / "shelf", KEY)
    return tmp_path / "shelf"


@pytest.mark.parametrize("part", ["", "2026-1"])
@pytest.mark.parametrize(("language", "word"), [("sv", "Förseglingen håller"), ("en", "The seal holds")])
def test_a_whole_release_or_shelf_holds(shelf, capsys, part, language, word):
    assert main(["verify", str(shelf / part), "--lang", language]) == Exit.OK
    said = capsys.readouterr().out
    assert word in said
    assert "--keys" in said


def test_the_publishers_own_key_list_is_used_when_given(shelf, tmp_path, capsys):
    (tmp_path / "other.toml").write_bytes(keys.write(KeyList((PublicKey(bytes(32)),))))
    assert main(["verify", str(shelf), "--keys", str(tmp_path / "other.toml")]) == Exit.SEAL
    assert "[unknown-key]" in capsys.readouterr().err
    assert main(["verify", str(shelf), "--keys", str(shelf / keys.NAME)]) == Exit.OK
    assert "--keys" not in capsys.readouterr().out


def test_a_key_list_that_is_not_there_never_falls_back_on_the_shelfs_own(shelf, tmp_path, capsys):
    """A mistyped path would otherwise trust whoever exchanged the shelf, without a word."""
    for missing in (tmp_path / "mistyped.toml", tmp_path):
        assert main(["verify", str(shelf), "--keys", str(missing)]) == Exit.USAGE
        said = capsys.readouterr()
        assert "[no-keys]" in said.err
        assert said.out == ""


def test_a_broken_seal_has_its_own_exit_code_and_says_why(shelf, capsys):
    (shelf / "2026-1/tables/D01.csv").unlink()
    assert main(["verify", str(shelf), "--lang", "en"]) == Exit.SEAL
    assert "[missing-file] file tables/D01.csv: The file is missing" in capsys.readouterr().err


def test_an_older_shelf_than_the_one_seen_is_refused(shelf):
    assert main(["verify", str(shelf), "--known-head", "0" * 64]) == Exit.SEAL
    assert main(["verify", str(shelf), "--known-head", bundle.head(shelf)]) == Exit.OK


def test_nothing_to_verify_is_said_so(shelf, tmp_path, capsys):
    assert main(["verify", str(tmp_path / "nowhere")]) == Exit.USAGE
    assert "[no-shelf]" in capsys.readouterr().err
    assert main(["verify", str(tmp_path)]) == Exit.SEAL
    assert "[no-keys]" in capsys.readouterr().err
    shutil.rmtree(shelf / "2026-1")
    assert main(["verify", str(shelf)]) == Exit.SEAL
    assert "[no-release]" in capsys.readouterr().err
