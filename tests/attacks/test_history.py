"""Attacks 10 and 11: what follows from this release and all earlier ones, and what was shown before."""

import csv
from pathlib import Path

import numpy as np

from attacks.small_tables import COUNTS, cell, counts_of, protected, recovered, region_by_sex
from lagesbild.core.refusal import Unsafe
from lagesbild.inside.cli import main
from lagesbild.inside.protect.audit import audit
from lagesbild.inside.protect.system import Layer, Stack, build
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
