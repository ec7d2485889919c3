"""`mse` and `chao`: when they decline, and what hidden cells do to them."""

import numpy as np
import pytest

from lagesbild.analysis.answer.reason import Reason
from lagesbild.analysis.chao.answer import CHAO
from lagesbild.analysis.mse.answer import MSE
from lagesbild.analysis.table.tidy import Tidy
from lagesbild.core.refusal import BadUsage, Refusal

FAST = {"bootstraps": 60, "level": (0.95,)}


def lists(patterns, counts, **more):
    """`patterns` like "A AB ABC"; one column for each letter."""
    named = patterns.split()
    columns = {name: [int(name in one) for one in named] for name in sorted(set("".join(named)))}
    return Tidy.of(**columns, count=counts, **more)


def three(**more):
    return lists("A B C AB AC BC ABC", [40.0, 50.0, 60.0, 8.0, 7.0, 9.0, 3.0], **more)


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        (lists("A B AB", [10.0, 12.0, 3.0]), Reason.TWO_LISTS),
        (lists("A B C", [10.0, 12.0, 30.0]), Reason.NO_OVERLAP),
        (lists("A B C AB", [10.0, 12.0, 30.0, 2.0]), Reason.NO_OVERLAP),
        (lists("A B C AB BC", [1.0, 1.0, 1.0, 2.0, 1.0]), Reason.TOO_FEW_EVENTS),
        (lists("A B C AB", ["10", "12", "30", ""]), Reason.MISSING),
        (lists("A B C AB", ["10", "12", "30", ""], status=["", "", "", "hidden"]), Reason.PROTECTED),
        (lists("A B C AB", [10.0, 12.0, 30.0, -4.0]), Reason.IMPOSSIBLE),
    ],
)
def test_lists_that_cannot_tell_are_declined(table, reason):
    answer = MSE.answer(table, **FAST)
    assert (list(answer.rows), answer.declined) == ([], reason)


def test_never_one_number_alone():
    answer = MSE.answer(three(), **FAST)
    families = [row["family"] for row in answer.rows]
    assert families == ["main", "stepwise", "bic", "aic", "averaged", "worst_case"]
    worst = answer.rows[-1]
    assert worst["population"] is None
    assert all(worst["lowest"] <= row["population"] <= worst["highest"] for row in answer.rows[2:5])
    assert all(row["lower"] <= row["population"] <= row["upper"] for row in answer.rows[:5])


def test_more_unseen_dependence_makes_the_worst_case_worse():
    narrow, wide = (MSE.answer(three(), dependence=by, **FAST).rows[-1] for by in (1.0, 3.0))
    assert wide["lowest"] < narrow["lowest"]
    assert wide["highest"] > narrow["highest"]


def test_one_row_a_person_is_the_same_table():
    counted = MSE.answer(three(), **FAST)
    names, rows = ("A", "B", "C"), []
    for pattern, count in zip("A B C AB AC BC ABC".split(), (40, 50, 60, 8, 7, 9, 3), strict=True):  # noqa: SIM905
        rows += [[int(name in pattern) for name in names]] * count
    people = Tidy.of(**dict(zip(names, zip(*rows, strict=True), strict=True)))
    assert MSE.answer(people, **FAST).rows[0]["population"] == counted.rows[0]["population"]


def test_lists_can_be_named_and_must_hold_only_0_and_1():
    table = Tidy({**three().columns, "other": np.array([1, 0, 1, 0, 1, 0, 1])})
    named = MSE.answer(table, lists=("A", "B", "C"), **FAST)
    assert named.summary["lists"] == ["A", "B", "C"]
    with pytest.raises(Refusal):
        MSE.answer(three(), lists=("A", "B", "count"), **FAST)
    with pytest.raises(Refusal):
        MSE.answer(three(), lists=("A", "B", "D"), **FAST)


def hidden(table, row, low, high):
    """The same table with one count hidden between bounds."""
    count = table.columns["count"].astype(str).copy()
    count[row] = ""
    status = np.full(len(table), "", dtype="<U6")
    status[row] = "hidden"
    lower, upper = (
        np.array([bound if i == row else "" for i in range(len(table))]) for bound in (str(low), str(high))
    )
    return Tidy({**table.columns, "count": count, "status": status, "lower": lower, "upper": upper})


def test_a_hidden_cell_gives_ranges_that_hold_every_feasible_table():
    table = three()
    veiled = MSE.answer(hidden(table, 6, 1, 4), **FAST)
    assert {row["reason"] for row in veiled.rows} == {Reason.PROTECTED}
    assert veiled.summary["tables"] == 4
    for count in (1.0, 2.0, 3.0, 4.0):
        counts = table.columns["count"].copy()
        counts[6] = count
        known = MSE.answer(Tidy({**table.columns, "count": counts}), **FAST)
        for name, shown in zip(veiled.rows, known.rows, strict=True):
            if shown["population"] is not None and shown["family"] in ("main", "stepwise"):
                assert name["lowest"] - 1e-6 <= shown["population"] <= name["highest"] + 1e-6


def test_too_many_feasible_tables_are_declined():
    assert MSE.answer(hidden(three(), 2, 0, 9999), **FAST).declined is Reason.PROTECTED


def test_a_family_without_a_ceiling_says_so():
    """Bootstrap tables in which nobody is on two lists have no finite estimate."""
    answer = MSE.answer(lists("A B C AB AC BC", [60.0, 70.0, 80.0, 1.0, 1.0, 1.0]), **FAST)
    unbounded = [row for row in answer.rows if not np.isfinite(row["upper"])]
    assert unbounded
    assert all(row["reason"] is Reason.NO_FINITE_ESTIMATE for row in unbounded)
    assert "no upper limit" in answer.summary["sentence"].en


def test_the_floor_from_times_seen():
    answer = CHAO.answer(Tidy.of(captures=[1, 2, 3], count=[43.0, 16.0, 17.0]))
    corrected, classic, *models = answer.rows
    assert {row["family"] for row in models} == {"closedp"}
    assert corrected["abundance"] == pytest.approx(76 + 43 * 42 / 34)
    assert classic["abundance"] == pytest.approx(76 + 43**2 / 32)


def test_two_lists_give_the_floor_and_no_model():
    answer = CHAO.answer(lists("A B AB", [10.0, 12.0, 5.0]))
    assert [row["family"] for row in answer.rows] == ["lower_bound", "lower_bound", "closedp"]
    assert answer.reasons == (Reason.TWO_LISTS,)


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        (lists("A", [10.0]), Reason.TWO_LISTS),
        (lists("A B AB", [1.0, 1.0, 1.0]), Reason.TOO_FEW_EVENTS),
        (Tidy.of(captures=[3, 4], count=[10.0, 5.0]), Reason.TOO_FEW_EVENTS),
        (Tidy.of(captures=[1, 2], count=["", "5"]), Reason.MISSING),
        (Tidy.of(captures=[1, 2], count=["", "5"], status=["hidden", ""]), Reason.PROTECTED),
    ],
)
def test_too_little_for_a_floor_is_declined(table, reason):
    assert CHAO.answer(table).declined is reason


def test_hidden_counts_give_the_floors_of_every_feasible_table():
    shown = [
        CHAO.answer(Tidy.of(captures=[1, 2, 3], count=[20.0, two, 6.0])).rows[0]
        for two in (1.0, 2.0, 3.0, 4.0)
    ]
    veiled = Tidy.of(
        captures=[1, 2, 3],
        count=["20", "", "6"],
        status=["", "hidden", ""],
        lower=["", "1", ""],
        upper=["", "4", ""],
    )
    (row,) = CHAO.answer(veiled).rows
    assert row["abundance"] is None
    assert row["lowest"] == pytest.approx(min(one["abundance"] for one in shown))
    assert row["highest"] == pytest.approx(max(one["abundance"] for one in shown))
    assert row["lower"] <= min(one["lower"] for one in shown)
    assert row["upper"] >= max(one["upper"] for one in shown)


def test_a_count_under_an_unknown_name_is_not_taken_for_people():
    table = three()
    with pytest.raises(BadUsage):
        MSE.answer(table.also_named({"how_many": "count"}).without(["count"]), **FAST)


def test_more_than_twelve_lists_are_refused():
    with pytest.raises(BadUsage):
        MSE.answer(Tidy.of(**{f"list{i}": [0, 1] for i in range(13)}), **FAST)
