"""Runs the parsing of one file in a process of its own, and hands on what it found.

Whatever the file does to its reader, this process only ever sees frames of known form.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Generator, Iterator
from typing import IO

import pyarrow as pa

from .child import FRAME
from .reading import Beside, Block, Event, Fault, Sheet

WALL_SECONDS = 180
MOST_FRAME = 64 << 20

_START = "import sys; from lagesbild.inside.intake.child import main; main(sys.argv[1])"
_ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "ARROW_DEFAULT_MEMORY_POOL": "system"}


def read(file: IO[bytes], kind: str, wall_seconds: float = WALL_SECONDS) -> Generator[Event, None, None]:
    """The file's events; a fault where its reader was stopped or died. Nothing is written to disk."""
    child = subprocess.Popen(  # noqa: S603 -- our own module; the kind is one of three words
        [sys.executable, "-I", "-B", "-c", _START, kind],
        stdin=file,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_ENVIRONMENT,
        cwd=os.sep,
        start_new_session=True,
    )
    out = child.stdout
    if out is None:
        raise RuntimeError("the reader has no output")
    timer = threading.Timer(wall_seconds, child.kill)
    timer.start()
    try:
        yield from _events(out)
    except EOFError:
        yield Fault("unreadable" if timer.is_alive() and not _out_of_time(child) else "too-slow")
    finally:
        timer.cancel()
        child.kill()
        out.close()
        child.wait()


def _out_of_time(child: subprocess.Popen[bytes]) -> bool:
    """Whether the limit on computing time ended the child (killed, though not by us)."""
    return child.wait() < 0 and -child.returncode in (9, 24)


def _events(out: IO[bytes]) -> Iterator[Event]:
    """Raises EOFError where the last frame is missing."""
    while True:
        kind, length = FRAME.unpack(_exactly(out, FRAME.size))
        if length > MOST_FRAME:
            raise EOFError
        body = _exactly(out, length)
        if kind == b"A":
            yield _block(body)
            continue
        message = json.loads(body)
        if message["is"] == "end":
            return
        yield _event(message)


def _exactly(out: IO[bytes], length: int) -> bytes:
    body = out.read(length)
    if len(body) != length:
        raise EOFError
    return body


def _event(message: dict[str, object]) -> Event:
    if message["is"] == "sheet":
        header = {int(column): text for column, text in dict(message["header"]).items()}  # type: ignore[call-overload]
        return Sheet(str(message["name"]), header, int(str(message["row"])))
    at = (_position(message[key]) for key in ("row", "column"))
    if message["is"] == "beside":
        return Beside(str(message["where"]), str(message["text"]), *at)
    return Fault(str(message["rule"]), *at)


def _position(value: object) -> int | None:
    return None if value is None else int(str(value))


def _block(body: bytes) -> Block:
    with pa.ipc.open_stream(body) as stream:
        batch = stream.read_next_batch()
    batch.validate(full=True)
    columns = {int(name): batch.column(name) for name in batch.schema.names if name != "row"}
    return Block(batch.column("row"), columns, int(batch.schema.metadata[b"read"]))
