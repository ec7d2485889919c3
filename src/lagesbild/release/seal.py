"""The seal: an Ed25519 signature over the manifest, whose digests cover every other byte of a release."""

import base64
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lagesbild.core.refusal import BrokenSeal

from . import manifest
from .breach import broken
from .keys import KeyList, PublicKey
from .manifest import Entry, Manifest

MANIFEST = "manifest.json"
SIGNATURE = "manifest.sig"
_ALGORITHM = "ed25519"


@dataclass(frozen=True)
class Sealed:
    """A directory whose seal held: the very bytes that were verified, so nothing is read twice."""

    manifest: Manifest
    manifest_bytes: bytes
    files: Mapping[str, bytes]

    @property
    def digest(self) -> str:
        return manifest.digest(self.manifest_bytes)


def sign(content: bytes, key: Ed25519PrivateKey) -> bytes:
    """The signature file for a manifest: algorithm, key, signature."""
    return _line(PublicKey.of(key).id, key.sign(content))


def _line(key_id: str, signature: bytes) -> bytes:
    return f"{_ALGORITHM} {key_id} {base64.b64encode(signature).decode()}\n".encode()


def verify(directory: Path, trusted: KeyList) -> Sealed:
    """The sealed content of a directory. Raises BrokenSeal with every reason that was found.

    Nothing in the directory is parsed before the signature over the manifest has held.
    """
    content = _read(directory, MANIFEST)
    listed = _signed(content, _read(directory, SIGNATURE), trusted)
    return _complete(directory, content, listed, {MANIFEST, SIGNATURE})


def verify_staged(directory: Path, expected: str) -> Sealed:
    """The content of a directory that is not sealed yet, known by the digest of its manifest.

    Raises BrokenSeal with every reason that was found.
    """
    content = _read(directory, MANIFEST)
    if manifest.digest(content) != expected:
        raise BrokenSeal(broken("changed-manifest", MANIFEST))
    return _complete(directory, content, manifest.read(content), {MANIFEST})


def _complete(directory: Path, content: bytes, listed: Manifest, own: set[str]) -> Sealed:
    """The files that the manifest lists, when they are all there, unchanged, and there is nothing else."""
    present = set(_inventory(directory)) - own
    findings = [broken("missing-file", name) for name in sorted(listed.files.keys() - present)]
    findings += [broken("extra-file", name) for name in sorted(present - listed.files.keys())]
    files = {name: _read(directory, name) for name in sorted(listed.files.keys() & present)}
    findings += [
        broken("truncated" if len(found) < listed.files[name].size else "changed-file", name)
        for name, found in files.items()
        if Entry.of(found) != listed.files[name]
    ]
    if findings:
        raise BrokenSeal(*findings)
    return Sealed(listed, content, files)


def _signed(content: bytes, signature: bytes, trusted: KeyList) -> Manifest:
    """The manifest, once a trusted key that counted on its date confirms it."""
    try:
        _, key_id, encoded = signature.decode("ascii").split()
        raw = base64.b64decode(encoded, validate=True)
    except ValueError as error:
        raise BrokenSeal(broken("signature", SIGNATURE)) from error
    key = trusted.find(key_id)
    if key is None:
        raise BrokenSeal(broken("unknown-key", SIGNATURE))
    if signature != _line(key_id, raw):
        raise BrokenSeal(broken("signature", SIGNATURE))
    if not key.confirms(raw, content):
        raise BrokenSeal(broken("changed-manifest", MANIFEST))
    try:
        listed = manifest.read(content)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BrokenSeal(broken("format", MANIFEST)) from error
    if key.until and listed.published > key.until:
        raise BrokenSeal(broken("expired-key", SIGNATURE))
    return listed


def _read(directory: Path, name: str) -> bytes:
    """The bytes of a plain file; a link could point at another release's file, so it counts as missing."""
    try:
        descriptor = os.open(directory / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as error:
        raise BrokenSeal(broken("missing-file", name)) from error
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise BrokenSeal(broken("missing-file", name))
        return file.read()


def _inventory(directory: Path) -> Iterator[str]:
    """Every name below the directory that is no plain folder, and every folder that holds nothing."""
    for folder, folders, files in os.walk(directory):
        here = Path(folder).relative_to(directory)
        if not folders and not files:
            yield f"{here}/"
        for name in (*files, *(name for name in folders if (Path(folder) / name).is_symlink())):
            yield (here / name).as_posix()
