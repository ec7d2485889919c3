"""Counts by sex and age together that nobody reported, but that what was reported bounds."""

from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np
import pytest

from closeness import too_close
from editions import make_indicator
from lagesbild.core.figures import Key
from lagesbild.core.region import Geography, Level, Region
from lagesbild.inside import safeguard
from lagesbild.inside.counts import Counts
from lagesbild.inside.linked.crossed import crossed
from lagesbild.inside.linked.margins import PARTS_OF, margins
from lagesbild.inside.linked.stack import Layer, Stack, stack

TOWNS, SEXES, AGES = ("2480", "2481", "2482", "2483"), ("K", "M"), ("0-17", "18-24", "25+")
PLACES = Geography(
    (
        Region("00", Level.NATION, "Riket", "Sweden"),
        Region("24", Level.COUNTY, "Län", "County", ("00",)),
        *(Region(town, Level.MUNICIPALITY, town, town, ("24", "00")) for town in TOWNS),
    ),
    {},
)
PERSONS = make_indicator("E03", sexes=("T", *SEXES), ages=("T", *AGES))
People = Mapping[tuple[str, str, str], int]


def people(counts: Sequence[int]) -> People:
    return dict(zip(product(TOWNS, SEXES, AGES), counts, strict=True))


def reported(who: People, *, county: bool = True, period: str = "2024") -> dict[Key, int]:
    """Each town by sex, by age and in all; the county by sex and age together."""
    found: dict[Key, int] = {}
    for (town, sex, age), count in who.items():
        for key in (Key(town, period, sex), Key(town, period, "T", age), Key(town, period)):
            found[key] = found.get(key, 0) + count
        if county:
            key = Key("24", "2024", sex, age)
            found[key] = found.get(key, 0) + count
    return found


def linked(who: People) -> Stack:
    counts = Counts.of("E03", reported(who))
    return stack([Layer([margins(counts, PERSONS, PLACES)])], PLACES)


def behind(who: People, key: Key) -> np.ndarray:
    """Which of the people a number adds up."""
    return np.array(
        [
            key.region in (town, "24", "00") and key.sex in ("T", sex) and key.age in ("T", age)
            for town, sex, age in who
        ],
        dtype=float,
    )


@pytest.mark.parametrize(
    "counts",
    [
        (0, 0, 7, 0, 0, 1, 0, 0, 7, 3, 7, 20, 1, 0, 2, 0, 20, 0, 0, 2, 0, 2, 1, 0),
        (0, 7, 2, 0, 0, 0, 7, 0, 0, 2, 0, 0, 0, 7, 1, 0, 3, 7, 2, 0, 3, 0, 1, 7),
        (0, 0, 0, 0, 0, 0, 0, 3, 7, 0, 0, 0, 1, 3, 0, 1, 7, 3, 0, 1, 1, 2, 7, 0),
    ],
)
def test_what_a_county_has_by_both_leaves_its_towns_room(counts: Sequence[int]) -> None:
    """Planted: with the sums alone in mind a small count was worked out too closely."""
    who = people(counts)
    seen = linked(who)
    hidden = safeguard.choose(seen)
    own = [place for place, cell in enumerate(seen.cells) if seen.shown[place] and not cell.rest]
    sums = [behind(who, seen.cells[place].key) for place in own if not hidden[place]]
    shown = [int(seen.values[place]) for place in own if not hidden[place]]
    small = [place for place in own if hidden[place] and 0 < seen.values[place] < seen.threshold[place]]
    assert small
    assert [
        found for place in small if (found := too_close(behind(who, seen.cells[place].key), sums, shown))
    ] == []


COUNTS = tuple(range(24))


def test_the_counts_could_be_behind_what_was_reported() -> None:
    known = reported(people(COUNTS))
    found = crossed(known, PLACES, PARTS_OF, sums_over_time=False)
    assert len(found) == 24
    assert min(found.values()) >= 0
    for town, sex in product(TOWNS, SEXES):
        assert sum(found[Key(town, "2024", sex, age)] for age in AGES) == known[Key(town, "2024", sex)]
    for town, age in product(TOWNS, AGES):
        assert sum(found[Key(town, "2024", sex, age)] for sex in SEXES) == known[Key(town, "2024", "T", age)]
    for sex, age in product(SEXES, AGES):
        assert sum(found[Key(town, "2024", sex, age)] for town in TOWNS) == known[Key("24", "2024", sex, age)]


def test_they_are_no_cells_of_the_table_and_no_rule_is_asked_of_them() -> None:
    found = linked(people(COUNTS))
    assumed = [place for place, cell in enumerate(found.cells) if cell.assumed]
    assert len(assumed) >= 24
    assert not found.shown[assumed].any()
    assert not safeguard.is_small(found)[assumed].any()


def test_no_larger_place_has_them_by_both_or_what_was_reported_cannot_be() -> None:
    who = people(COUNTS)
    assert crossed(reported(who, county=False), PLACES, PARTS_OF, sums_over_time=False) == {}
    contradicted = reported(who) | {Key("24", "2024", "K", "0-17"): 0, Key("24", "2024", "K", "18-24"): 0}
    assert crossed(contradicted, PLACES, PARTS_OF, sums_over_time=False) == {}


@pytest.mark.parametrize("sums_over_time", [True, False])
def test_a_year_has_them_of_its_halves_where_these_are_summed(sums_over_time: bool) -> None:
    halves = [people(COUNTS), people(COUNTS[::-1])]
    known: dict[Key, int] = {}
    for half, who in enumerate(halves, start=1):
        known |= reported(who, county=False, period=f"2024H{half}")
    for sex, age in product(SEXES, AGES):
        known[Key("2480", "2024", sex, age)] = sum(who["2480", sex, age] for who in halves)
    found = crossed(known, PLACES, PARTS_OF, sums_over_time=sums_over_time)
    assert {key.region for key in found} == ({"2480"} if sums_over_time else set())
    assert len(found) == (12 if sums_over_time else 0)
    for sex, age in product(SEXES, AGES) if sums_over_time else ():
        whole = sum(found[Key("2480", f"2024H{half}", sex, age)] for half in (1, 2))
        assert whole == known[Key("2480", "2024", sex, age)]
