"""What a person can mend: one family of refusals, in Swedish and English."""

from dataclasses import dataclass, field
from enum import IntEnum

from .language import Language, Text


class Exit(IntEnum):
    """Exit codes of both commands; each kind of refusal has its own. 1 is a fault of ours.

    A path that was given and leads nowhere is wrong usage; what stands at it, and is not right, is refused.
    """

    OK = 0
    USAGE = 2
    REFUSED = 3
    UNSAFE = 4
    SEAL = 5
    POLICY = 6
    MACHINE = 7
    INTERRUPTED = 130


@dataclass(frozen=True)
class Place:
    """Where in the input: names only what the analyst already sees on her own screen."""

    file: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""

    def in_(self, language: Language) -> str:
        words = ("file", "sheet", "row", "column") if language == "en" else ("fil", "blad", "rad", "kolumn")
        values = (self.file, self.sheet, "" if self.row is None else str(self.row), self.column)
        return ", ".join(f"{word} {value}" for word, value in zip(words, values, strict=True) if value)


@dataclass(frozen=True)
class Finding:
    """One thing to mend: a stable code, where it stands, the rule that it breaks, and the remedy."""

    code: str
    rule: Text
    remedy: Text
    place: Place = field(default_factory=Place)

    def in_(self, language: Language) -> str:
        where = self.place.in_(language)
        head = f"[{self.code}] {where}: " if where else f"[{self.code}] "
        return f"{head}{self.rule.in_(language)} {self.remedy.in_(language)}"


class Refusal(Exception):
    """Refused for reasons that a person can mend; caught at the edge and shown without a traceback.

    Every privacy rule raises this and never rests on `assert`, which `python -O` removes.
    """

    exit_code: Exit = Exit.REFUSED

    def __init__(self, *findings: Finding) -> None:
        super().__init__(", ".join(sorted({finding.code for finding in findings})))
        self.findings = findings

    def in_(self, language: Language) -> str:
        return "\n".join(finding.in_(language) for finding in self.findings)


class BadUsage(Refusal):
    """A wrong option or an unreadable specification (exit 2)."""

    exit_code = Exit.USAGE


class Unsafe(Refusal):
    """The audit did not prove every unsafe cell protected (exit 4)."""

    exit_code = Exit.UNSAFE


class BrokenSeal(Refusal):
    """A release that is tampered with, truncated, substituted or rolled back (exit 5)."""

    exit_code = Exit.SEAL


class AgainstPolicy(Refusal):
    """The state or the person does not allow it, for instance approving one's own import (exit 6)."""

    exit_code = Exit.POLICY
