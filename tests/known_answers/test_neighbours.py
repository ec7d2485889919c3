"""Who resembles whom: arrests in the 50 states of the USA 1973, against R.

USArrests (McNeil 1977, in R's datasets): murder, assault, per cent urban, rape. Distances by R 4.2.2,
dist(scale(USArrests)), and the standardised values by its scale. R divides by the standard deviation with
n - 1 and adds the squares up; `compare` divides by that with n and takes their mean.
"""

import numpy as np
import pytest

from lagesbild.analysis.catalogue import METHODS
from lagesbild.analysis.composite import normalised
from lagesbild.analysis.table.tidy import Tidy

STATES = """
Alabama 13.2 236 58 21.2   Alaska 10 263 48 44.5   Arizona 8.1 294 80 31
Arkansas 8.8 190 50 19.5   California 9 276 91 40.6   Colorado 7.9 204 78 38.7
Connecticut 3.3 110 77 11.1   Delaware 5.9 238 72 15.8   Florida 15.4 335 80 31.9
Georgia 17.4 211 60 25.8   Hawaii 5.3 46 83 20.2   Idaho 2.6 120 54 14.2
Illinois 10.4 249 83 24   Indiana 7.2 113 65 21   Iowa 2.2 56 57 11.3
Kansas 6 115 66 18   Kentucky 9.7 109 52 16.3   Louisiana 15.4 249 66 22.2
Maine 2.1 83 51 7.8   Maryland 11.3 300 67 27.8   Massachusetts 4.4 149 85 16.3
Michigan 12.1 255 74 35.1   Minnesota 2.7 72 66 14.9   Mississippi 16.1 259 44 17.1
Missouri 9 178 70 28.2   Montana 6 109 53 16.4   Nebraska 4.3 102 62 16.5
Nevada 12.2 252 81 46   New_Hampshire 2.1 57 56 9.5   New_Jersey 7.4 159 89 18.8
New_Mexico 11.4 285 70 32.1   New_York 11.1 254 86 26.1   North_Carolina 13 337 45 16.1
North_Dakota 0.8 45 44 7.3   Ohio 7.3 120 75 21.4   Oklahoma 6.6 151 68 20
Oregon 4.9 159 67 29.3   Pennsylvania 6.3 106 72 14.9   Rhode_Island 3.4 174 87 8.3
South_Carolina 14.4 279 48 22.5   South_Dakota 3.8 86 45 12.8   Tennessee 13.2 188 59 26.9
Texas 12.7 201 80 25.5   Utah 3.2 120 80 22.9   Vermont 2.2 48 32 11.2
Virginia 8.5 156 63 20.7   Washington 4 145 73 26.2   West_Virginia 5.7 81 39 9.3
Wisconsin 2.6 53 66 10.8   Wyoming 6.8 161 60 15.6
"""
CELLS = [STATES.split()[i : i + 5] for i in range(0, 250, 5)]
NAMES = [cells[0] for cells in CELLS]
VALUES = np.array([cells[1:] for cells in CELLS], dtype=float)
AS_IN_R = np.sqrt(4 * 49 / 50)
NEAREST = {
    "Alabama": "Louisiana 0.77222245 Tennessee 0.84074892 South_Carolina 0.91579684 Georgia 1.13143511",
    "Iowa": "New_Hampshire 0.20585386 Wisconsin 0.63180686 Maine 0.64571576 Minnesota 0.76443845",
    "California": "Nevada 1.1968261 Colorado 1.2876185 Arizona 1.3104842 Michigan 1.5146739",
}


@pytest.mark.parametrize("state", NEAREST)
def test_the_most_alike_and_how_far_away(state):
    table = Tidy.of(area=NAMES, **dict(zip(("murder", "assault", "urban", "rape"), VALUES.T, strict=True)))
    row = METHODS["compare"].answer(table, most=4).rows[NAMES.index(state)]
    names, distances = NEAREST[state].split()[::2], NEAREST[state].split()[1::2]
    assert [other["area"] for other in row["most_alike"]] == names
    found = [other["distance"] * AS_IN_R for other in row["most_alike"]]
    assert found == pytest.approx([float(one) for one in distances], abs=1e-7)


def test_standardised_as_in_r():
    standard = np.column_stack([normalised(column, 1.0, "zscore") for column in VALUES.T])
    assert standard[0] == pytest.approx([1.242564084, 0.782839347, -0.520906615, -0.00341647302], abs=1e-9)
    assert standard[1] == pytest.approx([0.507862482, 1.106822523, -1.211764194, 2.48420294115], abs=1e-9)
