"""Jobs of several tables and groupings through the commands; each would leak if taken apart."""

from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from jobs import PLACES, SEXES, audit, csv_of, office_of, protect, shown
from lagesbild.core.refusal import Exit
from lagesbild.inside.protect.office.job import prepare
from lagesbild.inside.protect.office.spec_file import read_spec
from offices import SPEC, make_office

AGES = ("15-17", "18-20", "21-24", "25+")
PEOPLE = {
    key: 1 if key[:2] == ("A1", "K") else (7 * number * number + 3 * number) % 23
    for number, key in enumerate(product(PLACES, SEXES, AGES), start=1)
}
"""Counts by place, sex and age, from 0 to 22 as if drawn; few are women of A1."""
AGE = "levels,codes\n@,all\n@@,15-17\n@@,18-20\n@@,21-24\n@@,25+\n"
BANDS = "@,15-24\n@@,15-17\n@@,18-20\n@@,21-24\n@,18-24\n@@,18-20\n@@,21-24\n"
"""Overlapping bands, in the same file as the ages: their difference is 15-17."""
POLICE = "levels,codes\n@,R\n@@,North\n@@@,A1\n@@@,B1\n@@@,B2\n@@,South\n@@@,A2\n@@@,A3\n@@@,B3\n"


def tidy(
    keep: Sequence[int], names: Sequence[str], people: Mapping[tuple[str, str, str], int] = PEOPLE
) -> str:
    """The people added up over the dimensions that are not kept."""
    sums: dict[tuple[str, ...], int] = {}
    for key, count in people.items():
        kept = tuple(key[place] for place in keep)
        sums[kept] = sums.get(kept, 0) + count
    return csv_of((*names, "n"), ((*key, count) for key, count in sums.items()))


LINKED = """
[[tables]]
file = "by_sex.csv"
value = "n"
dimensions = ["region", "sex"]
[[tables]]
file = "by_age.csv"
value = "n"
dimensions = ["region", "age"]
[dimensions]
region = "region.csv"
sex = "sex.csv"
age = "age.csv"
"""
"""Nobody says that both tables count the same people."""


def test_tables_that_count_the_same_are_linked_though_nobody_says_so(tmp_path: Path) -> None:
    """Planted: protected one by one, a region's total is hidden in one table and shown in the other."""
    files = {"by_sex": tidy((0, 1), ("region", "sex")), "by_age": tidy((0, 2), ("region", "age")), "age": AGE}
    spec = make_office(tmp_path, spec=LINKED, **files)
    protect(spec, tmp_path / "out")
    released = [tmp_path / f"out/{name}/released.csv" for name in ("by_sex", "by_age")]
    truth = [tmp_path / "by_sex.csv", tmp_path / "by_age.csv"]
    assert audit(spec, released) == audit(spec, released, truth) == Exit.OK
    by_sex, by_age = map(shown, released)
    assert all(by_sex[place, "T"] == by_age[place, "all"] for place in ("R", "A", "B", *PLACES))
    alone = []
    for name, other, hide in (
        ("by_sex", "sex", '[[hide]]\nregion = "A1"\nsex = "T"\n'),
        ("by_age", "age", ""),
    ):
        own = SPEC.replace("leaves.csv", f"{name}.csv").replace('sex = "sex.csv"', f'{other} = "{other}.csv"')
        (tmp_path / f"{name}.toml").write_text(own + hide)
        protect(tmp_path / f"{name}.toml", tmp_path / name)
        alone.append(tmp_path / name / "released.csv")
    assert audit(spec, alone, truth) == Exit.UNSAFE


def test_a_table_that_needs_no_hiding_is_safe(tmp_path: Path) -> None:
    spec = make_office(tmp_path, leaves={place: (20, 30) for place in PLACES})
    protect(spec, tmp_path / "out")
    released = [tmp_path / "out/released.csv"]
    assert audit(spec, released) == audit(spec, released, [tmp_path / "leaves.csv"]) == Exit.OK


@pytest.mark.parametrize("ages", [AGE, AGE + BANDS])
def test_police_regions_and_overlapping_bands_at_once(tmp_path: Path, ages: str) -> None:
    spec = SPEC.replace('"region.csv"', '["region.csv", "police.csv"]').replace(
        "[rule]", 'age = "age.csv"\n[rule]'
    )
    leaves = tidy((0, 1, 2), ("region", "sex", "age"))
    office = make_office(tmp_path, spec=spec, police=POLICE, age=ages)
    (tmp_path / "leaves.csv").write_text(leaves)
    protect(office, tmp_path / "out")
    released = tmp_path / "out/released.csv"
    assert audit(office, [released]) == audit(office, [released], [tmp_path / "leaves.csv"]) == Exit.OK
    table = shown(released)
    assert len(table) == 11 * 3 * (5 if ages == AGE else 7)
    assert table["R", "T", "all"] == "published"


def test_the_grand_total_stays_where_a_grouping_leaves_something_out(tmp_path: Path) -> None:
    """A second grouping without a total of its own makes no difference to what the grand total is."""
    north = "levels,codes\n@,North\n@@,A1\n@@,B1\n"
    spec = make_office(
        tmp_path, spec=SPEC.replace('"region.csv"', '["region.csv", "north.csv"]'), north=north
    )
    protect(spec, tmp_path / "out")
    assert shown(tmp_path / "out/released.csv")["R", "T"] == "published"


@pytest.mark.parametrize("dimensions", [4, 5])
def test_four_and_five_dimensions(tmp_path: Path, dimensions: int) -> None:
    codes = ["abc", "KM", "xy", "12", "pq"][:dimensions]
    names = [f"d{number}" for number in range(dimensions)]
    for name, own in zip(names, codes, strict=True):
        (tmp_path / f"{name}.csv").write_text(
            csv_of(("levels", "codes"), [("@", "T"), *(("@@", c) for c in own)])
        )
    counts = ((7 * number * number) % 29 for number in range(10_000))
    rows = ((*key, count) for key, count in zip(product(*codes), counts, strict=False))
    (tmp_path / "leaves.csv").write_text(csv_of((*names, "n"), rows))
    listed = "".join(f'{name} = "{name}.csv"\n' for name in names)
    spec = tmp_path / "spec.toml"
    spec.write_text(f'[table]\nfile = "leaves.csv"\nvalue = "n"\n[dimensions]\n{listed}')
    protect(spec, tmp_path / "out")
    assert audit(spec, [tmp_path / "out/released.csv"], [tmp_path / "leaves.csv"]) == Exit.OK


def test_an_outside_table_may_lack_dimensions_and_rows(tmp_path: Path) -> None:
    """Planted: another authority shows A1's total, which we hide to protect its women."""
    hide = SPEC + '[[hide]]\nregion = "A1"\nsex = "T"\n'
    alone = make_office(tmp_path, spec=hide)
    protect(alone, tmp_path / "out")
    assert shown(tmp_path / "out/released.csv")["A1", "T"] == "hidden"
    known = SPEC + '[[known]]\nfile = "theirs.csv"\nvalue = "antal"\n'
    beside = make_office(tmp_path / "beside", spec=known, theirs="region,antal\nA1,43\nA3,34\n")
    released, truth = [tmp_path / "out/released.csv"], [tmp_path / "beside/leaves.csv"]
    assert audit(alone, released) == Exit.OK
    hidden_men = make_office(tmp_path / "men", spec=hide)
    protect(hidden_men, tmp_path / "men/out")
    protect(beside, tmp_path / "beside/out")
    assert audit(beside, [tmp_path / "beside/out/released.csv"], truth) == Exit.OK


COUNTY = "levels,codes\n@,R\n@@,A\n@@,B\n"


def test_a_table_may_have_a_coarser_hierarchy_of_its_own(tmp_path: Path) -> None:
    """Ages by county beside sexes by municipality: the counties are the same cells in both."""
    spec = LINKED.replace('["region", "age"]', '{ region = "county.csv", age = "age.csv" }')
    by_county: dict[tuple[str, str], int] = {}
    for (place, _, age), count in PEOPLE.items():
        by_county[place[0], age] = by_county.get((place[0], age), 0) + count
    by_age = csv_of(("region", "age", "n"), ((*key, count) for key, count in by_county.items()))
    files = {"by_sex": tidy((0, 1), ("region", "sex")), "by_age": by_age, "age": AGE, "county": COUNTY}
    office = make_office(tmp_path, spec=spec, **files)
    protect(office, tmp_path / "out")
    by_sex, by_ages = (shown(tmp_path / f"out/{name}/released.csv") for name in ("by_sex", "by_age"))
    assert all(by_sex[place, "T"] == by_ages[place, "all"] for place in "RAB")


def test_amounts_stand_beside_counts(tmp_path: Path) -> None:
    spec = (
        '[rule]\nthreshold = 5\n[[tables]]\nname = "costs"\nfile = "kr.csv"\nvalue = "kr"\ngiver = "org"\n'
        'rule = { p = 10 }\n[[tables]]\nname = "cases"\nfile = "leaves.csv"\nvalue = "n"\n'
        '[dimensions]\nregion = "region.csv"\nsex = "sex.csv"\n'
    )
    givers = (
        (place, sex, f"org{(3 * number + other) % 7}", 1000 * (1 + (number * other) % 9))
        for number, place in enumerate(PLACES)
        for sex in SEXES
        for other in range(1 + number % 4)
    )
    office = make_office(tmp_path, spec=spec, kr=csv_of(("region", "sex", "org", "kr"), givers))
    protect(office, tmp_path / "out")
    released = [tmp_path / f"out/{name}/released.csv" for name in ("costs", "cases")]
    assert audit(office, released, [tmp_path / "kr.csv", tmp_path / "leaves.csv"]) == Exit.OK
    assert '"p"' not in (tmp_path / "out/audit.json").read_text()  # it helps to estimate


def test_a_sum_holds_for_a_table_that_goes_by_another_name(tmp_path: Path) -> None:
    """Reported by sex and by age are found to count the same; cleared and open add up to it by age.

    Planted: a cell of the cleared is shown after all, and the open are what is left of the reported.
    """
    tables = [("by_sex", "sex"), ("by_age", "age"), ("cleared", "age"), ("open", "age")]
    table = '[[tables]]\nname = "{0}"\nfile = "{0}.csv"\nvalue = "n"\ndimensions = ["region", "{1}"]\n'
    spec = "".join(table.format(*each) for each in tables)
    spec += '[[identities]]\ntotal = "by_age"\nparts = ["cleared", "open"]\n'
    spec += '[dimensions]\nregion = "region.csv"\nsex = "sex.csv"\nage = "age.csv"\n'
    still = {key: min(count, 1) for key, count in PEOPLE.items()}
    cleared = {key: count - still[key] for key, count in PEOPLE.items()}
    by_sex, by_age = tidy((0, 1), ("region", "sex")), tidy((0, 2), ("region", "age"))
    parts = {
        name: tidy((0, 2), ("region", "age"), of) for name, of in (("cleared", cleared), ("open", still))
    }
    office = make_office(tmp_path, spec=spec, by_sex=by_sex, by_age=by_age, age=AGE, **parts)
    protect(office, tmp_path / "out")
    released = [tmp_path / f"out/{name}/released.csv" for name, _ in tables]
    truth = [tmp_path / f"{name}.csv" for name, _ in tables]
    assert audit(office, released) == audit(office, released, truth) == Exit.OK
    cells = (tmp_path / "out/private/cleared/cells.csv").read_text().splitlines()
    place, age, number = next(
        line.split(",")[:3]
        for line in cells
        if ",hidden,0," in line and not line.startswith(("R", "A,", "B,"))
    )
    hidden, shown_after_all = f"{place},{age},,hidden", f"{place},{age},{number},published"
    assert hidden in released[2].read_text()
    released[2].write_text(released[2].read_text().replace(hidden, shown_after_all))
    assert audit(office, released, truth) == audit(office, released) == Exit.UNSAFE


def test_a_table_of_an_earlier_release_that_no_entry_names_stays_known(tmp_path: Path) -> None:
    """Planted: with one table named the other would be forgotten."""
    files = {"by_sex": tidy((0, 1), ("region", "sex")), "by_age": tidy((0, 2), ("region", "age")), "age": AGE}
    spec = make_office(tmp_path, spec=LINKED, **files)
    protect(spec, tmp_path / "out")
    entry = '[[earlier]]\nfile = "out"\ntable = "by_sex"\n'
    for entries in (entry, entry + entry.replace("by_sex", "by_age")):
        spec.write_text(LINKED + entries)
        known = prepare(read_spec(spec)).public
        assert [len(each.layer.table.dimensions[1].codes) for each in known] == [3, 5]
    spec.write_text(f"{LINKED}{entry}accepted = true\n")
    assert [(each.earlier, each.accepted) for each in prepare(read_spec(spec)).public] == [
        (True, True),
        (True, False),
    ]


def test_an_outsider_finds_a_sum_that_nobody_declared(tmp_path: Path) -> None:
    """All places but a show reported = cleared + open, so that a has 14 - 11 cleared."""
    places = "abcdefghij"
    office_of(tmp_path, places="levels,codes\n@,T\n" + "".join(f"@@,{place}\n" for place in places))
    cleared, unsolved = [3, *range(21, 30)], [11, *range(14, 23)]
    reported = [one + other for one, other in zip(cleared, unsolved, strict=True)]
    spec, released = "", []
    for name, counts in {"reported": reported, "cleared": cleared, "open": unsolved}.items():
        rows = [*zip(places, counts, strict=True), ("T", sum(counts))]
        holes = {"a", "T"} if name == "cleared" else {"T"}
        released.append(tmp_path / f"{name}.csv")
        shown = [(place, "" if place in holes else count) for place, count in rows]
        released[-1].write_text(csv_of(("region", "value"), shown))
        spec += f'[[tables]]\nname = "{name}"\nfile = "{name}.csv"\nvalue = "value"\n'
    (tmp_path / "spec.toml").write_text(spec + '[dimensions]\nregion = "places.csv"\n')
    assert audit(tmp_path / "spec.toml", released) == Exit.UNSAFE


BY_SEX = "region,sex,n\nA1,K,3\nA1,M,0\nA2,K,10\nA2,M,10\nA3,K,50\nA3,M,60\n"
TWO = """
[[tables]]
name = "by_sex"
file = "by_sex.csv"
value = "n"
dimensions = ["region", "sex"]
[dimensions]
region = "region.csv"
sex = "sex.csv"
"""
ALSO = """
[[tables]]
name = "by_age"
file = "by_age.csv"
value = "n"
dimensions = { region = "region.csv", age = "age.csv" }
"""
OTHER = """
[[tables]]
name = "other"
file = "other.csv"
value = "n"
dimensions = { region = "region.csv" }
"""


def two_tables(folder: Path, young: int, spec: str = f'{TWO}{ALSO}[[publish]]\nregion = "A3"\n') -> Path:
    """The tables agree in every region where 3 are young in A1."""
    ages = f"A1,young,{young}\nA1,old,0\nA2,young,{13 - young}\nA2,old,10\nA3,young,52\nA3,old,58\n"
    return make_office(
        folder, spec, by_sex=BY_SEX, by_age="region,age,n\n" + ages, other="region,n\nA1,99\nA2,98\nA3,97\n",
        region="levels,codes\n@,R\n@@,A1\n@@,A2\n@@,A3\n", age="levels,codes\n@,all\n@@,young\n@@,old\n",
    )  # fmt: skip


def test_the_statement_does_not_tell_which_tables_were_found_to_count_the_same(tmp_path: Path) -> None:
    """Planted: two worlds that differ in hidden counts alone gave the same tables and other statements."""
    told = []
    for young in (3, 2):
        protect(two_tables(tmp_path / str(young), young), tmp_path / f"{young}/out")
        files = ("by_sex/released.csv", "by_age/released.csv", "audit.json")
        told.append([(tmp_path / f"{young}/out" / file).read_bytes() for file in files])
    assert told[0] == told[1]


def test_a_table_given_up_is_still_linked_to_one_that_was_found_to_count_the_same(tmp_path: Path) -> None:
    """Only the numbers of then tell that its margin is that of the table that goes on."""
    protect(two_tables(tmp_path / "then", 3, TWO + ALSO + OTHER), tmp_path / "first")
    gone = '[[earlier]]\nfile = "../first"\ngone = ["by_age"]\n'
    job = prepare(read_spec(two_tables(tmp_path / "now", 3, TWO + OTHER + gone)))
    given_up = next(each for each in job.public if each.layer.table.indicator == "by_age")
    margin = job.stack.cell_of[len(job.tables) + job.public.index(given_up)].reshape(
        given_up.layer.table.shape
    )[:, 0]
    now = job.stack.cell_of[0].reshape(job.tables[0].shape)[:, 0]
    apart = np.ones(job.stack.system.size, dtype=bool)
    for one, other in zip(margin.tolist(), now.tolist(), strict=True):
        row = np.zeros(job.stack.system.size)
        row[one], row[other] = row[one] + 1, row[other] - 1
        equations = job.stack.system.equations.toarray()
        apart[one] = not (one == other or any((abs(each) == abs(row)).all() for each in equations))
    assert not apart[margin].any()
