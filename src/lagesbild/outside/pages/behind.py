"""What the pages behind the cards share: the frame with its ways on, and the notes beside figures."""

from typing import Any

from markupsafe import Markup

from lagesbild.core.figures import State
from lagesbild.core.region import Level
from lagesbild.outside.picture import Picture
from lagesbild.outside.press import Page, Press
from lagesbild.outside.words.sentences import effort, place_name

Printed = tuple[str, bytes]


def of(shown: Picture) -> tuple[str, ...]:
    """Which pages a place has behind its cards."""
    found = ["extent", "trend"] if shown.readings else ["extent"]
    if shown.place.level is Level.MUNICIPALITY:
        found += ["done", "alike", "first"]
    if shown.effect is not None and shown.effect.points:
        found.append("effect")
    if shown.cost is not None and shown.cost.state is not State.NO_PICTURE:
        found.append("cost")
    return tuple(found)


def page(press: Press, shown: Picture, part: str, body: str, **context: Any) -> Printed:
    words, name = press.words, press.name(shown.place)
    question = words(f"part.{part}")
    about = Page(
        path=press.to.place(shown.place, part),
        twin=press.to.other.place(shown.place, part),
        title=f"{question} {name}",
        description=f"{question} {place_name(words, shown.place)}",
        section="place",
        heading=str(question),
        example=shown.origin == "example",
        trail=((name, press.to.place(shown.place)),),
    )
    siblings = [
        (words(f"part.{each}"), press.to.place(shown.place, each)) for each in of(shown) if each != part
    ]
    return press.page(f"parts/{body}.html", about, place=name, siblings=siblings, **context)


def effort_note(press: Press, shown: Picture) -> Markup:
    indicator = press.material.indicators["D01"]
    text = (indicator.beside or indicator.caveat).in_(press.language)
    return Markup("{} {}").format(text, effort(press.words, shown.shifts))
