"""Which areas border on each other, and the map's own covariance that follows."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from lagesbild.core.language import Text
from lagesbild.core.refusal import BadUsage, Finding

from ..table.tidy import Numbers, Tidy

Borders = NDArray[np.bool_]


def borders(areas: Sequence[str], table: Tidy) -> Borders:
    """A symmetric matrix over the areas in their order; the table's first two columns name the pairs.

    Pairs that name areas outside the list have no part; an area without neighbours is an island.
    """
    place = {area: i for i, area in enumerate(areas)}
    one, other = (table.text(name) for name in list(table)[:2])
    touching = np.zeros((len(areas), len(areas)), dtype=bool)
    for a, b in zip(one, other, strict=True):
        if a in place and b in place and a != b:
            touching[place[a], place[b]] = touching[place[b], place[a]] = True
    if not touching.any():
        raise BadUsage(_strangers())
    return touching


def _strangers() -> Finding:
    return Finding(
        "no-shared-areas",
        Text("Grannparen nämner inga av områdena.", "The pairs of neighbours name none of the areas."),
        Text(
            "Skriv områdena på samma sätt i båda filerna.", "Write the areas in the same way in both files."
        ),
    )


def components(touching: Borders) -> list[NDArray[np.intp]]:
    """The connected parts of the map."""
    graph: Any = csr_array(touching.astype(float))
    _, label = connected_components(graph, directed=False)
    return [np.flatnonzero(label == part) for part in np.unique(label)]


def map_covariance(touching: Borders) -> Numbers:
    """The intrinsic autoregressive covariance, scaled so that the typical variance is 1 in each part.

    Scaling by the geometric mean of the variances after Sorbye and Rue (2014); part by part, with islands
    as independent unit variances, after Freni-Sterrantino, Ventrucci and Rue (2018).
    """
    covariance = np.zeros(touching.shape)
    for part in components(touching):
        if len(part) == 1:
            covariance[part[0], part[0]] = 1.0
            continue
        inside: Any = touching[np.ix_(part, part)].astype(float)
        inverse = np.linalg.pinv(np.diag(inside.sum(1)) - inside, hermitian=True)
        covariance[np.ix_(part, part)] = inverse / np.exp(np.log(np.diag(inverse)).mean())
    return covariance
