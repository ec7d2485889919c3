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


def test_a_dimension_of_one_code_has_nothing_to_pool():
    table = Table((tree("region", "@R"), SEX))
    assert list(ways(Layer(table, counts_of(table, [7, 9])))) == ["sex: finest level pooled"]


def test_what_a_proposal_gains_is_told(tmp_path: Path):
    spec = make_office(
        tmp_path, leaves={"A1": (3, 4), "A2": (4, 3), "A3": (9, 25), "B1": (40, 30), "B2": (22, 9)}
    )
    found = {each.what.en: each for each in proposals(prepare(read_spec(spec)))}
    plain, merged = found["as it is"], found["region: small ones merged within their total"]
    assert plain.hidden > 0
    assert merged.hidden == 0
    assert merged.inner_value == 1.0 > plain.inner_value
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
