"""The page of one place: the answer in words, how sure it is, the questions, the tables."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from lagesbild.core.figures import Origin, State
from lagesbild.core.region import NATION, Level, Region
from lagesbild.outside.atlas import plain_state, sorted_places
from lagesbild.outside.cards import Card, cards
from lagesbild.outside.compared import Section, compared
from lagesbild.outside.drawing import maps
from lagesbild.outside.files import chart_files, downloads
from lagesbild.outside.files.workbook import workbook
from lagesbild.outside.known.readings import Reading
from lagesbild.outside.pages import behind, parts, place_series
from lagesbild.outside.pages.compare import side_by_side
from lagesbild.outside.pages.published import HIGHLIGHTS, figure_context
from lagesbild.outside.picture import Picture, picture
from lagesbild.outside.press import Files, Page, Press
from lagesbild.outside.table import Head, Line, table
from lagesbild.outside.words import plain
from lagesbild.outside.words.sentences import SURVEY, Lead, lead, place_name
from lagesbild.reference import PublishedFigure

MARKS = {State.VALUE: "k4", State.PROTECTED: "kc", State.NO_PICTURE: "kx", State.NOT_APPLICABLE: "kz"}
WORDS = {
    State.VALUE: "meter.exists",
    State.PROTECTED: "meter.protected",
    State.NO_PICTURE: "meter.missing",
    State.NOT_APPLICABLE: "state.inapplicable",
}
MOST_CITED = 12
"""Where more has been published, as of the country, the page shows the best known and the way to the rest."""


def files(press: Press, code: str) -> Files:
    """Every page of one place."""
    shown = picture(press.material, code)
    yield first_screen(press, shown)
    for part in behind.of(shown):
        yield parts.PAGES[part](press, shown)
    yield from place_series.files(press, shown)
    if shown.place.level is Level.MUNICIPALITY:
        yield card_page(press, shown)
    if shown.readings:
        folder = press.to.place(shown.place).removeprefix(press.base)
        yield f"{folder}data.csv", downloads.machine_csv(press, shown)
        yield f"{folder}data-excel.csv", downloads.excel_csv(press, shown)
        yield f"{folder}data.json", downloads.document(press, shown)
        yield f"{folder}data.xlsx", workbook(press, shown)
        for each in chart_files.charted(press, shown):
            yield folder + chart_files.file_name(each), chart_files.series_file(press, shown, each)


def card_page(press: Press, shown: Picture) -> tuple[str, bytes]:
    """The card that a municipality frames on its own site: the answer in words and the way here."""
    page = Page(
        path=press.to.place(shown.place, "card"),
        twin=press.to.other.place(shown.place, "card"),
        title=press.name(shown.place),
        description=press.name(shown.place),
        robots="noindex",
    )
    return press.page(
        "card.html",
        page,
        lead=opening_of(press, shown),
        meter=meter(press, shown),
        way=press.to.place(shown.place),
    )


def first_screen(press: Press, shown: Picture) -> tuple[str, bytes]:
    words, sentences, questions = press.words, opening_of(press, shown), cards(press, shown)
    page = Page(
        path=press.to.place(shown.place),
        twin=press.to.other.place(shown.place),
        title=press.name(shown.place),
        description=plain(sentences.whole),
        section="place",
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
        cards=questions,
        compared=compared(press, shown),
        comparison=side_by_side(press, [shown.place, *(each.place for each in shown.alike)])
        if shown.alike
        else "",
        everything=everything(press, shown),
        members=members(press, shown),
        cited_title=words("cited.title", place=place_name(words, shown.place)),
        cited=[figure_context(press, each) for each in cited(press, shown)],
        ways=ways(press, shown, questions),
        files=bool(shown.readings),
        frozen=press.to.frozen(press.material.release.number, shown.place) if shown.readings else "",
        card=press.to.place(shown.place, "card") if shown.place.level is Level.MUNICIPALITY else "",
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
    inhabitants = words(
        "unit.inhabitants", n=numbers.whole(shown.people.number), year=numbers.year(shown.people_year)
    )
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
            {
                "style": MARKS[state := shown.sources[source.code]],
                "name": source.name.in_(press.language),
                "word": words(WORDS[state]),
            }
            for source in press.material.reference.first_picture.sources
        ),
    )


@dataclass(frozen=True)
class Near:
    """The county with one's own place outlined, and the legend with its counts."""

    svg: Markup
    legend: tuple[tuple[str, Markup], ...]
    caption: Markup
    origin: Origin
    tall: bool


def near(press: Press, shown: Picture) -> Near:
    """Who has a picture around here: the county's municipalities, or all of them for the country."""
    material, words = press.material, press.words
    area = shown.county or shown.place
    codes = [place.code for place in material.reference.geography.members(area.code)]
    states = {code: material.known[code] for code in codes}
    legend = tuple(who_legend(press, states))
    summary = Markup(", ").join(text for _, text in legend)
    drawn = material.sheets.get(area.code, material.sheets[NATION])
    svg = maps.draw(
        drawn,
        {code: MARKS[states[code]] if code in states else "kz" for code in drawn.paths},
        name="m",
        title=f"{words('map.who_title')} {press.name(area)}",
        description=str(summary),
        here=shown.place.code if shown.place.code in states else "",
        says={
            code: f"{press.name(material.reference.geography[code])}: {plain_state(press, state)}"
            for code, state in states.items()
        },
    )
    return Near(
        svg,
        legend,
        words("map.near", place=press.name(area)),
        material.origin,
        drawn.height > 1.5 * drawn.width,
    )


def who_legend(press: Press, states: dict[str, State]) -> Iterator[tuple[str, Markup]]:
    """Each class that occurs, with its number of municipalities."""
    for state, key in ((State.VALUE, "value"), (State.PROTECTED, "protected"), (State.NO_PICTURE, "none")):
        found = sum(each is state for each in states.values())
        if found:
            yield MARKS[state], press.words(f"map.{key}", n=press.numbers.whole(found))


def everything(press: Press, shown: Picture) -> Section:
    """Each indicator that the place has a cell of: latest figure or why there is none, rate and interval."""
    words = press.words
    heads = [
        Head(words("table.indicator")),
        Head(words("table.period")),
        Head(words("table.latest_figure"), number=True),
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
    tail = (
        Markup('<p class="soft">{}</p>').format(words.n("table.none_group", missing))
        if missing > 0
        else Markup("")
    )
    return Section(title, table(caption, heads, lines) + tail)


def _everything_line(press: Press, shown: Picture, reading: Reading) -> Line:
    indicator = press.material.indicators[reading.indicator]
    name = Markup('<a href="{}">{}</a>').format(
        place_series.way(press, shown, indicator), indicator.name.in_(press.language)
    )
    count = press.cells.count(reading)
    category = indicator.categories.get(reading.count) if reading.count is not None else None
    if category is not None:
        count = Markup('<span class="free">{}</span>').format(category.in_(press.language))
    return Line(
        (
            name,
            press.numbers.short_period(reading.period),
            count + _rate(press, reading),
        )
    )


def _rate(press: Press, reading: Reading) -> Markup:
    """The rate with its interval, below the count that it is made of."""
    if reading.estimate is None:
        return Markup("")
    return Markup('<br><span class="small soft free">{}</span>').format(
        press.words(
            "table.rate_with_interval",
            rate=press.cells.value(reading.estimate),
            per=press.numbers.whole(reading.estimate.per),
            interval=press.cells.interval(reading),
        )
    )


def members(press: Press, shown: Picture) -> Section | None:
    """For a larger place: its municipalities with what is known, in alphabetical order."""
    places = press.material.reference.geography.members(shown.place.code)
    if not places or shown.place.level is Level.NATION:
        return None
    words, headline = press.words, shown.headline
    heads = [Head(words("table.municipality")), Head(words("table.picture"))]
    if headline is not None:
        name = press.material.indicators[headline.indicator].name.in_(press.language)
        heads.append(
            Head(words("compare.title", name=name, period=press.numbers.period(headline.period)), number=True)
        )
        heads.append(Head(words("table.interval"), number=True))
    lines = [Line(tuple(_member(press, place, headline))) for place in sorted_places(press, places)]
    caption = words("members.caption", place=press.in_text(shown.place)) + press.example(
        press.material.origin
    )
    return Section(
        words("members.title", place=press.in_text(shown.place)), table(caption, heads, lines, key="members")
    )


def _member(press: Press, place: Region, headline: Reading | None) -> Iterator[Markup | str]:
    yield Markup('<a href="{}">{}</a>').format(press.to.place(place), press.name(place))
    state = press.material.known[place.code]
    yield press.words("state.value") if state is State.VALUE else press.cells.state(state)
    if headline is not None:
        reading = press.material.readings.at(headline.indicator, place.code, headline.period)
        yield press.cells.rate(reading) if reading and reading.estimate else press.cells.count(reading)
        yield press.cells.interval(reading) if reading and reading.estimate else ""


def cited(press: Press, shown: Picture) -> list[PublishedFigure]:
    """Real published figures about the place, for a block of their own."""
    figures = [each for each in press.material.reference.published_figures if each.region == shown.place.code]
    if len(figures) > MOST_CITED:
        return [each for each in figures if (each.series, each.period) in HIGHLIGHTS]
    return figures


def ways(press: Press, shown: Picture, cards: tuple[Card, ...]) -> list[tuple[Markup, str]]:
    """The pages of the place that no card leads to."""
    taken = {card.link.partition("#")[0] for card in cards}
    found = [(press.words(f"part.{part}"), press.to.place(shown.place, part)) for part in behind.of(shown)]
    return [(name, path) for name, path in found if path not in taken]
