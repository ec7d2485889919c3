"""Reads delimited text: comma, semicolon or tab; UTF-8, UTF-16 or Windows-1252."""

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

_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NAMED = re.compile(r"sep=([;,\t])")
_MEGABYTE = 1 << 20


def read(file: IO[bytes]) -> Iterator[Event]:
    """The file's rows; a row's number is that of its line. Raises Unreadable."""
    text = io.TextIOWrapper(file, _encoding(file), newline="")
    delimiter, before = _delimiter(text)
    csv.field_size_limit(LONGEST_TEXT)
    rows = csv.reader(text, delimiter=delimiter, strict=True)
    try:
        yield from _events(rows, file, before)
    except csv.Error as error:
        rule = "free-text" if "field limit" in str(error) else "broken-quotes"
        raise unreadable(rule, rows.line_num + before) from None
    finally:
        text.detach()  # the file belongs to the caller


def _events(rows: "Reader", file: IO[bytes], before: int) -> Iterator[Event]:
    header = next((row for row in rows if any(row)), None)
    if header is None:
        raise unreadable("no-table")
    while not header[-1].strip():
        header.pop()
    width = len(header)
    if width > MOST_COLUMNS:
        raise unreadable("too-large", rows.line_num + before)
    yield Sheet("", dict(enumerate(header)), rows.line_num + before)
    numbers: list[int] = []
    found: list[list[str]] = []
    for row in rows:
        if len(row) != width:
            if not any(row):
                continue
            if len(row) < width or any(row[width:]):
                yield Fault("ragged-row", rows.line_num + before)
                continue
        elif not any(row):
            continue
        numbers.append(rows.line_num + before)
        found.append(row[:width])
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
    """UTF-16 where the file says so, UTF-8 where the whole file is, else Windows-1252 where it can be."""
    says = file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    names = ("utf-16",) if says else ("utf-8-sig", "windows-1252")
    file.seek(0)
    possible = {name: codecs.getincrementaldecoder(name)("strict") for name in names}
    while block := file.read(_MEGABYTE):
        texts = {name: _decoded(decoder, block) for name, decoder in possible.items()}
        possible = {name: possible[name] for name, text in texts.items() if text is not None}
        if any(_NO_TEXT.search(texts[name] or "") for name in possible):
            raise unreadable("not-text")
    possible = {name: each for name, each in possible.items() if _decoded(each, b"", True) is not None}
    file.seek(0)
    if not possible:
        raise unreadable("not-text")
    return next(iter(possible))


def _decoded(decoder: codecs.IncrementalDecoder, block: bytes, final: bool = False) -> str | None:
    try:
        return decoder.decode(block, final)
    except UnicodeDecodeError:
        return None


def _delimiter(text: io.TextIOWrapper) -> tuple[str, int]:
    """The delimiter, and how many lines stand before the table.

    A first line `sep=;` names it, for Excel. Else it is what the first line with text has most of, and a
    semicolon where that has none.
    """
    first, before = "", 0
    while not first.strip():
        first = text.readline(MOST_COLUMNS * LONGEST_TEXT)
        if not first:
            break
        before += 1
    named = _NAMED.fullmatch(first.strip())
    if named:
        return named[1], before
    text.seek(0)
    return max((";", "\t", ","), key=first.count), 0
