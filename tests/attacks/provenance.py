"""Where every numeral of a public page comes from: read off the page, and traced through the one door.

A numeral is explained when its text left `Numbers` (or stands in the product's own words), and the value that
`Numbers` was given is a released cell, a public fact, or one of the declared derivations below, to the last
digit of the floating-point number. Coordinates of drawings are not numerals; two worlds covers them.
"""

import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from lagesbild.analysis.rate import rates
from lagesbild.core.figures import State
from lagesbild.outside import numbers
from lagesbild.outside.drawing.maps import classes
from lagesbild.outside.drawing.points import value_of
from lagesbild.outside.material import Material
from lagesbild.outside.pages.indicator import shown_of
from lagesbild.outside.picture import COST
from lagesbild.outside.press import Press

NUMERAL = re.compile(r"\d+(?:[.,\u202f\u00a0]\d+)*")
SPOKEN = ("title", "aria-label", "alt", "content", "value", "placeholder")
OUTSIDE = Path(numbers.__file__).parent


class Ledger:
    """Every value that came to the door, and every text that left it."""

    def __init__(self) -> None:
        self.values: set[float] = set()
        self.texts: set[str] = set()

    def watch(self, patch: pytest.MonkeyPatch) -> None:
        def note(own, text):
            self.texts.add(text)
            return text

        patch.setattr(numbers.Numbers, "_note", note)
        for name in ("whole", "decimal"):
            door = getattr(numbers.Numbers, name)

            def noted(own, number, *rest, _door=door, **named):
                self.values.add(round(float(number), 9))
                return _door(own, number, *rest, **named)

            patch.setattr(numbers.Numbers, name, noted)


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.spoken: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self._silent += tag in ("script", "style")
        self.spoken += [
            value for name, value in attributes if value and (name in SPOKEN or name.startswith("data-"))
        ]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.spoken.append(data)


def numerals(html: str) -> set[str]:
    """Every numeral that a reader or a screen reader meets on a page."""
    page = _Page()
    page.feed(html)
    return in_texts(page.spoken)


def in_texts(texts: Iterable[str]) -> set[str]:
    return {found for text in texts for found in NUMERAL.findall(text)}


def constants(material: Material) -> set[str]:
    """Numerals of the product's own words and of the public facts' texts, and the release's name.

    Charts and reports carry the first twelve digits of its digest, which may cut a numeral in two.
    """
    own = [path.read_text() for folder in ("words", "templates") for path in (OUTSIDE / folder).rglob("*.*")
           if path.suffix in (".toml", ".html", ".py", ".css")]  # fmt: skip
    own += [path.read_text() for path in (OUTSIDE / "static").iterdir()]
    data = OUTSIDE.parent / "reference/data"
    own += [path.read_text() for path in (*data.glob("*.toml"), *data.glob("indicators/*.toml"))]
    own += [(data / f"{name}.csv").read_text() for name in
            ("published_figure", "source", "measure", "local_measure", "term")]  # fmt: skip
    own += [f"{each.number} {each.published.isoformat()} {each.title.sv} {each.title.en}"
            for each in material.releases]  # fmt: skip
    own += [f"{each.digest} {each.digest[:12]}" for each in material.releases]
    own += [place.code for place in material.reference.geography.regions]
    return in_texts(own)


def explained(material: Material) -> set[float]:
    """All values that a page may show, recomputed here from released cells and public facts."""
    return {round(float(value), 9) for value in _explained(material)}


def _explained(material: Material) -> Iterator[float]:
    yield from range(
        len(material.municipalities) + 1
    )  # how many places, questions, indicators, cells of a kind
    for release in material.releases:
        statement = release.audit
        yield from (statement.cells, statement.published, statement.hidden, statement.unsafe_too_narrow)
        yield from (revision.changed for revision in release.revisions)
        yield from (
            figure.value
            for table in release.figures.values()
            for _, figure in table
            if figure.value is not None
        )
    yield from (float(each.value) for each in material.reference.published_figures)
    yield from _populations(material)
    yield from _rates(material)
    yield from _trends(material)
    yield from _likeness(material)
    yield from _effects(material)
    yield from _expected(material)
    yield from _maps_and_funnels(material)
    yield from SCALES


def _populations(material: Material) -> Iterator[float]:
    for readings in material.readings.series.values():
        yield from (reading.estimate.people.number for reading in readings if reading.estimate)
    for place in material.reference.geography.regions:
        yield from (
            people.number
            for year in range(2012, 2026)
            if (people := material.reference.population.at(place.code, year)) is not None
        )


def _rates(material: Material) -> Iterator[float]:
    """Rates with their limits, from released counts alone."""
    for readings in material.readings.series.values():
        for reading in readings:
            if reading.estimate and reading.state is State.VALUE and reading.count is not None:
                per, people = float(reading.estimate.per), float(reading.estimate.people.number)
                found = rates([float(reading.count)], [people], per, (0.80, 0.95))
                yield per
                yield float(found.value[0])
                yield from (float(end[0]) for ends in (found.lower, found.upper) for end in ends)
            if reading.indicator == COST and reading.count is not None:
                yield from (reading.count / people for people in _populations(material))


def _trends(material: Material) -> Iterator[float]:
    for trend in material.trends.values():
        yield from (100 * share for share in (trend.yearly, *(trend.band95 or ())) if share is not None)


def _likeness(material: Material) -> Iterator[float]:
    yield from (each.distance for found in material.alike.values() for each in found)


def _expected(material: Material) -> Iterator[float]:
    """What a survey's share would mean here: functions of published shares and public populations."""
    for found in material.expected.values():
        yield from (n for each in found for n in (each.asked, each.low, each.high) if n is not None)


def _effects(material: Material) -> Iterator[float]:
    """Estimates of a measure's effect: functions of the released series before and after it."""
    for effect in material.effects.values():
        for attempt in effect.attempts:
            found = (attempt.change, *(attempt.band95 or ()), attempt.p, attempt.smallest_p)
            yield from (each for each in found if each is not None)
            yield from (100 * each for each in found if each is not None)


def _maps_and_funnels(material: Material) -> Iterator[float]:
    """Class breaks of the maps, and the averages that funnels stand around: of released cells alone."""
    press = Press(material, "sv")
    for indicator in material.indicators.values():
        shown = shown_of(press, indicator) if indicator.code in material.release.figures else None
        if shown is None:
            continue
        values = [value for reading in shown.at.values() if (value := value_of(reading)) is not None]
        found = classes(values)
        yield from (end for _, *ends in found.ranges for end in ends) if found else ()
        rated = [reading.estimate for reading in shown.at.values() if reading.estimate is not None]
        if rated:
            events = sum(each.value * each.people.number for each in rated)
            yield events / sum(each.people.number for each in rated)


SCALES = tuple(
    part * step * 10.0**power
    for power in range(-2, 9)
    for step in (1, 1.5, 2, 3, 4, 5, 6, 8)
    for part in (1, 0.5)
)
"""Round numbers on the axes of charts: the tops that `charts.nice_top` may choose, and their middles."""
