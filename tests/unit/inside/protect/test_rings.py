"""Tables that bound each other by what none of them shows."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, product
from pathlib import Path

import numpy as np
import pytest

from closeness import Sums, too_close
from lagesbild.core.linking import Naming, link
from lagesbild.core.refusal import Exit
from lagesbild.core.table import Dimension, Relation, Table
from lagesbild.inside.cli import main
from lagesbild.inside.protect.office import job
from lagesbild.inside.protect.office.spec_file import read_spec
from lagesbild.inside.protect.problem import joint
from lagesbild.inside.protect.problem.rings import Rings
from lagesbild.inside.protect.problem.system import Layer, Stack
from offices import REGION, SEX, make_office

People = Mapping[tuple[str, ...], int]


def tables(*names: str) -> list[Table]:
    """One for each word, by a dimension for each letter."""
    return [Table(tuple(Dimension(letter, ("1", "2")) for letter in word)) for word in names]


def runs_in_a_ring(every: Sequence[Table]) -> bool:
    return any(Rings(every, Naming(every)).among(range(len(every))))


@pytest.mark.parametrize(
    ("names", "ring"),
    [
        (["rs", "ra", "sa"], True),
        (["rs", "sa", "ay", "yr"], True),
        (["rs", "ra", "sa", "rsa"], False),
        (["rs", "ra"], False),
        (["rs", "ra", "ry", "s"], False),
        (["r"], False),
    ],
)
def test_a_ring_is_what_has_no_ears(names: Sequence[str], ring: bool) -> None:
    assert runs_in_a_ring(tables(*names)) is ring


def divided(*groups: tuple[str, tuple[str, ...]], also: tuple[str, ...] = ()) -> Dimension:
    relations = tuple(Relation(*group) for group in groups)
    parts = dict.fromkeys(part for relation in relations for part in relation.parts)
    return Dimension("region", (*(relation.total for relation in relations), *parts, *also), relations)


def test_groupings_that_cross_run_in_a_ring_and_nested_ones_do_not() -> None:
    by, places = Dimension("sex", ("K", "M")), ("a", "b", "c", "d")
    counties = [("C1", ("a", "b")), ("C2", ("c", "d"))]
    police = [("P1", ("a", "c")), ("P2", ("b", "d"))]
    told = Table((divided(*counties, *police),))
    lists = [Table((Dimension("region", codes), by)) for codes in (("C1", "C2"), ("P1", "P2"), places)]
    assert runs_in_a_ring([told, *lists[:2]])
    assert not runs_in_a_ring([told, lists[0], lists[2]])
    assert not runs_in_a_ring([told, *lists])


AGE = "levels,codes\n@,all\n@@,young\n@@,old\n"
NAMES = ("region", "sex", "age")
PAIRS = {"by_sex": (0, 1), "by_age": (0, 2), "both": (1, 2)}
PLACES = ("A1", "A2", "A3", "B1", "B2", "B3")


EXACT = (7, 0, 7, 0, 0, 3, 0, 3, 7, 0, 7, 0, 0, 3, 0, 7, 0, 0, 20, 1, 0, 1, 0, 3)
NARROW = (0, 7, 20, 7, 20, 2, 7, 0, 0, 0, 2, 0, 1, 0, 0, 0, 2, 0, 7, 0, 0, 0, 0, 2)
MANY = (0, 0, 0, 2, 1, 0, 0, 20, 0, 0, 0, 0, 3, 0, 20, 0, 7, 0, 0, 3, 3, 0, 0, 0)
"""By place, sex and age. With the sums alone in mind a small count was worked out: to the number, to 0 to 2,
and eleven of them."""


def people_of(counts: Sequence[int]) -> People:
    return dict(zip(product(PLACES, "KM", ("young", "old")), counts, strict=True))


def office(folder: Path, counts: Sequence[int], tail: str = "", names: Iterable[str] = PAIRS) -> Path:
    """A job of tables by two dimensions each."""
    spec, contents, people = "", dict[str, str](), people_of(counts)
    for name, kept in ((name, PAIRS[name]) for name in names):
        sums: dict[tuple[str, ...], int] = {}
        for who, count in people.items():
            key = tuple(who[each] for each in kept)
            sums[key] = sums.get(key, 0) + count
        rows = "".join(f"{','.join(key)},{count}\n" for key, count in sums.items())
        contents[name] = f"{','.join(NAMES[each] for each in kept)},n\n{rows}"
        spec += f'[[tables]]\nfile = "{name}.csv"\nvalue = "n"\ncounts = "people"\n'
        spec += f"dimensions = {[NAMES[each] for each in kept]}\n"
    spec += "[dimensions]\n" + "".join(f'{name} = "{name}.csv"\n' for name in NAMES)
    return make_office(folder, spec + tail, region=REGION, sex=SEX, age=AGE, **contents)


def protect(spec: Path, to: Path) -> int:
    return int(main(["--lang", "en", "protect", "--spec", str(spec), "--to", str(to)]))


def close_cells(counts: Sequence[int], *released: Path) -> dict[tuple[str, ...], str]:
    """The small counts that are worked out too closely from these tables, by what is behind them."""
    who = list(people_of(counts))
    groups = {"R": PLACES, "A": PLACES[:3], "B": PLACES[3:], "T": ("K", "M"), "all": ("young", "old")}
    sums: list[Sums] = []
    shown, hidden = [], {}
    for folder, (name, kept) in product(released, PAIRS.items()):
        if not (folder / name).exists():
            continue
        with (folder / name / "released.csv").open() as opened:
            for row in csv.DictReader(opened):
                codes = {each: row[NAMES[each]] for each in kept}
                own = np.array(
                    [all(w[each] in groups.get(code, (code,)) for each, code in codes.items()) for w in who],
                    dtype=float,
                )
                if row["status"] == "published":
                    sums.append(own)
                    shown.append(int(row["value"]))
                elif 0 < own @ np.array(counts) < 5:
                    hidden[name, *codes.values()] = own
    found = {cell: too_close(own, sums, shown) for cell, own in hidden.items()}
    return {cell: told for cell, told in found.items() if told is not None}


@pytest.mark.parametrize("zeros", ["published", "candidate"])
@pytest.mark.parametrize("counts", [EXACT, NARROW, MANY])
def test_what_is_behind_the_tables_is_reckoned_with(
    tmp_path: Path, counts: Sequence[int], zeros: str, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = office(tmp_path, counts, f'[rule]\nzeros = "{zeros}"\n')
    assert protect(spec, tmp_path / "out") == Exit.OK
    assert close_cells(counts, tmp_path / "out") == {}
    assert main(["verify", str(tmp_path / "out")]) == Exit.OK
    assert main(["audit", *released(tmp_path / "out"), "--spec", str(spec)]) == Exit.OK
    assert "run in a ring" not in capsys.readouterr().err


def released(folder: Path) -> list[str]:
    return [str(folder / name / "released.csv") for name in PAIRS]


def without_joint_counts(stack: Stack, _layers: Sequence[Layer]) -> Stack:
    return stack


@pytest.mark.parametrize(
    ("counts", "zeros"), [(EXACT, "published"), (NARROW, "candidate"), (MANY, "candidate")]
)
def test_an_audit_finds_what_sums_alone_do_not_tell(
    tmp_path: Path, counts: Sequence[int], zeros: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted: a release of a tool that reckons with sums alone."""
    spec = office(tmp_path, counts, f'[rule]\nzeros = "{zeros}"\n')
    with monkeypatch.context() as patched:
        patched.setattr(job, "with_joint_counts", without_joint_counts)
        assert protect(spec, tmp_path / "out") == Exit.OK
    assert close_cells(counts, tmp_path / "out")
    truth = [str(tmp_path / f"{name}.csv") for name in PAIRS]
    audit = ["audit", *released(tmp_path / "out"), "--spec", str(spec)]
    assert main(audit) != Exit.OK
    assert main([*audit, *chain.from_iterable(("--truth", each) for each in truth)]) == Exit.UNSAFE


def test_a_table_that_comes_later_closes_the_ring(tmp_path: Path) -> None:
    first = office(tmp_path / "first", MANY, names=("by_sex", "by_age"))
    assert protect(first, tmp_path / "first" / "out") == Exit.OK
    spec = office(
        tmp_path / "then",
        MANY,
        f'[[earlier]]\nfile = "{tmp_path / "first" / "out"}"\n',
        names=("by_sex", "both"),
    )
    assert protect(spec, tmp_path / "then" / "out") == Exit.OK
    assert close_cells(MANY, tmp_path / "first" / "out", tmp_path / "then" / "out") == {}


def test_a_supplier_knows_her_own_counts_by_all_dimensions(tmp_path: Path) -> None:
    spec = office(tmp_path, MANY)
    by_place = "dimensions = ['region'"
    spec.write_text(spec.read_text().replace(by_place, f'supplier = "region"\n{by_place}'))
    stack = job.prepare(read_spec(spec)).stack
    behind = stack.system.supplier[list(stack.rests)]
    assert sorted(behind.tolist()) == sorted(2 * 2 * np.unique(behind).tolist())
    assert len(np.unique(behind)) == len(PLACES)
    assert behind.min() >= 0


@pytest.mark.parametrize("method", ["suppression", "rounding"])
def test_a_ring_that_is_not_reckoned_with_is_told_of(
    tmp_path: Path, method: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(joint, "MOST_CELLS", 23 if method == "suppression" else 24)
    spec = office(tmp_path, MANY)
    spec.write_text(f'method = "{method}"\n' + spec.read_text())
    assert protect(spec, tmp_path / "out") == Exit.OK
    assert "run in a ring" in capsys.readouterr().err


def published(*names: str, **codes: Sequence[str]) -> list[Table]:
    """One table for each word, by a dimension for each letter."""
    dimensions = {letter: Dimension(letter, tuple(codes.get(letter, "12"))) for letter in "rsay"}
    return [Table(tuple(dimensions[letter] for letter in word), "people") for word in names]


def test_only_members_of_a_margin_stand_in_its_sum() -> None:
    """Planted: products with 0 were kept, and joint counts got margins of others, and other suppliers."""
    every = published("rs", "ra", "sa")
    ((behind, _),) = joint.joints_of(every, [0, 0, 0], link(every))
    assert all((each.parts.data == 1).all() for each in behind.joints)


def test_a_table_that_lists_some_years_does_not_stand_for_one_of_all() -> None:
    some, *others = published("rsy", "rs", "ra", "sa", y=("2023",))
    told = Table((Dimension("y", ("2023", "2024")),), "people")
    every = [some, *others, told]
    ((behind, _),) = joint.joints_of(every, [0] * len(every), link(every))
    assert behind.joints[0].margins.shape[0] == 3 * 4


def test_what_is_nearest_of_other_releases_closes_the_ring() -> None:
    every = published("ra", "ra", "sa", "rs")
    linked = link(every, versions=[["old"] * 4, ["new"] * 4, ["sa"] * 4, ["rs"] * 4], releases=[1, 2, 3, 0])
    behind = [together.joints[0] for together, _ in joint.joints_of(every, [1, 2, 3, 0], linked)]
    newest = set(linked.cell_of[1].tolist())
    assert [newest <= set(each.margins.indices.tolist()) for each in behind] == [False, True, True, True]


@pytest.mark.parametrize(
    ("codes", "too_large"), [((290, 2, 20), False), ((20, 20, 20), True), ((300, 9, 8), True)]
)
def test_a_joint_table_that_would_take_minutes_is_left_out(codes: tuple[int, ...], too_large: bool) -> None:
    named = {letter: [str(code) for code in range(many)] for letter, many in zip("rsa", codes, strict=True)}
    every = published("rs", "ra", "sa", **named)
    ((behind, _),) = joint.joints_of(every, [0, 0, 0], link(every))
    assert behind.too_large is too_large
