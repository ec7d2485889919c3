"""The whole way by keyboard alone: search, municipality, the map in squares and words, a table, a file.

At each step the focus is where it can be seen, and no page holds it: tabbing comes to the end of every one.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from browsing import TEMPLATES

pytestmark = pytest.mark.journey

FOCUS = """
() => {
  const at = document.activeElement, ring = getComputedStyle(at), shape = at.querySelector?.("path, rect");
  const box = at.getBoundingClientRect();
  const outlined = ring.outlineStyle !== "none" && parseFloat(ring.outlineWidth) >= 2;
  const drawn = shape !== null && at.closest("svg") && parseFloat(getComputedStyle(shape).strokeWidth) >= 2;
  return {
    text: (at.getAttribute("aria-label") ?? at.textContent).trim().slice(0, 80),
    name: at.tagName.toLowerCase(), id: at.id, whole: at.outerHTML.slice(0, 160),
    visible: outlined || Boolean(drawn) || at.tagName === "MAIN",
    onScreen: box.bottom > 0 && box.top < innerHeight && box.width > 0,
  };
}
"""
WIDE, CALM = {"width": 1280, "height": 900}, {"reduced_motion": "reduce"}
"""Without motion, so that what is scrolled to is there at once."""
MOST = 700
"""No page has so many places to stop at: the map of the country has 290 of them."""


def steps(page: Page) -> Iterator[dict]:
    """Where the focus stands after each press of Tab, until it leaves the page."""
    for _ in range(MOST):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUS)
        if at["name"] == "body":
            return
        yield at
    raise AssertionError("the focus never leaves the page")


def tab_to(page: Page, text: str, name: str) -> dict:
    """The first stop of a kind that has a text, all on the way seen by the reader."""
    for at in steps(page):
        assert at["visible"], at["whole"]
        assert at["onScreen"], at["whole"]
        if at["name"] == name and text in at["text"]:
            return at
    raise AssertionError(f"no {name} with {text}")


def test_from_search_to_a_file_with_the_keyboard_alone(browser: Browser, address: str):
    page = browser.new_page(**CALM, viewport=WIDE)
    page.goto(address + "/sv/")
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUS)["text"] == "Till innehållet"
    page.keyboard.press("Enter")
    assert page.evaluate(FOCUS)["id"] == "content"
    tab_to(page, "", "input")
    page.keyboard.type("umea")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sv/kommun/2480-umea/")
    tab_to(page, "CSV", "a")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename == "data.csv"
    page.close()


def test_the_map_has_its_squares_and_its_words_and_its_table_sorts(browser: Browser, address: str):
    page = browser.new_page(**CALM, viewport=WIDE)
    page.goto(address + "/sv/indikator/d01-anmalda-kop-av-sexuell-handling/")
    tab_to(page, "Samma karta med lika stora rutor", "summary")
    page.keyboard.press("Enter")
    expect(page.locator(".tilebox svg")).to_be_visible()
    tab_to(page, "Västerbottens län", "summary")
    page.keyboard.press("Enter")
    expect(page.locator(".textmap").get_by_text("gränsar till").locator("visible=true").first).to_be_visible()
    tab_to(page, "Plats", "button")
    page.keyboard.press("Enter")
    sorted_by = page.locator("th[aria-sort]")
    expect(sorted_by.first).to_have_attribute("aria-sort", "ascending")
    page.keyboard.press("Enter")
    expect(sorted_by.first).to_have_attribute("aria-sort", "descending")
    page.close()


@pytest.mark.parametrize(
    "kind", ["start", "municipality-rich", "trend", "alike", "compare", "county", "places"]
)
def test_no_page_traps_the_focus_or_hides_it(browser: Browser, address: str, kind: str):
    page = browser.new_page(**CALM, viewport={"width": 360, "height": 740})
    page.goto(address + TEMPLATES[kind])
    page.wait_for_load_state("networkidle")
    unseen = [at["whole"] for at in steps(page) if not at["visible"] or not at["onScreen"]]
    page.close()
    assert unseen == []
