"""Closed-population models against Rcapture 1.4-4 (Baillargeon and Rivest 2007, J Stat Softw 19(5)) under
R 4.2.2: `closedp.t` and `closedp.bc` on the package's own data, every model that they fit.

HIV: four registers in Rome (Abeni et al. 1994). lesbian: four mailing lists (Aaron et al. 2003). mvole: the
first five occasions of the meadow voles (Nichols et al. 1984). ill and cbird go by the number of captures
(`closedp.0` with `t = Inf`).

R's standard errors come from the weights before its last step, so they agree to a thousandth; with glm's
`epsilon=1e-14` all digits do (mvole, Mb: 1.289717).
"""

import numpy as np
import pytest

from lagesbild.analysis.chao.answer import estimate
from lagesbild.analysis.chao.closed import repeated_abundances
from lagesbild.analysis.table.tidy import Tidy

HIV = (
    "0001 205 0010 621 0011 11 0100 545 0101 10 0110 35 0111 3 1000 403 1001 6 1010 20 1100 33 1101 1 1110 3"
)
HIV_IN_R = """
M0 11576.7 946.0681 297.8192 13 368.855 11501.74 935.8452
Mt 11124.58 904.752 13.02614 10 90.062 11069.08 896.4749
Mh_Chao 12145.15 1076.248 295.3634 12 368.3992 12064 1060.608
Mh_Poisson2 15070.97 2972.146 295.9392 12 368.9751 14904.21 2893.331
Mh_Darroch 20984.63 8266.488 295.62 12 368.6559 20088.24 7880.662
Mh_Gamma3.5 29202.31 17511.61 295.5367 12 368.5726 25873.82 15616.59
Mth_Chao 11700.99 1030.916 10.15749 9 89.19335 11628.72 1019.837
Mth_Poisson2 14849.76 2915.112 10.77859 9 89.81444 14711.23 2843.045
Mth_Darroch 21327.46 8428.433 10.42608 9 89.46193 20456.7 8052.287
Mth_Gamma3.5 30623.15 18463.15 10.337 9 89.37286
Mb 4045.903 386.9258 266.7202 12 339.756 4022.373 380.6251
Mbh 2465.128 88.18228 164.9705 11 240.0064 2457.012 84.06647
"""
LESBIAN = (
    "0001 208 0010 281 0011 28 0100 534 0101 53 0110 64 0111 20 1000 589 1001 143 1010 44 1011 19 "
    "1100 104 1101 48 1110 27 1111 23"
)
LESBIAN_IN_R = """
M0 3829.197 99.40288 477.2488 13 573.6014 3826.923 99.25075
Mt 3738.469 95.24629 174.8092 10 277.1619 3739.059 95.23566
Mh_Chao 4419.986 161.5122 408.316 11 508.6686 4413.489 160.8036
Mh_Poisson2 5027.01 247.5262 411.1245 12 509.4771 5012.248 246.1557
Mh_Darroch 6955.314 649.0797 408.3375 12 506.6901 6904.634 642.037
Mh_Gamma3.5 10001.78 1485.274 408.5469 12 506.8995 9851.564 1456.681
Mth_Chao 4321.385 155.0705 98.10807 8 204.4607 4319.339 154.8277
Mth_Poisson2 4942.222 240.3207 101.2955 9 205.6481 4933.627 239.427
Mth_Darroch 6963.74 650.0751 98.13439 9 202.487 6924.639 644.493
Mth_Gamma3.5 10259.63 1535.47 98.36164 9 202.7143
Mb 2470.244 33.04258 191.3715 12 289.7241 2468.46 32.8593
Mbh 2402.849 43.4203 184.8617 11 285.2143 2399.352 33.63002
"""
MVOLE = (
    "00001 2 00010 4 00100 3 00101 1 01000 2 01010 1 01011 2 01100 3 01101 1 01110 1 01111 3 10000 2 "
    "10100 1 10101 3 10110 1 11000 1 11011 3 11100 1 11101 3 11110 3 11111 15"
)
MVOLE_IN_R = """
M0 56.40389 0.6581226 66.31525 29 125.5358 56.40916 0.6624697
Mt 56.38221 0.6396644 63.00164 25 130.2222 56.49763 0.7342004
Mh_Chao 65.65714 7.188532 29.35782 26 94.57835 63.8 5.523284
Mh_Poisson2 60.56881 3.098888 33.18387 28 94.4044 60.29772 2.9557
Mh_Darroch 74.53011 12.38871 29.91806 28 91.13859 71.72597 10.65094
Mh_Gamma3.5 124.17 54.94876 29.44292 28 90.66345 106.015 40.62153
Mth_Chao 65.41699 7.030235 24.9066 22 98.12712 66.2825 7.260683
Mth_Poisson2 60.41818 3.027458 28.86086 24 98.08138 61.33319 3.39941
Mth_Darroch 74.44086 12.33516 25.47375 24 94.69428 76.8336 13.30104
Mth_Gamma3.5 125.7986 56.25394 24.99043 24 94.21096
Mb 57.09573 1.288897 63.39635 28 124.6169 56.8301 1.085317
Mbh 57.9479 10.5698 62.69334 27 125.9139 57.01041 1.430912
"""
ILL = [1645, 183, 37, 13, 1, 1]
ILL_IN_R = """
M0 7079.897 365.7532 61.81078 4 95.97148
Mh_Chao 9273.511 662.59 1.534409 1 41.69510
Mh_Poisson2 8617.646 537.3483 26.34098 3 62.5016701
Mh_Darroch 15562.098 1808.455 7.276996 3 43.4376875
Mh_Gamma3.5 29058.324 5496.806 3.661119 3 39.8218107
"""
CBIRD = [6, 4, 5, 2, 0, 2]
CBIRD_IN_R = """
M0 20.91785 1.6894646 6.136949 4 25.768106
Mh_Chao 22.5101666 3.7057429 2.3213903 2 25.9525475
Mh_Poisson2 22.643622 2.9464513 3.7440017 3 25.375159
Mh_Darroch 24.0204217 4.8510126 4.4931996 3 26.1243568
Mh_Gamma3.5 25.8129351 8.105739 4.7216603 3 26.3528175
"""
DATA = {"HIV": (HIV, HIV_IN_R), "lesbian": (LESBIAN, LESBIAN_IN_R), "mvole": (MVOLE, MVOLE_IN_R)}


def histories(written):
    """`0110 35` as a tidy table: how many have that capture history."""
    patterns, counts = written.split()[::2], written.split()[1::2]
    columns = {f"c{place}": [int(one[place]) for one in patterns] for place in range(len(patterns[0]))}
    return Tidy.of(**columns, count=[float(count) for count in counts])


def models(table):
    return {row["model"]: row for row in estimate(table).rows if row["family"] == "closedp"}


def printed(text):
    """Model by model: abundance, standard error, deviance, df, AIC, and the corrected abundance and error."""
    lines = (line.split() for line in text.split("\n") if line)
    named = ((name.replace("_", " ").replace("Chao", "Chao (LB)"), numbers) for name, *numbers in lines)
    return {name: [float(number) for number in numbers] for name, numbers in named}


@pytest.mark.parametrize("name", DATA)
def test_every_model_has_the_figures_of_r(name):
    written, in_r = DATA[name]
    agree(models(histories(written)), printed(in_r))


@pytest.mark.parametrize(("often", "in_r"), [(ILL, ILL_IN_R), (CBIRD, CBIRD_IN_R)])
def test_a_single_register_has_the_figures_of_r(often, in_r):
    """Nobody among the birds was seen five times: the free term that runs off is the one that R drops."""
    agree(models(Tidy.of(captures=range(1, 7), count=[float(one) for one in often])), printed(in_r))


def agree(found, published):
    assert set(found) == set(published)
    for model, (size, error, deviance, freedom, aic, *better) in published.items():
        row = found[model]
        assert row["abundance"] == pytest.approx(size, rel=2e-6), model
        assert row["stderr"] == pytest.approx(error, rel=1e-3), model
        assert [row["deviance"], row["df"], row["AIC"]] == pytest.approx([deviance, freedom, aic], rel=1e-6)
        corrected = list(row["bias_corrected"].values()) if "bias_corrected" in row else []
        assert corrected == pytest.approx(better, rel=1e-3), model


def test_a_model_without_a_ceiling_gives_its_fit_and_no_figure():
    """More are seen for the first time on each occasion; R gives a population below zero."""
    row = models(histories("001 30 010 20 100 10 011 5 101 4 110 3 111 2"))["Mb"]
    assert row["abundance"] is None
    assert row["reason"] == "no_finite_estimate"
    assert row["deviance"] > 0
    assert "bias_corrected" not in row


def test_people_seen_up_to_24_times():
    """closedp.0 of Rcapture with t = Inf, run on a table of our own with R 4.2.2."""
    often = np.array([60.0, 30, 18, 10, 7, 5, 3, 2, 2, 1, 1, 0, 1, *[0] * 9, 1, 1])
    found = {one.model.name: (one.abundance, one.error) for one in repeated_abundances(often)}
    assert found == {
        "M0": pytest.approx((151.882060, 3.61267445), rel=1e-4),
        "Mh Chao (LB)": pytest.approx((202.0, 20.49390153), rel=1e-7),
        "Mh Poisson2": pytest.approx((154.996858, 4.28973917), rel=1e-6),
        "Mh Darroch": pytest.approx((175.233453, 8.16326587), rel=1e-6),
        "Mh Gamma3.5": pytest.approx((324.193229, 43.34550013), rel=1e-5),
    }
