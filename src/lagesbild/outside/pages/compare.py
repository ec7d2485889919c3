"""Places of one's own choice beside each other: the page, and the released figures that its script reads."""

import json
from collections.abc import Sequence
from typing import Any

from lagesbild.core.figures import State
from lagesbild.core.indicator import Indicator
from lagesbild.core.region import NATION, Level, Region
from lagesbild.outside.atlas import sorted_places
from lagesbild.outside.drawing.points import value_of
from lagesbild.outside.known.readings import Reading
from lagesbild.outside.press import Files, Press
from lagesbild.outside.words import plain

DIGITS = 4


def files(press: Press, _: str) -> Files:
    material, words = press.material, press.words
    known = [code for code in material.readings.indicators if not material.indicators[code].categories]
    counties = sorted_places(press, material.counties)
    yield press.section_page(
        "compare.html",
        "compare",
        str(words("nav.compare")),
        plain(words("compare.intro")),
        example=material.has_examples,
        indicators=[
            (each.code, each.name.in_(press.language), press.to.indicator(each))
            for each in (material.indicators[code] for code in known)
        ],
        counties=[(press.name(each), press.to.place(each)) for each in counties],
    )
    for code in known:
        path = f"{press.to('compare')}{code.lower()}.json"
        yield path.removeprefix(press.base), figures(press, material.indicators[code])


def side_by_side(press: Press, places: Sequence[Region], indicator: Indicator | None = None) -> str:
    """The address of the comparison with these places, and this indicator, chosen."""
    chosen = f"{press.to('compare')}?k={','.join(place.code for place in places)}"
    return f"{chosen}&i={indicator.code.lower()}" if indicator else chosen


def figures(press: Press, indicator: Indicator) -> bytes:
    """One indicator's released cells by place: as written on the pages, and as numbers for drawing."""
    material, readings, language = press.material, press.material.readings, press.language
    geography = material.reference.geography
    larger = [geography[NATION], *geography.at(Level.COUNTY), *geography.at(Level.SKR_GROUP)]
    places = [*larger, *material.municipalities]
    every = {place: readings.of(indicator.code, place.code) for place in places}
    told = {place: series for place, series in every.items() if any(map(_is_told, series))}
    some = next(iter(told.values()), ())
    per = next((each.estimate.per for series in told.values() for each in series if each.estimate), None)
    rate = press.words("unit.per", per=press.numbers.whole(per or 0))
    document = {
        "name": indicator.name.in_(language),
        "unit": str(rate) if per else indicator.unit.in_(language),
        "note": (indicator.beside or indicator.caveat).in_(language),
        "example": material.release.figures[indicator.code].origin == "example",
        "release": material.release.number,
        "periods": [press.numbers.short_period(each.period) for each in some],
        "breaks": [place for place, each in enumerate(some) if each.after_break],
        "places": {
            place.code: [press.name(place), press.to.place(place), [cell(press, each) for each in series]]
            for place, series in told.items()
        },
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _is_told(reading: Reading) -> bool:
    return reading.state is not State.NO_PICTURE


def cell(press: Press, reading: Reading) -> Any:
    """Text, interval, value, low, high; or the status code of a cell without a figure."""
    value = value_of(reading)
    if value is None:
        return str(reading.state)
    numbers, estimate = press.numbers, reading.estimate
    if estimate is None:
        return [numbers.whole(int(value)), "", value]
    low, high = estimate.band95
    ends = [round(each, DIGITS) for each in (value, low, high)]
    return [numbers.rate(value), numbers.interval(low, high), *ends]
