"""Verify a delivery on the private side, without a solver."""

import csv
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from lagesbild.core.language import Text
from lagesbild.core.refusal import BadUsage, BrokenSeal, Finding, Place, Unsafe
from lagesbild.inside.protect.proof.certificate import unproven

from . import delivery


def verify(folder: Path) -> int | None:
    """Check a delivery on the private side, without a solver: digests, then the certificate, then that
    the released tables are those it speaks of.

    Returns how many unsafe cells it proves; None for rounded and noisy tables, which come with no proof.
    Raises BrokenSeal or Unsafe.
    """
    inner = folder / delivery.PRIVATE
    if not folder.is_dir():
        raise BadUsage(Finding("no-delivery", *_NO_FOLDER, Place(file=folder.name)))
    try:
        listed: Mapping[str, str] = json.loads((inner / delivery.DIGESTS).read_bytes())
        for name, digest in listed.items():
            if hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest:
                raise BrokenSeal(Finding("changed-file", *_CHANGED, Place(file=Path(name).name)))
        statement = json.loads((folder / delivery.AUDIT).read_bytes())
        if "method" in statement:
            return None
        certificate, hidden = delivery.read_certificate(inner / delivery.CERTIFICATE)
        system, tables = delivery.read_system(inner / delivery.SYSTEM)
        released = [_shown(folder / name) for name in listed if Path(name).name == delivery.RELEASED]
    except (OSError, KeyError, ValueError) as error:
        raise BrokenSeal(Finding("incomplete-delivery", *_INCOMPLETE, Place(file=folder.name))) from error
    if len(unproven(system, hidden, certificate, statement["insider"])):
        raise Unsafe(Finding("not-proven", *_NOT_PROVEN, Place(file=folder.name)))
    shows = [
        [str(value) if shown else "" for value, shown in zip(system.values[own], ~hidden[own], strict=True)]
        for own in tables
    ]
    if sorted(released) != sorted(shows):
        raise BrokenSeal(Finding("other-table", *_OTHER_TABLE, Place(file=delivery.RELEASED)))
    return len(certificate.cells)


def _shown(released: Path) -> list[str]:
    """What a released table shows of each cell, empty where hidden."""
    with released.open(encoding="utf-8", newline="") as opened:
        return [row["value"] for row in csv.DictReader(opened)]


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
_NOT_PROVEN = (
    Text("Beviset håller inte för alla celler.", "The certificate does not hold for every cell."),
    Text("Publicera inte. Kör skyddet på nytt.", "Do not publish. Protect again."),
)
