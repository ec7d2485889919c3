"""An unprotected table shows its shape and nothing else."""

import copy
import pickle

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lagesbild.core.figures import Key, State
from lagesbild.inside.counts import Counts

CANARY = 8_675_309

CELLS = {
    Key("2482", "2024"): State.NO_PICTURE,
    Key("2480", "2024"): CANARY,
    Key("0114", "2024", "K"): State.NOT_APPLICABLE,
    Key("0114", "2023"): 0,
}


def test_cells_come_back_in_one_order_whatever_the_input_order():
    forward = Counts.of("D01", CELLS)
    backward = Counts.of("D01", dict(reversed(CELLS.items())))
    assert list(forward.cells()) == sorted(CELLS.items())
    assert forward.to_parquet() == backward.to_parquet()


def test_a_cell_that_nobody_reported_has_no_picture():
    counts = Counts.of("D01", CELLS)
    assert counts[Key("0114", "2023")] == 0
    assert counts[Key("1280", "2023")] is State.NO_PICTURE
    assert Key("2480", "2024") in counts
    assert Key("1280", "2023") not in counts


def test_it_shows_its_shape_and_never_a_value():
    counts = Counts.of("D01", CELLS)
    assert repr(counts) == str(counts) == f"{counts}"
    assert repr(counts) == "<Counts D01 (reported): 4 cells, 3 regions, 2 periods, 2 sexes, 1 ages>"


@pytest.mark.parametrize("copies", [pickle.dumps, copy.copy, copy.deepcopy])
def test_it_refuses_pickling_and_copying(copies):
    with pytest.raises(TypeError, match="not pickled") as refused:
        copies(Counts.of("D01", CELLS))
    assert str(CANARY) not in str(refused.value)


def test_its_columns_cannot_be_changed():
    with pytest.raises(ValueError, match="read-only"):
        Counts.of("D01", CELLS).value[0] = 1


@pytest.mark.parametrize(
    ("value", "state", "message"),
    [([-CANARY, 0], [0, 0], "zero or more"), ([CANARY, 0], [1, 0], "exactly when")],
)
def test_it_cannot_hold_what_no_count_can_be(value, state, message):
    total = (["T"], np.array([0, 0], np.int32))
    with pytest.raises(ValueError, match=message) as refused:
        Counts.of_columns(
            "D01",
            region=(["2480", "2482"], np.array([0, 1], np.int32)),
            period=(["2024"], total[1]),
            sex=total,
            age=total,
            value=np.array(value, np.int64),
            state=np.array(state, np.uint8),
        )
    assert str(CANARY) not in str(refused.value)


def test_columns_of_different_length_are_no_table():
    two, one = np.zeros(2, np.int32), np.zeros(1, np.int32)
    with pytest.raises(ValueError, match="different length"):
        Counts("D01", "reported", ("a",), ("b",), ("T",), ("T",), two, two, two, two, one, one)


def test_the_same_cell_twice_is_refused():
    twice = np.array([0, 0], np.int32)
    with pytest.raises(ValueError, match="same cell twice"):
        Counts.of_columns(
            "D01",
            region=(["2480"], twice),
            period=(["2024"], twice),
            sex=(["T"], twice),
            age=(["T"], twice),
            value=np.array([1, 1], np.int64),
            state=np.array([0, 0], np.uint8),
        )


@pytest.mark.parametrize("cells", [CELLS, {}])
@pytest.mark.parametrize("origin", ["reported", "example"])
def test_parquet_gives_the_same_table_back(cells, origin):
    counts = Counts.of("D01", cells, origin)
    again = Counts.from_parquet(counts.to_parquet())
    assert (again.indicator, again.origin) == ("D01", origin)
    assert list(again.cells()) == list(counts.cells())
    assert again.to_parquet() == counts.to_parquet()


def test_parquet_holds_the_cells_and_nothing_beside_them():
    file = pq.ParquetFile(pa.BufferReader(Counts.of("D01", CELLS).to_parquet()))
    group = file.metadata.row_group(0)
    assert not any(group.column(place).is_stats_set for place in range(group.num_columns))
    assert set(file.metadata.metadata) == {b"indicator", b"origin"}


@pytest.mark.parametrize("raw", [b"", b"PAR1", b"PAR1" * 40])
def test_bytes_that_are_no_table_raise_an_ordinary_error(raw):
    with pytest.raises((ValueError, KeyError)):
        Counts.from_parquet(raw)
