"""Attack 21: what a release says of very few people tells of them, however large the count is."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pytest

from lagesbild import reference
from lagesbild.core.figures import Key, State
from lagesbild.core.language import Text
from lagesbild.core.refusal import Unsafe
from lagesbild.core.region import Level
from lagesbild.inside import safeguard, walk
from lagesbild.inside.protect.methods.secondary import Pattern
from lagesbild.inside.protect.proof.audit import audit
from lagesbild.inside.vault import Event, Vault
from lagesbild.reference import People, Status

KNOWN = reference.load()
ANNA = Event("Anna", datetime(2026, 3, 1, tzinfo=UTC))
PLAN = walk.Plan("2026-1", date(2026, 3, 1), Text("A", "A"), Text("A", "A"))
OURS = Key("2403", "2024")
COUNTS = {"2403": 30, "2480": 41, "2482": 57, "2401": 33}


def known(people: int) -> reference.Reference:
    """The reference data, with so many people in the smallest of the places."""
    few = {("2403", 2024): People(people, Status.OBSERVED, "planted")}
    return replace(KNOWN, population=replace(KNOWN.population, totals={**KNOWN.population.totals, **few}))


@pytest.fixture
def vault(tmp_path) -> Iterator[Vault]:
    file = tmp_path / "D01.csv"
    rows = [f"D01,{place},2024,{count}" for place, count in COUNTS.items()]
    file.write_text("\n".join(["indicator,region,period,count", *rows]))
    with walk.opened(tmp_path / "store") as opened:
        walk.take_in(opened, [file], KNOWN, event=ANNA, source="Brå")
        yield opened


def states(vault: Vault, people: int, **options) -> dict[str, State]:
    made = walk.draft(vault, PLAN, known(people), event=ANNA, **options)
    figures = walk.staged(vault, made).figures["D01"]
    return {place: figures[Key(place, "2024")].state for place in COUNTS}


def test_a_count_of_very_few_people_is_hidden_and_not_one_subtraction_away(vault):
    """Each count is far above the threshold: without the rule nothing would be hidden."""
    assert set(states(vault, 2_000).values()) == {State.VALUE}
    ruled = states(vault, 60)
    assert ruled["2403"] is State.PROTECTED
    assert list(ruled.values()).count(State.PROTECTED) >= 2


def _hiding(system, hidden) -> Pattern:
    return Pattern(hidden, np.zeros_like(hidden), 0.0, audit(system, hidden))


def test_a_pattern_that_shows_it_is_refused(vault):
    """Planted: a choice that looks at counts alone leaves all open, and another that hides it alone."""

    def blind(system, _):
        return _hiding(system, np.zeros(len(system.values), np.bool_))

    def alone(system, _):
        return _hiding(system, system.unsafe.copy())

    for careless in (blind, alone):
        with pytest.raises(Unsafe):
            states(vault, 60, hide=careless)


def test_every_group_of_the_catalogue_is_known_and_large_enough_in_every_place():
    """Otherwise a group whose size nobody knows would be hidden everywhere."""
    people = KNOWN.population.behind
    for each in KNOWN.indicators.values():
        if each.importable and each.protection.applies and each.finest is Level.MUNICIPALITY:
            groups = [(sex, age) for sex in each.sexes for age in each.ages]
            places = [region.code for region in KNOWN.geography.regions]
            sizes = [people(Key(place, "2024", *group)) for place in places for group in groups]
            assert min(sizes) >= safeguard.LEAST_PEOPLE


def test_groups_are_parts_of_their_place_and_what_is_unknown_is_nobody():
    behind = KNOWN.population.behind
    whole = behind(Key("2403", "2020"))
    ages = ("0-17", "18-24", "25-44", "45-64", "65+")
    assert sum(behind(Key("2403", "2020", "K", age)) for age in ages) == pytest.approx(whole / 2)
    assert behind(Key("2403", "2020", "K", "15-17")) == 0
    assert behind(Key("9999", "2020")) == 0
    assert behind(Key("2403", "2031M03")) == behind(Key("2403", "2024"))
