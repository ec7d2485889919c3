"""Attacks 20, 22 and 23: guessing from the pattern, telling marks, and dominant givers."""

from pathlib import Path

import numpy as np
import pytest

from attacks.small_tables import counts_of, tree
from lagesbild.core.table import Table
from lagesbild.inside.cli import main
from lagesbild.inside.protect.audit import audit
from lagesbild.inside.protect.intervals import intervals
from lagesbild.inside.protect.magnitude import Contributions, PriorPosterior, concentrated, guarded
from lagesbild.inside.protect.primary import Rule
from lagesbild.inside.protect.secondary import suppress
from lagesbild.inside.protect.system import Flags, Layer, System, build
from offices import LEAVES, SPEC, make_office

WORLDS = 12
ROW = tree("row", "@R", *(f"@@r{number}" for number in range(8)))
COLUMN = tree("column", "@C", *(f"@@c{number}" for number in range(5)))


def simulated(seed: int) -> System:
    """A population like the ones we publish: many zeros, many small counts, few large."""
    random = np.random.default_rng(seed)
    table = Table((ROW, COLUMN))
    leaves = random.negative_binomial(0.8, 0.06, int(table.is_leaf.sum()))
    return build([Layer(table, counts_of(table, leaves.tolist()))]).system


def advantage(naive: bool) -> float:
    """How much more often an attacker who uses the release guesses an unsafe count right than one who only
    knows how such counts are spread and says the most common of them."""
    right, blind, cells = 0, 0, 0
    for seed in range(WORLDS):
        system = simulated(seed)
        hidden = system.primary if naive else suppress(system).hidden
        unsafe = np.flatnonzero(system.unsafe)
        low, high = intervals(system, hidden, unsafe)
        guess = np.clip((np.maximum(low, 1) + np.minimum(high, 4)) // 2, 1, 4)
        right += int((guess == system.values[unsafe]).sum())
        blind += int((system.values[unsafe] == 1).sum())
        cells += len(unsafe)
    return (right - blind) / cells


def test_20_the_release_tells_no_more_than_the_distribution():
    """Planted: only the unsafe cells are hidden, so that intervals are narrow."""
    assert advantage(naive=True) > 0.2
    assert advantage(naive=False) <= 0.05


def released(folder: Path) -> Path:
    spec = make_office(folder)
    assert main(["protect", "--spec", str(spec), "--to", str(folder / "out")]) == 0
    return folder / "out" / "released.csv"


def test_22_one_mark_for_all_that_is_hidden(tmp_path: Path):
    lines = released(tmp_path).read_text().splitlines()[1:]
    assert {tuple(line.split(",")[2:]) for line in lines if line.endswith("hidden")} == {("", "hidden")}
    assert len(lines) == 27


@pytest.mark.parametrize("leak", ["another word", "another value", "a missing row"])
def test_22_a_second_mark_is_seen(tmp_path: Path, leak: str):
    """Planted: the unsafe cell is marked in another way than those hidden for its sake."""
    lines = released(tmp_path).read_text().splitlines()
    place = lines.index("A1,K,,hidden")
    if leak == "a missing row":
        del lines[place]
    else:
        lines[place] = "A1,K,x,hidden" if leak == "another value" else "A1,K,..,small"
    bent = tmp_path / "bent.csv"
    bent.write_text("\n".join(lines) + "\n")
    spec = str(tmp_path / "spec.toml")
    assert main(["audit", str(tmp_path / "out" / "released.csv"), "--spec", spec]) == 0
    assert main(["audit", str(bent), "--spec", spec]) == 4
    assert main(["audit", str(bent), "--spec", spec, "--truth", str(tmp_path / "leaves.csv")]) == 4


def test_22_the_same_pattern_gives_the_same_bytes_whichever_cell_is_unsafe(tmp_path: Path):
    """Two worlds: in one the 3 is the small cell, in the other it is its neighbour; same sums, same holes."""
    hide = "".join(f'[[hide]]\nregion = "{place}"\nsex = "{sex}"\n' for place in ("A1", "A2") for sex in "KM")
    spec = f"{SPEC}\n{hide}".replace("threshold = 5", "threshold = 1\nwidth = 5")
    worlds = [(3, 40), (17, 12)], [(4, 39), (16, 13)]
    bytes_of = []
    for name, (one, other) in zip("ab", worlds, strict=True):
        file = make_office(tmp_path / name, spec=spec, leaves={**LEAVES, "A1": one, "A2": other})
        assert main(["protect", "--spec", str(file), "--to", str(tmp_path / name / "out")]) == 0
        public = [tmp_path / name / "out" / part for part in ("released.csv", "audit.json")]
        bytes_of.append([part.read_bytes() for part in public])
    assert bytes_of[0] == bytes_of[1]


PLACES = Table((tree("part", "@T", "@@a", "@@b", "@@c"),))


def kronor() -> tuple[System, Flags]:
    """a: 100 of one giver and 5 of another; b and c evenly spread. With it the pattern that hides a alone."""
    cells, givers = np.array([1, 1, 2, 2, 2, 3, 3, 3]), np.array([0, 1, 1, 2, 3, 1, 2, 3])
    given = Contributions(cells, givers, np.array([100, 5, 60, 55, 50, 4, 5, 3]))
    stack = build([Layer(PLACES, given.counts(PLACES), Rule(threshold=1, width=0))])
    system = guarded(stack, 0, *concentrated(PLACES, given, PriorPosterior(10))).system
    return system, np.array([False, True, False, False])


def test_23_a_dominant_giver():
    """Planted: only the dominated cell is hidden: the total gives it, and with it the giver, exactly."""
    system, only = kronor()
    assert system.unsafe.tolist() == [False, True, False, False]
    assert len(audit(system, only).failing) == 1
    pattern = suppress(system)
    assert pattern.safe
    low, high = intervals(system, pattern.hidden, np.array([1]))
    assert high[0] >= 105 + 10
    assert high[0] - low[0] >= 2 * 10
