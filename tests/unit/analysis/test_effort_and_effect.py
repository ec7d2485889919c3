"""`effort` never guesses, and `effect` calls nothing confirmed that was not fixed beforehand."""

import json
from dataclasses import replace

import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lagesbild.analysis.answer.reason import Reason
from lagesbild.analysis.effect import plan as plans
from lagesbild.analysis.effect.answer import EFFECT
from lagesbild.analysis.effort import reports as effort_reports
from lagesbild.analysis.effort import trends as effort_trends
from lagesbild.analysis.effort.answer import EFFORT
from lagesbild.analysis.effort.between import leaning
from lagesbild.analysis.effort.change import Change
from lagesbild.analysis.table.tidy import Tidy
from lagesbild.core.refusal import BadUsage, BrokenSeal, Exit
from lagesbild.inside.cli import main


def reports(areas=30, years=8, trend=0.0, growth=0.15, seed=1, **more):
    source = np.random.default_rng(seed)
    area, year = np.repeat(np.arange(areas), years), np.tile(np.arange(years), areas)
    looked = np.exp(source.normal(0, 0.3, areas)[area] + growth * year + source.normal(0, 0.3, len(area)))
    level = np.exp(2.0 + source.normal(0, 0.4, areas)[area] + trend * year)
    counts = source.poisson(level * looked**0.9).astype(float)
    columns = {"area": area.astype(str), "period": (2010 + year).astype(str), "count": counts}
    return Tidy.of(**columns, effort=looked * 100, denominator=[10000.0] * len(area), **more)


def test_more_police_is_not_more_crime():
    row = EFFORT.answer(reports()).rows[0]
    assert row["naive_lower"] > 5
    assert row["lower"] < 0 < row["upper"]
    assert row["verdict"] == "no clear change"


@pytest.mark.parametrize(("trend", "verdict"), [(-0.15, "falling"), (0.15, "rising")])
def test_a_real_change_is_seen_through_the_effort(trend, verdict):
    row = EFFORT.answer(reports(trend=trend)).rows[0]
    assert row["verdict"] == verdict
    assert row["lower"] < 100 * np.expm1(trend) < row["upper"]


def test_without_effort_there_is_no_verdict():
    answer = EFFORT.answer(reports(trend=-0.2).without(["effort"]))
    row = answer.rows[0]
    assert row["naive_annual_change_pct"] is not None
    assert (row["annual_change_pct"], row["verdict"], row["reason"]) == (None, None, Reason.NOT_IDENTIFIED)


def test_effort_that_only_follows_time_cannot_be_told_from_it():
    table = reports()
    year = table.numbers("period")
    steady = Tidy({**table.columns, "effort": 100 * np.exp(0.1 * (year - 2010))})
    assert EFFORT.answer(steady).rows[0]["reason"] is Reason.NOT_IDENTIFIED


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        (reports(years=3), Reason.TOO_FEW_POINTS),
        (Tidy({**reports(areas=3).columns, "count": np.full(24, 0.1)}), Reason.TOO_FEW_EVENTS),
        (Tidy({**reports().columns, "denominator": np.zeros(240)}), Reason.NO_DENOMINATOR),
        (Tidy({**reports().columns, "effort": np.zeros(240)}), Reason.IMPOSSIBLE),
        (Tidy({**reports().columns, "effort": np.full(240, np.nan)}), Reason.MISSING),
        (Tidy({**reports().columns, "status": np.full(240, "hidden")}), Reason.PROTECTED),
        (Tidy({**reports().columns, "count": np.full(240, np.nan)}), Reason.MISSING),
    ],
)
def test_reports_that_cannot_tell_are_declined(table, reason):
    assert EFFORT.answer(table).declined is reason


def test_where_effort_stood_still_reports_speak_for_themselves():
    table = reports(trend=-0.1, growth=0.0)
    still = Tidy({**table.columns, "effort": np.repeat(table.numbers("effort")[::8], 8)})
    row = EFFORT.answer(still).rows[0]
    assert row["annual_change_pct"] == row["naive_annual_change_pct"]
    assert row["verdict"] == "falling"


def test_areas_that_differ_in_other_ways_move_the_estimate_but_never_the_interval():
    """With more problem where there are more police, the interval is that of the areas' own changes."""
    table = reports(areas=60)
    confounded = table.numbers("count") * np.repeat(table.numbers("effort")[::8] / 100, 8) ** 0.5
    biased = Tidy({**table.columns, "count": np.ceil(confounded)})
    read_ = effort_reports.read(biased, None)[0]
    row = EFFORT.answer(biased).rows[0]
    own = effort_trends.within_areas(read_).changes[0]
    assert (row["lower"], row["upper"]) == own.interval(0.95)
    assert row["lower"] < row["annual_change_pct"] < row["upper"]
    assert row["annual_change_pct"] != own.per_cent


def test_an_estimate_leans_on_a_biased_one_as_published():
    """README of MissAdapt: newspapers and turnout, 0.43 (0.14) and 0.26 (0.09), correlation 0.7236: 0.36."""
    own, other = Change(0.43, 0.14, 1e9), Change(0.26, 0.09, 1e9)
    leant = leaning(own, other, 0.7236 * 0.14 * 0.09)
    assert leant == pytest.approx(0.36, abs=0.005)
    assert leaning(own, None) == 0.43


def test_pools_are_a_column_or_a_remainder():
    table = reports()
    by_code = EFFORT.answer(table, pool="area%2").rows
    parity = np.array([str(int(area) % 2) for area in table.text("area")])
    by_column = EFFORT.answer(Tidy({**table.columns, "side": parity}), pool="side").rows
    assert [row["annual_change_pct"] for row in by_code[:3]] == [
        row["annual_change_pct"] for row in by_column[:3]
    ]
    shifted = EFFORT.answer(table, pool="(area-1)%2").rows
    assert shifted[0]["annual_change_pct"] == pytest.approx(by_code[1]["annual_change_pct"])


def test_each_channel_has_its_own_elasticity():
    seen, told = reports(seed=2), reports(growth=0.0, seed=3)
    both = {name: np.concatenate([seen.columns[name], told.columns[name]]) for name in seen}
    table = Tidy({**both, "channel": np.repeat(["patrol", "tip"], 240)})
    rows = [row for row in EFFORT.answer(table).rows if "channel" in row]
    assert [row["channel"] for row in rows] == ["patrol", "tip"]


def test_hidden_counts_widen_the_interval():
    table = reports(areas=40)
    counts = table.numbers("count")
    veiled = (counts >= 1) & (counts <= 9)
    columns = {"status": np.where(veiled, "hidden", ""), "lower": np.where(veiled, "0", "")}
    hidden = Tidy({**table.columns, **columns, "upper": np.where(veiled, "9", "")})
    exact, less = EFFORT.answer(table).rows[0], EFFORT.answer(hidden).rows[0]
    assert less["upper"] - less["lower"] > exact["upper"] - exact["lower"]
    assert less["lower"] < 0 < less["upper"]


def places(effect=-6.0, donors=12, **more):
    source = np.random.default_rng(7)
    rows = []
    for unit in range(donors + 1):
        for t in range(10):
            value = 30 + unit + t + source.normal(0, 0.5) + (effect if unit == 0 and t >= 7 else 0)
            rows.append((f"p{unit}", str(2010 + t), value))
    unit, period, outcome = zip(*rows, strict=True)
    return Tidy.of(unit=unit, period=period, outcome=outcome, **more)


KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw().hex()
PLAN = plans.Plan("Did it help?", "reports", ("p0",), "2017", "synthdid", "fall", 0.1, "2016")
WHO = {"treated": ("p0",), "at": "2017"}


def standing(plan=PLAN, key=PUBLIC):
    return EFFECT.answer(places(), plan=plans.sign(plan, KEY), public_key=key, **WHO).summary["standing"]


def test_without_a_plan_everything_is_exploratory():
    answer = EFFECT.answer(places(), **WHO)
    assert answer.summary["standing"] == "exploratory_no_plan"
    assert "Exploratory" in answer.summary["sentence"].en
    assert answer.summary["share_same_sign"] == 1
    assert answer.summary["smallest_p_possible"] == pytest.approx(1 / 13)


def test_a_plan_signed_before_the_outcome_confirms():
    answer = EFFECT.answer(places(), plan=plans.sign(PLAN, KEY), public_key=PUBLIC, **WHO)
    assert answer.summary["standing"] == "confirmatory"
    assert answer.summary["as_predicted"] is True
    assert [row["estimator"] for row in answer.rows if row.get("planned")] == ["synthdid"]


def test_a_prediction_the_wrong_way_is_not_borne_out():
    risen = replace(PLAN, direction="rise")
    answer = EFFECT.answer(places(), plan=plans.sign(risen, KEY), public_key=PUBLIC, **WHO)
    assert answer.summary["as_predicted"] is False


@pytest.mark.parametrize(
    ("plan", "key", "expected"),
    [
        (PLAN, None, "exploratory_unknown_key"),
        (PLAN, "00" * 32, "exploratory_unknown_key"),
        (replace(PLAN, data_through="2018"), PUBLIC, "exploratory_data_already_seen"),
        (replace(PLAN, treated=("p1",)), PUBLIC, "exploratory_not_as_planned"),
        (replace(PLAN, at="2016"), PUBLIC, "exploratory_not_as_planned"),
        (replace(PLAN, data_through="1900"), PUBLIC, "exploratory_not_as_planned"),
    ],
)
def test_anything_else_is_exploratory_and_says_why(plan, key, expected):
    assert standing(plan, key) == expected


def test_a_changed_plan_is_a_broken_seal():
    signed = json.loads(plans.sign(PLAN, KEY))
    signed["plan"]["alpha"] = 0.5
    with pytest.raises(BrokenSeal):
        EFFECT.answer(places(), plan=json.dumps(signed).encode(), public_key=PUBLIC, **WHO)


def test_too_few_places_for_significance_are_told():
    answer = EFFECT.answer(places(donors=4), **WHO)
    assert "significance_out_of_reach" in [warned.code for warned in answer.warnings]


def test_the_outcome_is_also_counted_per_effort():
    table = places()
    answer = EFFECT.answer(Tidy({**table.columns, "effort": np.full(len(table), 2.0)}), **WHO)
    by_outcome = {
        row["outcome"]: row for row in answer.rows if row.get("estimator") == "sc" and "lower" in row
    }
    assert by_outcome["per effort"]["att"] == pytest.approx(by_outcome["as given"]["att"] / 2)


def test_nobody_to_compare_with_leaves_the_series_alone():
    answer = EFFECT.answer(places(donors=0), **WHO)
    usable = [row["estimator"] for row in answer.rows if "reason" not in row]
    assert usable == ["its"]
    assert "Nobody can say" in answer.summary["sentence"].en


def test_places_that_start_at_different_times_are_compared_by_groups():
    table = places(donors=12)
    first = np.where(np.isin(table.text("unit"), ["p0", "p1"]), "2017", "0")
    first = np.where(np.isin(table.text("unit"), ["p2", "p3"]), "2015", first)
    answer = EFFECT.answer(Tidy({**table.columns, "first": first}))
    usable = [row["estimator"] for row in answer.rows if row["kind"] == "estimate" and "reason" not in row]
    assert usable == ["callaway_santanna"]


def test_the_command_makes_a_key_and_signs(tmp_path, capsys):
    plan, key, signed = (tmp_path / name for name in ("plan.json", "key.pem", "signed.json"))
    plan.write_bytes(PLAN.content)
    assert main(["plan", "key", "--to", str(key)]) == Exit.OK
    public = capsys.readouterr().out.strip()
    assert key.stat().st_mode & 0o077 == 0
    assert main(["plan", "sign", str(plan), "--key", str(key), "--to", str(signed)]) == Exit.OK
    assert plans.verified(signed.read_bytes()) == (PLAN, public)
    assert main(["plan", "key", "--to", str(key)]) == Exit.REFUSED
    assert main(["plan", "sign", str(plan), "--key", str(plan), "--to", str(signed)]) == Exit.USAGE
    assert main(["plan", "sign", str(key), "--key", str(key), "--to", str(signed)]) == Exit.SEAL
    assert (
        main(["plan", "sign", str(tmp_path / "no"), "--key", str(key), "--to", str(signed)]) == Exit.REFUSED
    )
    assert (
        main(["plan", "sign", str(plan), "--key", str(key), "--to", str(tmp_path / "a" / "b")])
        == Exit.REFUSED
    )


def test_an_unknown_start_is_refused():
    with pytest.raises(BadUsage):
        EFFECT.answer(places(), treated=("p0",), at="1900")


@pytest.mark.parametrize("word", [{"direction": "down"}, {"estimator": "nonsense"}])
def test_a_plan_with_a_word_that_means_nothing_is_not_signed(word):
    with pytest.raises(BrokenSeal):
        plans.read(replace(PLAN, **word).content)
