"""Lists that lead to the other pages: places A–Ö, indicators by domain, open data."""

from itertools import groupby

from markupsafe import Markup

from lagesbild.core.figures import State
from lagesbild.core.indicator import Indicator
from lagesbild.core.region import Level, Region
from lagesbild.outside.atlas import sorted_places
from lagesbild.outside.pages.indicator import shown_of
from lagesbild.outside.press import Files, Press
from lagesbild.outside.words import plain

MARKED = {State.VALUE: ("k4", "state.value"), State.PROTECTED: ("kc", "state.protected")}
"""How the list of places marks what is known; a place without a picture has no mark."""
DOMAINS = ("demand", "exposure", "response", "outcome", "context")


def places(press: Press, _: str) -> Files:
    """All municipalities from A to Ö, the counties and the groups; the search form leads here."""
    words, geography = press.words, press.material.reference.geography
    everywhere = sorted_places(press, press.material.municipalities)
    letters = [
        (letter, [_entry(press, place) for place in group])
        for letter, group in groupby(everywhere, key=lambda place: press.name(place)[0])
    ]
    larger = [
        (
            words(f"places.{key}"),
            [(press.name(each), press.to.place(each)) for each in sorted_places(press, geography.at(level))],
        )
        for key, level in (
            ("counties", Level.COUNTY),
            ("groups", Level.SKR_GROUP),
            ("police", Level.POLICE_REGION),
        )
    ]
    yield press.section_page(
        "places.html",
        "places",
        str(words("search.list")),
        plain(words("places.intro")),
        letters=letters,
        larger=larger,
        states=[(mark, press.words(word)) for mark, word in MARKED.values()],
        example=press.material.has_examples,
    )


def _entry(press: Press, place: Region) -> tuple[str, str, str, Markup | str]:
    """Name, address, and the mark and the word for what is known, if anything is."""
    mark, word = MARKED.get(press.material.known[place.code], ("", ""))
    return press.name(place), press.to.place(place), mark, press.words(word) if word else ""


def indicators(press: Press, _: str) -> Files:
    """The catalogue by domain, each with how many municipalities have a figure."""
    words = press.words
    found = {
        domain: [
            _indicator(press, each) for each in press.material.indicators.values() if each.domain == domain
        ]
        for domain in DOMAINS
    }
    yield press.section_page(
        "indicators.html",
        "indicators",
        str(words("nav.indicators")),
        plain(words("indicator.list_intro")),
        domains=[(words(f"domain.{domain}"), each) for domain, each in found.items() if each],
        example=press.material.has_examples,
    )


def _indicator(press: Press, indicator: Indicator) -> tuple[str, str, str, Markup]:
    shown = shown_of(press, indicator)
    told = (
        press.words.n(
            "indicator.has", shown.states[State.VALUE], period=press.numbers.short_period(shown.period)
        )
        if shown
        else press.words(f"status.{indicator.status}")
    )
    return indicator.name.in_(press.language), press.to.indicator(indicator), indicator.code, told
