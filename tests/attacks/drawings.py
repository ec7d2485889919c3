"""Reads a drawing backwards, as an attacker would: heights and pixels into values, colours into classes."""

import io
import re
from dataclasses import dataclass

import numpy as np
from PIL import Image
from scipy import ndimage

DOT = re.compile(r'<circle class="p1" cx="[^"]*" cy="([\d.]+)" r="3.5"')
AREA = re.compile(r'<path class="(k\w)[^"]*" data-k="(\d{4})"')
_FLOOR = re.compile(r'class="axis" x1="[^"]*" y1="([\d.]+)"')
_TICK = re.compile(r'class="tick halo" x="[^"]*" y="([\d.]+)">([^<]+)<')
_BAND = re.compile(r'<polygon class="b95" points="([^"]+)"')
_BLUE = (0x12, 0x43, 0x6D)
_ABOVE = 5
"""A tick's label stands this many pixels above its line."""
CHART_TOP = 84
"""Where a chart file has its chart, in pixels."""


@dataclass(frozen=True)
class Scale:
    """The axis, fitted to its labels: `top` is the highest value that is written."""

    floor: float
    ceiling: float
    top: float

    @classmethod
    def of(cls, svg: str) -> "Scale":
        comma = "" if 'lang="en"' in svg[:300] else "."
        found = [(float(y) + _ABOVE, number(text, comma)) for y, text in _TICK.findall(svg)]
        at, value = min(found)
        floor = _FLOOR.search(svg)
        assert floor
        return cls(float(floor[1]), at, value)

    def value(self, y: float) -> float:
        return self.top * (self.floor - y) / (self.floor - self.ceiling)

    @property
    def blur(self) -> float:
        """What a tenth of a pixel hides."""
        return self.top * 0.11 / (self.floor - self.ceiling)


def number(text: str, comma: str) -> float:
    """A written number; `comma` is what a comma means: a decimal point in Swedish, nothing in English."""
    return float(re.sub(r"[\s\u202f\u00a0]", "", text).replace(",", comma).replace("\u2212", "-"))


def dots(svg: str) -> list[float]:
    """The value behind every dot of a series."""
    scale = Scale.of(svg)
    return [scale.value(float(y)) for y in DOT.findall(svg)]


def band_ends(svg: str) -> list[float]:
    """The value behind every corner of the wide bands."""
    scale = Scale.of(svg)
    corners = [corner for points in _BAND.findall(svg) for corner in points.split()]
    return [scale.value(float(corner.split(",")[1])) for corner in corners]


def dots_of_pixels(png: bytes, svg: str) -> list[float]:
    """The same from the picture alone: the middle of each blob of the dots' colour, left to right.

    Only the scale is taken from the drawing; a line that joins dots is taken away by opening the blobs.
    """
    pixels = np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)
    blue = np.abs(pixels - _BLUE).sum(axis=2) < 40
    opened = ndimage.binary_opening(blue, structure=np.ones((8, 8)))
    blobs, count = ndimage.label(opened)
    middles = ndimage.center_of_mass(opened, blobs, range(1, count + 1))
    scale = Scale.of(svg)
    return [scale.value(y / 2 - CHART_TOP) for y, _ in sorted(middles, key=lambda each: each[1])]


def areas(svg: str) -> dict[str, str]:
    """Municipality to the style of its area."""
    return {code: style for style, code in AREA.findall(svg)}
