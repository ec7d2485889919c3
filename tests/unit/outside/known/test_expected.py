"""What surveys would mean in a place: ranges that follow the people, ceilings that stay ceilings."""

import pytest

from lagesbild.core.region import Level
from lagesbild.outside.known.expected import MEN, adults_of, coarse, expected
from lagesbild.reference import load


@pytest.fixture(scope="module")
def found():
    return expected(load())


def test_every_place_has_one_range_and_two_ceilings(found):
    geography = load().geography
    assert found.keys() >= {place.code for level in Level for place in geography.at(level)}
    for each in found.values():
        assert [one.low is None for one in each] == [False, True, True]


def test_the_range_is_the_surveys_ends_with_chance_around_them(found):
    """8 and 13 per cent (Public Health Agency's review); chance moves the ends of a large place by little."""
    for code in ("00", "0180", "2480"):
        each = found[code][0]
        assert each.low == pytest.approx(0.08 * each.asked, rel=0.07)
        assert each.high == pytest.approx(0.13 * each.asked, rel=0.07)


def test_chance_widens_the_range_of_a_small_place(found):
    small, large = found["2418"][0], found["00"][0]
    assert small.low / small.asked < large.low / large.asked


def test_adults_are_the_counties_share_of_the_population():
    """Västerbotten 2020: 271,736 inhabitants of whom 0-17 as in the county's age table."""
    reference = load()
    share = (
        1
        - reference.population.of_age("24", 2020, "0-17").number / reference.population.at("24", 2020).number
    )
    people = reference.population.at("2480", 2024).number
    assert adults_of(reference)["2480"] == round(people * share)


def test_a_larger_place_is_the_sum_of_its_municipalities(found):
    members = load().geography.members("24")
    adults = adults_of(load())
    assert adults["24"] == sum(adults[place.code] for place in members)
    assert found["24"][0].asked == round(adults["24"] * MEN)


@pytest.mark.parametrize(("number", "told"), [(4312.0, 4300), (36.4, 36), (7.0, 7), (339_999.0, 340_000)])
def test_two_digits_and_no_more(number, told):
    assert coarse(number) == told
