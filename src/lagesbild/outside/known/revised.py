"""Which figures changed since an earlier release: both were published, so both may be shown."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from lagesbild.core.figures import TOTAL, Figures
from lagesbild.release.contents import Release


@dataclass(frozen=True)
class Revised:
    """One published count that a later release changed, and the number of that release.

    `reported` is how many municipalities a total summed before and after, where that changed: then the sum
    has grown, and nothing was wrong.
    """

    period: str
    before: int
    after: int
    release: str
    reported: tuple[int, int] | None = None


def revised(releases: Sequence[Release]) -> Mapping[tuple[str, str], tuple[Revised, ...]]:
    """By indicator and place the totals that differ between one release and the next, oldest first."""
    found: dict[tuple[str, str], list[Revised]] = defaultdict(list)
    for earlier, later in pairwise(releases):
        for code in sorted(earlier.figures.keys() & later.figures.keys()):
            for region, change in _changes(earlier.figures[code], later.figures[code], later.number):
                found[code, region].append(change)
    return {key: tuple(changes) for key, changes in found.items()}


def _changes(before: Figures, after: Figures, number: str) -> Iterator[tuple[str, Revised]]:
    for key, figure in before:
        now = after[key]
        if key.sex != TOTAL or key.age != TOTAL or figure.value is None or now.value is None:
            continue
        if figure.value != now.value:
            summed = before.coverage.get(key, 0), after.coverage.get(key, 0)
            reported = summed if summed[0] != summed[1] else None
            yield key.region, Revised(key.period, figure.value, now.value, number, reported)
