"""One indicator: map, funnel, table of places, definition under fixed headings, published figures."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from markupsafe import Markup, escape

from lagesbild.analysis.funnel.chart import funnel as judge
from lagesbild.core.figures import Origin, State
from lagesbild.core.indicator import Indicator
from lagesbild.core.region import NATION, Level, Region
from lagesbild.outside.atlas import Atlas, Legend, atlas, sorted_places, text_map
from lagesbild.outside.drawing import charts
from lagesbild.outside.drawing.maps import Classes, classes
from lagesbild.outside.drawing.points import styles_of, value_of
from lagesbild.outside.known.readings import Reading, Series
from lagesbild.outside.pages.published import published_table
from lagesbild.outside.picture import EFFORT
from lagesbild.outside.press import Files, Page, Press
from lagesbild.outside.series import coverage_text, series_figure
from lagesbild.outside.table import Head, Line, table
from lagesbild.outside.words import plain

FEWEST_IN_A_FUNNEL = 8
Limits = tuple[float, float, float, float, float]


@dataclass(frozen=True)
class Shown:
    """One indicator in the newest period that most places have."""

    indicator: Indicator
    period: str
    at: dict[str, Reading]
    origin: Origin

    @property
    def states(self) -> Counter[State]:
        return Counter(reading.state for reading in self.at.values())


def files(press: Press, code: str) -> Files:
    indicator = press.material.indicators[code]
    shown = shown_of(press, indicator)
    page = Page(
        path=press.to.indicator(indicator),
        twin=press.to.other.indicator(indicator),
        title=indicator.name.in_(press.language),
        description=indicator.definition.in_(press.language),
        section="indicator",
        heading=indicator.name.in_(press.language),
        example=shown is not None and shown.origin == "example",
        trail=((str(press.words("nav.indicators")), press.to("indicators")),),
    )
    figures = [each for each in press.material.reference.published_figures if each.indicator == code]
    yield press.page(
        "indicator.html",
        page,
        shown=shown,
        atlas=indicator_atlas(press, shown) if shown else None,
        words_map=text_map(press, _statuses(press, shown)) if shown else "",
        nationwide=country_series(press, indicator),
        funnel=funnel(press, shown) if shown else None,
        places=places_table(press, shown) if shown else None,
        larger=larger_table(press, shown) if shown else None,
        cited=published_table(press, figures) if figures else None,
        **definition(press, indicator),
    )


def definition(press: Press, indicator: Indicator) -> dict[str, Any]:
    """What `definition.html` says of an indicator: what it is and is not, its breaks, sources, protection."""
    numbers, language = press.numbers, press.language
    return {
        "indicator": indicator,
        "effort": indicator.beside.in_(language) if indicator.beside else "",
        "breaks": [
            press.words("chart.break_note", day=numbers.day(each.day), why=each.why.in_(language))
            for each in indicator.breaks
        ],
        "sources": [
            (each.name.in_(language), numbers.day(each.received))
            for each in press.material.release.sources.get(indicator.code, ())
        ],
        "disclosure": press.words(
            f"disclosure.{indicator.protection.disclosure}",
            threshold=numbers.whole(indicator.protection.threshold),
        ),
    }


def shown_of(press: Press, indicator: Indicator) -> Shown | None:
    """The latest period with the most reported municipalities; None where the release has none at all."""
    readings = press.material.readings
    series = {place.code: readings.of(indicator.code, place.code) for place in press.material.municipalities}
    count = Counter(
        reading.period
        for each in series.values()
        for reading in each
        if reading.state is not State.NO_PICTURE
    )
    if not count:
        return None
    most = max(count.values())
    period = max(code for code, found in count.items() if found >= 0.8 * most)
    origin: Origin = press.material.release.figures[indicator.code].origin
    at = {code: _at(indicator, code, each, period, origin) for code, each in series.items()}
    return Shown(indicator, period, at, origin)


def _at(indicator: Indicator, code: str, series: Series, period: str, origin: Origin) -> Reading:
    found = next((reading for reading in series if reading.period == period), None)
    return found or Reading(indicator.code, code, period, State.NO_PICTURE, None, None, None, origin)


def _classes(shown: Shown) -> Classes | None:
    values = [value for reading in shown.at.values() if (value := value_of(reading)) is not None]
    return classes(values)


def indicator_atlas(press: Press, shown: Shown) -> Atlas:
    """The indicator as a map: coded answers by answer, numbers by class."""
    indicator, words, numbers = shown.indicator, press.words, press.numbers
    if indicator.categories:
        styles, legend = _categories(press, shown)
    else:
        found = _classes(shown)
        styles, legend = styles_of(shown.at, found), tuple(_legend(press, shown, found))
    reported = shown.states[State.VALUE]
    total = numbers.whole(len(shown.at))
    finding = words.n("map.indicator_finding", reported, of=total)
    unit = (
        words("unit.per", per=numbers.whole(indicator.rate.per))
        if indicator.rate
        else indicator.unit.in_(press.language)
    )
    caption = words(
        "map.indicator_caption",
        period=numbers.period(shown.period),
        unit=unit,
        number=press.material.release.number,
    )
    return atlas(press, styles, legend, finding=finding, caption=caption, origin=shown.origin)


def _categories(press: Press, shown: Shown) -> tuple[dict[str, str], Legend]:
    codes = sorted(shown.indicator.categories)
    style_of = {code: f"k{1 + round(4 * i / max(1, len(codes) - 1))}" for i, code in enumerate(codes)}
    styles = {
        code: style_of[reading.count] if reading.count in style_of else styles_of({code: reading}, None)[code]
        for code, reading in shown.at.items()
    }
    count = Counter(reading.count for reading in shown.at.values())
    legend = tuple(
        (
            style_of[code],
            Markup("{}: {}").format(
                shown.indicator.categories[code].in_(press.language), press.numbers.whole(count[code])
            ),
        )
        for code in codes
    )
    return styles, legend + tuple(_empty_legend(press, shown))


def _legend(press: Press, shown: Shown, found: Classes | None) -> Iterator[tuple[str, Markup]]:
    numbers = press.numbers
    if found is not None:
        if found.zero:
            yield "k1", escape(numbers.whole(0))
        for style, low, high in found.ranges:
            yield style, escape(numbers.interval(low, high))
    yield from _empty_legend(press, shown)


def _empty_legend(press: Press, shown: Shown) -> Iterator[tuple[str, Markup]]:
    for state, style, key in (
        (State.PROTECTED, "kc", "protected"),
        (State.NO_PICTURE, "kx", "none"),
        (State.NOT_APPLICABLE, "kz", "inapplicable"),
    ):
        if shown.states[state]:
            yield style, press.words(f"map.{key}", n=press.numbers.whole(shown.states[state]))


def _statuses(press: Press, shown: Shown) -> dict[str, Markup]:
    return {code: status(press, reading) for code, reading in shown.at.items()}


def status(press: Press, reading: Reading) -> Markup:
    """A cell in a sentence: the rate or count, the coded answer, or the reason why there is none."""
    indicator = press.material.indicators[reading.indicator]
    if reading.count is not None and reading.count in indicator.categories:
        return Markup("{}").format(indicator.categories[reading.count].in_(press.language))
    value = value_of(reading)
    if value is None:
        key = {State.PROTECTED: "protected", State.NOT_APPLICABLE: "inapplicable"}.get(reading.state, "none")
        return press.words(f"state.{key}")
    return escape(press.numbers.rate(value) if reading.estimate else press.numbers.whole(int(value)))


def country_series(press: Press, indicator: Indicator) -> Markup | None:
    """The country's series with its table twin, where there is one."""
    series = press.material.readings.of(indicator.code, NATION)
    return series_figure(press, indicator, press.material.nation, series) if series else None


def funnel(press: Press, shown: Shown, here: str = "") -> Markup | None:
    """Rates against population with the limits of chance around the average of those that reported."""
    rated = {code: reading.estimate for code, reading in shown.at.items() if reading.estimate is not None}
    if len(rated) < FEWEST_IN_A_FUNNEL:
        return None
    words, numbers = press.words, press.numbers
    per = next(iter(rated.values())).per
    people = sum(each.people.number for each in rated.values())
    average = sum(each.value * each.people.number for each in rated.values()) / people
    if average <= 0:
        return None
    title = words(
        "chart.funnel_title",
        name=shown.indicator.name.in_(press.language),
        period=numbers.period(shown.period),
    )
    geography = press.material.reference.geography
    points = [
        charts.FunnelPoint(
            each.people.number,
            each.value,
            code == here,
            f"{press.name(geography[code])}: {numbers.rate(each.value)}",
        )
        for code, each in sorted(rated.items())
    ]
    top = charts.funnel_top(points, average)
    drawing = charts.funnel(
        points,
        _limits(average, per, [each.people.number for each in rated.values()]),
        average,
        numbers,
        name="funnel",
        title=plain(title),
        description=plain(words("chart.funnel_desc")),
        axis=(str(words("chart.funnel_small")), str(words("chart.funnel_large"))),
    )
    return press.fragment(
        "funnel.html",
        title=title,
        drawing=drawing,
        origin=shown.origin,
        average=numbers.rate(average),
        beyond=words.join(
            [
                f"{press.name(geography[code])} ({numbers.rate(each.value)})"
                for code, each in sorted(rated.items())
                if each.value > top
            ]
        ),
    )


def _limits(average: float, per: int, sizes: list[int]) -> list[Limits]:
    """Funnel limits of a rate with this average, at 24 sizes from smallest to largest."""
    grid = np.geomspace(min(sizes), max(sizes), 24)
    found = judge(np.zeros(len(grid)), grid, "rate", average / per)
    columns = [grid, *(side * per for side in found.limits)]
    return [(c[0], c[1], c[2], c[3], c[4]) for c in np.column_stack(columns).tolist()]


def places_table(press: Press, shown: Shown) -> Markup:
    """Every municipality that has reported, in alphabetical order; the rest are counted."""
    words, numbers = press.words, press.numbers
    told = [code for code, reading in shown.at.items() if reading.state is not State.NO_PICTURE]
    places = sorted_places(press, [press.material.reference.geography[code] for code in told])
    return _regions_table(
        press, shown, places, shown.at, words("indicator.places", period=numbers.period(shown.period))
    )


def larger_table(press: Press, shown: Shown) -> Markup | None:
    """The country, the counties and the SKR groups that have a total."""
    geography, readings = press.material.reference.geography, press.material.readings
    places = [press.material.nation]
    for level in (Level.COUNTY, Level.POLICE_REGION, Level.SKR_GROUP):
        places += sorted_places(press, geography.at(level))
    at = {
        each.code: found
        for each in places
        if (found := readings.at(shown.indicator.code, each.code, shown.period))
    }
    told = [place for place in places if place.code in at and at[place.code].state is not State.NO_PICTURE]
    if not told:
        return None
    caption = press.words("indicator.larger", period=press.numbers.period(shown.period))
    return _regions_table(press, shown, told, at, caption, key="larger")


def _regions_table(
    press: Press,
    shown: Shown,
    places: list[Region],
    at: dict[str, Reading],
    caption: Markup,
    key: str = "places",
) -> Markup:
    words, numbers, rate = press.words, press.numbers, shown.indicator.rate
    heads = [
        Head(words("table.place")),
        Head(
            words("table.count") if not shown.indicator.categories else words("table.answer"),
            number=not shown.indicator.categories,
        ),
    ]
    covered = key == "larger"
    rated = rate is not None and any(at[place.code].estimate for place in places)
    if rated and rate is not None:
        heads += [
            Head(words("table.rate", per=numbers.whole(rate.per)), number=True),
            Head(words("table.interval"), number=True),
            Head(words("table.figure"), drawn=True),
        ]
    if covered:
        heads.append(Head(words("table.coverage")))
    ends = [reading.estimate.band95[1] for reading in at.values() if reading.estimate]
    highest = charts.spread_top(ends) if ends else 0.0
    lines = [
        Line(_cells(press, shown, place, at[place.code], highest if rated else None, covered))
        for place in places
        if at[place.code].state is State.VALUE
    ]
    drawn = table(caption + press.example(shown.origin), heads, lines, key=key) if lines else Markup("")
    return drawn + _hidden(press, [place for place in places if at[place.code].state is State.PROTECTED])


def _cells(
    press: Press, shown: Shown, place: Region, reading: Reading, highest: float | None, covered: bool
) -> list[Markup | str]:
    cells: list[Markup | str] = [
        Markup('<a href="{}">{}</a>').format(press.to.place(place), press.name(place)),
        status(press, reading) if shown.indicator.categories else press.cells.count(reading),
    ]
    if highest is not None:
        estimate = reading.estimate
        whisker = charts.interval(estimate.value, estimate.band95, highest, 3) if estimate else ""
        cells += [press.cells.rate(reading), press.cells.interval(reading), whisker]
    if covered:
        cells.append(coverage_text(press, reading))
    return cells


def _hidden(press: Press, places: list[Region]) -> Markup:
    """Who has reported figures that are protected: a sentence, since a row would say nothing more."""
    if not places:
        return Markup("")
    links = [Markup('<a href="{}">{}</a>').format(press.to.place(each), press.name(each)) for each in places]
    many = press.words.n("indicator.hidden", len(places))
    return Markup("<p>{} {}.</p>").format(many, press.words.join(links))


def mirrors_effort(code: str) -> bool:
    return code in EFFORT
