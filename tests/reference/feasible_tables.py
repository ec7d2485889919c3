"""The attacker by exhaustion: every whole-number table that fits what is published. Tiny tables only."""

import numpy as np

from lagesbild.inside.protect.problem.system import System


def feasible_tables(system: System, hidden: np.ndarray, most: int) -> np.ndarray:
    """All tables y with A y = 0, y = x where published and floor <= y <= most where hidden. Shape (k, n).

    Backtracks over the hidden cells; an equation is checked as soon as its last hidden cell is set.
    """
    equations = system.equations.toarray()
    cells = np.flatnonzero(hidden).tolist()
    last = {row: max((c for c in cells if equations[row, c]), default=None) for row in range(len(equations))}
    found, table = [], system.values.copy()

    def extend(depth: int) -> None:
        if depth == len(cells):
            found.append(table.copy())
            return
        cell = cells[depth]
        closing = [row for row, end in last.items() if end == cell]
        for value in range(int(system.floor[cell]), min(most, int(system.ceiling[cell])) + 1):
            table[cell] = value
            if all(equations[row] @ table == 0 for row in closing):
                extend(depth + 1)
        table[cell] = system.values[cell]

    extend(0)
    return np.array(found)


def unprotected(system: System, hidden: np.ndarray, most: int, insider: bool = False) -> list[int]:
    """Unsafe cells whose interval is too narrow or too low, by looking at every table."""
    tables = feasible_tables(system, hidden, most)
    failing = []
    for cell in np.flatnonzero(system.unsafe).tolist():
        low, high = tables[:, cell].min(), tables[:, cell].max()
        narrow = high < system.threshold[cell] or high - low < system.width[cell]
        if narrow or (insider and _pinned_by_an_insider(system, tables, cell)):
            failing.append(cell)
    return failing


def _pinned_by_an_insider(system: System, tables: np.ndarray, cell: int) -> bool:
    suppliers = set(system.supplier.tolist()) - {-1, int(system.supplier[cell])}
    for supplier in sorted(suppliers):
        known = system.supplier == supplier
        fitting = tables[(tables[:, known] == system.values[known]).all(axis=1)]
        if len(set(fitting[:, cell].tolist())) < 2:
            return True
    return False
