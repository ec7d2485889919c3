"""Maps as integer coordinates in a viewBox: the country in outline, and any part of it in more detail."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import combinations, pairwise

from .boundary import Arc, Boundaries, boundaries, simplified
from .projection import SWEREF99_TM

Place = tuple[int, int]
Line = tuple[Place, ...]
Segment = tuple[Place, Place]


@dataclass(frozen=True)
class Sheet:
    """Municipalities in a viewBox `0 0 width height`; y grows downwards, one unit is `metres` long.

    `rings` holds for each municipality its closed rings, the first point not repeated. `coasts` and
    `county_borders` are open lines for drawing on top, each stretch once.
    """

    width: int
    height: int
    metres: float
    rings: Mapping[str, tuple[Line, ...]]
    coasts: tuple[Line, ...]
    county_borders: tuple[Line, ...]
    west: float
    north: float

    def place(self, latitude: float, longitude: float) -> Place:
        """Where a point in degrees lies on the sheet."""
        northing, easting = SWEREF99_TM.project(latitude, longitude)
        return round((easting - self.west) / self.metres), round((self.north - northing) / self.metres)


@cache
def country() -> Sheet:
    """All 290 municipalities, small enough for any page."""
    return _sheet(frozenset(boundaries().rings), metres=1100.0, tolerance=2.5)


def part(codes: frozenset[str], size: int = 1000) -> Sheet:
    """Some municipalities, in as much detail as fits into `size` units in height or width."""
    bounded = [arc for arc in boundaries().arcs if arc.sides & codes]
    west, north, east, south = _box(bounded)
    return _sheet(codes, metres=max(east - west, north - south) / size, tolerance=1.0)


def path(lines: tuple[Line, ...], closed: bool = True) -> str:
    """The `d` of an SVG path, in relative whole numbers and as short as they come."""
    return "".join(_subpath(line) + ("z" if closed else "") for line in lines)


def _subpath(line: Line) -> str:
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(line)]
    numbers = "".join(_signed(number) for step in steps for number in step)
    return f"M{line[0][0]} {line[0][1]}l{numbers.removeprefix(' ')}"


def _signed(number: int) -> str:
    return str(number) if number < 0 else f" {number}"


def _box(arcs: list[Arc]) -> tuple[float, float, float, float]:
    """West, north, east and south."""
    eastings = [point[0] for arc in arcs for point in arc.points]
    northings = [point[1] for arc in arcs for point in arc.points]
    return min(eastings), max(northings), max(eastings), min(northings)


def _sheet(codes: frozenset[str], metres: float, tolerance: float) -> Sheet:
    """The municipalities on a grid of so many metres, simplified by so many units."""
    whole = boundaries()
    arcs = {number: arc for number, arc in enumerate(whole.arcs) if arc.sides & codes}
    west, north, east, south = _box(list(arcs.values()))
    lines = _fitted(arcs, _Grid(west, north, metres), tolerance * metres)
    return Sheet(
        width=round((east - west) / metres),
        height=round((north - south) / metres),
        metres=metres,
        rings={code: _rings(code, whole, lines) for code in sorted(codes)},
        coasts=tuple(lines[number] for number, arc in arcs.items() if len(arc.sides) == 1 and lines[number]),
        county_borders=tuple(
            lines[number]
            for number, arc in arcs.items()
            if len({code[:2] for code in arc.sides}) == 2 and lines[number]
        ),
        west=west,
        north=north,
    )


@dataclass(frozen=True)
class _Grid:
    west: float
    north: float
    metres: float

    def line(self, arc: Arc, tolerance: float) -> Line:
        """The arc simplified and on the grid; empty where it shrinks to nothing."""
        places = [
            (round((x - self.west) / self.metres), round((self.north - y) / self.metres))
            for x, y in simplified(arc.points, tolerance)
        ]
        kept = [places[0], *(b for a, b in pairwise(places) if a != b)]
        return tuple(kept) if len(kept) > 1 else ()


def _fitted(arcs: Mapping[int, Arc], grid: _Grid, tolerance: float) -> dict[int, Line]:
    """Every arc as simple as it may be without touching another: what collides keeps more of its points."""
    tolerances = dict.fromkeys(arcs, tolerance)
    lines = {number: grid.line(arc, tolerance) for number, arc in arcs.items()}
    while colliding := {number for number in collisions(lines) if tolerances[number] > 0}:
        for number in colliding:
            tolerances[number] = tolerances[number] / 2 if tolerances[number] > grid.metres / 4 else 0.0
            lines[number] = grid.line(arcs[number], tolerances[number])
    return lines


def collisions(lines: Mapping[int, Line]) -> set[int]:
    """The lines that cross, touch or cover another, or themselves, elsewhere than at a shared end."""
    owner = {(number, i): pair for number, line in lines.items() for i, pair in enumerate(pairwise(line))}
    near: dict[Place, list[tuple[int, int]]] = defaultdict(list)
    for key, segment in owner.items():
        for cell in _cells(segment):
            near[cell].append(key)
    return {
        number
        for keys in near.values()
        for one, other in combinations(keys, 2)
        if _collide(owner[one], owner[other])
        for number in (one[0], other[0])
    }


def _cells(segment: Segment, side: int = 40) -> Iterator[Place]:
    (ax, ay), (bx, by) = segment
    for x in range(min(ax, bx) // side, max(ax, bx) // side + 1):
        for y in range(min(ay, by) // side, max(ay, by) // side + 1):
            yield x, y


def _collide(one: Segment, other: Segment) -> bool:
    shared = set(one) & set(other)
    if len(shared) == 2:
        return True
    if shared:
        return any(_on(end, other) for end in one if end not in shared) or any(
            _on(end, one) for end in other if end not in shared
        )
    return _cross(one, other) or any(_on(end, other) for end in one) or any(_on(end, one) for end in other)


def _cross(one: Segment, other: Segment) -> bool:
    return (
        _turn(*one, other[0]) * _turn(*one, other[1]) < 0
        and _turn(*other, one[0]) * _turn(*other, one[1]) < 0
    )


def _on(place: Place, segment: Segment) -> bool:
    (ax, ay), (bx, by) = segment
    within = min(ax, bx) <= place[0] <= max(ax, bx) and min(ay, by) <= place[1] <= max(ay, by)
    return within and _turn(*segment, place) == 0


def _turn(a: Place, b: Place, c: Place) -> int:
    """Positive where a-b-c turns one way, negative the other, 0 on a straight line."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _rings(code: str, whole: Boundaries, lines: Mapping[int, Line]) -> tuple[Line, ...]:
    """The municipality's rings put together from its arcs; islets that shrank to nothing are left out."""
    joined = (
        tuple(
            place
            for number, backwards in ring
            for place in (lines[number][::-1] if backwards else lines[number])[:-1]
        )
        for ring in whole.rings[code]
    )
    return tuple(ring for ring in joined if len(ring) > 2)
