"""Free text that a person types and readers will see: it may not hold what looks like personal data."""

import re

from lagesbild.core.language import Text
from lagesbild.core.refusal import Finding, Place, Refusal

from . import personal
from .rules import RULES

_WITHOUT = Text(
    "Texten publiceras: skriv den utan sådant.", "The text is published: write it without such things."
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b", re.ASCII)


def check(text: str, column: str) -> None:
    """Raises Refusal, naming the `column` where the text was typed, never the text."""
    rule = _recognise(text)
    if rule is not None:
        says, _ = RULES[rule]
        raise Refusal(Finding(rule, says, _WITHOUT, Place(column=column)))


def _recognise(text: str) -> str | None:
    """The rule that the text breaks; to be free text is none here."""
    for start in range(0, max(len(text), 1), personal.LONGEST // 2):
        rule = personal.recognise(text[start : start + personal.LONGEST])
        if rule == "address":
            # "Åtgärdsplan 2026" is no address.
            rule = personal.recognise(_YEAR.sub("", text[start : start + personal.LONGEST]))
        if rule not in (None, "free-text"):
            return rule
    return None
