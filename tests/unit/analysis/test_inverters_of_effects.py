"""What an outsider who lacks one count works back from the answers of the causal methods (attack 13)."""

import numpy as np
import pytest

from lagesbild.analysis.catalogue import METHODS
from lagesbild.analysis.inversion import Shown, inverter_of
from lagesbild.analysis.table.tidy import Tidy

ITS = Tidy.of(
    period=[str(2010 + t) for t in range(11)],
    count=[9.0, 11, 10, 12, 9, 10, 11, 8, 4, 5, 3],
    treated=[0.0] * 7 + [1.0] * 4,
)
LISTS = Tidy.of(
    A=[1, 0, 0, 1, 1, 0, 1], B=[0, 1, 0, 1, 0, 1, 1], C=[0, 0, 1, 0, 1, 1, 1], count=[9.0, 8, 7, 4, 3, 3, 2]
)
PLACES = Tidy.of(
    unit=[f"p{unit}" for unit in range(6) for _ in range(7)],
    period=[str(2010 + t) for _ in range(6) for t in range(7)],
    outcome=[float(5 + unit + (unit * t) % 4 + t // 3) for unit in range(6) for t in range(7)],
    treated=[float(unit == 0 and t >= 5) for unit in range(6) for t in range(7)],
)
REPORTS = Tidy.of(
    area=[f"a{area}" for area in range(6) for _ in range(5)],
    period=[str(2010 + t) for _ in range(6) for t in range(5)],
    count=[float(4 + (area * 3 + t * 2) % 7) for area in range(6) for t in range(5)],
    effort=[float(20 + (area * 5 + t * 3) % 11) for area in range(6) for t in range(5)],
)
CASES = {
    "its": (ITS, 9, "count", {}),
    "mse": (LISTS, 3, "count", {"bootstraps": 20}),
    "chao": (LISTS, 3, "count", {}),
    "did": (PLACES, 5, "outcome", {"bootstraps": 20}),
    "synth": (PLACES, 5, "outcome", {"estimators": ("did", "sc")}),
    "effort": (REPORTS, 7, "count", {}),
}


def hidden(table, row, column):
    """The same table as an outsider has it, with one cell hidden between bounds."""
    values = table.text(column).astype(object)
    marks = {name: np.full(len(table), "", dtype=object) for name in ("status", "lower", "upper")}
    values[row], marks["status"][row] = "", "hidden"
    marks["lower"][row], marks["upper"][row] = "0", "9"
    return Tidy({**table.columns, column: values.astype(str), **{k: v.astype(str) for k, v in marks.items()}})


@pytest.mark.parametrize("name", CASES)
def test_an_answer_made_from_the_true_counts_gives_the_hidden_one_away_and_the_inverter_knows(name):
    table, row, column, options = CASES[name]
    method = METHODS[name]
    truth = int(table.numbers(column)[row])
    shown = Shown(method.answer(table, **options), decimals=4)
    released, candidates = hidden(table, row, column), range(max(truth - 2, 0), truth + 3)
    undo = inverter_of(method)
    assert undo(method, shown, released, row, candidates, column=column, **options) == (truth,)


@pytest.mark.parametrize("name", CASES)
def test_an_answer_made_from_the_release_gives_nothing_away(name):
    table, row, column, options = CASES[name]
    method, released = METHODS[name], hidden(table, row, column)
    shown = Shown(method.answer(released, **options), decimals=4)
    undo = inverter_of(method)
    assert undo(method, shown, released, row, range(10), column=column, **options) == tuple(range(10))


def test_the_same_answer_again_for_the_same_seed():
    first, second = (METHODS["mse"].answer(LISTS, bootstraps=50, seed=3) for _ in range(2))
    assert first.rows == second.rows
    other = METHODS["mse"].answer(LISTS, bootstraps=50, seed=4)
    assert not np.isclose(other.rows[1]["upper"], first.rows[1]["upper"])
