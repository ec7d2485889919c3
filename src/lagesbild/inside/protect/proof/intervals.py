"""The feasible interval of each hidden cell, and a table that fits what is published."""

import highspy
import numpy as np
import scipy.sparse as sp

from ..problem.reduction import Demand, as_seen
from ..problem.system import Flags, Ints, System
from ..search.circuits import FARTHEST, Circuits
from ..solver import quiet_solver
from .units import Units


def intervals(system: System, hidden: Flags, cells: Ints) -> tuple[Ints, Ints]:
    """Least and largest value of `cells` (k,) given all that is published, two arrays (k,).

    The same from whichever table that fits what is published (`system.values`) one starts. Fractions are
    allowed, so an interval is never narrower than the whole-number one; its ends are rounded inwards.
    """
    reduction = as_seen(system, hidden)
    units, circuits = Units(reduction), Circuits(reduction)
    low, high = system.values[cells].copy(), system.values[cells].copy()
    down, up = units.room(cells)
    known: dict[tuple[int, int], int] = {}
    for place, cell in enumerate(cells.tolist()):
        unit, sign = units.of(cell)
        for way, most in ((1, int(up[place])), (-1, int(down[place]))):
            if most and (unit, way * sign) not in known:
                known[unit, way * sign] = furthest(circuits, unit, way * sign, most)
        if up[place]:
            high[place] += known[unit, sign]
        if down[place]:
            low[place] -= known[unit, -sign]
    return low, high


def furthest(circuits: Circuits, unit: int, direction: int, most: int) -> int:
    """How far at most, up to `most`, a unit can go in a direction (1 or -1) before even tables of fractions
    are ruled out. Nothing is ruled out beyond `FARTHEST`: what gets there is taken to go on."""
    least, most = 0, min(most, FARTHEST)
    while least < most:
        amount = least + (most - least + 1) // 2
        demand = Demand(unit, direction, amount, amount)
        if any(cut.certain for cut in circuits.explain(demand, circuits.reduction.given)):
            most = amount - 1
        else:
            least = amount
    return least


def some_table(equations: sp.csr_array, hidden: Flags, published: Ints, floor: Ints) -> Ints | None:
    """A whole-number table that fits all that is published (n,); None where that contradicts itself.

    `published` is read where not hidden, `floor` where hidden: nothing of the truth is needed.
    """
    cells = np.flatnonzero(hidden)
    table = np.where(hidden, 0, published)
    if not len(cells):
        return None if np.any(equations @ table) else table
    by_column = sp.csc_array(equations[:, cells])
    model = highspy.HighsLp()
    model.num_row_, model.num_col_ = by_column.shape
    model.col_cost_ = np.zeros(len(cells))
    model.col_lower_, model.col_upper_ = floor[cells].astype(float), np.full(len(cells), np.inf)
    model.row_lower_ = model.row_upper_ = -(equations @ table).astype(float)
    model.integrality_ = [highspy.HighsVarType.kInteger] * len(cells)
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_, model.a_matrix_.index_ = by_column.indptr, by_column.indices
    model.a_matrix_.value_ = by_column.data.astype(float)
    solver = quiet_solver()
    solver.passModel(model)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    table[cells] = np.rint(np.asarray(solver.getSolution().col_value)).astype(np.int64)
    return None if np.any(equations @ table) else table
