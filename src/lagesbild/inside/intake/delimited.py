"""Reads delimited text: comma, semicolon or tab; UTF-8 with or without byte order mark, or Windows-1252."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING

import pyarrow as pa

from .reading import (
    BLOCK,
    LONGEST_TEXT,
    MOST_COLUMNS,
    MOST_ROWS,
    Block,
    Event,
    Fault,
    Sheet,
    encoded,
    unreadable,
)

if TYPE_CHECKING:
    from _csv import Reader

_NO_TEXT = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_MEGABYTE = 1 << 20


def read(file: IO[bytes]) -> Iterator[Event]:
    """The file's rows; a row's number is that of its line. Raises Unreadable."""
    text = io.TextIOWrapper(file, _encoding(file), newline="")
    delimiter = _delimiter(text)
    csv.field_size_limit(LONGEST_TEXT)
    rows = csv.reader(text, delimiter=delimiter, strict=True)
    try:
        yield from _events(rows, file)
    except csv.Error as error:
        rule = "free-text" if "field limit" in str(error) else "broken-quotes"
        raise unreadable(rule, rows.line_num) from None
    finally:
        text.detach()  # the file belongs to the caller


def _events(rows: "Reader", file: IO[bytes]) -> Iterator[Event]:
    header = next((row for row in rows if any(row)), None)
    if header is None:
        raise unreadable("no-table")
    if len(header) > MOST_COLUMNS:
        raise unreadable("too-large", rows.line_num)
    yield Sheet("", dict(enumerate(header)), rows.line_num)
    numbers: list[int] = []
    found: list[list[str]] = []
    for row in rows:
        if len(row) != len(header):
            if any(row):
                yield Fault("ragged-row", rows.line_num)
            continue
        numbers.append(rows.line_num)
        found.append(row)
        if len(found) == BLOCK:
            yield _block(numbers, found, file)
            numbers, found = [], []
            if rows.line_num > MOST_ROWS:
                raise unreadable("too-large")
    if found:
        yield _block(numbers, found, file)


def _block(numbers: list[int], rows: list[list[str]], file: IO[bytes]) -> Block:
    columns = {place: encoded(column) for place, column in enumerate(zip(*rows, strict=True))}
    return Block(pa.array(numbers, pa.int32()), columns, file.tell())


def _encoding(file: IO[bytes]) -> str:
    """UTF-8 where the whole file is, else Windows-1252 where the whole file can be."""
    possible = {name: codecs.getincrementaldecoder(name)("strict") for name in ("utf-8-sig", "windows-1252")}
    while block := file.read(_MEGABYTE):
        if _NO_TEXT.search(block):
            raise unreadable("not-text")
        for name in list(possible):
            if not _decodes(possible[name], block):
                del possible[name]
    if "utf-8-sig" in possible and not _decodes(possible["utf-8-sig"], b"", final=True):
        del possible["utf-8-sig"]
    file.seek(0)
    if not possible:
        raise unreadable("not-text")
    return next(iter(possible))


def _decodes(decoder: codecs.IncrementalDecoder, block: bytes, final: bool = False) -> bool:
    try:
        decoder.decode(block, final)
    except UnicodeDecodeError:
        return False
    return True


def _delimiter(text: io.TextIOWrapper) -> str:
    """The delimiter that the first line with text has most of; a semicolon where it has none."""
    first = ""
    while not first.strip():
        first = text.readline(MOST_COLUMNS * LONGEST_TEXT)
        if not first:
            break
    text.seek(0)
    return max((";", "\t", ","), key=first.count)
