"""The store's two secrets: the key that seals releases and the key of the fingerprints."""

import os
import secrets
import stat
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lagesbild.core.language import Text
from lagesbild.core.refusal import AgainstPolicy, Finding, Place
from lagesbild.release import durable

_BYTES = 32


def close(store: Path) -> None:
    """Make the store's folder, closed to everyone but its owner. Raises AgainstPolicy where it is open."""
    store.mkdir(mode=0o700, parents=True, exist_ok=True)
    _check_closed(store)


def signing_key(store: Path) -> Ed25519PrivateKey:
    """The key that seals this store's releases; made at first use."""
    return Ed25519PrivateKey.from_private_bytes(_secret(store / "signing.key"))


def fingerprint_key(store: Path) -> bytes:
    """The secret of the fingerprints; made at first use."""
    return _secret(store / "fingerprint.key")


def _secret(path: Path) -> bytes:
    if not path.exists():
        durable.create(path, secrets.token_bytes(_BYTES), mode=0o600)
    _check_closed(path)
    return path.read_bytes()


def _check_closed(path: Path) -> None:
    found = path.stat()
    if stat.S_IMODE(found.st_mode) & 0o077 or found.st_uid != os.geteuid():
        raise AgainstPolicy(
            Finding(
                "open-store",
                Text("Andra användare kan läsa förrådet.", "Other users can read the store."),
                Text(
                    "Stäng det: chmod -R go= och rätt ägare.", "Close it: chmod -R go= and the right owner."
                ),
                Place(file=path.name),
            )
        )
