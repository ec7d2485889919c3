"""The demonstration's store, and stores in its place that nobody outside can tell from it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from attacks.worlds import PLACES, World, counted
from demonstration import Demo
from lagesbild.core.language import Text
from lagesbild.inside import walk
from lagesbild.inside.edition import Plan, edition, figures_of
from lagesbild.inside.linked.margins import Margins
from lagesbild.release import bundle, manifest
from lagesbild.release.contents import Edition, Release
from lagesbild.release.seal import MANIFEST


@dataclass(frozen=True)
class Street:
    """Both releases of a store: each with the tables it was made from; all linked as the newest sees them."""

    world: World
    first: list[Margins]
    releases: tuple[Release, ...]

    def moved(self, world: World) -> "Street":
        first = counted(self.first, self.world.linked, world.linked.values)
        return replace(self, world=world, first=first)

    def newest(self) -> dict[str, bytes]:
        """Every byte of the second release before it is sealed."""
        figures = figures_of(self.world.tables, self.world.linked, self.world.hidden)
        return unsealed(self._edition(self.releases[1], figures, self.releases[:1]))

    def oldest(self) -> dict[str, bytes]:
        """Every byte of the first release before it is sealed: the same cells shown, from this store."""
        shown = replace(self.world.linked, current=self.world.linked.earlier)
        figures = figures_of(self.first, shown, ~self.world.linked.known)
        return unsealed(self._edition(self.releases[0], figures, ()))

    def _edition(self, like: Release, figures: dict, earlier: tuple[Release, ...]) -> Edition:
        reason = like.revisions[0].reason if like.revisions else Text("", "")
        plan = Plan(like.number, like.published, like.title, reason)
        return edition(plan, figures, PLACES.indicators, like.sources, earlier)


def unsealed(made: Edition) -> dict[str, bytes]:
    files = bundle.contents(made, PLACES.geography)
    return {**files, MANIFEST: manifest.write(made, files)}


def street(demo: Demo) -> Street:
    """The true one, read from the demonstration's own store."""
    with walk.opened(demo.store) as vault:
        first, second = walk._earlier(vault)
        tables = walk._tables(vault, second.draft.vintages, PLACES)
        linked = walk._linked(vault, tables, [first], PLACES)
        before = walk._tables(vault, first.draft.vintages, PLACES)
    hidden = walk._hidden_in(linked, second.release)
    return Street(World(tables, linked, hidden), before, (first.release, second.release))


def published(demo: Demo, number: str) -> dict[str, bytes]:
    """What lies on the shelf, but for the signature."""
    folder = demo.shelf / number
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "manifest.sig"
    }


def differing(one: dict[str, bytes], other: dict[str, bytes]) -> Iterator[str]:
    """Names of files that only one has, or that differ."""
    yield from (name for name in sorted(one.keys() | other.keys()) if one.get(name) != other.get(name))


def apart(one: World, other: World) -> np.ndarray:
    """The linked cells whose counts differ."""
    return np.flatnonzero(one.linked.values != other.linked.values)
