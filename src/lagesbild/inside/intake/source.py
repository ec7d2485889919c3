"""The files handed in: what they may be called in a message, and what kind they say they are."""

import hashlib
import os
import re
import stat
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from lagesbild.core.refusal import Place, Refusal
from lagesbild.reference import Reference

from .rules import finding
from .vocabulary import FIRST_YEAR, Places, period

MOST_BYTES = 1 << 30
KINDS = {".xlsx": "xlsx", ".csv": "csv", ".tsv": "csv", ".txt": "csv", ".parquet": "parquet"}
PATTERNS = ("*.xlsx", "*.csv", "*.tsv", "*.parquet")

_ORDINARY_WORDS = frozenset(
    """
    mall template data tabell table export kommun kommuner lan län region riket sverige antal counts count
    lagesbild lägesbild totalt total ny nya old rättad rattad version v kvartal q ar år bra kolada scb
    exempel example million liten small stor demo test tom
    """.split()  # noqa: SIM905 -- reads better than fifty quoted words
)


@dataclass(frozen=True)
class Source:
    """One file. `name` is what messages call it: its own name only if every word of it is harmless."""

    path: Path
    name: str
    kind: str

    def open(self) -> IO[bytes]:
        """The file's bytes. Raises Refusal for what is no readable, ordinary file of acceptable size."""
        if not self.kind:
            raise Refusal(finding("unknown-kind", Place(file=self.name)))
        try:
            file = open(os.open(self.path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb")  # noqa: SIM115
        except OSError:
            raise Refusal(finding("no-file", Place(file=self.name))) from None
        status = os.fstat(file.fileno())
        rule = (
            "no-file"
            if not stat.S_ISREG(status.st_mode)
            else "too-large"
            if status.st_size > MOST_BYTES
            else None
        )
        if rule:
            file.close()
            raise Refusal(finding(rule, Place(file=self.name)))
        return file


def digest(file: IO[bytes]) -> str:
    """SHA-256 of the file's bytes, in hexadecimal; leaves the file at its beginning."""
    found = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    file.seek(0)
    return found


def sources(paths: Sequence[Path], reference: Reference) -> list[Source]:
    """The files of the paths in order; a folder stands for the tables directly in it."""
    harmless = _harmless(reference)
    files = [file for path in paths for file in _files(path)]
    return [
        Source(file, file.name if harmless(file.name) else str(number), KINDS.get(file.suffix.lower(), ""))
        for number, file in enumerate(files, 1)
    ]


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(file for pattern in PATTERNS for file in path.glob(pattern))
    return [path]


def _harmless(reference: Reference) -> Callable[[str], bool]:
    """Whether a file name tells of no person: ordinary words, codes, periods, one place and one small number.

    No more of these: Nora and Berg are municipalities, and 1988-03-20 is a year and two numbers.
    """
    places = Places(reference.geography)
    codes = {code.casefold() for code in reference.indicators} | {"xlsx", "csv", "tsv", "txt", "parquet"}

    def kind(word: str) -> str:
        if word in codes or word in _ORDINARY_WORDS:
            return "ordinary"
        if re.fullmatch(r"[0-9]{1,2}", word):
            return "number"
        found = period(word)
        if found is not None and found.year >= FIRST_YEAR:
            return "period"
        return "place" if places.find(word) else "unknown"

    def harmless(name: str) -> bool:
        kinds = [kind(word) for word in re.split(r"[ ._()-]+", name.casefold()) if word]
        return "unknown" not in kinds and kinds.count("place") <= 1 and kinds.count("number") <= 1

    return harmless
