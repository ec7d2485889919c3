"""Reads Parquet: text, integer and float columns as text, nothing else."""

from collections.abc import Iterator
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from .reading import (
    BLOCK,
    DATE,
    LOGICAL,
    LONG,
    LONGEST_TEXT,
    MOST_COLUMNS,
    MOST_ROWS,
    Block,
    Event,
    Sheet,
    encoded,
    plain,
    unreadable,
)


def read(file: IO[bytes]) -> Iterator[Event]:
    """The file's rows, counted from 1 below the header as in a spreadsheet. Raises Unreadable."""
    try:
        table = pq.ParquetFile(file, memory_map=False, pre_buffer=False)
        if table.metadata.num_rows > MOST_ROWS or len(table.schema_arrow) > MOST_COLUMNS:
            raise unreadable("too-large")
        yield Sheet("", dict(enumerate(table.schema_arrow.names)), 1)
        yield from _blocks(table)
    except (pa.ArrowException, OSError, ValueError, LookupError):
        raise unreadable("unreadable") from None


def _blocks(table: pq.ParquetFile) -> Iterator[Block]:
    first = 2
    for batch in table.iter_batches(BLOCK, use_threads=False):
        columns = {place: _text(column, place) for place, column in enumerate(batch.columns)}
        yield Block(pa.array(range(first, first + len(batch)), pa.int32()), columns)
        first += len(batch)


def _text(column: pa.Array, place: int) -> pa.DictionaryArray:
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _text(column.dictionary_decode(), place)
    if pa.types.is_temporal(kind):
        return encoded([DATE] * len(column))
    if pa.types.is_boolean(kind):
        return encoded([LOGICAL] * len(column))
    if pa.types.is_floating(kind):
        return encoded([None if value is None else plain(value) for value in column.to_pylist()])
    if pa.types.is_integer(kind) or pa.types.is_string(kind) or pa.types.is_large_string(kind):
        text = column.cast(pa.string())
        return pc.if_else(pc.greater(pc.utf8_length(text), LONGEST_TEXT), LONG, text).dictionary_encode()
    if pa.types.is_null(kind):
        return encoded([None] * len(column))
    raise unreadable("column-type", column=place)
