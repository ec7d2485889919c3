"""Odd tables get an answer with reasons or a refusal, never a crash or an infinite number."""

import json
import warnings
from contextlib import suppress

import numpy as np
import pytest

from lagesbild.analysis.catalogue import METHODS
from lagesbild.analysis.table.tidy import Tidy
from lagesbild.core.refusal import Refusal

EIGHT = list("ABCDEFGH")
ODD = {
    "one row": {"count": [3], "denominator": [100]},
    "nothing happened": {"count": [0] * 8, "denominator": [100] * 8},
    "nobody": {"count": [1] * 8, "denominator": [0] * 8},
    "blank": {"count": [""] * 8, "denominator": [""] * 8},
    "hidden": {"count": [""] * 8, "denominator": [100] * 8, "status": ["hidden"] * 8},
    "bounded": {
        "count": ["", 5, 7, "", 12, 0, 30, 2],
        "denominator": [100, 200, 300, "", 100, 0, 500, 10],
        "status": ["hidden", "", "", "", "rounded", "", "", ""],
        "lower": [0, "", "", "", 10, "", "", ""],
        "upper": [4, "", "", "", 14, "", "", ""],
    },
    "below zero": {"count": [-5] * 8, "denominator": [100] * 8},
    "more than all": {"count": [500] * 8, "denominator": [100] * 8},
    "huge": {"count": [10**12 + i for i in range(8)], "denominator": [10**13] * 8},
}
ALSO = {
    "dsr": {"population": "denominator", "standard": "denominator"},
    "isr": {"population": "denominator", "reference_count": "count", "reference_population": "denominator"},
    "prevalence": {
        "share": "count",
        "share_lower": "count",
        "share_upper": "count",
        "population": "denominator",
    },
    "cost": {"cost": "denominator", "effect": "count", "population": "denominator", "reached": "count"},
    "spc": {"value": "count"},
}
DESCRIPTIVE = [*METHODS][: [*METHODS].index("its")]


@pytest.mark.parametrize("series", ["areas", "years"])
@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("method", DESCRIPTIVE)
def test_it_answers_or_refuses(method, odd, series):
    columns = {name: [str(cell) for cell in cells] for name, cells in ODD[odd].items()}
    rows = len(columns["count"])
    columns["area"] = EIGHT[:rows] if series == "areas" else ["A"] * rows
    columns["period"] = ["2020"] * rows if series == "areas" else [str(2013 + row) for row in range(rows)]
    columns["age_group"] = ["0-4"] * rows
    columns |= {name: columns[given] for name, given in ALSO.get(method, {}).items()}
    table = Tidy({name: np.array(cells) for name, cells in columns.items()})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with suppress(Refusal):
            json.dumps(METHODS[method].answer(table).document(method, {}), allow_nan=False)
