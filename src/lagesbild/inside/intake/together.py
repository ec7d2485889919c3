"""What comes in must agree with what was taken in before: the same sums, over the table as it then stands."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lagesbild.core.indicator import Identity, Indicator
from lagesbild.core.refusal import Place
from lagesbild.inside.counts import NO_PICTURE, Counts
from lagesbild.reference import Reference

from . import additivity
from .plausible import Broken
from .table import NAMES, Table

Standing = Callable[[str], Counts]
"""An indicator's table as it stands once the import is kept; empty where nothing was ever stated."""

RULES = {
    "sum-of-sexes": "stored-sum-of-sexes",
    "sum-of-ages": "stored-sum-of-ages",
    "sum-of-periods": "stored-sum-of-periods",
    "sum-of-regions": "stored-sum-of-regions",
}
BETWEEN = "stored-sum-of-indicators"


_CODES_OF = ("regions", "periods", "sexes", "ages")


def broken(
    tables: Mapping[str, Table], standing: Standing, reference: Reference
) -> Iterator[tuple[Table, Broken]]:
    """Rows of the import that take part in a sum which no longer adds up.

    A sum in which no row of the import takes part is not this import's to mend.
    """
    found = {code: standing(code) for code in sorted(_concerned(tables, reference))}
    kept = {code: counts for code, counts in found.items() if len(counts)}
    codes = [sorted({code for each in kept.values() for code in getattr(each, name)}) for name in _CODES_OF]
    merged = {
        code: _merged(reference.indicators[code], counts, tables.get(code), codes)
        for code, counts in kept.items()
    }
    for code in sorted(tables.keys() & merged.keys()):
        for each in additivity.sums(merged[code], reference.geography):
            rows = _taking_part(merged[code].row, each.wrong, each.totals, merged[code].row[each.parts])
            yield tables[code], Broken(RULES[each.rule], rows, "count")
    for identity in additivity.identities(merged):
        yield from _between(identity, merged, tables)


def _concerned(tables: Mapping[str, Table], reference: Reference) -> set[str]:
    """The import's indicators, and those that an identity binds to them."""
    identities = {each for indicator in reference.indicators.values() for each in indicator.identities}
    bound = [{each.total, *each.parts} for each in identities]
    return set(tables).union(*(codes for codes in bound if codes & tables.keys()))


def _merged(
    indicator: Indicator, counts: Counts, imported: Table | None, codes: Sequence[Sequence[str]]
) -> Table:
    """The standing table in common codes. `row`: which of the import's rows stated a cell, or -1."""
    at = tuple(
        _renamed(getattr(counts, own), common, getattr(counts, name))
        for own, common, name in zip(_CODES_OF, codes, NAMES, strict=True)
    )
    nowhere = np.full(len(counts), -1, np.int64)
    table = Table(indicator, tuple(codes), at, counts.value, counts.state, _no_place, nowhere)
    return table if imported is None else replace(table, row=_stated_by(imported, table))


def _stated_by(imported: Table, standing: Table) -> NDArray[np.int64]:
    """For each cell the import's row that states it, or -1; a blank states nothing."""
    stated = np.flatnonzero(imported.state != NO_PICTURE)
    if not len(stated):
        return standing.row
    at = tuple(
        _renamed(own, common, at[stated])
        for own, common, at in zip(imported.codes, standing.codes, imported.at, strict=True)
    )
    same = replace(imported, codes=standing.codes, at=at, value=imported.value[stated], row=stated)
    found = same.find(standing.cell)
    return np.where(found >= 0, stated[found], -1)


def _renamed(own: Sequence[str], common: Sequence[str], at: NDArray[np.int32]) -> NDArray[np.int32]:
    """Positions among common codes; what is stated is always among them."""
    position = {code: place for place, code in enumerate(common)}
    return np.array([position.get(code, -1) for code in own], np.int32)[at]


def _taking_part(
    row: NDArray[np.int64], wrong: NDArray[np.int64], totals: NDArray[np.int64], parts: NDArray[np.int64]
) -> NDArray[np.int64]:
    """For each wrong total the import's row to show: the total's own, or else the first of its parts'.

    `row` is the import's row of each total; `parts` that of each part, and `totals` which total it has.
    """
    shown = np.full(len(row), -1, np.int64)
    ours = np.flatnonzero(parts >= 0)[::-1]
    shown[totals[ours]] = parts[ours]
    shown = np.where(row >= 0, row, shown)[wrong]
    return shown[shown >= 0]


def _between(
    identity: Identity, merged: Mapping[str, Table], tables: Mapping[str, Table]
) -> Iterator[tuple[Table, Broken]]:
    """Each wrong total once, in the first of the import's tables that has a row in it."""
    total = merged[identity.total]
    wrong = additivity.disagreeing(total, identity, merged)
    for code in (identity.total, *identity.parts):
        if code not in tables or not len(wrong):
            continue
        rows = merged[code].row[merged[code].find(total.cell[wrong])]
        yield tables[code], Broken(BETWEEN, rows[rows >= 0], "count")
        wrong = wrong[rows < 0]


def _no_place(_: int, __: str) -> Place:
    return Place()
