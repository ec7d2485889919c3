"""The methods on tidy tables: what comes out, and when it does not."""

import numpy as np
import pytest

from lagesbild.analysis.answer.reason import Reason
from lagesbild.analysis.answer.result import Answer, level_key, plain
from lagesbild.analysis.answer.sentence import number_text
from lagesbild.analysis.catalogue import METHODS
from lagesbild.analysis.composite import normalised, rank
from lagesbild.analysis.cost import net_benefit_probability, sentence, worth
from lagesbild.analysis.method import Column, Method, Option, levels, number, one_of, pairs, yes_or_no
from lagesbild.analysis.prevalence import expected_number
from lagesbild.analysis.table.tidy import Tidy
from lagesbild.core.language import Text
from lagesbild.core.refusal import BadUsage, Refusal


def answer(method, table=None, options=None, **columns):
    return METHODS[method].answer(table or Tidy.of(**columns), **(options or {}))


# --- what every method shares


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_a_sentence_in_both_languages(reason):
    assert reason.text.sv.endswith(".")
    assert reason.text.en.endswith(".")
    assert reason.text.sv != reason.text.en


@pytest.mark.parametrize("name", METHODS)
def test_options_of_a_method_are_the_arguments_of_its_function(name):
    method = METHODS[name]
    taken = method.run.__code__.co_varnames[1 : method.run.__code__.co_argcount]
    assert sorted(taken) == sorted(option.name for option in method.options)


def test_a_column_is_found_under_another_name_and_keeps_it():
    method = Method("m", Text("", ""), (Column("count", Text("", ""), ("cases",), True, True),), (), Answer)
    named = method.with_own_names(Tidy.of(cases=["3"]))
    assert named.numbers("count")[0] == 3
    assert "cases" in named
    with pytest.raises(BadUsage):
        method.with_own_names(Tidy.of(other=[1]))


def test_unreadable_options_name_the_option_and_not_what_was_typed():
    method = Method("m", Text("", ""), (), (Option("level", Text("a", "b"), number()),), Answer)
    with pytest.raises(BadUsage) as refused:
        method.options_from({"level": "77321x"})
    assert "--level" in refused.value.in_("sv")
    assert "77321" not in refused.value.in_("en")


@pytest.mark.parametrize(
    ("read", "typed", "made"),
    [
        (levels, "95,0.998", (0.95, 0.998)),
        (pairs, "a=1,b=2.5", {"a": 1.0, "b": 2.5}),
        (yes_or_no, "no", False),
        (one_of("a", "b"), "a", "a"),
    ],
)
def test_options_are_read(read, typed, made):
    assert read(typed) == made


@pytest.mark.parametrize(
    ("read", "typed"), [(levels, "0"), (levels, "100"), (yes_or_no, "maybe"), (one_of("a"), "b")]
)
def test_options_out_of_range_are_no_values(read, typed):
    with pytest.raises(ValueError):  # noqa: PT011 -- the message is never shown
        read(typed)


def test_plain_values_carry_no_numpy_and_no_infinities():
    made = plain(
        {
            "a": np.float64(1),
            "b": np.nan,
            "c": np.array([1, np.inf]),
            "d": Text("s", "e"),
            "e": np.bool_(True),
        }
    )
    assert made == {"a": 1.0, "b": None, "c": [1.0, None], "d": {"sv": "s", "en": "e"}, "e": True}
    assert plain(np.array(2.0)) == 2.0


def test_levels_name_their_limits():
    assert [level_key("lower", level) for level in (0.95, 0.998, 0.9973)] == [
        "lower95.0",
        "lower99.8",
        "lower99.73",
    ]


def test_numbers_in_sentences_follow_each_language():
    assert number_text(-1234.5, digits=5).sv == "−1\u202f234,5"
    assert number_text(4.17, signed=True).en == "+4.17"
    assert number_text(0.0123, digits=2).en == "0.0"


# --- dsr and isr


def test_standardised_rates_are_withheld_below_ten_events_and_when_a_count_is_missing():
    columns = {"age_group": ["a", "b"] * 3, "population": [100.0] * 6, "standard": [1.0] * 6}
    found = answer("dsr", area=["A", "A", "B", "B", "C", "C"], count=[4, 5, 4, 6, 9, np.nan], **columns).rows
    assert [row["reason"] for row in found] == ["too_few_events", "", "missing"]
    assert np.isnan(found[0]["value"])
    assert np.isfinite(found[1]["lower95.0"])


def test_persons_who_return_widen_the_limits_by_the_square_of_their_events():
    once = answer("dsr", age_group=["a"], count=[20.0], population=[1000.0], standard=[1.0]).rows[0]
    thrice = answer(
        "dsr", age_group=["a"], count=[20.0], population=[1000.0], standard=[1.0], events_per_person=[3.0]
    ).rows[0]
    assert thrice["value"] == 3 * once["value"]
    single = answer("dsr", age_group=["a"], count=[60.0], population=[1000.0], standard=[1.0]).rows[0]
    width = {n: r["upper95.0"] - r["lower95.0"] for n, r in (("single", single), ("thrice", thrice))}
    assert width["thrice"] == pytest.approx(np.sqrt(3) * width["single"])


def test_a_hidden_age_group_leaves_limits_but_no_value():
    columns = {"age_group": ["a", "b"], "population": [1000.0] * 2, "standard": [1.0] * 2}
    shut = answer(
        "dsr", count=[15.0, np.nan], status=["", "hidden"], lower=["", "0"], upper=["", "9"], **columns
    )
    least, most = (answer("dsr", count=[15.0, end], **columns).rows[0] for end in (0.0, 9.0))
    (row,) = shut.rows
    assert row["reason"] == "protected"
    assert np.isnan(row["value"])
    assert (row["lower95.0"], row["upper95.0"]) == (least["lower95.0"], most["upper95.0"])


# --- funnel, spc


def test_shares_are_judged_by_the_score_limits_and_lone_areas_not_at_all():
    found = answer(
        "funnel", options={"statistic": "proportion"}, count=[10, 50, 90], denominator=[100, 100, 100]
    )
    assert [row["significance"] for row in found.rows] == ["Low (0.001)", "Not significant", "High (0.001)"]
    assert answer("funnel", count=[10], denominator=[100]).declined == Reason.TOO_FEW_AREAS


def test_areas_that_all_differ_widen_the_funnel():
    source = np.random.default_rng(1)
    mean = 100 * source.gamma(5, 0.2, 60)
    found = answer("funnel", observed=source.poisson(mean), expected=np.full(60, 100.0))
    inside = [row["significance_overdispersed"] == "Not significant" for row in found.rows]
    assert found.summary["tau2"] > 0
    assert np.mean(inside) > 0.8
    assert [w.code for w in found.warnings] == ["overdispersion"]


def test_a_stretch_with_a_hidden_point_has_no_limits():
    found = answer("spc", period=range(2010, 2020), count=[5.0] * 10, status=["hidden"] + [""] * 9)
    assert {row["reason"] for row in found.rows} == {"protected"}
    assert {row["type"] for row in found.rows} == {None}


@pytest.mark.parametrize(("values", "reason"), [([5.0], "too_few_points"), ([5.0, np.nan, 4], "missing")])
def test_a_chart_needs_every_point(values, reason):
    assert answer("spc", period=range(len(values)), value=values).rows[0]["reason"] == reason


def test_an_unreadable_rebase_is_refused():
    with pytest.raises(BadUsage):
        answer("spc", options={"rebase": ("then",)}, period=[1, 2], value=[1, 2])


# --- smooth


def table_of_areas(**more):
    return Tidy.of(
        area=list("abcdef"), count=[2.0, 9, 0, 31, 4, 12], denominator=[100.0, 300, 90, 900, 400, 800], **more
    )


@pytest.mark.parametrize("model", ["gamma", "marshall", "bym2"])
def test_smoothing_lies_between_raw_and_usual(model):
    for row in answer("smooth", table_of_areas(), {"model": model, "multiplier": 1.0}).rows:
        usual = 58 / 2590
        assert min(row["raw"], usual) - 0.004 <= row["smoothed"] <= max(row["raw"], usual) + 0.004
        assert row["lower"] <= row["smoothed"] <= row["upper"]


def test_smoothing_declines_what_it_cannot_do():
    hidden = table_of_areas(status=["hidden"] + [""] * 5)
    assert answer("smooth", hidden).declined == Reason.PROTECTED
    assert answer("smooth", hidden, {"model": "gamma"}).declined == Reason.PROTECTED
    assert answer("smooth", table_of_areas().at(slice(0, 3))).declined == Reason.TOO_FEW_AREAS
    with pytest.raises(BadUsage):
        answer("smooth", area=list("abcdef"), count=[1.0] * 6)


def test_a_local_model_needs_a_map_and_any_model_some_count():
    with pytest.raises(BadUsage):
        answer("smooth", table_of_areas(), {"model": "local"})
    blank = Tidy({**table_of_areas().columns, "count": np.full(6, np.nan)})
    assert answer("smooth", blank, {"model": "bym2"}).declined == Reason.MISSING
    assert answer("smooth", blank, {"model": "gamma"}).declined == Reason.MISSING


def test_areas_are_smoothed_over_several_years_and_with_covariates():
    years = Tidy.of(
        area=np.repeat(list("abcdef"), 3),
        year=[2021, 2022, 2023] * 6,
        count=np.arange(18.0) % 7,
        denominator=[500.0] * 18,
        rural=np.arange(18.0) % 2,
    )
    found = answer("smooth", years, {"covariate": ("rural",)})
    assert found.summary["model"] == "bym2"
    assert found.summary["bym2"]["sd_period"] > 0
    assert set(found.summary["poisson_glm"]["coef"]) == {"(Intercept)", "rural"}
    assert all(row["lower"] < row["smoothed"] < row["upper"] for row in found.rows)
    hidden = Tidy({**years.columns, "rural": np.full(18, np.nan)})
    assert answer("smooth", hidden, {"covariate": ("rural",)}).summary["poisson_glm"] is None


def test_areas_without_any_event_are_smoothed_quietly():
    zero = Tidy({**table_of_areas().columns, "count": np.zeros(6)})
    for model in ("gamma", "marshall", "bym2"):
        assert len(answer("smooth", zero, {"model": model}).rows) == 6


def test_nobody_expected_is_nothing_to_compare_with():
    columns = {"age_group": ["a"], "count": [12.0], "population": [100.0], "reference_population": [1000.0]}
    (row,) = answer("isr", reference_count=[0.0], **columns).rows
    assert row["reason"] == "no_denominator"


def test_a_baseline_may_be_given_and_a_row_may_choose_its_interval():
    found = answer("funnel", options={"baseline": 0.2}, count=[10, 50], denominator=[100, 100])
    assert found.summary["baseline"] == 0.2
    with pytest.raises(Refusal):
        answer("rate", count=[1], denominator=[9], interval=["nonsense"])


def test_costs_alone_have_no_effect_to_speak_of():
    columns = {"measure": ["A", "B"], "cost": [100.0, ""], "population": [50, 50]}
    found = answer("cost", **columns).rows
    assert found[0]["cost_per_inhabitant"] == 2
    assert "effect" not in found[0]
    assert found[1]["reason"] == "missing"


def test_hidden_cells_are_smoothed_by_their_bounds():
    table = table_of_areas(
        status=["hidden"] + [""] * 5, lower=[1.0] + [np.nan] * 5, upper=[4.0] + [np.nan] * 5
    )
    row = answer("smooth", table).rows[0]
    assert np.isnan(row["raw"])
    assert row["smoothed"] > 0
    assert row["reason"] == "protected"


def test_a_table_of_survey_estimates_is_smoothed_as_one():
    found = answer(
        "smooth", area=list("abcdefg"), estimate=[0.1, 0.2, 0.15, 0.3, 0.12, 0.22, np.nan], se=[0.05] * 7
    )
    assert found.summary["model"] == "fay_herriot"
    assert found.rows[-1]["reason"] == "missing"
    assert answer("smooth", estimate=[0.1], variance=[0.1]).declined == Reason.TOO_FEW_AREAS


# --- compare


def test_the_most_alike_are_compared_with_limits():
    found = answer(
        "compare",
        area=list("abcd"),
        x=[1.0, 1.1, 5, 5.2],
        count=[10, 40, 20, 21],
        denominator=[1000.0] * 4,
        options={"most": 1, "multiplier": 1000.0},
    )
    first = found.rows[0]
    assert first["most_alike"][0]["area"] == "b"
    assert first["most_alike"][0]["difference"] == -30
    assert first["most_alike"][0]["difference_upper"] < 0
    assert "surely lower than 1," in first["sentence"].en
    assert answer("compare", area=["a"], x=[1.0]).declined == Reason.TOO_FEW_AREAS


def test_without_an_outcome_only_resemblance_is_given():
    found = answer("compare", area=list("abc"), code=["0180", "0181", "1280"], x=[1.0, 1.1, 5])
    assert found.summary["indicators"] == ["x"]
    assert "rank" not in found.rows[0]


def test_a_hidden_count_has_limits_of_rank_and_difference_but_no_value():
    columns = {"area": list("abc"), "x": [1.0, 2, 3], "denominator": [1000.0] * 3}
    found = answer(
        "compare",
        count=[np.nan, 40, 90],
        status=["hidden", "", ""],
        lower=[1, "", ""],
        upper=[4, "", ""],
        **columns,
    )
    first = found.rows[0]
    assert np.isnan([first["value"], first["rank"], first["most_alike"][0]["difference"]]).all()
    assert first["rank_lower"] == 3
    assert first["most_alike"][0]["difference_upper"] < 0


# --- prevalence, composite, cost


def test_an_expected_number_is_a_range_that_widens_with_the_places():
    share, low, high, people = (np.array([v]) for v in (0.1, 0.08, 0.12, 5000.0))
    plain_, spread = (expected_number(share, low, high, people, spread=s) for s in (0.0, 0.4))
    assert plain_.value[0] == 500
    assert spread.lower[0, 0] < plain_.lower[0, 0] < 500 < plain_.upper[0, 0] < spread.upper[0, 0]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ((np.nan, 0.1, 0.2, 9.0), "missing"),
        ((0.1, 0.05, 0.2, 0.0), "no_denominator"),
        ((0.1, 0.2, 0.3, 9.0), "impossible"),
        ((110.0, 80.0, 120.0, 9.0), "impossible"),
    ],
)
def test_a_share_that_cannot_be_has_no_number(row, reason):
    found = answer(
        "prevalence", **dict(zip(("share", "lower", "upper", "population"), ([v] for v in row), strict=True))
    )
    assert found.rows[0]["reason"] == reason
    assert np.isnan(found.rows[0]["value"])


def test_ranks_and_normalisations():
    assert rank(np.array([3.0, 1, 3, np.nan])).tolist()[:3] == [1, 3, 1]
    values = np.array([1.0, 3, 2, np.nan])
    assert normalised(values, -1.0, "minmax")[:3].tolist() == [100, 0, 50]
    assert normalised(values, 1.0, "rank")[:3].tolist() == [0, 100, 50]
    assert np.nanmean(normalised(values, 1.0, "zscore")) == pytest.approx(0)


def test_an_index_without_meta_weighs_all_alike_and_reports_what_is_missing():
    found = answer("composite", unit=list("abc"), x=[1.0, 2, 3], y=[1.0, "", 5])
    assert [row["rank"] for row in found.rows] == [3, 2, 1]
    assert found.rows[1]["missing_share"] == 0.5
    assert [w.code for w in found.warnings] == ["weights_are_opinions"]


def test_geometric_means_do_not_forgive_a_zero():
    columns = {"unit": list("abc"), "x": [0.0, 2, 4], "y": [4.0, 2, 0.5]}
    arithmetic, geometric = (
        {r["unit"]: r["Index"] for r in answer("composite", options={"aggregate": how}, **columns).rows}
        for how in ("arithmetic", "geometric")
    )
    assert arithmetic["a"] > 0.9 * arithmetic["b"]
    assert geometric["a"] < 0.1 * geometric["b"]


def test_a_cost_per_effect_is_given_only_when_there_surely_was_one():
    source = np.random.default_rng(1)
    cost, effect = source.normal(1000, 50, 4000), source.normal(10, 1, 4000)
    sure, unsure = worth(cost, effect), worth(cost, effect - 9)
    assert sure.ratio[0] == pytest.approx(100, rel=0.02)
    assert sure.ratio[1] < 100 < sure.ratio[2]
    assert not unsure.has_ratio
    assert unsure.at_best == pytest.approx(1000 / unsure.effect[2], rel=0.05)
    assert "84" in sentence(unsure).en
    assert np.isnan(worth(cost, effect - 30).at_best)
    assert net_benefit_probability(cost, effect, 1000.0) == 1


def test_a_protected_number_reached_gives_limits_of_its_cost_and_no_value():
    (row,) = answer(
        "cost",
        cost=[900.0, 1100.0],
        reached=[np.nan] * 2,
        status=["hidden"] * 2,
        lower=[1] * 2,
        upper=[4] * 2,
    ).rows
    assert np.isnan(row["cost_per_person_reached"])
    assert row["cost_per_person_reached_lower"] == pytest.approx(905 / 4)
    assert row["cost_per_person_reached_upper"] == pytest.approx(1095)


# --- tables


def test_groups_come_in_order_and_bounds_default_to_the_count():
    table = Tidy.of(
        area=["b", "a", "b"],
        count=[1.0, 2, 3],
        status=["", "rounded", ""],
        lower=["", 0, ""],
        upper=["", 4, ""],
    )
    assert [key["area"] for key, _ in table.groups("area")] == ["b", "a"]
    known = table.counts()
    assert known.lower.tolist() == [1, 0, 3]
    assert known.exact.tolist() == [True, False, True]


def test_a_cell_that_is_no_number_is_refused_with_its_row():
    with pytest.raises(Refusal) as refused:
        Tidy.of(count=["1", "many"]).numbers("count")
    assert refused.value.findings[0].place.row == 3
