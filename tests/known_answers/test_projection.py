"""SWEREF 99 TM against control points of Lantmäteriet.

The first is the worked example of "Gauss Conformal Projection (Transverse Mercator)", Lantmäteriet 2008; the
others are Lantmäteriet's control points for SWEREF 99 TM, as quoted on the PROJ mailing list in October 2008.
"""

import pytest

from lagesbild.reference.projection import SWEREF99_TM, TransverseMercator


def test_worked_example() -> None:
    rt90_like = TransverseMercator(13 + 35 / 60 + 7.692 / 3600, 1.00000254, -6_226_307.8640, 84_182.8790)

    assert rt90_like.project(66.0, 24.0) == pytest.approx((1_135_809.413803, 555_304.016555), abs=1e-4)


@pytest.mark.parametrize(
    ("latitude", "longitude", "northing", "easting"),
    [
        (55.0, 12.75, 6_097_106.672, 356_083.438),
        (55.0, 14.25, 6_095_048.642, 452_024.069),
        (57.0, 12.75, 6_319_636.937, 363_331.554),
        (57.0, 19.5, 6_326_392.707, 773_251.054),
        (59.0, 11.25, 6_546_096.724, 284_626.066),
    ],
)
def test_control_points(latitude: float, longitude: float, northing: float, easting: float) -> None:
    assert SWEREF99_TM.project(latitude, longitude) == pytest.approx((northing, easting), abs=6e-4)
