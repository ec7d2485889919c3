"""Every template under axe-core, best practices included: both languages, script on and off, narrow."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

pytestmark = pytest.mark.journey

SWEDISH = (
    "/sv/",
    "/sv/kommuner/",
    "/sv/kommun/2480-umea/",
    "/sv/kommun/2460-vannas/",
    "/sv/kommun/2480-umea/omfattning/",
    "/sv/kommun/2480-umea/utveckling/",
    "/sv/kommun/2480-umea/insatser/",
    "/sv/kommun/2480-umea/liknande/",
    "/sv/kommun/2480-umea/kostnad/",
    "/sv/kommun/2460-vannas/forsta-bilden/",
    "/sv/kommun/0180-stockholm/effekt/",
    "/sv/kommun/2480-umea/kort/",
    "/sv/kommun/2480-umea/indikator/d01-anmalda-kop-av-sexuell-handling/",
    "/sv/jamfor/",
    "/sv/lan/24-vasterbotten/",
    "/sv/riket/",
    "/sv/indikatorer/",
    "/sv/indikator/d01-anmalda-kop-av-sexuell-handling/",
    "/sv/insatser/",
    "/sv/lar-av/",
    "/sv/lar-av/umea/",
    "/sv/forsta-bilden/",
    "/sv/metod/",
    "/sv/skydd/",
    "/sv/akta-och-exempel/",
    "/sv/publicerade-siffror/",
    "/sv/data/",
    "/sv/ordlista/",
    "/sv/tillganglighet/",
    "/sv/publiceringar/",
    "/sv/publicering/2026-1/",
)


def twin(site, path: str) -> str:
    """The English address, as the Swedish page itself gives it."""
    html = (site / path.lstrip("/") / "index.html").read_text(encoding="utf-8")
    if path.endswith("/kort/"):
        return path.replace("/sv/kommun/", "/en/municipality/").replace("/kort/", "/card/")
    return html.split('hreflang="en" href="', 1)[1].split('"', 1)[0]


@pytest.fixture(scope="module")
def pages(site):
    return [address for path in SWEDISH for address in (path, twin(site, path))]


@pytest.mark.parametrize(
    ("language", "script", "width"),
    [("sv", True, 1280), ("en", False, 320)],
    ids=["Swedish, wide, with script", "English, 320 px, without script"],
)
def test_no_violation_on_any_template(browser: Browser, address: str, pages, language, script, width):
    context = browser.new_context(viewport={"width": width, "height": 900}, bypass_csp=True)
    page = context.new_page()
    if not script:
        page.route("**/*.js", lambda route: route.abort())
    # Colours are the same in both runs, and contrast is by far the slowest rule.
    options = {"resultTypes": ["violations"], "rules": {"color-contrast": {"enabled": script}}}
    found = {}
    for path in (path for path in pages if path.startswith(f"/{language}/")):
        page.goto(address + path)
        if violations := Axe().run(page, options=options).response["violations"]:
            found[path] = [(each["id"], each["nodes"][0]["html"][:200]) for each in violations]
    context.close()
    assert found == {}


def test_nothing_is_wider_than_the_screen_at_320_pixels(browser: Browser, address: str, pages):
    """320 CSS pixels is what a screen of 1280 shows at 400 per cent."""
    page = browser.new_page(viewport={"width": 320, "height": 740}, java_script_enabled=False)
    wide = {}
    for path in pages:
        page.goto(address + path)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 320:
            wide[path] = width
    page.close()
    assert wide == {}
