"""Real figures that others have published, each with source and confidence; never beside invented ones."""

from collections.abc import Iterable
from typing import Any

from markupsafe import Markup

from lagesbild.outside.press import Files, Press
from lagesbild.outside.table import Head, Line, table
from lagesbild.outside.words import plain
from lagesbild.reference import PublishedFigure

HIGHLIGHTS = (
    ("handled_kop_sexuell_tjanst", "2023"),
    ("prev_men_ever", "2014"),
    ("nmt_victims", "2024"),
    ("lagforda_kst", "2020"),
)
"""The best known of the real published figures: series and period."""


def files(press: Press, _: str) -> Files:
    words = press.words
    figures = press.material.reference.published_figures
    groups: dict[str, list[PublishedFigure]] = {}
    for each in figures:
        groups.setdefault(_subject(press, each), []).append(each)
    yield press.section_page(
        "listing.html",
        "published",
        str(words("nav.published")),
        plain(words("start.numbers_intro")),
        intro=words("start.numbers_intro"),
        groups=[
            (name, words.n("published.figures", len(found)), published_table(press, found, name))
            for name, found in groups.items()
        ],
    )


def _subject(press: Press, figure: PublishedFigure) -> str:
    """The indicator that a figure is about, or what stands outside the catalogue."""
    known = press.material.indicators.get(figure.indicator or "")
    return known.name.in_(press.language) if known else str(press.words("published.elsewhere"))


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


def published_table(press: Press, figures: Iterable[PublishedFigure], caption: str = "") -> Markup:
    """Cited figures with place, time, value, source and confidence."""
    words = press.words
    heads = [
        Head(words("published.what")),
        Head(words("table.value")),
        Head(words("published.when")),
        Head(words("table.place")),
        Head(words("table.source")),
        Head(words("table.confidence")),
    ]
    named = Markup('{} <span class="example cited">{}</span>').format(
        caption or words("published.caption"), words("mark.cited")
    )
    return Markup('<div class="published">{}</div>').format(
        table(named, heads, [_line(press, figure) for figure in figures], stack=True)
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
            shown["value"],
            shown["when"],
            place,
            Markup("{}{}").format(shown["source"], note),
            shown["confidence"],
        )
    )
