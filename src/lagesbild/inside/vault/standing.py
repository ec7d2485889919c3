"""The table as it stands: what later vintages state replaces what earlier ones stated, cell by cell."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lagesbild.inside.counts import NO_PICTURE, Coded, Counts

_DIMENSIONS = (("regions", "region"), ("periods", "period"), ("sexes", "sex"), ("ages", "age"))


def standing(vintages: Sequence[Counts]) -> Counts:
    """One table of an indicator's vintages, given from the oldest to the newest; at least one.

    A blank says nothing, so it takes nothing back: whoever corrects one municipality leaves the others be.
    """
    columns = [_stacked(vintages, codes, positions) for codes, positions in _DIMENSIONS]
    value = np.concatenate([each.value for each in vintages])
    state = np.concatenate([each.state for each in vintages])
    rows = _last_stated(columns, state)
    region, period, sex, age = ((codes, positions[rows]) for codes, positions in columns)
    return Counts.of_columns(
        vintages[0].indicator,
        region=region,
        period=period,
        sex=sex,
        age=age,
        value=value[rows],
        state=state[rows],
        origin=vintages[0].origin,
    )


def _stacked(vintages: Sequence[Counts], codes: str, positions: str) -> Coded:
    """One column of all vintages, one below the other, in common codes."""
    common = sorted({code for each in vintages for code in getattr(each, codes)})
    place = {code: i for i, code in enumerate(common)}
    renamed = [
        np.array([place[code] for code in getattr(each, codes)], np.int32)[getattr(each, positions)]
        for each in vintages
    ]
    return common, np.concatenate(renamed)


def _last_stated(columns: Sequence[Coded], state: NDArray[np.uint8]) -> NDArray[np.intp]:
    """For each cell the last of its rows that states something."""
    rows = np.flatnonzero(state != NO_PICTURE)[::-1]
    cell = np.zeros(len(rows), np.int64)
    for codes, positions in columns:
        cell = cell * len(codes) + positions[rows]
    return rows[np.unique(cell, return_index=True)[1]]
