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
_SIGNING = "signing.key"
_FINGERPRINT = "fingerprint.key"


def close(store: Path) -> None:
    """Make the store's folder, closed to everyone but its owner. Raises AgainstPolicy where it is open."""
    store.mkdir(mode=0o700, parents=True, exist_ok=True)
    _check_closed(store)


def check_goes_with(store: Path, database: bool) -> None:
    """Keys are made after the tables: keys without a database mean that one was lost. Raises AgainstPolicy.

    A new one in its place would have forgotten what was published, and protect nothing from it.
    """
    if not database and any((store / name).exists() for name in (_SIGNING, _FINGERPRINT)):
        raise AgainstPolicy(_LOST_DATABASE)


def make(store: Path, used: bool) -> None:
    """Make what a store lacks. Raises AgainstPolicy where it is `used`: a new key there means a lost one.

    Whoever trusts the publisher's key list would meet an unknown seal, and the same file would be kept twice.
    """
    lacking = [name for name in (_SIGNING, _FINGERPRINT) if not (store / name).exists()]
    if used and lacking:
        raise AgainstPolicy(*map(_lost, lacking))
    for name in lacking:
        durable.create(store / name, secrets.token_bytes(_BYTES), mode=0o600)
    for name in (_SIGNING, _FINGERPRINT):
        _check_closed(store / name)


def signing_key(store: Path) -> Ed25519PrivateKey:
    """The key that seals this store's releases."""
    return Ed25519PrivateKey.from_private_bytes(_secret(store / _SIGNING))


def fingerprint_key(store: Path) -> bytes:
    """The secret of the fingerprints."""
    return _secret(store / _FINGERPRINT)


def _secret(path: Path) -> bytes:
    _check_closed(path)
    secret = path.read_bytes()
    if len(secret) != _BYTES:
        raise AgainstPolicy(_damaged(path.name))
    return secret


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


_LOST_DATABASE = Finding(
    "lost-database",
    Text(
        "Förrådets nycklar finns, men databasen saknas eller är tom.",
        "The store's keys are there, but its database is missing or empty.",
    ),
    Text(
        "Lägg tillbaka den från säkerhetskopian, eller ange LAGESBILD_DATABASE om den ligger där. "
        "För att börja om från början: ta bort även nycklarna.",
        "Put it back from the backup, or set LAGESBILD_DATABASE if it lies there. "
        "To begin anew from nothing: remove the keys as well.",
    ),
)


def _damaged(name: str) -> Finding:
    return Finding(
        "damaged-key",
        Text("Förrådets nyckel är skadad.", "The store's key is damaged."),
        Text("Lägg tillbaka den från säkerhetskopian.", "Put it back from the backup."),
        Place(file=name),
    )


def _lost(name: str) -> Finding:
    return Finding(
        "lost-key",
        Text("Förrådet har använts, men nyckeln saknas.", "The store has been used, but its key is missing."),
        Text(
            "Lägg tillbaka den från säkerhetskopian. Är den borta för alltid: lagesbild release new-key.",
            "Put it back from the backup. Where it is gone for good: lagesbild release new-key.",
        ),
        Place(file=name),
    )
