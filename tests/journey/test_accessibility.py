"""Every template under axe-core, best practices included.

A view is a language, with or without script, at a width. There are twelve, and the suite sees each template
in one view of each language, in turn; `make accessibility` sees all of them in all views.
"""

from itertools import product

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from browsing import TEMPLATES, WHOLE, twin

pytestmark = pytest.mark.journey

SCREENS = {
    "320 px": {"viewport": {"width": 320, "height": 740}},
    "400 %": {"viewport": {"width": 320, "height": 225}, "device_scale_factor": 4},
    "1280 px": {"viewport": {"width": 1280, "height": 900}},
}
"""400 per cent is what a screen of 1280 by 900 shows when everything on it is four times as large."""

VIEWS = list(product(SCREENS, ("with script", "without script")))
UNFOLDED = """() => document.querySelectorAll("details").forEach((each) => each.open = true)"""
RULES = {"resultTypes": ["violations"]}


@pytest.fixture(scope="module")
def pages(site) -> dict[str, list[str]]:
    """The addresses of all templates, by language."""
    swedish = list(TEMPLATES.values())
    return {"sv": swedish, "en": [twin(site, path) for path in swedish]}


def test_there_is_a_view_of_every_kind():
    assert len(VIEWS) * 2 == 12


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize(("screen", "script"), VIEWS)
def test_no_violation_on_any_template(
    browser: Browser, address: str, pages, language, screen, script, pytestconfig
):
    every = pytestconfig.getoption("--every-view")
    turn = VIEWS.index((screen, script))
    context = browser.new_context(**SCREENS[screen], bypass_csp=True)
    page = context.new_page()
    found = {}
    for path in pages[language] if every else pages[language][turn :: len(VIEWS)]:
        switch(page, script == "with script")
        page.goto(address + path)
        page.wait_for_load_state("networkidle")
        switch(page, True)
        page.evaluate(WHOLE)
        page.evaluate(UNFOLDED)
        if violations := Axe().run(page, options=RULES).response["violations"]:
            found[path] = [(each["id"], each["nodes"][0]["html"][:200]) for each in violations]
    context.close()
    assert found == {}


def switch(page: Page, script: bool) -> None:
    """Whether scripts run. axe is one itself: what was loaded without them is judged with them on again."""
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setScriptExecutionDisabled", {"value": not script})
    session.detach()


@pytest.mark.parametrize("screen", ["320 px", "400 %"])
def test_nothing_is_wider_than_a_narrow_screen(browser: Browser, address: str, pages, screen):
    page = browser.new_page(**SCREENS[screen], java_script_enabled=False)
    wide = {}
    for path in pages["sv"] + pages["en"]:
        page.goto(address + path)
        page.evaluate(WHOLE)
        page.evaluate(UNFOLDED)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 320:
            wide[path] = width
    page.close()
    assert wide == {}
