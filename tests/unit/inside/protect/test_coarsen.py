"""Coarser publication: the same counts with less detail, and what that gains."""

from pathlib import Path

import numpy as np
import pytest

from attacks.small_tables import REGION, SEX, cell, counts_of, relation, tree
from lagesbild.core.table import Dimension, Table
from lagesbild.inside.cli import main
from lagesbild.inside.protect.methods.coarsen import coarser
from lagesbild.inside.protect.office.job import prepare
from lagesbild.inside.protect.office.proposal import proposals
from lagesbild.inside.protect.office.spec_file import read_spec
from lagesbild.inside.protect.problem.system import Layer, build
from offices import SPEC, make_office

PAIRED = "neighbours merged in pairs, in the order of the file"
LEAVES = (3, 2, 1, 4, 9, 25, 2, 30, 22, 4, 14, 11)


def ways(layer: Layer) -> dict[str, Layer]:
    return {way.what.en: way.layer for way in coarser(layer)}


def region_by_sex() -> Layer:
    table = Table((REGION, SEX), "events")
    supplier = np.where(table.is_leaf, 1, -1)
    hide = np.zeros(table.size, dtype=bool)
    hide[cell(table, "A2", "K")] = True
    return Layer(table, counts_of(table, LEAVES), must_hide=hide, supplier=supplier)


def test_every_coarser_table_satisfies_its_own_equations():
    for layer in ways(region_by_sex()).values():
        assert not np.any(layer.table.equations() @ layer.counts)
        build([layer])


def test_pooling_leaves_the_totals():
    pooled = ways(region_by_sex())["region: finest level pooled"]
    assert pooled.table.dimensions[0].codes == ("R", "A", "B")
    assert pooled.counts[cell(pooled.table, "A", "K")] == 3 + 1 + 9


def test_small_siblings_become_one():
    """A1 (3 and 2) and A2 (1 and 4) are small throughout; A3 is not."""
    merged = ways(region_by_sex())["region: small ones merged within their total"]
    assert "A1+A2" in merged.table.dimensions[0].codes
    assert "A1" not in merged.table.dimensions[0].codes
    assert merged.counts[cell(merged.table, "A1+A2", "M")] == 2 + 4


def test_demands_follow_the_cells():
    merged = ways(region_by_sex())["region: small ones merged within their total"]
    assert merged.must_hide is not None
    assert merged.must_hide[cell(merged.table, "A1+A2", "K")]
    assert merged.supplier is not None
    assert merged.supplier[cell(merged.table, "A1+A2", "K")] == -1
    assert merged.supplier[cell(merged.table, "A3", "K")] == 1


def test_a_grouping_that_would_be_cut_is_given_up():
    """Police region North holds A1 but not A2, so it cannot be told once they are one."""
    relations = (
        relation("R", "A"), relation("A", "A1", "A2", "A3"), relation("North", "A1", "A3"),
    )  # fmt: skip
    table = Table((Dimension("region", ("R", "A", "North", "A1", "A2", "A3"), relations),))
    merged = ways(Layer(table, counts_of(table, [3, 2, 40])))["region: small ones merged within their total"]
    assert {each.total for each in merged.table.dimensions[0].relations} == {"R", "A"}


def test_a_total_that_is_given_up_is_not_shown():
    """North less A3 would tell A1, and what is made of North would tell North."""
    relations = (
        relation("A", "A1", "A2", "A3"), relation("North", "A1", "A3"), relation("All", "North", "A2"),
    )  # fmt: skip
    table = Table((Dimension("region", ("All", "A", "North", "A1", "A2", "A3"), relations),))
    merged = ways(Layer(table, counts_of(table, [3, 2, 40])))["region: small ones merged within their total"]
    assert merged.table.dimensions[0].codes == ("A", "A1+A2", "A3")


def test_pooling_keeps_one_of_two_groupings():
    """Counties and police regions that cross would tell what is in one and not in the other."""
    relations = (
        relation("R", "A", "B"), relation("A", "a", "b"), relation("B", "c", "d"),
        relation("R", "North", "South"), relation("North", "a", "b", "c"), relation("South", "d"),
    )  # fmt: skip
    dimension = Dimension("region", ("R", "A", "B", "North", "South", *"abcd"), relations)
    pooled = ways(plain(dimension, 1, 2, 3, 4))["region: finest level pooled"]
    assert pooled.table.dimensions[0] == Dimension("region", ("R", "A", "B"), (relation("R", "A", "B"),))


def plain(dimension: Dimension, *leaves: int) -> Layer:
    table = Table((dimension,))
    return Layer(table, counts_of(table, leaves))


def test_years_in_a_list_without_a_total_are_paired():
    years = tree("year", *(f"@{year}" for year in range(2021, 2025)))
    paired = ways(plain(years, 1, 2, 3, 4))
    assert list(paired) == [f"year: {PAIRED}"]
    (only,) = paired.values()
    assert only.table.dimensions[0] == Dimension("year", ("2021+2022", "2023+2024"))
    assert only.counts.tolist() == [3, 7]


def test_an_odd_last_year_joins_the_pair_before():
    (way,) = coarser(plain(tree("year", "@1", "@2", "@3", "@4", "@5"), 1, 2, 3, 4, 5))
    assert way.merged == {"1+2": ("1", "2"), "3+4+5": ("3", "4", "5")}
    assert way.layer.counts.tolist() == [3, 12]


def test_ages_become_bands():
    ages = tree("age", "@all", "@@15", "@@16", "@@17", "@@18", "@@19")
    banded = ways(plain(ages, 10, 20, 30, 40, 50))[f"age: {PAIRED}"]
    assert banded.table.dimensions[0].codes == ("all", "15+16", "17+18+19")
    assert banded.table.dimensions[0].relations == (relation("all", "15+16", "17+18+19"),)
    assert banded.counts.tolist() == [150, 30, 120]


@pytest.mark.parametrize(("siblings", "paired"), [(3, False), (4, True)])
def test_pairs_need_four_siblings(siblings: int, paired: bool):
    ages = tree("age", "@all", *(f"@@{age}" for age in range(siblings)))
    assert (f"age: {PAIRED}" in ways(plain(ages, *[10] * siblings))) == paired


def test_what_stands_between_parts_neighbours():
    """Leaves on either side of a total are no neighbours."""
    ages = tree("age", "@all", "@@1", "@@2", "@@3-4", "@@@3", "@@@4", "@@5", "@@6")
    assert f"age: {PAIRED}" not in ways(plain(ages, *[10] * 6))


def test_rolling_sums_that_pairs_cut_are_given_up():
    months = ("m1", "m2", "m3", "m4")
    relations = (relation("year", *months), relation("m1-m2", "m1", "m2"), relation("m2-m3", "m2", "m3"))
    rolling = Dimension("month", ("year", "m1-m2", "m2-m3", *months), relations)
    paired = ways(plain(rolling, 1, 2, 3, 4))[f"month: {PAIRED}"]
    assert paired.table.dimensions[0].codes == ("year", "m1-m2", "m1+m2", "m3+m4")
    assert paired.counts.tolist() == [10, 3, 3, 7]


def test_a_merged_code_never_takes_the_name_of_another():
    relations = (relation("all", "a", "b", "c", "d"), relation("a+b", "a", "b"))
    named = Dimension("kind", ("all", "a+b", "a", "b", "c", "d"), relations)
    paired = ways(plain(named, 1, 2, 3, 4))[f"kind: {PAIRED}"]
    assert paired.table.dimensions[0].codes == ("all", "a+b", "a+b+", "c+d")


def test_a_dimension_of_one_code_has_nothing_to_pool():
    table = Table((tree("sex", "@T"), REGION))
    assert list(ways(Layer(table, counts_of(table, [9] * 6)))) == ["region: finest level pooled"]


def test_a_dimension_left_with_one_code_goes():
    pooled = ways(region_by_sex())["sex: finest level pooled"]
    assert pooled.table.dimensions == (REGION,)
    assert pooled.counts[cell(pooled.table, "A1")] == 3 + 2


def test_a_single_number_is_no_proposal():
    assert ways(plain(tree("year", "@2021", "@2022"), 1, 2)) == {}


def test_what_a_proposal_gains_is_told(tmp_path: Path):
    spec = make_office(
        tmp_path, leaves={"A1": (3, 4), "A2": (4, 3), "A3": (9, 25), "B1": (40, 30), "B2": (22, 9)}
    )
    found = {each.what.en: each for each in proposals(prepare(read_spec(spec)))}
    plain, merged = found["as it is"], found["region: small ones merged within their total"]
    assert plain.hidden > 0
    assert merged.hidden == 0
    assert merged.inner_value == 1.0 > plain.inner_value
    assert merged.detail > found["region: finest level pooled"].detail
    assert merged.cells < plain.cells
    assert all(each.safe for each in found.values())


@pytest.mark.parametrize("language", ["sv", "en"])
def test_proposing_writes_nothing(tmp_path: Path, language: str, capsys: pytest.CaptureFixture):
    spec = make_office(tmp_path)
    before = sorted(tmp_path.iterdir())
    assert main(["--lang", language, "protect", "--spec", str(spec), "--propose"]) == 0
    assert sorted(tmp_path.iterdir()) == before
    assert len(capsys.readouterr().out.splitlines()) >= 3


def test_tables_of_amounts_are_left_as_they_are(tmp_path: Path):
    amounts = "region,sex,n,who\nA1,K,60,x\nA1,K,50,y\nA1,K,55,z\n"
    spec = SPEC.replace('"n"', '"n"\ngiver = "who"').replace("threshold = 5", "p = 10")
    file = make_office(tmp_path, spec=spec.replace("leaves.csv", "amounts.csv"), amounts=amounts)
    job = prepare(read_spec(file))
    assert [each.what.en for each in proposals(job)] == ["as it is"]


def test_detail_counts_the_original_cells_behind_each_shown_number(tmp_path: Path):
    """Three municipalities in each of two counties: pooled, each event is placed among three; both sexes
    together, among two."""
    spec = make_office(tmp_path, leaves={code: (20, 20) for code in ("A1", "A2", "A3", "B1", "B2", "B3")})
    found = {each.what.en: each.detail for each in proposals(prepare(read_spec(spec)))}
    assert found == {
        "as it is": 1.0,
        "region: finest level pooled": pytest.approx(1 / 3),
        "sex: finest level pooled": pytest.approx(1 / 2),
    }


def test_why_amounts_get_no_proposal_is_said(tmp_path: Path, capsys: pytest.CaptureFixture):
    amounts = "region,sex,n,who\nA1,K,60,x\nA1,K,50,y\nA1,K,55,z\n"
    spec = SPEC.replace('"n"', '"n"\ngiver = "who"').replace("threshold = 5", "p = 10")
    file = make_office(tmp_path, spec=spec.replace("leaves.csv", "amounts.csv"), amounts=amounts)
    folder = tmp_path / "coarser"
    assert main(["--lang", "en", "protect", "--spec", str(file), "--propose", "--to", str(folder)]) == 0
    assert "Tables of amounts get no proposals" in capsys.readouterr().out
    assert not folder.exists()


def test_which_codes_are_merged_is_told(tmp_path: Path, capsys: pytest.CaptureFixture):
    assert main(["--lang", "en", "protect", "--spec", str(make_office(tmp_path)), "--propose"]) == 0
    told = capsys.readouterr().out
    assert "1  region: finest level pooled\n     A: A1, A2, A3\n     B: B1, B2, B3\n" in told
    assert "amounts" not in told
