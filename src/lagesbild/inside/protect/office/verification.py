"""Verify a delivery on the private side, without a solver."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp

from lagesbild.core.language import Text
from lagesbild.core.refusal import BadUsage, BrokenSeal, Finding, Place, Unsafe
from lagesbild.core.table import Table, stacked
from lagesbild.inside.protect.problem.system import Flags, Ints, System
from lagesbild.inside.protect.proof.certificate import Certificate, interval, unproven

from . import delivery


def verify(folder: Path) -> int | None:
    """Check a delivery on the private side, without a solver: digests, then the certificate, then that
    the other files say what the certificate and its equations say.

    Returns how many unsafe cells it proves; None for rounded and noisy tables, which come with no proof.
    Raises BrokenSeal or Unsafe.
    """
    if not folder.is_dir():
        raise BadUsage(Finding("no-delivery", *_NO_FOLDER, Place(file=folder.name)))
    try:
        listed = _whole(folder)
        statement = json.loads((folder / delivery.AUDIT).read_bytes())
        proof = f"{delivery.PRIVATE}/{delivery.CERTIFICATE}"
        if "method" in statement and proof not in listed:
            return None
        return _proven(folder, statement)
    except delivery.DAMAGED as error:
        raise BrokenSeal(Finding("incomplete-delivery", *_INCOMPLETE, Place(file=folder.name))) from error


def _whole(folder: Path) -> Mapping[str, str]:
    """The digests, each that of its file. Raises BrokenSeal."""
    listed: dict[str, str] = json.loads((folder / delivery.PRIVATE / delivery.DIGESTS).read_bytes())
    for name, digest in listed.items():
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest:
            raise BrokenSeal(Finding("changed-file", *_CHANGED, Place(file=Path(name).name)))
    return listed


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
    _figures_agree(folder, statement, system, np.unique(np.concatenate(cells)), hidden)
    return len(certificate.cells)


def _with_sums(system: System, tables: Sequence[Table], cells: Sequence[Ints]) -> System:
    """The system with every sum that the tables' hierarchies tell: the proof must hold for them too."""
    told = []
    for table, own in zip(tables, cells, strict=True):
        shape = (table.size, system.size)
        in_system = sp.csr_array((np.ones_like(own), own, np.arange(len(own) + 1)), shape=shape)
        told.append(sp.csr_array(table.equations() @ in_system))
    return system.with_(equations=stacked([system.equations, *told], system.size))


def _files(
    place: Path, table: Table, own: Ints, system: System, hidden: Flags, certificate: Certificate
) -> Iterator[tuple[Path, bytes]]:
    """The files of one table as they must be."""
    inner = delivery.PRIVATE / place
    yield place / delivery.RELEASED, delivery.released_csv(table, system.values[own], hidden[own])
    yield inner / delivery.CELLS, delivery.cells_csv(table, system, own, hidden)
    ends = interval(system, certificate)
    yield inner / delivery.INTERVALS, delivery.intervals_csv(table, own, certificate.cells, *ends)


def _figures_agree(
    folder: Path, statement: Mapping[str, Any], system: System, own: Ints, hidden: Flags
) -> None:
    """Raises BrokenSeal where the public statement or the cost tells other figures than the proof."""
    many, withheld = len(own), int(hidden[own].sum())
    figures = {"cells": many, "published": many - withheld, "hidden": withheld, "unsafe_too_narrow": 0}
    cost = folder / delivery.PRIVATE / delivery.COST
    for file, agrees in (
        (delivery.AUDIT, figures.items() <= statement.items()),
        (delivery.COST, cost.read_bytes() == delivery.cost_json(system, own, hidden)),
    ):
        if not agrees:
            raise BrokenSeal(Finding("other-table", *_OTHER_FIGURES, Place(file=file)))


_NO_FOLDER = (
    Text("Här finns ingen leverans.", "There is no delivery here."),
    Text("Ange mappen som lagesbild protect skrev.", "Name the folder that lagesbild protect wrote."),
)
_CHANGED = (
    Text("Filen är inte den som levererades.", "The file is not the one that was delivered."),
    Text("Kör skyddet på nytt.", "Protect again."),
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
_NOT_PROVEN = (
    Text("Beviset håller inte för alla celler.", "The certificate does not hold for every cell."),
    Text("Publicera inte. Kör skyddet på nytt.", "Do not publish. Protect again."),
)
