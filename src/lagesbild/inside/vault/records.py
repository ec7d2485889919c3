"""What travels between the store and the walk: plain frozen values, no database objects."""

import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime

from lagesbild.core.figures import Origin


@dataclass(frozen=True)
class Event:
    """Who acts, and when. Every write takes one, so forgetting it does not run."""

    who: str
    at: datetime

    @classmethod
    def now(cls, who: str) -> "Event":
        return cls(who, datetime.now(UTC))


@dataclass(frozen=True)
class Vintage:
    """One import of one indicator; its counts stay in the store until they are asked for."""

    id: int
    indicator: str
    sequence: int
    fingerprint: str
    origin: Origin
    source: str
    event: Event


@dataclass(frozen=True)
class Draft:
    """A staged release. `digest` is its manifest's, `folder` its directory in the store's staging place."""

    id: int
    number: str
    digest: str
    folder: str
    vintages: tuple[Vintage, ...]
    event: Event
    approved: Event | None
    published: Event | None

    @property
    def importers(self) -> frozenset[str]:
        """Everyone whose import is in it."""
        return frozenset(person(vintage.event.who) for vintage in self.vintages)


def person(name: str) -> str:
    """The name by which two spellings are the same person: case, spaces, code points and what is not seen
    do not count."""
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return " ".join("".join(filter(_is_seen, plain)).split())


def _is_seen(letter: str) -> bool:
    """Not a format or control character; spaces and line breaks part words and stay."""
    return letter.isspace() or unicodedata.category(letter) not in ("Cf", "Cc")
