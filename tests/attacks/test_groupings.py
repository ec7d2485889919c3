"""Attacks 6 to 9 and 21: groupings that cross, overlap or run, whole groups, and small groups of people."""

from pathlib import Path

import numpy as np

from attacks.small_tables import cell, counts_of, protected, recovered, region_by_sex, relation, widths
from lagesbild.core.table import Dimension, Relation, Table
from lagesbild.inside.cli import main
from lagesbild.inside.protect.problem.system import Layer, System, build
from lagesbild.inside.protect.proof.audit import audit
from offices import SPEC, make_office


def system_of(name: str, leaves: dict[str, int], *relations: Relation) -> System:
    totals = tuple(dict.fromkeys(each.total for each in relations))
    table = Table((Dimension(name, (*totals, *leaves), relations),))
    return build([Layer(table, counts_of(table, list(leaves.values())))]).system


def test_6_everybody_in_one_category():
    """Planted: all of A1 are men, and the total of A1 is shown beside the 0 women."""
    table, system = region_by_sex((0, 4, 17, 12, 9, 25, 6, 30, 22, 8, 14, 11))
    shown = system.primary.copy()
    shown[cell(table, "A1", "T")] = False
    assert recovered(system, shown) > 0
    assert widths(system, protected(system)).min() >= 5


def test_7_police_regions_beside_counties():
    """Planted: A1 and A2 hide each other within county A, but lie in different police regions."""
    leaves = {"A1": 3, "A2": 9, "A3": 20, "B1": 14, "B2": 30}
    counties = relation("A", "A1", "A2", "A3"), relation("B", "B1", "B2"), relation("R", "A", "B")
    police = (
        relation("North", "A1", "B1"),
        relation("South", "A2", "A3", "B2"),
        relation("R", "North", "South"),
    )
    by_county, both = system_of("region", leaves, *counties), system_of("region", leaves, *counties, *police)
    assert not len(audit(by_county, hidden_in(by_county, 3, 9)).failing)
    assert recovered(both, hidden_in(both, 3, 9)) == 1
    assert widths(both, protected(both)).min() >= 5


def hidden_in(system: System, *counts: int) -> np.ndarray:
    return np.isin(system.values, counts)


def test_8_overlapping_age_bands():
    """Planted: 15-24 and 18-24 shown side by side give 15-17 as their difference."""
    leaves = {"15-17": 3, "18-20": 12, "21-24": 15, "25-29": 40}
    table = Table(
        (
            Dimension(
                "age",
                ("all", "15-24", "18-24", *leaves),
                (
                    relation("all", "15-24", "25-29"),
                    relation("15-24", "15-17", "18-20", "21-24"),
                    relation("18-24", "18-20", "21-24"),
                ),
            ),
        )
    )
    system = build([Layer(table, counts_of(table, list(leaves.values())))]).system
    hidden = np.zeros(table.size, dtype=bool)
    hidden[[cell(table, "15-17"), cell(table, "18-20"), cell(table, "21-24")]] = True
    assert recovered(system, hidden) == 1
    assert widths(system, protected(system)).min() >= 5


def test_9_running_totals():
    """Planted: cumulative sums over the year, in which every month is a difference of two."""
    months = {f"m{number}": count for number, count in enumerate((7, 3, 9, 12, 2, 8), start=1)}
    names = list(months)
    running = [relation(f"to_{names[end]}", *names[: end + 1]) for end in range(1, len(names))]
    system = system_of("month", months, *running)
    months_only = system.primary
    assert recovered(system, months_only) == system.unsafe.sum() == 2
    assert widths(system, protected(system)).min() >= 5


def test_9_rolling_windows():
    months = {f"m{number}": count for number, count in enumerate((7, 3, 9, 12, 2, 8), start=1)}
    names = list(months)
    windows = [relation(f"w{start}", *names[start : start + 3]) for start in range(4)]
    system = system_of("month", months, *windows)
    assert recovered(system, system.primary) > 0
    assert widths(system, protected(system)).min() >= 5


POPULATION = "region,sex,n\n" + "".join(
    f"{place},{sex},{12 if (place, sex) == ('A2', 'K') else 900}\n"
    for place in ("A1", "A2", "A3", "B1", "B2", "B3")
    for sex in "KM"
)


def test_21_small_groups_of_people(tmp_path: Path):
    """Planted: 17 events among 12 women in A2: enough to count, but a statement about each of them."""
    spec = make_office(tmp_path / "plain")
    assert main(["protect", "--spec", str(spec), "--to", str(tmp_path / "plain" / "out")]) == 0
    people = SPEC.replace(
        'value = "n"', 'value = "n"\npopulation = { file = "people.csv", value = "n", least = 50 }'
    )
    guarded = make_office(tmp_path / "guarded", spec=people, people=POPULATION)
    assert main(["protect", "--spec", str(guarded), "--to", str(tmp_path / "guarded" / "out")]) == 0
    assert "A2,K,,hidden" in (tmp_path / "guarded" / "out" / "released.csv").read_text()


def test_a_cell_hidden_on_demand_cannot_be_subtracted(tmp_path: Path):
    """Planted: [[hide]] of a large cell alone in its row would be given away by its total."""
    spec = make_office(tmp_path, spec=f'{SPEC}\n[[hide]]\nregion = "B3"\nsex = "M"\n')
    assert main(["protect", "--spec", str(spec), "--to", str(tmp_path / "out")]) == 0
    cells = (tmp_path / "out" / "private" / "intervals.csv").read_text()
    low, high = next(line for line in cells.splitlines() if line.startswith("B3,M,")).split(",")[2:]
    assert int(high) - int(low) >= 5
