"""Un-publishing (attack 11): what was shown once stays known, so hiding it now would only point at it."""

from collections.abc import Iterator, Mapping, Sequence

from lagesbild.core.figures import Figures, State
from lagesbild.core.language import Text
from lagesbild.core.refusal import Finding
from lagesbild.inside.linked.margins import Cell
from lagesbild.inside.linked.stack import Stack
from lagesbild.release.contents import Release


def search(
    figures: Mapping[str, Figures], earlier: Sequence[Release], waived: frozenset[Cell]
) -> Iterator[Finding]:
    """One finding for each table that hides a cell which an earlier release showed.

    `waived`: cells whose count was revised since, for which another value, or none, is to be expected.
    """
    for code, now in figures.items():
        shown = {
            key
            for release in earlier
            for key, figure in release.figures.get(code, ())
            if figure.state is State.VALUE and Cell(code, key) not in waived
        }
        if any(now[key].state is not State.VALUE for key in shown):
            yield _unpublished(code)


def revised(linked: Stack) -> frozenset[Cell]:
    """Cells of earlier releases whose count is another one now, or that are not reported any more."""
    rows = list(zip(linked.cells, linked.earlier, linked.current & linked.shown, strict=True))
    before = {cell for cell, earlier, _ in rows if earlier}
    return frozenset(before - {cell for cell, earlier, current in rows if earlier and current})


def _unpublished(indicator: str) -> Finding:
    return Finding(
        "unpublished",
        Text(
            f"{indicator} döljer en siffra som en tidigare publicering har visat.",
            f"{indicator} hides a figure that an earlier release has shown.",
        ),
        Text("Visa den igen: den är känd.", "Show it again: it is known."),
    )
