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
from lagesbild.inside.protect.problem.reduction import as_seen
from lagesbild.inside.protect.proof.alternatives import Alternatives
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

    def moved(self, values: np.ndarray) -> "World":
        """The world in which the linked cells have these counts."""
        tables = counted(self.tables, self.linked, values)
        return World(tables, replace(self.linked, values=values), self.hidden)

    def edition(self, **changes: object) -> Edition:
        figures = figures_of(self.tables, self.linked, self.hidden)
        sources = {code: (Source(TITLE, date(2026, 1, 1)),) for code in figures}
        plan = Plan("2026-1", date(2026, 3, 1), TITLE, TITLE)
        return replace(edition(plan, figures, PLACES.indicators, sources, ()), **changes)

    def public_bytes(self) -> dict[str, bytes]:
        return bundle.contents(self.edition(), PLACES.geography)


def counted(tables: Sequence[Margins], linked: Stack, values: np.ndarray) -> list[Margins]:
    """Tables with other counts in their linked cells; a cell that was revised is told apart by its count."""
    named = zip(linked.cells, linked.values.tolist(), strict=True)
    now = dict(zip(named, values.tolist(), strict=True))
    return [
        replace(table, values={cell: now.get((cell, value), value) for cell, value in table.values.items()})
        for table in tables
    ]


def world(files: Sequence[Path]) -> World:
    """The true world: files through the gate, linked, protected."""
    admitted = intake.admit(list(files), PLACES, origin="example", progress=lambda _: None)
    tables = [
        margins(counts, PLACES.indicators[code], PLACES.geography) for code, counts in admitted.tables.items()
    ]
    linked = stack([Layer([each for each in tables if each.indicator.protection.applies])], PLACES.geography)
    return World(tables, linked, safeguard.choose(linked))


def others(true: World, count: int, seed: int = 1, pushed: int = 5) -> Iterator[World]:
    """Worlds that an outsider cannot tell from the true one: whole tables that fit all that is published.

    `pushed`: how many of the cells that can move are moved as far as one table can move them.
    """
    search = Alternatives(as_seen(safeguard.system_of(true.linked, tops_stay=False), true.hidden))
    chance = np.random.default_rng(seed)
    seen = set()
    while len(seen) < count:
        wanted = np.zeros(len(search.units), dtype=np.int64)
        chosen = chance.choice(search.units, size=min(pushed, len(search.units)), replace=False)
        wanted[chosen] = chance.choice([-9, -3, 3, 9], size=len(chosen))
        table = search.whole(wanted)
        values = true.linked.values.copy()
        values[table.cells] += table.by
        if len(table.cells) and values.tobytes() not in seen:
            seen.add(values.tobytes())
            yield true.moved(values)
