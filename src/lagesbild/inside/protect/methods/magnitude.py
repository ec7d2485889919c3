"""Amounts, such as kronor: a cell is unsafe when its largest contributors can be estimated too closely.

Dominance (n, k): the n largest hold more than k per cent of the cell. The p% rule: the second largest,
knowing her own, estimates the largest within p per cent. For both, and the protection each needs, see
Hundepool et al., Statistical Disclosure Control (2012), chapter 4.
"""

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import scipy.sparse as sp

from lagesbild.core.table import Table

from ..problem.inner import inner
from ..problem.system import NO_CEILING, Flags, Ints, Stack


@dataclass(frozen=True)
class Dominance:
    """Unsafe when the `n` largest contributors hold more than `k` per cent."""

    n: int
    k: float

    def protection(self, largest: Ints, total: Ints) -> Ints:
        """How far above the total the interval must reach, (cells,); 0 where safe."""
        return _short(100 / _exactly(self.k), largest[:, : self.n].sum(axis=1), total)


@dataclass(frozen=True)
class PriorPosterior:
    """Unsafe when all but the two largest together are less than `p` per cent of the largest."""

    p: float

    def protection(self, largest: Ints, total: Ints) -> Ints:
        """How far above the total the interval must reach, (cells,); 0 where safe."""
        rest = total - largest[:, :2].sum(axis=1)
        return _short(_exactly(self.p) / 100, largest[:, 0], rest)


Concentration = Dominance | PriorPosterior


def _exactly(number: float) -> Fraction:
    """The number as it is written in decimals: a cell exactly at the limit is safe."""
    return Fraction(str(number))


def _short(share: Fraction, amounts: Ints, there: Ints) -> Ints:
    """How much is lacking of a share of the amounts, rounded up to whole numbers, (cells,); 0 where nothing.

    What lies beyond all that an attacker thinks possible is cut off there: nothing reaches it either.
    """
    wanted = (-(-amount * share.numerator // share.denominator) for amount in amounts.tolist())
    short = (most - held for most, held in zip(wanted, there.tolist(), strict=True))
    return np.array([min(max(each, 0), int(NO_CEILING)) for each in short], dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Contributions:
    """Who gave how much to which inner cell, three arrays of one length."""

    cells: Ints
    givers: Ints
    amounts: Ints

    def counts(self, table: Table) -> Ints:
        """Every cell's amount, (cells,)."""
        leaves = np.zeros(table.size, dtype=np.int64)
        np.add.at(leaves, self.cells, self.amounts)
        return table.add_up(leaves)


def concentrated(table: Table, given: Contributions, rule: Concentration) -> tuple[Ints, Ints]:
    """For each cell the protection it needs (0: safe), and its only giver (-1: none or several), (cells,).

    A giver with several inner cells in a total counts there with her sum.
    """
    parts = inner(table.equations())
    place = np.full(table.size, -1, dtype=np.int64)
    place[parts.cells] = np.arange(len(parts.cells))
    shape = (len(parts.cells), int(given.givers.max(initial=-1)) + 1)
    by_leaf: sp.csr_array = sp.csr_array((given.amounts, (place[given.cells], given.givers)), shape=shape)
    by_cell = sp.csr_array(parts.sums @ by_leaf)
    by_cell.eliminate_zeros()
    depth = rule.n if isinstance(rule, Dominance) else 2
    total = np.asarray(by_cell.sum(axis=1)).ravel().astype(np.int64)
    return rule.protection(_largest(by_cell, depth), total), _only(by_cell)


def all_from_one(counts: Ints, rule: Concentration) -> Ints:
    """The protection of cells that must be hidden whoever gave to them, (cells,): as where one has given all,
    and never nothing."""
    return np.maximum(rule.protection(counts[:, np.newaxis], counts), 1)


def _largest(by_cell: sp.csr_array, depth: int) -> Ints:
    """The `depth` largest amounts of each row, (rows, depth)."""
    found = np.zeros((by_cell.shape[0], depth), dtype=np.int64)
    for row, (start, end) in enumerate(zip(by_cell.indptr[:-1], by_cell.indptr[1:], strict=True)):
        amounts = np.sort(by_cell.data[start:end])[::-1][:depth]
        found[row, : len(amounts)] = amounts
    return found


def _only(by_cell: sp.csr_array) -> Ints:
    alone = np.diff(by_cell.indptr) == 1
    only = np.full(by_cell.shape[0], -1, dtype=np.int64)
    only[alone] = by_cell.indices[by_cell.indptr[:-1][alone]]
    return only


def guarded(stack: Stack, layer: int, protection: Ints, only: Ints) -> Stack:
    """The stack with one layer's cells judged by a concentration rule besides what is asked of them already.

    An unsafe cell's interval must reach `protection` above the truth and span twice that, so that it gives no
    better estimate downwards either. Whoever is alone in a cell knows it: the insider of that cell.
    """
    system, own = stack.system, stack.cell_of[layer]
    unsafe: Flags = system.unsafe.copy()
    threshold, width, supplier = system.threshold.copy(), system.width.copy(), system.supplier.copy()
    np.logical_or.at(unsafe, own, protection > 0)
    np.maximum.at(threshold, own, system.values[own] + protection)
    np.maximum.at(width, own, 2 * protection)
    np.maximum.at(supplier, own, only)
    changed = system.with_(unsafe=unsafe, threshold=threshold, width=width, supplier=supplier)
    return replace(stack, system=changed)
