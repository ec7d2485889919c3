"""The pages behind the cards: trend, what is done, before and after, cost; and the list of all such pages."""

from collections.abc import Callable, Iterator

from markupsafe import Markup

from lagesbild.core.figures import State
from lagesbild.core.region import Level
from lagesbild.outside.costs import per_inhabitant
from lagesbild.outside.known.effects import Attempt
from lagesbild.outside.known.readings import Reading
from lagesbild.outside.pages import extent, first, likeness
from lagesbild.outside.pages.behind import Printed, effort_note, page
from lagesbild.outside.pages.indicator import funnel, shown_of, status
from lagesbild.outside.pages.measures import account
from lagesbild.outside.picture import EFFORT, Picture
from lagesbild.outside.press import Press
from lagesbild.outside.series import people_text, series_figure
from lagesbild.outside.table import Head, Line, table
from lagesbild.outside.words import lower
from lagesbild.outside.words.sentences import effort


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
        note = effort_note(press, shown) if shown.shows_effort else indicator.caveat.in_(press.language)
    verdict = shown.trend.word if shown.trend else "few"
    years = press.numbers.years(shown.trend.first, shown.trend.last) if shown.trend else ""
    text = press.words(f"verdict.{verdict}", years=years)
    return page(
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
    return page(
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
    ]
    estimate = found.points[0].estimate
    caption = words(
        "effect.caption",
        since=numbers.year(found.since),
        name=lower(indicator.name.in_(press.language)),
        per=numbers.whole(estimate.per if estimate else 1),
    )
    origin = found.points[0].origin
    lines = [Line(tuple(_attempt(press, each))) for each in found.attempts]
    return page(
        press,
        shown,
        "effect",
        "effect",
        measure=found.measure.name.in_(press.language),
        since=found.local.since_words.in_(press.language),
        sentence=found.sentence.in_(press.language) if found.sentence else "",
        declined=found.declined.text.in_(press.language) if found.declined else "",
        origin=origin,
        note=effort_note(press, shown) if found.indicator in EFFORT else indicator.caveat.in_(press.language),
        attempts=table(caption + press.example(origin), heads, lines, stack=True) if lines else None,
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
    numbers, name = press.numbers, press.words(f"effect.{each.estimator}")
    if each.reason is not None or each.change is None:
        why = each.reason.text.in_(press.language) if each.reason else ""
        yield name + Markup('<br><span class="small soft">{}</span>').format(why)
        yield from ("–", "", "", "")
        return
    yield name
    yield numbers.signed_percent(each.change, 0) if each.relative else numbers.signed_rate(each.change)
    yield _band(press, each)
    yield numbers.decimal(each.p, 2) if each.p is not None else ""
    yield numbers.decimal(each.smallest_p, 2) if each.smallest_p is not None else ""


def _band(press: Press, each: Attempt) -> Markup | str:
    if each.band95 is None or not each.relative:
        return press.numbers.interval(*each.band95) if each.band95 else ""
    low, high = (press.numbers.signed_percent(end, 0) for end in each.band95)
    return press.words("effect.from_to", low=low, high=high)


def cost(press: Press, shown: Picture) -> Printed:
    """Booked cost by year, and what it does not say."""
    words = press.words
    series = shown.readings["R11"]
    heads = [
        Head(words("table.period")),
        Head(words("cost.sek"), number=True),
        Head(words("cost.each"), number=True),
        Head(words("table.population"), number=True),
    ]
    lines = [Line(tuple(_booked(press, each))) for each in series]
    caption = words("cost.caption", place=press.in_text(shown.place)) + press.example(series[0].origin)
    published = [measure for measure in press.material.reference.measures]
    return page(press, shown, "cost", "cost", costs=table(caption, heads, lines), measures=published)


def _booked(press: Press, reading: Reading) -> Iterator[Markup | str]:
    found, numbers = per_inhabitant(press.material, reading), press.numbers
    yield numbers.short_period(reading.period)
    yield press.cells.count(reading)
    yield numbers.decimal(found.kronor, 2) if found else ""
    other = found is not None and found.year != reading.year
    yield people_text(press, found.people, numbers.year(found.year) if other else "") if found else ""


PAGES: dict[str, Callable[[Press, Picture], Printed]] = {
    "extent": extent.extent,
    "trend": trend,
    "done": done,
    "alike": likeness.alike,
    "cost": cost,
    "effect": effect,
    "first": first.of_place,
}
