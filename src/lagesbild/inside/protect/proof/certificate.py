"""A proof that a pattern is safe: alternative tables an attacker cannot rule out. Checked by sums."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from ..problem.system import Flags, Ints, System

TRUTH = -1
"""Row number of the true table itself, which is always feasible."""
AT_A_TIME = 1000
"""Tables looked at together; a large system has tens of thousands, of hundreds of cells each."""


@dataclass(frozen=True, eq=False)
class Certificate:
    """Whole-number alternative tables, as deviations from the truth. Private: it holds the truth.

    deviations: (k, n).  cells: the unsafe cells it speaks of, (u,).
    highest, lowest: for each of them the row in which it is largest and smallest, or TRUTH, (u,).
    moving: pairs (place in `cells`, row) of tables shown to insiders, (p, 2).
    """

    deviations: sp.csr_array
    cells: Ints
    highest: Ints
    lowest: Ints
    moving: Ints


def interval(system: System, certificate: Certificate) -> tuple[Ints, Ints]:
    """Least and largest value of each cell of `certificate.cells` that its tables show possible."""
    x = system.values[certificate.cells]
    return (
        x + _deviation(certificate, certificate.lowest),
        x + _deviation(certificate, certificate.highest),
    )


def unproven(system: System, hidden: Flags, certificate: Certificate, insider: bool = False) -> Ints:
    """Unsafe cells that the certificate does not prove protected; empty when the pattern is safe.

    Exact: integers only, no tolerance. A table that breaks an equation, a published cell or what the attacker
    believes of a hidden one proves nothing, and everything resting on it counts as unproven.
    """
    if certificate.deviations.shape[1] != system.size or not _names_its_rows(certificate):
        return np.flatnonzero(system.unsafe)
    sound = sound_tables(system, hidden, certificate.deviations)
    low, high = interval(system, certificate)
    cells = certificate.cells
    proven = _holds(sound, certificate.highest) & _holds(sound, certificate.lowest) & hidden[cells]
    proven &= (high >= system.threshold[cells]) & (high - low >= system.width[cells])
    if insider:
        proven &= _kept_from_insiders(system, certificate, sound)
    return np.setdiff1d(np.flatnonzero(system.unsafe), cells[proven])


def _names_its_rows(certificate: Certificate) -> bool:
    """Whether every row named is one of its own: counting from the end would mean others here and there."""
    least = ((certificate.highest, TRUTH), (certificate.lowest, TRUTH), (certificate.moving[:, 1], 0))
    many = certificate.deviations.shape[0]
    return all(not np.any((rows < first) | (rows >= many)) for rows, first in least)


def sound_tables(system: System, hidden: Flags, deviations: sp.csr_array) -> Flags:
    """Which rows are tables that the attacker cannot rule out, shape (k,). Looks at a few rows at a time, so
    that memory does not grow with their number."""
    parts = (deviations[first : first + AT_A_TIME] for first in range(0, deviations.shape[0], AT_A_TIME))
    return np.concatenate([np.zeros(0, dtype=bool), *(_sound(system, hidden, part) for part in parts)])


def _sound(system: System, hidden: Flags, deviations: sp.csr_array) -> Flags:
    rows = np.repeat(np.arange(deviations.shape[0]), np.diff(deviations.indptr))
    cells, by = deviations.indices, deviations.data.astype(np.int64)
    value = system.values[cells] + by
    broken = (by != 0) & ~hidden[cells] | (value < system.floor[cells]) | (value > system.ceiling[cells])
    sound = np.ones(deviations.shape[0], dtype=bool)
    sound[rows[broken]] = False
    balance = sp.csr_array(deviations @ system.equations.T)
    balance.eliminate_zeros()
    sound[np.diff(balance.indptr) > 0] = False
    return sound


def _holds(sound: Flags, row: Ints) -> Flags:
    return np.append(sound, True)[row]  # TRUTH is -1: the last place


def _deviation(certificate: Certificate, row: Ints) -> Ints:
    """How far each row moves the cell beside it; 0 for TRUTH and for cells that the row leaves alone."""
    told = np.flatnonzero(row != TRUTH)
    found = np.zeros(len(row), dtype=np.int64)
    for first in range(0, len(told), AT_A_TIME):
        places = told[first : first + AT_A_TIME]
        rows = certificate.deviations[row[places]].tocoo()
        meant = rows.col == certificate.cells[places][rows.row]
        np.add.at(found, places[rows.row[meant]], rows.data[meant])
    return found


def _kept_from_insiders(system: System, certificate: Certificate, sound: Flags) -> Flags:
    """Cells that no other supplier can pin: for each one some table moves the cell and nothing of hers."""
    touched: list[set[int] | None] = [None] * len(certificate.cells)
    deviations = certificate.deviations
    for place, row in certificate.moving.tolist():
        part = slice(deviations.indptr[row], deviations.indptr[row + 1])
        cells = deviations.indices[part][deviations.data[part] != 0]
        if sound[row] and certificate.cells[place] in cells:
            known = set(system.supplier[cells].tolist())
            before = touched[place]
            touched[place] = known if before is None else before & known
    own = map(system.known_to, certificate.cells.tolist())
    return np.array(
        [known is not None and known <= mine for known, mine in zip(touched, own, strict=True)], dtype=bool
    )
