"""Whom to learn from: for each common measure that a place lacks, the most alike that have it."""

from collections.abc import Iterator
from dataclasses import dataclass

from lagesbild.core.region import Region
from lagesbild.outside.known.answers import MEASURE, answer
from lagesbild.outside.known.effects import REPORTS
from lagesbild.outside.known.readings import Reading
from lagesbild.outside.known.trend import Trend
from lagesbild.outside.material import Material
from lagesbild.outside.picture import COST, Done, Picture
from lagesbild.reference import LocalMeasure, Measure

TEACHERS = 3
HAS = ("yes", "partly")


@dataclass(frozen=True)
class Teacher:
    """One municipality that says it has the measure: since when, at what cost, and where its reports go."""

    place: Region
    since: Reading
    cost: Reading | None
    trend: Trend | None


@dataclass(frozen=True)
class Lesson:
    """One measure that is missing or untold, what it is, who has it, and who is documented to have it."""

    asked: Done
    measure: Measure | None
    teachers: tuple[Teacher, ...]
    documented: tuple[LocalMeasure, ...]


def lessons(material: Material, shown: Picture) -> tuple[Lesson, ...]:
    return tuple(_lesson(material, shown, each) for each in shown.done if each.answer not in HAS)


def _lesson(material: Material, shown: Picture, asked: Done) -> Lesson:
    code, reference = asked.indicator.code, material.reference
    measure = material.measure(MEASURE[code]) if code in MEASURE else None
    taught = (
        Teacher(
            each.place,
            since,
            material.readings.latest(COST, each.place.code),
            material.trends.get((REPORTS, each.place.code)),
        )
        for each in material.by_likeness.get(shown.place.code, ())
        if (since := _since(material, code, each.place.code)) is not None
    )
    documented = (
        each
        for each in reference.local_measures
        if measure is not None and each.measure == measure.code and each.region != shown.place.code
    )
    return Lesson(asked, measure, tuple(_first(taught, TEACHERS)), tuple(documented))


def _since(material: Material, code: str, region: str) -> Reading | None:
    """The first of the unbroken answers that it is there, up to the latest; None where it is not."""
    found: Reading | None = None
    for reading in reversed(material.readings.of(code, region)):
        if answer(material.indicators[code], reading) not in HAS:
            break
        found = reading
    return found


def _first(found: Iterator[Teacher], most: int) -> Iterator[Teacher]:
    for _, each in zip(range(most), found, strict=False):
        yield each
