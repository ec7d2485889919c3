"""A plan fixed and signed before the data is seen; anything else is exploration, and says so.

The signature is Ed25519 over the plan in canonical JSON (sorted keys, no spaces, UTF-8). It shows that the
plan is the one that the key's holder signed, not when; so the plan names the last period that its authors
had seen, and is confirmatory only for what came after.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from lagesbild.core.language import Text
from lagesbild.core.refusal import BrokenSeal, Finding

DIRECTIONS = ("fall", "rise", "either")
ESTIMATORS = ("did", "sc", "synthdid", "augmented", "callaway_santanna", "its")


@dataclass(frozen=True)
class Plan:
    """What will be asked: of which outcome, where, from when, by which estimator, in which direction."""

    question: str
    outcome: str
    treated: tuple[str, ...]
    at: str
    estimator: str
    direction: str
    alpha: float
    data_through: str

    @property
    def content(self) -> bytes:
        """The bytes that are signed."""
        return canonical(asdict(self))

    @property
    def digest(self) -> str:
        return sha256(self.content).hexdigest()


class Standing(StrEnum):
    """Whether an analysis may be called confirmatory, and if not, why."""

    CONFIRMATORY = "confirmatory"
    NO_PLAN = "exploratory_no_plan"
    UNKNOWN_KEY = "exploratory_unknown_key"
    DATA_ALREADY_SEEN = "exploratory_data_already_seen"
    NOT_AS_PLANNED = "exploratory_not_as_planned"

    @property
    def text(self) -> Text:
        return _SENTENCES[self]


_SENTENCES = {
    Standing.CONFIRMATORY: Text(
        "Frågan och metoden låstes innan utfallet var känt.",
        "The question and the method were fixed before the outcome was known.",
    ),
    Standing.NO_PLAN: Text(
        "Utforskande: ingen plan låstes i förväg.", "Exploratory: no plan was fixed beforehand."
    ),
    Standing.UNKNOWN_KEY: Text(
        "Utforskande: planen är inte signerad med en nyckel som du har sagt att du litar på.",
        "Exploratory: the plan is not signed by a key that you have said you trust.",
    ),
    Standing.DATA_ALREADY_SEEN: Text(
        "Utforskande: utfallet efter åtgärden var redan känt när planen skrevs.",
        "Exploratory: what followed the measure was already known when the plan was written.",
    ),
    Standing.NOT_AS_PLANNED: Text(
        "Utforskande: analysen gjordes på annat än planen säger.",
        "Exploratory: the analysis was made of something else than the plan says.",
    ),
}


def canonical(value: Mapping[str, Any]) -> bytes:
    """One spelling of a JSON object, whatever order its parts were written in."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def read(content: bytes) -> Plan:
    """A plan from JSON; refuses when a part is missing, unknown or of the wrong kind."""
    try:
        given = json.loads(content)
        plan = Plan(**{**given, "treated": tuple(given["treated"]), "alpha": float(given["alpha"])})
    except (ValueError, TypeError, KeyError):
        raise BrokenSeal(unreadable()) from None
    words = (plan.question, plan.outcome, plan.at, plan.estimator, plan.direction, plan.data_through)
    if not all(isinstance(word, str) for word in (*words, *plan.treated)) or not 0 < plan.alpha < 1:
        raise BrokenSeal(unreadable())
    if plan.direction not in DIRECTIONS or plan.estimator not in ESTIMATORS:
        raise BrokenSeal(unknown_words())
    return plan


def sign(plan: Plan, key: Ed25519PrivateKey) -> bytes:
    """The signed plan as a file: plan, public key and signature."""
    signed = {
        "plan": asdict(plan),
        "public_key": key.public_key().public_bytes_raw().hex(),
        "signature": key.sign(plan.content).hex(),
    }
    return json.dumps(signed, indent=1, ensure_ascii=False).encode() + b"\n"


def verified(signed: bytes) -> tuple[Plan, str]:
    """The plan and the public key (hex) that signed it; refuses a plan that was changed after signing."""
    try:
        given = json.loads(signed)
        public, signature = bytes.fromhex(given["public_key"]), bytes.fromhex(given["signature"])
        plan = read(canonical(given["plan"]))
        Ed25519PublicKey.from_public_bytes(public).verify(signature, plan.content)
    except (ValueError, TypeError, KeyError):
        raise BrokenSeal(unreadable()) from None
    except InvalidSignature:
        raise BrokenSeal(changed()) from None
    return plan, public.hex()


def unreadable() -> Finding:
    return Finding(
        "unreadable-plan",
        Text("Planen går inte att läsa.", "The plan cannot be read."),
        Text(
            "Skriv den som på metodsidan och signera den med lagesbild plan sign.",
            "Write it as on the method page and sign it with lagesbild plan sign.",
        ),
    )


def unknown_words() -> Finding:
    """A direction that is none would otherwise be tested both ways."""
    directions, estimators = ", ".join(DIRECTIONS), ", ".join(ESTIMATORS)
    return Finding(
        "unreadable-plan",
        Text(
            "Planens direction eller estimator känns inte igen.",
            "The plan's direction or estimator is not known.",
        ),
        Text(
            f"direction är {directions}; estimator är en av {estimators}.",
            f"direction is {directions}; estimator is one of {estimators}.",
        ),
    )


def changed() -> Finding:
    return Finding(
        "changed-plan",
        Text("Planen har ändrats efter signeringen.", "The plan was changed after it was signed."),
        Text("Hämta den plan som signerades.", "Fetch the plan that was signed."),
    )
