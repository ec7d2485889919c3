"""Simplified lines stay near the true ones, keep their ends, and read the same from both ends of a border."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from lagesbild.reference.boundary import distance, simplified

coordinates = st.integers(0, 1000).map(float)
lines = st.lists(st.tuples(coordinates, coordinates), min_size=2, max_size=30, unique=True).map(tuple)
tolerances = st.floats(0, 500)


@given(lines, tolerances)
def test_dropped_points_lie_within_the_tolerance(
    line: tuple[tuple[float, float], ...], tolerance: float
) -> None:
    kept = simplified(line, tolerance)

    assert (kept[0], kept[-1]) == (line[0], line[-1])
    places = [line.index(point) for point in kept]
    assert places == sorted(places)
    for start, end in pairwise(places):
        for point in line[start + 1 : end]:
            assert distance(point, line[start], line[end]) <= tolerance


@given(lines, tolerances)
def test_a_loop_keeps_an_area(line: tuple[tuple[float, float], ...], tolerance: float) -> None:
    if len(line) > 2:
        assert len(set(simplified((*line, line[0]), tolerance))) >= 3
