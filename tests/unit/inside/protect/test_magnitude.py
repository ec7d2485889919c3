"""Amounts: dominance, the p% rule, and the protection that each asks for, by hand-computed examples."""

from pathlib import Path

import numpy as np
import pytest

from lagesbild.core.refusal import BadUsage, Exit, Unsafe
from lagesbild.core.table import Dimension, Table
from lagesbild.inside.cli import main
from lagesbild.inside.protect.methods.magnitude import (
    Contributions,
    Dominance,
    PriorPosterior,
    all_from_one,
    concentrated,
    guarded,
)
from lagesbild.inside.protect.methods.secondary import suppress
from lagesbild.inside.protect.office.job import prepare
from lagesbild.inside.protect.office.spec_file import read_spec
from lagesbild.inside.protect.problem.primary import Rule
from lagesbild.inside.protect.problem.system import NO_CEILING, Layer, Stack, build
from lagesbild.inside.protect.proof.audit import audit
from offices import audit_of, make_office

TABLE = Table((Dimension.of_levels("part", [("@", "T"), ("@@", "a"), ("@@", "b"), ("@@", "c")]),))


def given(*amounts: tuple[str, int, int]) -> Contributions:
    cells, givers, kronor = zip(*amounts, strict=True)
    places = [TABLE.dimensions[0].position[code] for code in cells]
    return Contributions(np.array(places), np.array(givers), np.array(kronor))


GIVEN = given(
    ("a", 0, 100), ("a", 1, 5), ("a", 2, 3), ("b", 1, 50), ("b", 2, 60), ("b", 3, 55), ("c", 3, 400)
)


def stack_of(rule: Dominance | PriorPosterior) -> Stack:
    stack = build([Layer(TABLE, GIVEN.counts(TABLE), Rule(threshold=1, width=0))])
    return guarded(stack, 0, *concentrated(TABLE, GIVEN, rule))


def test_the_p_rule_asks_for_what_the_others_do_not_cover():
    """a: 10 % of 100 less the remaining 3 is 7. b: 6 less 50 is nothing. c: 10 % of 400."""
    protection, _ = concentrated(TABLE, GIVEN, PriorPosterior(10))
    assert protection.tolist() == [0, 7, 0, 40]


def test_dominance_asks_for_the_total_that_would_be_safe():
    """a: 100 is 80 % of 125, which is 17 above 108. b: 60 is 80 % of 75, far below 165. c: 500 - 400."""
    protection, _ = concentrated(TABLE, GIVEN, Dominance(1, 80))
    assert protection.tolist() == [0, 17, 0, 100]


@pytest.mark.parametrize(
    ("rule", "largest", "total"),
    [
        (PriorPosterior(7), [100, 50], 157),
        (PriorPosterior(14), [100, 50], 164),
        (PriorPosterior(29), [100, 50], 179),
        (PriorPosterior(0.7), [1000, 50], 1057),
        (Dominance(1, 55), [55], 100),
        (Dominance(1, 33.3), [333_000_000_000], 1_000_000_000_000),
    ],
)
def test_exactly_at_the_limit_is_safe_and_one_krona_less_is_not(
    rule: Dominance | PriorPosterior, largest: list[int], total: int
):
    """100 * 0.07 is more than 7 in binary fractions."""
    both = np.array([total, total - 1])
    assert rule.protection(np.array([largest, largest]), both).tolist()[0] == 0
    assert rule.protection(np.array([largest, largest]), both).tolist()[1] >= 1


@pytest.mark.parametrize("rule", [PriorPosterior(1e300), Dominance(1, 1e-300)])
def test_what_no_interval_can_reach_is_asked_for_all_the_same(rule: Dominance | PriorPosterior):
    assert rule.protection(np.array([[100, 50]]), np.array([160])).tolist() == [NO_CEILING]


def test_a_giver_counts_in_a_total_with_all_she_gave():
    """Giver 3 has 55 + 400 of 673, 68 %: the total is unsafe where the limit is 60 %."""
    protection, _ = concentrated(TABLE, GIVEN, Dominance(1, 60))
    assert protection[0] == int(np.ceil(455 / 0.6 - 673))


def test_whoever_is_alone_in_a_cell_is_its_insider():
    _, only = concentrated(TABLE, GIVEN, PriorPosterior(10))
    assert only.tolist() == [-1, -1, -1, 3]


def test_the_same_suppression_protects_amounts():
    system = stack_of(PriorPosterior(10)).system
    assert len(audit(system, system.primary).failing) == 0 or suppress(system).safe
    pattern = suppress(system)
    assert pattern.safe
    assert pattern.hidden[TABLE.dimensions[0].position["c"]]


AMOUNTS = """region,sex,kronor,who
A1,K,100,x
A1,K,3,y
A2,K,50,x
A2,K,60,y
A2,K,70,z
A3,K,80,x
A3,K,90,y
A3,K,85,z
B1,M,70,y
B1,M,80,z
B1,M,90,w
"""
SPEC = """
[table]
file = "amounts.csv"
value = "kronor"
giver = "who"
[dimensions]
region = "region.csv"
sex = "sex.csv"
[rule]
p = 10
"""


def test_amounts_go_through_the_command(tmp_path: Path):
    spec = make_office(tmp_path, spec=SPEC, amounts=AMOUNTS)
    assert main(["protect", "--spec", str(spec), "--to", str(tmp_path / "out")]) == 0
    assert "A1,K,,hidden" in (tmp_path / "out" / "released.csv").read_text()


EVEN = "region,sex,kronor,who\n" + "".join(
    f"{place},{sex},{500 + number},{place}{sex}{number}\n"
    for place in ("A1", "A2", "A3", "B1", "B2", "B3")
    for sex in "KM"
    for number in range(10)
)
PEOPLE = "region,sex,n\n" + "".join(
    f"{place},{sex},{10 if (place, sex) == ('A1', 'K') else 100}\n"
    for place in ("A1", "A2", "A3", "B1", "B2", "B3")
    for sex in "KM"
)
FEW = 'giver = "who"\npopulation = { file = "people.csv", value = "n", least = 50 }'


@pytest.mark.parametrize(
    "spec",
    [SPEC + '[[hide]]\nregion = "A1"\nsex = "K"\n', SPEC.replace('giver = "who"', FEW)],
    ids=["asked for", "few people"],
)
@pytest.mark.parametrize(("rule", "needs"), [("p = 10", 505), ("dominance = [1, 80]", 1262)])
def test_an_amount_that_must_be_hidden_is_protected_as_if_one_had_given_all(
    tmp_path: Path, spec: str, rule: str, needs: int
):
    """Planted: only the cell itself was hidden, 5045, and its sums gave it away to the krona. 10 % of it is
    504.5; 5045 is 80 % of 6306.25."""
    spec_file = make_office(tmp_path, spec=spec.replace("p = 10", rule), amounts=EVEN, people=PEOPLE)
    out = tmp_path / "out"
    assert main(["protect", "--spec", str(spec_file), "--to", str(out)]) == 0
    intervals = (out / "private/intervals.csv").read_text().splitlines()
    low, high = (int(end) for row in intervals if row.startswith("A1,K,") for end in row.split(",")[2:])
    assert high >= 5045 + needs
    assert high - low >= 2 * needs


def test_an_amount_of_nothing_that_must_be_hidden_is_not_known_to_be_nothing():
    assert all_from_one(np.array([0, 5]), PriorPosterior(10)).tolist() == [1, 1]


def test_who_is_alone_in_a_cell_cannot_work_out_another_who_is(tmp_path: Path):
    """Planted: x alone in K and y alone in M were the only hidden cells, and each had the other's by
    subtracting her own from their sum."""
    amounts = "sex,kronor,who\nK,100,x\nM,90,y\n" + "".join(f"X,50{n},{n}\nZ,50{n},{n}\n" for n in range(10))
    spec = SPEC.replace('region = "region.csv"\n', "")
    spec_file = make_office(
        tmp_path, spec=spec, amounts=amounts, sex="levels,codes\n@,T\n@@,K\n@@,M\n@@,X\n@@,Z\n"
    )
    command = ["protect", "--spec", str(spec_file), "--to", str(tmp_path / "out")]
    assert main(command) == 0
    assert (tmp_path / "out/released.csv").read_text().count(",hidden") == 3
    assert audit_of(tmp_path / "out")["insider"] is True
    assert main(["verify", str(tmp_path / "out")]) == 0
    (tmp_path / "two.csv").write_text("sex,value\nT,10280\nK,\nM,\nX,5045\nZ,5045\n")
    told = ["audit", str(tmp_path / "two.csv"), "--truth", str(tmp_path / "amounts.csv")]
    assert main([*told, "--spec", str(spec_file)]) == Unsafe.exit_code
    spec_file.write_text("insider = false\n" + spec)
    assert main([*told, "--spec", str(spec_file)]) == 0


def test_a_total_that_one_giver_dominates_cannot_be_protected(tmp_path: Path):
    spec = make_office(tmp_path, spec=SPEC, amounts="region,sex,kronor,who\nA1,K,100,x\nA1,M,3,y\n")
    assert main(["protect", "--spec", str(spec), "--to", str(tmp_path / "out")]) == Unsafe.exit_code
    assert not (tmp_path / "out").exists()


def test_amounts_need_a_rule_of_concentration(tmp_path: Path):
    spec = make_office(tmp_path, spec=SPEC.replace("p = 10", "threshold = 5"), amounts=AMOUNTS)
    with pytest.raises(BadUsage):
        read_spec(spec)


def test_dominance_is_read_from_the_specification(tmp_path: Path):
    spec = make_office(tmp_path, spec=SPEC.replace("p = 10", "dominance = [1, 80]"), amounts=AMOUNTS)
    assert int(prepare(read_spec(spec)).stack.system.unsafe.sum()) > 0


LINKED = """[[tables]]
name = "{0}"
counts = "kr"
file = "{0}.csv"
value = "kronor"
giver = "who"
dimensions = {1}
rule = {{ p = {2} }}
"""
BY_REGION = LINKED.format("by_region", '["region"]', 10)
BY_SEX = LINKED.format("by_sex", '["region", "sex"]', 1)
DIMENSIONS = '[dimensions]\nregion = "region.csv"\nsex = "sex.csv"\n'
GIVERS = [("A1", 900, "x"), ("A1", 60, "y"), ("A1", 40, "z")] + [
    (place, 500, f"{place}-{number}") for place in ("A2", "A3", "B1", "B2", "B3") for number in range(10)
]


def linked_office(folder: Path, *tables: str) -> Path:
    """The same amounts by region, and by region and sex, of which each has half."""
    halves = [(place, sex, amount // 2, who) for place, amount, who in GIVERS for sex in "KM"]
    by_region = "region,kronor,who\n" + "".join(f"{place},{n},{who}\n" for place, n, who in GIVERS)
    by_sex = "region,sex,kronor,who\n" + "".join(f"{p},{sex},{n},{who}\n" for p, sex, n, who in halves)
    return make_office(folder, spec="".join(tables) + DIMENSIONS, by_region=by_region, by_sex=by_sex)


@pytest.mark.parametrize("tables", [(BY_REGION, BY_SEX), (BY_SEX, BY_REGION)])
def test_a_shared_cell_answers_to_the_rules_of_both_tables(tmp_path: Path, tables: tuple[str, str]):
    """A1: what is left, 40, is less than 10 % of 900 and more than 1 %."""
    job = prepare(read_spec(linked_office(tmp_path, *tables)))
    system = job.stack.system
    assert system.values[system.unsafe].tolist() == [1000]
    assert (system.threshold - system.values)[system.unsafe].tolist() == [90 - 40]
    assert system.width[system.unsafe].tolist() == [2 * (90 - 40)]


def test_a_giver_is_the_same_insider_in_every_table(tmp_path: Path):
    """x alone gave to A1, and stands last in one file and first in the other."""
    by_region = "region,kronor,who\n" + "".join(f"B1,50,{who}\n" for who in "abc") + "A1,100,x\n"
    by_sex = "region,sex,kronor,who\nA1,M,100,x\n" + "".join(f"B1,K,50,{who}\n" for who in "abc")
    spec = BY_REGION + BY_SEX + DIMENSIONS
    job = prepare(read_spec(make_office(tmp_path, spec=spec, by_region=by_region, by_sex=by_sex)))
    of_region, of_sex = (set(job.stack.system.supplier[own].tolist()) - {-1} for own in job.stack.cell_of)
    assert of_region == of_sex
    assert len(of_sex) == 1


def test_a_giver_is_none_of_those_who_report_counts(tmp_path: Path):
    counts = '[[tables]]\nname = "n"\nfile = "leaves.csv"\nvalue = "n"\nsupplier = "region"\n'
    spec = "insider = true\n" + counts + BY_REGION + DIMENSIONS
    by_region = "region,kronor,who\n" + "".join(f"{place},50,{place}\n" for place in ("A1", "A2", "B1"))
    job = prepare(read_spec(make_office(tmp_path, spec=spec, by_region=by_region)))
    of_counts, of_kronor = (set(job.stack.system.supplier[own].tolist()) for own in job.stack.cell_of)
    assert of_counts & of_kronor == {-1}


def test_who_is_alone_in_a_cell_knows_what_she_gave_before(tmp_path: Path):
    """a gave 30 to x, now 37, and b 40 to y. The sum of C1 was shown then; with z shown now, a has y."""
    region = "levels,codes\n@,T\n@@,C1\n@@@,x\n@@@,y\n@@@,z\n@@,C2\n@@@,u\n@@@,v\n@@,C3\n@@@,w\n@@@,q\n"
    others = "".join(f"{place},25,{place}{number}\n" for place in "zuvwq" for number in range(4))
    then = f"region,kr,who\nx,30,a\ny,40,b\n{others}"
    now = then.replace("x,30,a", "x,37,a").replace("u,25,u0", "u,29,u0")
    table = '[table]\nfile = "{}.csv"\nvalue = "kr"\ngiver = "who"\n'
    rest = '[dimensions]\nregion = "places.csv"\n[rule]\np = 10\n'
    spec = make_office(tmp_path, spec=table.format("then") + rest, places=region, then=then, now=now)
    assert main(["protect", "--spec", str(spec), "--to", str(tmp_path / "out")]) == Exit.OK
    spec.write_text(table.format("now") + rest + '[[earlier]]\nfile = "out"\n[[publish]]\nregion = "z"\n')
    assert main(["protect", "--spec", str(spec), "--to", str(tmp_path / "next")]) == Exit.UNSAFE
