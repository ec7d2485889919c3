"""The figures behind the free comparison are the released cells, written as on every page."""

import json

import pytest

from example_release import make_release
from lagesbild.core.figures import State
from lagesbild.outside.material import Material
from lagesbild.outside.pages.compare import figures
from lagesbild.outside.press import Press
from lagesbild.reference import load


@pytest.fixture(scope="module")
def press() -> Press:
    return Press(Material((make_release(),), load()), "sv")


@pytest.mark.parametrize("code", ["D01", "D05", "R02"])
def test_every_cell_is_a_released_one(press, code):
    indicator = press.material.indicators[code]
    document = json.loads(figures(press, indicator))
    assert document["places"]
    for place, (_, _, cells) in document["places"].items():
        series = press.material.readings.of(code, place)
        for reading, cell in zip(series, cells, strict=True):
            if reading.state is not State.VALUE:
                assert cell == str(reading.state)
            elif reading.estimate is None:
                assert cell == [press.numbers.whole(reading.count), "", reading.count]
            else:
                estimate = reading.estimate
                assert cell[:2] == [
                    press.numbers.rate(estimate.value),
                    press.numbers.interval(*estimate.band95),
                ]
                assert cell[2:] == [round(each, 4) for each in (estimate.value, *estimate.band95)]


def test_a_place_without_a_picture_is_left_out(press):
    assert "2460" not in json.loads(figures(press, press.material.indicators["D01"]))["places"]
