"""What national surveys would mean in a place: a range of people, never one number and never a count.

Nobody has counted. The share is the country's, the people are this place's, and both are said beside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from lagesbild.analysis.prevalence import expected_number
from lagesbild.core.region import NATION, Level
from lagesbild.reference import PublishedFigure, Reference

RANGE = (("prev_men_ever_low", "last 20 years"), ("prev_men_ever_high", "last 20 years"))
"""The lowest and the highest answer of the surveys: men who ever gave compensation for sex."""
CEILINGS = (("prev_men_year", "2014"), ("prev_received", "last 20 years"))
"""Surveys that only say "less than": men in the last year, and persons who received compensation."""
MEN = 0.5
"""Half of the adults are taken to be men: the population by sex is not among the facts."""
PEOPLE, ADULTS = 2024, 2020


@dataclass(frozen=True)
class Expected:
    """One survey's share in one place. `low` is None where the survey gives a ceiling alone.

    `asked` are the adults (or adult men) that the share is of; `low` and `high` are people.
    """

    surveys: tuple[PublishedFigure, ...]
    men: bool
    asked: int
    low: int | None
    high: int


def expected(reference: Reference) -> Mapping[str, tuple[Expected, ...]]:
    """For every place the range that the surveys give, then the ceilings."""
    published = {(each.series, each.period): each for each in reference.published_figures}
    adults = adults_of(reference)
    ends = tuple(published[key] for key in RANGE)
    ranges = _ranges([round(number * MEN) for number in adults.values()], ends)
    ceilings = [published[key] for key in CEILINGS]
    return {
        code: (
            Expected(ends, True, round(number * MEN), *ranges[place]),
            *(_ceiling(survey, number) for survey in ceilings),
        )
        for place, (code, number) in enumerate(adults.items())
    }


def adults_of(reference: Reference) -> dict[str, int]:
    """People aged 18 and over: the latest population times the county's share of adults in 2020."""
    geography, population = reference.geography, reference.population
    found: dict[str, int] = {}
    for place in geography.at(Level.MUNICIPALITY):
        county = geography.larger(place.code, Level.COUNTY)
        people = population.at(place.code, PEOPLE)
        everyone = population.at(county.code, ADULTS) if county else None
        children = population.of_age(county.code, ADULTS, "0-17") if county else None
        if people and everyone and children:
            found[place.code] = round(people.number * (1 - children.number / everyone.number))
    for level in (Level.COUNTY, Level.POLICE_REGION, Level.SKR_GROUP):
        for place in geography.at(level):
            found[place.code] = sum(found.get(each.code, 0) for each in geography.members(place.code))
    found[NATION] = sum(found[each.code] for each in geography.at(Level.COUNTY))
    return found


def _ranges(men: list[int], ends: tuple[PublishedFigure, ...]) -> list[tuple[int, int]]:
    low, high = (float(each.value) / 100 for each in ends)
    many = np.ones(len(men))
    found = expected_number(many * (low + high) / 2, many * low, many * high, np.array(men, dtype=float))
    return [(coarse(a), coarse(b)) for a, b in zip(found.lower[0], found.upper[0], strict=True)]


def _ceiling(survey: PublishedFigure, adults: int) -> Expected:
    men = survey.sex == "M"
    asked = round(adults * MEN) if men else adults
    return Expected((survey,), men, asked, None, coarse(asked * float(survey.value) / 100))


def coarse(number: float) -> int:
    """Two significant digits: more would look like a count."""
    return round(float(f"{number:.2g}"))
