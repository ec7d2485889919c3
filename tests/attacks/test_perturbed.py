"""Attacks 16 to 19: undoing rounding and noise, and the key of the noise."""

import hashlib
import subprocess
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
import scipy.sparse as sp

from attacks.small_tables import SEX, cell, counts_of, region_by_sex, relation, tree
from lagesbild.core.table import Dimension, Table
from lagesbild.inside.cli import main
from lagesbild.inside.protect.methods import cell_key, learned, rounding
from lagesbild.inside.protect.office.onlooker import NOISE
from lagesbild.inside.protect.proof import bounds
from lagesbild.inside.protect.proof.reach import Reach
from offices import SPEC, make_office

KEY = bytes(range(cell_key.KEY_BYTES))
ROUNDING = f'method = "rounding"\n{SPEC}'
CELL_KEY = f'method = "cell_key"\nkey_file = "secret.key"\n{SPEC}'


def candidates(system_equations, low: np.ndarray, high: np.ndarray, unsafe: np.ndarray) -> np.ndarray:
    """How many numbers each unsafe cell may still be."""
    low, high = bounds.propagated(system_equations, low, high)
    return np.asarray((high - low + 1)[unsafe])


def test_16_parts_rounded_beside_an_exact_total():
    """Planted: the rounded parts are published with a total that was not rounded (OpenSAFELY's 5 and 7)."""
    table, system = region_by_sex((4, 4, 0, 9, 9, 25, 0, 30, 22, 0, 14, 11))
    shown = rounding.round_counts(system, 5)
    low, high = rounding.thinkable(system.equations, shown, 5)
    assert candidates(system.equations, low, high, system.unsafe).min() >= 5
    low, high = low.copy(), high.copy()
    exact = [cell(table, "A1", "T"), cell(table, "A1", "M")]
    low[exact] = high[exact] = system.values[exact]
    assert candidates(system.equations, low, high, system.unsafe).min() == 1


def test_16_a_base_below_the_threshold_leaves_small_counts_as_they_are():
    """Planted: base 3 with threshold 5 shows a 4 as 4; the command raises the base to the threshold."""
    _, system = region_by_sex()
    assert np.any(rounding.round_counts(system, 3)[system.unsafe] == 4)
    assert not np.any(np.isin(rounding.round_counts(system, 5), [1, 2, 3, 4]))


LINE = """method = "rounding"
base = 5
[table]
file = "leaves.csv"
value = "n"
[dimensions]
region = "region.csv"
"""
KNOWN = '[[known]]\nfile = "known.csv"\n'


def make_line(folder: Path, known: str, **counts: int) -> Path:
    """One total and its parts, rounded to the base 5, and what others publish of them."""
    rows = "".join(f"{place},{count}\n" for place, count in counts.items())
    (folder / "region.csv").write_text("levels,codes\n@,T\n" + "".join(f"@@,{place}\n" for place in counts))
    (folder / "leaves.csv").write_text(f"region,n\n{rows}")
    (folder / "known.csv").write_text(f"region,value\n{known}")
    (folder / "alone.toml").write_text(LINE)
    (folder / "spec.toml").write_text(LINE + KNOWN)
    assert main(["protect", "--spec", str(folder / "alone.toml"), "--to", str(folder / "out")]) == 0
    return folder / "spec.toml"


@pytest.mark.parametrize("also", [[], ["--truth", "leaves.csv"]])
def test_16_others_publish_the_total_as_it_is(
    tmp_path: Path, also: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
):
    """Planted: T = 51 and b = 0 are known elsewhere, and the large counts are shown: a is what is left."""
    monkeypatch.chdir(tmp_path)
    spec = make_line(tmp_path, "T,51\nb,0\n", a=4, b=0, c=17, d=8, e=22)
    audit = ["--lang", "en", "audit", "out/released.csv", "--spec", str(spec), *also]
    assert main(audit) == 4
    assert "works out 1 exactly" in capsys.readouterr().out
    assert main(["protect", "--spec", str(spec), "--to", "again"]) == 4
    assert "[learned]" in capsys.readouterr().err
    assert not (tmp_path / "again").exists()


def test_16_a_known_total_may_leave_enough_open(tmp_path: Path):
    """One of a and b is shown as 5, the other as 0: five pairs add up to what is left."""
    spec = make_line(tmp_path, "T,52\n", a=4, b=1, c=17, d=8, e=22)
    assert main(["audit", str(tmp_path / "out/released.csv"), "--spec", str(spec)]) == 0
    assert main(["protect", "--spec", str(spec), "--to", str(tmp_path / "again")]) == 0


def test_16_small_counts_that_others_show_can_be_given_up(tmp_path: Path):
    spec = make_line(tmp_path, "a,4\n", a=4, b=1, c=17, d=8, e=22)
    released = ["audit", str(tmp_path / "out/released.csv"), "--spec", str(spec)]
    assert main(released) == 4
    assert main(["protect", "--spec", str(spec), "--to", str(tmp_path / "again")]) == 4
    spec.write_text(LINE + KNOWN + "accepted = true\n")
    assert main(released) == main([*released, "--truth", str(tmp_path / "leaves.csv")]) == 0
    assert main(["protect", "--spec", str(spec), "--to", str(tmp_path / "again")]) == 0


def test_16_bounds_that_no_whole_table_attains_prove_nothing():
    """Planted: three sums of two pin all three parts, and bounds passed along each sum do not see it."""
    equations = sp.csr_array(np.array([[1, 0, 0, -1, -1, 0], [0, 1, 0, 0, -1, -1], [0, 0, 1, -1, 0, -1]]))
    low, high = np.array([5, 5, 4, 0, 0, 0]), np.array([5, 5, 4, 5, 5, 5])
    parts = np.array([3, 4, 5])
    least, most = bounds.propagated(equations, low, high)
    assert np.all((most - least)[parts] >= 4)
    reach = Reach(equations, least, most, parts, 4)
    assert reach.low.tolist() == reach.high.tolist() == [2, 3, 2]


PAIRS = [relation(one + other, one, other) for one, other in combinations("abcdefghijkl", 2)]
EVERY_PAIR = Table((Dimension("k", (*(pair.total for pair in PAIRS), *"abcdefghijkl"), tuple(PAIRS)),))
"""Twelve cells and every sum of two of them."""
ORDINARY = Table(
    (
        tree("row", "@R", *(f"@@r{number}" for number in range(20))),
        tree("column", "@C", *(f"@@c{number}" for number in range(5))),
        SEX,
    )
)


def guessed_right(table: Table, leaves: Sequence[int], noise: cell_key.Noise, keys: int = 1) -> float:
    """Of the leaves from 1 to 7, the share that whoever averages every way to add them up names exactly."""
    counts = counts_of(table, leaves)
    small, right = table.is_leaf & (counts > 0) & (counts < 8), []
    for number in range(keys):
        key = bytes([number + 1]) * cell_key.KEY_BYTES
        shown = cell_key.perturb(counts, table.identities(), key, noise)
        right.append(np.rint(learned.averaged(table.equations(), shown))[small] == counts[small])
    return float(np.mean(right))


def test_17_many_sums_of_the_same_cells():
    """Planted: every sum of two, with narrow noise. Measured: all are recovered."""
    assert guessed_right(EVERY_PAIR, [7] * 12, cell_key.Noise(bound=2, variance=0.5)) == 1.0
    assert guessed_right(EVERY_PAIR, [7] * 12, cell_key.Noise(bound=8, variance=6.0)) < 0.9


def test_17_what_our_own_noise_leaves_to_guess():
    """Measured: three quarters where every sum of two is shown, 38 % in an ordinary table by row, column and
    sex. A variance of 1.5 would leave 83 and 44 %, one of 2.5 would leave 69 and 35 %."""
    population = np.random.default_rng(1).negative_binomial(0.8, 0.06, int(ORDINARY.is_leaf.sum())).tolist()
    assert guessed_right(EVERY_PAIR, [7] * 12, NOISE, keys=20) == pytest.approx(0.75, abs=0.04)
    assert guessed_right(ORDINARY, population, NOISE, keys=20) == pytest.approx(0.38, abs=0.02)


def test_18_two_tables_that_show_one_cell_differently(tmp_path: Path, capsys: pytest.CaptureFixture):
    """Planted: the region totals of the second table carry other noise than the first table's."""
    tables = '[[tables]]\nname = "{}"\ncounts = "events"\nfile = "leaves.csv"\nvalue = "n"\n'
    spec = CELL_KEY.replace(
        '[table]\nfile = "leaves.csv"\nvalue = "n"\n', tables.format("one") + tables.format("two")
    )
    file = make_office(tmp_path, spec=spec)
    assert (
        main(["protect", "--spec", str(make_office(tmp_path, spec=CELL_KEY)), "--to", str(tmp_path / "out")])
        == 0
    )
    (tmp_path / "spec.toml").write_text(spec)
    released = tmp_path / "out" / "released.csv"
    assert main(["audit", str(released), str(released), "--spec", str(file)]) in (0, 4)
    other = tmp_path / "other.csv"
    lines = released.read_text().splitlines()
    codes, value, status = lines[1].rsplit(",", 2)
    other.write_text("\n".join([lines[0], f"{codes},{int(value) + 1},{status}", *lines[2:]]) + "\n")
    capsys.readouterr()
    assert main(["audit", str(released), str(other), "--spec", str(file)]) == 3
    assert "contradiction" in capsys.readouterr().err


def test_18_one_cell_has_one_noise_in_every_table():
    table, system = region_by_sex()
    narrow = Table((table.dimensions[0],), "events")
    places = dict(zip(table.identities(), range(table.size), strict=True))
    shown = cell_key.perturb(system.values, table.identities(), KEY, cell_key.Noise())
    totals = np.array([system.values[places[identity]] for identity in narrow.identities()])
    again = cell_key.perturb(totals, narrow.identities(), KEY, cell_key.Noise())
    assert again.tolist() == [shown[places[identity]] for identity in narrow.identities()]


def test_19_a_key_that_can_be_guessed_is_guessed():
    """Planted: a key made from a small seed (all 32-bit seeds are a matter of hours). The attacker tries
    seeds until the noise of cells that she knows fits; a key of 256 bits gives her nothing to try."""
    table, system = region_by_sex()
    names, noise = table.identities(), cell_key.Noise()

    def weak(seed: int) -> bytes:
        return hashlib.sha256(str(seed).encode()).digest()

    known = np.flatnonzero(system.values > 20)
    shown = cell_key.perturb(system.values, names, weak(1234), noise)
    some = [names[number] for number in known.tolist()]
    fits = [
        seed
        for seed in range(1200, 1300)
        if np.array_equal(cell_key.perturb(system.values[known], some, weak(seed), noise), shown[known])
    ]
    assert fits == [1234]
    shown = cell_key.perturb(system.values, names, KEY, noise)
    assert not any(
        np.array_equal(cell_key.perturb(system.values[known], some, weak(seed), noise), shown[known])
        for seed in range(1200, 1300)
    )


def test_19_a_guessable_key_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture):
    """Planted: a four-byte key file."""
    file = make_office(tmp_path, spec=CELL_KEY)
    (tmp_path / "secret.key").touch(mode=0o600)
    (tmp_path / "secret.key").write_bytes(b"1234")
    assert main(["protect", "--spec", str(file), "--to", str(tmp_path / "out")]) == 2
    assert "weak-key" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_19_no_key_lies_in_the_repository_or_in_a_delivery(tmp_path: Path):
    file = make_office(tmp_path, spec=CELL_KEY)
    assert main(["protect", "--spec", str(file), "--to", str(tmp_path / "out")]) == 0
    key = (tmp_path / "secret.key").read_bytes()
    delivered = b"".join(path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file())
    assert key not in delivered
    assert key.hex().encode() not in delivered
    listed = subprocess.run(
        ["git", "ls-files", "*.key"], capture_output=True, text=True, cwd=Path(__file__).parent
    )
    assert listed.stdout == ""
