"""Small areas: the milk survey of the Fay-Herriot literature, and sudden infant deaths of North Carolina.

Milk: R package sae 1.3 (data/milk.rda, Arora and Lahiri 1997; You and Chapman 2006), by its mseFH, which
stops its search at 1e-4. North Carolina 1974-78 (Cressie 1993): spData 2.3.4 (data/nc.sids.rda); smoothed by
spdep's EBest, the empbaysmooth of DCluster 0.2-10 and the eBayes of SpatialEpi 1.2.8. All run with R 4.2.2.
"""

import numpy as np
import pytest

from lagesbild.analysis.catalogue import METHODS
from lagesbild.analysis.table.tidy import Tidy

# estimate and standard error of weekly milk expenditure in 43 areas, in order of the four major areas
MILK = """
1.099 0.163 1.075 0.08 1.105 0.083 0.628 0.109 0.753 0.119 0.981 0.141 1.257 0.202 1.095 0.127 1.405 0.168
1.356 0.178 0.615 0.1 1.46 0.201 1.338 0.148 0.854 0.143 1.176 0.149 1.111 0.145 1.257 0.135 1.43 0.172
1.278 0.137 1.292 0.163 1.002 0.125 1.183 0.247 1.044 0.14 1.267 0.171 1.193 0.106 0.791 0.121 0.795 0.121
0.759 0.259 0.796 0.106 0.565 0.089 0.886 0.225 0.952 0.205 0.807 0.119 0.582 0.067 0.684 0.106 0.787 0.126
0.44 0.092 0.759 0.132 0.77 0.1 0.8 0.113 0.756 0.083 0.865 0.121 0.64 0.129
"""
MAJOR_AREA = [1] * 7 + [2] * 7 + [3] * 11 + [4] * 18


def test_milk_by_major_area():
    pairs = [float(number) for number in MILK.split()]
    table = Tidy.of(yi=pairs[::2], SD=pairs[1::2], MajorArea=[str(area) for area in MAJOR_AREA])
    answer = METHODS["smooth"].answer(table, model="fay_herriot", covariate=("factor(MajorArea)",))
    assert answer.summary["refvar"] == pytest.approx(0.0185502, rel=2e-5)
    assert list(answer.summary["coef"].values()) == pytest.approx(
        [0.968189, 0.132780, 0.226946, -0.241301], abs=1e-6
    )
    assert [answer.rows[i]["smoothed"] for i in (0, 3, 41, 42)] == pytest.approx(
        [1.021970, 0.760817, 0.804077, 0.681087], abs=2e-6
    )
    assert [answer.rows[i]["mse"] for i in (0, 3, 42)] == pytest.approx(
        [0.01346022, 0.00854174, 0.00990363], rel=1e-5
    )
    assert answer.rows[0]["lower"] < answer.rows[0]["smoothed"] < answer.rows[0]["upper"]


# deaths and births 1974-78 of the hundred counties, Ashe to New Hanover, in the order of nc.sids
DEATHS = """
1 0 5 1 9 7 0 0 4 1 2 16 4 4 4 18 3 4 1 1 1 0 1 2 10 23 13 6 4 16 8 0 10 6 0 2 16 2 4 1 0 8 5 5 0 5 7 2 11 3
14 5 9 6 2 0 7 3 4 5 12 18 6 10 8 2 5 44 3 3 5 5 0 10 3 11 1 0 4 1 2 38 1 4 15 7 0 4 4 0 13 8 29 31
5 8 4 15 12 5
"""
BIRTHS = """
1091 487 3188 508 1421 1452 286 420 968 1612 1035 4449 1671 1556 2180 3608 1638 3146 1323 484 751 781 1269
1399 11858 16184 4672 1324 3164 7970 4021 671 3657 3609 770 1549 14484 765 4139 1207 1333 5509 3573 990 248
1946 4456 1646 3702 4606 5094 5754 7515 3999 2110 521 2692 675 870 2252 2992 6638 3776 4866 2216 1143 2648
21588 4099 1258 2356 2574 415 3589 1173 9014 533 797 3025 542 1027 20366 578 3915 1570 1494 338 2483 2756 284
5868 2255 11158 7889 2414 1782 1228 3350 5526 2181
"""


def test_sudden_infant_deaths_of_north_carolina():
    births = np.array([float(number) for number in BIRTHS.split()])
    deaths = [float(number) for number in DEATHS.split()]
    table = Tidy.of(county=range(100), SID74=deaths, BIR74=births).also_named(
        {"count": "SID74", "denominator": "BIR74"}
    )
    answer = METHODS["smooth"].answer(table, multiplier=1.0)
    summary, rate = answer.summary, sum(deaths) / births.sum()
    assert summary["marshall_global"]["a"] == pytest.approx(7.69293064701e-07)
    assert summary["marshall_global"]["b"] == pytest.approx(0.00202144489365)
    assert [row["marshall_global"] for row in answer.rows[:3]] == pytest.approx(
        [0.00169729733086, 0.00170537768084, 0.00177308702207]
    )
    assert summary["clayton_kaldor_moment"]["nu"] == pytest.approx(4.63066, rel=1e-4)
    moments = [row["clayton_kaldor_moment"] / rate for row in answer.rows[:3]]
    assert moments == pytest.approx([0.852995079589, 0.860702508997, 0.888435953297], rel=1e-5)
    likelihood = [row["poisson_gamma_mle"] / rate for row in answer.rows[:3]]
    assert likelihood == pytest.approx([0.891339542142, 0.903862514268, 0.909056953932], rel=1e-5)
