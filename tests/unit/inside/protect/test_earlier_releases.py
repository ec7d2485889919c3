"""What earlier releases told that is easily forgotten: each test would leak if it were."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from lagesbild.core.linking import Identity
from lagesbild.core.refusal import Exit
from lagesbild.inside.cli import main
from lagesbild.inside.protect.office.job import Job, prepare
from lagesbild.inside.protect.office.linked_then import same_then
from lagesbild.inside.protect.office.spec_file import read_spec
from offices import LEAVES, SPEC, make_office

COUNTRY = "levels,codes\n@,R\n"
NATION = "region,sex,n\nR,K,65\nR,M,122\n"
COUNTY = "levels,codes\n@,A\n@@,A1\n@@,A2\n@@,A3\n"
IN_A = "region,sex,n\nA1,K,3\nA1,M,40\nA2,K,17\nA2,M,12\nA3,K,9\nA3,M,25\n"
COUNTIES = "levels,codes\n@,R\n@@,A\n@@,B\n"
BY_COUNTY = "region,sex,n\nA,K,29\nA,M,77\nB,K,36\nB,M,45\n"


def protect(spec: Path, to: Path) -> None:
    assert main(["protect", "--spec", str(spec), "--to", str(to)]) == 0


def job_after(tmp_path: Path, then: str, now: str, **files: str) -> Job:
    """Today's job after a release by the specification of then."""
    first = make_office(tmp_path / "then", then, **files)
    protect(first, tmp_path / "first")
    return prepare(read_spec(make_office(tmp_path / "now", now, **files)))


def earlier(more: str = "") -> str:
    return f'[[earlier]]\nfile = "../first"\n{more}\n'


def places_of(job: Job, layer: int) -> Mapping[tuple[str, ...], int]:
    """The system's cell behind each cell of a layer, by its codes."""
    table = job.stack_tables[layer]
    codes = np.stack(np.meshgrid(*(each.codes for each in table.dimensions), indexing="ij"), axis=-1)
    keys = map(tuple, codes.reshape(-1, len(table.dimensions)).tolist())
    return dict(zip(keys, job.stack.cell_of[layer].tolist(), strict=True))


def test_a_country_alone_is_the_country_of_the_table_by_place(tmp_path: Path):
    now = SPEC.replace("region.csv", "country.csv").replace("leaves.csv", "nation.csv")
    job = job_after(tmp_path, SPEC, now + earlier('gone = ["region"]'), country=COUNTRY, nation=NATION)
    alone, before = places_of(job, 0), places_of(job, 1)
    assert all(cell == before[key] for key, cell in alone.items())


def test_the_top_of_a_table_of_one_county_is_that_county_in_the_table_of_all(tmp_path: Path):
    then = SPEC.replace("region.csv", "county.csv").replace("leaves.csv", "in_a.csv")
    now = SPEC.replace("region.csv", "counties.csv").replace("leaves.csv", "by_county.csv")
    files = {"county": COUNTY, "in_a": IN_A, "counties": COUNTIES, "by_county": BY_COUNTY}
    job = job_after(tmp_path, then, now + earlier('gone = ["region"]'), **files)
    every, county = places_of(job, 0), places_of(job, 1)
    assert all(county["A", sex] == every["A", sex] != every["R", sex] for sex in "TKM")


TWO = """
[[tables]]
name = "by_sex"
counts = "persons"
file = "leaves.csv"
value = "n"
dimensions = ["region", "sex"]
[[tables]]
name = "by_age"
counts = "persons"
file = "by_age.csv"
value = "n"
dimensions = ["region", "age"]
"""
SHARED = """
[dimensions]
region = "region.csv"
sex = "sex.csv"
age = "age.csv"
"""
AGE = "levels,codes\n@,all\n@@,young\n@@,old\n"
BY_AGE = "region,age,n\n" + "".join(
    f"{place},young,{women + men - 9}\n{place},old,9\n" for place, (women, men) in LEAVES.items()
)
"""The same people; the old are nine everywhere."""


def test_a_table_given_up_is_known_also_where_only_one_goes_on(tmp_path: Path):
    kept = "[table]" + TWO.split("[[tables]]")[1] + SHARED
    gone = earlier('gone = ["by_age", "age"]')
    job = job_after(tmp_path, TWO + SHARED, kept + gone, age=AGE, by_age=BY_AGE)
    assert [each.layer.table.dimensions[1].name for each in job.public] == ["sex", "age"]


UNDECLARED = TWO.replace('counts = "persons"\n', "")
_, SEX_TABLE, AGE_TABLE = UNDECLARED.split("[[tables]]")
BY_AGE_FIRST = f"[[tables]]{AGE_TABLE}[[tables]]{SEX_TABLE}{SHARED}"
"""That they count the same is found, now and in what was published then."""


def agreed_then(job: Job) -> list[Identity]:
    return list(same_then([each.layer for each in job.public], ()))


def test_two_tables_that_counted_the_same_then_each_go_by_their_own_name_now(tmp_path: Path):
    revised = {"by_age": BY_AGE.replace("old,9", "old,8")}
    make_office(tmp_path / "revised", **revised)
    now = BY_AGE_FIRST.replace('"by_age.csv"', '"../revised/by_age.csv"') + earlier()
    job = job_after(tmp_path, BY_AGE_FIRST, now, age=AGE, by_age=BY_AGE)
    assert [table.indicator for table in job.stack_tables] == ["by_age", "by_sex"] * 2
    assert agreed_then(job) == [Identity("by_sex", ("by_age",), 1)] or agreed_then(job) == [
        Identity("by_age", ("by_sex",), 1)
    ]


def test_a_table_that_goes_on_keeps_its_name_when_the_one_it_was_named_after_is_given_up(tmp_path: Path):
    now = f"[table]{SEX_TABLE}{SHARED}" + earlier('gone = ["by_age", "age"]')
    job = job_after(tmp_path, BY_AGE_FIRST, now, age=AGE, by_age=BY_AGE)
    assert job.stack_tables[0].indicator == "by_sex"
    assert len(agreed_then(job)) == 1


def test_what_a_stricter_rule_hid_stays_protected_by_it(tmp_path: Path):
    """The 9 women of A3 were small under a threshold of 10 and are many more today."""
    then = SPEC.replace("threshold = 5", "threshold = 10\nwidth = 12")
    make_office(tmp_path / "revised", leaves={**LEAVES, "A3": (39, 25)})
    now = SPEC.replace("leaves.csv", "../revised/leaves.csv") + earlier()
    job = job_after(tmp_path, then, now)
    cell, system = places_of(job, 1)["A3", "K"], job.stack.system
    assert (system.unsafe[cell], system.threshold[cell], system.width[cell]) == (True, 10, 12)


def test_zeros_that_were_unsafe_then_stay_protected(tmp_path: Path):
    make_office(tmp_path / "revised", leaves={**LEAVES, "B1": (20, 30)})
    now = SPEC.replace("leaves.csv", "../revised/leaves.csv") + earlier()
    job = job_after(tmp_path, SPEC + 'zeros = "unsafe"\n', now)
    assert job.stack.system.unsafe[places_of(job, 1)["B1", "K"]]


REPORTED = "insider = true\n" + SPEC.replace('value = "n"', 'value = "n"\nsupplier = "region"')


def suppliers_before(job: Job, layer: int = 1) -> set[int]:
    """Who knows the women of each place in the layer."""
    cells = places_of(job, layer)
    return {int(job.stack.system.supplier[cells[place, "K"]]) for place in LEAVES}


def test_places_stay_insiders_where_their_counties_report_today(tmp_path: Path):
    now = REPORTED.replace("region.csv", "counties.csv").replace("leaves.csv", "by_county.csv")
    files = {"counties": COUNTIES, "by_county": BY_COUNTY}
    job = job_after(tmp_path, REPORTED, now + earlier('gone = ["region"]'), **files)
    assert len(suppliers_before(job) - {-1}) == len(LEAVES)


def test_places_stay_insiders_where_nothing_is_told_by_place_today(tmp_path: Path):
    now = SPEC.replace('region = "region.csv"\n', "").replace("leaves.csv", "by_sex.csv")
    files = {"by_sex": "sex,n\nK,65\nM,122\n"}
    job = job_after(tmp_path, REPORTED, now + earlier('gone = ["region"]'), **files)
    assert len(suppliers_before(job) - {-1}) == len(LEAVES)
    assert job.spec.insider


def test_places_stay_insiders_of_a_table_given_up(tmp_path: Path):
    supplied = TWO.replace('value = "n"', 'value = "n"\nsupplier = "region"')
    then = f"insider = true\n{supplied}{SHARED}"
    kept = "insider = true\n[table]" + supplied.split("[[tables]]")[2] + SHARED
    files = {"age": AGE, "by_age": BY_AGE}
    job = job_after(tmp_path, then, kept + earlier('gone = ["by_sex", "sex"]'), **files)
    assert len(suppliers_before(job, 2) - {-1}) == len(LEAVES)


INDICATORS = "".join(
    f'[[tables]]\nname = "{name}"\nfile = "{name}.csv"\nvalue = "n"\n'
    for name in ("reported", "cleared", "open")
)
DIMENSIONS = '[dimensions]\nregion = "region.csv"\nsex = "sex.csv"\n'
SUM = '[[identities]]\ntotal = "reported"\nparts = ["cleared", "open"]\n'


def test_an_identity_told_binds_a_table_given_up_to_what_the_others_say_today(tmp_path: Path):
    """Everywhere five more were reported and five more cleared: the difference is what was open then."""
    rows = {place: (women + 30, men + 20) for place, (women, men) in LEAVES.items()}
    cleared = {place: (women + 5, men + 5) for place, (women, men) in rows.items()}

    def counted(*several: Mapping[str, tuple[int, int]]) -> str:
        sums = {
            place: [sum(one) for one in zip(*(each[place] for each in several), strict=True)]
            for place in LEAVES
        }
        return "region,sex,n\n" + "".join(
            f"{place},K,{one}\n{place},M,{two}\n" for place, (one, two) in sums.items()
        )

    then = {"reported": counted(rows, LEAVES), "cleared": counted(rows), "open": counted(LEAVES)}
    make_office(tmp_path / "new", reported=counted(cleared, LEAVES), cleared=counted(cleared))
    now = INDICATORS[: INDICATORS.rindex("[[tables]]")].replace('file = "', 'file = "../new/') + DIMENSIONS
    job = job_after(tmp_path, INDICATORS + DIMENSIONS + SUM, now + earlier('gone = ["open"]'), **then)
    total, part, rest = (places_of(job, layer)["A1", "K"] for layer in (0, 1, 4))
    rows_of = job.stack.system.equations[:, [total, part, rest]].toarray().tolist()
    assert [1, -1, -1] in rows_of or [-1, 1, 1] in rows_of


def test_what_was_asked_to_be_hidden_stays_so_where_today_is_coarser(tmp_path: Path):
    then = SPEC + '[[hide]]\nregion = "A1"\nsex = "M"\n'
    now = SPEC.replace("region.csv", "counties.csv").replace("leaves.csv", "by_county.csv")
    files = {"counties": COUNTIES, "by_county": BY_COUNTY}
    job = job_after(tmp_path, then, now + earlier('gone = ["region"]'), **files)
    cell, system = places_of(job, 1)["A1", "M"], job.stack.system
    assert (system.unsafe[cell], system.threshold[cell], system.width[cell]) == (True, 5, 5)


def test_an_amount_that_one_gave_stays_protected_where_today_is_coarser(tmp_path: Path):
    """The 700 of A1 come from one company; each of the others is shared by ten."""
    then = SPEC.replace('value = "n"', 'value = "n"\ngiver = "who"').replace("threshold = 5", "p = 10")
    rows = [("A1", "K", 700, "one")] + [
        (place, sex, 150, f"{place}{sex}{number}")
        for place in LEAVES
        for sex in "KM"
        for number in range(10)
        if (place, sex) != ("A1", "K")
    ]
    given = "".join(f"{','.join(map(str, row))}\n" for row in rows)
    coarse = "".join(f"{place[0]},{','.join(map(str, row))}\n" for place, *row in rows)
    files = {"given": f"region,sex,n,who\n{given}", "coarse": f"region,sex,n,who\n{coarse}"}
    now = then.replace("region.csv", "counties.csv").replace("leaves.csv", "coarse.csv")
    job = job_after(
        tmp_path,
        then.replace("leaves.csv", "given.csv"),
        now + earlier('gone = ["region"]'),
        counties=COUNTIES,
        **files,
    )
    cell, system = places_of(job, 1)["A1", "K"], job.stack.system
    assert system.unsafe[cell]
    assert system.threshold[cell] == 770
    assert system.supplier[cell] >= 0


def test_a_number_that_an_earlier_release_kept_beside_hidden_is_no_secret(tmp_path: Path) -> None:
    """Planted: taken for hidden, the cell would go for protected, and whoever has the file knows it."""
    spec = make_office(tmp_path)
    protect(spec, tmp_path / "out")
    released = (tmp_path / "out/released.csv").read_text()
    (tmp_path / "then.csv").write_text(released.replace(",,hidden", ",3,hidden", 1))
    spec.write_text(f'{SPEC}[[earlier]]\nfile = "then.csv"\n')
    assert main(["protect", "--spec", str(spec), "--to", str(tmp_path / "next")]) == Exit.REFUSED
    assert not (tmp_path / "next").exists()


YEARS = "levels,codes\n@,2023\n@,2024\n"
BY_YEAR = SPEC.replace("[rule]", 'year = "years.csv"\n[rule]')


def of_both_years() -> str:
    rows = (
        f"{place},{sex},{year},{count + 7 * (year - 2023)}\n"
        for place, both in LEAVES.items()
        for sex, count in zip("KM", both, strict=True)
        for year in (2023, 2024)
    )
    return f"region,sex,year,n\n{''.join(rows)}"


def test_a_release_of_one_year_stands_at_that_year(tmp_path: Path) -> None:
    """Planted: taken for all years together, it would be no number of today, and what it shows forgotten."""
    protect(make_office(tmp_path / "then"), tmp_path / "first")
    now = make_office(tmp_path / "now", BY_YEAR + earlier('at = { year = "2023" }'), years=YEARS)
    (tmp_path / "now/leaves.csv").write_text(of_both_years())
    job = prepare(read_spec(now))
    today, before = places_of(job, 0), places_of(job, 1)
    assert all(today[key] == cell for key, cell in before.items())
    assert {year for *_, year in before} == {"2023"}
    assert job.known_exactly[[before["A1", "T", "2023"]]].all()
    protect(now, tmp_path / "next")


@pytest.mark.parametrize(
    ("at", "code"),
    [
        ('{ year = "2022" }', Exit.REFUSED),
        ('{ sex = "K" }', Exit.USAGE),
        ('{ month = "2023" }', Exit.USAGE),
        ("{ year = 2023 }", Exit.USAGE),
    ],
)
def test_where_a_release_cannot_stand_is_refused(tmp_path: Path, at: str, code: Exit) -> None:
    protect(make_office(tmp_path / "then"), tmp_path / "first")
    now = make_office(tmp_path / "now", BY_YEAR + earlier(f"at = {at}"), years=YEARS)
    (tmp_path / "now/leaves.csv").write_text(of_both_years())
    assert main(["protect", "--spec", str(now), "--to", str(tmp_path / "next")]) == code
