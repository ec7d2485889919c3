"""The page of one municipality, county or the country: the answer in words, how sure, the questions, the tables."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from lagesbild.core.figures import State
from lagesbild.core.region import Level, Region
from lagesbild.outside import charts, maps
from lagesbild.outside.cards import Card, cards
from lagesbild.outside.drawings import points_of, styles_of
from lagesbild.outside.picture import EFFORT, Compared, Picture, picture
from lagesbild.outside.press import Files, Page, Press
from lagesbild.outside.readings import Reading
from lagesbild.outside.table import Head, Line, table
from lagesbild.outside.words.sentences import SURVEY, Lead, effort, lead, place_name

MARKS = {State.VALUE: "k4", State.PROTECTED: "kc", State.NO_PICTURE: "kx", State.NOT_APPLICABLE: "kz"}
WORDS = {
    State.VALUE: "meter.exists",
    State.PROTECTED: "meter.protected",
    State.NO_PICTURE: "meter.missing",
    State.NOT_APPLICABLE: "state.inapplicable",
}


def files(press: Press, code: str) -> Files:
    """Every page of one place."""
    shown = picture(press.material, code)
    yield first_screen(press, shown)


def first_screen(press: Press, shown: Picture) -> tuple[str, bytes]:
    sentences = opening_of(press, shown)
    page = Page(
        path=press.to.place(shown.place),
        twin=press.to.other.place(shown.place),
        title=press.name(shown.place),
        description=sentences.whole.striptags(),
        section="places",
        example=shown.origin == "example",
        trail=trail(press, shown.place),
        heading=press.name(shown.place),
    )
    return press.page(
        "place.html",
        page,
        lead=sentences,
        meta=meta(press, shown),
        meter=meter(press, shown),
        near=near(press, shown),
        cards=cards(press, shown),
        compared=compared(press, shown),
        everything=everything(press, shown),
        members=members(press, shown),
    )


def opening_of(press: Press, shown: Picture) -> Lead:
    indicator = press.material.indicators[shown.headline.indicator] if shown.headline else None
    published = {figure.series: figure.value for figure in press.material.reference.published_figures}
    return lead(press.words, shown, indicator, (published[SURVEY[0]], published[SURVEY[1]]))


def trail(press: Press, place: Region) -> tuple[tuple[str, str], ...]:
    county = press.material.reference.geography.larger(place.code, Level.COUNTY)
    if county is None:
        return ((str(press.words("nav.places")), press.to("places")),)
    return ((press.name(county), press.to.place(county)),)


def meta(press: Press, shown: Picture) -> Markup:
    """County, inhabitants, group: one line under the name."""
    words, numbers = press.words, press.numbers
    parts = [press.name(shown.county)] if shown.county else []
    mark = f" ({words(f'mark.{shown.people.status}')})" if shown.people.status != "observed" else ""
    inhabitants = words("unit.inhabitants", n=numbers.whole(shown.people.number), year=numbers.year(shown.people_year))
    parts += [inhabitants + mark]
    parts += [press.name(shown.group)] if shown.group else []
    return Markup(" · ").join(parts)


@dataclass(frozen=True)
class Meter:
    """What is known from each of the five sources, and the finding in words."""

    finding: Markup
    sources: tuple[dict[str, Any], ...]


def meter(press: Press, shown: Picture) -> Meter:
    words = press.words
    have = sum(state is State.VALUE for state in shown.sources.values())
    finding = words("meter.finding.none") if have == 0 else words.n("meter.finding", have)
    return Meter(
        finding,
        tuple(
            {"style": MARKS[state], "name": words(f"meter.{source}"), "word": words(WORDS[state])}
            for source, state in shown.sources.items()
        ),
    )


@dataclass(frozen=True)
class Near:
    """The county with one's own place outlined, and the legend with its counts."""

    svg: Markup
    legend: tuple[tuple[str, Markup], ...]
    caption: Markup


def near(press: Press, shown: Picture) -> Near:
    """Who has a picture around here: the county's municipalities, or all of them for the country."""
    material, words = press.material, press.words
    area = shown.county or shown.place
    codes = [place.code for place in material.reference.geography.members(area.code)]
    states = {code: material.known[code] for code in codes}
    legend = tuple(who_legend(press, states))
    summary = Markup(", ").join(text for _, text in legend)
    svg = maps.draw(
        material.sheets[area.code],
        {code: "k4" if state is State.VALUE else MARKS[state] for code, state in states.items()},
        name="m",
        title=f"{words('map.who_title')} {press.name(area)}",
        description=str(summary),
        here=shown.place.code if shown.place.code in states else "",
    )
    return Near(svg, legend, words("map.near", place=press.name(area)))


def who_legend(press: Press, states: dict[str, State]) -> Iterator[tuple[str, Markup]]:
    """Each class that occurs, with its number of municipalities."""
    for state, key in ((State.VALUE, "value"), (State.PROTECTED, "protected"), (State.NO_PICTURE, "none")):
        found = sum(each is state for each in states.values())
        if found:
            yield MARKS[state], press.words(f"map.{key}", n=press.numbers.whole(found))


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it."""

    title: Markup
    table: Markup


def compared(press: Press, shown: Picture) -> Section | None:
    """The headline figure beside the larger places, the neighbours and the most alike, with intervals."""
    headline = shown.headline
    if headline is None or headline.estimate is None:
        return None
    words, numbers = press.words, press.numbers
    name = press.material.indicators[headline.indicator].name.in_(press.language)
    heads = [
        Head(words("table.place")),
        Head(words("table.rate", per=numbers.whole(headline.estimate.per)), number=True),
        Head(words("table.interval"), number=True),
        Head(words("table.figure")),
    ]
    rows: list[tuple[str, Compared | None, Reading | None]] = [(press.name(shown.place), None, headline)]
    rows += [(_compared_name(press, each), each, each.reading) for each in shown.compared]
    rates = [reading.estimate for _, _, reading in rows if reading is not None and reading.estimate is not None]
    highest = charts.nice_top(max(estimate.band95[1] for estimate in rates))
    lines = [
        Line(
            (
                _linked(press, label, each),
                press.cells.rate(reading),
                press.cells.interval(reading),
                _whisker(reading, highest, each is None),
            ),
            here=each is None,
        )
        for label, each, reading in rows
    ]
    title = words("compare.title", name=name, period=numbers.period(headline.period))
    caption = title + press.example(headline.origin)
    return Section(words("compare.heading"), table(caption, heads, lines) + _effort_note(press, shown))


def _effort_note(press: Press, shown: Picture) -> Markup:
    if not shown.shows_effort or shown.headline is None:
        return Markup("")
    indicator = press.material.indicators[shown.headline.indicator]
    text = (indicator.beside or indicator.caveat).in_(press.language)
    return Markup('<p class="note">{} {}</p>').format(text, effort(press.words, shown.shifts))


def _compared_name(press: Press, each: Compared) -> str:
    kind = press.words(f"compare.{each.kind}")
    return f"{press.name(each.place)} ({kind})"


def _linked(press: Press, label: str, each: Compared | None) -> Markup:
    if each is None:
        return Markup("{}").format(label)
    return Markup('<a href="{}">{}</a> <span class="soft">{}</span>').format(
        press.to.place(each.place), press.name(each.place), press.words(f"compare.{each.kind}")
    )


def _whisker(reading: Reading | None, highest: float, here: bool) -> Markup:
    if reading is None or reading.estimate is None:
        return Markup("")
    return charts.interval(reading.estimate.value, reading.estimate.band95, highest, 1 if here else 3)


def everything(press: Press, shown: Picture) -> Section:
    """Each indicator that the place has a cell of: latest figure, rate, interval, state."""
    words, numbers = press.words, press.numbers
    heads = [
        Head(words("table.indicator")),
        Head(words("table.period")),
        Head(words("table.count"), number=True),
        Head(words("table.rate_any"), number=True),
        Head(words("table.interval"), number=True),
    ]
    lines = [
        line
        for code in shown.readings
        if (reading := press.material.readings.latest(code, shown.place.code)) is not None
        for line in [_everything_line(press, shown, reading)]
    ]
    title = words("table.all_indicators", place=place_name(words, shown.place))
    if not lines:
        return Section(title, Markup("<p>{}</p>").format(words("table.nothing")))
    caption = words("table.latest") + press.example(shown.origin)
    missing = len([each for each in press.material.indicators.values() if each.importable]) - len(lines)
    tail = Markup('<p class="soft">{}</p>').format(words.n("table.none_group", missing)) if missing > 0 else Markup("")
    _ = numbers
    return Section(title, table(caption, heads, lines) + tail)


def _everything_line(press: Press, shown: Picture, reading: Reading) -> Line:
    indicator = press.material.indicators[reading.indicator]
    name = Markup('<a href="{}">{}</a>').format(press.to.indicator(indicator), indicator.name.in_(press.language))
    count = press.cells.count(reading)
    category = indicator.categories.get(reading.count) if reading.count is not None else None
    if category is not None:
        count = Markup("{}").format(category.in_(press.language))
    return Line((name, press.numbers.short_period(reading.period), count, _rate(press, reading), press.cells.interval(reading) if reading.estimate else ""))


def _rate(press: Press, reading: Reading) -> Markup | str:
    if reading.estimate is None:
        return ""
    per = press.words("unit.per_short", per=press.numbers.whole(reading.estimate.per))
    return press.cells.value(reading.estimate) + Markup(' <span class="soft">{}</span>').format(per)


def members(press: Press, shown: Picture) -> Section | None:
    return None
