"""The sentences that open the page of a place: what and which way, how high, what it does not show."""

from dataclasses import dataclass

from markupsafe import Markup

from lagesbild.core.figures import Origin, State
from lagesbild.core.indicator import Indicator
from lagesbild.core.region import Level, Region
from lagesbild.outside.known.readings import Coverage, Reading
from lagesbild.outside.picture import Compared, Picture
from lagesbild.outside.words import Words, opening

SURVEY = ("prev_men_ever_low", "prev_men_ever_high")
"""The published figures that a place without a picture is told: men who ever paid for sex, low and high."""


@dataclass(frozen=True)
class Lead:
    """Three sentences, and where the figures in them come from."""

    what: Markup
    level: Markup
    limit: Markup
    origin: Origin

    @property
    def whole(self) -> Markup:
        return Markup(" ").join(each for each in (self.what, self.level, self.limit) if each)


def lead(words: Words, picture: Picture, indicator: Indicator | None, survey: tuple[float, float]) -> Lead:
    """The opening of one place's page, made from the release alone."""
    place = place_name(words, picture.place)
    headline = picture.headline
    if headline is None or indicator is None:
        numbers = words.numbers
        ends = {"low": numbers.decimal(survey[0], 0), "high": numbers.decimal(survey[1], 0)}
        two = words("lead.none_two", **ends)
        return Lead(words("lead.none", place=place), two, words("lead.none_three"), "reported")
    if headline.state is not State.VALUE:
        text = opening(words("lead.protected", place=place))
        return Lead(text, words("lead.protected_two"), limit(words, picture, indicator), headline.origin)
    return Lead(
        what(words, picture, indicator, headline),
        level(words, picture, headline),
        limit(words, picture, indicator),
        headline.origin,
    )


def what(words: Words, picture: Picture, indicator: Indicator, headline: Reading) -> Markup:
    """What was measured and which way it goes."""
    numbers, trend = words.numbers, picture.trend
    name, place = indicator.name.in_(words.language), place_name(words, picture.place)
    if trend is not None and trend.word != "few":
        years = numbers.years(trend.first, trend.last)
        return words(f"lead.{trend.word}", name=name, place=place, years=years)
    period = numbers.period(headline.period)
    if headline.count == 0:
        return words("lead.zero_only", name=name, place=place, period=period)
    changed = headline.coverage is not None and not headline.coverage.whole
    key = "lead.count_changed" if changed else "lead.count_only"
    return words(key, name=name, place=place, count=numbers.whole(headline.count or 0), period=period)


def level(words: Words, picture: Picture, headline: Reading) -> Markup:
    """The rate, and where it lies among the larger places; nothing is left to say of a zero."""
    if headline.estimate is None or headline.count == 0:
        return Markup("")
    numbers = words.numbers
    values = {
        "rate": numbers.rate(headline.estimate.value),
        "per": numbers.whole(headline.estimate.per),
        "period": numbers.period(headline.period),
    }
    if headline.coverage is not None and not headline.coverage.whole:
        return words("lead.level_some", **_covered(words, headline.coverage), **values)
    parts = comparisons(words, picture.compared)
    if not parts:
        return words("lead.level_alone", **values)
    return words("lead.level", comparisons=words("lead.also").join(parts), **values)


def comparisons(words: Words, compared: tuple[Compared, ...]) -> list[Markup]:
    """`lägre än riket och länet`, `ungefär som kommungruppen`: places of one verdict stand together."""
    found: dict[str, list[Markup]] = {}
    names = {"county": "place.county", "group": "place.alike", "country": "place.country"}
    for each in compared:
        if each.kind in names and each.verdict:
            found.setdefault(each.verdict, []).append(words(names[each.kind]))
    return [words(f"lead.{verdict}", places=words.join(places)) for verdict, places in found.items()]


def limit(words: Words, picture: Picture, indicator: Indicator) -> Markup:
    """What the figure does not show; reports always with the effort behind them."""
    text = indicator.beside or indicator.caveat
    sentence = Markup("{}").format(text.in_(words.language))
    return sentence + " " + effort(words, picture.shifts) if picture.shows_effort else sentence


def effort(words: Words, shifts: Reading | None) -> Markup:
    """How many joint shifts lie behind the reports, where that is known."""
    if shifts is None or shifts.count is None:
        return words("lead.beside_no_shifts")
    period = words.numbers.period(shifts.period)
    if shifts.coverage is not None and not shifts.coverage.whole:
        return words.n(
            "lead.beside_shifts_some", shifts.count, period=period, **_covered(words, shifts.coverage)
        )
    return words.n("lead.beside_shifts", shifts.count, period=period)


def _covered(words: Words, coverage: Coverage) -> dict[str, str]:
    return {"reported": words.numbers.whole(coverage.reported), "of": words.numbers.whole(coverage.of)}


def place_name(words: Words, place: Region) -> str:
    if place.level is Level.NATION:
        return str(words("place.country"))
    if place.level is Level.SKR_GROUP:
        return str(
            words("place.group_named", name=place.name_en if words.language == "en" else place.name_sv)
        )
    return place.name_en if words.language == "en" else place.name_sv
