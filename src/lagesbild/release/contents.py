"""What a release holds, as the outside sees it once the seal is verified."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from lagesbild.core.figures import Figures
from lagesbild.core.indicator import Indicator
from lagesbild.core.language import Text


@dataclass(frozen=True)
class Source:
    """Where a table's counts come from, in words, and when they were handed over."""

    name: Text
    received: date


@dataclass(frozen=True)
class AuditStatement:
    """What the audit proved, in figures that tell nothing about any cell."""

    cells: int
    published: int
    hidden: int
    unsafe_too_narrow: int
    earlier_releases: int


@dataclass(frozen=True)
class Revision:
    """How many cells of an indicator changed since the release before, and why."""

    indicator: str
    changed: int
    reason: Text


@dataclass(frozen=True)
class Edition:
    """What is to be published under one number. `predecessor`: the digest of the release before."""

    number: str
    published: date
    title: Text
    figures: Mapping[str, Figures]
    indicators: Mapping[str, Indicator]
    sources: Mapping[str, tuple[Source, ...]]
    audit: AuditStatement
    revisions: tuple[Revision, ...]
    predecessor: str | None


@dataclass(frozen=True)
class Release(Edition):
    """One sealed publication, named by `digest`: the SHA-256 of its manifest."""

    digest: str
