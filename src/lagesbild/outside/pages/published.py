"""Real figures that others have published, each with source and confidence; never beside invented ones."""

from collections.abc import Iterable
from typing import Any

from markupsafe import Markup

from lagesbild.outside.press import Files, Press
from lagesbild.outside.table import Head, Line, table
from lagesbild.outside.words import plain
from lagesbild.reference import PublishedFigure


def files(press: Press, _: str) -> Files:
    words = press.words
    figures = press.material.reference.published_figures
    yield press.section_page(
        "listing.html",
        "published",
        str(words("nav.published")),
        plain(words("start.numbers_intro")),
        intro=words("start.numbers_intro"),
        body=published_table(press, figures),
    )


def value_text(press: Press, figure: PublishedFigure) -> Markup:
    """The value with its unit; money and shares keep their decimals."""
    whole = figure.value == int(figure.value)
    number = press.numbers.whole(int(figure.value)) if whole else press.numbers.decimal(figure.value)
    return Markup("{} {}").format(number, figure.unit.in_(press.language))


def figure_context(press: Press, figure: PublishedFigure) -> dict[str, Any]:
    sources = press.material.reference.sources
    return {
        "value": value_text(press, figure),
        "title": figure.title.in_(press.language),
        "qualifier": figure.qualifier.in_(press.language) if figure.qualifier else "",
        "when": figure.when.in_(press.language),
        "source": ", ".join(sources[each].title.in_(press.language) for each in figure.sources),
        "confidence": press.words(f"confidence.{figure.confidence}"),
        "note": figure.note.in_(press.language) if figure.note else "",
    }


def published_table(
    press: Press, figures: Iterable[PublishedFigure], caption: str = "published.caption"
) -> Markup:
    """Cited figures with place, time, value, source and confidence."""
    words = press.words
    heads = [
        Head(words("published.what")),
        Head(words("table.place")),
        Head(words("published.when")),
        Head(words("table.value")),
        Head(words("table.source")),
        Head(words("table.confidence")),
    ]
    return table(
        Markup('{} <span class="example cited">{}</span>').format(words(caption), words("mark.cited")),
        heads,
        [_line(press, figure) for figure in figures],
    )


def _line(press: Press, figure: PublishedFigure) -> Line:
    shown = figure_context(press, figure)
    note = (
        Markup('<br><span class="small soft">{}</span>').format(shown["note"])
        if shown["note"]
        else Markup("")
    )
    what = Markup("{}{}").format(shown["title"], f" ({shown['qualifier']})" if shown["qualifier"] else "")
    geography = press.material.reference.geography
    place = press.name(geography[figure.region]) if figure.region in geography else figure.region
    return Line(
        (
            what,
            place,
            shown["when"],
            shown["value"],
            Markup("{}{}").format(shown["source"], note),
            shown["confidence"],
        )
    )
