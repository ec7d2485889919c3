"""Jobs of several tables, groupings and releases through the commands; each would leak if taken apart."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from lagesbild.core.refusal import Exit
from lagesbild.core.table import Dimension, Table
from lagesbild.inside.cli import main
from lagesbild.inside.protect.office.job import prepare, tables_of
from lagesbild.inside.protect.office.onlooker import without_truth
from lagesbild.inside.protect.office.released import read_released
from lagesbild.inside.protect.office.selection import Suppliers
from lagesbild.inside.protect.office.spec_file import read_spec
from offices import LEAVES, REGION, SEX, SPEC, make_office

PLACES, SEXES, AGES = ("A1", "A2", "A3", "B1", "B2", "B3"), "KM", ("15-17", "18-20", "21-24", "25+")
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


def csv_of(header: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    return "".join(",".join(map(str, line)) + "\n" for line in (header, *rows))


def protect(spec: Path, to: Path) -> None:
    assert main(["protect", "--spec", str(spec), "--to", str(to)]) == Exit.OK
    assert main(["verify", str(to)]) == Exit.OK


def audit(spec: Path, released: Sequence[Path], truth: Sequence[Path] = ()) -> int:
    known = [word for file in truth for word in ("--truth", str(file))]
    return main(["audit", *map(str, released), "--spec", str(spec), *known])


def shown(released: Path) -> Mapping[tuple[str, ...], str]:
    with released.open() as opened:
        return {tuple(row.values())[:-2]: row["status"] for row in csv.DictReader(opened)}


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


YEARS = ("2021", "2022", "2023", "2024")
EVENTS = {
    key: (11 * number * number + 5 * number) % 19
    for number, key in enumerate(product(PLACES, SEXES, YEARS), start=1)
}
MERGED = "levels,codes\n@,A12\n@@,A1\n@@,A2\n"


def release(folder: Path, number: int) -> Path:
    """Release 1 to 4: each adds a year. The second revises, the third adds what came late, and before the
    fourth A1 and A2 have merged."""
    events = dict(EVENTS)
    if number >= 2:
        events["A3", "K", "2021"] += 2
        events["B1", "M", "2021"] = max(events["B1", "M", "2021"] - 1, 0)
    if number >= 3:
        events["B2", "K", "2022"] += 7
    merged = number == 4
    counts: dict[tuple[str, str, str], int] = {}
    for (place, sex, year), count in events.items():
        if year in YEARS[:number]:
            key = ("A12" if merged and place in ("A1", "A2") else place, sex, year)
            counts[key] = counts.get(key, 0) + count
    earlier = "".join(
        f'[[earlier]]\nfile = "../r{before}/out"\n'
        + ('dimensions = { region = "merged.csv" }\n' if merged else "")
        for before in range(1, number)
    )
    spec = SPEC.replace("[rule]", 'year = "year.csv"\n[rule]') + earlier
    year = csv_of(("levels", "codes"), [("@", "every"), *(("@@", own) for own in YEARS[:number])])
    region = REGION.replace("@@@,A1\n@@@,A2\n", "@@@,A12\n") if merged else REGION
    office = make_office(folder / f"r{number}", spec=spec, region=region, sex=SEX, year=year, merged=MERGED)
    leaves = csv_of(("region", "sex", "year", "n"), ((*key, count) for key, count in counts.items()))
    (folder / f"r{number}/leaves.csv").write_text(leaves)
    return office


def test_three_earlier_releases_with_revisions_late_additions_and_a_merger(tmp_path: Path) -> None:
    """Planted: the fourth release protected as if it were the first gives away what the earlier ones hid."""
    for number in range(1, 5):
        office = release(tmp_path, number)
        protect(office, tmp_path / f"r{number}/out")
        released = [tmp_path / f"r{number}/out/released.csv"]
        assert audit(office, released, [tmp_path / f"r{number}/leaves.csv"]) == Exit.OK
        assert audit(office, released) == Exit.OK
    tables = [shown(tmp_path / f"r{number}/out/released.csv") for number in range(1, 5)]
    counts = [truth(tmp_path / f"r{number}/out/private/cells.csv") for number in range(1, 5)]
    for before, after, then, now in zip(tables[:2], tables[1:3], counts[:2], counts[1:3], strict=True):
        same = [key for key in before if key[2] != "every" and then[key] == now[key]]
        assert len(same) > 15
        assert all(before[key] == after[key] for key in same)  # nothing that is unchanged flickers
    forgetful = (tmp_path / "r4/spec.toml").read_text().split("[[earlier]]")[0]
    (tmp_path / "r4/forgetful.toml").write_text(forgetful)
    protect(tmp_path / "r4/forgetful.toml", tmp_path / "r4/forgetful")
    leak = audit(
        tmp_path / "r4/spec.toml", [tmp_path / "r4/forgetful/released.csv"], [tmp_path / "r4/leaves.csv"]
    )
    assert leak == Exit.UNSAFE


def truth(cells: Path) -> Mapping[tuple[str, ...], str]:
    with cells.open() as opened:
        return {(row["region"], row["sex"], row["year"]): row["value"] for row in csv.DictReader(opened)}


def test_noise_is_the_same_in_every_release_and_another_key_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    noisy = f'method = "cell_key"\nkey_file = "{tmp_path}/secret.key"\n{SPEC}'
    protect(make_office(tmp_path / "first", spec=noisy), tmp_path / "first/out")
    again = noisy + '[[earlier]]\nfile = "../first/out"\n'
    protect(make_office(tmp_path / "second", spec=again), tmp_path / "second/out")
    released = [(tmp_path / name / "out/released.csv").read_bytes() for name in ("first", "second")]
    assert released[0] == released[1]
    other = make_office(tmp_path / "third", spec=again.replace("secret.key", "other.key"))
    assert main(["protect", "--spec", str(other), "--to", str(tmp_path / "third/out")]) == Exit.REFUSED
    assert "[other-noise]" in capsys.readouterr().err
    assert not (tmp_path / "other.key").exists()


def test_a_rounded_count_stays_as_it_was(tmp_path: Path) -> None:
    """Planted: rounded anew, unchanged counts become 0 where they were 5, and so are 1 to 4 for certain."""
    rounded = 'method = "rounding"\nbase = 5\n' + SPEC
    first = {place: (3, 2) for place in PLACES}
    now = {**first, "A1": (1, 2), "B1": (4, 4)}
    protect(make_office(tmp_path / "first", spec=rounded, leaves=first), tmp_path / "first/out")
    protect(make_office(tmp_path / "anew", spec=rounded, leaves=now), tmp_path / "anew/out")
    kept = make_office(tmp_path / "kept", spec=rounded + '[[earlier]]\nfile = "../first/out"\n', leaves=now)
    protect(kept, tmp_path / "kept/out")
    then, anew, again = (values(tmp_path / name / "out/released.csv") for name in ("first", "anew", "kept"))
    same = [(place, sex) for place in ("A2", "A3", "B2", "B3") for sex in SEXES]
    assert any(anew[key] != then[key] for key in same)
    assert all(again[key] == then[key] for key in same)
    assert all(again[place, "T"] == again[place, "K"] + again[place, "M"] for place in PLACES)
    assert audit(kept, [tmp_path / "kept/out/released.csv"], [tmp_path / "kept/leaves.csv"]) == Exit.OK


def values(released: Path) -> Mapping[tuple[str, ...], int]:
    with released.open() as opened:
        return {(row["region"], row["sex"]): int(row["value"]) for row in csv.DictReader(opened)}


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


IDENTITY = (
    '[dimensions]\nregion = "places.csv"\n[[identities]]\ntotal = "reported"\nparts = ["cleared", "open"]\n'
)
FIVE = "levels,codes\n@,T\n@@,a\n@@,b\n@@,c\n@@,d\n@@,e\n"


def office_of(folder: Path, **files: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / f"{name}.csv").write_text(content)
    return folder


def leaves_of(*counts: int) -> str:
    return csv_of(("region", "n"), zip("abcde", counts, strict=False))


def three_indicators(folder: Path, cleared: Sequence[int], unsolved: Sequence[int], extra: str) -> Path:
    both = [one + other for one, other in zip(cleared, unsolved, strict=True)]
    files = {"reported": both, "cleared": cleared, "open": unsolved}
    office_of(folder, places=FIVE, **{name: leaves_of(*counts) for name, counts in files.items()})
    tables = "".join(f'[[tables]]\nname = "{name}"\nfile = "{name}.csv"\nvalue = "n"\n' for name in files)
    (folder / "spec.toml").write_text(tables + IDENTITY + extra)
    return folder / "spec.toml"


@pytest.mark.parametrize("earlier", ['file = "../then/out"\n', 'file = "../then/out"\ntable = "reported"\n'])
def test_an_identity_binds_the_numbers_of_today_also_where_all_were_revised(
    tmp_path: Path, earlier: str
) -> None:
    """Each release keeps its own sums: reported less open would else tell the 3 that were cleared."""
    then = three_indicators(tmp_path / "then", (20, 30, 40, 25, 9), (13, 12, 15, 17, 8), "")
    protect(then, tmp_path / "then/out")
    now = three_indicators(
        tmp_path / "now", (3, 31, 41, 26, 10), (11, 14, 16, 18, 9), f"[[earlier]]\n{earlier}"
    )
    protect(now, tmp_path / "now/out")
    released = [tmp_path / "now/out" / name / "released.csv" for name in ("reported", "cleared", "open")]
    alone = three_indicators(tmp_path / "alone", (3, 31, 41, 26, 10), (11, 14, 16, 18, 9), "")
    truth = [tmp_path / "now" / f"{name}.csv" for name in ("reported", "cleared", "open")]
    for spec in (now, alone):
        assert audit(spec, released, truth) == Exit.OK
        assert audit(spec, released) == Exit.OK


def test_an_identity_binds_each_of_two_rounded_releases(tmp_path: Path) -> None:
    for name, cleared, unsolved, extra in (
        ("then", (20, 30, 40, 25, 9), (13, 12, 15, 17, 8), ""),
        ("now", (3, 31, 41, 26, 10), (11, 14, 16, 18, 9), '[[earlier]]\nfile = "../then/out"\n'),
    ):
        path = three_indicators(tmp_path / name, cleared, unsolved, extra)
        path.write_text('method = "rounding"\nbase = 6\n' + path.read_text())
        protect(path, tmp_path / name / "out")
    spec = read_spec(path)
    tables = tables_of(spec)
    files = [tmp_path / "now/out" / each.name / "released.csv" for each in spec.tables]
    published = [read_released(file, table, "value") for file, table in zip(files, tables, strict=True)]
    seen = without_truth(spec, tables, published, revised=True)
    sums, identities = len(tables), tables[0].size
    assert seen.equations.shape[0] == 2 * (sums + identities)


def test_an_earlier_release_that_does_not_satisfy_an_identity_is_not_bound_by_it(tmp_path: Path) -> None:
    then = three_indicators(tmp_path / "then", (20, 30, 40, 25, 9), (13, 12, 15, 17, 8), "")
    then.write_text(then.read_text().replace(IDENTITY, '[dimensions]\nregion = "places.csv"\n'))
    (then.parent / "open.csv").write_text(leaves_of(14, 12, 15, 17, 8))
    protect(then, tmp_path / "then/out")
    now = three_indicators(
        tmp_path / "now", (3, 31, 41, 26, 10), (11, 14, 16, 18, 9), '[[earlier]]\nfile = "../then/out"\n'
    )
    protect(now, tmp_path / "now/out")


THEN, NOW = ((20, 30, 40, 25, 9), (13, 12, 15, 17, 8)), ((3, 31, 41, 26, 10), (11, 14, 16, 18, 9))
BEFORE = '[[earlier]]\nfile = "../then/out"\n'


def fields(file: Path, *names: str) -> list[tuple[str, ...]]:
    with file.open() as opened:
        return [tuple(row[name] for name in names) for row in csv.DictReader(opened)]


def without(path: Path, name: str) -> Path:
    """The specification without one of its tables, and without the identity."""
    tables = path.read_text().split(IDENTITY)[0].split("[[tables]]\n")
    kept = "[[tables]]\n".join(each for each in tables if f'name = "{name}"' not in each)
    path.write_text(f"{kept}{REGIONS}{path.read_text().split(IDENTITY)[1]}")
    return path


TWO = """
[[tables]]
name = "fraud"
file = "fraud.csv"
value = "n"
[[tables]]
name = "theft"
"""
THEFT, FRAUD = SPEC.replace("[table]", TWO), "region,sex,n\nA1,K,50\nA2,M,8\nB1,K,30\nB2,K,7\nB3,M,60\n"
RENAMED = {
    "a table": (("theft", "thefts"), ("", ""), "theft"),
    "a column": (("region =", "place ="), ("region,", "place,"), "region"),
    "a code": (("", ""), ("A1", "0101"), "region"),
}
"""What has another name now, in the specification and in its files, and what one would say is gone."""


@pytest.mark.parametrize("what", RENAMED)
def test_what_has_another_name_now_is_not_taken_for_something_else(
    tmp_path: Path, what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """By another name, another cell could hide A1's women than did then, and both together tell them."""
    spec = make_office(tmp_path, THEFT, fraud=FRAUD)
    protect(spec, tmp_path / "then")
    in_spec, in_files, name = RENAMED[what]
    for file in ("leaves.csv", "fraud.csv", "region.csv"):
        (tmp_path / file).write_text((tmp_path / file).read_text().replace(*in_files))
    then = THEFT.replace(*in_spec) + '[[earlier]]\nfile = "then"\n'
    spec.write_text(then)
    command = ["--lang", "en", "protect", "--spec", str(spec), "--to"]
    shown = [str(tmp_path / "then" / table / "released.csv") for table in ("fraud", "theft")]
    audit = ["audit", *shown, "--spec", str(spec)]
    for each in ([*command, str(tmp_path / "now")], audit):
        assert main(each) == Exit.REFUSED
        assert f'gone = ["{name}"]' in capsys.readouterr().err
    spec.write_text(f'{then}gone = ["{name}", "nothing"]\n')
    assert main([*command, str(tmp_path / "now")]) == Exit.REFUSED
    assert "gone-unknown" in capsys.readouterr().err
    spec.write_text(f'{then}gone = ["{name}"]\n')
    assert main([*command, str(tmp_path / "now")]) == Exit.OK


def test_a_code_that_was_mapped_to_its_new_name_is_the_same(tmp_path: Path) -> None:
    protect(make_office(tmp_path), tmp_path / "then")
    (tmp_path / "new.csv").write_text("levels,codes\n@,0101\n@@,A1\n")
    then = '[[earlier]]\nfile = "then"\ndimensions = { region = "new.csv" }\n'
    leaves = {"0101" if place == "A1" else place: counts for place, counts in LEAVES.items()}
    protect(make_office(tmp_path, SPEC + then, leaves, region=REGION.replace("A1", "0101")), tmp_path / "now")
    hidden = [
        {(places.get(place, place), sex) for place, sex, status in shown if status == "hidden"}
        for folder, places in (("then", {"A1": "0101"}), ("now", {}))
        if (shown := fields(tmp_path / folder / "released.csv", "region", "sex", "status"))
    ]
    assert hidden[0] == hidden[1]


def test_a_table_that_is_published_no_more_stays_known(tmp_path: Path) -> None:
    """Three cases of a were open then and are among those reported and cleared now, which are not revised."""
    counts = (20, 30, 40, 25, 9), (3, 12, 15, 17, 8)
    protect(three_indicators(tmp_path / "then", *counts, ""), tmp_path / "then/out")
    hidden = {("a", "hidden")} & set(fields(tmp_path / "then/out/open/released.csv", "region", "status"))
    assert hidden
    now = without(three_indicators(tmp_path / "now", *counts, f'{BEFORE}gone = ["open"]\n'), "open")
    shows = "".join(f'[[publish]]\nregion = "{place}"\n' for place in "Tabcde")
    safe = now.read_text()
    now.write_text(safe + shows)
    assert main(["protect", "--spec", str(now), "--to", str(tmp_path / "all")]) == Exit.UNSAFE
    now.write_text(safe)
    protect(now, tmp_path / "now/out")


def test_an_identity_that_is_new_binds_what_was_shown_before(tmp_path: Path) -> None:
    """Reported less cleared of then is what is open, unrevised, now."""
    then = without(three_indicators(tmp_path / "then", (7, 20, 30, 35, 9), (3, 20, 20, 25, 9), ""), "open")
    protect(then, tmp_path / "then/out")
    now = three_indicators(tmp_path / "now", (8, 21, 31, 36, 10), (3, 20, 20, 25, 9), BEFORE)
    assert main(["protect", "--spec", str(now), "--to", str(tmp_path / "out")]) == Exit.UNSAFE


@pytest.mark.parametrize("parts", [2, 3])
def test_sums_that_nobody_declared_are_found_in_each_release(tmp_path: Path, parts: int) -> None:
    """They hold everywhere then, and in all cells but one now; what was shown then stays bound by them, so
    the 3 of a cannot be hidden alone."""
    names, places = ["total", *"xyz"[:parts]], "abcdefghij"
    hierarchy = "levels,codes\n@,T\n" + "".join(f"@@,{place}\n" for place in places)
    specs = []
    for when, more in (("then", 0), ("now", 1)):
        counts = [[20 * part + 3, *range(21 + part, 30 + part)] for part in range(parts)]
        total = [sum(each) for each in zip(*counts, strict=True)]
        total[-1] += more
        files = {
            name: csv_of(("region", "n"), zip(places, own, strict=True))
            for name, own in zip(names, [total, *counts], strict=True)
        }
        office_of(tmp_path / when, places=hierarchy, **files)
        spec = "".join(f'[[tables]]\nname = "{name}"\nfile = "{name}.csv"\nvalue = "n"\n' for name in names)
        specs.append(tmp_path / when / "spec.toml")
        specs[-1].write_text(spec + REGIONS + (BEFORE if more else ""))
    for spec in specs:
        protect(spec, spec.parent / "out")
        files = [spec.parent / "out" / name / "released.csv" for name in names]
        withheld = [dict(fields(file, "region", "status"))["a"] for file in files]
        assert withheld.count("hidden") > 1


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


def test_a_release_that_lost_rows_is_refused(tmp_path: Path) -> None:
    spec = make_office(tmp_path)
    protect(spec, tmp_path / "out")
    released = tmp_path / "out/released.csv"
    released.write_text("\n".join(released.read_text().splitlines()[:3]) + "\n")
    spec.write_text(SPEC + '[[earlier]]\nfile = "out"\n')
    assert main(["protect", "--spec", str(spec), "--to", str(tmp_path / "next")]) == Exit.REFUSED


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


INSIDER = 'insider = true\n[table]\nfile = "n.csv"\nvalue = "n"\nsupplier = "region"\n'
REGIONS = '[dimensions]\nregion = "places.csv"\n'


def test_a_supplier_knows_her_revised_cells_of_then_too(tmp_path: Path) -> None:
    """In the first release a, b and e were hidden; who reported e knows its old count, so that b = T - a - c
    - d - e would follow once a is shown."""
    office = office_of(tmp_path, places=FIVE, then=leaves_of(9, 3, 17, 28, 22), n=leaves_of(9, 3, 19, 28, 24))
    first, second = office / "first.toml", office / "second.toml"
    first.write_text(INSIDER.replace("n.csv", "then.csv") + REGIONS)
    protect(first, tmp_path / "out")
    before = '[[earlier]]\nfile = "out"\n'
    second.write_text(INSIDER + REGIONS + before + '[[publish]]\nregion = "a"\n')
    assert main(["protect", "--spec", str(second), "--to", str(tmp_path / "open")]) == Exit.UNSAFE
    second.write_text(INSIDER + REGIONS + before)
    protect(second, tmp_path / "safe")


def numbers(suppliers: Suppliers, *rows: tuple[str, str]) -> Mapping[str, int]:
    dimension = Dimension.of_levels("region", rows)
    of_each = suppliers.of(Table((dimension,)), "region")
    assert of_each is not None
    return dict(zip(dimension.codes, of_each.tolist(), strict=True))


def test_a_supplier_has_one_number_in_all_tables_and_after_a_merger() -> None:
    suppliers = Suppliers()
    now = numbers(suppliers, ("@", "T"), ("@@", "ab"), ("@@", "c"))
    other = numbers(suppliers, ("@", "T"), ("@@", "c"), ("@@", "d"), ("@@", "ab"))
    then = numbers(
        suppliers, ("@", "T"), ("@@", "a"), ("@@", "b"), ("@@", "c"), ("@", "ab"), ("@@", "a"), ("@@", "b")
    )
    assert (other["ab"], other["c"]) == (now["ab"], now["c"])
    assert other["d"] not in now.values()
    assert then["a"] == then["b"] == then["ab"] == now["ab"]
    assert now["T"] == other["T"] == then["T"] == -1


@pytest.mark.parametrize("rule", ['zeros = "published"', "attacker_lower = 1"])
def test_what_an_earlier_release_told_of_its_zeros_stays_known(tmp_path: Path, rule: str) -> None:
    """a = 1 and b = 4 were hidden while every zero was shown: both are at least 1, so a is at most 4. The
    table had a name then."""
    office = office_of(tmp_path, places=FIVE, n=leaves_of(1, 4, 17, 28, 22))
    spec = '[table]\nfile = "n.csv"\nvalue = "n"\n'
    (office / "then.toml").write_text(f'{spec}name = "persons"\n{REGIONS}[rule]\n{rule}\n')
    protect(office / "then.toml", office / "out")
    (office / "now.toml").write_text(f'{spec}{REGIONS}[[earlier]]\nfile = "out"\n')
    protect(office / "now.toml", office / "new")
    with (office / "new/private/intervals.csv").open() as opened:
        assert all(int(row["low"]) >= 1 and int(row["high"]) >= 5 for row in csv.DictReader(opened))


def test_no_zero_is_hidden_from_an_attacker_who_believes_that_there_is_none(tmp_path: Path) -> None:
    office = office_of(tmp_path, places=FIVE, n=leaves_of(2, 0, 0, 4, 0))
    (office / "spec.toml").write_text(
        '[table]\nfile = "n.csv"\nvalue = "n"\n' + REGIONS + "[rule]\nattacker_lower = 1\n"
    )
    assert main(["protect", "--spec", str(office / "spec.toml"), "--to", str(office / "out")]) == Exit.UNSAFE
    (office / "small.csv").write_text(
        csv_of(("region", "value"), zip("Tabcde", ("6", "", 0, 0, "", 0), strict=True))
    )
    assert audit(office / "spec.toml", [office / "small.csv"]) == Exit.UNSAFE


def test_an_attacker_who_knows_less_than_is_shown_is_told_of(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = make_office(tmp_path, spec=SPEC + 'zeros = "published"\nattacker_lower = 0\n')
    protect(spec, tmp_path / "out")
    assert "attacker_lower" in capsys.readouterr().err


def test_a_single_late_report_is_refused_with_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """8 women of B1 were shown and are 2 now. The country has 6 fewer, and nothing else was revised."""
    counts = {"A1": (7, 40), "A2": (17, 12), "B1": (8, 30), "B2": (22, 14)}
    region = "levels,codes\n@,R\n@@,A\n@@@,A1\n@@@,A2\n@@,B\n@@@,B1\n@@@,B2\n"
    protect(make_office(tmp_path / "then", SPEC, counts, region=region), tmp_path / "first")
    revised = SPEC + '[[earlier]]\nfile = "../first"\n'
    spec = make_office(tmp_path / "now", revised, counts | {"B1": (2, 30)}, region=region)
    command = ["--lang", "en", "protect", "--spec", str(spec), "--to", str(tmp_path / "second")]
    assert main(command) == Exit.UNSAFE
    assert "let small corrections" in capsys.readouterr().err


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
