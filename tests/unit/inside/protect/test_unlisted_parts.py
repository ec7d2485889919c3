"""A part is no more than its whole, though no table shows what the others are."""

import csv
from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from closeness import too_close
from jobs import audit, csv_of, protect
from offices import make_office


class Shown(NamedTuple):
    """A table: its columns, the hierarchy file of each, and its finest codes there."""

    columns: Sequence[str]
    files: Sequence[str]
    leaves: Sequence[Sequence[str]]


class Case(NamedTuple):
    """People by place and something else. `made_of`: what each total adds up."""

    people: Mapping[tuple[str, str], int]
    files: Mapping[str, str]
    tables: Mapping[str, Shown]
    made_of: Mapping[str, Sequence[str]]

    def of(self, columns: Sequence[str], codes: Sequence[str]) -> np.ndarray:
        """Which of the people a cell adds up."""
        asked = {column: self.made_of.get(code, (code,)) for column, code in zip(columns, codes, strict=True)}
        return np.array(
            [
                all(own in asked.get(column, (own,)) for column, own in (("place", place), ("other", other)))
                for place, other in self.people
            ],
            dtype=float,
        )


def by(places: Sequence[str], others: Sequence[str], *counts: int) -> dict[tuple[str, str], int]:
    return dict(zip(product(places, others), counts, strict=True))


THREE, FLAT = ("m0", "m1", "m2"), "@,SE\n@@,m0\n@@,m1\n@@,m2\n"
WOMEN = Case(
    by(THREE, ("w", "m"), 3, 2, 9, 0, 10, 10),
    {"places": FLAT, "sexes": "@,T\n@@,w\n@@,m\n", "women": "@,w\n"},
    {
        "every": Shown(("place",), ("places",), (THREE,)),
        "by_sex": Shown(("other",), ("sexes",), (("w", "m"),)),
        "women_by_place": Shown(("place", "other"), ("places", "women"), (THREE, ("w",))),
    },
    {"SE": THREE, "T": ("w", "m")},
)
"""Women by place and all by place, men by place nowhere."""
BANDS = Case(
    by(THREE, ("15-17", "18-24"), 3, 4, 1, 6, 6, 11),
    {"places": FLAT, "ages": "@,15-24\n@@,15-17\n@@,18-24\n", "bands": "@,15-24\n@,18-24\n"},
    {
        "told": Shown(("other",), ("ages",), (("15-17", "18-24"),)),
        "listed": Shown(("place", "other"), ("places", "bands"), (THREE, ("15-24", "18-24"))),
    },
    {"SE": THREE, "15-24": ("15-17", "18-24")},
)
"""Overlapping bands in a list; another table tells what they are made of."""
FOUR = ("m0", "m1", "m2", "m3")
TOWN = Case(
    by(FOUR, ("y", "x", "o"), 3, 9, 10, 2, 0, 10, 9, 9, 9, 8, 8, 8),
    {
        "places": "@,SE\n@@,C1\n@@@,m0\n@@@,m1\n@@,C2\n@@@,m2\n@@@,m3\n",
        "ages": "@,A\n@@,y\n@@,x\n@@,o\n",
        "some": "@,C1\n@,m0\n",
    },
    {
        "every": Shown(("place",), ("places",), (FOUR,)),
        "by_age": Shown(("place", "other"), ("some", "ages"), (("C1", "m0"), ("y", "x", "o"))),
    },
    {"SE": FOUR, "C1": ("m0", "m1"), "C2": ("m2", "m3"), "A": ("y", "x", "o")},
)
"""A county and one of its towns by age, and all places in total."""


def office(folder: Path, case: Case) -> Path:
    files = {name: f"levels,codes\n{rows}" for name, rows in case.files.items()}
    spec, counts = "", np.array(list(case.people.values()))
    for name, (columns, hierarchies, leaves) in case.tables.items():
        rows = ((*codes, int(case.of(columns, codes) @ counts)) for codes in product(*leaves))
        files[name] = csv_of((*columns, "n"), rows)
        dimensions = ", ".join(
            f'{column} = "{own}.csv"' for column, own in zip(columns, hierarchies, strict=True)
        )
        spec += f'[[tables]]\nname = "{name}"\nfile = "{name}.csv"\nvalue = "n"\n'
        spec += f'counts = "people"\ndimensions = {{ {dimensions} }}\n'
    return make_office(folder, spec, **files)


@pytest.mark.parametrize("case", [WOMEN, BANDS, TOWN], ids=["women", "bands", "town"])
def test_what_a_total_holds_beyond_what_is_listed_is_not_below_nothing(tmp_path: Path, case: Case) -> None:
    """Planted: with equations alone a small part was bounded by its whole."""
    spec = office(tmp_path, case)
    protect(spec, tmp_path / "out")
    released = [tmp_path / "out" / name / "released.csv" for name in case.tables]
    truth = [tmp_path / f"{name}.csv" for name in case.tables]
    assert audit(spec, released) == audit(spec, released, truth) == 0
    counts = np.array(list(case.people.values()))
    sums, shown, small = [], [], []
    for file, table in zip(released, case.tables.values(), strict=True):
        with file.open() as opened:
            for row in csv.DictReader(opened):
                own = case.of(table.columns, [row[column] for column in table.columns])
                if row["status"] == "published":
                    sums.append(own)
                    shown.append(int(row["value"]))
                elif 0 < own @ counts < 5:
                    small.append(own)
    assert small
    assert [too_close(own, sums, shown) for own in small] == [None] * len(small)


def test_a_county_of_one_municipality_is_verified_beside_a_list_of_counties(tmp_path: Path) -> None:
    """As Gotland is: its county and itself are one number by two names."""
    case = Case(
        by(("0980", "0101", "0102"), ("y", "o"), 20, 21, 22, 23, 24, 25),
        {
            "places": "@,SE\n@@,09\n@@@,0980\n@@,01\n@@@,0101\n@@@,0102\n",
            "counties": "@,09\n@,01\n",
            "ages": "@,A\n@@,y\n@@,o\n",
        },
        {
            "every": Shown(("place",), ("places",), (("0980", "0101", "0102"),)),
            "by_age": Shown(("place", "other"), ("counties", "ages"), (("09", "01"), ("y", "o"))),
        },
        {"SE": ("0980", "0101", "0102"), "09": ("0980",), "01": ("0101", "0102"), "A": ("y", "o")},
    )
    protect(office(tmp_path, case), tmp_path / "out")
