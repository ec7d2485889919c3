"""Cells that no sum joins are decided apart from each other, and the proofs become one."""

from dataclasses import replace

import numpy as np
import pytest

from lagesbild.core.table import Dimension, Table
from lagesbild.inside.protect.methods import apart
from lagesbild.inside.protect.methods.apart import suppress_apart
from lagesbild.inside.protect.methods.secondary import suppress
from lagesbild.inside.protect.problem.groups import bundled, joined
from lagesbild.inside.protect.problem.primary import Rule
from lagesbild.inside.protect.problem.system import Layer, System, build
from lagesbild.inside.protect.proof.certificate import unproven

YEARS = 7


@pytest.fixture(scope="module")
def listed() -> System:
    """Years without a sum, each with 2 counties of 5 places, and the sexes; every place supplies its own."""
    places = [
        line for county in "AB" for line in (("@@", county), *(("@@@", f"{county}{n}") for n in range(5)))
    ]
    region = Dimension.of_levels("region", [("@", "SE"), *places])
    sex = Dimension.of_levels("sex", [("@", "T"), ("@@", "K"), ("@@", "M")])
    year = Dimension.of_levels("year", [("@", str(2018 + number)) for number in range(YEARS)])
    table = Table((year, region, sex))
    counts = np.random.default_rng(7).choice([0, 1, 3, 4, 6, 9, 20, 60], table.size)
    place = np.array([number if code in region.leaves else -1 for number, code in enumerate(region.codes)])
    supplier = np.broadcast_to(place.reshape(1, -1, 1), table.shape).ravel()
    layer = Layer(table, table.add_up(counts), Rule(zeros="candidate"), supplier=supplier)
    return build([layer]).system


@pytest.fixture
def in_small_bundles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "BUNDLE", 1)
    monkeypatch.setattr(apart, "WORTH_ALL_CORES", 10**9)


def test_years_without_a_sum_are_apart(listed: System) -> None:
    groups = joined(listed.equations)
    assert sorted(map(len, groups)) == [13 * 3] * YEARS
    assert [len(bundle) for bundle in bundled(groups, [4] * YEARS, 8)] == [78, 78, 78, 39]


@pytest.mark.parametrize("insider", [False, True])
def test_one_proof_holds_for_all_bundles(listed: System, insider: bool, in_small_bundles: None) -> None:
    told: list[tuple[int, int]] = []
    pattern = suppress_apart(listed, insider=insider, progress=lambda *done: told.append(done))
    assert told == [(number, YEARS) for number in range(1, YEARS + 1)]
    found = pattern.audit
    assert pattern.safe
    assert found.unsafe.tolist() == found.certificate.cells.tolist() == np.flatnonzero(listed.unsafe).tolist()
    assert not len(unproven(listed, pattern.hidden, found.certificate, insider))
    assert np.all(found.high - found.low >= 5)
    assert pattern.cost == pytest.approx(suppress(listed, insider=insider).cost, rel=0.05)


def test_a_table_of_another_bundle_proves_nothing(listed: System, in_small_bundles: None) -> None:
    """Planted: the rows of the second bundle are taken for those of the first."""
    pattern = suppress_apart(listed)
    right = pattern.audit.certificate
    assert len(unproven(listed, pattern.hidden, replace(right, highest=np.roll(right.highest, 1))))


def test_on_all_cores_it_is_the_same(listed: System, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "BUNDLE", 1)
    monkeypatch.setattr(apart, "WORTH_ALL_CORES", 10**9)
    alone = suppress_apart(listed)
    monkeypatch.setattr(apart, "WORTH_ALL_CORES", 1)
    assert np.array_equal(suppress_apart(listed).hidden, alone.hidden)


def test_what_one_bundle_cannot_protect_is_told(listed: System, in_small_bundles: None) -> None:
    """All of the last year is shown: its small counts cannot be protected, those of other years can."""
    last = np.arange(listed.size) >= listed.size * (YEARS - 1) // YEARS
    pattern = suppress_apart(listed.with_(fixed=listed.fixed | last))
    assert pattern.audit.failing.tolist() == np.flatnonzero(listed.unsafe & last).tolist()
