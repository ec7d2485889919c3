"""Example counts for the demonstration: invented, and marked so everywhere.

Nobody may share the real counts, so these are drawn at random, the same ones every time: heavy-tailed by
population, most municipalities without any picture, a few with a rich one. The story of Umeå is shaped like
the published one (reports fall after the measure of 2017 while joint operations go on) with invented numbers.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np
import xlsxwriter

from lagesbild.core.figures import TOTAL
from lagesbild.core.region import Level
from lagesbild.reference import Reference

SEED = 2023196
UMEA = "2480"
RICH = (UMEA, "0180", "1480", "1280", "0380", "0580")
ANSWERS = {"R01": 2, "R03": 1, "R04": 1, "R09": 2, "R10": 2}
"""The highest answer of each question that organisations answer."""

_UMEA_REPORTS = (34, 41, 33, 38, 52, 71, 64, 55, 43, 37, 31, 27, 24)
_UMEA_SHIFTS = (14, 19, 22, 24, 23, 25, 22, 21, 20, 24, 25, 23, 24, 22, 25, 24, 23, 25)
_AGES = {"0-17": 0.08, "18-24": 0.27, "25-44": 0.45, "45-64": 0.17, "65+": 0.03}
_WOMEN = 0.82
_FARTHEST = 5.0
"""No place has more than so many times the country's rate: what looks like an error makes no good example."""


class Row(NamedTuple):
    """One line of a tidy file."""

    indicator: str
    region: str
    period: str
    sex: str
    age: str
    number: int


@dataclass(frozen=True)
class Handover:
    """A file that somebody hands over, and the release that it is to be part of."""

    number: str
    at: datetime
    name: str
    source: str
    rows: tuple[Row, ...]


RELEASES = {"2026-1": date(2026, 3, 2), "2026-2": date(2026, 9, 7)}
_FIRST, _SECOND = datetime(2026, 2, 16, 9, tzinfo=UTC), datetime(2026, 8, 24, 9, tzinfo=UTC)


def handovers(reference: Reference) -> tuple[Handover, ...]:
    """Everything that is handed over, in order; the later ones correct and complete the first."""
    police = (*_reports(reference), *_children(reference))
    mapping = (*_ads(reference), *_shifts(reference), *_plans(reference), *_costs(reference))
    support = tuple(_support(reference))
    answers = tuple(_answers(reference))
    return (
        Handover(
            "2026-1",
            _FIRST,
            "polisen.csv",
            "Exempel: polisens anmälningar / Example: the police’s reports",
            _until(_in_time(police), "2024"),
        ),
        Handover(
            "2026-1",
            _FIRST,
            "samverkan.csv",
            "Exempel: kommunernas räkning / Example: the municipalities’ counting",
            _until(mapping, "2024"),
        ),
        Handover(
            "2026-1",
            _FIRST,
            "stod.csv",
            "Exempel: stödverksamheterna / Example: the support services",
            _until(_in_time(support), "2024"),
        ),
        Handover(
            "2026-1",
            _FIRST,
            "svar.xlsx",
            "Exempel: kommunernas svar / Example: the municipalities’ answers",
            answers,
        ),
        Handover(
            "2026-2",
            _SECOND,
            "rattelse.csv",
            "Exempel: polisens rättelse / Example: the police’s correction",
            _corrected(police),
        ),
        Handover(
            "2026-2",
            _SECOND,
            "nytt.csv",
            "Exempel: årets uppgifter / Example: this year’s figures",
            (*police, *mapping, *support),
        ),
    )


def write(handover: Handover, folder: Path) -> Path:
    """The handover as a file: a workbook with one sheet an indicator, or tidy CSV."""
    path = folder / handover.name
    (_write_workbook if path.suffix == ".xlsx" else _write_csv)(path, handover.rows)
    return path


def _write_csv(path: Path, rows: Sequence[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow((*Row._fields[:-1], "count"))
        writer.writerows(rows)


def _write_workbook(path: Path, rows: Sequence[Row]) -> None:
    with xlsxwriter.Workbook(path) as book:
        for code in dict.fromkeys(row.indicator for row in rows):
            sheet = book.add_worksheet(code)
            sheet.write_row(0, 0, ("region", "period", "antal"))
            for i, row in enumerate((row for row in rows if row.indicator == code), start=1):
                sheet.write_row(i, 0, (row.region, row.period, row.number))


def _until(rows: Sequence[Row], year: str) -> tuple[Row, ...]:
    """What had been counted when the first release was made."""
    return tuple(row for row in rows if row.period[:4] <= year)


def _in_time(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Without those places that had not reported at all by then."""
    late = {row.region for row in rows if int(row.region) % 7 == 3} - set(RICH)
    return tuple(row for row in rows if row.region not in late)


def _corrected(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Four reports of 2023 turned out to be counted twice in each of the three largest municipalities."""
    return tuple(
        row._replace(number=row.number - 4)
        for row in rows
        if row.indicator == "D01" and row.period == "2023" and row.region in RICH[1:4]
    )


def _random(indicator: str, region: str) -> np.random.Generator:
    """A stream of its own for each table and place, so that adding one changes no other."""
    return np.random.default_rng([SEED, int(indicator[1:]), ord(indicator[0]), int(region)])


def _people(reference: Reference, region: str) -> int:
    people = reference.population.at(region, 2024)
    return people.number if people else 0


def _reporting(reference: Reference, indicator: str, number: int) -> list[str]:
    """Those that report: the rich ones, and of the others rather the large ones and rather always the same.

    So one municipality knows much and its neighbour nothing, as in life.
    """
    others = [place.code for place in reference.geography.at(Level.MUNICIPALITY) if place.code not in RICH]
    size = np.log([_people(reference, code) for code in others])
    habit = _random("A00", "0").gumbel(size=len(others))
    eagerness = 0.9 * size + habit + 0.3 * _random(indicator, "0").gumbel(size=len(others))
    chosen = np.argsort(-eagerness, kind="stable")[: number - len(RICH)]
    return sorted((*RICH, *(others[place] for place in chosen.tolist())))


def _level(reference: Reference, indicator: str, region: str, per_person: float) -> float:
    """A year's expected count: population times a rate that differs much between places, within reason."""
    spread = min(_random(indicator, region).lognormal(0, 0.8), _FARTHEST)
    return _people(reference, region) * per_person * spread


def _years(first: int, last: int = 2025) -> list[str]:
    return [str(year) for year in range(first, last + 1)]


def _halves(first: int, last: int = 2025) -> list[str]:
    return [f"{year}H{half}" for year in range(first, last + 1) for half in (1, 2)]


def _series(
    reference: Reference, indicator: str, region: str, periods: Sequence[str], per_person: float
) -> Iterator[Row]:
    """One place's counts: independent draws around a level that drifts slowly."""
    random = _random(indicator, region)
    level = _level(reference, indicator, region, per_person)
    drift = np.exp(random.normal(0, 0.08, len(periods)).cumsum())
    for period, count in zip(periods, random.poisson(level * drift), strict=True):
        yield Row(indicator, region, period, TOTAL, TOTAL, int(count))


def _reports(reference: Reference) -> Iterator[Row]:
    for region in _reporting(reference, "D01", 110):
        if region != UMEA:
            yield from _series(reference, "D01", region, _years(2013), 2.5e-4)
    for period, count in zip(_years(2013), _UMEA_REPORTS, strict=True):
        yield Row("D01", UMEA, period, TOTAL, TOTAL, count)


def _children(reference: Reference) -> Iterator[Row]:
    for county in reference.geography.at(Level.COUNTY):
        yield from _series(reference, "E05", county.code, _years(2016), 1.2e-4)


def _ads(reference: Reference) -> Iterator[Row]:
    for region in _reporting(reference, "D05", 40):
        yield from _series(reference, "D05", region, _halves(2020), 8e-4)


def _shifts(reference: Reference) -> Iterator[Row]:
    for region in _reporting(reference, "R06", 15):
        if region != UMEA:
            yield from _series(reference, "R06", region, _halves(2017), 4e-4)
    for period, count in zip(_halves(2017), _UMEA_SHIFTS, strict=True):
        yield Row("R06", UMEA, period, TOTAL, TOTAL, count)


def _plans(reference: Reference) -> Iterator[Row]:
    """How many measures stand in the action plan: the law asks for one every second year."""
    for region in _reporting(reference, "R02", 25):
        for period in ("2023", "2025"):
            number = _random("R02", f"{region}{period}").integers(1, 8)
            yield Row("R02", region, period, TOTAL, TOTAL, int(number))


def _costs(reference: Reference) -> Iterator[Row]:
    """Booked kronor, in whole thousands: a few for each inhabitant and year, rising slowly."""
    for region in _reporting(reference, "R11", 14):
        random = _random("R11", region)
        thousands = _people(reference, region) * random.lognormal(1.2, 0.4) / 1000
        drift = np.exp(random.normal(0.03, 0.06, 5).cumsum())
        for period, cost in zip(_years(2021), thousands * drift, strict=True):
            yield Row("R11", region, period, TOTAL, TOTAL, 1000 * round(cost))


def _support(reference: Reference) -> Iterator[Row]:
    for place, region in enumerate(_reporting(reference, "E03", 45)):
        for row in _series(reference, "E03", region, _years(2019), 6e-4):
            yield from _broken_down(row, by_sex=place % 3 == 0)
            new = _random("E04", f"{region}{row.period}").binomial(row.number, 0.4)
            yield row._replace(indicator="E04", number=int(new))
    for region in _reporting(reference, "D11", 20):
        yield from _series(reference, "D11", region, _years(2018), 4e-4)


def _broken_down(row: Row, by_sex: bool) -> Iterator[Row]:
    """The rich count by sex and age, some by sex, the others the total alone."""
    shares, places = [1.0], [(TOTAL, TOTAL)]
    if row.region in RICH:
        shares = [sex * age for sex in (_WOMEN, 1 - _WOMEN) for age in _AGES.values()]
        places = [(sex, age) for sex in ("K", "M") for age in _AGES]
    elif by_sex:
        shares, places = [_WOMEN, 1 - _WOMEN], [("K", TOTAL), ("M", TOTAL)]
    counts = _random("E03", f"{row.region}{row.period}").multinomial(row.number, shares)
    for (sex, age), count in zip(places, counts, strict=True):
        yield row._replace(sex=sex, age=age, number=int(count))


def _answers(reference: Reference) -> Iterator[Row]:
    for indicator, highest in ANSWERS.items():
        for region in _reporting(reference, indicator, 60):
            answer = highest if region == UMEA else int(_random(indicator, region).integers(0, highest + 1))
            yield Row(indicator, region, "2024", TOTAL, TOTAL, answer)
