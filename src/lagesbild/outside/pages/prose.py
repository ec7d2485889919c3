"""Pages of running text, one template a language, and the glossary."""

from typing import Any

from lagesbild.core.figures import State
from lagesbild.outside.numbers import alphabetical
from lagesbild.outside.press import Files, Press
from lagesbild.outside.words import plain

SECTIONS = ("method", "protection", "real", "accessibility")


def files(press: Press, _: str) -> Files:
    for section in SECTIONS:
        title = str(press.words(f"nav.{section}"))
        yield press.section_page(
            f"prose/{press.language}/{section}.html", section, title, title, **context(press)
        )
    yield glossary(press)


def context(press: Press) -> dict[str, Any]:
    material = press.material
    thresholds = sorted(
        {each.protection.threshold for each in material.indicators.values() if each.protection.applies}
    )
    return {
        "states": [
            (press.cells.state(state) if state else press.numbers.whole(number), key)
            for state, number, key in _states()
        ],
        "audit": material.release.audit,
        "thresholds": [press.numbers.whole(each) for each in thresholds],
        "measures": material.reference.measures,
    }


def _states() -> tuple[tuple[State, int, str], ...]:
    return (
        (State.VALUE, 36, "value"),
        (State.VALUE, 0, "zero"),
        (State.PROTECTED, 0, "protected"),
        (State.NO_PICTURE, 0, "none"),
        (State.NOT_APPLICABLE, 0, "inapplicable"),
    )


def glossary(press: Press) -> tuple[str, bytes]:
    """Words to use, and words that this site avoids and why."""
    language = press.language
    terms = sorted(
        press.material.reference.terms,
        key=lambda term: alphabetical(term.sv if language == "sv" else term.en),
    )
    return press.section_page(
        "glossary.html",
        "glossary",
        str(press.words("nav.glossary")),
        plain(press.words("glossary.intro")),
        groups=[
            (press.words(f"glossary.{key}"), [term for term in terms if term.use in uses])
            for key, uses in (
                ("preferred", ("preferred",)),
                ("historical", ("historical",)),
                ("care", ("with care", "survey term")),
                ("avoid", ("avoid",)),
            )
        ],
    )
