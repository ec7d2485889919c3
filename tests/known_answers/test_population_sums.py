"""Population against official totals of Statistics Sweden (SCB), "Folkmängd i riket, län och kommuner".

The municipal figures come from files that others made of SCB's; the national totals were looked up apart
from them (source `scb_national`), so the sums show that no municipality was lost or changed on the way.
"""

import pytest

from lagesbild.core.region import NATION, Level
from lagesbild.reference import Status, load

OFFICIAL = {
    2012: 9_555_893,
    2013: 9_644_864,
    2014: 9_747_355,
    2015: 9_851_017,
    2016: 9_995_153,
    2017: 10_120_242,
    2018: 10_230_185,
    2019: 10_327_589,
    2024: 10_587_710,
}


@pytest.mark.parametrize("year", OFFICIAL)
def test_observed_municipalities_add_up_to_the_country(year: int) -> None:
    reference = load()
    parts = [
        reference.population.at(region.code, year) for region in reference.geography.at(Level.MUNICIPALITY)
    ]

    assert {part.status for part in parts if part} == {Status.OBSERVED}
    assert sum(part.number for part in parts if part) == OFFICIAL[year]
    country = reference.population.at(NATION, year)
    assert country is not None
    assert (country.number, country.status) == (OFFICIAL[year], Status.OBSERVED)


def test_rounding_of_2020_stays_within_its_bounds() -> None:
    """290 figures rounded to hundreds; the official total of 2020 is 10 379 295."""
    country = load().population.at(NATION, 2020)

    assert country is not None
    assert country.status is Status.ROUNDED
    assert abs(country.number - 10_379_295) <= 290 * 50


@pytest.mark.parametrize("year", [2021, 2022, 2023])
def test_interpolated_years_never_pass_for_observed(year: int) -> None:
    reference = load()

    for region in reference.geography.regions:
        people = reference.population.at(region.code, year)
        assert people is not None
        assert people.status is Status.INTERPOLATED


@pytest.mark.parametrize("level", [Level.COUNTY, Level.POLICE_REGION, Level.SKR_GROUP])
def test_every_division_of_the_country_adds_up_to_it(level: Level) -> None:
    reference = load()

    for year in OFFICIAL:
        parts = [reference.population.at(region.code, year) for region in reference.geography.at(level)]
        assert sum(part.number for part in parts if part) == OFFICIAL[year]


def test_ages_of_a_county_add_up_to_its_rounded_total() -> None:
    """0-17 is the remainder against a rounded total, so it carries that status and the sum holds exactly."""
    reference = load()

    for county in reference.geography.at(Level.COUNTY):
        ages = [
            reference.population.of_age(county.code, 2020, age)
            for age in ("0-17", "18-24", "25-44", "45-64", "65+")
        ]
        total = reference.population.at(county.code, 2020)
        assert total is not None
        assert sum(people.number for people in ages if people) == total.number
        assert [people.status for people in ages if people] == [Status.RESIDUAL, *[Status.OBSERVED] * 4]
