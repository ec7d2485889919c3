"""The XmR chart of van drivers killed in Great Britain 1969-84 (R's Seatbelts) as NHSRplotthedots marks it.

Limits and marks by the package's own functions (0.2.2, R/ptd_spc_standard.R, R/ptd_calculate_point_type.R),
run with R 4.2.2; with fourteen other series of R's datasets, 1,634 points in all every rule among them,
the marks agreed as well.
"""

import numpy as np
import pytest

from lagesbild.analysis.catalogue import METHODS
from lagesbild.analysis.spc import xmr
from lagesbild.analysis.table.tidy import Tidy

KILLED = """
12 6 12 8 10 13 11 6 10 16 13 14 14 6 8 11 7 13 13 11 11 14 16 14 17 16 15 13 13 15 12 6 9 13 14 15 14 3 12
13 12 8 8 15 8 5 17 14 13 5 8 5 12 11 13 15 11 11 10 13 8 6 8 14 12 14 13 9 4 13 6 15 12 16 7 12 10 9 9 6 7
13 14 13 14 11 11 10 4 8 9 10 10 5 13 12 10 9 7 5 10 5 6 8 6 12 15 7 14 4 10 8 7 11 3 5 11 10 10 7 10 11 9 7
8 13 8 5 8 7 12 10 7 4 10 4 8 8 7 10 8 14 8 9 8 6 7 6 5 4 5 10 7 10 12 7 4 5 6 4 4 8 8 3 7 12 2 7 8 3 2 6 3
7 6 8 8 4 3 5 5 3 4 3 6 6 7 5 7 7 4 7
"""
# u, n: seven above or below the mean; h, l: two in three near the upper or lower limit
MARKS = (
    ".................uuuuuhuhhhuuuu.....................uuuuuuuu...........h.h.......uuuuuuu..............."
    ".......................................nnnnnnnnn....nnnnnnnnnn.nnnllnlnnnnnnnnlnlnnnnnnnn"
)
TYPES = {
    ".": "Common Cause",
    "u": "7 Points Above CL",
    "n": "7 Points Below CL",
    "h": "2 in 3 Above CL",
    "l": "2 in 3 Below CL",
}


def test_van_drivers():
    values = np.array([float(number) for number in KILLED.split()])
    months = [f"{1969 + month // 12}-{month % 12 + 1:02d}" for month in range(192)]
    answer = METHODS["spc"].answer(Tidy.of(month=months, VanKilled=values).also_named({"value": "VanKilled"}))
    first = answer.rows[0]
    assert (first["mean"], first["lpl"], first["upl"]) == pytest.approx(
        (9.05729166666667, 1.06321759259259, 17.0513657407407)
    )
    assert [row["type"] for row in answer.rows] == [TYPES[mark] for mark in MARKS]
    unscreened = xmr(values, screen=False)
    assert (unscreened.lower, unscreened.upper) == pytest.approx((0.826611038394415, 17.2879722949389))
