"""From degrees to metres: the transverse Mercator projection of SWEREF 99 TM."""

from dataclasses import dataclass
from functools import cached_property
from math import atan, atanh, cos, cosh, radians, sin, sinh, tan

SEMI_MAJOR_AXIS = 6_378_137.0
FLATTENING = 1 / 298.257222101
"""Both of GRS 80, the ellipsoid of SWEREF 99."""


@dataclass(frozen=True)
class TransverseMercator:
    """Krüger's series as in Lantmäteriet, "Gauss Conformal Projection (Transverse Mercator)", 2008.

    Exact to less than a millimetre anywhere in Sweden. `central_meridian` in degrees, the rest in metres.
    """

    central_meridian: float
    scale: float
    false_northing: float
    false_easting: float

    def project(self, latitude: float, longitude: float) -> tuple[float, float]:
        """Northing and easting in metres of a point in degrees."""
        xi, eta = _conformal(radians(latitude), radians(longitude - self.central_meridian))
        terms = list(enumerate(self._series, start=1))
        north = xi + sum(beta * sin(2 * n * xi) * cosh(2 * n * eta) for n, beta in terms)
        east = eta + sum(beta * cos(2 * n * xi) * sinh(2 * n * eta) for n, beta in terms)
        return (
            self.scale * self._radius * north + self.false_northing,
            self.scale * self._radius * east + self.false_easting,
        )

    @cached_property
    def _third_flattening(self) -> float:
        return FLATTENING / (2 - FLATTENING)

    @cached_property
    def _radius(self) -> float:
        n = self._third_flattening
        return SEMI_MAJOR_AXIS / (1 + n) * (1 + n**2 / 4 + n**4 / 64)

    @cached_property
    def _series(self) -> tuple[float, float, float, float]:
        n = self._third_flattening
        return (
            n / 2 - 2 * n**2 / 3 + 5 * n**3 / 16 + 41 * n**4 / 180,
            13 * n**2 / 48 - 3 * n**3 / 5 + 557 * n**4 / 1440,
            61 * n**3 / 240 - 103 * n**4 / 140,
            49561 * n**4 / 161280,
        )


def _conformal(phi: float, delta: float) -> tuple[float, float]:
    """Angles on the conformal sphere of latitude `phi`, `delta` radians east of the central meridian."""
    e2 = FLATTENING * (2 - FLATTENING)
    s2 = sin(phi) ** 2
    a = e2
    b = (5 * e2**2 - e2**3) / 6
    c = (104 * e2**3 - 45 * e2**4) / 120
    d = 1237 * e2**4 / 1260
    star = phi - sin(phi) * cos(phi) * (a + b * s2 + c * s2**2 + d * s2**3)
    return atan(tan(star) / cos(delta)), atanh(cos(star) * sin(delta))


SWEREF99_TM = TransverseMercator(15.0, 0.9996, 0.0, 500_000.0)
