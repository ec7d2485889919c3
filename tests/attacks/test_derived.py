"""Attacks 12, 13 and 21: numbers computed from counts turned back into them, and counts of a few people."""

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lagesbild.analysis import catalogue
from lagesbild.analysis.inversion import Shown, inverter_of, require_safe
from lagesbild.analysis.table.tidy import Tidy
from lagesbild.core.refusal import Unsafe
from lagesbild.inside.cli import main
from lagesbild.outside.derivations import DERIVATIONS
from offices import LEAVES, SPEC, make_office

TRUE = 3.0
CANDIDATES = range(1, 13)
YEARS = list(range(2016, 2024))
PLACES = ["Ekby", "Norrvik", "Sundby", "Torp", "Vik"]


def status(counts: np.ndarray) -> list[str]:
    return ["hidden" if np.isnan(count) else "" for count in counts]


def ends(counts: np.ndarray) -> dict[str, list[float]]:
    """What the release says of a hidden cell: from nothing to far above the threshold."""
    hidden = np.isnan(counts)
    return {"lower": np.where(hidden, 0, counts).tolist(), "upper": np.where(hidden, 20, counts).tolist()}


def areas(count: float) -> Tidy:
    """Five municipalities of Swedish size; the count of the first is small."""
    counts = np.array([count, 41, 77, 25, 18])
    people = [1250, 8400, 31000, 9000, 5200]
    return Tidy.of(
        area=PLACES, count=counts, denominator=people, expected=[4.0, 38, 70, 27, 20],
        status=status(counts), **ends(counts),
    )  # fmt: skip


def ages(count: float) -> Tidy:
    """One municipality in five age groups, beside a standard population and a country's counts."""
    counts = np.array([count, 14, 19, 12, 9])
    return Tidy.of(
        area=["Ekby"] * 5, age_group=list("abcde"), count=counts, population=[300, 900, 1500, 1700, 1200],
        standard=[12, 25, 30, 20, 13], reference_count=[400, 900, 1300, 700, 500],
        reference_population=[90000, 110000, 150000, 120000, 95000], status=status(counts), **ends(counts),
    )  # fmt: skip


def years(count: float) -> Tidy:
    """One municipality over eight years: growth, index, expected next year."""
    counts = np.array([count, 12, 14, 11, 19, 22, 25, 24])
    return Tidy.of(
        area=["Ekby"] * 8, period=YEARS, count=counts, value=counts, denominator=[5000] * 8,
        status=status(counts), **ends(counts),
    )  # fmt: skip


def panel(count: float) -> Tidy:
    """Five municipalities over eight years, a measure in the first from 2020."""
    base = np.random.default_rng(3).poisson(np.repeat([9, 12, 20, 30, 15], 8)).astype(float)
    base[2] = count
    return Tidy.of(
        unit=np.repeat(PLACES, 8).tolist(), period=YEARS * 5, outcome=base, status=status(base), **ends(base),
    )  # fmt: skip


def costs(count: float) -> Tidy:
    """Ten draws of what a measure cost and gained; the people it reached are few."""
    reached = np.full(10, count)
    return Tidy.of(
        measure=["outreach"] * 10, area=["Ekby"] * 10, cost=np.linspace(90_000, 110_000, 10),
        effect=np.linspace(4, 6, 10), population=[1250.0] * 10, reached=reached,
        status=status(reached), **ends(reached),
    )  # fmt: skip


def register(count: float) -> Tidy:
    """People by how many times a register has seen them; very few have been seen three times."""
    counts = np.array([40, 11, count])
    return Tidy.of(captures=[1, 2, 3], count=counts, status=status(counts), **ends(counts))


@dataclass(frozen=True)
class Figure:
    """A published figure: its method, its table with one hidden row, and the decimals it is printed with."""

    method: str
    table: Callable[[float], Tidy]
    row: int = 0
    decimals: int = 1
    column: str = "count"
    options: Mapping[str, Any] = field(default_factory=dict)

    def shown(self, count: float) -> Shown:
        answer = catalogue.METHODS[self.method].answer(self.table(count), **self.options)
        return Shown(answer, self.decimals)

    def left(self, shown: Shown) -> tuple[int, ...]:
        """The counts that the method's own inverter finds possible."""
        method = catalogue.METHODS[self.method]
        undo, released = inverter_of(method), self.table(np.nan)
        return undo(method, shown, released, self.row, CANDIDATES, column=self.column, **self.options)

    def require_safe(self, shown: Shown) -> None:
        method, released = catalogue.METHODS[self.method], self.table(np.nan)
        hidden, told = {self.row: int(TRUE)}, self.options
        require_safe(method, shown, released, hidden, CANDIDATES, column=self.column, **told)


FIGURES = {
    "rate per 10 000 and its interval": Figure("rate", areas, options={"multiplier": 10000.0}),
    "share in per cent": Figure("proportion", areas, options={"multiplier": 100.0}, decimals=2),
    "directly standardised rate": Figure("dsr", ages),
    "observed against expected": Figure("isr", ages, decimals=2),
    "growth in per cent": Figure("trend", years),
    "funnel z and limits": Figure("funnel", areas, decimals=2),
    "control limits": Figure("spc", years, column="value"),
    "rank and ratio among the like": Figure("compare", areas, decimals=2),
    "effect of a measure": Figure(
        "effect", panel, row=2, column="outcome", options={"treated": ("Ekby",), "at": "2020"}
    ),
    "cost per person reached": Figure("cost", costs, column="reached", decimals=0),
    "least number unseen": Figure("chao", register, row=2),
}


each_figure = pytest.mark.parametrize("each", list(FIGURES.values()), ids=list(FIGURES))


@each_figure
def test_13_the_inverter_recovers_what_a_figure_of_the_true_count_tells(each: Figure):
    """Planted: the figure was computed inside, from the hidden count, and printed beside the release."""
    leak = each.shown(TRUE)
    assert each.left(leak) == (TRUE,)
    with pytest.raises(Unsafe):
        each.require_safe(leak)


@each_figure
def test_13_the_same_figure_of_what_is_released_tells_nothing(each: Figure):
    each.require_safe(each.shown(np.nan))


def test_13_every_derivation_of_the_pages_is_tried():
    """Expected numbers are a survey's share times the population: no count goes in, so none comes out."""
    assert set(DERIVATIONS) - {figure.method for figure in FIGURES.values()} == {"prevalence"}
    read = {column.name for column in catalogue.METHODS["prevalence"].columns}
    assert not read & {"count", "value", "outcome", "reached"}


@pytest.mark.parametrize("name", sorted(catalogue.METHODS))
def test_13_nothing_is_computed_that_nobody_has_tried_to_undo(name: str):
    assert callable(inverter_of(catalogue.METHODS[name]))


def test_12_a_rate_times_the_population():
    """As a reader does it, by hand: the count is the whole number nearest to rate x population."""
    shown = FIGURES["rate per 10 000 and its interval"].shown(TRUE).answer.rows[0]
    assert round(round(shown["value"], 1) * 1250 / 10000) == TRUE


PEOPLE = "region,sex,n\n" + "".join(
    f"{place},{sex},{12 if (place, sex) == ('B2', 'K') else 400}\n" for place in LEAVES for sex in "KM"
)
"""Twelve girls in B2, whose count is 22 and therefore not small."""
DENOMINATOR = 'population = {{ file = "people.csv", value = "n", least = {least} }}\n'


def marks(folder: Path, least: int) -> dict[tuple[str, str], str]:
    spec = SPEC.replace("[dimensions]", DENOMINATOR.format(least=least) + "[dimensions]")
    file = make_office(folder, spec=spec, leaves={**LEAVES, "B2": (22, 60)}, people=PEOPLE)
    assert main(["protect", "--spec", str(file), "--to", str(folder / "out")]) == 0
    with (folder / "out" / "released.csv").open() as opened:
        return {(row["region"], row["sex"]): row["status"] for row in csv.DictReader(opened)}


def test_21_counts_of_very_few_people_are_hidden_whatever_they_are(tmp_path: Path):
    """Planted: without the rule (one person is enough) what is known of the twelve is shown."""
    assert marks(tmp_path / "without", least=1)["B2", "K"] == "published"
    ruled = marks(tmp_path / "with", least=50)
    assert ruled["B2", "K"] == "hidden"
    others = [
        place for place, mark in ruled.items() if mark == "hidden" and "B2" in place and place[1] != "K"
    ]
    assert others, "its sex or its total must go too, or it is one subtraction away"
