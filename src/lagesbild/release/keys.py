"""Who may seal a release: Ed25519 public keys, and until when each of them counts."""

import base64
import hashlib
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from lagesbild.core.language import Text
from lagesbild.core.refusal import BadUsage, Finding, Place

NAME = "keys.toml"


@dataclass(frozen=True)
class PublicKey:
    """32 raw bytes. `until`: the last day on which a release sealed by it may be dated; None: no end."""

    raw: bytes
    until: date | None = None

    @property
    def id(self) -> str:
        return hashlib.sha256(self.raw).hexdigest()[:16]

    @classmethod
    def of(cls, private: Ed25519PrivateKey) -> "PublicKey":
        return cls(private.public_key().public_bytes_raw())

    def confirms(self, signature: bytes, content: bytes) -> bool:
        """Whether this key made the signature over exactly these bytes."""
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, content)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True)
class KeyList:
    """The keys that a reader trusts."""

    keys: tuple[PublicKey, ...]

    def find(self, key_id: str) -> PublicKey | None:
        return next((key for key in self.keys if key.id == key_id), None)

    def with_(self, key: PublicKey) -> "KeyList":
        """The same list with one more key; unchanged when it is there already."""
        return self if self.find(key.id) else KeyList((*self.keys, key))


def write(keys: KeyList) -> bytes:
    """The key list as TOML."""
    return "".join(_lines(keys)).encode()


def read(path: Path) -> KeyList:
    """The key list of a file. Raises BadUsage where there is none."""
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
        return KeyList(tuple(_key(**each) for each in raw["key"]))
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise BadUsage(
            Finding(
                "key-list",
                Text("Filen går inte att läsa som en nyckellista.", "The file is no readable key list."),
                Text(
                    "Ange publiceringarnas nyckellista med --keys.",
                    "Give the releases' key list with --keys.",
                ),
                Place(file=path.name),
            )
        ) from error


def _lines(keys: KeyList) -> Iterator[str]:
    for key in keys.keys:
        yield f'[[key]] # {key.id}\npublic = "{base64.b64encode(key.raw).decode()}"\n'
        if key.until:
            yield f"until = {key.until.isoformat()}\n"


def _key(public: str, until: date | None = None) -> PublicKey:
    return PublicKey(base64.b64decode(public, validate=True), until)
