"""Tables that bound each other by what none of them shows."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from lagesbild.core.refusal import Exit
from lagesbild.core.table import Dimension, Table
from lagesbild.inside.cli import main
from lagesbild.inside.protect.problem.rings import in_a_ring
from offices import REGION, SEX, make_office


def tables(*names: str) -> list[Table]:
    """One for each word, by a dimension for each letter; what follows a colon is what it counts."""
    return [
        Table(tuple(Dimension(letter, ("1", "2")) for letter in word.split(":")[0]), word.partition(":")[2])
        for word in names
    ]


@pytest.mark.parametrize(
    ("names", "ring"),
    [
        (["rs", "ra", "sa"], True),
        (["rs", "sa", "ay", "yr"], True),
        (["rs", "ra", "sa", "rsa"], False),
        (["rs", "ra"], False),
        (["rs", "ra", "ry", "s"], False),
        (["rs:x", "ra:x", "sa:y"], False),
        (["r"], False),
    ],
)
def test_a_ring_is_what_has_no_ears(names: Sequence[str], ring: bool) -> None:
    assert in_a_ring(tables(*names)) is ring


def test_a_ring_is_told_of(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    age = "levels,codes\n@,all\n@@,young\n@@,old\n"
    leaves = {
        (place, sex, own): 10 + 3 * k + 5 * j + i
        for k, place in enumerate(("A1", "A2", "A3", "B1", "B2", "B3"))
        for j, sex in enumerate("KM")
        for i, own in enumerate(("young", "old"))
    }
    pairs = {"by_sex": (0, 1), "by_age": (0, 2), "both": (1, 2)}
    files, spec, names = {}, "", ("region", "sex", "age")
    for name, kept in pairs.items():
        sums: dict[tuple[str, ...], int] = {}
        for key, count in leaves.items():
            sums[tuple(key[each] for each in kept)] = sums.get(tuple(key[each] for each in kept), 0) + count
        rows = "".join(f"{','.join(key)},{count}\n" for key, count in sums.items())
        files[name] = f"{','.join(names[each] for each in kept)},n\n{rows}"
        spec += f'[[tables]]\nfile = "{name}.csv"\nvalue = "n"\ncounts = "people"\n'
        spec += f"dimensions = {[names[each] for each in kept]}\n"
    spec += "[dimensions]\n" + "".join(f'{name} = "{name}.csv"\n' for name in names)
    office = make_office(tmp_path, spec, region=REGION, sex=SEX, age=age, **files)
    assert main(["--lang", "en", "protect", "--spec", str(office), "--to", str(tmp_path / "out")]) == Exit.OK
    assert "run in a ring" in capsys.readouterr().err
