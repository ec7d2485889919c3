"""HiGHS, for linear and whole-number programs, set to be silent and to give the same answer every time."""

import highspy
import numpy as np
import scipy.sparse as sp
from highspy._core import _Highs
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


def quiet_solver() -> _Highs:
    # The public class prints a banner from its constructor; the one below it is the same solver without that.
    solver = _Highs()
    for option, value in (("output_flag", False), ("threads", 1), ("random_seed", 0)):
        solver.setOptionValue(option, value)
    return solver


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
