"""Lip cancer in 56 counties of Scotland against the Markov chains of GeoBUGS.

Clayton and Kaldor (1987); counts, expected counts, per cent in outdoor work, neighbours and posterior means
from the GeoBUGS manual's example "Scotland" (MultiBUGS, GeoBUGS/Examples): an intrinsic autoregression with
a0 = -0.3006 and a1 = 0.4474 for ten per cent outdoors. Three islands have no neighbours; the example gives
them no effect of their own, `bym2` does, so they are left out of the comparison. `bym2` also lets counties
differ without regard to the map, so its intervals are a little wider.
"""

import numpy as np
import pytest

from lagesbild.analysis.catalogue import METHODS
from lagesbild.analysis.table.tidy import Tidy

# a county: cases, expected, per cent outdoors, posterior mean and standard deviation of its effect
COUNTIES = """
9 1.4 16 1.131 .2926   39 8.7 16 1.06 .1825   11 3.0 10 1.072 .2906   9 2.5 24 .3115 .3019
15 4.3 10 1.022 .2293   8 2.4 24 - -   26 8.1 10 .9164 .1817   7 2.3 7 - -
6 2.0 7 .6853 .27   20 6.6 16 .6612 .2103   13 4.4 7 - -   5 1.8 16 .7886 .3216
3 1.1 10 .7519 .3371   8 3.3 24 -.06239 .3034   17 7.8 7 .6514 .2304   9 4.6 16 .3588 .2183
2 1.1 10 .566 .2671   7 4.2 7 .0958 .2562   9 5.5 7 .6615 .2212   7 4.4 10 .1702 .293
16 10.5 7 .2766 .2243   31 22.7 16 -.01555 .1882   11 8.8 10 .0569 .2262   7 5.6 7 -.2216 .2248
19 15.5 1 .4303 .2162   15 12.5 1 .304 .2348   7 6.0 7 -.09491 .272   10 9.0 7 -.0002017 .2414
16 14.4 10 .1041 .1587   11 10.2 10 -.2978 .2176   5 4.8 7 -.2113 .24   3 2.9 24 -.3526 .3271
7 7.0 10 -.2078 .2604   8 8.5 7 -.2943 .2048   11 12.3 7 -.1955 .2339   9 10.1 0 -.02304 .3048
11 12.7 10 -.2905 .2294   8 9.4 1 -.3446 .248   6 7.2 16 -.3989 .2746   4 5.3 0 -.3523 .3061
10 18.8 1 -.4102 .2378   8 15.8 16 -.7033 .224   2 4.3 16 -.4121 .2891   6 14.6 0 -.4885 .2518
19 50.7 1 -.5749 .2001   3 8.2 7 -.5265 .2504   2 5.6 1 -.5276 .2696   3 9.3 1 -.5965 .2944
28 88.7 0 -.7056 .1711   6 19.6 1 -.5116 .295   1 3.4 1 -.5575 .3319   1 3.6 0 -.5596 .3313
1 5.7 1 -.6854 .3225   1 7.0 1 -.6607 .296   0 4.2 16 -.5257 .2628   0 1.8 10 -.2668 .2997
"""
NEIGHBOURS = """
1:5,9,19 2:7,10 3:12 4:18,20,28 5:12,19 7:10,13,16,17 9:17,19,23,29 10:16,22 13:17,19 14:31,32,35 15:25,29
16:17,21,22,29 17:19,29 18:20,28,33,55,56 20:56 21:29,50 23:29,34,39 24:27,30,31,44,47,48,55,56 25:26,29
26:29,43 27:31,32,56 28:33,45 29:34,43,50 30:38,42,44,45,55 31:32,35,46,47 33:45,55 34:39,40,42,43,51,52,54
35:37,46 36:37,41 37:41,46 38:42,44,49,51,54 39:40 40:49,52 41:46,49,53 42:43,51 44:48,49 45:55 46:47,53
47:48,49,53 48:49 49:52,53,54 51:54 52:54 55:56
"""
INTERCEPT, SLOPE = -0.3006, 0.4474


def test_bym2_finds_the_risks_that_markov_chains_find():
    cells = np.array(COUNTIES.replace(" - -", " nan nan").split(), dtype=float).reshape(56, 5)
    cases, expected, outdoors, effect, deviation = cells.T
    pairs = [
        (county, other)
        for county, _, others in (part.partition(":") for part in NEIGHBOURS.split())
        for other in others.split(",")
    ]
    assert len(pairs) == 117
    table = Tidy.of(
        area=[str(i) for i in range(1, 57)], count=cases, expected=expected * np.exp(SLOPE * outdoors / 10)
    )
    borders = Tidy.of(a=[a for a, _ in pairs], b=[b for _, b in pairs])
    rows = METHODS["smooth"].answer(table, adjacency=borders, model="bym2", level=(0.95,)).rows
    smoothed, lower, upper = (np.log([row[name] for row in rows]) for name in ("smoothed", "lower", "upper"))
    inland = ~np.isnan(effect)
    apart = np.abs(smoothed - INTERCEPT - effect)[inland]
    assert (apart / deviation[inland]).max() < 0.5
    assert apart.mean() < 0.04
    ratio = ((upper - lower) / (2 * 1.96) / deviation)[inland]
    assert 0.8 < ratio.min() < ratio.max() < 1.3
    assert ratio.mean() == pytest.approx(1, abs=0.1)
