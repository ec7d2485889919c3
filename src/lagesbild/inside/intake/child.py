"""The process that parses: one file on standard input, limits, and events on standard output.

Run by `sandbox`. It never learns the file's name, opens no file, and says nothing on standard error.
"""

import json
import os
import resource
import struct
from collections.abc import Callable, Generator, Iterator
from dataclasses import asdict
from typing import IO

import pyarrow as pa

from . import delimited, parquet, workbook
from .reading import Beside, Block, Event, Fault, Sheet, Unreadable, unreadable

MEMORY = 2 << 30
CPU_SECONDS = 90
MOST_FAULTS = 1_000

FRAME = struct.Struct("!cQ")
"""A frame's kind (J for JSON, A for an Arrow stream) and the length of what follows."""

Reader = Callable[[IO[bytes]], Iterator[Event]]

KINDS: dict[str, Reader] = {"xlsx": workbook.read, "parquet": parquet.read, "csv": delimited.read}


def events(file: IO[bytes], kind: str) -> Generator[Event, None, None]:
    """What the file holds; ends with a fault where it cannot be read on."""
    faults = 0
    try:
        if _kind(file.read(8)) != kind:
            raise unreadable("unknown-kind")
        file.seek(0)
        for event in KINDS[kind](file):
            faults += isinstance(event, Fault)
            yield event
            if faults >= MOST_FAULTS:
                return
    except Unreadable as stopped:
        yield stopped.fault
    except (MemoryError, pa.ArrowMemoryError):
        yield Fault("too-large")


def _kind(head: bytes) -> str:
    if head.startswith(b"PK"):
        return "xlsx"
    if head.startswith(b"PAR1"):
        return "parquet"
    return "unknown" if head.startswith((b"\xd0\xcf\x11\xe0", b"%PDF", b"{\\rtf", b"\x1f\x8b")) else "csv"


def frames(found: Iterator[Event]) -> Iterator[bytes]:
    """The events as bytes, and a last frame that says that nothing is missing."""
    for event in found:
        if isinstance(event, Block):
            body = _arrow(event)
            yield FRAME.pack(b"A", len(body)) + body
        else:
            yield _json(_plain(event))
    yield _json({"is": "end"})


def _plain(event: Sheet | Fault | Beside) -> dict[str, object]:
    if isinstance(event, Sheet):
        header = {str(column): text for column, text in event.header.items()}
        return {"is": "sheet", "name": event.name, "header": header, "row": event.row}
    if isinstance(event, Beside):
        return {"is": "beside", **asdict(event)}
    return {"is": "fault", "rule": event.rule, "row": event.row, "column": event.column}


def _json(message: dict[str, object]) -> bytes:
    body = json.dumps(message).encode()
    return FRAME.pack(b"J", len(body)) + body


def _arrow(block: Block) -> bytes:
    names = ["row", *(str(column) for column in block.columns)]
    batch = pa.record_batch([block.rows, *block.columns.values()], names=names)
    sink = pa.BufferOutputStream()
    schema = batch.schema.with_metadata({"read": str(block.bytes_read)})
    with pa.ipc.new_stream(sink, schema) as stream:
        stream.write_batch(batch)
    return bytes(sink.getvalue())


def limit() -> None:
    """No more memory or time than a large honest file needs, no file written, no core dumped."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))


def main(kind: str) -> None:
    """Read standard input as this kind of file; nothing but frames reaches standard output."""
    limit()
    channel = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    with open(0, "rb") as file, open(channel, "wb") as out:
        for frame in frames(events(file, kind)):
            out.write(frame)
