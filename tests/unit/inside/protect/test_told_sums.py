"""Sums that one table tells, or none, and that bind the numbers of others."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from lagesbild.core.linking import link
from lagesbild.core.refusal import Exit
from lagesbild.core.table import Dimension, Relation, Table
from lagesbild.inside.cli import main
from lagesbild.inside.protect.problem.told_sums import UNKNOWN, told_elsewhere
from offices import make_office

Cells = Mapping[tuple[str, ...], int]
PLACES, SEXES, AGES = ("A1", "A2", "A3", "B1", "B2", "B3"), ("K", "M"), ("15-17", "18-20", "21+")
PEOPLE = {
    key: (7 * number * number + 3 * number) % 13
    for number, key in enumerate(product(PLACES, SEXES, AGES), start=1)
}
FILES = {
    "age": "levels,codes\n@,all\n@@,15-17\n@@,18-20\n@@,21+\n",
    "counties": "levels,codes\n@,A\n@,B\n",
    "towns": "levels,codes\n" + "".join(f"@,{place}\n" for place in PLACES),
    "sexes": "levels,codes\n@,K\n@,M\n",
}
BY_AGE = '{ region = "%s.csv", age = "age.csv" }'


def job(folder: Path, tables: Mapping[str, tuple[str, Sequence[str], Cells]]) -> Path:
    """Tables of one count: for each name its `dimensions`, its columns and its counts."""
    spec = "".join(
        f'[[tables]]\nname = "{name}"\nfile = "{name}.csv"\nvalue = "n"\ncounts = "people"\n'
        f"dimensions = {dimensions}\n"
        for name, (dimensions, _, _) in tables.items()
    )
    spec += '[dimensions]\nregion = "region.csv"\nsex = "sex.csv"\nage = "age.csv"\n[rule]\nthreshold = 5\n'
    leaves = {name: csv_of(columns, counts) for name, (_, columns, counts) in tables.items()}
    return make_office(folder, spec=spec, **FILES, **leaves)


def csv_of(columns: Iterable[str], counts: Cells) -> str:
    return "".join(
        f"{','.join(row)}\n" for row in ((*columns, "n"), *((*key, str(n)) for key, n in counts.items()))
    )


def summed(*keep: int, county: bool = False) -> Cells:
    """The people by some of place, sex and age; by county instead of place."""
    sums: dict[tuple[str, ...], int] = {}
    for (place, *others), count in PEOPLE.items():
        full = (place[0] if county else place, *others)
        key = tuple(full[each] for each in keep)
        sums[key] = sums.get(key, 0) + count
    return sums


def read(released: Path) -> Mapping[tuple[str, ...], int | None]:
    """What is shown; None where hidden."""
    with released.open() as opened:
        return {
            tuple(row.values())[:-2]: int(row["value"]) if row["status"] == "published" else None
            for row in csv.DictReader(opened)
        }


def protect(spec: Path, tables: Iterable[str]) -> list[Mapping[tuple[str, ...], int | None]]:
    """Protect, verify and audit as others do; what each table shows."""
    to = spec.parent / "out"
    assert main(["protect", "--spec", str(spec), "--to", str(to)]) == Exit.OK
    assert main(["verify", str(to)]) == Exit.OK
    released = [to / name / "released.csv" for name in tables]
    truth = [word for name in tables for word in ("--truth", str(spec.parent / f"{name}.csv"))]
    assert main(["audit", *map(str, released), "--spec", str(spec)]) == Exit.OK
    assert main(["audit", *map(str, released), "--spec", str(spec), *truth]) == Exit.OK
    return [read(each) for each in released]


def test_what_a_county_is_made_of_binds_tables_that_do_not_say_so(tmp_path: Path) -> None:
    """Planted: a county by age beside its municipalities by age leaves one of them hidden alone."""
    tables = {
        "places": ('["region", "sex"]', ("region", "sex"), summed(0, 1)),
        "by_county": (BY_AGE % "counties", ("region", "age"), summed(0, 2, county=True)),
        "by_town": (BY_AGE % "towns", ("region", "age"), summed(0, 2)),
    }
    _, counties, towns = protect(job(tmp_path, tables), tables)
    truth = {**summed(0, 2), **{(place, "all"): n for (place,), n in summed(0).items()}}
    assert any(shown is None and 1 <= truth[cell] < 5 for cell, shown in towns.items())
    for county, age in product("AB", (*AGES, "all")):
        hidden = [place for place in PLACES if place[0] == county and towns[place, age] is None]
        assert len(hidden) != 1 or counties[county, age] is None or truth[hidden[0], age] >= 5


def test_a_table_without_a_dimension_is_the_sum_of_one_that_lists_it(tmp_path: Path) -> None:
    """Planted: women and men, listed without a total, beside a table of both together."""
    tables = {
        "both": ('["region", "age"]', ("region", "age"), summed(0, 2)),
        "each": (
            '{ region = "region.csv", sex = "sexes.csv", age = "age.csv" }',
            ("region", "sex", "age"),
            PEOPLE,
        ),
    }
    both, each = protect(job(tmp_path, tables), tables)
    for place, age in both:
        hidden = [sex for sex in SEXES if each[place, sex, age] is None]
        small = len(hidden) == 1 and 1 <= PEOPLE.get((place, hidden[0], age), 5) < 5
        assert not small or both[place, age] is None


def test_a_way_that_contradicts_a_table_of_some_of_the_codes_is_not_proposed(tmp_path: Path, capsys) -> None:
    """Without its places the one table would be taken for the sum of those that the other lists."""
    some = {key: count for key, count in summed(0, 2).items() if key[0] in ("A1", "A2")}
    tables = {
        "all": ('["region", "sex"]', ("region", "sex"), summed(0, 1)),
        "some": (BY_AGE % "some_towns", ("region", "age"), some),
    }
    spec = job(tmp_path, tables)
    (tmp_path / "some_towns.csv").write_text("levels,codes\n@,both\n@@,A1\n@@,A2\n")
    assert main(["--lang", "en", "protect", "--spec", str(spec), "--propose"]) == Exit.OK
    assert "sex: finest level pooled" in capsys.readouterr().out


def test_a_region_that_is_one_county_is_not_its_own_sum(tmp_path: Path) -> None:
    """Told by one table only, the sum had one cell on both sides, and the audit found a contradiction."""
    tables = {
        "by_sex": ('{ region = "regions.csv", sex = "sex.csv" }', ("region", "sex"), summed(0, 1)),
        "by_age": ('["region", "age"]', ("region", "age"), summed(0, 2)),
    }
    spec = job(tmp_path, tables)
    regions = "@,R\n@@,west\n@@@,A\n@@@@,A1\n@@@@,A2\n@@@@,A3\n@@,B\n@@@,B1\n@@@,B2\n@@@,B3\n"
    (tmp_path / "regions.csv").write_text(f"levels,codes\n{regions}")
    protect(spec, tables)


FLAT = Table((Dimension("region", ("A", "A1", "A2")),), "people")
TELLING = Table(
    (Dimension("region", ("A", "A1", "A2"), (Relation("A", ("A1", "A2")),)), Dimension("sex", ("K", "M")))
)


@pytest.mark.parametrize(
    ("counts", "rows"),
    [((7, 3, 4), 1), ((7, UNKNOWN, 4), 1), ((8, 3, 4), 0)],
    ids=["holds", "may hold", "denied"],
)
def test_only_what_numbers_do_not_deny_is_bound(counts: Sequence[int], rows: int) -> None:
    tables = [FLAT, TELLING]
    numbers = [np.array(counts), np.full(TELLING.size, UNKNOWN)]
    found = told_elsewhere(tables, numbers, [0, 0], link(tables))
    assert found.shape == (rows, link(tables).size)
    assert not rows or found.toarray()[0, :3].tolist() == [1, -1, -1]


def test_a_sum_binds_numbers_of_different_releases() -> None:
    """The county is out since last year, its municipalities come now."""
    county, towns = (
        Table((Dimension("region", codes), Dimension("age", ("15-17", "18-20"))), "people")
        for codes in (("A",), ("A1", "A2"))
    )
    tables = [towns, county, TELLING]
    counts = [np.array([1, 2, 3, 4]), np.array([4, 6]), np.full(TELLING.size, UNKNOWN)]
    assert told_elsewhere(tables, counts, [0, 1, 0], link(tables)).shape[0] == 2


def test_a_listed_dimension_is_not_added_up_where_a_number_denies_it() -> None:
    both = Table((Dimension("region", ("A1", "A2")),), "people")
    each = Table((Dimension("region", ("A1", "A2")), Dimension("sex", ("K", "M"))), "people")
    listed = np.array([1, 2, 3, 4])
    for counts, rows in (((3, 7), 2), ((3, 8), 0), ((UNKNOWN, 7), 2), ((UNKNOWN, UNKNOWN), 0)):
        tables = [both, each]
        found = told_elsewhere(tables, [np.array(counts), listed], [0, 0], link(tables))
        assert found.shape[0] == rows


def test_a_sum_that_today_lacks_takes_each_number_that_was_out_and_a_place_for_the_county_of_it() -> None:
    """Two places merged across what was a county, the other county is one place: 20 today is 11 of the newer
    release and 9 of today."""
    today = Dimension("region", ("SE", "a", "m", "c"), (Relation("SE", ("a", "m", "c")),))
    then = Dimension(
        "region",
        ("SE", "C1", "C2", "a", "b", "d", "c", "m"),
        tuple(
            Relation(total, parts)
            for total, parts in (
                ("SE", ("C1", "C2")),
                ("C1", ("a", "b", "d")),
                ("C2", ("c",)),
                ("m", ("b", "d")),
            )
        ),
    )
    tables = [Table((each,), "people") for each in (today, then, then)]
    counts = [
        np.array([20, 6, 5, 9]), np.array([21, 12, 9, 6, 3, 3, 9, 6]), np.array([18, 11, 7, 5, 2, 4, 7, 6]),
    ]  # fmt: skip
    releases = [0, 1, 2]
    linked = link(tables, versions=[each.tolist() for each in counts], releases=releases)
    found = told_elsewhere(tables, counts, releases, linked).toarray()
    row = np.zeros(linked.size)
    row[linked.cell_of[0][[0, 3]]], row[linked.cell_of[2][1]] = (1, -1), -1
    assert any(np.array_equal(row, each) for each in found)


def test_a_revision_denies_no_sum_of_another_release() -> None:
    """Planted: A2 is revised and left out of today's list; all that ages of today add up to was forgotten."""
    alone, listed = Dimension("region", ("A1", "A2")), Dimension("age", ("15-17", "18-20"))
    today = [Table((alone,), "people"), Table((Dimension("region", ("A1",)), listed), "people")]
    then = [Table((alone,), "people"), Table((alone, listed), "people")]
    tables, releases = [*today, *then], [0, 0, 1, 1]
    counts = [np.array(each) for each in ((40, 21), (3, 37), (20, 20), (10, 10, 10, 10))]
    linked = link(tables, versions=[each.tolist() for each in counts], releases=releases)
    found = told_elsewhere(tables, counts, releases, linked).toarray()
    row = np.zeros(linked.size)
    row[linked.cell_of[0][0]], row[linked.cell_of[1]] = 1, -1
    assert any(np.array_equal(row, each) for each in found)
