"""Released cells made readable: rates only beside released counts, and never for those who did not report."""

import pytest

from example_release import make_release
from lagesbild.core.figures import NO_PICTURE, State
from lagesbild.core.region import Level
from lagesbild.outside.known.readings import read
from lagesbild.reference import load


@pytest.fixture(scope="module")
def material():
    release, reference = make_release(), load()
    return release, reference, read(release, reference)


def test_a_rate_stands_only_beside_a_released_count(material):
    _, _, readings = material
    cells = [reading for series in readings.series.values() for reading in series]
    assert any(reading.estimate for reading in cells)
    assert all(reading.count is not None for reading in cells if reading.estimate)
    assert all(reading.state is not State.VALUE for reading in cells if reading.count is None)


def test_the_rate_of_a_sum_counts_only_those_who_reported(material):
    release, reference, readings = material
    reading = readings.at("D01", "24", "2024")
    reported = [
        place.code
        for place in reference.geography.members("24")
        if release.figures["D01"].cells.get((place.code, "2024", "T", "T"), NO_PICTURE).state
        is not State.NO_PICTURE
    ]
    people = sum(reference.population.at(code, 2023).number for code in reported)
    assert reading.coverage.reported == len(reported) < reading.coverage.of == 15
    assert reading.estimate.people.number == people
    assert reading.estimate.value == pytest.approx(reading.count / people * 100_000)


def test_interpolated_population_is_marked_through_to_the_rate(material):
    _, _, readings = material
    assert readings.at("D01", "2480", "2022").estimate.people.status == "interpolated"
    assert readings.at("D01", "2480", "2019").estimate.people.status == "observed"


def test_limits_hold_the_value_and_the_wider_hold_the_narrower(material):
    _, _, readings = material
    for series in readings.series.values():
        for estimate in (reading.estimate for reading in series if reading.estimate):
            assert estimate.band95[0] <= estimate.band80[0] <= estimate.value
            assert estimate.value <= estimate.band80[1] <= estimate.band95[1]


def test_a_value_speaks_before_a_protected_cell_before_nothing(material):
    _, reference, readings = material
    states = {readings.status(("D01",), place.code) for place in reference.geography.at(Level.MUNICIPALITY)}
    assert {State.VALUE, State.NO_PICTURE} <= states
    assert readings.status(("no such",), "2480") is State.NO_PICTURE
