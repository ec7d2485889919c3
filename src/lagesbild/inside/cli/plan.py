"""`lagesbild plan`: fix a question before the answer is known, and sign it."""

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lagesbild.core.language import Text
from lagesbild.core.refusal import BadUsage, Exit, Finding, Place, Refusal

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


def add_commands(subparsers: Any) -> None:
    plan = subparsers.add_parser("plan", help="lås en fråga före svaret / fix a question before the answer")
    below = plan.add_subparsers(dest="step", required=True, metavar="STEP")
    key = below.add_parser("key", help="gör en nyckel / make a key")
    key.add_argument("--to", type=Path, required=True, metavar="KEY.pem")
    key.set_defaults(run=_key)
    sign = below.add_parser("sign", help="signera en plan / sign a plan")
    sign.add_argument("plan", type=Path, metavar="PLAN.json")
    sign.add_argument("--key", type=Path, required=True, metavar="KEY.pem")
    sign.add_argument("--to", type=Path, required=True, metavar="SIGNED.json")
    sign.set_defaults(run=_sign)


def _key(options: argparse.Namespace) -> int:
    """A private key that only its owner can read; the public one is printed."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key = Ed25519PrivateKey.generate()
    content = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        handle = os.open(options.to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError:
        raise Refusal(_cannot_write(options.to)) from None
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    sys.stdout.write(key.public_key().public_bytes_raw().hex() + "\n")
    return Exit.OK


def _sign(options: argparse.Namespace) -> int:
    from lagesbild.analysis.effect import plan as plans

    signed = plans.sign(plans.read(_bytes(options.plan)), _private(options.key))
    try:
        options.to.write_bytes(signed)
    except OSError:
        raise Refusal(_cannot_write(options.to)) from None
    return Exit.OK


def _private(path: Path) -> "Ed25519PrivateKey":
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(_bytes(path), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise BadUsage(_no_key(path)) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise BadUsage(_no_key(path))
    return key


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise Refusal(
            Finding(
                "no-file",
                Text("Filen går inte att läsa.", "The file cannot be read."),
                Text("Ange en fil som finns.", "Name a file that exists."),
                Place(file=path.name),
            )
        ) from None


def _no_key(path: Path) -> Finding:
    return Finding(
        "not-a-key",
        Text("Filen är ingen Ed25519-nyckel.", "The file is no Ed25519 key."),
        Text("Gör en med lagesbild plan key.", "Make one with lagesbild plan key."),
        Place(file=path.name),
    )


def _cannot_write(path: Path) -> Finding:
    return Finding(
        "output-file",
        Text("Filen går inte att skriva.", "The file cannot be written."),
        Text("Välj ett nytt namn i en mapp som finns.", "Choose a new name in a folder that exists."),
        Place(file=path.name),
    )
