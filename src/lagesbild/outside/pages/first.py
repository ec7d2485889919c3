"""The path to a first picture: the law's checklist, the steps, the sources; for all and for one place."""

from typing import Any

from markupsafe import Markup

from lagesbild.core.figures import State
from lagesbild.outside.atlas import sorted_places
from lagesbild.outside.expectation import expected_table
from lagesbild.outside.picture import Picture
from lagesbild.outside.press import Files, Page, Press
from lagesbild.outside.table import Head, Line, table
from lagesbild.outside.words import plain

MISSING_FIRST = (State.NO_PICTURE, State.NOT_APPLICABLE, State.PROTECTED, State.VALUE)


def files(press: Press, _: str) -> Files:
    """The general page."""
    title = str(press.words("nav.first"))
    path = press.material.reference.first_picture
    yield press.section_page(
        "first.html",
        "first",
        title,
        plain(press.words("first.lead")),
        place="",
        path=path,
        law=[(part, "") for part in path.law],
        sources=[(source, "") for source in path.sources],
        beside=None,
        expected=None,
    )


def of_place(press: Press, shown: Picture) -> tuple[str, bytes]:
    """The same for one municipality: what the release holds already, what to begin with, who is near."""
    name, path = press.name(shown.place), press.material.reference.first_picture
    page = Page(
        path=press.to.place(shown.place, "first"),
        twin=press.to.other.place(shown.place, "first"),
        title=f"{press.words('nav.first')} {name}",
        description=plain(press.words("first.lead")),
        section="place",
        heading=str(press.words("nav.first")),
        example=press.material.has_examples,
        trail=((name, press.to.place(shown.place)),),
    )
    states = {
        source.code: press.material.readings.status(source.indicators, shown.place.code)
        for source in path.sources
    }
    sources = sorted(path.sources, key=lambda source: MISSING_FIRST.index(states[source.code]))
    return press.page(
        "first.html",
        page,
        place=name,
        path=path,
        law=[(part, status(press, shown, part.indicators) if part.indicators else "") for part in path.law],
        sources=[(source, told(press, states[source.code])) for source in sources],
        beside=beside(press, shown),
        expected=expected_table(press, shown),
        expected_way=press.to.place(shown.place, "extent"),
    )


def status(press: Press, shown: Picture, indicators: tuple[str, ...]) -> Markup:
    return told(press, press.material.readings.status(indicators, shown.place.code))


def told(press: Press, state: State) -> Markup:
    mark = press.example(press.material.origin) if state is not State.NO_PICTURE else Markup("")
    words = {
        State.VALUE: "state.value",
        State.PROTECTED: "state.protected",
        State.NOT_APPLICABLE: "state.inapplicable",
    }
    return press.words(words.get(state, "state.none")) + mark


def _relation(near: bool, alike: bool) -> str:
    return "both" if near and alike else "neighbour" if near else "alike"


def beside(press: Press, shown: Picture) -> Markup | None:
    """Neighbours and the most alike, and which of them have a picture: whom to ask first."""
    words: Any = press.words
    places = {place.code: place for place in (*shown.neighbours, *(each.place for each in shown.alike))}
    near, alike = (
        {place.code for place in found} for found in (shown.neighbours, [each.place for each in shown.alike])
    )
    if not places:
        return None
    heads = [
        Head(words("table.municipality")),
        Head(words("table.picture")),
        Head(words("table.relation")),
        Head(words("table.population"), number=True),
    ]
    lines = [
        Line(
            (
                Markup('<a href="{}">{}</a>').format(press.to.place(place), press.name(place)),
                words("state.value")
                if press.material.known[place.code] is State.VALUE
                else press.cells.state(press.material.known[place.code]),
                words(f"compare.{_relation(place.code in near, place.code in alike)}"),
                press.numbers.whole(press.material.newest_people(place.code)[1].number),
            )
        )
        for place in sorted_places(press, list(places.values()))
    ]
    return table(
        words("first.beside_caption") + press.example(press.material.origin), heads, lines, stack=True
    )
