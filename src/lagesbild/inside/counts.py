"""An unprotected table: shows its shape, never its values."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NoReturn

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from lagesbild.core.figures import Key, Origin, State

Cell = int | State
"""An unprotected count, or the state that says why there is none (no picture, not applicable)."""

STATES = (State.VALUE, State.NO_PICTURE, State.NOT_APPLICABLE)
"""What a cell can be before protection; a cell's `state` is a position in this tuple."""

VALUE, NO_PICTURE, NOT_APPLICABLE = range(len(STATES))

Coded = tuple[Sequence[str], NDArray[np.int32]]
"""A column: its codes, and each row's position among them."""


@dataclass(frozen=True, repr=False, eq=False)
class Counts:
    """All unprotected cells of one indicator, one row each, in one order whatever the input's order.

    `regions`, `periods`, `sexes` and `ages` are sorted codes; `region`, `period`, `sex` and `age` hold a
    row's positions in them (int32, shape (n,)). `value` is the count (int64, shape (n,), 0 where there is
    none) and `state` the position in `STATES` (uint8, shape (n,)). Rows are sorted by the four positions.

    Nothing about it can be printed, logged or pickled but its shape: use `to_parquet` where bytes are meant.
    """

    indicator: str
    origin: Origin
    regions: tuple[str, ...]
    periods: tuple[str, ...]
    sexes: tuple[str, ...]
    ages: tuple[str, ...]
    region: NDArray[np.int32]
    period: NDArray[np.int32]
    sex: NDArray[np.int32]
    age: NDArray[np.int32]
    value: NDArray[np.int64]
    state: NDArray[np.uint8]

    def __post_init__(self) -> None:
        columns = (self.region, self.period, self.sex, self.age, self.value, self.state)
        if {column.shape for column in columns} != {self.value.shape} or self.value.ndim != 1:
            raise ValueError("columns of different length")
        if (self.value < 0).any() or self.value[self.state != VALUE].any():
            raise ValueError("a cell has a count of zero or more exactly when its state says so")
        if (np.diff(self.place) <= 0).any():
            raise ValueError("cells out of order, or the same cell twice")
        for column in columns:
            column.setflags(write=False)

    @classmethod
    def of(cls, indicator: str, cells: Mapping[Key, Cell], origin: Origin = "reported") -> "Counts":
        """A table of cells given one by one; for small tables."""
        values = [0 if isinstance(cell, State) else cell for cell in cells.values()]
        states = [STATES.index(cell) if isinstance(cell, State) else VALUE for cell in cells.values()]
        return cls.of_columns(
            indicator,
            region=_coded([key.region for key in cells]),
            period=_coded([key.period for key in cells]),
            sex=_coded([key.sex for key in cells]),
            age=_coded([key.age for key in cells]),
            value=np.array(values, np.int64),
            state=np.array(states, np.uint8),
            origin=origin,
        )

    @classmethod
    def of_columns(
        cls,
        indicator: str,
        *,
        region: Coded,
        period: Coded,
        sex: Coded,
        age: Coded,
        value: NDArray[np.int64],
        state: NDArray[np.uint8],
        origin: Origin = "reported",
    ) -> "Counts":
        """A table of columns in any order; a dimension is (codes, each row's position among them)."""
        coded = [_canonical(*column) for column in (region, period, sex, age)]
        order = np.lexsort([positions for _, positions in reversed(coded)])
        regions, periods, sexes, ages = (codes for codes, _ in coded)
        region_at, period_at, sex_at, age_at = (positions[order] for _, positions in coded)
        return cls(
            indicator, origin, regions, periods, sexes, ages,
            region_at, period_at, sex_at, age_at, value[order], state[order],
        )  # fmt: skip

    def __len__(self) -> int:
        return len(self.value)

    def __repr__(self) -> str:
        return (
            f"<Counts {self.indicator} ({self.origin}): {len(self)} cells, {len(self.regions)} regions, "
            f"{len(self.periods)} periods, {len(self.sexes)} sexes, {len(self.ages)} ages>"
        )

    def __reduce__(self) -> NoReturn:
        raise TypeError("unprotected counts are not pickled")

    @cached_property
    def place(self) -> NDArray[np.int64]:
        """One number per cell that orders the cells and tells them apart; shape (n,)."""
        place = self.region.astype(np.int64)
        for positions, codes in ((self.period, self.periods), (self.sex, self.sexes), (self.age, self.ages)):
            place = place * len(codes) + positions
        return place

    def __getitem__(self, key: Key) -> Cell:
        """The cell's count, or why it has none; a cell that nobody reported has no picture."""
        found = self._row_of.get(key)
        return State.NO_PICTURE if found is None else self._cell(found)

    def __contains__(self, key: object) -> bool:
        return key in self._row_of

    def cells(self) -> Iterator[tuple[Key, Cell]]:
        """Every cell in order. For small tables and tests; large ones are read by column."""
        return ((key, self._cell(row)) for key, row in self._row_of.items())

    @cached_property
    def _row_of(self) -> Mapping[Key, int]:
        return {key: row for row, key in enumerate(self._keys())}

    def _keys(self) -> Iterable[Key]:
        columns = (self.region, self.period, self.sex, self.age)
        for region, period, sex, age in zip(*(column.tolist() for column in columns), strict=True):
            yield Key(self.regions[region], self.periods[period], self.sexes[sex], self.ages[age])

    def _cell(self, row: int) -> Cell:
        state = STATES[self.state[row]]
        return int(self.value[row]) if state is State.VALUE else state

    def to_parquet(self) -> bytes:
        """The same bytes for the same cells: no statistics, no hidden copies, no library metadata."""
        table = pa.table(
            {
                "indicator": _dictionary((self.indicator,), np.zeros(len(self), np.int32)),
                "region": _dictionary(self.regions, self.region),
                "period": _dictionary(self.periods, self.period),
                "sex": _dictionary(self.sexes, self.sex),
                "age": _dictionary(self.ages, self.age),
                "count": pa.array(self.value, mask=self.state != VALUE),
                "state": _dictionary(tuple(STATES), self.state.astype(np.int32)),
            },
        )
        sink = pa.BufferOutputStream()
        with pq.ParquetWriter(
            sink, table.schema, compression="zstd", write_statistics=False, store_schema=False
        ) as writer:
            writer.write_table(table)
            writer.add_key_value_metadata({"indicator": self.indicator})
            writer.add_key_value_metadata({"origin": self.origin})
        return bytes(sink.getvalue())

    @classmethod
    def from_parquet(cls, raw: bytes) -> "Counts":
        """The table of `to_parquet`'s bytes. Raises ValueError or KeyError for anything else."""
        file = pq.ParquetFile(pa.BufferReader(raw))
        meta = file.metadata.metadata or {}
        table = file.read(use_threads=False)
        marks, mark = _undictionary(table["state"])
        return cls.of_columns(
            meta[b"indicator"].decode(),
            region=_undictionary(table["region"]),
            period=_undictionary(table["period"]),
            sex=_undictionary(table["sex"]),
            age=_undictionary(table["age"]),
            value=table["count"].fill_null(0).to_numpy().astype(np.int64),
            state=np.array([STATES.index(State(each)) for each in marks], np.uint8)[mark],
            origin="example" if meta[b"origin"] == b"example" else "reported",
        )


def _coded(codes: Sequence[str]) -> tuple[tuple[str, ...], NDArray[np.int32]]:
    """Sorted distinct codes, and each one's position among them."""
    distinct = tuple(sorted(set(codes)))
    position = {code: place for place, code in enumerate(distinct)}
    return distinct, np.array([position[code] for code in codes], np.int32)


def _canonical(
    codes: Sequence[str], positions: NDArray[np.int32]
) -> tuple[tuple[str, ...], NDArray[np.int32]]:
    """The same column with sorted codes and none that no row uses."""
    used = np.unique(positions)
    distinct, new = _coded([codes[place] for place in used])
    renamed = np.zeros(len(codes), np.int32)
    renamed[used] = new
    return distinct, renamed[positions]


def _dictionary(codes: tuple[str, ...], positions: NDArray[np.int32]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(positions), pa.array([str(code) for code in codes]))


def _undictionary(column: pa.ChunkedArray) -> tuple[list[str], NDArray[np.int32]]:
    coded = column.combine_chunks().dictionary_encode()
    return coded.dictionary.to_pylist(), coded.indices.to_numpy().astype(np.int32)
