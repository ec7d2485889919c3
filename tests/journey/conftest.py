"""A built site, served on loopback, and a browser to read it with."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from browsing import chromium, served
from example_release import make_release
from lagesbild.outside.material import Material
from lagesbild.outside.site import build
from lagesbild.reference import load

ENOUGH = frozenset(
    {"00", "24", "A1", "B3", "PN", "2480", "2460", "0180", "D01", "E03", "R03", "E08", "2026-1"}
)
"""The places and indicators that the journeys visit: one of every kind and state."""


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """The site that --site names, else one of example figures made now."""
    given: Path | None = request.config.getoption("--site")
    if given is not None:
        return given.resolve()
    to = tmp_path_factory.mktemp("site")
    build(Material((make_release(),), load()), to, only=ENOUGH)
    return to


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    with served(site) as where:
        yield where


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One for each module: while it is open its event loop runs, and Django refuses to work beside one."""
    with chromium() as launched:
        yield launched
