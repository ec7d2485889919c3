"""How much detail a published table keeps of the table that was there to begin with."""

import numpy as np

from lagesbild.core.table import Dimension, Table

from ..problem.system import Flags, Ints, Reals


def detail_kept(table: Table, counts: Ints, hidden: Flags, behind: Ints) -> float:
    """How finely a reader can place what was counted, from 0 to 1.

    Each event counts 1/k, where k is the number of original finest cells that the narrowest shown number
    over it covers: 1 where its own finest cell is shown, 1/2 in a merged pair, and for a hidden cell what its
    narrowest shown total gives; 0 where nothing over it is shown. The figure is the mean over all events.
    Holes and merging both lower it, so neither the finest nor the coarsest table wins by itself.

    All (cells,).  behind: how many original finest cells each cell covers.
    """
    narrowest = np.where(hidden, np.inf, behind).reshape(table.shape)
    for axis, dimension in enumerate(table.dimensions):
        narrowest = _with_totals(narrowest, axis, dimension)
    inner = counts[table.is_leaf]
    total = int(inner.sum())
    return float((inner / narrowest.ravel()[table.is_leaf]).sum()) / total if total else 1.0


def _with_totals(narrowest: Reals, axis: int, dimension: Dimension) -> Reals:
    """What is shown of a total is shown over each of its parts too, through any number of levels."""
    along = np.moveaxis(narrowest.copy(), axis, 0)
    while True:
        before = along.copy()
        for relation in dimension.relations:
            parts = [dimension.position[part] for part in relation.parts]
            along[parts] = np.minimum(along[parts], along[dimension.position[relation.total]])
        if np.array_equal(before, along):
            return np.moveaxis(along, 0, axis)
