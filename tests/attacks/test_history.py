"""Attacks 10 and 11: what follows from this release and all earlier ones, and what was shown before."""

import csv
from pathlib import Path

import numpy as np
import pytest

from attacks.small_tables import COUNTS, cell, counts_of, protected, recovered, region_by_sex
from lagesbild.core.refusal import Unsafe
from lagesbild.inside.cli import main
from lagesbild.inside.protect.problem.system import Layer, Stack, build
from lagesbild.inside.protect.proof.audit import audit
from offices import LEAVES, SPEC, make_office

EARLIER = f'{SPEC}\n[[earlier]]\nfile = "../first/out"\n'


def two_releases(now: tuple[int, ...]) -> tuple[Stack, np.ndarray, np.ndarray]:
    """First release of COUNTS; the second of `now`. Both patterns chosen alone, in their tables' order."""
    table, first = region_by_sex()
    _, second = region_by_sex(now)
    before, after = protected(first), protected(second)
    layers = [Layer(table, counts_of(table, now)), Layer(table, counts_of(table, COUNTS), hidden=before)]
    return build(layers), before, after


def test_10_a_revision_beside_its_first_version():
    """Planted: one municipality's men are revised and another cell is hidden than before; the differences of
    the two releases tell the small count, which did not change."""
    table, first = region_by_sex()
    hide_k, hide_m = (
        np.isin(np.arange(table.size), [cell(table, *codes) for codes in pattern]) for pattern in _PATTERNS
    )
    assert not len(audit(first, hide_k | first.primary).failing)
    assert not len(audit(first, hide_m | first.primary).failing)
    counts = counts_of(table, COUNTS)
    both = build([Layer(table, counts), Layer(table, counts, hidden=hide_k | first.primary)]).system
    assert recovered(both, (hide_m | first.primary) & ~both.fixed) > 0
    assert not len(audit(both, protected(both)).failing)


_PATTERNS = (
    [("A1", "K"), ("A1", "M"), ("A2", "K"), ("A2", "M"), ("B2", "M"), ("B2", "K"), ("B3", "M"), ("B3", "K")],
    [("A1", "K"), ("A1", "M"), ("A3", "K"), ("A3", "M"), ("B2", "M"), ("B2", "K"), ("B1", "M"), ("B1", "K")],
)


def test_10_late_additions_are_told_apart_from_what_was_known():
    """A municipality that reports late changes its county, and nothing that was hidden follows from that."""
    late = tuple(np.add(COUNTS, (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 6, 7)).tolist())
    stack, before, _ = two_releases(late)
    hidden = protected(stack.system)
    assert not len(audit(stack.system, hidden).failing)
    assert np.array_equal(hidden[stack.cell_of[1]] & before, hidden[stack.cell_of[1]])


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
