"""`did` and `synth`: when they decline, and what hidden cells do."""

import numpy as np
import pytest

from lagesbild.analysis.answer.reason import Reason
from lagesbild.analysis.did.answer import DID
from lagesbild.analysis.synth.answer import SYNTH
from lagesbild.analysis.table.tidy import Tidy
from lagesbild.core.refusal import BadUsage, Refusal

FAST = {"bootstraps": 50}


def panel(first, periods=8, effect=-5.0, **changes):
    """Units named by number with levels of their own; `first` holds the first treated place or None."""
    rows = []
    for unit, start in enumerate(first):
        for t in range(periods):
            wave = np.sin(t + unit) + 0.3 * np.cos(3 * t * unit)
            value = 20 + 3 * unit + 0.5 * t + wave + (effect if start is not None and t >= start else 0)
            rows.append(
                (f"u{unit}", str(2000 + t), repr(float(value)), str(0 if start is None else 2000 + start))
            )
    unit, period, outcome, begun = zip(*rows, strict=True)
    return Tidy.of(unit=unit, period=period, outcome=outcome, first=begun, **changes)


def hide(table, cells, low="0", high="100"):
    """Hide some (unit, period) cells; empty bounds when nothing is known."""
    at = [(u, p) in cells for u, p in zip(table.text("unit"), table.text("period"), strict=True)]
    outcome = np.where(at, "", table.text("outcome"))
    bounds = {name: np.where(at, bound, "") for name, bound in (("lower", low), ("upper", high))}
    return Tidy({**table.columns, "outcome": outcome, "status": np.where(at, "hidden", ""), **bounds})


STAGGERED = [None, None, None, None, 4, 4, 4, 6, 6]
ONE = [4, None, None, None, None, None]


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        (panel([4, 4, 4]), Reason.NO_COMPARISON_GROUP),
        (panel([None, None]), Reason.NO_COMPARISON_GROUP),
        (panel([0, 0, None]), Reason.NO_POINTS_BEFORE),
        (panel(STAGGERED, periods=1), Reason.TOO_FEW_POINTS),
        (hide(panel(STAGGERED), {("u5", "2003")}, "", ""), Reason.PROTECTED),
    ],
)
def test_places_without_a_comparison_are_declined(table, reason):
    assert DID.answer(table, **FAST).declined is reason


def rows_of(answer, kind, comparison="never"):
    return [row for row in answer.rows if row["kind"] == kind and row["comparison"] == comparison]


def test_the_effect_is_found_where_it_was_put():
    answer = DID.answer(panel(STAGGERED), **FAST)
    overall = rows_of(answer, "group_overall")[0]
    assert overall["lower"] < -5 < overall["upper"]
    assert "fell" in answer.summary["sentence"].en
    band = rows_of(answer, "dynamic")
    assert all(row["band_lower"] <= row["lower"] and row["upper"] <= row["band_upper"] for row in band)


def test_a_single_treated_place_gets_an_effect_and_no_error():
    answer = DID.answer(panel(ONE), **FAST)
    cells = rows_of(answer, "att")
    assert all(row["att"] is not None and row["lower"] is None for row in cells)
    assert {row["reason"] for row in cells} == {Reason.TOO_FEW_AREAS}
    assert "small_groups" in [warned.code for warned in answer.warnings]


@pytest.mark.parametrize(
    ("first", "cluster"),
    [([4, None, None, None], "abcd"), ([4, 4, None, None], "aabc"), ([4, 4, None], "abc")],
)
def test_an_effect_that_rests_on_one_place_or_one_cluster_gets_no_error(first, cluster):
    """Not in any sum either: nothing is known of how such a place moves by itself."""
    table = panel(first, cluster=np.repeat(list(cluster), 8))
    answer = DID.answer(table, comparison="never", cluster="cluster", **FAST)
    assert all(row["lower"] is None and row["att"] is not None for row in answer.rows)
    assert {row["reason"] for row in answer.rows} == {Reason.TOO_FEW_AREAS}
    assert answer.summary["never"]["pre_test"] is None
    assert answer.summary["sentence"].en.startswith("Nobody can tell")


def test_everyone_treated_in_the_end_leaves_only_the_not_yet_treated():
    answer = DID.answer(panel([3, 3, 5, 5, 6, 6]), **FAST)
    assert {row["comparison"] for row in answer.rows} == {"notyet"}
    assert answer.summary["never"]["reason"] is Reason.NO_COMPARISON_GROUP


def test_incomplete_places_are_left_out_and_told():
    table = panel(STAGGERED)
    answer = DID.answer(table.at(np.arange(len(table)) != 3), **FAST)
    assert answer.summary["units_left_out"] == 1
    assert "left_out" in [warned.code for warned in answer.warnings]


def test_hidden_cells_widen_every_interval_by_the_most_they_can_move_it():
    table = panel(STAGGERED)
    exact, veiled = DID.answer(table, **FAST), DID.answer(hide(table, {("u4", "2005")}, "10", "40"), **FAST)
    for before, after in zip(rows_of(exact, "att"), rows_of(veiled, "att"), strict=True):
        if after["att"] is None:
            assert after["reason"] is Reason.PROTECTED
            assert after["lower"] < before["att"] < after["upper"]
    assert any(row["att"] is None for row in rows_of(veiled, "att"))
    assert (
        DID.answer(hide(table, {("u4", "2005")}), covariates=("first",), **FAST).declined is Reason.PROTECTED
    )


def test_the_same_place_and_period_twice_is_refused():
    table = panel(ONE)
    with pytest.raises(Refusal):
        DID.answer(table.at(np.r_[0, 0 : len(table)]), **FAST)


def test_who_was_treated_must_be_said():
    with pytest.raises(BadUsage):
        DID.answer(panel(ONE).without(["first"]), **FAST)
    with pytest.raises(BadUsage):
        DID.answer(panel(ONE), treated=("nobody",), at="2004", **FAST)


def test_a_column_of_treatment_and_a_named_start_say_the_same():
    table = panel(ONE)
    when = np.array([int(p) for p in table.text("period")]) >= 2004
    named = Tidy(
        {**table.without(["first"]).columns, "treated": (when & (table.text("unit") == "u0")).astype(float)}
    )
    ever = Tidy({**table.without(["first"]).columns, "treated": (table.text("unit") == "u0").astype(float)})
    by_start = DID.answer(ever, at="2004", **FAST)
    by_column, by_name = DID.answer(named, **FAST), DID.answer(table, treated=("u0",), at="2004", **FAST)
    assert [row["att"] for row in by_column.rows] == [row["att"] for row in by_name.rows]
    assert [row["att"] for row in by_start.rows] == [row["att"] for row in by_name.rows]


@pytest.mark.parametrize(
    ("table", "options", "reason"),
    [
        (panel([2, None, None, None]), {}, Reason.NO_POINTS_BEFORE),
        (panel([4, None]), {}, Reason.NO_COMPARISON_GROUP),
        (panel([4, 5, None, None]), {}, Reason.NO_COMPARISON_GROUP),
        (hide(panel(ONE), {("u0", "2002")}), {}, Reason.PROTECTED),
        (panel(ONE).at(np.arange(48) != 5), {}, Reason.MISSING),
    ],
)
def test_a_place_that_cannot_be_imitated_is_declined(table, options, reason):
    at_place = Tidy({**table.columns, "treated": treated_column(table)})
    assert SYNTH.answer(at_place, **options).declined is reason


def treated_column(table):
    first = np.array([int(one) for one in table.text("first")])
    return ((first > 0) & (np.array([int(p) for p in table.text("period")]) >= first)).astype(float)


@pytest.mark.parametrize("options", [{"predictors": ("outcome@2001..2005",)}, {"lags": ("1987",)}])
def test_a_period_that_is_not_before_the_measure_is_refused(options):
    with pytest.raises(BadUsage):
        SYNTH.answer(panel(ONE), estimators=("did",), **options)


def test_donors_with_hidden_cells_are_left_out_and_told():
    answer = SYNTH.answer(hide(panel(ONE), {("u3", "2002")}), treated=("u0",), at="2004")
    assert answer.summary["donors"] == 4
    assert [warned.code for warned in answer.warnings] == ["donors_left_out"]


def test_hidden_figures_after_the_measure_give_an_interval_and_no_point():
    table, options = panel(ONE), {"treated": ("u0",), "at": "2004", "estimators": ("sc",)}
    exact = SYNTH.answer(table, **options).rows[0]
    veiled = SYNTH.answer(hide(table, {("u0", "2006")}, "5", "35"), **options).rows[0]
    assert (veiled["att"], veiled["reason"]) == (None, Reason.PROTECTED)
    assert veiled["lower"] < exact["att"] < veiled["upper"]
    assert veiled["upper"] - veiled["lower"] > exact["upper"] - exact["lower"]


def test_a_place_unlike_all_others_is_told_to_be_so():
    table = panel([4, *[None] * 5])
    outcome = [
        repr(float(v) + (60 if u == "u0" else 0))
        for v, u in zip(table.text("outcome"), table.text("unit"), strict=True)
    ]
    far = Tidy({**table.columns, "outcome": np.array(outcome)})
    answer = SYNTH.answer(far, treated=("u0",), at="2004", estimators=("sc",))
    assert answer.rows[0]["reason"] is Reason.POOR_FIT_BEFORE
    assert "Nobody can tell" in answer.summary["sentence"].en


def test_predictors_add_an_estimate_of_their_own():
    table = panel(ONE)
    size = np.array([float(u[1:]) * 3 + 20 for u in table.text("unit")])
    with_size = Tidy({**table.columns, "size": size})
    options = {"treated": ("u0",), "at": "2004", "estimators": ("sc",)}
    answer = SYNTH.answer(with_size, predictors=("size",), lags=("2001", "2003"), **options)
    row = answer.rows[1]
    assert row["estimator"] == "sc_predictors"
    assert sum(row["weights"].values()) == pytest.approx(1, abs=1e-5)


def test_no_p_is_smaller_than_the_number_of_places_allows():
    answer = SYNTH.answer(panel(ONE, effect=-50.0), treated=("u0",), at="2004")
    assert all(row["p"] >= row["smallest_p_possible"] == pytest.approx(1 / 6) for row in answer.rows)
