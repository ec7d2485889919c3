"""The secret of cell-key noise: an installation's own file, closed to others, made at first use."""

import secrets

from lagesbild.core.language import Text
from lagesbild.core.refusal import BadUsage, Finding, Place
from lagesbild.inside.protect.methods.cell_key import KEY_BYTES

from .delivery import write_private
from .spec import Spec

TRIAL = bytes(KEY_BYTES)
"""For comparing methods only: nothing made with it may be published, since everybody has it."""


def key_of(spec: Spec, *, trial: bool = False) -> bytes:
    """The key of a specification, a new one where its file is not there yet; the trial key where there is
    none and `trial` allows it.

    Raises BadUsage where a key is needed and not named, is too short, or is readable by others.
    """
    file = spec.key_file
    if trial and (file is None or not file.exists()):
        return TRIAL
    if file is None:
        raise BadUsage(Finding("no-key", *_NO_KEY, Place(file=spec.file.name)))
    if not file.exists():
        return secrets.token_bytes(KEY_BYTES)
    if file.stat().st_mode & 0o077:
        raise BadUsage(Finding("open-key", *_OPEN, Place(file=file.name)))
    key = file.read_bytes()
    if len(key) < KEY_BYTES or key == TRIAL:
        raise BadUsage(Finding("weak-key", *_WEAK, Place(file=file.name)))
    return key


def keep(spec: Spec, key: bytes) -> None:
    """Write a new key to its file, once what it was made for is done: a refusal leaves nothing."""
    if spec.key_file is not None and not spec.key_file.exists():
        write_private(spec.key_file, key)


_NO_KEY = (
    Text("Cellnyckelbrus kräver en hemlighet.", "Cell-key noise needs a secret."),
    Text("Ange key_file i specifikationen.", "Name key_file in the specification."),
)
_OPEN = (
    Text("Nyckelfilen kan läsas av andra.", "The key file can be read by others."),
    Text("Stäng den: chmod 600.", "Close it: chmod 600."),
)
_WEAK = (
    Text("Nyckeln är för svag.", "The key is too weak."),
    Text(
        "Ta bort filen så att en ny nyckel skapas; brus från den gamla nyckeln kan inte upprepas.",
        "Remove the file so that a new key is made; noise from the old key cannot be repeated.",
    ),
)
