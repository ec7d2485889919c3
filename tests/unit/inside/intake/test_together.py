"""An import must add up together with what was taken in before."""

from pathlib import Path

import pytest

from lagesbild.core.figures import Key, State
from lagesbild.core.refusal import Refusal
from lagesbild.inside.counts import Counts
from lagesbild.inside.intake import admit, child
from lagesbild.reference import load

PLACES = load()
BY_SEX = {Key("2480", "2024", sex, "T"): count for sex, count in (("T", 30), ("K", 18), ("M", 12))}


def check(folder: Path, rows: str, after: dict[str, dict[Key, int | State]]) -> list[tuple[str, str]]:
    """The rules that an import breaks, and where, told the tables as they stand after it."""
    path = folder / "D01.csv"
    path.write_text(f"indicator,region,period,sex,age,count\n{rows}\n")
    admitted = admit([path], PLACES, read=child.events)
    try:
        admitted.check_with(lambda code: Counts.of(code, after.get(code, {})))
    except Refusal as refusal:
        return [(finding.code, finding.place.in_("en")) for finding in refusal.findings]
    return []


@pytest.mark.parametrize(("women", "rules"), [(25, 1), (15, 1), (18, 0)])
def test_a_part_that_leaves_the_stored_total_behind_is_refused_at_its_row(tmp_path, women, rules):
    after = {"E03": {**BY_SEX, Key("2480", "2024", "K", "T"): women}}
    rows = f"E03,0180,2024,T,T,300\nE03,2480,2024,K,T,{women}"
    found = check(tmp_path, rows, {"E03": {**after["E03"], Key("0180", "2024"): 300}})
    assert found == [("stored-sum-of-sexes", "file D01.csv, row 3, column F (count)")] * rules


def test_a_total_that_leaves_its_stored_parts_behind_is_refused_at_its_row(tmp_path):
    after = {"E03": {**BY_SEX, Key("2480", "2024"): 29}}
    assert check(tmp_path, "E03,2480,2024,T,T,29", after) == [
        ("stored-sum-of-sexes", "file D01.csv, row 2, column F (count)")
    ]


def test_places_periods_and_ages_are_added_up_with_the_store(tmp_path):
    county = {Key("24", "2024"): 30, Key("2480", "2024"): 18, Key("2482", "2024"): 16}
    assert [rule for rule, _ in check(tmp_path, "E03,2482,2024,T,T,16", {"E03": county})] == [
        "stored-sum-of-regions"
    ]
    year = {Key("2480", "2024"): 9, Key("2480", "2024H1"): 6, Key("2480", "2024H2"): 4}
    assert [rule for rule, _ in check(tmp_path, "D05,2480,2024H2,T,T,4", {"D05": year})] == [
        "stored-sum-of-periods"
    ]
    ages = {Key("2480", "2024"): 9, Key("2480", "2024", "T", "18-24"): 10}
    assert [rule for rule, _ in check(tmp_path, "E03,2480,2024,T,18-24,10", {"E03": ages})] == [
        "stored-sum-of-ages"
    ]


def test_a_stored_total_may_be_larger_where_parts_are_missing(tmp_path):
    county = {Key("24", "2024"): 30, Key("2480", "2024"): 18}
    assert check(tmp_path, "E03,2480,2024,T,T,18", {"E03": county}) == []


def test_indicators_that_are_parts_of_others_are_compared_with_those_in_the_store(tmp_path):
    after = {"E04": {Key("2480", "2024"): 31}, "E03": {Key("2480", "2024"): 30}}
    assert [rule for rule, _ in check(tmp_path, "E04,2480,2024,T,T,31", after)] == [
        "stored-sum-of-indicators"
    ]
    assert [rule for rule, _ in check(tmp_path, "E03,2480,2024,T,T,30", after)] == [
        "stored-sum-of-indicators"
    ]
    assert check(tmp_path, "E04,2480,2024,T,T,31", {"E04": after["E04"]}) == []


def test_what_others_left_behind_stops_no_import(tmp_path):
    stale = {**BY_SEX, Key("2480", "2024", "K", "T"): 15, Key("0180", "2024"): 300}
    assert check(tmp_path, "E03,0180,2024,T,T,300", {"E03": stale}) == []
    assert check(tmp_path, "E03,2480,2024,K,T,", {"E03": stale}) == []
    assert check(tmp_path, "E03,2480,2024,K,T,", {}) == []
