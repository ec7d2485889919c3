"""Funnels of PHEindicatormethods 2.1.0 (commit 093fd288, tests/testthat), which follow Fingertips.

testdata_funnel_rate_dsr_inputs.csv (some of its 40 areas would change the average, so all stand here),
testdata_funnel_prop_outputs.csv and testdata_funnel_rate_outputs.csv (some of their points).
"""

import numpy as np
import pytest

from lagesbild.analysis.catalogue import METHODS
from lagesbild.analysis.funnel.chart import funnel
from lagesbild.analysis.funnel.lines import curve, limits
from lagesbild.analysis.table.tidy import Tidy

# events, standardised rate per 100,000, people; label of the standardised and of the crude rate
AREAS = """
2419 907.6174266 264102 H1 H1
2337 948.5620216 259711 H1 H1
2291 799.9690496 289247 H1 H1
2242 852.5637927 265029 H1 H1
2218 868.5358183 284649 H1 H1
2159 769.6242217 293578 H1 H1
2130 752.3254955 286718 H2 H1
2111 710.2689402 307381 N N
2105 815.3530325 274145 H1 H1
2083 717.7035916 297424 N H2
2078 755.8016993 272628 H1 H1
2062 825.9742848 269656 H1 H1
2061 702.2972468 294692 N H2
2033 785.6210132 277710 H1 H1
2033 743.6763018 259213 H2 H1
2010 781.8323058 285516 H1 H2
2004 772.6781064 269449 H1 H1
2002 652.3391553 290888 L1 N
1977 648.4969973 287112 L1 N
1944 727.5777428 286492 N N
1932 625.6551186 287012 L1 N
1922 688.5582424 291277 N N
1912 662.4465438 289859 L2 N
1881 627.1624732 289653 L1 N
1844 657.1114147 282519 L2 N
1835 724.8456714 274220 N N
1833 659.7820553 280271 L2 N
1825 654.7053631 284206 L1 N
1816 624.4435507 274508 L1 N
1809 646.7588823 288384 L1 L2
1798 703.1689982 287072 N L2
1754 567.9922764 282744 L1 L1
1746 617.7750715 289208 L1 L1
1709 610.8327232 287736 L1 L1
1694 608.5089462 296175 L1 L1
1688 662.3775859 303255 L2 L1
1649 667.6454503 285959 L2 L1
1553 604.1141693 274661 L1 L1
1332 469.5645784 281425 L1 L1
0 NA 297820 - L1
"""
# people, then the limits in per cent around 80.642448 %
SHARES = [
    (1, 3.204264, 100, 0, 100),
    (4, 41.923356, 100, 19.594903, 100),
    (83, 72.142503, 89.142393, 67.240771, 94.044125),
    (1886, 78.859312, 82.425583, 77.831017, 83.453878),
    (110000, 80.408963, 80.875933, 80.274317, 81.010578),
]
# events, then the limits per 100,000 around 116.1720835
EVENTS = [
    (2, 32.15975314, 959.2695538, 20.69168143, 5117.48863),
    (5, 49.78092521, 357.7858395, 35.30048174, 785.6132963),
    (34, 83.13446945, 167.7504405, 70.33403799, 210.3185726),
    (168, 99.87517003, 135.9532932, 92.04464111, 149.2386494),
    (1360, 110.158048, 122.6021934, 106.9073359, 126.5084525),
]
LABEL = {"H1": "High (0.001)", "H2": "High (0.025)", "N": "Not significant", "L2": "Low (0.025)"}
LABEL |= {"L1": "Low (0.001)", "-": None}
ROWS = [line.split() for line in AREAS.split("\n") if line]


def test_labels_of_crude_rates():
    table = Tidy.of(count=[row[0] for row in ROWS], Pop=[row[2] for row in ROWS])
    rows = METHODS["funnel"].answer(table, multiplier=100000.0).rows
    assert [row["significance"] for row in rows] == [LABEL[row[4]] for row in ROWS]


def test_labels_of_standardised_rates():
    """Below ten events upstream says "Not applicable", and we give the reason."""
    table = Tidy.of(count=[row[0] for row in ROWS], dsr=[row[1] for row in ROWS])
    rows = METHODS["funnel"].answer(table, multiplier=100000.0).rows
    assert [row["significance"] for row in rows] == [LABEL[row[3]] for row in ROWS]
    assert {row["reason"] for row in rows if row["significance"] is None} == {"too_few_events"}


@pytest.mark.parametrize("published", SHARES)
def test_limits_of_shares(published):
    people, *lines = published
    pairs = [limits(np.array([float(people)]), 0.80642448, level, True) for level in (0.95, 0.998)]
    assert [float(100 * end[0]) for pair in pairs for end in pair] == pytest.approx(lines, abs=1e-5)


def test_the_places_of_the_lines_of_shares():
    at = [row["denominator"] for row in curve(np.array([16386.0, 102950.0]), 0.8, "proportion", 1.0)]
    assert [at[place] for place in (0, 3, 30, 60, 99)] == [row[0] for row in SHARES]


@pytest.mark.parametrize("published", EVENTS)
def test_limits_of_rates_lie_on_the_published_lines(published):
    """Their lines are rates at given events; ours at the size where such a rate makes those events."""
    events, *lines = published
    for line, end, level in zip(lines, (0, 1, 0, 1), (0.95, 0.95, 0.998, 0.998), strict=True):
        size = events / line * 1e5
        found = limits(np.array([size]), 116.1720835e-5, level, False)[end]
        assert 1e5 * found[0] == pytest.approx(line, rel=1e-4)


def test_a_point_is_outside_the_lines_just_when_its_own_exact_interval_leaves_the_baseline_out():
    counts, sizes = np.arange(0.0, 9.0), np.geomspace(0.3, 40.0, 9)
    many, size = (grid.ravel() for grid in np.meshgrid(counts, sizes))
    found = funnel(many, size, "ratio")
    above, below = found.value > found.limits[1], found.value < found.limits[0]
    assert (above == (found.significance > 2)).all()
    assert (below == (found.significance < 2)).all()


@pytest.mark.parametrize(
    ("statistic", "scale", "phi", "tau2"),
    [("ratio", 1, 2.327178, 0.00343978), ("proportion", 3, 2.977452, 0.001645708)],
)
def test_overdispersion_is_that_of_funnelplotr(statistic, scale, phi, tau2):
    """FunnelPlotR's own test table (tests/testthat/test-classes_methods.R), through its functions for the
    square-root scale (sr_method "CQC") and for shares, with R 4.2.2; Spiegelhalter 2005."""
    counts, size = [100, 150, 180, 80, 120, 225], [108, 112, 165, 95, 100, 220]
    name = "expected" if statistic == "ratio" else "denominator"
    table = Tidy.of(area=list("abcdef"), count=counts, **{name: [scale * each for each in size]})
    summary = METHODS["funnel"].answer(table, statistic=statistic).summary
    assert (summary["phi"], summary["tau2"]) == (pytest.approx(phi, rel=1e-6), pytest.approx(tau2, rel=1e-6))
