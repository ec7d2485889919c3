"""Maps of municipalities as SVG: outlines fitted to a sheet, one style class per area, no text inside."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup, escape
from scipy.optimize import linear_sum_assignment

from lagesbild.reference.geometry import Sheet, path

METROPOLITAN: Mapping[str, tuple[str, ...]] = {
    "stockholm": (
        *("0114", "0115", "0117", "0120", "0123", "0125", "0126", "0127", "0128", "0136", "0138", "0139"),
        *("0160", "0162", "0163", "0180", "0181", "0182", "0183", "0184", "0186", "0187", "0191", "0192"),
    ),
    "goteborg": ("1384", "1401", "1402", "1407", "1415", "1419", "1440", "1441", "1480", "1481", "1482"),
    "malmo": ("1230", "1231", "1233", "1261", "1262", "1263", "1264", "1280", "1281", "1287"),
}
"""The municipalities shown enlarged beside the map of the country."""


@dataclass(frozen=True)
class Outlines:
    """Areas drawn at one scale: a path of whole numbers for each, county borders, and the size."""

    paths: Mapping[str, str]
    borders: str
    width: int
    height: int


def outlines(sheet: Sheet) -> Outlines:
    """The sheet's areas and county borders as paths."""
    paths = {code: path(rings) for code, rings in sheet.rings.items()}
    return Outlines(paths, path(sheet.county_borders, closed=False), sheet.width, sheet.height)


def draw(
    drawn: Outlines,
    styles: Mapping[str, str],
    *,
    name: str,
    title: str,
    description: str,
    here: str = "",
    links: Mapping[str, tuple[str, str]] | None = None,
    says: Mapping[str, str] | None = None,
) -> Markup:
    """The map; protected areas are drawn after the rest so that their outline shows, one's own place last.

    `links` gives each area an address and a label; only the map that is a way to the pages has them.
    `says` is what an area says to whoever points at it, where no map in words stands on the same page.
    """
    order = sorted(drawn.paths, key=lambda code: (code == here, styles.get(code) == "kc", code))
    areas = "".join(
        _area(code, drawn.paths[code], styles, here, links, (says or {}).get(code, ""))
        for code in order
        if drawn.paths[code]
    )
    borders = f'<path class="county" d="{drawn.borders}"/>' if drawn.borders else ""
    role = "group" if links else "img"
    return Markup(
        f'<svg class="map" viewBox="-6 -6 {drawn.width + 12} {drawn.height + 12}" role="{role}" '
        f'aria-labelledby="{name}-t {name}-d"><title id="{name}-t">{escape(title)}</title>'
        f'<desc id="{name}-d">{escape(description)}</desc>{areas}{borders}</svg>'
    )


def _area(
    code: str,
    path: str,
    styles: Mapping[str, str],
    here: str,
    links: Mapping[str, tuple[str, str]] | None,
    said: str,
) -> str:
    style = styles.get(code, "kx") + (" me" if code == here else "")
    mark = f' data-say="{escape(said)}"' if said else ""
    shape = f'<path class="{style}" data-k="{code}"{mark} d="{path}"/>'
    if links is None:
        return shape
    address, label = links[code]
    return f'<a href="{escape(address)}" aria-label="{escape(label)}">{shape}</a>'


@dataclass(frozen=True)
class Tiles:
    """A place in a grid of equal squares for every area, near where it lies."""

    spots: Mapping[str, tuple[int, int]]
    columns: int
    rows: int


def tile(points: Mapping[str, tuple[float, float]], columns: int = 16, rows: int = 30) -> Tiles:
    """Equal squares for all areas: the assignment to cells with the least total squared displacement.

    `points` are (east, north). The crowded south is first stretched halfway towards equal ranks.
    """
    codes = sorted(points)
    east, north = (_spread(np.array([points[code][axis] for code in codes])) for axis in (0, 1))
    wanted = np.column_stack((east * (columns - 1), (1 - north) * (rows - 1)))
    cells = np.array([(column, row) for row in range(rows) for column in range(columns)], dtype=float)
    cost = ((wanted[:, None, :] - cells[None, :, :]) ** 2).sum(axis=2)
    chosen = linear_sum_assignment(cost)[1]
    found = {code: (int(cells[j][0]), int(cells[j][1])) for code, j in zip(codes, chosen, strict=True)}
    return Tiles(found, columns, rows)


def _spread(
    values: "np.ndarray[tuple[int], np.dtype[np.float64]]",
) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    ranks = values.argsort(kind="stable").argsort(kind="stable") / (len(values) - 1)
    scaled = (values - values.min()) / (values.max() - values.min())
    mixed: np.ndarray[tuple[int], np.dtype[np.float64]] = 0.65 * ranks + 0.35 * scaled
    return mixed


def draw_tiles(
    tiles: Tiles, styles: Mapping[str, str], *, name: str, title: str, description: str, here: str = ""
) -> Markup:
    """The tile grid, in the same styles as the map."""
    side = 20
    drawn: dict[str, list[str]] = {}
    for code in sorted(tiles.spots):
        style = styles.get(code, "kx") + (" me" if code == here else "")
        drawn.setdefault(style, []).append(_square(tiles.spots[code], side))
    order = sorted(drawn, key=lambda style: (style.endswith(" me"), style == "kc", style))
    squares = "".join(f'<path class="{style}" d="{"".join(drawn[style])}"/>' for style in order)
    return Markup(
        f'<svg class="map tiles" viewBox="0 0 {tiles.columns * side + 2} {tiles.rows * side + 2}" role="img" '
        f'aria-labelledby="{name}-t {name}-d"><title id="{name}-t">{escape(title)}</title>'
        f'<desc id="{name}-d">{escape(description)}</desc>{squares}</svg>'
    )


def _square(spot: tuple[int, int], side: int) -> str:
    x, y = (place * side + 2 for place in spot)
    return f"M{x} {y}h{side - 2}v{side - 2}h{2 - side}z"


@dataclass(frozen=True)
class Classes:
    """At most five classes for the rates of one indicator, the same on every map of a release.

    `uppers` are the upper ends of the classes above zero; zero has a class of its own where it occurs.
    """

    low: float
    uppers: tuple[float, ...]
    zero: bool

    def style(self, value: float) -> str:
        if value == 0 and self.zero:
            return "k1"
        place = next((i for i, upper in enumerate(self.uppers) if value <= upper), len(self.uppers) - 1)
        return f"k{5 - len(self.uppers) + 1 + place}"

    @property
    def ranges(self) -> tuple[tuple[str, float, float], ...]:
        """Style, low end and high end of each class above zero, lowest first."""
        lows = (self.low, *self.uppers[:-1])
        first = 5 - len(self.uppers) + 1
        return tuple(
            (f"k{first + i}", low, high) for i, (low, high) in enumerate(zip(lows, self.uppers, strict=True))
        )


def classes(values: Iterable[float]) -> Classes | None:
    """Quantile classes with round ends from the released rates; None where nothing is above zero."""
    every = sorted(values)
    positive = np.array([value for value in every if value > 0])
    if not len(positive):
        return None
    zero = len(positive) < len(every)
    wanted = min(4 if zero else 5, max(1, len(positive) // 3))
    cuts = [two_digits(float(np.quantile(positive, share))) for share in np.linspace(0, 1, wanted + 1)[1:-1]]
    uppers = sorted({cut for cut in cuts if positive[0] <= cut < positive[-1]} | {float(positive[-1])})
    return Classes(float(positive[0]), tuple(uppers), zero)


def two_digits(value: float) -> float:
    """Rounded to two significant digits."""
    return float(f"{value:.2g}")
