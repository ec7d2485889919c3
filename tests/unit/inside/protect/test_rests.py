"""Identities between indicators of which one lists less than its total: what the total holds beyond."""

import csv
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from closeness import too_close
from lagesbild.core.linking import Identity
from lagesbild.core.refusal import Exit
from lagesbild.core.table import Dimension, Table
from lagesbild.inside.cli import main
from lagesbild.inside.protect.office.job import prepare
from lagesbild.inside.protect.office.spec_file import read_spec
from lagesbild.inside.protect.problem.rests import with_rests
from lagesbild.inside.protect.problem.system import Layer, build
from offices import SEX, make_office

Leaves = Mapping[tuple[str, str], int]
SPEC = "".join(
    f'[[tables]]\nname = "{name}"\nfile = "{name}.csv"\nvalue = "n"\n{dimensions}\n'
    for name, dimensions in (
        ("reported", ""),
        ("cleared", 'dimensions = { region = "some.csv", sex = "sex.csv" }'),
        ("open", ""),
    )
) + (
    '[[identities]]\ntotal = "reported"\nparts = ["cleared", "open"]\n'
    '[dimensions]\nregion = "places.csv"\nsex = "sex.csv"\n[rule]\nthreshold = 5\n'
)
PLACES = "levels,codes\n@,R\n" + "".join(f"@@,{place}\n" for place in "abcd")
SOME = "levels,codes\n@,some\n@@,a\n@@,b\n"
OPEN = {"a": (2, 1), "b": (6, 1), "c": (30, 30), "d": (30, 14)}

LEAVES = [(place, sex) for place in OPEN for sex in "KM"]


def job(folder: Path, cleared: Leaves, spec: str = SPEC) -> Path:
    """`cleared` lists the places a and b only, and of c and d others may know."""
    still = {(place, sex): n for place, both in OPEN.items() for sex, n in zip("KM", both, strict=True)}
    reported = {key: n + cleared.get(key, 0) for key, n in still.items()}
    tables = {
        "reported": reported,
        "open": still,
        "cleared": {key: n for key, n in cleared.items() if key[0] in "ab"},
    }
    files = {
        name: "region,sex,n\n" + "".join(f"{','.join(key)},{n}\n" for key, n in own.items())
        for name, own in tables.items()
    }
    return make_office(folder, spec, places=PLACES, some=SOME, sex=SEX, **files)


def protect(spec: Path) -> Mapping[tuple[str, ...], int | None]:
    """Protect, verify and audit; by table and codes what is shown."""
    names, out = ("reported", "cleared", "open"), spec.parent / "out"
    assert main(["protect", "--spec", str(spec), "--to", str(out)]) == Exit.OK
    assert main(["verify", str(out)]) == Exit.OK
    released = [str(out / name / "released.csv") for name in names]
    truth = [word for name in names for word in ("--truth", str(spec.parent / f"{name}.csv"))]
    assert main(["audit", *released, "--spec", str(spec)]) == Exit.OK
    assert main(["audit", *released, "--spec", str(spec), *truth]) == Exit.OK
    shown: dict[tuple[str, ...], int | None] = {}
    for name in names:
        with (out / name / "released.csv").open() as opened:
            for row in csv.DictReader(opened):
                number = int(row["value"]) if row["status"] == "published" else None
                shown[name, row["region"], row["sex"]] = number
    return shown


def worked_out(shown: Mapping[tuple[str, ...], int | None], cleared: Leaves) -> list[str]:
    """Small numbers that whoever has the files comes too close to, whatever was cleared in c and d."""
    truth = [cleared.get(key, 0) for key in LEAVES] + [OPEN[place]["KM".index(sex)] for place, sex in LEAVES]
    sums, numbers = zip(*((_sum(*cell), n) for cell, n in shown.items() if n is not None), strict=True)
    found = []
    for cell in (*shown, *(("cleared", place, sex) for place in "cd" for sex in "KM")):
        own = _sum(*cell)
        if 1 <= own @ truth < 5:
            close = too_close(own, sums, numbers)
            found += [f"{cell}: {close}"] if close else []
    return found


def _sum(table: str, region: str, sex: str) -> np.ndarray:
    """Which leaves of what was cleared and what is open a cell adds up."""
    places = {"R": "abcd", "some": "ab"}.get(region, region)
    leaves = np.array([place in places and own in ("KM" if sex == "T" else sex) for place, own in LEAVES])
    return np.concatenate([leaves & (table != "open"), leaves & (table != "cleared")]).astype(float)


def test_what_all_others_have_in_common_leaves_the_part_no_place_to_hide(tmp_path: Path) -> None:
    """Planted: 47 reported men of 46 open, and none cleared in c and d: one was cleared in a or b."""
    cleared = {("a", "K"): 3, ("a", "M"): 1, ("b", "K"): 30, ("b", "M"): 0}
    assert worked_out(protect(job(tmp_path, cleared)), cleared) == []


def test_what_the_part_would_show_where_it_has_no_row_is_small_too(tmp_path: Path) -> None:
    """Planted: 32 reported women of c and 30 open ones show two cleared that no table shows."""
    cleared = {("a", "K"): 20, ("a", "M"): 9, ("b", "K"): 14, ("b", "M"): 8, ("c", "K"): 2, ("d", "K"): 9}
    assert worked_out(protect(job(tmp_path, cleared)), cleared) == []


def test_a_total_that_is_less_than_its_parts_is_none_of_theirs(tmp_path: Path) -> None:
    spec = job(tmp_path, {("a", "K"): 20, ("a", "M"): 9, ("b", "K"): 14, ("b", "M"): 8})
    reported = (tmp_path / "reported.csv").read_text()
    assert "d,M,14" in reported
    (tmp_path / "reported.csv").write_text(reported.replace("d,M,14", "d,M,13"))
    stack = prepare(read_spec(spec)).stack
    assert len(stack.rests) < 9
    assert stack.system.values.min() == 0


def test_a_rest_that_stayed_the_same_is_one_number_through_all_releases(tmp_path: Path) -> None:
    """Planted: as two numbers, the one that last year told would not tell the other."""
    cleared = {("a", "K"): 20, ("a", "M"): 9, ("b", "K"): 14, ("b", "M"): 8, ("c", "K"): 7, ("d", "M"): 6}
    earlier = SPEC + '[[earlier]]\nfile = "../then/out"\n'
    protect(job(tmp_path / "then", cleared))
    stack = prepare(read_spec(job(tmp_path / "now", cleared, earlier))).stack
    assert len(stack.rests) == 9
    revised = cleared | {("c", "K"): 8}
    stack = prepare(read_spec(job(tmp_path / "revised", revised, earlier))).stack
    assert len(stack.rests) == 9 + 4  # women of c and of the country, and both sexes together


def test_what_a_rest_was_is_kept_from_everybody_once_it_is_revised(tmp_path: Path) -> None:
    """Planted: two women of c had been cleared, by what is reported and open of then."""
    then = {("a", "K"): 20, ("a", "M"): 9, ("b", "K"): 14, ("b", "M"): 8, ("c", "K"): 2, ("d", "M"): 60}
    protect(job(tmp_path / "then", then))
    now = job(tmp_path / "now", then | {("c", "K"): 9}, SPEC + '[[earlier]]\nfile = "../then/out"\n')
    stack = prepare(read_spec(now)).stack
    small = [rest for rest in stack.rests if stack.system.values[rest] == 2]
    assert len(small) == 2  # women, and both sexes
    assert stack.system.unsafe[small].all()
    assert protect(now)


def test_a_total_of_one_release_is_no_less_than_its_parts_of_others() -> None:
    """Planted: 31 in all and one y last year, 30 x this year, and z nowhere: there was one y."""
    layers = [
        Layer(
            Table((Dimension("region", ("a", "b")),), name), np.array(counts), hidden=hidden, release=release
        )
        for name, counts, hidden, release in (
            ("x", (30, 40), None, 0),
            ("all", (31, 80), np.array([False, False]), 1),
            ("y", (1, 20), np.array([True, True]), 1),
        )
    ]
    identities = [Identity("all", ("x", "y", "z"))]
    stack = with_rests(build(layers, identities), layers, identities)
    assert stack.system.values[list(stack.rests)].tolist() == [0, 20, 30, 60]
    found = set(map(tuple, stack.system.equations.toarray().tolist()))
    assert (-1, 0, 1, 0, -1, 0, -1, 0, 0, 0) in found


@pytest.mark.parametrize("identities", [True, False])
def test_only_identities_have_rests(tmp_path: Path, identities: bool) -> None:
    spec = SPEC if identities else SPEC[: SPEC.index("[[ident")] + SPEC[SPEC.index("[dimensions]") :]
    cleared = {("a", "K"): 20, ("a", "M"): 9, ("b", "K"): 14, ("b", "M"): 8, ("c", "K"): 7}
    stack = prepare(read_spec(job(tmp_path, cleared, spec))).stack
    assert len(stack.rests) == (9 if identities else 0)
    assert sorted(stack.system.values[list(stack.rests)].tolist())[-1:] == ([58] if identities else [])


def test_who_reports_a_place_may_know_what_is_left_of_it(tmp_path: Path) -> None:
    """Kept from her too, no job with suppliers could be protected."""
    spec = SPEC.replace('value = "n"', 'value = "n"\nsupplier = "region"')
    cleared = {("a", "K"): 20, ("a", "M"): 9, ("b", "K"): 14, ("b", "M"): 8, ("c", "K"): 2, ("d", "K"): 9}
    stack = prepare(read_spec(job(tmp_path, cleared, f"insider = true\n{spec}"))).stack
    supplier = stack.system.supplier
    assert all(supplier[rest] == supplier[total] for rest, total in stack.rests.items())
    assert {supplier[rest] >= 0 for rest in stack.rests} == {True, False}


@pytest.mark.parametrize("strict", [0, 1])
def test_a_rest_has_the_strictest_rule_of_its_part(tmp_path: Path, strict: int) -> None:
    """The part has two tables, and the last one had the last word."""
    both = ""
    for number in (0, 1):
        threshold = 10 if number == strict else 3
        both += f'[[tables]]\nname = "c{number}"\nfile = "cleared.csv"\nvalue = "n"\ncounts = "cleared"\n'
        both += 'dimensions = { region = "some.csv", sex = "sex.csv" }\n'
        both += f"rule = {{ threshold = {threshold} }}\n"
    head, tail = SPEC.split('[[tables]]\nname = "cleared"')
    spec = (head + both + tail[tail.index("[[tables]]") :]).replace('["cleared", "open"]', '["c0", "open"]')
    cleared = {("a", "K"): 20, ("a", "M"): 19, ("b", "K"): 14, ("b", "M"): 18, ("c", "K"): 7, ("d", "K"): 29}
    system = prepare(read_spec(job(tmp_path, cleared, spec))).stack.system
    small = system.values[-9:] == 7
    assert system.threshold[-9:][small & system.unsafe[-9:]].tolist() == [10, 10]
