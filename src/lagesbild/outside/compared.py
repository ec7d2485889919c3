"""One place's headline figure beside others, with intervals and never in rank."""

from dataclasses import dataclass

from markupsafe import Markup

from lagesbild.outside.drawing import charts
from lagesbild.outside.known.readings import Reading
from lagesbild.outside.picture import Compared, Picture
from lagesbild.outside.press import Press
from lagesbild.outside.table import Head, Line, table
from lagesbild.outside.words.sentences import effort


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
    rates = [
        reading.estimate for _, _, reading in rows if reading is not None and reading.estimate is not None
    ]
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
    kind = press.words(f"compare.{each.kind}")
    if each.reading is not None and each.reading.coverage is not None and not each.reading.coverage.whole:
        covered = {"reported": each.reading.coverage.reported, "of": each.reading.coverage.of}
        kind += ", " + press.words(
            "compare.covered", **{k: press.numbers.whole(n) for k, n in covered.items()}
        )
    return Markup('<a href="{}">{}</a> <span class="soft">{}</span>').format(
        press.to.place(each.place), press.name(each.place), kind
    )


def _whisker(reading: Reading | None, highest: float, here: bool) -> Markup:
    if reading is None or reading.estimate is None:
        return Markup("")
    return charts.interval(reading.estimate.value, reading.estimate.band95, highest, 1 if here else 3)
