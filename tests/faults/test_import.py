"""Faults 9 and 10: what was acknowledged is there after a kill, of the importer or of the database server."""

import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

import cluster
from lagesbild.core.figures import Key
from lagesbild.inside.counts import Counts
from lagesbild.inside.vault import Event, Vault

IMPORTER = Path(__file__).with_name("importer.py")


def importer(*arguments: str) -> subprocess.Popen[str]:
    """A running importer that has opened its store."""
    child = subprocess.Popen(
        [sys.executable, IMPORTER, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert child.stdout.readline() == "open\n"
    return child


def acknowledged(child: subprocess.Popen[str], before: int = 0) -> int:
    """The last import that a dead importer said was kept; `before`: what was there when it began."""
    lines = child.communicate()[0].splitlines()
    return int(lines[-1]) if lines else before


def check(vault: Vault, at_least: int) -> None:
    """Every acknowledged import is there, whole and in order, and at most one more."""
    vintages = vault.vintages()
    assert [vintage.sequence for vintage in vintages] == list(range(1, len(vintages) + 1))
    assert at_least <= len(vintages) <= at_least + 1
    if vintages:
        assert vault.table(vintages)[Key("2480", "2024")] == len(vintages) - 1


def test_a_killed_importer_loses_nothing_that_it_said_was_kept(tmp_path):
    store = tmp_path / "store"
    there = 0
    for i in range(6):
        child = importer(str(store))
        time.sleep(0.037 * i)
        child.kill()
        kept = acknowledged(child, there)
        vault = Vault.open(store)
        check(vault, kept)
        there = len(vault.vintages())
        vault.close()


@pytest.mark.postgres
def test_a_crashed_database_server_loses_nothing_that_was_said_to_be_kept(tmp_path):
    store = tmp_path / "store"
    with cluster.running() as server:
        address = server.database()
        child = importer(str(store), address)
        while child.stdout.readline() != "5\n":
            pass
        server.crash()
        kept = acknowledged(child, before=5)
        server.start()
        vault = Vault.open(store, address)
        check(vault, kept)
        vault.close()


def test_a_full_disk_keeps_nothing_of_the_import_and_everything_before(tmp_path):
    """A limit on file size stands for the full disk."""
    vault = Vault.open(tmp_path / "store")
    event = Event("Anna", datetime(2026, 3, 1, tzinfo=UTC))
    vault.keep([Counts.of("D01", {Key("2480", "2024"): 0})], "", event=event)
    vault.close()
    child = subprocess.run(
        [sys.executable, IMPORTER.with_name("full_disk.py"), tmp_path / "store"],
        capture_output=True,
        text=True,
    )
    assert child.returncode != 0
    assert "OperationalError" in child.stderr
    check(vault, 1)
    vault.close()


def test_an_importer_killed_while_it_makes_the_store_leaves_one_that_opens(tmp_path):
    for i in range(4):
        store = tmp_path / f"store-{i}"
        child = subprocess.Popen([sys.executable, IMPORTER, str(store)], stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 30
        while not store.exists() and time.monotonic() < deadline:
            time.sleep(0.005)
        time.sleep(0.03 * i)
        child.kill()
        child.wait()
        vault = Vault.open(store)
        check(vault, len(vault.vintages()))
        vault.close()
