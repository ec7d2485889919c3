"""What can be done: the catalogue of measures, who has them according to a source, and the case of Umeå."""

from collections import Counter
from dataclasses import dataclass

from markupsafe import Markup

from lagesbild.core.region import Level
from lagesbild.outside.atlas import Atlas, atlas, text_map
from lagesbild.outside.material import Material
from lagesbild.outside.pages.published import published_table
from lagesbild.outside.press import Files, Press
from lagesbild.outside.words import plain
from lagesbild.reference import LocalMeasure, Measure, PublishedFigure

UMEA = "2480"


@dataclass(frozen=True)
class Account:
    """What a source tells of one place's measure, ready to be shown."""

    place: str
    path: str
    measure: str
    anchor: str
    since: str
    account: str
    contact: str
    sources: str
    confidence: Markup
    note: str


def files(press: Press, _: str) -> Files:
    words = press.words
    yield press.section_page(
        "measures.html",
        "measures",
        str(words("nav.measures")),
        plain(words("measures.intro")),
        example=press.material.has_examples,
        atlas=measures_map(press),
        words_map=text_map(press, _told_words(press)),
        measures=[
            (measure, _indicators(press, measure), accounts(press, measure.code))
            for measure in press.material.reference.measures
        ],
    )
    yield press.section_page(
        "learn.html",
        "learn",
        str(words("nav.learn")),
        plain(words("learn.intro")),
        accounts=_by_place(press),
    )
    yield press.section_page(
        f"prose/{press.language}/umea.html",
        "umea",
        str(words("nav.umea")),
        plain(words("learn.intro")),
        accounts=[each for each in told(press) if each.place == "Umeå"],
        around=published_table(press, _around_umea(press)),
        umea=press.to.place(press.material.reference.geography[UMEA]),
    )


CLASSES = ((0, 0, "k1"), (1, 2, "k2"), (3, 4, "k4"), (5, 6, "k5"))
"""Measures that a municipality says it has, from and to, in the colours of the map."""


def measures_map(press: Press) -> Atlas:
    """How many of the common measures each municipality says that it has."""
    words, numbers, material = press.words, press.numbers, press.material
    styles = {place.code: _style(material, place.code) for place in material.municipalities}
    count = Counter(styles.values())
    legend = [(style, _class(press, low, high, count[style])) for low, high, style in CLASSES]
    legend.append(("kx", words("map.none", n=numbers.whole(count["kx"]))))
    told_number = len(styles) - count["kx"]
    return atlas(
        press,
        styles,
        tuple(legend),
        finding=words.n("measures.map_finding", told_number, of=numbers.whole(len(styles))),
        caption=words("measures.map_caption", number=material.release.number),
        origin=material.origin,
    )


def _class(press: Press, low: int, high: int, places: int) -> Markup:
    number = press.numbers.whole(places)
    if high == low:
        return press.words("measures.map_none", n=number)
    ends = {"low": press.numbers.whole(low), "high": press.numbers.whole(high)}
    return press.words("measures.map_class", n=number, **ends)


def _style(material: Material, code: str) -> str:
    if not material.has_told(code):
        return "kx"
    have = material.measures_of(code)
    return next(style for low, high, style in CLASSES if low <= have <= high)


def _told_words(press: Press) -> dict[str, Markup]:
    material = press.material
    return {
        place.code: press.words.n("unit.measure", material.measures_of(place.code))
        if material.has_told(place.code)
        else press.words("state.none")
        for place in material.municipalities
    }


def told(press: Press) -> list[Account]:
    return [account(press, each) for each in press.material.reference.local_measures]


def accounts(press: Press, measure: str) -> list[Account]:
    return [
        account(press, each) for each in press.material.reference.local_measures if each.measure == measure
    ]


def account(press: Press, local: LocalMeasure) -> Account:
    reference, language = press.material.reference, press.language
    place = reference.geography[local.region]
    return Account(
        place=press.name(place),
        path=press.to.place(place),
        measure=press.material.measure(local.measure).name.in_(language),
        anchor=f"{press.to('measures')}#{local.measure}",
        since=local.since_words.in_(language),
        account=local.account.in_(language),
        contact=local.contact.in_(language),
        sources=", ".join(reference.sources[each].title.in_(language) for each in local.sources),
        confidence=press.words(f"confidence.{local.confidence}"),
        note=local.note.in_(language) if local.note else "",
    )


def _by_place(press: Press) -> list[tuple[list[tuple[str, str]], list[Account]]]:
    """Places with their accounts; places of which the same is told stand together."""
    found: dict[str, list[Account]] = {}
    for each in told(press):
        found.setdefault(each.place, []).append(each)
    alike: dict[tuple[str, ...], tuple[list[tuple[str, str]], list[Account]]] = {}
    for place, accounts in found.items():
        said = tuple(each.measure + each.account for each in accounts)
        alike.setdefault(said, ([], accounts))[0].append((place, accounts[0].path))
    return list(alike.values())


def _indicators(press: Press, measure: Measure) -> list[tuple[str, str]]:
    known = press.material.indicators
    return [
        (known[code].name.in_(press.language), press.to.indicator(known[code]))
        for code in measure.indicators
        if code in known
    ]


def _around_umea(press: Press) -> list[PublishedFigure]:
    geography = press.material.reference.geography
    county = geography.larger(UMEA, Level.COUNTY)
    wanted = {UMEA, county.code if county else ""}
    return [each for each in press.material.reference.published_figures if each.region in wanted]
