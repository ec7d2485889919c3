"""Whom to learn from: only those who say that they have the measure, the most alike first."""

import pytest

from example_release import make_release
from lagesbild.outside.known.answers import answer
from lagesbild.outside.lessons import HAS, TEACHERS, lessons
from lagesbild.outside.material import Material
from lagesbild.outside.picture import picture
from lagesbild.reference import load


@pytest.fixture(scope="module")
def material() -> Material:
    return Material((make_release(),), load())


def test_every_missing_measure_is_a_lesson_and_no_other(material):
    shown = picture(material, "2480")
    asked = [each.asked.indicator.code for each in lessons(material, shown)]
    assert asked == [each.indicator.code for each in shown.done if each.answer not in HAS]


def test_teachers_have_the_measure_and_come_in_order_of_likeness(material):
    order = [each.place.code for each in material.by_likeness["2460"]]
    for lesson in lessons(material, picture(material, "2460")):
        code = lesson.asked.indicator.code
        taught = [each.place.code for each in lesson.teachers]
        have = [
            other for other in order
            if answer(material.indicators[code], material.readings.latest(code, other)) in HAS
        ]  # fmt: skip
        assert taught == have[:TEACHERS]


def test_a_place_never_teaches_itself(material):
    for lesson in lessons(material, picture(material, "2460")):
        assert "2460" not in {each.place.code for each in lesson.teachers}
        assert "2460" not in {each.region for each in lesson.documented}
