"""Parquet: which types of columns are read, and as what."""

import io
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lagesbild.inside.intake import child, parquet, reading
from lagesbild.inside.intake.reading import Block, Event, Fault, Sheet


def events(*columns: pa.Array) -> list[Event]:
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table(list(columns), names=[f"c{place}" for place in range(len(columns))]), sink)
    return list(child.events(io.BytesIO(sink.getvalue()), "parquet"))


@pytest.mark.parametrize(
    ("column", "texts"),
    [
        (pa.array(["2480", None]), ["2480", None]),
        (pa.array(["2480", "x" * 2_000], pa.large_string()), ["2480", reading.LONG]),
        (pa.array(["a", "b"]).dictionary_encode(), ["a", "b"]),
        (pa.array([1, None], pa.int8()), ["1", None]),
        (pa.array([2**60, 0], pa.uint64()), [str(2**60), "0"]),
        (pa.array([12.0, 12.5, None]), ["12", "12.5", None]),
        (pa.array([float("nan"), float("inf")]), ["nan", "inf"]),
        (pa.array([True, None]), [reading.LOGICAL, reading.LOGICAL]),
        (pa.array([date(1988, 3, 20)]), [reading.DATE]),
        (pa.array([None, None]), [None, None]),
    ],
)
def test_a_column_becomes_text(column, texts):
    sheet, block = events(column)
    assert sheet == Sheet("", {0: "c0"}, 1)
    assert isinstance(block, Block)
    assert block.columns[0].to_pylist() == texts
    assert block.rows.to_pylist() == list(range(2, len(texts) + 2))


@pytest.mark.parametrize(
    "column",
    [pa.array([b"x"]), pa.array([[1]]), pa.array([{"a": 1}]), pa.array([1]).cast(pa.decimal128(22, 2))],
)
def test_a_column_of_another_type_is_a_fault(column):
    assert events(pa.array(["2480"]), column)[-1] == Fault("column-type", None, 1)


def test_too_many_rows_or_columns_are_not_even_read(monkeypatch):
    monkeypatch.setattr(parquet, "MOST_ROWS", 1)
    assert events(pa.array(["a", "b"])) == [Fault("too-large")]
    monkeypatch.setattr(parquet, "MOST_COLUMNS", 1)
    assert events(pa.array(["a"]), pa.array(["b"])) == [Fault("too-large")]
