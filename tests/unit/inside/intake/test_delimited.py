"""Delimited text: encodings, delimiters, rows that do not fit, and files in more than one block."""

import io

import pytest

from lagesbild.inside.intake import child, delimited
from lagesbild.inside.intake.reading import MOST_COLUMNS, Block, Event, Fault, Sheet


def events(raw: bytes) -> list[Event]:
    return list(child.events(io.BytesIO(raw), "csv"))


def cells(raw: bytes) -> list[tuple[int, ...]]:
    """Every row below the header: its line and its texts."""
    return [
        row
        for block in events(raw)
        if isinstance(block, Block)
        for row in zip(
            block.rows.to_pylist(), *(column.to_pylist() for column in block.columns.values()), strict=True
        )
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1252"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_the_same_rows_in_every_dress(delimiter, encoding, line_end):
    raw = line_end.join((f"region{delimiter}count", f"Umeå{delimiter}1", "", f"Åre{delimiter}2")).encode(
        encoding
    )
    assert events(raw)[0] == Sheet("", {0: "region", 1: "count"}, 1)
    assert cells(raw) == [(2, "Umeå", "1"), (4, "Åre", "2")]


@pytest.mark.parametrize(
    ("raw", "first_row"),
    [
        ("a;b\n1;2\n".encode("utf-16"), 2),
        (b"sep=;\r\na;b\r\n1;2\r\n", 3),
        (b"a;b;;\n1;2;;\n;;;\n", 2),
        (b"a;b\n1;2;\n", 2),
        (b"a;b;\n1;2\n", 2),
        (b";;\na;b\n1;2\n", 3),
    ],
)
def test_what_spreadsheets_add_around_a_table_is_no_part_of_it(raw, first_row):
    assert cells(raw) == [(first_row, "1", "2")]


def test_quotes_may_hold_the_delimiter_and_the_line_end():
    assert cells(b'a,b\n"1,5","x\ny"\n3,4\n') == [(3, "1,5", "x\ny"), (4, "3", "4")]


def test_rows_with_other_numbers_of_fields_are_faults():
    raw = b"a,b\n1\n1,2,3\n,\n,,\n1,2\n"
    assert [event for event in events(raw) if isinstance(event, Fault)] == [
        Fault("ragged-row", 2),
        Fault("ragged-row", 3),
    ]
    assert [row[0] for row in cells(raw)] == [6]  # rows of nothing but delimiters are no rows


def test_a_long_file_comes_in_blocks(monkeypatch):
    monkeypatch.setattr(delimited, "BLOCK", 2)
    raw = b"a;b\n" + b"1;2\n" * 5
    blocks = [event for event in events(raw) if isinstance(event, Block)]
    assert [block.rows.to_pylist() for block in blocks] == [[2, 3], [4, 5], [6]]
    assert blocks[-1].bytes_read == len(raw)
    monkeypatch.setattr(delimited, "MOST_ROWS", 3)
    assert events(raw)[-1] == Fault("too-large")


@pytest.mark.parametrize(
    ("raw", "rule"),
    [
        (b"a;b\n1;\x00\n", "not-text"),
        (b"a;b\n1;\x07\n", "not-text"),
        ("a;b\n1;2\n".encode("utf-32"), "not-text"),
        (b"a;b\n1;\x81\xff\n", "not-text"),
        (b"a;b\n1;" + b"x" * 1_001 + b"\n", "free-text"),
        (b'a;b\n1;"2\n', "broken-quotes"),
        (b'a;b\n1;"2"3\n', "broken-quotes"),
        (b";".join([b"a"] * (MOST_COLUMNS + 1)) + b"\n", "too-large"),
        (b";;\n;;\n", "no-table"),
    ],
)
def test_what_is_no_table_of_text_is_a_fault(raw, rule):
    assert events(raw)[-1].rule == rule


def test_a_letter_cut_at_the_end_of_the_file_is_no_utf_8():
    assert cells("a;b\n1;Umeå".encode()[:-1]) == [(2, "1", "UmeÃ")]
