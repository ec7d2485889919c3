"""The manifest: what a release holds, by which rules it was made, and which release it follows."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from lagesbild.core.language import Text

from .contents import AuditStatement, Edition, Revision, Source
from .origin import mark

FORMAT = "lagesbild-release/1"


@dataclass(frozen=True)
class Entry:
    """One file of a release: its length in bytes and its SHA-256."""

    size: int
    sha256: str

    @classmethod
    def of(cls, content: bytes) -> "Entry":
        return cls(len(content), hashlib.sha256(content).hexdigest())


@dataclass(frozen=True)
class Manifest:
    """The signed list. Everything of an `Edition` but its tables and indicator texts, which are files."""

    number: str
    published: date
    title: Text
    sources: Mapping[str, tuple[Source, ...]]
    audit: AuditStatement
    revisions: tuple[Revision, ...]
    predecessor: str | None
    files: Mapping[str, Entry]


def digest(content: bytes) -> str:
    """The name of a release: SHA-256 of its manifest's bytes, which hold the digests of all its files."""
    return hashlib.sha256(content).hexdigest()


def write(edition: Edition, files: Mapping[str, bytes]) -> bytes:
    """Canonical JSON: sorted keys, two spaces, one line feed at the end."""
    document = {
        "format": FORMAT,
        "number": edition.number,
        "published": edition.published.isoformat(),
        "title": _from_text(edition.title),
        "predecessor": edition.predecessor,
        "origin": {code: mark(figures.origin) for code, figures in edition.figures.items()},
        "rules": {code: _rule(edition, code) for code in edition.figures},
        "sources": {
            code: [{"name": _from_text(each.name), "received": each.received.isoformat()} for each in sources]
            for code, sources in edition.sources.items()
        },
        "audit": vars(edition.audit),
        "revisions": [
            {"indicator": each.indicator, "changed": each.changed, "reason": _from_text(each.reason)}
            for each in edition.revisions
        ],
        "files": {name: vars(Entry.of(content)) for name, content in files.items()},
    }
    return (json.dumps(document, ensure_ascii=False, sort_keys=True, indent=2) + "\n").encode()


def read(content: bytes) -> Manifest:
    """The manifest in bytes of ours. Raises KeyError, TypeError or ValueError for anything else."""
    raw = json.loads(content)
    if raw["format"] != FORMAT:
        raise ValueError("another format of manifest")
    return Manifest(
        number=str(raw["number"]),
        published=date.fromisoformat(raw["published"]),
        title=_to_text(raw["title"]),
        sources={
            code: tuple(
                Source(_to_text(each["name"]), date.fromisoformat(each["received"])) for each in sources
            )
            for code, sources in raw["sources"].items()
        },
        audit=AuditStatement(**raw["audit"]),
        revisions=tuple(
            Revision(each["indicator"], each["changed"], _to_text(each["reason"]))
            for each in raw["revisions"]
        ),
        predecessor=raw["predecessor"],
        files={name: Entry(entry["size"], entry["sha256"]) for name, entry in raw["files"].items()},
    )


def _rule(edition: Edition, code: str) -> dict[str, Any]:
    protection = edition.indicators[code].protection
    return {
        "class": protection.disclosure.value,
        "threshold": protection.threshold,
        "width": protection.width,
    }


def _from_text(text: Text) -> dict[str, str]:
    return {"sv": text.sv, "en": text.en}


def _to_text(raw: Mapping[str, str]) -> Text:
    return Text(sv=raw["sv"], en=raw["en"])
