"""Large published tables, read from beside the repository where they exist: every value within its tolerance.

Sources, as each folder's expected.json names them: UKdat and Western (Chan, Silverman and Vincent 2021,
JASA 116:1297; SparseMSE 2.0.1), hare (Baillargeon and Rivest 2007, J Stat Softw 19(5); Rcapture 1.4-4),
minimum wage and teen employment (Callaway and Sant'Anna 2021, J Econometrics 225:200), Proposition 99
(Arkhangelsky et al. 2021, AER 111:4088), UK seat belts (Harvey and Durbin 1986, JRSS A 149:187; R 4.2.2).
"""

import json
from pathlib import Path

import numpy as np
import pytest

from lagesbild.inside.cli import main

CHECKS = Path(__file__).parents[3] / "shared" / "checks"
pytestmark = pytest.mark.skipif(not CHECKS.is_dir(), reason="the large tables are not on this machine")


@pytest.fixture
def analysed(capsys):
    def run(method, folder, *words):
        assert main(["analyse", method, "--data", str(CHECKS / folder / "data.csv"), "--json", *words]) == 0
        return json.loads(capsys.readouterr().out)

    return run


def expected(folder):
    items = json.loads((CHECKS / folder / "expected.json").read_text())["expected"]
    return {item["id"]: item for item in items}


def within(got, item):
    value, tolerance = item["value"], item.get("tol") or {}
    if isinstance(value, dict):
        return all(within(got[key], item | {"value": inner}) for key, inner in value.items())
    if isinstance(value, list):
        return (
            got == value
            if not tolerance
            else np.allclose(got, value, tolerance.get("rel", 0), tolerance.get("abs", 0))
        )
    return abs(got - value) <= max(tolerance.get("abs", 0), tolerance.get("rel", 0) * abs(value))


def missed(got, items):
    """Ids whose figure is not within its tolerance; every id asked about must be there."""
    return [name for name in items if not within(got[name], items[name])]


def only(items, *prefixes):
    return {name: item for name, item in items.items() if name.startswith(prefixes)}


@pytest.mark.parametrize("folder", ["mse_ukdat", "mse_western"])
def test_multiple_systems_estimation(folder, analysed):
    document, items = analysed("mse", folder), expected(folder)
    rows = {row["family"]: row for row in document["results"]}
    got = {"n_observed": document["summary"]["n_observed"]}
    for family in ("main", "stepwise"):
        row = rows[family]
        got |= {f"{family}.{name}": value for name, value in row.items()}
        got |= {f"{family}.coef.{name}": value for name, value in row["coef"].items()}
    got["main.interactions_in_order_of_entry"] = rows["main"]["interactions"]
    got |= {f"bca1000.{name}": value for name, value in rows["stepwise"]["bca"].items()}
    got["bic_maxorder2.population"] = rows["bic"]["population"]
    items.pop("published_2014_range", None)
    assert missed(got, items) == []


def test_the_published_range_overlaps_the_stepwise_interval(analysed):
    document = analysed("mse", "mse_ukdat")
    row = next(row for row in document["results"] if row["family"] == "stepwise")
    low, high = expected("mse_ukdat")["published_2014_range"]["value"]
    assert row["lower"] < high
    assert row["upper"] > low


def test_closed_populations(analysed):
    document, items = analysed("chao", "rcapture_hare"), expected("rcapture_hare")
    rows = {row["model"]: row for row in document["results"] if row["family"] == "closedp"}
    got = {"n_observed": document["summary"]["n_observed"]}
    for model, row in rows.items():
        got |= {f"closedp.{model}.{name}": value for name, value in row.items()}
    got["bias_corrected.M0.abundance"] = rows["M0"]["bias_corrected"]["abundance"]
    got["ci_Mt.multinomial_profile"] = rows["Mt"]["multinomial_profile"]
    got["ci_MthChao.multinomial_profile"] = rows["Mth Chao (LB)"]["multinomial_profile"]
    assert missed(got, items) == []


def test_staggered_difference_in_differences(analysed):
    document = analysed("did", "did_mpdta", "--column", "outcome=lemp")
    got = {}
    for row in document["results"]:
        place = {
            "att": lambda r: f".g{r['group']:.0f}.t{r['period']:.0f}",
            "group": lambda r: f".{r['group']:.0f}",
        }
        place["dynamic"] = lambda r: f".e{r['event_time']:.0f}"
        name = f"{row['comparison']}.{row['kind']}{place.get(row['kind'], lambda r: '')(row)}"
        got[name] = row["att"]
        got[name.replace(".att.", ".se_analytic.")] = (
            row["se_analytic"] if row["kind"] == "att" else row["att"]
        )
    got["never.simple_att"] = got["never.simple"]
    assert missed(got, expected("did_mpdta")) == []
    # printed by the package's README for its pre-test of parallel trends
    assert document["summary"]["never"]["pre_test"]["p"] == pytest.approx(0.16812, abs=5e-6)


def cells(document, kind="att"):
    return {(row["group"], row["period"]): row for row in document["results"] if row["kind"] == kind}


def test_covariates_enter_the_doubly_robust_estimate(analysed):
    """Rios-Avila, "CSDID Version 1.0" (the Stata command's replication of R's did), lpop, method dripw."""
    words = ("--column", "outcome=lemp", "--covariates", "lpop", "--comparison", "never")
    document = analysed("did", "did_mpdta", *words)
    printed = {
        (2004, 2004): (-0.0145297, 0.0221292),
        (2004, 2005): (-0.0764219, 0.0286713),
        (2006, 2004): (-0.0004721, 0.0222234),
        (2006, 2006): (0.0009606, 0.0194002),
        (2007, 2004): (0.0267278, 0.0140657),
        (2007, 2007): (-0.0287814, 0.016239),
    }
    for key, (att, error) in printed.items():
        row = cells(document)[key]
        assert (row["att"], row["se_analytic"]) == pytest.approx((att, error), abs=6e-8)
    simple = next(row for row in document["results"] if row["kind"] == "simple")
    assert (simple["att"], simple["se_analytic"]) == pytest.approx((-0.0417518, 0.0115028), abs=6e-8)
    assert document["summary"]["never"]["pre_test"]["statistic"] == pytest.approx(6.84, abs=5e-3)


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (
            ("--base", "universal"),
            {
                (2004, 2003): (0.0, 0.0),
                (2006, 2003): (-0.0037692936737142, 0.0313420276018159),
                (2006, 2004): (0.00275081875051881, 0.0195585610358817),
                (2007, 2005): (0.0310871193896889, 0.0178775113133435),
            },
        ),
        (
            ("--anticipation", "1"),
            {
                (2006, 2006): (-0.00734542570338184, 0.022942862267559),
                (2007, 2006): (-0.0310871193896889, 0.0178775113133435),
                (2007, 2007): (-0.0571415301088855, 0.020210163218686),
            },
        ),
        (
            ("--covariates", "lpop"),
            {
                (2004, 2006): (-0.141080104628588, 0.0348362869536185),
                (2007, 2005): (-0.00475983533866949, 0.0156699660373289),
            },
        ),
    ],
)
def test_other_ways_to_set_up_the_comparison(words, wanted, analysed):
    """R's did by regression, as run for the parity tests of the Python package csdid 0.4 (files ref_gaps.csv
    and ref_attgt.csv): the base period, anticipation, a covariate."""
    common = ("--column", "outcome=lemp", "--estimator", "reg", "--comparison", "never")
    found = cells(analysed("did", "did_mpdta", *common, *words))
    for key, (att, error) in wanted.items():
        assert (found[key]["att"], found[key]["se_analytic"]) == pytest.approx((att, error), rel=1e-10)


def test_synthetic_control(analysed):
    document = analysed("synth", "synth_prop99", "--column", "outcome=PacksPerCapita")
    items, rows = expected("synth_prop99"), {row["estimator"]: row for row in document["results"]}
    got = {f"{name}.att": row["att"] for name, row in rows.items()}
    for name in ("sc", "synthdid"):
        got[f"{name}.weights_top"] = {state: 0.0 for state in items["sc.weights_top"]["value"]} | rows[name][
            "weights"
        ]
    got |= {f"sc_exact.{name}": value for name, value in rows["sc"].items()}
    got["synthdid.time_weights"] = rows["synthdid"]["time_weights"]
    got["augsynth_pysyncon.att"] = rows["augmented"]["att"]
    items.pop("abadie2010.weights_with_covariates")  # needs covariates that the table does not hold
    assert missed(got, items) == []


def test_interrupted_time_series(analysed):
    words = ("--column", "count=drivers", "--column", "period=t", "--change", "level", "--season", "month")
    natural = analysed(
        "its", "its_uk_seatbelts", *words, "--covariates", "log(kms),log(PetrolPrice)", "--lag", "12"
    )
    count, log = natural["results"][:2]
    got = {
        "quasipoisson.rr_law": count["rate_ratio"],
        "quasipoisson.dispersion": count["dispersion"],
        "quasipoisson.se_law": count["se"],
        "ols_log.law": log["coefficient"]["level"],
        "ols_log.se_law": log["se"]["level"],
        "ols_log.se_law_neweywest12": log["se_newey_west"]["level"],
        "ols_log.durbin_watson": log["durbin_watson"],
    }
    arima = {row["model"]: row for row in natural["results"] if row["model"].startswith("arima")}
    got["arima_ln_law_only.law"] = arima["arima_level_only"]["coefficient"]["level"]
    tens = ("--covariates", "log10(kms),log10(PetrolPrice)", "--scale", "log10", "--arima", "1,0,0,1,0,0")
    decadic = next(
        r for r in analysed("its", "its_uk_seatbelts", *words, *tens)["results"] if r["model"] == "arima"
    )
    ours = {"law": "level", "petrol": "log10(PetrolPrice)", "kms": "log10(kms)"}
    for name in ("ar1", "sar1", "intercept", "law", "petrol", "kms"):
        got[f"arima_log10_100_100_12.{name}"] = decadic["coefficient"][ours.get(name, name)]
        got[f"arima_log10_100_100_12.se.{name}"] = decadic["se"][ours.get(name, name)]
    got["arima_log10.loglik"] = decadic["loglik"]
    assert missed(got, expected("its_uk_seatbelts")) == []


def test_effort_and_a_real_change_are_told_apart(analysed):
    document, items = (
        analysed("effort", "sim_effort_confounding", "--pool", "(area-1)%5"),
        expected("sim_effort_confounding"),
    )
    rows = {row["pool"]: row for row in document["results"] if "pool" in row}
    groups = (
        "flat_effort_up",
        "rising_effort_flat",
        "falling_effort_flat",
        "flat_effort_flat",
        "falling_effort_up",
    )
    got = {}
    for code, group in enumerate(groups):
        row = rows[str(code)]
        truth = items[f"{group}.true_annual_change_pct"]["value"]
        assert row["lower"] < truth < row["upper"]
        got[f"{group}.true_annual_change_pct"] = row["annual_change_pct"]
        got[f"{group}.naive_annual_change_pct"] = row["naive_annual_change_pct"]
    assert missed(got, items) == []
    assert [rows[str(code)]["verdict"] for code in range(5)] == [
        "no clear change",
        "rising",
        "falling",
        "no clear change",
        "falling",
    ]
