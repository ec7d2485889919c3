"""The store is closed to other users, and what it hides is in no byte that leaves it."""

import os
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest

from lagesbild import reference
from lagesbild.core.language import Text
from lagesbild.inside import walk
from lagesbild.inside.protect.methods.secondary import Pattern
from lagesbild.inside.protect.proof.audit import audit
from lagesbild.inside.walk import Event, Plan

CANARY = 48271
EVENT = Event("Anna", datetime(2026, 3, 1, tzinfo=UTC))


def hide_all(system, before) -> Pattern:
    hidden = ~system.fixed
    return Pattern(hidden, hidden & ~system.unsafe, 0.0, audit(system, hidden))


@pytest.fixture
def street(tmp_path) -> Path:
    """A store and a shelf whose one canary is hidden everywhere."""
    rows = [f"D01,0180,2024,{CANARY}", "D01,1480,2024,2", "D01,2480,2024,31"]
    (tmp_path / "in.csv").write_text("indicator,region,period,count\n" + "\n".join(rows) + "\n")
    text = Text("t", "t")
    with walk.opened(tmp_path / "store") as vault:
        places = reference.load()
        walk.take_in(vault, [tmp_path / "in.csv"], places, event=EVENT, source="Brå SOL")
        plan = Plan("2026-1", date(2026, 3, 1), text, text)
        made = walk.draft(vault, plan, places, event=EVENT, hide=hide_all)
        walk.approve(vault, made, event=Event("Bo", EVENT.at))
        walk.publish(vault, made, tmp_path / "shelf", event=Event("Bo", EVENT.at))
    return tmp_path


def every_byte(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_a_canary_is_in_no_byte_of_the_release_or_of_what_was_staged(street, capfd):
    forms = [str(CANARY).encode(), *(np.array(CANARY, kind).tobytes() for kind in (">i4", "<i4"))]
    for folder in (street / "shelf", street / "store" / "staging"):
        content = every_byte(folder)
        assert content
        assert not any(form in content for form in forms)
    assert str(CANARY) not in "".join(capfd.readouterr())
    assert str(CANARY).encode() in (street / "in.csv").read_bytes()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may try as another user")
@pytest.mark.parametrize("name", ["vault.sqlite3", "signing.key", "fingerprint.key"])
def test_another_user_cannot_read_the_store(street, name):
    for folder in (street, *street.parents[:3]):  # the workers of a parallel run have one folder more
        folder.chmod(0o755)
    refused = as_nobody("cat", street / "store" / name)
    assert refused.returncode != 0
    assert b"Permission denied" in refused.stderr
    assert as_nobody("cat", street / "shelf/2026-1/manifest.json").returncode == 0


def as_nobody(*command: object) -> subprocess.CompletedProcess[bytes]:
    user = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
    return subprocess.run([*user, *map(str, command)], capture_output=True)
