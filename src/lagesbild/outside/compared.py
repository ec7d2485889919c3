"""One place's headline figure beside others, with intervals and never in rank."""

from dataclasses import dataclass

from markupsafe import Markup

from lagesbild.core.figures import State
from lagesbild.outside.drawing import charts
from lagesbild.outside.known.readings import Reading
from lagesbild.outside.picture import Compared, Picture
from lagesbild.outside.press import Press
from lagesbild.outside.table import Head, Line, table


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it."""

    title: Markup
    table: Markup


def compared(press: Press, shown: Picture) -> Section | None:
    """The headline figure beside the larger places, the neighbours and the most alike, with intervals."""
    headline = shown.headline
    if headline is None or headline.estimate is None or not shown.compared:
        return None
    words, numbers = press.words, press.numbers
    name = press.material.indicators[headline.indicator].name.in_(press.language)
    heads = [
        Head(words("table.place")),
        Head(words("table.rate", per=numbers.whole(headline.estimate.per)), number=True),
        Head(words("table.interval"), number=True),
        Head(words("table.figure"), drawn=True),
    ]
    rows: list[tuple[Compared | None, Reading | None]] = [(None, headline)]
    rows += [(each, each.reading) for each in shown.compared]
    rated = [(each, reading, reading.estimate) for each, reading in rows if reading and reading.estimate]
    highest = charts.spread_top([estimate.band95[1] for _, _, estimate in rated])
    lines = [
        Line(
            (
                _linked(press, press.name(shown.place), each),
                press.cells.rate(reading),
                press.cells.interval(reading),
                charts.interval(estimate.value, estimate.band95, highest, 1 if each is None else 3),
            ),
            here=each is None,
        )
        for each, reading, estimate in rated
    ]
    title = words("compare.title", name=name, period=numbers.period(headline.period))
    caption = title + press.example(headline.origin)
    without = _without(press, shown.compared)
    return Section(words("compare.heading"), table(caption, heads, lines) + without)


def _without(press: Press, compared: tuple[Compared, ...]) -> Markup:
    """Those without a rate in a sentence for each reason: rows of them would only hide the others."""
    found: dict[str, dict[str, list[Markup]]] = {}
    for each in compared:
        if each.reading is None or each.reading.estimate is None:
            hidden = each.reading is not None and each.reading.state is State.PROTECTED
            kinds = found.setdefault("compare.hidden" if hidden else "compare.none", {})
            kinds.setdefault(each.kind, []).append(
                Markup('<a href="{}">{}</a>').format(press.to.place(each.place), press.name(each.place))
            )
    return Markup("").join(
        Markup('<p class="small">{}</p>').format(press.words(key, places=_by_kind(press, kinds)))
        for key, kinds in sorted(found.items())
    )


def _by_kind(press: Press, kinds: dict[str, list[Markup]]) -> Markup:
    """the neighbours a and b; the most alike c and d"""
    return Markup("; ").join(
        press.words.n(f"compare.the_{kind}", len(places), places=press.words.join(places))
        for kind, places in kinds.items()
    )


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
