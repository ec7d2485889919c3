"""Reads Parquet: text, integer and float columns as text, nothing else."""

import json
from collections.abc import Iterator
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from .beside import STRUCTURE
from .reading import (
    BLOCK,
    DATE,
    LOGICAL,
    LONG,
    LONGEST_TEXT,
    MOST_COLUMNS,
    MOST_ROWS,
    Beside,
    Block,
    Event,
    Sheet,
    encoded,
    plain,
    unreadable,
)

_PROGRAMS_OWN = frozenset(("ARROW:schema", "pandas", "r", "org.apache.spark.version", "writer.model.name"))


def read(file: IO[bytes]) -> Iterator[Event]:
    """The file's rows, counted from 1 below the header as in a spreadsheet. Raises Unreadable."""
    try:
        table = pq.ParquetFile(file, memory_map=False, pre_buffer=False)
        if table.metadata.num_rows > MOST_ROWS or len(table.schema_arrow) > MOST_COLUMNS:
            raise unreadable("too-large")
        yield Sheet("", dict(enumerate(table.schema_arrow.names)), 1)
        yield from _notes(table.schema_arrow)
        yield from _blocks(table)
    except (pa.ArrowException, OSError, ValueError, LookupError, AttributeError, TypeError):
        raise unreadable("unreadable") from None


def _notes(schema: pa.Schema) -> Iterator[Beside]:
    """What a file says beside its columns: nothing, but for what programs write of themselves."""
    for key, value in (schema.metadata or {}).items():
        name, text = key.decode(errors="replace"), value.decode(errors="replace")
        if name == "pandas":
            yield from _pandas(text)
        elif name not in _PROGRAMS_OWN:
            yield from (Beside("hidden-text", each[:LONGEST_TEXT], 1) for each in (name, text))
    for place, each in enumerate(schema):
        for key, value in (each.metadata or {}).items():
            if key != b"PARQUET:field_id":
                yield Beside("hidden-text", f"{key!r} {value!r}"[:LONGEST_TEXT], 1, place)


def _pandas(text: str) -> Iterator[Beside]:
    """The attributes that someone gave a data frame; the rest describes its columns."""
    said = json.loads(text)
    if said.get("attributes"):
        yield Beside("hidden-text", json.dumps(said["attributes"])[:LONGEST_TEXT], 1)
    for each in said.get("columns", ()):
        yield Beside(STRUCTURE, str(each)[:LONGEST_TEXT], 1)


def _blocks(table: pq.ParquetFile) -> Iterator[Block]:
    first = 2
    for batch in table.iter_batches(BLOCK, use_threads=False):
        columns = {place: _text(column, place) for place, column in enumerate(batch.columns)}
        yield Block(pa.array(range(first, first + len(batch)), pa.int32()), columns)
        first += len(batch)


def _text(column: pa.Array, place: int) -> pa.DictionaryArray:
    kind = column.type
    if pa.types.is_dictionary(kind):
        words = _text(column.dictionary, place).dictionary_decode()
        if pa.types.is_string(kind.value_type) or pa.types.is_large_string(kind.value_type):
            return pa.DictionaryArray.from_arrays(column.indices.cast(pa.int32()), words)
        return words.take(column.indices).dictionary_encode()
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
