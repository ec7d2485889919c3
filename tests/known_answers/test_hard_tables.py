"""Tables that other tools got wrong, or whose answers are documented; each with the leak it would have."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from lagesbild.core.refusal import Exit
from lagesbild.core.table import Dimension, Relation, Table
from lagesbild.inside.cli import main
from lagesbild.inside.protect.methods.secondary import suppress
from lagesbild.inside.protect.problem.primary import Rule
from lagesbild.inside.protect.problem.system import Flags, Layer, System, build
from lagesbild.inside.protect.proof.audit import audit
from lagesbild.inside.protect.proof.intervals import intervals


def system_of(table: Table, leaves: Mapping[tuple[str, ...], int], rule: Rule) -> System:
    counts = np.zeros(table.size, dtype=np.int64)
    for codes, count in leaves.items():
        counts[cell(table, *codes)] = count
    return build([Layer(table, table.add_up(counts), rule)]).system


def cell(table: Table, *codes: str) -> int:
    places = [dimension.position[code] for dimension, code in zip(table.dimensions, codes, strict=True)]
    return int(np.ravel_multi_index(places, table.shape))


def hidden_cells(table: Table, cells: Sequence[tuple[str, ...]]) -> Flags:
    hidden = np.zeros(table.size, dtype=bool)
    hidden[[cell(table, *codes) for codes in cells]] = True
    return hidden


def width(system: System, hidden: Flags, number: int) -> int:
    low, high = intervals(system, hidden, np.array([number]))
    return int(high[0] - low[0])


def flat(name: str, *codes: str) -> Dimension:
    return Dimension(name, ("Total", *codes), (Relation("Total", codes),))


def safe_by_us(system: System) -> Flags:
    pattern = suppress(system)
    assert pattern.safe
    return pattern.hidden


def test_three_singletons_in_a_row():
    """sdcTools/UserSupport issue 135: sdcTable 0.30 with detectSingletons left three ones in a row
    that could be told: they add up to three, and none of them is nothing."""
    table = Table((flat("var1", "1", "2"), flat("var2", "A", "B", "H", "M", "W")))
    values = (
        dict(zip("ABHMW", (1, 1, 7, 1, 0), strict=True)),
        dict(zip("ABHMW", (1, 0, 0, 2, 8), strict=True)),
    )
    leaves = {(row, column): n for row, own in zip("12", values, strict=True) for column, n in own.items()}
    system = system_of(table, leaves, Rule(threshold=3, width=2, zeros="published"))
    naive = hidden_cells(table, [("1", "A"), ("1", "B"), ("1", "M")])
    assert width(system, naive | system.primary, cell(table, "1", "B")) == 0
    hidden = safe_by_us(system)
    assert width(system, hidden, cell(table, "1", "A")) >= 2


LINKED = {"A": 2, "B": 2, "I": 8, "J": 8, "K": 3, "L": 3, "M": 3, "N": 7}
COUNTY = (Relation("county-1", ("A", "B", "I", "J")), Relation("county-2", ("K", "L", "M", "N")))
GROUP = (Relation("BIG", ("L", "M")), Relation("small", ("A", "B", "I", "J", "K", "N")))
TOPS = (Relation("Total", ("county-1", "county-2")), Relation("Total", ("BIG", "small")))


def test_two_linked_groupings_protected_one_by_one_are_not_protected():
    """sdcTools/UserSupport issue 136: counties and size groups over the same regions. Each grouping alone is
    protected by one hidden region, both together give the small region away."""
    codes = ("Total", "county-1", "county-2", "BIG", "small", *LINKED)
    table = Table((Dimension("region", codes, (*TOPS, *COUNTY, *GROUP)),))
    system = system_of(table, {(code,): count for code, count in LINKED.items()}, Rule(threshold=4))
    by_county = Table((Dimension("region", codes[:3] + tuple(LINKED), (TOPS[0], *COUNTY)),))
    alone = system_of(by_county, {(code,): count for code, count in LINKED.items()}, Rule(threshold=4))
    pattern = suppress(alone)
    assert pattern.safe
    named = {by_county.dimensions[0].codes[number] for number in np.flatnonzero(pattern.hidden)}
    carried = hidden_cells(table, [(code,) for code in named])
    assert len(audit(system, carried | system.primary).failing) > 0
    safe_by_us(system)


def test_linked_groupings_of_few_regions():
    """sdcTools/UserSupport issue 133: protectLinkedTables stopped with an error on this table."""
    leaves = {"A": 11, "B": 7, "I": 3, "J": 9, "K": 4}
    relations = (
        Relation("Total", ("county-1", "county-4", "county-10")),
        Relation("Total", ("BIG", "small")),
        Relation("county-1", ("A", "I")),
        Relation("county-10", ("J", "K")),
        Relation("county-4", ("B",)),
        Relation("BIG", ("A", "B")),
        Relation("small", ("I", "J", "K")),
    )
    codes = ("Total", "county-1", "county-10", "county-4", "BIG", "small", *leaves)
    table = Table((Dimension("region", codes, relations),))
    system = system_of(table, {(code,): count for code, count in leaves.items()}, Rule())
    only_unsafe = hidden_cells(table, [("I",), ("K",)])
    assert width(system, only_unsafe, cell(table, "I")) == 0
    safe_by_us(system)


def test_ones_where_zeros_are_always_published():
    """sdcTools/UserSupport issue 194: 15 = 10 + 3 + x + x tells both ones when hidden means at least 1."""
    table = Table((flat("part", "a", "b", "c", "d"),))
    leaves = {("a",): 10, ("b",): 3, ("c",): 1, ("d",): 1}
    system = system_of(table, leaves, Rule(threshold=2, width=2, zeros="published"))
    naive = hidden_cells(table, [("c",), ("d",)])
    assert width(system, naive, cell(table, "c")) == 0
    assert set(audit(system, naive).failing.tolist()) == {cell(table, "c"), cell(table, "d")}
    assert safe_by_us(system).sum() > 2


def test_a_zero_hidden_beside_zeros_tells_itself():
    """sdcTools/UserSupport issue 194: 0 = x + x + 0 hides nothing: no part of nothing is more."""
    table = Table((flat("part", "a", "b", "c"), flat("sex", "K", "M")))
    leaves = {("a", "K"): 0, ("b", "K"): 0, ("c", "K"): 0, ("a", "M"): 8, ("b", "M"): 9, ("c", "M"): 20}
    system = system_of(table, leaves, Rule(threshold=2, zeros="unsafe"))
    naive = hidden_cells(table, [("a", "K"), ("b", "K")])
    assert width(system, naive, cell(table, "a", "K")) == 0
    assert cell(table, "a", "K") in audit(system, naive).failing


def test_totals_of_what_remains_do_not_add_up_with_what_was_hidden():
    """AI-SDC/ACRO issue 198: totals recomputed from the rows left after redaction. A total that leaves hidden
    cells out is another number than the table's, so it cannot stand in the same system of equations."""
    table = Table((flat("part", "a", "b", "c"),))
    counts = table.add_up(np.array([0, 2, 9, 30]))
    redacted = counts.copy()
    redacted[0] = 39
    full, left_out = int(counts[0]), int(redacted[0])
    assert full - left_out == counts[cell(table, "a")]  # one old total beside the new gives the cell away
    try:
        build([Layer(table, redacted)])
    except ValueError:
        return
    raise AssertionError("a total that leaves cells out was taken as the table's own")


def test_totals_of_what_remains_are_not_called_safe(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """The same as a released file: its own total leaves 0 for the hidden cell, the total of before leaves 2.
    It is another table than the truth, and an outsider works out one number of it."""
    spec = '[table]\nfile = "leaves.csv"\nvalue = "n"\n[dimensions]\npart = "part.csv"\n'
    (tmp_path / "part.csv").write_text("levels,codes\n@,T\n@@,a\n@@,b\n@@,c\n")
    (tmp_path / "leaves.csv").write_text("part,n\na,2\nb,9\nc,30\n")
    (tmp_path / "before.csv").write_text("part,value\nT,41\n")
    (tmp_path / "redacted.csv").write_text("part,value\nT,39\na,\nb,9\nc,30\n")
    for known in ("", '[[known]]\nfile = "before.csv"\n'):
        (tmp_path / "spec.toml").write_text(spec + known)
        names = [str(tmp_path / name) for name in ("redacted.csv", "spec.toml", "leaves.csv")]
        command = ["--lang", "en", "audit", names[0], "--spec", names[1], "--truth", names[2]]
        assert main(command) == Exit.UNSAFE
        said = capsys.readouterr().out
        assert "works out 1 exactly" in said
        assert "not those of the truth: 1" in said


def test_municipal_accidents_documented_by_statistics_norway():
    """SSBtools' data `mun_accidents`, SuppressSmallCounts with maxN = 3 (zeros neither protected nor hidden
    for others): 35 cells, 8 unsafe, 5 more hidden. We demand wider intervals than exact independence."""
    injuries, places = ("serious", "light", "none", "unknown"), ("k1", "k2", "k3", "k4", "k5", "k6")
    counts = (4, 5, 3, 4, 1, 6, 0, 0, 2, 1, 0, 0, 0, 1, 1, 4, *(0,) * 8)
    table = Table((flat("mun", *places), flat("inj", *injuries)))
    leaves = {(m, i): counts[6 * j + k] for j, i in enumerate(injuries) for k, m in enumerate(places)}
    system = system_of(table, leaves, Rule(threshold=4, width=1, zeros="published", attacker_lower=0))
    assert (table.size, int(system.unsafe.sum())) == (35, 8)
    assert len(audit(system, system.primary).failing) > 0
    assert (safe_by_us(system) & ~system.primary).sum() <= 5


def test_social_assistance_documented_by_statistics_norway():
    """SSBtools' data `d2`, a tenth of the counts, maxN = 2: 37 unsafe in two crossing regional groupings, and
    26 more hidden."""
    table, leaves = d2()
    system = system_of(table, leaves, Rule(threshold=3, width=1))
    assert int(system.unsafe.sum()) == 37
    assert len(audit(system, system.primary).failing) > 0
    assert (safe_by_us(system) & ~system.primary).sum() <= 26


def d2() -> tuple[Table, Mapping[tuple[str, ...], int]]:
    counties = {"1": "AI", "4": "B", "5": "CD", "6": "EF", "8": "GH", "10": "JK"}
    relations = [Relation(f"county-{name}", tuple(places)) for name, places in counties.items()]
    totals = tuple(relation.total for relation in relations)
    groups = (Relation("300", tuple("ABCDEFGH")), Relation("400", tuple("IJK")))
    tops = (Relation("Total", totals), Relation("Total", ("300", "400")))
    region = Dimension(
        "region", ("Total", *totals, "300", "400", *"ABCDEFGHIJK"), (*tops, *relations, *groups)
    )
    counts = {
        "other": (11, 7, 5, 13, 9, 12, 6, 9, 3, 9, 4),
        "wages": (11, 1, 8, 2, 14, 9, 4, 3, 0, 0, 2),
        "assistance": (55, 29, 35, 17, 63, 24, 22, 38, 9, 32, 18),
        "pensions": (36, 18, 25, 13, 52, 22, 8, 15, 2, 20, 11),
    }
    table = Table((region, flat("main_income", *counts)))
    tenth = {
        (place, income): round(count / 10)  # halves to the even number, as R rounds
        for income, own in counts.items()
        for place, count in zip("ABCDEFGHIJK", own, strict=True)
    }
    return table, tenth
