"""Every test of the store runs on both engines."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

import cluster
from lagesbild.inside.vault import Event, Vault


@pytest.fixture(scope="session")
def postgresql() -> Iterator[cluster.Cluster]:
    with cluster.running() as running:
        yield running


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'store.sqlite3'}"
    return request.getfixturevalue("postgresql").database()


@pytest.fixture
def vault(address: str, tmp_path: Path) -> Iterator[Vault]:
    opened = Vault.open(tmp_path / "store", address)
    yield opened
    opened.close()


@pytest.fixture
def anna() -> Event:
    return Event("Anna", datetime(2026, 3, 1, 12, 0, tzinfo=UTC))


@pytest.fixture
def bo() -> Event:
    return Event("Bo", datetime(2026, 3, 2, 12, 0, tzinfo=UTC))
