"""Honest tables as analysts bring them: sparse and dense, with and without totals, in every spelling.

And registers of persons in the clothes of a table, which honest ones must not be mistaken for.
"""

# ruff: noqa: S311 -- the chance is play

import io
import random
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from lagesbild.core.figures import TOTAL
from lagesbild.core.indicator import Indicator, Kind
from lagesbild.core.period import Frequency, Period
from lagesbild.core.region import Level
from lagesbild.inside.intake.plausible import TAKEN_AT, inhabitants
from lagesbild.reference import Reference

Row = tuple[str, str, str, str, str, int | str]

SEXES = {"T": ("T", "totalt", ""), "K": ("K", "kvinnor", "Flickor"), "M": ("M", "män", "pojkar")}


def clean(reference: Reference, seed: int) -> tuple[str, bytes]:
    """File name and content of one honest table."""
    chance = random.Random(seed)
    indicator = chance.choice([each for each in reference.indicators.values() if each.importable])
    rows = list(_rows(reference, indicator, chance))
    if not rows:  # all zeros, and left out: nobody hands in an empty file
        return clean(reference, seed + 1_000_000)
    chance.shuffle(rows)
    write = chance.choice((_csv, _csv, _csv, _parquet, _xlsx))
    return write(reference, rows, chance)


def _rows(reference: Reference, indicator: Indicator, chance: random.Random) -> Iterator[Row]:
    """Leaf cells over places, periods and groups; often with their totals, or with blanks and marks."""
    numbers = np.random.default_rng(chance.randrange(2**32))
    regions = _places(reference, indicator, chance)
    periods = _periods(indicator, chance)
    split = len(indicator.sexes) > 1 and chance.random() < 0.6
    sexes = [code for code in indicator.sexes if code != TOTAL] if split else [TOTAL]
    banded = len(indicator.ages) > 1 and chance.random() < 0.4
    ages = [code for code in indicator.ages if code != TOTAL] if banded else [TOTAL]
    with_totals = chance.random() < 0.4 and indicator.kind is not Kind.CATEGORY
    zeros = chance.choice(("written", "written", "left out"))
    blanks = 0.0 if with_totals else chance.choice((0.0, 0.1, 0.6))
    rate = chance.choice((0.3, 1, 3)) / 100_000
    for region in regions:
        frailty = numbers.gamma(0.7)
        for period in periods:
            mean = rate * inhabitants(reference, region, 2020) * frailty / (len(sexes) * len(ages))
            cells: dict[tuple[str, str], int | str] = {}
            for sex in sexes:
                for age in ages:
                    if chance.random() < blanks:
                        cells[sex, age] = chance.choice(("", "", "..", "ej tillämpligt"))
                    else:
                        cells[sex, age] = _count(indicator, mean, numbers, chance)
            if with_totals:
                cells = _with_totals(cells)
            for (sex, age), cell in cells.items():
                if cell != 0 or zeros == "written" or with_totals or indicator.kind is Kind.CATEGORY:
                    yield indicator.code, region, period, sex, age, cell


def _count(indicator: Indicator, mean: float, numbers: np.random.Generator, chance: random.Random) -> int:
    if indicator.kind is Kind.CATEGORY:
        return chance.choice(list(indicator.categories))
    if indicator.kind is Kind.AMOUNT:
        return int(numbers.lognormal(12, 1))
    return int(numbers.poisson(mean))


def _with_totals(cells: dict[tuple[str, str], int | str]) -> dict[tuple[str, str], int | str]:
    sums: dict[tuple[str, str], int | str] = {}
    for (sex, age), count in cells.items():
        for key in {(sex, age), (TOTAL, age), (sex, TOTAL), (TOTAL, TOTAL)}:
            sums[key] = int(sums.get(key, 0)) + int(count)
    return sums


def _places(reference: Reference, indicator: Indicator, chance: random.Random) -> list[str]:
    geography = reference.geography
    finest = [region.code for region in geography.at(indicator.finest)]
    if chance.random() < 0.3:
        return finest
    if chance.random() < 0.5 and indicator.finest is Level.MUNICIPALITY:
        county = chance.choice(geography.at(Level.COUNTY)).code
        return [region.code for region in geography.members(county)]
    coarser = [region.code for region in geography.regions if region.level in TAKEN_AT[indicator.finest]]
    return [chance.choice(coarser)] if chance.random() < 0.5 else chance.sample(finest, min(len(finest), 5))


def _periods(indicator: Indicator, chance: random.Random) -> list[str]:
    years = [Period(year) for year in range(chance.randint(2012, 2024), 2025)][:4]
    frequency = indicator.frequency or Frequency.YEAR
    if frequency is Frequency.YEAR or chance.random() < 0.5:
        return [year.code for year in years]
    return [part.code for part in years[-1].parts(frequency)]


def _spelled(reference: Reference, row: Row, chance: random.Random) -> tuple[str, ...]:
    indicator, region, period, sex, age, count = row
    place = reference.geography[region]
    owner = place.name_sv if place.name_sv.endswith("s") else place.name_sv + "s"
    names = [region, place.name_sv, place.name_sv.upper()]
    if place.level is Level.MUNICIPALITY:
        names += [
            f"{owner} kommun",
            f"{region} {place.name_sv}",
            place.name_sv.replace("-", "–"),
            region.lstrip("0"),
        ]
    number = (
        f"{count:,}".replace(",", chance.choice((" ", "\u00a0", "\u202f", "")))
        if isinstance(count, int)
        else count
    )
    tail = chance.choice(("", "", ",0")) if isinstance(count, int) else ""
    ages = (age, age.replace("-", "–"), f"{age} år") if age != TOTAL else ("T", "totalt", "")
    return (
        indicator,
        chance.choice(names),
        period,
        chance.choice(SEXES[sex]),
        chance.choice(ages),
        number + tail,
    )


HEADERS = (
    ("indicator", "region", "period", "sex", "age", "count"),
    ("Indikator", "Kommun", "År", "Kön", "Ålder", "Antal"),
)


def _csv(reference: Reference, rows: list[Row], chance: random.Random) -> tuple[str, bytes]:
    delimiter = chance.choice((";", "\t"))
    lines = [delimiter.join(chance.choice(HEADERS))]
    lines += [delimiter.join(_spelled(reference, row, chance)) for row in rows]
    text = chance.choice(("\r\n", "\n")).join(lines)
    encoding = chance.choice(("utf-8", "utf-8-sig", "windows-1252"))
    return "tabell.csv", text.encode(encoding if "\u202f" not in text else "utf-8")


def _parquet(reference: Reference, rows: list[Row], chance: random.Random) -> tuple[str, bytes]:
    columns = dict(zip(HEADERS[0], map(list, zip(*rows, strict=True)), strict=True))
    if all(isinstance(count, int) for count in columns["count"]):
        table = pa.table(columns)
    else:
        table = pa.table({**columns, "count": [str(count) for count in columns["count"]]})
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink)
    return "tabell.parquet", bytes(sink.getvalue())


def _xlsx(reference: Reference, rows: list[Row], chance: random.Random) -> tuple[str, bytes]:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    book.set_properties({"author": "Kanarie Fågelsson"})
    sheet = book.add_worksheet("Blad1")
    sheet.write_row(0, 0, chance.choice(HEADERS))
    for at, row in enumerate(rows, 1):
        spelled = _spelled(reference, row, chance)
        as_number = isinstance(row[-1], int) and chance.random() < 0.9
        sheet.write_row(at, 0, [*spelled[:-1], row[-1] if as_number else spelled[-1]])
    book.close()
    return "tabell.xlsx", file.getvalue()


def register(reference: Reference, seed: int) -> bytes:
    """One row per event or person, with nothing but admitted columns."""
    chance = random.Random(seed)
    municipality = [region.code for region in reference.geography.at(Level.MUNICIPALITY)]
    home = chance.sample(municipality, chance.choice((1, 3, 290)))
    rows = [",".join(HEADERS[0])]
    for _ in range(chance.randint(40, 400)):
        sex, age = chance.choice("KM"), chance.choice(("0-17", "18-24", "25-44", "45-64", "65+"))
        year = chance.randint(2015, 2024)
        rows.append(f"E03,{chance.choice(home)},{year},{sex},{age},1")
    return "\n".join(rows).encode()
