"""Faults 1-5, 15: whatever strikes while publishing, a reader finds the whole release or none."""

import os
import resource
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from editions import GEOGRAPHY, make_edition, text
from lagesbild.core.refusal import AgainstPolicy
from lagesbild.release import bundle, chain
from lagesbild.release.keys import KeyList, PublicKey

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
TRUSTED = KeyList((PublicKey.of(KEY),))
PUBLISHER = Path(__file__).with_name("publisher.py")


@pytest.mark.parametrize("kind", ["kill", "ENOSPC", "EIO"])
def test_a_fault_at_any_call_leaves_the_whole_release_or_none(tmp_path, kind):
    staged, work = tmp_path / "staged", tmp_path / "work"
    work.mkdir()
    digest = bundle.write(make_edition(), GEOGRAPHY, staged)
    ran = subprocess.run(
        [sys.executable, PUBLISHER, staged, digest, work, kind], capture_output=True, text=True, check=True
    )
    attempts = [line.split() for line in ran.stdout.splitlines()]
    assert len(attempts) > 25
    assert {status for _, status in attempts[:-1]} <= {"-9", "1"}
    for number, _ in attempts:
        shelf = work / number
        if shelf.exists():
            assert len(chain.read(shelf, TRUSTED)) <= 1
        bundle.publish(staged, digest, shelf, KEY)
        assert [release.digest for release in chain.read(shelf, TRUSTED)] == [digest]
        assert sorted(path.name for path in shelf.iterdir()) == ["2026-1", "keys.toml"]


def test_a_full_disk_publishes_nothing(tmp_path):
    """A limit on file size stands for the full disk: the kernel stops the write half way."""
    staged, shelf = tmp_path / "staged", tmp_path / "shelf"
    digest = bundle.write(make_edition(), GEOGRAPHY, staged)
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (900, 900))
        try:
            bundle.publish(staged, digest, shelf, KEY)
        except OSError:
            os._exit(1)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 1
    assert chain.read(shelf, TRUSTED) == ()


def test_of_publishers_at_once_exactly_one_wins(tmp_path):
    shelf = tmp_path / "shelf"

    def publish(number: int) -> bool:
        staged = tmp_path / f"staged-{number}"
        digest = bundle.write(make_edition(title=text(f"title {number}")), GEOGRAPHY, staged)
        try:
            bundle.publish(staged, digest, shelf, KEY)
        except AgainstPolicy:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(publish, range(8)))
    assert sum(won) == 1
    release = chain.read(shelf, TRUSTED)[0]
    assert release.title == text(f"title {won.index(True)}")
