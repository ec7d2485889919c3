"""One series as a figure: chart, caption, breaks and revisions in words, and the table behind it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from markupsafe import Markup

from lagesbild.core.figures import State
from lagesbild.core.indicator import Indicator
from lagesbild.core.region import Region
from lagesbild.outside.drawing import charts
from lagesbild.outside.drawing.charts import Point
from lagesbild.outside.drawing.points import points_of, value_of
from lagesbild.outside.known.readings import Reading, Series
from lagesbild.outside.known.revised import Revised
from lagesbild.outside.press import Press
from lagesbild.outside.table import Head, Line, table
from lagesbild.outside.words import plain
from lagesbild.reference.population import People


@dataclass(frozen=True)
class Small:
    """One series drawn small, with the unit of what it shows."""

    name: str
    unit: Markup
    drawing: Markup


def small(press: Press, indicator: Indicator, series: Series) -> Small:
    """A series in small, for a page or a paper that shows many."""
    name = indicator.name.in_(press.language)
    per = next((reading.estimate.per for reading in series if reading.estimate), None)
    rate, unit = (
        press.words("unit.per", per=press.numbers.whole(per or 0)),
        indicator.unit.in_(press.language),
    )
    drawing = charts.spark(
        points_of(series, press.numbers),
        press.numbers,
        name=f"s-{indicator.code.lower()}",
        title=name,
        description=describe(press, series),
    )
    return Small(name, rate if per else Markup("{}").format(unit), drawing)


def describe(press: Press, series: Series) -> str:
    """A series in words: from, to, highest, lowest and gaps."""
    words, numbers = press.words, press.numbers
    known = [(value, each) for each in series if (value := value_of(each)) is not None]
    if not known:
        return str(words("chart.desc_nothing"))

    def said(reading: Reading) -> str:
        return numbers.rate(reading.estimate.value) if reading.estimate else numbers.whole(reading.count or 0)

    first, last = known[0][1], known[-1][1]
    if len(known) == 1:
        return str(words("chart.desc_one", value=said(first), period=numbers.period(first.period)))
    highest = max(known, key=lambda each: (each[0], each[1].period))[1]
    lowest = min(known, key=lambda each: (each[0], each[1].period))[1]
    text = words(
        "chart.desc",
        first=numbers.period(first.period),
        last=numbers.period(last.period),
        **{"from": said(first)},
        to=said(last),
        highest=said(highest),
        high_period=numbers.period(highest.period),
        lowest=said(lowest),
        low_period=numbers.period(lowest.period),
    )
    gaps = len(series) - len(known)
    return str(text + words.n("chart.desc_gaps", gaps) if gaps else text)


def series_figure(
    press: Press,
    indicator: Indicator,
    place: Region,
    series: Series,
    name: str = "series",
    since: int | None = None,
    level: int = 3,
) -> Markup:
    """Chart, caption, break notes and table of one series; its heading is of the given level."""
    words, numbers = press.words, press.numbers
    title = words(
        "chart.series",
        name=indicator.name.in_(press.language),
        place=press.in_text(place),
        years=numbers.years(series[0].year, series[-1].year),
    )
    drawing = charts.series(
        _marked(press, indicator, place, series, since),
        numbers,
        name=name,
        title=plain(title),
        description=describe(press, series),
        break_label=str(words("chart.break_label")),
    )
    return press.fragment(
        "series.html",
        title=title,
        drawing=drawing,
        origin=series[0].origin,
        level=level,
        banded=any(reading.estimate for reading in series),
        breaks=[
            words("chart.break_note", day=numbers.day(each.day), why=each.why.in_(press.language))
            for reading in series
            for each in reading.after_break
        ],
        ringed=any(each.reported is None for each in _revised(press, indicator, place)),
        revisions=_revisions(press, _revised(press, indicator, place)),
        gaps=[
            state for state in (State.PROTECTED, State.NO_PICTURE) if any(r.state is state for r in series)
        ],
        table=series_table(press, title, series),
    )


def _marked(
    press: Press, indicator: Indicator, place: Region, series: Series, since: int | None
) -> list[Point]:
    """The points, with those that were revised and the one from which a measure is in force."""
    points = points_of(series, press.numbers)
    changed = {each.period for each in _revised(press, indicator, place) if each.reported is None}
    first = next((i for i, reading in enumerate(series) if since is not None and reading.year >= since), 0)
    label = str(press.words("effect.start"))
    return [
        replace(point, starts=label if i == first and i else "", revised=reading.period in changed)
        for i, (point, reading) in enumerate(zip(points, series, strict=True))
    ]


def _revised(press: Press, indicator: Indicator, place: Region) -> tuple[Revised, ...]:
    return press.material.revised.get((indicator.code, place.code), ())


def _revisions(press: Press, found: tuple[Revised, ...]) -> list[Markup]:
    """Each correction, and in one sentence that a sum has grown because more municipalities have reported."""
    numbers, words = press.numbers, press.words
    told = [
        words(
            "chart.revised",
            period=numbers.period(each.period),
            before=numbers.whole(each.before),
            after=numbers.whole(each.after),
            number=each.release,
        )
        for each in found
        if each.reported is None
    ]
    grown = [(each.release, each.reported) for each in found if each.reported is not None]
    return told + [
        words("chart.grown", number=number, before=numbers.whole(before), after=numbers.whole(after))
        for number, (before, after) in dict.fromkeys(grown)
    ]


def series_table(press: Press, title: Markup, series: Series) -> Markup:
    words, numbers = press.words, press.numbers
    per = next((reading.estimate.per for reading in series if reading.estimate), None)
    covered = any(reading.coverage for reading in series)
    heads = [Head(words("table.period")), Head(words("table.count"), number=True)]
    if per:
        heads += [
            Head(words("table.rate", per=numbers.whole(per)), number=True),
            Head(words("table.interval"), number=True),
            Head(words("table.population"), number=True),
        ]
    if covered:
        heads.append(Head(words("table.coverage")))
    lines = [
        Line((numbers.short_period(each.period), *_series_cells(press, each, bool(per), covered)))
        for each in series
    ]
    return table(title + press.example(series[0].origin), heads, lines)


def _series_cells(press: Press, reading: Reading, rates: bool, covered: bool) -> Iterator[Markup | str]:
    yield press.cells.count(reading)
    if rates:
        yield press.cells.rate(reading) if reading.count is not None else ""
        yield press.cells.interval(reading)
        yield people_text(press, reading.estimate.people) if reading.estimate else ""
    if covered:
        yield coverage_text(press, reading)


def people_text(press: Press, people: People, year: str = "") -> Markup | str:
    """The inhabitants a rate is counted on, marked where they are of another year or not observed."""
    number = press.numbers.whole(people.number)
    status = "" if people.status == "observed" else press.words(f"mark.short_{people.status}")
    mark = ", ".join(each for each in (year, status) if each)
    return Markup('{} <span class="small soft">{}</span>').format(number, mark) if mark else number


def coverage_text(press: Press, reading: Reading) -> Markup | str:
    if reading.coverage is None:
        return ""
    return press.words(
        "unit.of_municipalities",
        reported=press.numbers.whole(reading.coverage.reported),
        of=press.numbers.whole(reading.coverage.of),
    )
