"""Two worlds: stores that differ only behind suppressed cells must give byte-identical public output.

Covers attacks 18, 22, 24-30, 33-39 of the catalogue at once: whatever a hidden count could reach, be it text,
size, order, hash or drawing, would make some byte differ.
"""

import hashlib
from pathlib import Path

import pytest

from attacks.worlds import PLACES, World, others, world
from lagesbild.core.language import Text
from lagesbild.outside.material import Material
from lagesbild.outside.site import build
from lagesbild.release import bundle
from lagesbild.release.contents import Release

COUNTS = {
    "D01": {"2480": (41, 38, 25), "2482": (3, 14, 12), "2481": (2, 4, 1), "0180": (210, 190, 188),
            "2401": (0, 1, 0), "2404": (7, 3, 2), "1480": (90, 84, 97), "1280": (60, 66, 12)},
    "E03": {"2480": (33, 30, 44), "0180": (140, 133, 150), "2482": (6, 11, 13), "1480": (71, 64, 60)},
    "E04": {"2480": (12, 9, 21), "0180": (55, 60, 58), "2482": (2, 4, 5), "1480": (31, 22, 19)},
}  # fmt: skip
YEARS = ("2022", "2023", "2024")
WORLDS = 20


@pytest.fixture(scope="module")
def true(tmp_path_factory: pytest.TempPathFactory) -> World:
    file = tmp_path_factory.mktemp("files") / "uppgifter.csv"
    rows = [
        f"{code},{place},{year},{count}"
        for code, places in COUNTS.items()
        for place, counts in places.items()
        for year, count in zip(YEARS, counts, strict=True)
    ]
    file.write_text("indicator,region,period,count\n" + "\n".join(rows) + "\n")
    return world([file])


@pytest.fixture(scope="module")
def elsewhere(true: World) -> list[World]:
    return list(others(true, WORLDS))


def test_there_are_other_worlds_and_each_differs_behind_what_is_hidden(
    true: World, elsewhere: list[World]
) -> None:
    assert len(elsewhere) == WORLDS
    for other in elsewhere:
        moved = other.linked.values != true.linked.values
        assert moved.any()
        assert true.hidden[moved].all()


def test_every_world_gives_the_same_release_byte_for_byte(true: World, elsewhere: list[World]) -> None:
    ours = true.public_bytes()
    differing = [
        name for other in elsewhere for name, content in other.public_bytes().items() if content != ours[name]
    ]
    assert not differing


def test_the_same_release_gives_the_same_pages_byte_for_byte(
    true: World, elsewhere: list[World], tmp_path: Path
) -> None:
    assert site_of(elsewhere[0], tmp_path / "a") == site_of(true, tmp_path / "b")


def test_a_leak_of_what_is_hidden_turns_the_check_red(true: World, elsewhere: list[World]) -> None:
    """The planted leak: a release title that says how many were counted, the hidden ones too."""
    assert leaking(true) not in map(leaking, elsewhere)


def leaking(one: World) -> bytes:
    squares = (one.linked.values * one.hidden) ** 2  # what is moved in a square leaves a plain sum as it is
    hidden = int(squares @ range(len(one.hidden)) % 1_000_003)
    title = Text(f"Två världar, kontrollsumma {hidden}", f"Two worlds, checksum {hidden}")
    files = bundle.contents(one.edition(title=title), PLACES.geography)
    return b"".join(content for _, content in sorted(files.items())) + title.sv.encode()


def site_of(one: World, to: Path) -> dict[str, str]:
    """Digest of every public byte of a small site over this world's release."""
    release = Release(**vars(one.edition()), digest="0" * 64)
    build(Material((release,), PLACES), to, only={"00", "24", "2480", "2481", "D01", "E04"})
    return {
        path.relative_to(to).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(to.rglob("*"))
        if path.is_file()
    }
