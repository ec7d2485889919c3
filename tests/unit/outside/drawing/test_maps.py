"""Maps: five classes at most, zero apart, the three empty states never look alike, tiles for everyone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lagesbild.outside.drawing import maps
from lagesbild.outside.drawing.maps import Outlines
from lagesbild.reference import load

SQUARES = Outlines({"a": "M0 0l1 0 0 1z", "b": "M2 0l1 0 0 1z", "c": "M4 0l1 0 0 1z"}, "", 5, 1)


@given(st.lists(st.floats(0, 1e4, allow_nan=False), min_size=1, max_size=300))
def test_classes_cover_every_value_in_at_most_five(values):
    found = maps.classes(values)
    if found is None:
        assert max(values) == 0
        return
    assert len(found.uppers) + found.zero <= 5
    assert list(found.uppers) == sorted(set(found.uppers))
    styles = {found.style(value) for value in values}
    assert styles <= {"k1", "k2", "k3", "k4", "k5"}
    for style, _, high in found.ranges:
        assert found.style(high) == style
    if found.zero:
        assert "k1" not in {found.style(value) for value in values if value > 0}


def test_a_place_without_a_style_is_hatched_and_protected_ones_are_drawn_after():
    svg = str(maps.draw(SQUARES, {"a": "kc", "b": "k3"}, name="m", title="t", description="d"))
    assert svg.index('class="k3"') < svg.index('class="kc"')
    assert 'class="kx"' in svg


def test_ones_own_place_is_drawn_last():
    svg = str(maps.draw(SQUARES, {"a": "kc", "b": "kc"}, name="m", title="t", description="d", here="a"))
    assert svg.rindex("<path") == svg.index('<path class="kc me"')


def test_areas_are_links_only_where_they_lead_somewhere():
    ways = {code: (f"/{code}/", code.upper()) for code in "abc"}
    plain = maps.draw(SQUARES, {}, name="m", title="t", description="d")
    linked = maps.draw(SQUARES, {}, name="m", title="t", description="d", links=ways)
    assert "<a " not in plain
    assert linked.count("<a ") == 3
    assert 'aria-label="A"' in linked


@pytest.fixture(scope="module")
def tiles():
    spots = load().spots
    return maps.tile({code: (spot.longitude, spot.latitude) for code, spot in spots.items()})


def test_every_municipality_has_a_tile_of_its_own(tiles):
    assert len(tiles.spots) == len(set(tiles.spots.values())) == 290


def test_tiles_keep_north_above_south_and_west_left_of_east(tiles):
    assert tiles.spots["2584"][1] < tiles.spots["2480"][1] < tiles.spots["1280"][1]  # Kiruna, Umeå, Malmö
    assert tiles.spots["1480"][0] < tiles.spots["0180"][0]  # Göteborg, Stockholm
