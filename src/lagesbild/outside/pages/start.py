"""The start page: search, the map of who has a picture, the six questions, published figures, what is new."""

from collections import Counter
from typing import Any

from lagesbild.core.figures import State
from lagesbild.outside.atlas import Atlas, atlas, plain_state, sorted_places
from lagesbild.outside.drawing.points import STATE_STYLES
from lagesbild.outside.pages.published import HIGHLIGHTS, figure_context
from lagesbild.outside.pages.releases import changes
from lagesbild.outside.press import Files, Press
from lagesbild.outside.words import plain


def files(press: Press, _: str) -> Files:
    words = press.words
    yield press.section_page(
        "start.html",
        "start",
        str(words("start.title")),
        plain(words("start.intro")),
        example=press.material.has_examples,
        atlas=who_has(press),
        figures=highlights(press),
        counties=[
            (press.name(place), press.to.place(place))
            for place in sorted_places(press, press.material.counties)
        ],
        revisions=changes(press, press.material.release),
    )


def who_has(press: Press) -> Atlas:
    """Who has a picture: anything known, protected only, or nothing."""
    words, numbers, known = press.words, press.numbers, press.material.known
    count = Counter(known.values())
    styles = {code: "k4" if state is State.VALUE else STATE_STYLES[state] for code, state in known.items()}
    legend = tuple(
        (style, words(f"map.{key}", n=numbers.whole(count[state])))
        for state, style, key in (
            (State.VALUE, "k4", "value"),
            (State.PROTECTED, "kc", "protected"),
            (State.NO_PICTURE, "kx", "none"),
        )
    )
    have = count[State.VALUE]
    total = numbers.whole(len(known))
    finding = words.n("map.who_finding", have, of=total) if have else words("map.who_finding.none")
    return atlas(
        press,
        styles,
        legend,
        finding=finding,
        caption=words("map.who_caption", number=press.material.release.number),
        origin="example" if press.material.has_examples else "reported",
        labels={
            place.code: f"{press.name(place)}: {plain_state(press, known[place.code])}"
            for place in press.material.municipalities
        },
    )


def highlights(press: Press) -> list[dict[str, Any]]:
    published = {(each.series, each.period): each for each in press.material.reference.published_figures}
    return [figure_context(press, published[key]) for key in HIGHLIGHTS if key in published]
