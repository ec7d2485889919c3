"""Un-publishing (attack 11): what was shown once stays known, so hiding it now would only point at it."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from lagesbild.core.figures import Figures, State
from lagesbild.core.language import Text
from lagesbild.core.refusal import Finding
from lagesbild.inside.linked.margins import Cell
from lagesbild.inside.linked.stack import Named, Stack
from lagesbild.release.contents import Release


def search(
    figures: Mapping[str, Figures], earlier: Sequence[Release], waived: frozenset[Named]
) -> Iterator[Finding]:
    """One finding for each table that hides a cell which an earlier release showed.

    `waived`: counts that were revised since, for which another value, or none, is to be expected.
    """
    for code, now in figures.items():
        shown = {
            key
            for release in earlier
            for key, figure in release.figures.get(code, ())
            if figure.value is not None and (Cell(code, key), figure.value) not in waived
        }
        if any(now[key].state is not State.VALUE for key in shown):
            yield _unpublished(code)


def revised(linked: Stack) -> frozenset[Named]:
    """Cells of earlier releases with counts that are others now, or that are not reported any more."""
    gone = np.flatnonzero(linked.earlier & ~(linked.current & linked.shown)).tolist()
    return frozenset((linked.cells[place], int(linked.values[place])) for place in gone)


def _unpublished(indicator: str) -> Finding:
    return Finding(
        "unpublished",
        Text(
            f"{indicator} döljer en siffra som en tidigare publicering har visat.",
            f"{indicator} hides a figure that an earlier release has shown.",
        ),
        Text("Visa den igen: den är känd.", "Show it again: it is known."),
    )
