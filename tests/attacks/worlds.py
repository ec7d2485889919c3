"""Worlds: private stores that differ only behind suppressed cells, and the public bytes that each gives."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np

from lagesbild import reference
from lagesbild.core.language import Text
from lagesbild.inside import intake, safeguard
from lagesbild.inside.edition import Plan, edition, figures_of
from lagesbild.inside.linked.margins import Margins, margins
from lagesbild.inside.linked.stack import Layer, Stack, stack
from lagesbild.inside.protect.alternatives import Alternatives
from lagesbild.release import bundle
from lagesbild.release.contents import Edition, Source

PLACES = reference.load()
TITLE = Text("Två världar", "Two worlds")


@dataclass(frozen=True)
class World:
    """The unprotected tables of one world, and the one pattern that all worlds share."""

    tables: Sequence[Margins]
    linked: Stack
    hidden: np.ndarray

    def edition(self, **changes: object) -> Edition:
        figures = figures_of(self.tables, self.linked, self.hidden)
        sources = {code: (Source(TITLE, date(2026, 1, 1)),) for code in figures}
        plan = Plan("2026-1", date(2026, 3, 1), TITLE, TITLE)
        return replace(edition(plan, figures, PLACES.indicators, sources, ()), **changes)

    def public_bytes(self) -> dict[str, bytes]:
        return bundle.contents(self.edition(), PLACES.geography)


def world(files: Sequence[Path]) -> World:
    """The true world: files through the gate, linked, protected."""
    admitted = intake.admit(list(files), PLACES, origin="example", progress=lambda _: None)
    tables = [
        margins(counts, PLACES.indicators[code], PLACES.geography) for code, counts in admitted.tables.items()
    ]
    linked = stack([Layer([each for each in tables if each.indicator.protection.applies])], PLACES.geography)
    return World(tables, linked, safeguard.choose(linked))


def others(true: World, count: int, seed: int = 1) -> Iterator[World]:
    """Worlds that an outsider cannot tell from the true one: whole tables that fit all that is published."""
    search = Alternatives(safeguard.system_of(true.linked, tops_stay=False), true.hidden)
    chance = np.random.default_rng(seed)
    cells, seen = np.flatnonzero(true.hidden), set()
    while len(seen) < count:
        pushed = chance.choice(cells, size=min(5, len(cells)), replace=False)
        table = search.move(pushed, chance.choice([-9, -3, 3, 9], size=len(pushed)), whole=True)
        values = true.linked.values.copy()
        values[table.cells] += table.by
        if len(table.cells) and values.tobytes() not in seen:
            seen.add(values.tobytes())
            yield _moved(true, values)


def _moved(true: World, values: np.ndarray) -> World:
    told = dict(zip(true.linked.cells, values.tolist(), strict=True))
    tables = [
        replace(table, values={cell: told.get(cell, value) for cell, value in table.values.items()})
        for table in true.tables
    ]
    return World(tables, replace(true.linked, values=values), true.hidden)
