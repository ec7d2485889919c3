"""What others have published: sources, cited figures, and indicators of Kolada that lend context."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast, get_args

from lagesbild.core.language import Text

from .fact import Row, rows, unique

Seen = Literal["read", "excerpt", "installed", "computed"]
Confidence = Literal["low", "medium", "high"]


@dataclass(frozen=True)
class SourceReference:
    """Where a fact comes from, under which terms, and how it was seen by us."""

    id: str
    title: Text
    locator: str
    licence: Text
    seen: Seen
    used_for: Text


@dataclass(frozen=True)
class PublishedFigure:
    """A real figure that someone has published, cited with its source, confidence and note.

    `period` is a year where the source gives one, else text as in `when` ("the last 20 years").
    """

    series: str
    indicator: str | None
    region: str
    period: str
    sex: str
    age: str
    value: float
    title: Text
    unit: Text
    qualifier: Text | None
    when: Text
    confidence: Confidence
    sources: tuple[str, ...]
    note: Text | None

    @property
    def year(self) -> int | None:
        return int(self.period) if self.period.isdigit() else None


@dataclass(frozen=True)
class KoladaIndicator:
    """An indicator of Kolada; its title is known only where it has been seen."""

    code: str
    title: str | None
    topic: Text
    caveat: Text | None


def read_sources(folder: Path) -> dict[str, SourceReference]:
    found = rows(folder, "source.csv", "source_id title* locator licence* seen used_for*")
    unique(found, "source_id")
    return {row.text("source_id"): _source(row) for row in found}


def _source(row: Row) -> SourceReference:
    row.require(row.text("seen") in get_args(Seen), "seen is read, excerpt, installed or computed")
    return SourceReference(
        id=row.text("source_id"),
        title=row.words("title"),
        locator=row.maybe("locator"),
        licence=row.words("licence"),
        seen=cast(Seen, row.text("seen")),
        used_for=row.words("used_for"),
    )


def read_published(folder: Path, sources: Mapping[str, SourceReference]) -> tuple[PublishedFigure, ...]:
    found = rows(
        folder,
        "published_figure.csv",
        "series indicator region period sex age value unit* qualifier* confidence source_ids note* when*"
        " title*",
    )
    unique(found, "series", "region", "period", "qualifier_en")
    return tuple(_published(row, sources) for row in found)


def _published(row: Row, sources: Mapping[str, SourceReference]) -> PublishedFigure:
    row.require(row.text("confidence") in get_args(Confidence), "confidence is low, medium or high")
    require_sources(row, sources)
    return PublishedFigure(
        series=row.text("series"),
        indicator=row.maybe("indicator") or None,
        region=row.text("region"),
        period=row.text("period"),
        sex=row.text("sex"),
        age=row.text("age"),
        value=row.real("value"),
        title=row.words("title"),
        unit=row.words("unit"),
        qualifier=row.maybe_words("qualifier"),
        when=row.words("when"),
        confidence=cast(Confidence, row.text("confidence")),
        sources=row.codes("source_ids"),
        note=row.maybe_words("note"),
    )


def require_sources(row: Row, sources: Mapping[str, SourceReference]) -> None:
    """A statement rests on at least one known source."""
    cited = row.codes("source_ids")
    row.require(cited != () and set(cited) <= sources.keys(), "every source is known, and there is one")


def read_kolada(folder: Path) -> tuple[KoladaIndicator, ...]:
    found = rows(folder, "kolada.csv", "kpi title_sv topic* caveat*")
    unique(found, "kpi")
    return tuple(
        KoladaIndicator(
            row.text("kpi"), row.maybe("title_sv") or None, row.words("topic"), row.maybe_words("caveat")
        )
        for row in found
    )
