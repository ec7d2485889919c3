"""What any safe pattern must satisfy, learned from attacks that succeeded (Fischetti and Salazar 2001).

An attack that pins a cell down rests on an equation the published cells imply. Whatever pattern protects the
cell must hide enough of that equation's other cells to carry the cell to its threshold.
"""

from dataclasses import dataclass

import highspy
import numpy as np
import scipy.sparse as sp

from lagesbild.inside.solver import quiet_solver

from ..problem.system import Flags, Ints, Reals

ROOT_ONLY = 1
"""Nodes of the search tree."""


@dataclass(frozen=True, eq=False)
class Cut:
    """At least one: sum of weight over the hidden ones of `units` >= 1.

    `certain`: holds for every safe pattern. Otherwise it only says that the search found no whole table.
    """

    units: Ints
    weight: Reals
    certain: bool = True

    def violated(self, hidden: Flags) -> bool:
        return bool(self.weight[hidden[self.units]].sum() < 1.0 - 1e-6)


def cut_from(units: Ints, carry: Reals, amount: float, given: Flags) -> Cut | None:
    """Units that must carry `amount` together, beyond what the given ones carry already; None if those do.

    A unit that alone carries enough counts as 1: this strengthening holds because hiding is yes or no.
    """
    own = given[units]
    missing = amount - float(carry[own].sum())
    if not missing > 1e-6:
        return None
    used = ~own & (carry > 1e-9)
    return Cut(units[used], np.minimum(carry[used] / missing, 1.0))


class Cuts:
    """A growing set of cuts over m units."""

    def __init__(self, units: int) -> None:
        self._units = units
        self._seen: set[tuple[bytes, bytes]] = set()
        self._cuts: list[Cut] = []
        self._matrix: sp.csr_array | None = None

    def __len__(self) -> int:
        return len(self._cuts)

    def add(self, cut: Cut) -> bool:
        key = (cut.units.tobytes(), np.round(cut.weight, 6).tobytes())
        new = key not in self._seen and len(cut.units) > 0
        if new:
            self._seen.add(key)
            self._cuts.append(cut)
            self._matrix = None
        return new

    @property
    def matrix(self) -> sp.csr_array:
        """One row for each cut, (cuts, m)."""
        if self._matrix is None:
            starts = np.cumsum([0, *(len(cut.units) for cut in self._cuts)])
            units = np.concatenate([np.zeros(0, dtype=np.int64), *(cut.units for cut in self._cuts)])
            weight = np.concatenate([np.zeros(0), *(cut.weight for cut in self._cuts)])
            self._matrix = sp.csr_array((weight, units, starts), shape=(len(self._cuts), self._units))
        return self._matrix

    def cheapest(self, price: Reals, chosen: Flags, open_units: Ints, gap: float) -> tuple[Flags, float]:
        """Cheapest set of `open_units` that satisfies every cut, given that `chosen` are hidden too.

        Returns what is hidden then, (m,), and a lower bound of the open units' price. `gap`: relative; where
        it is not reached without branching, it stays wider: the next round's cuts help more than branches.
        """
        hidden = chosen.copy()
        hidden[open_units] = False
        weight = self.matrix[:, open_units]
        missing = 1.0 - self.matrix @ hidden.astype(float)
        live = np.flatnonzero((missing > 1e-6) & (np.diff(weight.indptr) > 0))
        weight = sp.csr_array(weight[live])
        scale = np.repeat(missing[live], np.diff(weight.indptr))
        weight.data = np.minimum(weight.data / scale, 1.0)
        solver = quiet_solver()
        solver.setOptionValue("mip_rel_gap", gap)
        solver.setOptionValue("mip_max_nodes", ROOT_ONLY)
        solver.passModel(_covering(price[open_units], weight))
        solver.run()
        taken = np.asarray(solver.getSolution().col_value) > 0.5
        hidden[open_units[taken]] = True
        return hidden, float(solver.getInfo().mip_dual_bound)


class Slack:
    """By how much the hidden units satisfy each cut, kept up to date while units are published."""

    def __init__(self, cuts: Cuts, hidden: Flags) -> None:
        by_unit = cuts.matrix.tocsc()
        self._start, self._cut, self._weight = by_unit.indptr, by_unit.indices, by_unit.data
        self._slack = cuts.matrix @ hidden.astype(float) - 1.0

    def forbids(self, unit: int) -> bool:
        """Whether publishing the unit would break a cut, the others staying as they are."""
        part = slice(self._start[unit], self._start[unit + 1])
        return bool((self._slack[self._cut[part]] - self._weight[part] < -1e-6).any())

    def publish(self, units: list[int]) -> None:
        for unit in units:
            part = slice(self._start[unit], self._start[unit + 1])
            self._slack[self._cut[part]] -= self._weight[part]


def _covering(price: Reals, weight: sp.csr_array) -> highspy.HighsLp:
    model = highspy.HighsLp()
    model.num_row_, model.num_col_ = weight.shape
    model.col_cost_ = price
    model.col_lower_, model.col_upper_ = np.zeros(len(price)), np.ones(len(price))
    model.integrality_ = [highspy.HighsVarType.kInteger] * len(price)
    model.row_lower_ = np.ones(weight.shape[0])
    model.row_upper_ = np.full(weight.shape[0], np.inf)
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = weight.indptr
    model.a_matrix_.index_ = weight.indices
    model.a_matrix_.value_ = weight.data
    return model
