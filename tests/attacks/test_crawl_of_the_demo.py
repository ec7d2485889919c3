"""Attack 30: a crawler in a real browser uses every control and finds nothing but the site's own files."""

from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser

from attacks.crawler import Crawl
from browsing import TEMPLATES, chromium, served, twin


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as launched:
        yield launched


def test_no_page_asks_elsewhere_keeps_anything_or_tells_where_it_was(browser: Browser, demo) -> None:
    with served(demo.site) as address:
        crawl = Crawl(address, demo.site)
        for place, path in enumerate(TEMPLATES.values()):
            crawl.visit(browser, path if place % 2 else twin(demo.site, path))
    assert crawl.found == []
    assert any(path.endswith("/likeness.json") for path in crawl.fetched)
    assert sum(path.endswith(".json") for path in crawl.fetched) > 10


LEAKS = {
    "third party": '<img src="http://127.0.0.1:9/pixel.svg">',
    "kept visited": "<script>localStorage.setItem('visited', location.pathname)</script>",
    "cookie seen": "<script>document.cookie = 'seen=1'</script>",
    "address holds who": "<script>history.replaceState(null, '', '?who=3')</script>",
    "no file": "<script>fetch('hidden.json')</script>",
    "POST": "<script>fetch('', { method: 'POST', body: '3' })</script>",
    "referrer": '<img src="mark.svg">',
}


class Careless(SimpleHTTPRequestHandler):
    """A server that forbids nothing."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the overridden method
        """Nothing is written down."""


@pytest.mark.parametrize("leak", LEAKS)
def test_a_page_that_tells_more_turns_the_check_red(browser: Browser, tmp_path: Path, leak: str) -> None:
    (tmp_path / "index.html").write_text(f"<!doctype html><title>x</title>{LEAKS[leak]}")
    (tmp_path / "mark.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Careless, directory=tmp_path)) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        crawl = Crawl(f"http://127.0.0.1:{server.server_address[1]}", tmp_path)
        crawl.visit(browser, "/")
        server.shutdown()
        thread.join()
    assert any(leak in each for each in crawl.found)
