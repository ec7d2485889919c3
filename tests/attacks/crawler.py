"""Reads pages as people do, touching everything that can be touched, and notes all that the browser does."""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Browser, Page, Request, Response

STATE = {"q", "k", "i", "map", "population", "density", "growth", "group", "distance"}
"""What the address may hold; and the order (`sort-`) and the chosen rows (`rows-`) of a table."""

TOUCH = """
async () => {
  const wait = () => new Promise((done) => setTimeout(done, 20));
  const all = (what) => document.querySelectorAll(what);
  const said = (each, kind) => each.dispatchEvent(new Event(kind, { bubbles: true }));
  for (const each of all("summary")) each.click();
  for (const each of all("th button, .zoom button, #add-alike")) { each.click(); each.click(); }
  for (const each of all("input[type=range]")) { each.value = each.max; said(each, "input"); }
  for (const each of all(".filter input")) { each.value = "an"; said(each, "input"); }
  for (const each of all("select")) {
    for (const option of each.options) { each.value = option.value; said(each, "change"); await wait(); }
  }
  for (const each of all("[data-say], [data-k]")) said(each, "pointermove");
  for (const each of all("form[role=search] input")) each.focus();
  await wait();
}
"""
KEPT = """
async () => [
  document.cookie, ...Object.keys(localStorage), ...Object.keys(sessionStorage),
  ...(await indexedDB.databases()).map((each) => each.name), ...(await caches.keys()),
  ...(await navigator.serviceWorker.getRegistrations()).map((each) => each.scope),
].filter(Boolean)
"""


@dataclass
class Crawl:
    """What was seen of a site that should tell nothing but its own files (attack 30)."""

    address: str
    site: Path
    found: list[str] = field(default_factory=list)
    fetched: set[str] = field(default_factory=set)

    def visit(self, browser: Browser, path: str) -> None:
        """One page in a browser of its own, with all its controls used."""
        context = browser.new_context()
        page = context.new_page()
        page.on("request", self._asked)
        page.on("response", self._answered)
        page.goto(self.address + path)
        page.wait_for_load_state("networkidle")
        page.evaluate(TOUCH)
        page.wait_for_load_state("networkidle")
        self._kept(page)
        self.found += [f"{path}: cookie {each['name']}" for each in context.cookies()]
        strange = {key for key in parse_qs(urlsplit(page.url).query) if not _is_state(key)}
        self.found += [f"{path}: address holds {key}" for key in sorted(strange)]
        context.close()

    def _asked(self, request: Request) -> None:
        if not request.url.startswith(self.address + "/"):
            self.found.append(f"third party {request.url}")
        if request.headers.get("referer"):
            self.found.append(f"referrer to {request.url}")
        if request.method != "GET":
            self.found.append(f"{request.method} {request.url}")
        self.fetched.add(urlsplit(request.url).path)

    def _answered(self, response: Response) -> None:
        """What came is a file of the site byte for byte, all of which is looked through elsewhere."""
        path = urlsplit(response.url).path
        file = self.site / (path.lstrip("/") + ("index.html" if path.endswith("/") else ""))
        if not file.is_file():
            self.found.append(f"no file {path}")
        if "set-cookie" in response.headers:
            self.found.append(f"cookie with {path}")

    def _kept(self, page: Page) -> None:
        self.found += [f"kept {each}" for each in page.evaluate(KEPT)]


def _is_state(key: str) -> bool:
    return key in STATE or key.startswith(("sort-", "rows-"))
