"""The path to a first picture: what the law asks, what each source can tell, what to do in which order."""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast, get_args

from lagesbild.core.language import Text

from .fact import BrokenFact

FILE = "first_picture.toml"

LawSeen = Literal["excerpt", "general"]


@dataclass(frozen=True)
class LawPart:
    """A part of the Act (2023:196), the question it puts to a municipality, and the sign that it is met.

    `section` is None where the section has not been seen. `seen` says how sure we are of the text.
    """

    code: str
    section: Text | None
    seen: LawSeen
    title: Text
    text: Text
    question: Text
    sign: Text
    indicators: tuple[str, ...]


@dataclass(frozen=True)
class KnowledgeSource:
    """One of the five sources: its kind of information, strengths and shortcomings, and how to start.

    `template` is the indicator whose workbook template to begin with, or None.
    """

    code: str
    name: Text
    information: Text
    strengths: Text
    shortcomings: Text
    whom: Text
    first_step: Text
    effort: Text
    template: str | None
    indicators: tuple[str, ...]


@dataclass(frozen=True)
class Step:
    """One step on the path: what to collect, from whom, and when."""

    code: str
    title: Text
    text: Text
    whom: Text
    when: Text
    indicators: tuple[str, ...]


@dataclass(frozen=True)
class Stage:
    """One stage of Brå's order of work."""

    title: Text
    text: Text


@dataclass(frozen=True)
class Cause:
    """A question for the analysis of causes, and why it matters; no claim."""

    question: Text
    why: Text
    indicators: tuple[str, ...]


@dataclass(frozen=True)
class YearlyTask:
    """What the yearly wheel holds at one time of the year."""

    when: Text
    text: Text


@dataclass(frozen=True)
class NationalFact:
    """A sentence that any municipality can use on its first day, and the published series behind it."""

    series: str
    text: Text


@dataclass(frozen=True)
class FirstPicture:
    """Everything for the page and the report of a municipality that has no picture yet."""

    law: tuple[LawPart, ...]
    sources: tuple[KnowledgeSource, ...]
    steps: tuple[Step, ...]
    stages: tuple[Stage, ...]
    causes: tuple[Cause, ...]
    year: tuple[YearlyTask, ...]
    national: tuple[NationalFact, ...]


def read_first_picture(folder: Path, indicators: Collection[str], series: Collection[str]) -> FirstPicture:
    """The path, with every indicator and every published series that it names known."""
    raw = tomllib.loads((folder / FILE).read_text(encoding="utf-8"))
    try:
        path = _path(raw)
    except KeyError as error:
        raise BrokenFact(FILE, None, f"every part has its {error.args[0]}") from error
    parts: tuple[LawPart | KnowledgeSource | Step | Cause, ...] = (
        *path.law,
        *path.sources,
        *path.steps,
        *path.causes,
    )
    named = {code for part in parts for code in part.indicators}
    named |= {source.template for source in path.sources if source.template}
    _require(named <= set(indicators), "every indicator is known")
    _require({fact.series for fact in path.national} <= set(series), "every published series is known")
    _require(all(part.seen in get_args(LawSeen) for part in path.law), "seen is excerpt or general")
    return path


def _path(raw: Mapping[str, Any]) -> FirstPicture:
    return FirstPicture(
        law=tuple(
            LawPart(
                **_texts(part, "title", "text", "question", "sign"),
                code=part["code"],
                section=_texts(part, "section")["section"] if "section" in part else None,
                seen=cast(LawSeen, part["seen"]),
                indicators=tuple(part["indicators"]),
            )
            for part in raw["law"]
        ),
        sources=tuple(
            KnowledgeSource(
                **_texts(
                    part, "name", "information", "strengths", "shortcomings", "whom", "first_step", "effort"
                ),
                code=part["code"],
                template=part["template"] or None,
                indicators=tuple(part["indicators"]),
            )
            for part in raw["source"]
        ),
        steps=tuple(
            Step(
                **_texts(part, "title", "text", "whom", "when"),
                code=part["code"],
                indicators=tuple(part["indicators"]),
            )
            for part in raw["step"]
        ),
        stages=tuple(Stage(**_texts(part, "title", "text")) for part in raw["stage"]),
        causes=tuple(
            Cause(**_texts(part, "question", "why"), indicators=tuple(part["indicators"]))
            for part in raw["cause"]
        ),
        year=tuple(YearlyTask(**_texts(part, "when", "text")) for part in raw["year"]),
        national=tuple(
            NationalFact(**_texts(part, "text"), series=part["series"]) for part in raw["national"]
        ),
    )


def _texts(part: Mapping[str, Any], *names: str) -> dict[str, Any]:
    found = {name: Text(sv=part[name]["sv"], en=part[name]["en"]) for name in names}
    _require(
        all(text.sv and text.en for text in found.values()), "every text is filled in, in both languages"
    )
    return found


def _require(holds: bool, rule: str) -> None:
    if not holds:
        raise BrokenFact(FILE, None, rule)
