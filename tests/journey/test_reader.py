"""A reader's way: search with a slip of the finger, keyboard alone, without script, sorting, the address."""

import re

import pytest
from playwright.sync_api import Browser, expect

from browsing import WHOLE

pytestmark = pytest.mark.journey


@pytest.mark.parametrize(
    ("start", "typed", "arrives"),
    [
        ("/sv/", "umeå", "/sv/kommun/2480-umea/"),
        ("/sv/", "Umea kommun", "/sv/kommun/2480-umea/"),
        ("/sv/", "2480", "/sv/kommun/2480-umea/"),
        ("/sv/metod/", "ume", "/sv/kommun/2480-umea/"),
        ("/en/", "stokholm", "/en/municipality/0180-stockholm/"),
        ("/sv/", "vänäs", "/sv/kommun/2460-vannas/"),
    ],
)
def test_search_forgives_spelling(browser: Browser, address: str, start, typed, arrives):
    page = browser.new_page()
    page.goto(address + start)
    page.get_by_role("searchbox").first.fill(typed)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"(kommun|municipality|kommuner|municipalities)/"))
    if page.url.endswith(arrives):
        found = True
    else:
        found = page.locator("#found a").first.get_attribute("href") == arrives
    page.close()
    assert found


def test_search_without_script_leads_to_the_whole_list(browser: Browser, address: str):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + "/sv/kommun/2480-umea/")
    page.get_by_role("searchbox").fill("Vännäs")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Alla kommuner A–Ö")
    page.get_by_role("link", name="Vännäs").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vännäs")
    context.close()


def test_keyboard_alone_reaches_the_content_and_opens_the_table(browser: Browser, address: str):
    page = browser.new_page()
    page.goto(address + "/sv/kommun/2480-umea/utveckling/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Till innehållet"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.tagName") == "SUMMARY":
            break
    page.keyboard.press("Enter")
    expect(page.locator("details table").first).to_be_visible()
    page.close()


def test_everything_is_said_without_script(browser: Browser, address: str):
    texts = []
    for script in (True, False):
        context = browser.new_context(java_script_enabled=script)
        page = context.new_page()
        page.goto(address + "/sv/kommun/2480-umea/")
        page.evaluate(WHOLE)
        texts.append(page.locator("main").inner_text())
        context.close()
    assert texts[0] == texts[1]


def test_a_table_sorts_by_number_and_keeps_what_has_no_figure_last(browser: Browser, address: str):
    page = browser.new_page()
    page.goto(address + "/sv/lan/24-vasterbotten/")
    page.evaluate(WHOLE)
    page.get_by_role("button", name=re.compile("Anmälda köp")).click()
    cells = page.locator("table[data-sort] tbody tr td:nth-of-type(2)").all_inner_texts()
    page.close()
    numbers = [float(cell.replace(",", ".")) for cell in cells if cell[:1].isdigit()]
    assert numbers == sorted(numbers)
    assert all(not cell[:1].isdigit() for cell in cells[len(numbers) :])


def test_the_weights_live_in_the_address(browser: Browser, address: str):
    page = browser.new_page()
    page.goto(address + "/sv/kommun/2480-umea/liknande/?population=0&group=0")
    listed = page.locator("#weighed li")
    expect(listed).to_have_count(7)
    first = listed.all_inner_texts()
    page.get_by_label("Folkmängd").fill("5")
    assert "population=5" in page.url
    assert listed.all_inner_texts() != first
    page.close()


def test_no_request_leaves_the_site_and_the_policy_is_never_broken(browser: Browser, address: str):
    page = browser.new_page()
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto(address + "/sv/kommun/2480-umea/")
    page.close()
    assert len(asked) <= 4
    assert all(url.startswith(address) for url in asked)
    assert said == []


def test_sorting_and_filtering_live_in_the_address(browser: Browser, address: str):
    page = browser.new_page()
    page.goto(address + "/sv/lan/24-vasterbotten/?sort-members=0-")
    page.evaluate(WHOLE)
    names = page.locator("table[data-sort] tbody th").all_inner_texts()
    page.get_by_role("button", name="Kommun").click()
    assert "sort-members=0" in page.url
    ascending = page.locator("table[data-sort] tbody th").all_inner_texts()
    page.close()
    assert names[0] == "Åsele"
    assert ascending[-1] == "Åsele"


def test_pointing_at_a_chart_says_what_its_table_says(browser: Browser, address: str):
    page = browser.new_page()
    page.goto(address + "/sv/kommun/2480-umea/utveckling/")
    page.locator("svg.chart [data-say]").first.hover()
    tip = page.locator(".tip")
    expect(tip).to_be_visible()
    period, value = tip.inner_text().split(" (")[0].split(": ")
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    row = page.locator("details table tbody tr", has=page.locator("th", has_text=period)).first
    assert value in row.locator("td").all_text_contents()
    page.close()


def test_a_map_shows_one_county_and_the_address_remembers_it(browser: Browser, address: str):
    page = browser.new_page()
    page.goto(address + "/sv/")
    whole = page.locator(".sweden svg").get_attribute("viewBox")
    page.get_by_label("Visa ett län på kartan").select_option("24")
    near = page.locator(".sweden svg").get_attribute("viewBox")
    assert "map=" in page.url
    page.reload()
    again = page.locator(".sweden svg").get_attribute("viewBox")
    page.close()
    assert near != whole
    assert [round(float(each)) for each in again.split()] == [round(float(each)) for each in near.split()]


def test_the_free_comparison_shows_the_places_of_the_address(browser: Browser, address: str):
    page = browser.new_page()
    page.goto(address + "/sv/jamfor/?k=2480,0180&i=d01")
    rows = page.locator("#comparison tbody tr")
    expect(rows).to_have_count(2)
    page.get_by_label("Lägg till kommun eller län").fill("göteborg")
    page.get_by_role("button", name="Lägg till", exact=True).click()
    expect(rows).to_have_count(3)
    assert "1480" in page.url
    page.get_by_role("button", name="Ta bort Umeå").click()
    expect(rows).to_have_count(2)
    page.get_by_role("button", name="Lägg till de sju").click()
    expect(rows).to_have_count(8)  # Göteborg is one of the seven
    page.close()


def test_the_comparison_without_script_leads_to_ready_ones(browser: Browser, address: str):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + "/sv/jamfor/")
    expect(page.locator("#compare")).to_be_hidden()
    expect(page.get_by_role("heading", name="Färdiga jämförelser")).to_be_visible()
    context.close()


def test_the_comparison_weighs_likeness_and_the_address_remembers_all_of_it(browser: Browser, address: str):
    page = browser.new_page()
    page.goto(address + "/sv/jamfor/?k=2480&i=d01&population=0")
    page.locator("details.likeness summary").click()
    listed = page.locator("#weighed li")
    expect(listed).to_have_count(7)
    first = listed.all_inner_texts()
    page.get_by_label("Folkmängd").fill("5")
    assert listed.all_inner_texts() != first
    page.get_by_role("button", name="Lägg till de sju").click()
    expect(page.locator("#chosen li")).to_have_count(8)
    assert {"population=5", "i=d01"} <= set(page.url.split("?")[1].split("&"))
    chosen = page.locator("#chosen li").all_inner_texts()
    page.reload()
    expect(page.locator("#chosen li")).to_have_count(8)
    assert page.locator("#chosen li").all_inner_texts() == chosen
    page.close()
