"""Jobs of several releases through the commands; each would leak without those before it."""

import csv
from collections.abc import Mapping
from itertools import product
from pathlib import Path

import pytest

from jobs import (
    BEFORE,
    FIVE,
    IDENTITY,
    PLACES,
    REGIONS,
    SEXES,
    audit,
    csv_of,
    fields,
    leaves_of,
    office_of,
    protect,
    shown,
    three_indicators,
)
from lagesbild.core.refusal import Exit
from lagesbild.core.table import Dimension, Table
from lagesbild.inside.cli import main
from lagesbild.inside.protect.office.job import tables_of
from lagesbild.inside.protect.office.onlooker import without_truth
from lagesbild.inside.protect.office.released import read_released
from lagesbild.inside.protect.office.selection import Suppliers
from lagesbild.inside.protect.office.spec_file import read_spec
from offices import REGION, SEX, SPEC, make_office

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


def without(path: Path, name: str) -> Path:
    """The specification without one of its tables, and without the identity."""
    tables = path.read_text().split(IDENTITY)[0].split("[[tables]]\n")
    kept = "[[tables]]\n".join(each for each in tables if f'name = "{name}"' not in each)
    path.write_text(f"{kept}{REGIONS}{path.read_text().split(IDENTITY)[1]}")
    return path


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


def test_a_release_that_lost_rows_is_refused(tmp_path: Path) -> None:
    spec = make_office(tmp_path)
    protect(spec, tmp_path / "out")
    released = tmp_path / "out/released.csv"
    released.write_text("\n".join(released.read_text().splitlines()[:3]) + "\n")
    spec.write_text(SPEC + '[[earlier]]\nfile = "out"\n')
    assert main(["protect", "--spec", str(spec), "--to", str(tmp_path / "next")]) == Exit.REFUSED


INSIDER = 'insider = true\n[table]\nfile = "n.csv"\nvalue = "n"\nsupplier = "region"\n'


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
