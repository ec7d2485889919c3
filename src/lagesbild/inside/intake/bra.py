"""Brå's yearly file of reported offences by municipality: all offences together, so context only.

The layout changes between years. 2021: no header, "Arjeplogs kommun", an en dash in Malung-Sälen, and city
districts among the municipalities. From 2023: a header, and names without "kommun".
"""

from collections.abc import Iterator
from pathlib import Path

from lagesbild.core.figures import TOTAL
from lagesbild.core.refusal import Place
from lagesbild.core.region import Level
from lagesbild.reference import Reference

from . import sandbox, whole_number
from .coding import WHY_NO_PLACE
from .context import ContextTable, Observation, Standing, Where
from .findings import Findings
from .gate import Read
from .layout import letter
from .reading import Block, Event, Fault, Sheet
from .source import sources
from .vocabulary import Places, normal

SOURCE = "Brå"
ALL_OFFENCES = "anmälda brott totalt"

_HEADER = "kommun"
_DISTRICT = ("stadsdel ", "stadsdelsområde ", "stadsområde ")

Line = tuple[int, list[str]]


def offences(path: Path, year: int, reference: Reference, read: Read = sandbox.read) -> ContextTable:
    """All reported offences by municipality in the year of the file. Raises Refusal like the gate does."""
    [source] = sources([path], reference)
    findings = Findings()
    places = Places(reference.geography)
    found: dict[Where, Observation] = {}
    with source.open() as file:
        for row, cells in _lines(read(file, source.kind), source.name, findings):
            name, count = [*cells, "", ""][:2]
            if normal(name) == _HEADER or normal(name).startswith(_DISTRICT):
                continue
            where = (_municipality(name, places, reference), str(year), TOTAL)
            number = whole_number.read(count)
            if not where[0]:
                findings.add(WHY_NO_PLACE(name), _at(source.name, row, 0))
            elif where in found:
                findings.add("duplicate", _at(source.name, row, 0))
            elif not isinstance(number, int):
                rule = number.rule if isinstance(number, whole_number.Broken) else "not-a-count"
                findings.add(rule, _at(source.name, row, 1))
            else:
                found[where] = Observation(number, Standing.OBSERVED)
    findings.refuse_if_any()
    return ContextTable(SOURCE, ALL_OFFENCES, found)


def _municipality(name: str, places: Places, reference: Reference) -> str:
    code = places.find(name)
    return code if code and reference.geography[code].level is Level.MUNICIPALITY else ""


def _at(file: str, row: int, column: int) -> Place:
    return Place(file, row=row, column=letter(column))


def _lines(events: Iterator[Event], file: str, findings: Findings) -> Iterator[Line]:
    """Every line with its cells; the first one too, which may or may not be a header."""
    for event in events:
        match event:
            case Sheet():
                yield event.row, list(event.header.values())
            case Block():
                columns = [column.to_pylist() for column in event.columns.values()]
                yield from zip(event.rows.to_pylist(), map(list, zip(*columns, strict=True)), strict=True)
            case Fault():
                findings.add(event.rule, Place(file, row=event.row))
