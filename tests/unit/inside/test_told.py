"""A rule that is changed between releases: what is out is out, all else is held to the stricter one."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import linprog

from lagesbild import reference
from lagesbild.core.figures import Key, State
from lagesbild.core.language import Text
from lagesbild.core.refusal import Unsafe
from lagesbild.inside import safeguard, told, walk
from lagesbild.inside.vault import Event, Vault

ANNA, BO = (Event(who, datetime(2026, 3, 1, tzinfo=UTC)) for who in ("Anna", "Bo"))
TWO = {"2480": 33, "2482": 7}
"""Both are shown by a threshold of 5; by one of 8 both are hidden, for the county tells one by the other."""
PLACES = ("2480", "2481", "2482", "2401", "0180", "0114", "1280")
THREE = {"2480": 14, "2481": 3, "2482": 7}


def under(threshold: int, width: int | None = None) -> reference.Reference:
    """The product's reference data with another rule for three indicators."""
    places = reference.load()
    found = dict(places.indicators)
    for code in ("D01", "E03", "E04"):
        rule = replace(
            found[code].protection, threshold=threshold, width=threshold if width is None else width
        )
        found[code] = replace(found[code], protection=rule)
    return replace(places, indicators=found)


class Office:
    """Imports, drafts and publishes; keeps what it was told."""

    def __init__(self, vault: Vault, folder: Path) -> None:
        self.vault, self.folder, self.told, self.number = vault, folder, list[str](), 0

    def imports(self, year: str, counts: dict[str, int], code: str = "D01") -> None:
        """By place, or by place and sex."""
        file = self.folder / "a.csv"
        named = ((*key.split(), "T")[:2] for key in counts)
        rows = (
            f"{code},{place},{year},{sex},{count}"
            for (place, sex), count in zip(named, counts.values(), strict=True)
        )
        file.write_text("\n".join(("indicator,region,period,sex,count", *rows)))
        if counts:
            walk.take_in(self.vault, [file], reference.load(), event=ANNA, source="Polisen")

    def draft(self, threshold: int, width: int | None = None, **options) -> walk.Draft:
        words = Text("a", "a")
        plan = walk.Plan(f"2026-{self.number + 1}", date(2026, 3, 1), words, words)
        self.told.clear()
        options = {"tell": lambda text: self.told.append(text.en), **options}
        return walk.draft(self.vault, plan, under(threshold, width), event=ANNA, **options)

    def publish(self, threshold: int, width: int | None = None, code: str = "D01", **options):
        made = self.draft(threshold, width, **options)
        before, self.told = self.told, []
        words = walk.examine(
            self.vault, made, under(threshold, width), tell=lambda text: self.told.append(text.en)
        )
        assert words.unsafe_too_narrow == 0
        assert self.told == before
        self.number += 1
        walk.approve(self.vault, made, event=BO)
        return walk.publish(self.vault, made, self.folder / "shelf", event=BO).figures[code]

    def linked(self, threshold: int):
        """The system of a release that holds what is in the store now."""
        earlier = walk._earlier(self.vault)
        vintages = self.vault.vintages()
        tables = walk._tables(self.vault, vintages, under(threshold), earlier)
        return told.beside_earlier(walk._linked(self.vault, tables, earlier, under(threshold)))


@pytest.fixture
def office(tmp_path) -> Iterator[Office]:
    with walk.opened(tmp_path / "store") as vault:
        yield Office(vault, tmp_path)


def hides(figures, *keys: tuple[str, str]) -> list[bool]:
    return [figures[Key(*key)].state is State.PROTECTED for key in keys]


def test_the_first_release_and_an_unchanged_rule_tell_of_nothing(office):
    office.imports("2024", THREE)
    office.publish(5)
    office.imports("2025", THREE)
    office.publish(5)
    assert office.told == []
    assert office.linked(5).told is None


def test_what_was_shown_stays_shown_and_is_told_and_all_that_is_new_is_held_to_today(office):
    office.imports("2024", TWO)
    first = office.publish(5)
    assert first[Key("2482", "2024")].value == 7
    office.imports("2025", TWO)
    second = office.publish(8)
    assert second[Key("2482", "2024")].value == 7
    assert hides(second, ("2482", "2025")) == [True]
    assert any(hides(second, ("2480", "2025"), ("24", "2025")))
    # The municipality, and its group of municipalities, of which it alone has reported.
    assert "more of 2 cells already" in office.told[0]
    assert "D01 2" in office.told[0]


def test_a_rest_that_earlier_figures_tell_stops_no_later_draft(office):
    """Of 40 reported by the county 33 are one municipality's: by a threshold of 5 the other 7 may be told."""
    office.imports("2024", {"24": 40, "2480": 33})
    office.publish(5)
    office.imports("2025", {"0180": 60})
    second = office.publish(8)
    assert second[Key("24", "2024")].value == 40
    assert "more of 1 cells already" in office.told[0]
    third = office.publish(8)
    assert third[Key("2480", "2024")].value == 33
    assert "more of 1 cells already" in office.told[0]


def test_a_late_report_is_not_shown_though_it_was_told(office):
    """The 7 are a municipality's, who reports them later: hidden, for they are small by today's rule."""
    office.imports("2024", {"24": 40, "2480": 33})
    office.publish(5)
    office.imports("2024", {"2482": 7})
    assert hides(office.publish(8), ("2482", "2024")) == [True]


def test_a_cell_of_which_something_is_left_is_held_to_all_of_it(office):
    """That two municipalities have 7 together was told. Which of them has how many was not."""
    office.imports("2024", {"24": 40, "2480": 33})
    office.publish(5)
    office.imports("2024", {"2481": 3, "2482": 4})
    linked = office.linked(8)
    for place, cell in enumerate(linked.cells):
        if cell.key.region in ("2481", "2482"):
            assert (linked.told.threshold[place], linked.told.width[place]) == (7, 7)
            assert not linked.told.gone[place]
    assert hides(office.publish(8), ("2481", "2024"), ("2482", "2024")) == [True, True]


@pytest.fixture
def hiding(monkeypatch):
    """Makes the choice hide these counts and show all others."""

    def choose(*counts: int) -> None:
        def hide(linked, *_options):
            return ~linked.known & (np.isin(linked.values, counts) | ~(linked.current & linked.shown))

        monkeypatch.setattr(safeguard, "choose", hide)

    return choose


def test_what_a_neighbour_knows_already_is_kept_from_all_others(office, hiding, monkeypatch):
    """Of 40 together the municipality with 33 knows the other's 7; nobody else does while both are hidden."""
    office.imports("2024", TWO)
    hiding(33, 7)
    assert hides(office.publish(5), ("2480", "2024"), ("2482", "2024")) == [True, True]
    monkeypatch.undo()
    linked = office.linked(8)
    system = safeguard.system_of(linked, tops_stay=False)
    place = next(at for at, cell in enumerate(linked.cells) if cell.key[:2] == ("2482", "2024"))
    assert system.unsafe[place]
    assert (system.threshold[place], system.width[place]) == (8, 8)
    assert linked.told.to[place].sum() == 1
    office.imports("2025", {"0180": 60})
    second = office.publish(8)
    assert hides(second, ("2480", "2024"), ("2482", "2024")) == [True, True]
    assert office.told


def test_a_pattern_that_tells_others_what_one_neighbour_knows_is_refused(office, hiding):
    office.imports("2024", TWO)
    hiding(33, 7)
    office.publish(5)
    office.draft(8)
    hiding(7)
    with pytest.raises(Unsafe):
        office.draft(8)
    office.draft(5)


def test_what_fails_the_rule_of_then_too_is_refused(office):
    """The press had 43 in police region Väst in 2019. Of these 38 were released of one county; the other's 5
    would be the difference, small by the rule of then or not."""
    office.imports("2019", {"14": 38})
    office.publish(5)
    office.imports("2019", {"13": 5})
    assert hides(office.publish(8), ("13", "2019")) == [True]


def test_what_fails_the_rule_of_then_too_is_refused_whatever_it_is_now(office):
    office.imports("2019", {"14": 38})
    office.publish(6)
    office.imports("2019", {"13": 5})
    with pytest.raises(Unsafe):
        office.draft(8)


def test_an_indicator_that_comes_later_is_held_to_what_another_has_told_of_it(office):
    """Of 6 persons some are young: there are no more than 6, which the other indicator's former rule told."""
    office.imports("2024", {"1280": 6, "0180": 60}, "E03")
    office.publish(3, code="E03")
    office.imports("2024", {"1280": 4, "0180": 40}, "E04")
    assert hides(office.publish(9, code="E04"), ("1280", "2024")) == [True]
    assert "E04" in office.told[0]


@pytest.mark.parametrize("seed", [0, 24, 50])
def test_what_the_rule_of_then_lets_out_does_not_stop_a_draft_by_a_stricter_one(office, seed):
    """Persons by sex and some of them, reported by some at first; 24 and 50 have cells that only all sums
    together bound."""
    chance = np.random.default_rng(seed)
    total = dict(zip(PLACES, chance.poisson(8, len(PLACES)).tolist(), strict=True))
    part = {place: int(chance.integers(0, total[place] + 1)) for place in PLACES}
    women = {place: int(chance.integers(0, total[place] + 1)) for place in PLACES}
    chosen = [place for place in PLACES if chance.random() < 0.7]
    by_sex = [place for place in PLACES if chance.random() < 0.5]

    def reported(places):
        office.imports("2024", {place: total[place] for place in places}, "E03")
        for sex, count in (("K", women), ("M", {place: total[place] - women[place] for place in PLACES})):
            split = {f"{place} {sex}": count[place] for place in places if place in by_sex}
            office.imports("2024", split, "E03")

    def some_of_them(places):
        office.imports("2024", {place: part[place] for place in places if chance.random() < 0.6}, "E04")

    reported(chosen)
    if chance.random() < 0.5:
        county = sum(total[place] for place in PLACES[:4]) + int(chance.choice([0, 3, 12]))
        office.imports("2024", {"24": county}, "E03")
    some_of_them(chosen)
    office.publish(3, code="E03")
    later = [place for place in PLACES if chance.random() < 0.7]
    reported(later)
    some_of_them(later)
    office.draft(3)
    office.publish(9, code="E03")


@pytest.mark.parametrize("seed", range(3))
def test_a_rule_that_is_raised_twice(office, seed):
    chance = np.random.default_rng(seed)
    for year, rule in (("2022", 3), ("2023", 6), ("2024", 9), ("2025", 9)):
        counts = dict(zip(PLACES, chance.poisson(6, len(PLACES)).tolist(), strict=True))
        office.imports(year, counts | {"24": sum(counts[place] for place in PLACES[:4])})
        office.publish(rule)
        assert bool(office.told) is (rule > 3)


@pytest.mark.parametrize("lower", [5, 1])
def test_what_a_stricter_rule_hid_stays_hidden(office, lower):
    office.imports("2024", TWO)
    assert hides(office.publish(8), ("2482", "2024")) == [True]
    office.imports("2025", TWO)
    second = office.publish(lower)
    assert hides(second, ("2482", "2024")) == [True]
    assert second[Key("2482", "2025")].value == 7
    assert office.told == []


def test_a_rule_for_what_had_none_tells_what_was_shown(office):
    office.imports("2024", THREE)
    office.publish(1)
    office.imports("2025", THREE)
    second = office.publish(5)
    assert second[Key("2481", "2024")].value == 3
    assert hides(second, ("2481", "2025")) == [True]
    assert office.told


def test_a_width_that_is_raised_alone(office):
    office.imports("2024", {"24": 40, "2480": 33, "2481": 3, "2482": 4})
    office.publish(5, width=5)
    office.imports("2025", {"24": 40, "2480": 33, "2481": 3, "2482": 4})
    second = office.publish(5, width=9)
    assert hides(second, ("2481", "2025"), ("2482", "2025")) == [True, True]
    assert "cells already" in office.told[0]


def ends(linked, hidden, cell: int) -> tuple[float, float]:
    """The least and most that a cell can be, by a solver of others: up to 1000."""
    shown = np.where(hidden, 0.0, linked.values)
    bounds = [(0, 1000) if free else (value, value) for free, value in zip(hidden, shown, strict=True)]
    sign = np.zeros(len(bounds))
    found = []
    for way in (1, -1):
        sign[cell] = way
        solved = linprog(sign, A_eq=linked.equations, b_eq=np.zeros(linked.equations.shape[0]), bounds=bounds)
        assert solved.success
        found.append(way * solved.fun)
    return found[0], found[1]


@pytest.mark.parametrize("seed", range(8))
def test_a_draft_takes_nothing_of_what_earlier_releases_left(office, seed):
    """Random counts, revisions and late reports: what could be kept from an outsider by hiding everything is
    kept by the draft, up to what the strictest rule asks."""
    chance = np.random.default_rng(seed)
    counts = dict(zip(PLACES, chance.poisson(6, len(PLACES)).tolist(), strict=True))
    county = sum(counts[place] for place in PLACES[:4]) + int(chance.choice([0, 3, 12]))
    first = chance.choice(PLACES, 5, replace=False).tolist()
    office.imports("2024", {"24": county, "1280": 2} | {place: counts[place] for place in first})
    office.publish(3)
    office.imports("2024", counts | {"0180": counts["0180"] + int(chance.integers(0, 2))})
    linked, made = office.linked(9), office.draft(9)
    hidden = walk._hidden_in(linked, walk.staged(office.vault, made))
    asked = safeguard.is_small(linked) & ~linked.known
    assert asked.any()
    assert hidden[asked].all()
    for cell in np.flatnonzero(asked).tolist():
        (least, most), (low, high) = ends(linked, ~linked.known, cell), ends(linked, hidden, cell)
        assert high >= min(9, most) - 1e-6
        assert high - low >= min(9, most - least) - 1e-6
