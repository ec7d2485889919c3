"""Attacks 10 and 11: what follows from this release and all earlier ones, and what was shown before."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from attacks.small_tables import COUNTS, cell, counts_of, protected, recovered, region_by_sex
from lagesbild.core.refusal import Unsafe
from lagesbild.core.table import Table
from lagesbild.inside.cli import main
from lagesbild.inside.protect.problem.system import Flags, Layer, Stack, build
from lagesbild.inside.protect.proof.audit import audit
from offices import LEAVES, SPEC, make_office

EARLIER = f'{SPEC}\n[[earlier]]\nfile = "../first/out"\n'


def with_counts(**changed: tuple[int, int]) -> tuple[int, ...]:
    """COUNTS, but for the women and men of some municipalities."""
    places = ("A1", "A2", "A3", "B1", "B2", "B3")
    pairs = zip(places, zip(COUNTS[::2], COUNTS[1::2], strict=True), strict=True)
    return tuple(count for place, pair in pairs for count in changed.get(place, pair))


def two_releases(now: Sequence[int], before: Flags) -> Stack:
    """A release of `now` after one of COUNTS, of which `before` (cells,) was hidden."""
    table, _ = region_by_sex()
    first = Layer(table, counts_of(table, COUNTS), hidden=before, release=1)
    return build([Layer(table, counts_of(table, now)), first])


def beside(stack: Stack, now: Flags) -> Flags:
    """All that nobody ever showed, (n,), when this release hides `now` (cells,)."""
    hidden = stack.system.forced.copy()
    hidden[stack.cell_of[0]] |= now
    return np.asarray(hidden & ~stack.system.fixed)


def hiding(table: Table, *places: str) -> Flags:
    """Women and men of some municipalities, (cells,)."""
    return np.isin(np.arange(table.size), [cell(table, place, sex) for place in places for sex in "KM"])


@pytest.mark.parametrize(
    ("revised", "given_away"),
    [({"A2": (17, 13)}, 1), ({"A1": (4, 40)}, 2)],
    ids=["a neighbour", "the small count"],
)
def test_10_a_revision_beside_its_first_version(revised: Mapping[str, tuple[int, int]], given_away: int):
    """Planted: after a revision A1 hides beside A3, before it hid beside A2. Each release withstands alone,
    but what was not revised is shown in one of them and gives the small count, in each of its versions."""
    now = with_counts(**revised)
    table, first = region_by_sex()
    _, second = region_by_sex(now)
    earlier, later = (hiding(table, "A1", other, "B2", "B3") for other in ("A2", "A3"))
    assert not len(audit(first, earlier).failing)
    assert not len(audit(second, later).failing)
    both = two_releases(now, earlier)
    assert both.system.size == table.size + 6  # one sex and both, in the municipality, county and country
    assert recovered(both.system, beside(both, later)) == given_away
    assert len(audit(both.system, beside(both, later)).failing) >= given_away
    assert not len(audit(both.system, protected(both.system)).failing)


def test_10_late_additions_are_told_apart_from_what_was_known():
    """Planted: A2 reports late, and so much that another neighbour is now the cheaper one to hide beside A1.
    Who does not know the earlier release shows what it hid, and the small count follows."""
    late = with_counts(A2=(61, 72))
    _, first = region_by_sex()
    _, second = region_by_sex(late)
    before, alone = protected(first), protected(second)
    assert not np.array_equal(before, alone)
    stack = two_releases(late, before)
    assert recovered(stack.system, beside(stack, alone)) > 0
    assert len(audit(stack.system, beside(stack, alone)).failing) > 0
    knowing = protected(stack.system)
    assert not len(audit(stack.system, knowing).failing)
    assert np.array_equal(knowing, beside(stack, knowing[stack.cell_of[0]]))


def test_10_the_command_takes_an_earlier_delivery(tmp_path: Path):
    first = make_office(tmp_path / "first")
    assert main(["protect", "--spec", str(first), "--to", str(tmp_path / "first" / "out")]) == 0
    second = make_office(tmp_path / "second", spec=EARLIER, leaves={**LEAVES, "B3": (20, 18)})
    assert main(["protect", "--spec", str(second), "--to", str(tmp_path / "second" / "out")]) == 0
    assert main(["verify", str(tmp_path / "second" / "out")]) == 0


def edited(released: Path, to: Path, *changes: tuple[str, str]) -> Path:
    """A released table with some lines exchanged."""
    text = released.read_text()
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    to.write_text(text)
    return to


@pytest.mark.parametrize("knowing", [[], ["--truth"]])
def test_10_the_opponent_lays_releases_side_by_side(tmp_path: Path, knowing: list[str]):
    """Planted: one release hides A1 beside A2, the other beside A3. Each withstands alone; together they give
    the small count, with the truth at hand and without."""
    hide = "".join(f'[[hide]]\nregion = "{{}}"\nsex = "{sex}"\n' for sex in "KM")
    keep = '[[publish]]\nregion = "{}"\n'
    for name, hidden, shown in (("first", "A2", "A3"), ("second", "A3", "A2")):
        spec = f"{SPEC}\n{hide.format(hidden, hidden)}{keep.format(shown)}"
        office = make_office(tmp_path / name, spec=spec)
        assert main(["protect", "--spec", str(office), "--to", str(tmp_path / name / "out")]) == 0
    truth = [*knowing, str(tmp_path / "second" / "leaves.csv")] if knowing else []
    released = str(tmp_path / "second" / "out" / "released.csv")
    alone = make_office(tmp_path / "alone", spec=SPEC)
    assert main(["audit", released, "--spec", str(alone), *truth]) == 0
    beside = make_office(tmp_path / "beside", spec=EARLIER)
    assert main(["audit", released, "--spec", str(beside), *truth]) == Unsafe.exit_code


@pytest.mark.parametrize("knowing", [[], ["--truth"]])
def test_11_the_opponent_remembers_what_was_shown(tmp_path: Path, knowing: list[str]):
    """Planted: the first release showed the small count that the second hides well."""
    first = make_office(tmp_path / "first")
    assert main(["protect", "--spec", str(first), "--to", str(tmp_path / "out")]) == 0
    before = edited(
        tmp_path / "out" / "released.csv", tmp_path / "before.csv", ("A1,K,,hidden", "A1,K,3,published")
    )
    spec = make_office(tmp_path / "second", spec=f'{SPEC}\n[[earlier]]\nfile = "{before}"\n')
    truth = [*knowing, str(tmp_path / "first" / "leaves.csv")] if knowing else []
    released = str(tmp_path / "out" / "released.csv")
    assert main(["audit", released, "--spec", str(first), *truth]) == 0
    assert main(["audit", released, "--spec", str(spec), *truth]) == Unsafe.exit_code


def test_10_a_revised_history_contradicts_nothing(tmp_path: Path):
    """A late addition changes shown sums; without the truth nobody knows which hidden counts it changed."""
    first = make_office(tmp_path / "first")
    assert main(["protect", "--spec", str(first), "--to", str(tmp_path / "first" / "out")]) == 0
    second = make_office(tmp_path / "second", spec=EARLIER, leaves={**LEAVES, "A1": (4, 40)})
    assert main(["protect", "--spec", str(second), "--to", str(tmp_path / "second" / "out")]) == 0
    released = str(tmp_path / "second" / "out" / "released.csv")
    assert main(["audit", released, "--spec", str(second)]) == 0


def test_1_a_small_count_that_is_shown_is_seen_without_the_truth(tmp_path: Path):
    office = make_office(tmp_path)
    assert main(["protect", "--spec", str(office), "--to", str(tmp_path / "out")]) == 0
    bent = edited(
        tmp_path / "out" / "released.csv", tmp_path / "bent.csv", ("A1,K,,hidden", "A1,K,3,published")
    )
    assert main(["audit", str(bent), "--spec", str(office)]) == Unsafe.exit_code


def test_11_what_was_shown_stays_shown(tmp_path: Path):
    """Planted: the second release is asked to hide a cell that the first showed. It stays known."""
    first = make_office(tmp_path / "first")
    assert main(["protect", "--spec", str(first), "--to", str(tmp_path / "first" / "out")]) == 0
    with (tmp_path / "first" / "out" / "released.csv").open() as opened:
        shown = next(
            row for row in csv.DictReader(opened) if row["status"] == "published" and row["sex"] != "T"
        )
    hide = f'[[hide]]\nregion = "{shown["region"]}"\nsex = "{shown["sex"]}"\n'
    second = make_office(tmp_path / "second", spec=f"{EARLIER}{hide}")
    assert main(["protect", "--spec", str(second), "--to", str(tmp_path / "out")]) == Unsafe.exit_code
    assert not (tmp_path / "out").exists()


def test_11_nothing_is_unpublished_of_itself(tmp_path: Path):
    first = make_office(tmp_path / "first")
    assert main(["protect", "--spec", str(first), "--to", str(tmp_path / "first" / "out")]) == 0
    second = make_office(tmp_path / "second", spec=EARLIER)
    assert main(["protect", "--spec", str(second), "--to", str(tmp_path / "second" / "out")]) == 0
    one, other = (tmp_path / name / "out" / "released.csv" for name in ("first", "second"))
    assert one.read_bytes() == other.read_bytes()
