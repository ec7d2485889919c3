"""The site in a real browser: one page of every template, and Debian's Chromium to read it with."""

import re
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin

from playwright.sync_api import Browser, sync_playwright

from lagesbild.outside.host import serve

CHROMIUM = shutil.which("chromium", path=f"{Path(sys.executable).parent}:/usr/bin")
SWITCHES = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
TEMPLATES = {
    "start": "/sv/",
    "places": "/sv/kommuner/",
    "municipality-rich": "/sv/kommun/2480-umea/",
    "municipality-none": "/sv/kommun/2460-vannas/",
    "extent": "/sv/kommun/2480-umea/omfattning/",
    "extent-none": "/sv/kommun/2460-vannas/omfattning/",
    "series": "/sv/kommun/2480-umea/indikator/d01-anmalda-kop-av-sexuell-handling/",
    "trend": "/sv/kommun/2480-umea/utveckling/",
    "done": "/sv/kommun/2480-umea/insatser/",
    "alike": "/sv/kommun/2480-umea/liknande/",
    "alike-none": "/sv/kommun/2460-vannas/liknande/",
    "cost": "/sv/kommun/2480-umea/kostnad/",
    "effect": "/sv/kommun/0180-stockholm/effekt/",
    "first-own": "/sv/kommun/2460-vannas/forsta-bilden/",
    "card": "/sv/kommun/2480-umea/kort/",
    "compare": "/sv/jamfor/",
    "county": "/sv/lan/24-vasterbotten/",
    "country": "/sv/riket/",
    "indicators": "/sv/indikatorer/",
    "indicator": "/sv/indikator/d01-anmalda-kop-av-sexuell-handling/",
    "measures": "/sv/insatser/",
    "learn": "/sv/lar-av/",
    "umea": "/sv/lar-av/umea/",
    "first": "/sv/forsta-bilden/",
    "method": "/sv/metod/",
    "protection": "/sv/skydd/",
    "real": "/sv/akta-och-exempel/",
    "published": "/sv/publicerade-siffror/",
    "data": "/sv/data/",
    "glossary": "/sv/ordlista/",
    "accessibility": "/sv/tillganglighet/",
    "releases": "/sv/publiceringar/",
    "release": "/sv/publicering/2026-1/",
    "frozen-release": "/r/2026-1/sv/",
    "frozen-place": "/r/2026-1/sv/kommun/2480-umea/",
}
"""The Swedish address of one page of each kind, and of each state that looks like a page of its own."""


def twin(site: Path, path: str) -> str:
    """The English address of a Swedish page, as the page itself gives it."""
    html = (site / path.lstrip("/") / "index.html").read_text(encoding="utf-8")
    if found := re.search(r'hreflang="en" href="([^"]+)"', html):
        return urljoin(path, found[1])
    return path.replace("/sv/", "/en/").replace("/kommun/", "/municipality/").replace("/kort/", "/card/")


WHOLE = """() => document.querySelectorAll("section, .aside, .band, .foot")
  .forEach((each) => each.style.contentVisibility = "visible")"""
"""Lays out a page to its end, as it is for a reader who goes through it."""


@contextmanager
def served(site: Path) -> Iterator[str]:
    """The address under which a built site stands on loopback, without its last slash."""
    with serve(site, 0) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as driver:
        launched = driver.chromium.launch(executable_path=CHROMIUM, args=list(SWITCHES))
        yield launched
        launched.close()
