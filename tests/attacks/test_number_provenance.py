"""Number provenance: every numeral of a public page is released, a public fact, or declared (attack 28)."""

from collections.abc import Iterator

import pytest

from attacks.provenance import Ledger, constants, explained, in_texts, numerals
from example_release import make_release
from lagesbild.core.language import Language
from lagesbild.outside import site
from lagesbild.outside.material import Material
from lagesbild.outside.press import Press
from lagesbild.reference import load

ABOUT = [
    *(("place", code) for code in ("2480", "2404", "0180", "24", "B3", "PN", "00")),
    *(("indicator", code) for code in ("D01", "E03", "D05", "R03", "R11")),
    *((kind, "") for kind in site.SINGLE),
]


@pytest.fixture(scope="module")
def material() -> Material:
    return Material((make_release(),), load()).prepare()


def pages(material: Material, language: Language) -> Iterator[tuple[str, str]]:
    press = Press(material, language)
    for kind, about in ABOUT:
        for path, content in site.PAGES[kind](press, about):
            if path.endswith(".html"):
                yield path, content.decode()


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_numeral_of_every_page_is_explained(
    material: Material, language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = Ledger()
    ledger.watch(monkeypatch)
    printed = dict(pages(material, language))
    known = in_texts(ledger.texts) | constants(material)
    unexplained = {path: found for path, html in printed.items() if (found := numerals(html) - known)}
    assert not unexplained
    assert not sorted(ledger.values - explained(material))


def test_a_numeral_that_went_round_the_door_turns_the_check_red(material: Material) -> None:
    _, html = next(pages(material, "sv"))
    leaked = html.replace("</h1>", "</h1><p hidden>77310</p>", 1)
    assert numerals(leaked) - constants(material) >= {"77310"}


@pytest.mark.parametrize("place", ["alt", "aria-label", "title", "data-sort", "content"])
def test_a_numeral_hidden_in_an_attribute_is_seen(place: str) -> None:
    assert numerals(f'<p {place}="dolt: 77310"></p>') == {"77310"}


def test_a_value_that_nothing_released_explains_turns_the_check_red(material: Material) -> None:
    hidden = 41.0 / 134_249 * 100_000
    assert round(hidden, 9) not in explained(material)
