"""The six questions as cards: a number and its interval, or no picture yet and the next step."""

from dataclasses import dataclass, replace

from markupsafe import Markup, escape

from lagesbild.core.figures import Origin, State
from lagesbild.core.region import Level
from lagesbild.outside.costs import each_text
from lagesbild.outside.drawing import charts
from lagesbild.outside.drawing.points import points_of
from lagesbild.outside.expectation import expected_text
from lagesbild.outside.known.readings import Reading
from lagesbild.outside.known.trend import Trend
from lagesbild.outside.picture import Compared, Done, Picture
from lagesbild.outside.press import Press
from lagesbild.outside.series import describe
from lagesbild.outside.words import Words, lower, opening, plain
from lagesbild.outside.words.sentences import place_name

ORDER = ("yes", "partly", "no", "protected", "unknown")
"""On the card the measures that are there come first; the page behind it has them all."""

ONE_PER_CENT = 0.0095
"""Below it a change a year is told with a decimal: 0 % (0 % to 0 %) tells nothing."""


@dataclass(frozen=True)
class Card:
    """One question with its answer; every text is ready to be shown."""

    question: Markup
    number: Markup
    unit: Markup
    source: Markup
    more: Markup
    link: str
    style: str = ""
    words: bool = False
    origin: Origin = "reported"
    verdict: str = ""
    verdict_text: str = ""
    list: tuple[tuple[Markup, Markup], ...] = ()
    drawing: Markup | None = None


def cards(press: Press, shown: Picture) -> tuple[Card, ...]:
    return (
        extent(press, shown),
        trend(press, shown),
        done(press, shown),
        effect(press, shown),
        cost(press, shown),
        learn(press, shown),
    )


def extent(press: Press, shown: Picture) -> Card:
    """How big is it: the rate with its interval, and where it lies against the country."""
    words, headline = press.words, shown.headline
    if headline is None:
        return nothing(press, shown, "extent")
    if headline.state is not State.VALUE:
        return protected(press, shown, "extent", headline)
    name = press.material.indicators[headline.indicator].name.in_(press.language)
    verdict, text = _against(press, shown)
    source = _period(press, headline)
    estimate = headline.estimate
    if estimate is None:
        number, unit = press.cells.count(headline), words("card.count_unit", name=lower(name))
    else:
        number = press.cells.value(estimate)
        unit = words(
            "card.rate_unit",
            name=lower(name),
            per=press.numbers.whole(estimate.per),
            interval=press.numbers.interval(*estimate.band95),
        )
    return Card(
        question=words("card.extent"),
        number=number,
        unit=unit,
        verdict=verdict,
        verdict_text=text,
        list=_others(press, shown),
        source=source,
        more=words("card.extent_more"),
        link=press.to.place(shown.place, "extent"),
        origin=headline.origin,
    )


def _against(press: Press, shown: Picture) -> tuple[str, Markup]:
    """The verdict against the country; for the country itself none."""
    for kind in ("country", "county", "group"):
        for each in shown.compared:
            if each.kind == kind and each.verdict and each.reading and each.reading.estimate:
                return each.verdict, _verdict_text(press, each, each.reading)
    return "", Markup("")


def _others(press: Press, shown: Picture) -> tuple[tuple[Markup, Markup], ...]:
    """The larger places' rates of the same period, each beside its name."""
    names = {"county": "place.the_county", "group": "place.the_group", "country": "place.the_country"}
    return tuple(
        (press.words(names[each.kind]), press.cells.value(each.reading.estimate))
        for each in shown.compared
        if each.kind in names and each.reading is not None and each.reading.estimate is not None
    )


def _verdict_text(press: Press, each: Compared, reading: Reading) -> Markup:
    if reading.estimate is None:
        raise ValueError("a verdict needs an estimate")
    name = press.words(f"place.{'alike' if each.kind == 'group' else each.kind}")
    return press.words(f"verdict.{each.verdict}", place=name, rate=press.numbers.rate(reading.estimate.value))


def _period(press: Press, headline: Reading) -> Markup:
    period = opening(press.words("card.period", period=press.numbers.period(headline.period)))
    if headline.coverage is not None and not headline.coverage.whole:
        period += " " + sum_of(press, headline)
    if headline.estimate is not None:
        period += softness(press.words, headline.estimate.people.status)
    return period


def softness(words: Words, status: str) -> Markup:
    """A sentence that says so where the population behind a rate is no observed number."""
    return Markup("") if status == "observed" else Markup(" {}.").format(opening(words(f"mark.{status}")))


def sum_of(press: Press, reading: Reading) -> Markup:
    """How many municipalities a total is the sum of."""
    if reading.coverage is None:
        return Markup("")
    numbers = press.numbers
    return press.words(
        "unit.sum_of",
        reported=numbers.whole(reading.coverage.reported),
        of=numbers.whole(reading.coverage.of),
    )


def trend(press: Press, shown: Picture) -> Card:
    """Is it growing: the series in small, and the verdict word."""
    words, found = press.words, shown.trend
    if found is None or shown.headline is None:
        return nothing(press, shown, "trend")
    name = press.material.indicators[shown.headline.indicator].name.in_(press.language)
    title = words(
        "chart.series",
        name=name,
        place=place_name(words, shown.place),
        years=press.numbers.years(shown.series[0].year, shown.series[-1].year),
    )
    drawing = charts.spark(
        points_of(shown.series, press.numbers),
        press.numbers,
        name="spark",
        title=plain(title),
        description=describe(press, shown.series),
    )
    return Card(
        question=words("card.trend"),
        number=_ends(press, found.points, found.word != "few"),
        drawing=drawing,
        unit=_trend_unit(press, found),
        verdict=found.word,
        verdict_text=words(f"verdict.{found.word}", years=press.numbers.years(found.first, found.last)),
        source=words(
            "card.trend_source", years=press.numbers.years(found.points[0].year, found.points[-1].year)
        ),
        more=words("card.trend_more"),
        link=press.to.place(shown.place, "trend"),
        origin=shown.headline.origin,
    )


def _ends(press: Press, points: tuple[Reading, ...], judged: bool) -> Markup:
    """The first and the last rate of the stretch that the verdict rests on; the last alone without one."""
    rates = [each.estimate.value for each in points if each.estimate is not None]
    ends = [rates[0], rates[-1]] if judged else rates[-1:]
    return Markup(" → ").join(press.numbers.rate(rate) for rate in ends)


def _trend_unit(press: Press, found: Trend) -> Markup:
    numbers, first, last = press.numbers, found.points[0], found.points[-1]
    if first.estimate is None:
        raise ValueError("a trend rests on rates")
    values = {
        "per": numbers.whole(first.estimate.per),
        "first": numbers.short_period(first.period),
        "last": numbers.short_period(last.period),
    }
    if found.word == "few":
        changed = last.coverage is not None and not last.coverage.whole
        return press.words(
            "card.trend_changed" if changed else "card.trend_one", per=values["per"], last=values["last"]
        )
    if found.yearly is None or found.band95 is None:
        return press.words("card.trend_unit", **values)
    digits = 1 if max(map(abs, found.band95)) < ONE_PER_CENT else 0
    yearly, low, high = (numbers.signed_percent(each, digits) for each in (found.yearly, *found.band95))
    return press.words("card.trend_yearly", yearly=yearly, low=low, high=high, **values)


def done(press: Press, shown: Picture) -> Card:
    """What do we do: how many of the common measures are there."""
    words = press.words
    if shown.place.level is not Level.MUNICIPALITY:
        return _done_around(press, shown)
    answered = len(shown.done) - len(shown.unanswered)
    if not answered:
        return nothing(press, shown, "done")
    origin = next(each.reading.origin for each in shown.done if each.reading is not None)
    told = sorted(shown.done, key=lambda each: ORDER.index(each.answer))
    items = tuple(_done_item(press, each) for each in told[:3])
    left = len(shown.unanswered)
    return Card(
        question=words("card.done"),
        number=words(
            "card.done_of", have=press.numbers.whole(len(shown.has)), of=press.numbers.whole(len(shown.done))
        ),
        unit=words("card.done_unit"),
        list=items,
        source=words.n("card.done_unknown", left) if left else words("card.done_all"),
        more=words("card.done_more"),
        link=press.to.place(shown.place, "done"),
        origin=origin,
    )


def _done_item(press: Press, each: Done) -> tuple[Markup, Markup]:
    return press.words(f"question.{each.indicator.code}"), press.words(f"answer.{each.answer}")


def _done_around(press: Press, shown: Picture) -> Card:
    """For a larger place: how many of its municipalities have told what they do."""
    words, geography = press.words, press.material.reference.geography
    members = geography.members(shown.place.code)
    asked = [each.indicator.code for each in shown.done]
    told = sum(press.material.readings.status(asked, place.code) is State.VALUE for place in members)
    if not told:
        return nothing(press, shown, "done")
    return Card(
        question=words("card.done"),
        number=words("card.done_of", have=press.numbers.whole(told), of=press.numbers.whole(len(members))),
        unit=words("card.done_around"),
        source=words("card.done_around_source"),
        more=words("card.measures_more"),
        link=press.to("measures"),
        origin="example" if press.material.has_examples else "reported",
    )


def effect(press: Press, shown: Picture) -> Card:
    """Did it help: one estimate with its interval, or the reason why nobody can tell."""
    found = shown.effect
    if found is None or not found.points:
        return nothing(press, shown, "effect")
    words, numbers = press.words, press.numbers
    source = words(
        "effect.source", measure=found.measure.name.in_(press.language), since=numbers.year(found.since)
    )
    why = found.declined.text.in_(press.language) if found.declined else words("effect.perhaps")
    card = Card(
        question=words("card.effect"),
        number=words("effect.untold"),
        words=True,
        unit=escape(why),
        source=source,
        more=words("card.effect_more"),
        link=press.to.place(shown.place, "effect"),
        origin=found.points[0].origin,
    )
    asked, estimate = found.asked, found.points[0].estimate
    if asked is None or asked.change is None or asked.band95 is None or estimate is None:
        return card
    low, high = asked.band95
    word = "lower" if high < 0 else "higher" if low > 0 else "few"
    unit = words(
        "effect.unit" if word != "few" else "effect.unit_perhaps",
        change=numbers.signed_rate(asked.change),
        name=lower(press.material.indicators[found.indicator].name.in_(press.language)),
        per=numbers.whole(estimate.per),
        low=numbers.signed_rate(low),
        high=numbers.signed_rate(high),
    )
    return replace(
        card,
        number=words("effect.perhaps") if word == "few" else escape(numbers.signed_rate(asked.change)),
        words=word == "few",
        source=source + " " + words("effect.by", method=words(f"effect.{asked.estimator}")),
        unit=unit,
        verdict="" if word == "few" else word,
        verdict_text="" if word == "few" else words(f"effect.yes_{word}"),
    )


def cost(press: Press, shown: Picture) -> Card:
    """What does it cost: booked cost of the measures, and per inhabitant."""
    words, reading = press.words, shown.cost
    if reading is None or reading.state is State.NO_PICTURE:
        return nothing(press, shown, "cost")
    if reading.count is None:
        return protected(press, shown, "cost", reading)
    return Card(
        question=words("card.cost"),
        number=press.cells.count(reading),
        unit=words("card.cost_unit", period=press.numbers.period(reading.period)),
        source=each_text(press, reading),
        more=words("card.cost_more"),
        link=press.to.place(shown.place, "cost"),
        origin=reading.origin,
    )


def learn(press: Press, shown: Picture) -> Card:
    """Whom can we learn from: those most alike that have told about measures, else the documented case."""
    words = press.words
    found = teachers(press, shown)
    if not found:
        return Card(
            question=words("card.learn"),
            number=words("card.umea"),
            words=True,
            unit=words("card.learn_none" if shown.alike else "card.learn_none_around"),
            source=words("card.learn_umea_source"),
            more=words("card.learn_umea"),
            link=press.to("umea"),
        )
    first = found[0]
    return Card(
        question=words("card.learn"),
        number=Markup("{}").format(first[0]),
        words=True,
        unit=words("card.learn_unit", place=place_name(words, shown.place)),
        list=tuple((Markup("{}").format(name), words.n("unit.measure", have)) for name, have, _ in found),
        source=words("card.learn_source"),
        more=words("card.learn_more"),
        link=press.to.place(shown.place, "alike"),
        origin="example" if press.material.has_examples else "reported",
    )


def teachers(press: Press, shown: Picture) -> list[tuple[str, int, str]]:
    """Name, number of measures and code of at most three of the most alike, most measures first."""
    found = [
        (press.name(each.place), press.material.measures_of(each.place.code), each.place.code)
        for each in shown.alike
    ]
    known = [(name, have, code) for name, have, code in found if have]
    return sorted(known, key=lambda each: -each[1])[:3]


def nothing(press: Press, shown: Picture, question: str) -> Card:
    """No picture yet, and the next step towards one."""
    words = press.words
    around = "" if shown.place.level is Level.MUNICIPALITY else "_around"
    wide = f"card.{question}_none{around}"
    return Card(
        question=words(f"card.{question}"),
        number=words("card.none"),
        words=True,
        unit=words(wide if wide in words.phrases else f"card.{question}_none"),
        source=words(f"card.{question}_next"),
        more=words(f"card.{question}_first"),
        link=_first(press, shown, question),
        style="none",
        list=((words("expected.short"), expected_text(press, shown.expected[0])),)
        if question == "extent"
        else (),
    )


def _first(press: Press, shown: Picture, question: str) -> str:
    """Where the path to a first answer begins: the place's own page, or the general one."""
    local = shown.place.level is Level.MUNICIPALITY
    page = press.to.place(shown.place, "first") if local else press.to("first")
    return f"{page}#{question}"


def protected(press: Press, shown: Picture, question: str, reading: Reading) -> Card:
    """The figure exists and is protected."""
    words = press.words
    return Card(
        question=words(f"card.{question}"),
        number=words("card.protected"),
        words=True,
        unit=words("card.protected_text"),
        source=_period(press, reading),
        more=words("card.protected_more"),
        link=press.to("protection"),
        style="hide",
        origin=reading.origin,
    )
