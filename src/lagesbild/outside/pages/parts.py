"""The pages behind the cards of a place: extent, trend, what is done, the most alike, cost."""

from collections.abc import Callable, Iterator
from typing import Any

from markupsafe import Markup

from lagesbild.core.figures import State
from lagesbild.core.region import Level
from lagesbild.outside.atlas import sorted_places
from lagesbild.outside.cards import teachers
from lagesbild.outside.compared import compared
from lagesbild.outside.files.chart_files import file_name as chart_name
from lagesbild.outside.known.effects import Attempt
from lagesbild.outside.known.readings import Reading
from lagesbild.outside.pages import first
from lagesbild.outside.pages.indicator import funnel, series_figure, shown_of, status
from lagesbild.outside.pages.measures import account
from lagesbild.outside.picture import EFFORT, Picture
from lagesbild.outside.press import Page, Press
from lagesbild.outside.table import Head, Line, table
from lagesbild.outside.words.sentences import effort, place_name

Printed = tuple[str, bytes]


def of(shown: Picture) -> tuple[str, ...]:
    """Which pages a place has behind its cards."""
    found = ["extent", "trend"] if shown.readings else []
    if shown.place.level is Level.MUNICIPALITY:
        found += ["done", "alike", "first"]
    if shown.effect is not None and shown.effect.points:
        found.append("effect")
    if shown.cost is not None and shown.cost.state is not State.NO_PICTURE:
        found.append("cost")
    return tuple(found)


def _page(press: Press, shown: Picture, part: str, body: str, **context: Any) -> Printed:
    words, name = press.words, press.name(shown.place)
    question = words(f"part.{part}")
    page = Page(
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
    return press.page(f"parts/{body}.html", page, place=name, siblings=siblings, **context)


def extent(press: Press, shown: Picture) -> Printed:
    """Every series of the place, each with its table, and the headline figure beside others."""
    figures = []
    for code, series in shown.readings.items():
        indicator = press.material.indicators[code]
        if indicator.categories or len(series) < 2:
            continue
        figure = series_figure(press, indicator, shown.place, series, name=f"s-{code.lower()}")
        note = _effort(press, shown) if code in EFFORT else ""
        name, path = indicator.name.in_(press.language), press.to.indicator(indicator)
        figures.append((name, path, note, figure, f"{press.to.place(shown.place)}{chart_name(code)}"))
    return _page(press, shown, "extent", "extent", figures=figures, compared=compared(press, shown))


def _effort(press: Press, shown: Picture) -> Markup:
    indicator = press.material.indicators["D01"]
    text = (indicator.beside or indicator.caveat).in_(press.language)
    return Markup("{} {}").format(text, effort(press.words, shown.shifts))


def trend(press: Press, shown: Picture) -> Printed:
    """The headline series, the verdict and its rule, and the funnel with one's own place."""
    figure = funnelled = None
    note: Markup | str = ""
    if shown.headline is not None and shown.series:
        indicator = press.material.indicators[shown.headline.indicator]
        figure = series_figure(press, indicator, shown.place, shown.series)
        found = shown_of(press, indicator)
        funnelled = (
            funnel(press, found, shown.place.code)
            if found and shown.place.level is Level.MUNICIPALITY
            else None
        )
        note = _effort(press, shown) if shown.shows_effort else indicator.caveat.in_(press.language)
    verdict = shown.trend.word if shown.trend else "few"
    years = press.numbers.years(shown.trend.first, shown.trend.last) if shown.trend else ""
    text = press.words(f"verdict.{verdict}", years=years)
    return _page(
        press,
        shown,
        "trend",
        "trend",
        figure=figure,
        funnel=funnelled,
        verdict=verdict,
        verdict_text=text,
        note=note,
    )


def done(press: Press, shown: Picture) -> Printed:
    """The six questions with their answers, and what a source tells of the place."""
    words = press.words
    heads = [Head(words("table.question")), Head(words("table.answer")), Head(words("table.year"))]
    lines = [
        Line(
            (
                Markup('<a href="{}">{}</a>').format(
                    press.to.indicator(each.indicator), each.indicator.name.in_(press.language)
                ),
                status(press, each.reading) if each.reading else press.cells.state(State.NO_PICTURE),
                press.numbers.short_period(each.reading.period) if each.reading else "",
            )
        )
        for each in shown.done
    ]
    caption = words("done.caption", place=press.name(shown.place))
    answered = any(each.reading is not None for each in shown.done)
    mark = press.example(shown.origin) if answered else Markup("")
    told = [account(press, local) for _, local in shown.local_measures]
    return _page(
        press,
        shown,
        "done",
        "done",
        answers=table(caption + mark, heads, lines),
        told=told,
        effort=_shifts(press, shown),
    )


def _shifts(press: Press, shown: Picture) -> Markup | None:
    if shown.shifts is None or shown.shifts.count is None:
        return None
    return effort(press.words, shown.shifts) + press.example(shown.shifts.origin)


def alike(press: Press, shown: Picture) -> Printed:
    """The seven most alike and the neighbours: who they are, what is known, what they do."""
    words = press.words
    taught = teachers(press, shown)
    codes = {code for _, _, code in taught}
    told = [
        account(press, each)
        for each in press.material.reference.local_measures
        if each.region in {a.place.code for a in shown.alike}
    ]
    return _page(
        press,
        shown,
        "alike",
        "alike",
        alike=_likeness_table(press, shown),
        neighbours=_neighbour_table(press, shown),
        told=told,
        teachers=[
            (
                name,
                words.n("unit.measure", have),
                press.to.place(press.material.reference.geography[code], "done"),
            )
            for name, have, code in taught
        ],
        code=shown.place.code,
        found=bool(codes),
    )


def _likeness_table(press: Press, shown: Picture) -> Markup:
    words, numbers = press.words, press.numbers
    heads = [
        Head(words("table.municipality")),
        Head(words("table.population"), number=True),
        Head(words("table.group")),
        Head(words("table.picture")),
        Head(words("table.measures"), number=True),
        Head(words("table.distance"), number=True),
    ]
    lines = [
        Line(
            (
                Markup('<a href="{}">{}</a>').format(press.to.place(each.place), press.name(each.place)),
                numbers.whole(press.material.newest_people(each.place.code)[1].number),
                _group(press, each.place.code),
                _known(press, each.place.code),
                numbers.whole(press.material.measures_of(each.place.code))
                if press.material.has_told(each.place.code)
                else press.cells.state(State.NO_PICTURE),
                numbers.decimal(each.distance, 2),
            )
        )
        for each in shown.alike
    ]
    caption = words("alike.caption", place=press.name(shown.place)) + press.example(press.material.origin)
    return table(caption, heads, lines)


def _neighbour_table(press: Press, shown: Picture) -> Markup:
    words, numbers = press.words, press.numbers
    heads = [
        Head(words("table.municipality")),
        Head(words("table.population"), number=True),
        Head(words("table.group")),
        Head(words("table.picture")),
    ]
    lines = [
        Line(
            (
                Markup('<a href="{}">{}</a>').format(press.to.place(each), press.name(each)),
                numbers.whole(press.material.newest_people(each.code)[1].number),
                _group(press, each.code),
                _known(press, each.code),
            )
        )
        for each in sorted_places(press, shown.neighbours)
    ]
    return table(
        words("alike.neighbours", place=press.name(shown.place)) + press.example(press.material.origin),
        heads,
        lines,
    )


def _group(press: Press, code: str) -> str:
    group = press.material.reference.geography.larger(code, Level.SKR_GROUP)
    return press.name(group) if group else ""


def _known(press: Press, code: str) -> Markup:
    state = press.material.known[code]
    return press.words("state.value") if state is State.VALUE else press.cells.state(state)


def effect(press: Press, shown: Picture) -> Printed:
    """Every estimate of one measure side by side, the series, and what the source tells of the measure."""
    found, words, numbers = shown.effect, press.words, press.numbers
    if found is None:
        raise ValueError("the place has no measure to judge")
    indicator = press.material.indicators[found.indicator]
    heads = [
        Head(words("effect.method")),
        Head(words("effect.change"), number=True),
        Head(words("effect.interval"), number=True),
        Head(words("effect.p"), number=True),
        Head(words("effect.smallest"), number=True),
        Head(words("effect.why")),
    ]
    estimate = found.points[0].estimate
    caption = words(
        "effect.caption",
        since=numbers.year(found.since),
        name=indicator.name.in_(press.language),
        per=numbers.whole(estimate.per if estimate else 1),
    )
    origin = found.points[0].origin
    lines = [Line(tuple(_attempt(press, each))) for each in found.attempts]
    return _page(
        press,
        shown,
        "effect",
        "effect",
        measure=found.measure.name.in_(press.language),
        since=found.local.since_words.in_(press.language),
        sentence=found.sentence.in_(press.language) if found.sentence else "",
        declined=found.declined.text.in_(press.language) if found.declined else "",
        origin=origin,
        note=_effort(press, shown) if found.indicator in EFFORT else indicator.caveat.in_(press.language),
        attempts=table(caption + press.example(origin), heads, lines) if lines else None,
        donors=words.n("effect.donors", len(found.compared_with)),
        figure=series_figure(
            press,
            indicator,
            shown.place,
            press.material.readings.of(found.indicator, shown.place.code),
            since=found.since,
        ),
        local=account(press, found.local),
    )


def _attempt(press: Press, each: Attempt) -> Iterator[Markup | str]:
    numbers = press.numbers
    yield press.words(f"effect.{each.estimator}")
    if each.reason is not None or each.change is None:
        why = each.reason.text.in_(press.language) if each.reason else ""
        yield from ("–", "", "", "", why)
        return
    yield numbers.signed_rate(each.change)
    yield numbers.interval(*each.band95) if each.band95 else ""
    yield numbers.decimal(each.p, 2) if each.p is not None else ""
    yield numbers.decimal(each.smallest_p, 2) if each.smallest_p is not None else ""
    yield ""


def cost(press: Press, shown: Picture) -> Printed:
    """Booked cost by year, and what it does not say."""
    words, numbers = press.words, press.numbers
    series = shown.readings["R11"]
    people = press.material.reference.population
    heads = [
        Head(words("table.period")),
        Head(words("cost.sek"), number=True),
        Head(words("cost.each"), number=True),
    ]

    def each(reading: Reading) -> Markup | str:
        known = people.at(shown.place.code, reading.year)
        if reading.count is None or known is None:
            return ""
        return numbers.decimal(reading.count / known.number, 2)

    lines = [Line((numbers.short_period(r.period), press.cells.count(r), each(r))) for r in series]
    caption = words("cost.caption", place=press.in_text(shown.place)) + press.example(series[0].origin)
    published = [measure for measure in press.material.reference.measures]
    return _page(press, shown, "cost", "cost", costs=table(caption, heads, lines), measures=published)


PAGES: dict[str, Callable[[Press, Picture], Printed]] = {
    "extent": extent,
    "trend": trend,
    "done": done,
    "alike": alike,
    "cost": cost,
    "effect": effect,
    "first": first.of_place,
}
