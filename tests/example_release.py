"""A deterministic invented release over the real places, for the pages before and without a demo."""

import random
from collections import defaultdict
from datetime import date

from lagesbild.core.figures import Figure, Figures, Key, State
from lagesbild.core.language import Text
from lagesbild.core.region import Level
from lagesbild.reference import Reference, load
from lagesbild.release.contents import AuditStatement, Release, Revision, Source

YEARS = [str(year) for year in range(2014, 2025)]
HALF_YEARS = [f"{year}H{half}" for year in range(2019, 2025) for half in (1, 2)]
RICH = ("2480", "0180", "1480", "1280", "0580", "1880", "2580", "2281", "0380", "1780")
CATEGORIES = ("R01", "R03", "R04", "R09", "R10")


def make_release(number: str = "2026-1", share: float = 0.22, reference: Reference | None = None) -> Release:
    """Example counts: most municipalities have no picture, a few a rich one, small counts are protected."""
    reference = reference or load()
    counts: dict[str, dict[Key, int]] = defaultdict(dict)
    for place in reference.geography.at(Level.MUNICIPALITY):
        _invent(counts, place.code, reference, share)
    figures = {code: _figures(code, cells, reference) for code, cells in sorted(counts.items())}
    hidden = sum(figure.state is State.PROTECTED for each in figures.values() for _, figure in each)
    total = sum(len(each) for each in figures.values())
    return Release(
        number=number,
        published=date(2026, 11, 23),
        title=Text("Första publiceringen", "First release"),
        figures=figures,
        indicators={code: reference.indicators[code] for code in figures},
        sources={
            code: (Source(Text("Påhittad källa", "Invented source"), date(2026, 10, 1)),) for code in figures
        },
        audit=AuditStatement(total, total - hidden, hidden, 0, 0),
        revisions=(Revision("D01", 12, Text("En kommun rättade 2023.", "One municipality corrected 2023.")),),
        predecessor=None,
        digest="5f2c" * 16,
    )


def _invent(counts: dict[str, dict[Key, int]], code: str, reference: Reference, share: float) -> None:
    chance = random.Random(f"{code}")  # noqa: S311 - invented figures
    people = reference.population.at(code, 2024)
    assert people is not None
    rich = code in RICH
    if not rich and chance.random() > share:
        return
    level = people.number / 100_000 * chance.uniform(12, 45)
    drift = -0.06 if code == "2480" else chance.uniform(-0.05, 0.06)
    for index, year in enumerate(YEARS):
        if rich or chance.random() > 0.1:
            expected = level * (1 + drift) ** index
            counts["D01"][Key(code, year)] = max(0, round(chance.gauss(expected, expected**0.5)))
        if rich:
            counts["E03"][Key(code, year)] = max(0, round(chance.gauss(level * 1.4, level**0.5)))
            counts["D11"][Key(code, year)] = max(0, round(chance.gauss(level * 0.3, level**0.5 / 2)))
    for half in HALF_YEARS:
        if rich:
            counts["R06"][Key(code, half)] = chance.randint(4, 30)
            counts["D05"][Key(code, half)] = max(0, round(chance.gauss(level * 0.9, 4)))
    for indicator in CATEGORIES:
        if rich or chance.random() < 0.5:
            known = [each for each in sorted(reference.indicators[indicator].categories)]
            counts[indicator][Key(code, "2024")] = known[-1] if code == "2480" else chance.choice(known)
    if rich:
        counts["R02"][Key(code, "2024")] = chance.randint(1, 7)
        counts["R11"][Key(code, "2024")] = chance.randint(4, 40) * 100_000


def _figures(code: str, cells: dict[Key, int], reference: Reference) -> Figures:
    threshold = reference.indicators[code].protection.threshold
    found = {key: _figure(value, threshold) for key, value in cells.items()}
    coverage: dict[Key, int] = {}
    if code not in CATEGORIES:
        sums: dict[Key, int] = defaultdict(int)
        reported: dict[Key, int] = defaultdict(int)
        for key, value in cells.items():
            for larger in reference.geography[key.region].within:
                sums[Key(larger, key.period)] += value
                reported[Key(larger, key.period)] += 1
        found |= {key: _figure(value, threshold * 3) for key, value in sums.items()}
        coverage = dict(reported)
    return Figures(code, "example", found, coverage)


def _figure(value: int, threshold: int) -> Figure:
    return Figure(None, State.PROTECTED) if 0 < value < threshold else Figure(value, State.VALUE)
