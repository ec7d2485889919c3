"""Whom to learn from: the most alike, the neighbours, and who has the measures that are missing here."""

from collections.abc import Iterator

from markupsafe import Markup

from lagesbild.core.figures import State
from lagesbild.core.region import Level, Region
from lagesbild.outside.atlas import sorted_places
from lagesbild.outside.cards import teachers
from lagesbild.outside.costs import per_inhabitant
from lagesbild.outside.known.readings import Reading
from lagesbild.outside.known.trend import Trend
from lagesbild.outside.lessons import Lesson, lessons
from lagesbild.outside.pages.behind import Printed, page
from lagesbild.outside.pages.compare import side_by_side
from lagesbild.outside.pages.measures import account
from lagesbild.outside.picture import Picture
from lagesbild.outside.press import Press
from lagesbild.outside.table import Head, Line, table


def alike(press: Press, shown: Picture) -> Printed:
    """The seven most alike and the neighbours: who they are, what is known, what they do."""
    words = press.words
    taught = teachers(press, shown)
    told = [
        account(press, each)
        for each in press.material.reference.local_measures
        if each.region in {a.place.code for a in shown.alike}
    ]
    return page(
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
        compare=side_by_side(press, [shown.place, *(each.place for each in shown.alike)]),
        lessons=[
            (each.asked.indicator.name.in_(press.language), each, _teachers_table(press, each))
            for each in lessons(press.material, shown)
        ],
        documented=lambda each: account(press, each),
    )


def _teachers_table(press: Press, lesson: Lesson) -> Markup | None:
    """Who has the measure: since when, cost, where reports go and how sure that is, whom to call."""
    if not lesson.teachers:
        return None
    words, numbers = press.words, press.numbers
    heads = [
        Head(words("table.municipality")),
        Head(words("lessons.since"), number=True),
        Head(words("lessons.cost"), number=True),
        Head(words("lessons.shows")),
    ]
    lines = [
        Line(
            (
                Markup('<a href="{}">{}</a>').format(press.to.place(each.place), press.name(each.place)),
                numbers.short_period(each.since.period),
                _cost(press, each.cost),
                _goes(press, each.trend),
            )
        )
        for each in lesson.teachers
    ]
    origin = lesson.teachers[0].since.origin
    return table(words("lessons.caption") + press.example(origin), heads, lines)


def _cost(press: Press, reading: Reading | None) -> Markup:
    """Kronor per inhabitant, with the year that they were booked."""
    found = per_inhabitant(press.material, reading) if reading else None
    if reading is None or found is None:
        return press.cells.state(reading.state if reading else State.NO_PICTURE)
    kronor, period = press.numbers.decimal(found.kronor, 2), press.numbers.short_period(reading.period)
    return Markup('{} <span class="small soft">{}</span>').format(kronor, period)


def _goes(press: Press, trend: Trend | None) -> Markup:
    if trend is None:
        return press.cells.state(State.NO_PICTURE)
    return press.words(f"verdict.{trend.word}", years=press.numbers.years(trend.first, trend.last))


def _likeness_table(press: Press, shown: Picture) -> Markup:
    words, numbers = press.words, press.numbers
    heads = [
        *_heads(press),
        Head(words("table.measures"), number=True),
        Head(words("table.distance"), number=True),
    ]
    lines = [
        Line(
            (
                *_cells(press, each.place),
                numbers.whole(press.material.measures_of(each.place.code))
                if press.material.has_told(each.place.code)
                else press.cells.state(State.NO_PICTURE),
                numbers.decimal(each.distance, 2),
            )
        )
        for each in shown.alike
    ]
    caption = words("alike.caption", place=press.name(shown.place)) + press.example(press.material.origin)
    return table(caption, heads, lines, stack=True)


def _neighbour_table(press: Press, shown: Picture) -> Markup:
    caption = press.words("alike.neighbours", place=press.name(shown.place))
    lines = [Line(tuple(_cells(press, each))) for each in sorted_places(press, shown.neighbours)]
    return table(caption + press.example(press.material.origin), _heads(press), lines)


def _heads(press: Press) -> list[Head]:
    words = press.words
    return [
        Head(words("table.municipality")),
        Head(words("table.picture")),
        Head(words("table.population"), number=True),
    ]


def _cells(press: Press, place: Region) -> Iterator[Markup | str]:
    """Of any other municipality: the way there, its group, whether anything is known, its size."""
    yield Markup('<a href="{}">{}</a> <span class="soft group">{}</span>').format(
        press.to.place(place), press.name(place), _group(press, place.code)
    )
    yield _known(press, place.code)
    yield press.numbers.whole(press.material.newest_people(place.code)[1].number)


def _group(press: Press, code: str) -> str:
    group = press.material.reference.geography.larger(code, Level.SKR_GROUP)
    return press.name(group) if group else ""


def _known(press: Press, code: str) -> Markup:
    state = press.material.known[code]
    return press.words("state.value") if state is State.VALUE else press.cells.state(state)
