"""The catalogue: indicators, measures, the measures that a named place has, and words to use and to avoid."""

import tomllib
from collections.abc import Container, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast, get_args

from lagesbild.core.indicator import DisclosureClass, Indicator, parse_indicator
from lagesbild.core.language import Text
from lagesbild.core.region import Geography, Level

from .cited import Confidence, SourceReference, require_sources
from .fact import BrokenFact, Row, rows, unique

LEAST_THRESHOLD = {DisclosureClass.PERSONS: 10, DisclosureClass.EVENTS: 5}
DIRECTIONS = ("higher better", "lower better", "ambiguous")
STATUSES = ("core", "optional", "context", "rejected")

InUmea = Literal["yes", "partly", "no"]
Use = Literal["preferred", "historical", "avoid", "with care", "survey term"]


@dataclass(frozen=True)
class Measure:
    """Something that can be done, what speaks for it, and what it is known to cost."""

    code: str
    name: Text
    target: Text
    description: Text
    indicators: tuple[str, ...]
    evidence_level: Text
    evidence: Text
    cost: Text
    owner: Text
    in_umea: InUmea
    sources: tuple[str, ...]


@dataclass(frozen=True)
class LocalMeasure:
    """A measure that a named municipality or county has, as a source tells it.

    `since` is None where the source gives no year. `note` says what is uncertain or disputed.
    `contact` names a function to ask, never a person.
    """

    measure: str
    region: str
    since: int | None
    since_words: Text
    account: Text
    contact: Text
    confidence: Confidence
    sources: tuple[str, ...]
    note: Text | None


@dataclass(frozen=True)
class Term:
    """A word and whether to use it."""

    sv: str
    en: str
    use: Use
    note: Text | None


def read_indicators(folder: Path) -> dict[str, Indicator]:
    """One TOML file per indicator, named by its code."""
    found = {path.stem: _indicator(path) for path in sorted((folder / "indicators").glob("*.toml"))}
    for code, indicator in found.items():
        related = {other for each in indicator.identities for other in (each.total, *each.parts)}
        if not related | set(indicator.inputs) <= found.keys():
            raise BrokenFact(f"indicators/{code}.toml", None, "identities and inputs name known indicators")
        if indicator.rate and indicator.rate.denominator not in found:
            raise BrokenFact(f"indicators/{code}.toml", None, "the denominator is a known indicator")
    return found


def _indicator(path: Path) -> Indicator:
    file = f"indicators/{path.name}"
    try:
        indicator = parse_indicator(path.read_text(encoding="utf-8"))
    except (KeyError, ValueError, TypeError, tomllib.TOMLDecodeError) as error:
        raise BrokenFact(file, None, f"it reads as an indicator ({type(error).__name__}: {error})") from error
    for holds, rule in _rules(indicator, path.stem):
        if not holds:
            raise BrokenFact(file, None, rule)
    return indicator


def _rules(indicator: Indicator, stem: str) -> tuple[tuple[bool, str], ...]:
    protection = indicator.protection
    words = (
        indicator.name,
        indicator.definition,
        indicator.unit,
        indicator.numerator,
        indicator.denominator,
        indicator.source,
        indicator.caveat,
        *([indicator.beside] if indicator.beside else []),
        *indicator.categories.values(),
        *(each.why for each in indicator.breaks),
    )
    return (
        (indicator.code == stem, "the file is named by the code"),
        (all(text.sv and text.en for text in words), "every text is filled in, in both languages"),
        (indicator.status in STATUSES, f"status is one of {', '.join(STATUSES)}"),
        (indicator.direction in DIRECTIONS, f"direction is one of {', '.join(DIRECTIONS)}"),
        (
            indicator.sexes[:1] == ("T",) and indicator.ages[:1] == ("T",),
            "sexes and ages begin with the total T",
        ),
        (
            protection.threshold >= least_threshold(indicator),
            "the threshold is high enough for what is counted",
        ),
        (
            protection.width >= protection.threshold,
            "what is hidden stays uncertain over the threshold at least",
        ),
        (
            indicator.rate is None or (indicator.rate.per > 0 and indicator.rate.lag in (0, 1)),
            "the rate is sane",
        ),
    )


def least_threshold(indicator: Indicator) -> int:
    """10 for persons and 5 for events; events counted below county level are treated like persons."""
    disclosure = indicator.protection.disclosure
    if disclosure is DisclosureClass.EVENTS and indicator.finest is Level.MUNICIPALITY:
        disclosure = DisclosureClass.PERSONS
    return LEAST_THRESHOLD.get(disclosure, 1)


def read_measures(
    folder: Path, indicators: Mapping[str, Indicator], sources: Mapping[str, SourceReference]
) -> tuple[Measure, ...]:
    found = rows(
        folder,
        "measure.csv",
        "code name* target* description* indicators evidence_level* evidence* cost* owner* in_umea"
        " source_ids",
    )
    unique(found, "code")
    return tuple(_measure(row, indicators, sources) for row in found)


def _measure(
    row: Row, indicators: Mapping[str, Indicator], sources: Mapping[str, SourceReference]
) -> Measure:
    row.require(set(row.codes("indicators")) <= indicators.keys(), "every indicator is known")
    row.require(set(row.codes("source_ids")) <= sources.keys(), "every source is known")
    row.require(row.text("in_umea") in get_args(InUmea), "in_umea is yes, partly or no")
    return Measure(
        code=row.text("code"),
        name=row.words("name"),
        target=row.words("target"),
        description=row.words("description"),
        indicators=row.codes("indicators"),
        evidence_level=row.words("evidence_level"),
        evidence=row.words("evidence"),
        cost=row.words("cost"),
        owner=row.words("owner"),
        in_umea=cast(InUmea, row.text("in_umea")),
        sources=row.codes("source_ids"),
    )


def read_local_measures(
    folder: Path,
    measures: tuple[Measure, ...],
    geography: Geography,
    sources: Mapping[str, SourceReference],
) -> tuple[LocalMeasure, ...]:
    found = rows(
        folder,
        "local_measure.csv",
        "measure region since since_words* account* contact* confidence source_ids note*",
    )
    known = {measure.code for measure in measures}
    return tuple(_local_measure(row, known, geography, sources) for row in found)


def _local_measure(
    row: Row, measures: Container[str], geography: Geography, sources: Mapping[str, SourceReference]
) -> LocalMeasure:
    row.require(row.text("measure") in measures, "the measure is known")
    row.require(row.text("region") in geography, "the place is known")
    row.require(row.text("confidence") in get_args(Confidence), "confidence is low, medium or high")
    require_sources(row, sources)
    return LocalMeasure(
        measure=row.text("measure"),
        region=row.text("region"),
        since=row.whole("since") if row.maybe("since") else None,
        since_words=row.words("since_words"),
        account=row.words("account"),
        contact=row.words("contact"),
        confidence=cast(Confidence, row.text("confidence")),
        sources=row.codes("source_ids"),
        note=row.maybe_words("note"),
    )


def read_terms(folder: Path) -> tuple[Term, ...]:
    found = rows(folder, "term.csv", "sv en use note*")
    unique(found, "sv")
    for row in found:
        row.require(row.text("use") in get_args(Use), f"use is one of {', '.join(get_args(Use))}")
    return tuple(
        Term(row.text("sv"), row.text("en"), cast(Use, row.text("use")), row.maybe_words("note"))
        for row in found
    )
