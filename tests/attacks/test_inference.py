"""Attacks 20, 22 and 23: guessing from the pattern, telling marks, and dominant givers."""

from pathlib import Path

import numpy as np
import pytest

from attacks.small_tables import counts_of, tree
from lagesbild.core.table import Table
from lagesbild.inside.cli import main
from lagesbild.inside.protect.methods.magnitude import Contributions, PriorPosterior, concentrated, guarded
from lagesbild.inside.protect.methods.secondary import suppress
from lagesbild.inside.protect.problem.primary import Rule
from lagesbild.inside.protect.problem.system import Flags, Layer, System, build
from lagesbild.inside.protect.proof.audit import audit
from lagesbild.inside.protect.proof.intervals import intervals
from offices import LEAVES, SPEC, make_office

WORLDS = 12
TRAINED_ON, ATTACKED = 30, 45
FALSE_ALARMS = 0.001
EPSILON = 0.05
"""Of the counts of one, how many more than at random may be named with so few false alarms."""
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


def seen(system: System, hidden: Flags) -> tuple[np.ndarray, np.ndarray]:
    """What an outsider makes of each hidden leaf, (cells, features), and whether its count is one, (cells,).

    Ends of its interval, then what its row's and its column's hidden cells sum to and how many they are.
    """
    table = Table((ROW, COLUMN))
    cells = np.flatnonzero(hidden & table.is_leaf)
    low, high = intervals(system, hidden, cells)
    square, behind = hidden.reshape(table.shape), np.where(hidden, system.values, 0).reshape(table.shape)
    place = np.unravel_index(cells, table.shape)
    sums, many = [], []
    for axis in (0, 1):
        # The sum of the hidden leaves of a line follows from its total where that is published.
        told = ~np.take(square, 0, axis=1 - axis)[place[axis]]
        leaves = np.take(behind, range(1, table.shape[1 - axis]), axis=1 - axis).sum(1 - axis)[place[axis]]
        sums.append(np.where(told, leaves, -1))
        many.append(square.sum(1 - axis)[place[axis]])
    bins = [low == 1, low == 0, low > 1, high == 1, high < 5, high < 10, (low == 1) & (high == 1)]
    share = [
        np.where(total >= 0, total / np.maximum(number, 1), 20)
        for total, number in zip(sums, many, strict=True)
    ]
    logs = [np.log1p(np.minimum(number, 1000)) for number in (high, high - low, *share, *many)]
    return np.column_stack([np.ones(len(cells)), *bins, *logs]).astype(float), system.values[cells] == 1


def trained(features: np.ndarray, ones: np.ndarray) -> np.ndarray:
    """Weights of a logistic regression with a small ridge, by Newton's method."""
    weights = np.zeros(features.shape[1])
    for _ in range(25):
        chance = 1 / (1 + np.exp(-np.clip(features @ weights, -30, 30)))
        slope = features.T @ (ones - chance) - 0.1 * weights
        curve = (features.T * (chance * (1 - chance))) @ features + 0.1 * np.eye(len(weights))
        weights += np.linalg.solve(curve, slope)
    return weights


def true_positives(score: np.ndarray, ones: np.ndarray, false_positives: float) -> float:
    """Share of the ones whose score lies above all but so large a share of the others."""
    others = np.sort(score[~ones])[::-1]
    return float((score[ones] > others[int(false_positives * len(others))]).mean())


def trained_attack(naive: bool) -> tuple[float, float]:
    """Of hidden counts of one, the share that a trained attacker names at one false alarm in a thousand; and
    its 97.5th percentile when the attacked worlds are drawn again. Knowing the distribution alone: 0.001."""
    worlds = []
    for seed in range(100, 100 + TRAINED_ON + ATTACKED):
        system = simulated(seed)
        worlds.append(seen(system, system.primary if naive else suppress(system).hidden))
    weights = trained(*(np.concatenate(part) for part in zip(*worlds[:TRAINED_ON], strict=True)))
    scores = [(features @ weights, ones) for features, ones in worlds[TRAINED_ON:]]
    random = np.random.default_rng(1)

    def named(chosen: np.ndarray) -> float:
        score, ones = (np.concatenate([scores[k][part] for k in chosen]) for part in (0, 1))
        return true_positives(score, ones, FALSE_ALARMS)

    again = [named(random.integers(len(scores), size=len(scores))) for _ in range(200)]
    return named(np.arange(len(scores))), float(np.quantile(again, 0.975))


def test_20_an_attacker_trained_on_other_populations_names_hardly_a_count_of_one():
    """Planted: only the unsafe cells are hidden. The baseline knows the distribution and names at random."""
    leaking, _ = trained_attack(naive=True)
    named, at_most = trained_attack(naive=False)
    assert leaking - FALSE_ALARMS > 0.3
    assert max(named, at_most) - FALSE_ALARMS <= EPSILON


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
