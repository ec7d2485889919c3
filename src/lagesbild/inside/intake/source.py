"""The files handed in: what they may be called in a message, and what kind they say they are."""

import hashlib
import os
import re
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from lagesbild.core.refusal import BadUsage, Place, Refusal
from lagesbild.reference import Reference

from . import personal
from .ordinary import Ordinary
from .rules import finding

MOST_BYTES = 1 << 30
KINDS = {".xlsx": "xlsx", ".csv": "csv", ".tsv": "csv", ".txt": "csv", ".parquet": "parquet"}
PATTERNS = ("*.xlsx", "*.csv", "*.tsv", "*.parquet")


@dataclass(frozen=True)
class Source:
    """One file. `name` is what messages call it: its own name only if every word of it is harmless."""

    path: Path
    name: str
    kind: str
    tells_of_a_person: bool = False
    """The file's own name holds what looks like a number, an address or a digest of someone."""

    def open(self) -> IO[bytes]:
        """The file's bytes. Raises BadUsage where no plain file can be read, Refusal for one of another kind
        or too large."""
        place = Place(file=self.name)
        try:
            file = open(os.open(self.path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb")  # noqa: SIM115
        except OSError:
            raise BadUsage(finding("no-file", place)) from None
        status = os.fstat(file.fileno())
        if stat.S_ISREG(status.st_mode) and self.kind and status.st_size <= MOST_BYTES:
            return file
        file.close()
        if not stat.S_ISREG(status.st_mode):
            raise BadUsage(finding("no-file", place))
        raise Refusal(finding("too-large" if self.kind else "unknown-kind", place))


def digest(file: IO[bytes]) -> str:
    """SHA-256 of the file's bytes, in hexadecimal; leaves the file at its beginning."""
    found = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    file.seek(0)
    return found


def sources(paths: Sequence[Path], reference: Reference) -> list[Source]:
    """The files of the paths in order; a folder stands for the tables directly in it."""
    ordinary = Ordinary(reference)
    files = [file for path in paths for file in _files(path)]
    return [_source(file, number, ordinary) for number, file in enumerate(files, 1)]


def _source(path: Path, number: int, ordinary: Ordinary) -> Source:
    shown = path.name if ordinary.name(path.name) else str(number)
    told = shown != path.name and _tells_of_a_person(path.stem)
    return Source(path, shown, KINDS.get(path.suffix.lower(), ""), told)


_DAY = r"20[2-9]\d-?[01]\d-?[0-3]\d"
_MONTH = r"(?:19|20)\d\d-?(?:0[1-9]|1[0-2])"
_TIME = re.compile(
    rf"(?<!\d)(?:{_DAY}[_T ](?:[01]\d|2[0-3])[.:_-]?[0-5]\d(?:[.:_-]?[0-5]\d)?|{_MONTH}[ _-]{_MONTH})(?!\d)"
)
"""When a program wrote the file, or from which month to which: 20240320_1422, 2023-01_2024-12."""


def _tells_of_a_person(stem: str) -> bool:
    """Whether a number, telephone, address or digest of someone is part of a file's name."""
    name = _TIME.sub("", stem)
    words = [name, *re.split(r"[ _]+", name)]
    found = {personal.recognise(word) for word in words}
    if "digest" in found and not re.search(r"[0-9a-f]{8}|=", name, re.IGNORECASE):
        found.discard("digest")  # a long word with a digit is also base64
    return bool(found & personal.HARD) or personal.holds_number_of_a_person(name)


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(file for pattern in PATTERNS for file in path.glob(pattern))
    return [path]
