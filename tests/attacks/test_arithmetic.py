"""Attacks 1 to 5, 14 and 15: arithmetic on published numbers. Each leak is planted once, and must be seen."""

from pathlib import Path

import numpy as np
import pytest

from attacks.small_tables import (
    COUNTS,
    REGION,
    SEX,
    by_elimination,
    cell,
    counts_of,
    protected,
    recovered,
    region_by_sex,
    tree,
    widths,
)
from lagesbild.core.linking import Identity
from lagesbild.core.refusal import Exit
from lagesbild.core.table import Table
from lagesbild.inside.cli import main
from lagesbild.inside.protect.methods.secondary import suppress
from lagesbild.inside.protect.office.job import prepare
from lagesbild.inside.protect.office.spec_file import read_spec
from lagesbild.inside.protect.problem.discovery import implied_identities
from lagesbild.inside.protect.problem.primary import Rule
from lagesbild.inside.protect.problem.system import Layer, build
from lagesbild.inside.protect.proof.audit import audit
from lagesbild.inside.protect.proof.intervals import intervals
from reference.feasible_tables import feasible_tables
from reference.plain_attacker import Attacker, Axis, added_up


def test_1_linear_dependence():
    """Planted: only the unsafe cells are hidden, so each is its total less its siblings."""
    _, system = region_by_sex()
    assert by_elimination(system, system.primary) == system.unsafe.sum() > 0
    assert len(audit(system, system.primary).failing) == system.unsafe.sum()
    assert by_elimination(system, protected(system)) == 0


def test_2_knowledge_of_the_rule():
    """Planted: 15 = 10 + 3 + x + x is no matter for algebra, but each x is at least 1."""
    table = Table((tree("part", "@T", "@@a", "@@b", "@@c", "@@d"),))
    layer = Layer(table, counts_of(table, [10, 3, 1, 1]), Rule(threshold=2, width=2, zeros="published"))
    system = build([layer]).system
    assert by_elimination(system, system.primary) == 0
    assert recovered(system, system.primary) == 2
    assert len(audit(system, system.primary).failing) == 2
    assert widths(system, protected(system)).min() >= 2


def test_3_whole_numbers():
    """Planted: 2x = 3 - y has room among fractions; among whole numbers only what the audit's tables show."""
    _, system = region_by_sex((2, 1, 1, 9, 8, 20, 7, 30, 22, 4, 14, 11), Rule(threshold=3))
    found = audit(system, system.primary)
    for place, number in enumerate(found.unsafe.tolist()):
        low, high = intervals(system, system.primary, np.array([number]))
        assert low[0] <= found.low[place] <= found.high[place] <= high[0]
    assert len(found.failing) > 0
    rows = audit(system, protected(system)).certificate.deviations
    assert rows.dtype == np.int64  # every witness is a whole table
    assert not (system.equations @ rows.T).count_nonzero()


EVERY_SECOND = {
    "x+y": ("x", "y"),
    "p+r+u": ("p", "r", "u"),
    "q+r+u": ("q", "r", "u"),
    "x+p+q": ("x", "p", "q"),
    "u+v": ("u", "v"),
}
PARTS = {"x": 1, "y": 1, "p": 10, "q": 10, "r": 6, "u": 4, "v": 9}
PARITY = """
[table]
file = "leaves.csv"
value = "n"
[dimensions]
part = ["part.csv"]
[rule]
threshold = 2
"""


def test_3_a_cell_that_can_only_take_every_second_value(tmp_path: Path):
    """Planted: x + y = 2 and x = 2 (r + u) - 19. Among fractions x is 0 to 2, as wide as the rule asks; among
    whole numbers it is odd, so it is 1, and so is y."""
    groups = ([(1, total), *((2, part) for part in parts)] for total, parts in EVERY_SECOND.items())
    axis = Axis("part", (tuple(line for group in groups for line in group),))
    truth = added_up((axis,), {(part,): count for part, count in PARTS.items()})
    axis.write(tmp_path, "x")
    (tmp_path / "x_part0.csv").rename(tmp_path / "part.csv")
    (tmp_path / "spec.toml").write_text(PARITY)
    leaves, spec = tmp_path / "leaves.csv", str(tmp_path / "spec.toml")
    leaves.write_text("part,n\n" + "".join(f"{part},{count}\n" for part, count in PARTS.items()))
    sums = "".join(f"{total},{truth[total,]},published\n" for total in EVERY_SECOND)
    holes = "".join(f"{part},,hidden\n" for part in PARTS)
    (tmp_path / "sums.csv").write_text(f"part,value,status\n{sums}{holes}")

    by_programs = Attacker({"part": axis.atoms["x+y"]})
    by_programs.reads("n", (axis,), truth, tmp_path / "sums.csv")
    assert by_programs.harmed(least=1, threshold=2, width=2, lower=0) == []

    system = prepare(read_spec(Path(spec))).stack.system
    whole = feasible_tables(system, np.isin(system.values, list(PARTS.values())), most=22)
    assert len(whole) > 1
    assert np.all(whole[:, system.unsafe] == 1)
    for knowing in ([], ["--truth", str(leaves)]):
        assert main(["audit", str(tmp_path / "sums.csv"), "--spec", spec, *knowing]) == Exit.UNSAFE
    assert main(["protect", "--spec", spec, "--to", str(tmp_path / "out")]) == Exit.OK


def test_4_an_insider_knows_her_own_cells():
    """Planted: two suppliers share a hidden sum; each subtracts her own and has the other's."""
    table = Table((tree("region", "@R", "@@A", "@@B", "@@C", "@@D"),))
    supplier = np.array([-1, 0, 1, 2, 3])
    system = build([Layer(table, counts_of(table, [3, 9, 40, 30]), supplier=supplier)]).system
    two = np.array([False, True, True, False, False])
    assert not len(audit(system, two).failing)
    assert len(audit(system, two, insider=True).failing) == 1
    three = np.array([False, True, True, True, False])
    assert not len(audit(system, three, insider=True).failing)


def test_4_what_an_insider_can_work_out_anyway_is_kept_from_all_others():
    """Of three she knows one; another is public. Asked to keep the third from her, nothing would do."""
    table = Table((tree("region", "@R", "@@A", "@@B", "@@C"),))
    supplier = np.array([-1, 0, 1, 2])
    system = build([Layer(table, counts_of(table, [3, 9, 40]), supplier=supplier)]).system
    public = np.array([True, False, False, True])
    system = system.with_(fixed=public)
    assert not suppress(system, insider=True).safe
    told = np.zeros((4, 3), dtype=bool)
    told[1, 1] = True
    pattern = suppress(system.with_(told=told), insider=True)
    assert pattern.safe
    assert pattern.hidden.tolist() == [False, True, True, False]
    told[1] = True, False, True
    assert not suppress(system.with_(told=told), insider=True).safe


def test_5_linked_tables():
    """Planted: one table hides a region's total to protect a cell, the other shows that same total."""
    age = tree("age", "@all", "@@young", "@@old")
    by_sex, by_age = Table((REGION, SEX), "n"), Table((REGION, age), "n")
    stay = np.zeros(by_sex.size, dtype=bool)
    stay[cell(by_sex, "A1", "M")] = True
    layers = [
        Layer(by_sex, counts_of(by_sex, COUNTS), must_publish=stay),
        Layer(by_age, counts_of(by_age, (20, 23, 17, 12, 20, 14, 10, 20, 14, 12, 13, 12))),
    ]
    both, alone = build(layers), [build([layer]) for layer in layers]
    hidden = np.ones(both.system.size, dtype=bool)
    for own, one in zip(both.cell_of, alone, strict=True):
        hidden[own] &= protected(one.system)
    assert recovered(both.system, hidden) > 0
    assert len(audit(both.system, hidden).failing) > 0
    assert not len(audit(both.system, protected(both.system)).failing)


def test_14_totals_implied_between_indicators():
    """Planted: reported = cleared + open was never declared; protected alone, the parts give the whole."""
    dimension = tree("region", "@R", "@@A", "@@B", "@@C", "@@D", "@@E", "@@F", "@@G", "@@H", "@@I")
    cleared, still = [9, 30, 12, 8, 7, 16, 25, 11, 9], [2, 9, 3, 4, 11, 8, 7, 9, 6]
    layers = [
        Layer(table, counts_of(table, own))
        for name, own in (("cleared", cleared), ("open", still), ("all", np.add(cleared, still)))
        for table in [Table((dimension,), name)]
    ]
    assert implied_identities(layers) == (Identity("all", ("cleared", "open")),)
    undeclared, declared = build(layers), build(layers, implied_identities(layers))
    assert undeclared.system.size == declared.system.size
    hidden = protected(undeclared.system)
    assert len(audit(declared.system, hidden).failing) > 0
    assert not len(audit(declared.system, protected(declared.system)).failing)


def test_14_few_cells_that_agree_by_chance_imply_nothing():
    tables = [Table((tree("region", "@R", "@@A", "@@B"),), name) for name in "xyz"]
    layers = [Layer(t, counts_of(t, own)) for t, own in zip(tables, ([1, 2], [3, 4], [4, 6]), strict=True)]
    assert implied_identities(layers) == ()


def test_15_somebody_elses_table():
    """Planted: another authority publishes the same counts whole for one region that we hide."""
    table, system = region_by_sex()
    hidden = protected(system)
    counts = counts_of(table, COUNTS)
    theirs = np.ones(table.size, dtype=bool)
    for number in np.flatnonzero(hidden & ~system.unsafe).tolist():
        theirs[number] = False
    known = build([Layer(table, counts), Layer(table, counts, hidden=theirs)]).system
    assert len(audit(known, hidden & ~known.fixed).failing) > 0


@pytest.mark.parametrize("unsafe", [("A1", "K"), ("B2", "M")])
def test_15_what_we_do_with_what_others_published(unsafe: tuple[str, str], tmp_path: Path):
    table, _ = region_by_sex()
    counts = counts_of(table, COUNTS)
    theirs = np.ones(table.size, dtype=bool)
    theirs[cell(table, "A2", "K")] = False
    system = build([Layer(table, counts), Layer(table, counts, hidden=theirs)]).system
    hidden = protected(system)
    assert hidden[cell(table, *unsafe)]
    assert not hidden[cell(table, "A2", "K")]
