"""Verify a delivery on the private side, without a solver."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from lagesbild.core.language import Text
from lagesbild.core.refusal import BadUsage, BrokenSeal, Finding, Place, Unsafe
from lagesbild.inside.protect.certificate import unproven

from . import delivery


def verify(folder: Path) -> int | None:
    """Check a delivery on the private side, without a solver: digests, then the certificate.

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
        system, _ = delivery.read_system(inner / delivery.SYSTEM)
    except (OSError, KeyError, ValueError) as error:
        raise BrokenSeal(Finding("incomplete-delivery", *_INCOMPLETE, Place(file=folder.name))) from error
    if len(unproven(system, hidden, certificate, statement["insider"])):
        raise Unsafe(Finding("not-proven", *_NOT_PROVEN, Place(file=folder.name)))
    return len(certificate.cells)


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
_NOT_PROVEN = (
    Text("Beviset håller inte för alla celler.", "The certificate does not hold for every cell."),
    Text("Publicera inte. Kör skyddet på nytt.", "Do not publish. Protect again."),
)
