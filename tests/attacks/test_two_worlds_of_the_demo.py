"""Two worlds on the demonstration itself: a hundred other stores, and not one public byte that differs.

Each store has other counts in nearly every cell that is hidden, and all sums right, in both releases at once.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from attacks.demo_worlds import Street, apart, differing, published, street
from attacks.worlds import PLACES, others
from lagesbild.inside import walk
from lagesbild.outside.files.workbook import workbook
from lagesbild.outside.material import Material
from lagesbild.outside.paper.report import report
from lagesbild.outside.picture import picture
from lagesbild.outside.press import Press
from lagesbild.outside.shelf import open_releases, sealed_files
from lagesbild.outside.site import build
from lagesbild.release import durable, keys, seal

WORLDS, FIRST_TOO, PUSHED = 100, 20, 20
PLACE, LOOKED_AT = "2480", frozenset({"2480", "2460", "24", "D01", "E03", "2026-2"})


@pytest.fixture(scope="module")
def true(demo) -> Street:
    return street(demo)


@pytest.fixture(scope="module")
def elsewhere(true: Street) -> list[Street]:
    return [true.moved(world) for world in others(true.world, WORLDS, pushed=PUSHED)]


def test_the_true_store_gives_what_lies_on_the_shelf(demo, true: Street) -> None:
    assert not list(differing(true.oldest(), published(demo, "2026-1")))
    assert not list(differing(true.newest(), published(demo, "2026-2")))


def test_the_other_stores_differ_from_it_in_most_of_what_is_hidden(true: Street, elsewhere) -> None:
    assert len({other.world.linked.values.tobytes() for other in elsewhere}) == WORLDS
    for other in elsewhere:
        moved = apart(true.world, other.world)
        assert true.world.hidden[moved].all()
        assert len(moved) > 1000


def test_a_hundred_stores_give_the_same_newest_release_byte_for_byte(demo, elsewhere) -> None:
    ours = published(demo, "2026-2")
    assert not [name for other in elsewhere for name in differing(other.newest(), ours)]


def test_they_give_the_same_first_release_too(demo, elsewhere) -> None:
    ours = published(demo, "2026-1")
    assert not [name for other in elsewhere[:FIRST_TOO] for name in differing(other.oldest(), ours)]


def test_pages_workbook_and_report_over_another_store_are_the_same(demo, elsewhere, tmp_path: Path) -> None:
    shelf = shelved(demo, elsewhere[0], tmp_path / "shelf")
    there = Material(open_releases(shelf), PLACES, sealed_files(shelf))
    build(there, tmp_path / "site", only=LOOKED_AT)
    files = [path for path in (tmp_path / "site").rglob("*") if path.is_file()]
    assert len(files) > 100
    strange = [
        path.name
        for path in files
        if path.read_bytes() != (demo.site / path.relative_to(tmp_path / "site")).read_bytes()
    ]
    assert not strange
    here = Material(demo.releases(), PLACES, demo.sealed())
    assert paper(here) == paper(there)


def test_a_leak_of_one_hidden_count_turns_the_check_red(demo, true: Street, elsewhere) -> None:
    """Planted: one hidden cell is shown, the one that stands for what a fault in the pattern would do."""
    leaking = int(apart(true.world, elsewhere[0].world)[0])
    hidden = true.world.hidden.copy()
    hidden[leaking] = False
    shown = [replace(each, world=replace(each.world, hidden=hidden)) for each in (true, elsewhere[0])]
    assert list(differing(shown[0].newest(), shown[1].newest()))


def paper(material: Material) -> list[bytes]:
    press = Press(material, "sv")
    shown = picture(material, PLACE)
    return [workbook(press, shown), report(press, shown)]


def shelved(demo, other: Street, shelf: Path) -> Path:
    """Another store's releases, sealed with the demonstration's key as its publisher would."""
    shelf.mkdir()
    with walk.opened(demo.store) as vault:
        key = vault.signing_key
    for number, files in (("2026-1", other.oldest()), ("2026-2", other.newest())):
        durable.write_tree(shelf / number, {**files, seal.SIGNATURE: seal.sign(files[seal.MANIFEST], key)})
    (shelf / keys.NAME).write_bytes((demo.shelf / keys.NAME).read_bytes())
    return shelf
