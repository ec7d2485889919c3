"""A built site of example figures, served on loopback, and a browser to read it with."""

import shutil
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from example_release import make_release
from lagesbild.outside.host import serve
from lagesbild.outside.material import Material
from lagesbild.outside.site import build
from lagesbild.reference import load

CHROMIUM = shutil.which("chromium", path=f"{Path(sys.executable).parent}:/usr/bin")
SWITCHES = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    to = tmp_path_factory.mktemp("site")
    build(Material((make_release(),), load()), to, only=ENOUGH)
    return to


ENOUGH = frozenset(
    {"00", "24", "A1", "B3", "PN", "2480", "2460", "0180", "D01", "E03", "R03", "E08", "2026-1"}
)
"""The places and indicators that the journeys visit: one of every kind and state."""


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    with serve(site, 0) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One for each module: while it is open its event loop runs, and Django refuses to work beside one."""
    with sync_playwright() as driver:
        launched = driver.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield launched
        launched.close()
