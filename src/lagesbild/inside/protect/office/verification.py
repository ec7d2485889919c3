"""Verify a delivery on the private side, without a solver."""

import csv
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp

from lagesbild.core.language import Text
from lagesbild.core.linking import Linked, rows_of
from lagesbild.core.refusal import BadUsage, BrokenSeal, Finding, Place, Unsafe
from lagesbild.core.table import Table, stacked
from lagesbild.inside.protect.problem.system import Flags, Ints, System
from lagesbild.inside.protect.problem.told_sums import told_elsewhere
from lagesbild.inside.protect.proof.certificate import Certificate, interval, unproven

from . import delivery
from .statement import figures_of


def verify(folder: Path) -> int | None:
    """Check a delivery on the private side, without a solver: digests, then the certificate, then that
    the other files say what the certificate and its equations say.

    Returns how many unsafe cells it proves; None for rounded and noisy tables, which come with no proof.
    Raises BrokenSeal or Unsafe.
    """
    if not folder.is_dir():
        raise BadUsage(Finding("no-delivery", *_NO_FOLDER, Place(file=folder.name)))
    try:
        _whole(folder)
        statement = json.loads((folder / delivery.AUDIT).read_bytes())
        # What the private folder holds tells the method: a proof is there for suppression alone.
        if "method" in statement and not (folder / delivery.PRIVATE / delivery.CERTIFICATE).exists():
            _shown_as_kept(folder)
            return None
        return _proven(folder, statement)
    except delivery.DAMAGED as error:
        raise BrokenSeal(Finding("incomplete-delivery", *_INCOMPLETE, Place(file=folder.name))) from error


def _whole(folder: Path) -> None:
    """Raises BrokenSeal unless every digest is that of its file, and all that may be published has one."""
    listed: dict[str, str] = json.loads((folder / delivery.PRIVATE / delivery.DIGESTS).read_bytes())
    for name, digest in listed.items():
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest:
            raise BrokenSeal(Finding("changed-file", *_CHANGED, Place(file=Path(name).name)))
    for file in sorted(folder.rglob("*")):
        place = file.relative_to(folder)
        if not file.is_dir() and place.parts[0] != delivery.PRIVATE and place.as_posix() not in listed:
            raise BrokenSeal(Finding("added-file", *_ADDED, Place(file=file.name)))


def _shown_as_kept(folder: Path) -> None:
    """Raises BrokenSeal where a table shows other numbers than the private folder says were rounded or given
    noise, or the statement is another."""
    inner = folder / delivery.PRIVATE
    places = [file.relative_to(inner).parent for file in inner.rglob(delivery.CELLS)]
    released = {file.relative_to(folder).parent for file in folder.rglob(delivery.RELEASED)}
    _same(delivery.RELEASED, bool(places) and released == set(places), _OTHER_NUMBERS)
    for place in places:
        table = Table(delivery.read_hierarchies(folder / place / delivery.HIERARCHIES))
        with (inner / place / delivery.CELLS).open(newline="") as opened:
            shown = np.array([int(row["shown"]) for row in csv.DictReader(opened)])
        as_kept = delivery.released_csv(table, shown, np.zeros(len(shown), dtype=bool))
        whole = (folder / place / delivery.RELEASED).read_bytes() == as_kept
        _same(delivery.RELEASED, whole, _OTHER_NUMBERS)
    _statement_kept(folder)


def _statement_kept(folder: Path) -> None:
    kept = (folder / delivery.PRIVATE / delivery.STATEMENT).read_bytes()
    _same(delivery.AUDIT, (folder / delivery.AUDIT).read_bytes() == kept)


def _same(file: str, agrees: bool, why: tuple[Text, Text] | None = None) -> None:
    if not agrees:
        raise BrokenSeal(Finding("other-table", *(why or _OTHER_FIGURES), Place(file=file)))


def _proven(folder: Path, statement: Mapping[str, Any]) -> int:
    """How many unsafe cells the certificate proves. Raises Unsafe or BrokenSeal."""
    inner = folder / delivery.PRIVATE
    certificate, hidden = delivery.read_certificate(inner / delivery.CERTIFICATE)
    system, cells = delivery.read_system(inner / delivery.SYSTEM)
    names = [each["table"] for each in statement["tables"]]
    places = [name if len(names) > 1 else "" for name in names]
    tables = [Table(delivery.read_hierarchies(folder / place / delivery.HIERARCHIES)) for place in places]
    if len(unproven(_with_sums(system, tables, cells), hidden, certificate, statement["insider"])):
        raise Unsafe(Finding("not-proven", *_NOT_PROVEN, Place(file=folder.name)))
    for place, table, own in zip(places, tables, cells, strict=True):
        for name, content in _files(Path(place), table, own, system, hidden, certificate):
            if (folder / name).read_bytes() != content:
                why = _OTHER_TABLE if name.name == delivery.RELEASED else _OTHER_FIGURES
                raise BrokenSeal(Finding("other-table", *why, Place(file=name.name)))
    counts = [each["counts"] for each in statement["tables"]]
    figures = figures_of(tables, counts, [hidden[own] for own in cells])
    _same(delivery.AUDIT, {**figures, "unsafe_too_narrow": 0}.items() <= statement.items())
    cost = delivery.cost_json(system, np.unique(np.concatenate(cells)), hidden)
    _same(delivery.COST, (folder / delivery.PRIVATE / delivery.COST).read_bytes() == cost)
    known = bool(statement["known_tables"])
    for place, agrees in zip(places, _told_sums(system, tables, cells, known=known), strict=True):
        _same(str(Path(place) / delivery.HIERARCHIES), agrees)
    _same(delivery.AUDIT, _rules_agree(statement, system, cells, known=known))
    _statement_kept(folder)
    return len(certificate.cells)


def _with_sums(system: System, tables: Sequence[Table], cells: Sequence[Ints]) -> System:
    """The system with every sum that the tables' hierarchies tell: the proof must hold for them too."""
    told = [_sums(system, *each) for each in zip(tables, cells, strict=True)]
    return system.with_(equations=stacked([system.equations, *told], system.size))


def _sums(system: System, table: Table, own: Ints) -> sp.csr_array:
    """What a table's hierarchies tell, over the system's cells."""
    shape = (table.size, system.size)
    in_system = sp.csr_array((np.ones_like(own), own, np.arange(len(own) + 1)), shape=shape)
    return sp.csr_array(table.equations() @ in_system)


def _told_sums(
    system: System, tables: Sequence[Table], cells: Sequence[Ints], *, known: bool
) -> Iterator[bool]:
    """Of each table whether its hierarchies tell the sums that the proof reckons with, and no others.

    What others' tables say of the same cells is in the system too, so with those only what is told is sought.
    """
    told = [_rows(_sums(system, *each)) for each in zip(tables, cells, strict=True)]
    reckoned = _rows(system.equations)
    every = set[_Row]().union(*told, _rows(_told_by_others(system, tables, cells)))
    for own, rows in zip(cells, told, strict=True):
        untold = [np.frombuffer(row, dtype=np.int64) for row, _ in reckoned - every]
        yield rows <= reckoned and (known or not any(np.isin(row, own).all() for row in untold))


def _told_by_others(system: System, tables: Sequence[Table], cells: Sequence[Ints]) -> sp.csr_array:
    """What the hierarchies of the others tell of each table's cells."""
    apart = [replace(table, indicator=str(number)) for number, table in enumerate(tables)]
    linked = Linked(system.size, tuple(cells), system.equations)
    counts = [system.values[own] for own in cells]
    return told_elsewhere(apart, counts, [0] * len(tables), linked)


_Row = tuple[bytes, bytes]
"""The cells of an equation in order, and their signs."""


def _rows(equations: sp.csr_array) -> set[_Row]:
    """Each equation once; what says nothing, such as a cell that is itself, is none."""
    plain = equations.astype(np.int64)
    plain.sum_duplicates()
    plain.eliminate_zeros()
    return {row for row in rows_of(plain) if row[0]}


def _rules_agree(statement: Mapping[str, Any], system: System, cells: Sequence[Ints], *, known: bool) -> bool:
    """Whether the proof reckons with the rules that the statement tells, of which a cell that several tables
    show has the strictest. Others' tables may ask for more. A rule for amounts is not told."""
    asked = {name: np.zeros(system.size, dtype=np.int64) for name in ("threshold", "width", "attacker_lower")}
    judged, untold = np.zeros(system.size, dtype=bool), np.zeros(system.size, dtype=bool)
    for own, told in zip(cells, statement["tables"], strict=True):
        (untold if told["threshold"] is None else judged)[own] = True
        for name, strictest in asked.items():
            np.maximum.at(strictest, own, told[name] or 0)
        zeros = system.values[own] == 0
        if told["zeros"] == "published" and not system.fixed[own][zeros].all():
            return False
    asked["attacker_lower"] = np.minimum(asked["attacker_lower"], system.values)
    reckoned = {"threshold": system.threshold, "width": system.width, "attacker_lower": system.floor}
    which = judged & ~untold
    agrees = np.greater_equal if known else np.equal
    return all(bool(agrees(reckoned[name], asked[name])[which].all()) for name in asked)


def _files(
    place: Path, table: Table, own: Ints, system: System, hidden: Flags, certificate: Certificate
) -> Iterator[tuple[Path, bytes]]:
    """The files of one table as they must be."""
    inner = delivery.PRIVATE / place
    yield place / delivery.RELEASED, delivery.released_csv(table, system.values[own], hidden[own])
    yield inner / delivery.CELLS, delivery.cells_csv(table, system, own, hidden)
    ends = interval(system, certificate)
    yield inner / delivery.INTERVALS, delivery.intervals_csv(table, own, certificate.cells, *ends)


_NO_FOLDER = (
    Text("Här finns ingen leverans.", "There is no delivery here."),
    Text("Ange mappen som lagesbild protect skrev.", "Name the folder that lagesbild protect wrote."),
)
_CHANGED = (
    Text("Filen är inte den som levererades.", "The file is not the one that was delivered."),
    Text("Kör skyddet på nytt.", "Protect again."),
)
_ADDED = (
    Text("Filen hör inte till leveransen.", "The file is not part of the delivery."),
    Text(
        "Flytta bort den: allt utanför private publiceras.",
        "Move it away: everything outside private gets published.",
    ),
)
_INCOMPLETE = (
    Text("Leveransen är ofullständig eller skadad.", "The delivery is incomplete or damaged."),
    Text("Kör skyddet på nytt.", "Protect again."),
)
_OTHER_TABLE = (
    Text(
        "Den publicerade tabellen är inte den som beviset gäller.",
        "The released table is not the one that the certificate proves.",
    ),
    Text("Publicera inte. Kör skyddet på nytt.", "Do not publish. Protect again."),
)
_OTHER_FIGURES = (
    Text("Filen säger annat än beviset.", "The file says something else than the certificate."),
    Text("Kör skyddet på nytt.", "Protect again."),
)
_OTHER_NUMBERS = (
    Text(
        "Den publicerade tabellen visar andra tal än dem som gjordes för den.",
        "The released table shows other numbers than those that were made for it.",
    ),
    Text("Publicera inte. Kör skyddet på nytt.", "Do not publish. Protect again."),
)
_NOT_PROVEN = (
    Text("Beviset håller inte för alla celler.", "The certificate does not hold for every cell."),
    Text("Publicera inte. Kör skyddet på nytt.", "Do not publish. Protect again."),
)
