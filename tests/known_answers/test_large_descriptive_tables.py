"""Large published tables of the descriptive methods, read from beside the repository where they exist.

Sources, as each folder's expected.json names them: PHEindicatormethods 2.1.0 (rates, ratios, funnels),
NHSRplotthedots 0.2 on R's Seatbelts (XmR), SpatialEpi, DCluster, spdep and MASS on the Scottish lip cancer
atlas (Kemp et al. 1985), COINr 1.1.14 on ASEM connectivity (Becker et al. 2022).
"""

import json
from pathlib import Path

import pytest

from lagesbild.inside.cli import main

CHECKS = Path(__file__).parents[3] / "shared" / "checks"
pytestmark = pytest.mark.skipif(not CHECKS.is_dir(), reason="the large tables are not on this machine")


@pytest.fixture
def analysed(capsys):
    def run(method, folder, *words):
        given = [str(CHECKS / folder / word) if word.endswith(".csv") else word for word in words]
        assert main(["analyse", method, "--data", str(CHECKS / folder / "data.csv"), "--json", *given]) == 0
        return json.loads(capsys.readouterr().out)

    return run


def missed(folder, got, prefix=""):
    """Ids whose figure, as `got` finds it, is not within its tolerance."""
    items = json.loads((CHECKS / folder / "expected.json").read_text())["expected"]
    asked = [item for item in items if item["id"].startswith(prefix)]
    assert asked
    return [item["id"] for item in asked if not within(got(item["id"]), item["value"], item["tol"])]


def within(got, value, tolerance):
    if not tolerance or not isinstance(value, (int, float)):
        return got == value
    return abs(got - value) <= max(tolerance.get("abs", 0), tolerance.get("rel", 0) * abs(value))


@pytest.mark.parametrize("folder", ["phe_rates", "phe_byar_wilson"])
def test_rates_and_limits(folder, analysed):
    document = analysed("rate", folder, *(["--multiplier", "1"] if folder == "phe_byar_wilson" else []))
    rows = {row["row"]: row for row in document["results"]}

    def got(name):
        row, key = name.removeprefix("row").split(".", 1)
        return rows[row][key]

    assert missed(folder, got) == []


@pytest.mark.parametrize("multiplier", ["100000", "1000"])
def test_indirectly_standardised_rates(multiplier, analysed):
    document = analysed("isr", "phe_indirect_standardisation", "--multiplier", multiplier)
    rows = {row["area"]: row for row in document["results"]}
    for area in rows:
        prefix = f"{area}|indirectly standardised rate per {multiplier}|"
        assert (
            missed("phe_indirect_standardisation", lambda n: rows[n.split("|")[0]][n.split("|")[2]], prefix)
            == []
        )


def test_funnel_of_300_areas(analysed):
    document = analysed("funnel", "phe_funnel_ratios")
    lines = {int(row["observed"]): row for row in document["summary"]["curve"]}

    def got(name):
        if name.startswith("sig.row"):
            return document["results"][int(name[7:]) - 1]["significance"]
        line, observed = name.split("@obs=")
        return lines[int(observed)][line]

    assert missed("phe_funnel_ratios", got) == []


def test_xmr_chart_with_and_without_rebase(analysed):
    plain = analysed("spc", "spc_xmr_drivers")
    rebased = analysed("spc", "spc_xmr_drivers", "--rebase", "1983-02-01")
    types = {row["date"]: row["type"] for row in plain["results"]}
    types_rebased = {row["date"]: row["type"] for row in rebased["results"]}
    before, after = rebased["summary"]["stretches"]

    def got(name):
        kind, _, rest = name.partition(".")
        if kind in {"type", "type_rebased"}:
            return (types if kind == "type" else types_rebased)[rest]
        if rest:
            return (before if rest == "before" else after)[kind.removesuffix("_rb")]
        return plain["summary"][kind]

    assert missed("spc_xmr_drivers", got) == []


def test_smoothing_of_scottish_lip_cancer(analysed):
    words = ("--adjacency", "adjacency.csv", "--covariate", "aff")
    document = analysed("smooth", "lip_scotland", *words)
    rows = {row["id"]: row for row in document["results"]}

    def got(name):
        parts = name.split(".")
        if parts[-1].isdigit():
            return rows[parts[-1]][parts[0]]
        found = document["summary"]
        for part in parts:
            found = found["aff" if part == "I(AFF)" else part]
        return found

    assert missed("lip_scotland", got) == []


def test_composite_of_51_countries(analysed):
    document = analysed("composite", "composite_asem", "--meta", "meta.csv")
    rows = {row["uCode"]: row for row in document["results"]}
    assert missed("composite_asem", lambda n: rows[n.split(".")[1]][n.split(".")[0]]) == []
