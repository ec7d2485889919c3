"""The two languages of the product, and a message that exists in both."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Language = Literal["sv", "en"]
LANGUAGES: tuple[Language, ...] = ("sv", "en")


@dataclass(frozen=True)
class Text:
    """One message in both languages. Never holds a value from an input file."""

    sv: str
    en: str

    def in_(self, language: Language) -> str:
        return self.en if language == "en" else self.sv


def preferred(environment: Mapping[str, str]) -> Language:
    """Swedish unless `LAGESBILD_LANG`, or else `LANG`, asks for English."""
    wanted = environment.get("LAGESBILD_LANG") or environment.get("LANG", "")
    return "en" if wanted.startswith("en") else "sv"
