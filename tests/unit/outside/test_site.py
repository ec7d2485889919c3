"""The built site: whole, the same every time, no dead links, light, and nothing that the policy forbids."""

import gzip
import posixpath
import re
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def site(demo) -> Path:
    return demo.site


@pytest.fixture(scope="module")
def pages(site) -> dict[str, str]:
    return {
        "/" + path.relative_to(site).as_posix().removesuffix("index.html"): path.read_text(encoding="utf-8")
        for path in sorted(site.rglob("*.html"))
    }


def test_every_municipality_has_a_page_in_both_languages(pages):
    assert "/sv/kommun/2480-umea/" in pages
    assert "/en/municipality/2480-umea/" in pages
    for folder in ("/sv/kommun/", "/en/municipality/"):
        found = {page for page in pages if re.fullmatch(folder + r"\d{4}-[a-z-]+/", page)}
        assert len(found) == 290


def test_no_link_is_dead(site, pages):
    dead = set()
    for page, html in pages.items():
        for address in re.findall(r'(?:href|src|action)="([^"#?]*)', html):
            if not address:
                continue
            target = site / (address.lstrip("/") if address.startswith("/") else page.lstrip("/") + address)
            if not (target.is_file() or (target / "index.html").is_file()):
                dead.add((page, address))
    assert dead == set()


def test_every_fragment_leads_somewhere(pages):
    lost = set()
    for page, html in pages.items():
        for path, fragment in re.findall(r'href="([^"#?]*)#([^"]+)"', html):
            if f'id="{fragment}"' not in pages.get(path or page, ""):
                lost.add((path or page, fragment))
    assert lost == set()


def test_nothing_comes_from_elsewhere_and_nothing_stands_inline(pages):
    for page, html in pages.items():
        assert not re.search(r'(?:href|src)="(?:https?:)?//', html), page
        assert not re.search(r"<style|<script(?! src=)| style=| on[a-z]+=", html), page


def test_each_page_says_its_language_title_and_twin(pages):
    for page, html in pages.items():
        language = page.removeprefix("/r/2026-1").removeprefix("/r/2026-2").split("/")[1]
        assert f'<html lang="{language}">' in html
        assert re.search(r"<title>[^<]+</title>", html)
        assert html.count("<h1") == 1, page
        twin = re.search(r'hreflang="(?!' + language + r')[a-z]{2}" href="([^"]+)"', html)
        assert "/kort/" in page or "/card/" in page or address(page, twin[1]) in pages


def address(page: str, link: str) -> str:
    """Where a link on a page leads, be it relative or not."""
    return posixpath.normpath(posixpath.join(page, link)) + "/"


def test_a_municipality_page_is_light_and_the_script_small(site, pages):
    heaviest = max(
        len(gzip.compress(html.encode()))
        for page, html in pages.items()
        if re.fullmatch(r"/sv/kommun/[^/]+/", page)
    )
    assert heaviest <= 35_000
    assert (site / "static/script.js").stat().st_size < 25_000
    page = pages["/sv/kommun/2480-umea/"]
    assert len(re.findall(r"<(?:link rel=\"(?:icon|stylesheet)|script src)", page)) + 1 <= 4


def test_example_figures_are_marked_on_the_element_itself(pages):
    """Every table and figure of a page on example figures bears the mark in its own caption or heading."""
    page = pages["/sv/kommun/2480-umea/"]
    for caption in re.findall(r"<caption>(.*?)</caption>", page):
        assert "Exempeldata" in caption or "Publicerad siffra" in caption
    for card in re.findall(r"<li class=\"(?:|hide)\">.*?</li>\n(?=<li|</ul>)", page, flags=re.S):
        if 'class="number"' in card:
            assert "Exempeldata" in card


def test_reports_never_stand_without_the_effort_behind_them(pages):
    for page, html in pages.items():
        if re.search(r"/kommun/[^/]+/$", page) and "köp av sexuell handling per" in html:
            assert "hur mycket den letat" in html
            assert re.search(r"insatspass", html), page


def test_the_same_material_gives_the_same_bytes_whatever_the_hash_seed(tmp_path):
    code = (
        "import sys; from pathlib import Path; from example_release import make_release;"
        "from lagesbild.outside.material import Material; from lagesbild.outside.site import build;"
        "from lagesbild.reference import load;"
        "build(Material((make_release(),), load()), Path(sys.argv[1]), only={'2480', '24', 'D01', '2026-1'})"
    )
    tests = Path(__file__).parents[2]
    for seed in ("1", "2"):
        subprocess.run(
            [sys.executable, "-c", code, str(tmp_path / seed)],
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(tests), "PATH": "/usr/bin:/bin", "LC_ALL": "C"},
        )
    one, two = (
        {path.relative_to(tmp_path / seed): path.read_bytes() for path in (tmp_path / seed).rglob("*.*")}
        for seed in ("1", "2")
    )
    assert one == two
    assert len(one) > 40
