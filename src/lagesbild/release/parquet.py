"""A released table as Parquet, and back. The same figures always give the same bytes."""

import io

import pyarrow as pa
import pyarrow.parquet as pq

from lagesbild.core.figures import Figure, Figures, Key, State

from .origin import MARK, mark
from .rows import Row, rows

_SCHEMA = pa.schema(
    [
        ("region", pa.string()),
        ("period", pa.string()),
        ("sex", pa.string()),
        ("age", pa.string()),
        ("value", pa.int64()),
        ("status", pa.string()),
        ("municipalities", pa.int32()),
    ]
)


def write(figures: Figures) -> bytes:
    """Parquet bytes without column statistics or a stored Arrow schema.

    Statistics would repeat the smallest and largest value; the schema's bytes change with the library.
    """
    table = pa.Table.from_pylist([row._asdict() for row in rows(figures)], schema=_SCHEMA)
    into = io.BytesIO()
    with pq.ParquetWriter(
        into, _SCHEMA, compression="zstd", write_statistics=False, store_schema=False
    ) as writer:
        writer.write_table(table)
        writer.add_key_value_metadata({"indicator": figures.indicator, "origin": mark(figures.origin)})
    return into.getvalue()


def read(content: bytes) -> Figures:
    """The figures in Parquet bytes of ours. Raises ValueError or KeyError for anything else."""
    file = pq.ParquetFile(io.BytesIO(content))
    metadata = file.metadata.metadata
    table = file.read(use_threads=False).to_pydict()
    found = [Row(*values) for values in zip(*(table[name] for name in Row._fields), strict=True)]
    return Figures(
        indicator=metadata[b"indicator"].decode(),
        origin=next(origin for origin in MARK if mark(origin) == metadata[b"origin"].decode()),
        cells={Key(*row[:4]): Figure(row.value, State(row.status)) for row in found},
        coverage={Key(*row[:4]): row.municipalities for row in found if row.municipalities is not None},
    )
