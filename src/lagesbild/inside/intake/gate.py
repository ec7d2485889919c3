"""Counts by region, period, sex and age come in; everything else is refused with place, rule and remedy."""

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import IO

import numpy as np

from lagesbild.core.figures import Origin
from lagesbild.core.refusal import Place, Refusal
from lagesbild.inside.counts import Counts
from lagesbild.reference import Reference

from . import additivity, plausible, sandbox, together
from .coding import DIMENSIONS, Coder
from .findings import Findings
from .layout import Layout
from .plausible import Broken
from .reading import Beside, Block, Event, Fault, Sheet
from .rules import finding
from .source import Source, digest, sources
from .table import NAMES, Table
from .together import Standing

ENOUGH = 10_000
"""After so many findings the rest of the files is not read: they are refused anyway."""

Progress = Callable[[int], None]
Read = Callable[[IO[bytes], str], Generator[Event, None, None]]


@dataclass(frozen=True)
class AdmittedFile:
    """A file that came in: what it may be called, the SHA-256 of its bytes, its size in bytes."""

    name: str
    digest: str
    size: int


@dataclass(frozen=True)
class Admitted:
    """What came through the gate: one unprotected table per indicator code.

    `check_with` is told the tables as they stand once these are kept. Raises Refusal, with the rows of the
    files, where the two do not agree.
    """

    tables: Mapping[str, Counts]
    files: tuple[AdmittedFile, ...]
    check_with: Callable[[Standing], None]


def admit(
    paths: Sequence[Path],
    reference: Reference,
    *,
    origin: Origin = "reported",
    today: date | None = None,
    read: Read = sandbox.read,
    progress: Progress = lambda bytes_read: None,
) -> Admitted:
    """The tables of some files, judged together. Raises Refusal, and then nothing of them is kept.

    `today` decides which periods have ended. `progress` is told how many bytes of all files are read.
    """
    gate = _Gate(reference, today or datetime.now(UTC).date(), read, progress)
    files = tuple(gate.take(source) for source in sources(paths, reference))
    tables = gate.judge()
    counts = {code: table.counts(origin) for code, table in tables.items()}
    return Admitted(MappingProxyType(counts), files, partial(gate.judge_with, tables))


class _Gate:
    def __init__(self, reference: Reference, today: date, read: Read, progress: Progress) -> None:
        self._reference = reference
        self._read = read
        self._progress = progress
        self._bytes_before = 0
        self._findings = Findings()
        self._coder = Coder(reference, today, self._findings)

    def take(self, source: Source) -> AdmittedFile:
        """Read and code one file; what is wrong in it becomes findings."""
        if source.tells_of_a_person:
            self._findings.add("file-name", Place(file=source.name))
        with source.open() as file:
            found = AdmittedFile(source.name, digest(file), file.seek(0, 2))
            file.seek(0)
            with closing(self._read(file, source.kind)) as events:
                self._code(source, events)
        self._bytes_before += found.size
        self._progress(self._bytes_before)
        return found

    def _code(self, source: Source, events: Iterator[Event]) -> None:
        layout: Layout | None = None
        sheets = 0
        for event in events:
            if len(self._findings) > ENOUGH:
                self._findings.refuse_if_any()
            match event:
                case Sheet():
                    sheets += 1
                    layout = self._coder.begin(source.name, event, sheets)
                case Block():
                    if layout is not None:
                        self._coder.add(layout, event)
                    self._progress(self._bytes_before + event.bytes_read)
                case Fault() | Beside():
                    where = layout or Layout(source.name, str(sheets) if sheets > 1 else "", {}, None)
                    place = where.place(event.row, event.column)
                    rules = [event.rule] if isinstance(event, Fault) else self._coder.judge(event)
                    for rule in rules:
                        self._findings.add(rule, place)

    def judge(self) -> dict[str, Table]:
        """The tables, when nothing is wrong with any of them. Raises Refusal."""
        self._findings.refuse_if_any()
        tables = self._tables()
        if not tables:
            raise Refusal(finding("no-table", Place()))
        for table in tables.values():
            self._note(table, plausible.broken(table, self._reference))
        self._findings.refuse_if_any()
        for table in tables.values():
            self._note(table, additivity.broken(table, self._reference.geography))
        for table, disagreement in additivity.disagreements(tables):
            self._note(table, [disagreement])
        self._findings.refuse_if_any()
        return tables

    def judge_with(self, tables: Mapping[str, Table], standing: Standing) -> None:
        """Whether the tables agree with what stands in the store. Raises Refusal."""
        for table, found in together.broken(tables, standing, self._reference):
            self._note(table, [found])
        self._findings.refuse_if_any()

    def _tables(self) -> dict[str, Table]:
        coded = self._coder.coded
        if not coded.value:
            return {}
        indicator, *at = (np.concatenate(coded.dimensions[name]) for name in DIMENSIONS)
        value, state = np.concatenate(coded.value), np.concatenate(coded.state)
        layout, row = np.concatenate(coded.layout), np.concatenate(coded.row)

        def place_of(position: int, column: str) -> Place:
            return self._coder.layouts[int(layout[position])].place(int(row[position]), column)

        codes = self._coder.codes
        tables = {}
        for position, code in enumerate(codes["indicator"].codes):
            rows = np.flatnonzero(indicator == position)
            tables[code] = Table(
                self._reference.indicators[code],
                tuple(codes[name].codes for name in NAMES),
                tuple(column[rows] for column in at),
                value[rows],
                state[rows],
                place_of,
                rows,
            )
        return {code: tables[code] for code in sorted(tables) if len(tables[code])}

    def _note(self, table: Table, found: Iterable[Broken]) -> None:
        for rule, rows, column in found:
            places = (table.place_of(int(table.row[row]), column) for row in rows)
            self._findings.add_all(rule, places, len(rows))
