"""Reads a count as Swedes write it: 1 234, 12,0, a blank, a mark. Never guesses."""

import re
from dataclasses import dataclass

from lagesbild.core.figures import State
from lagesbild.inside.counts import Cell

from . import reading
from .personal import is_number_of_a_person, recognise


@dataclass(frozen=True)
class Broken:
    """A text that is no count, by the rule that it breaks."""

    rule: str


Read = Cell | Broken

MARKS = {
    reading.ERROR: "formula-error",
    reading.DATE: "date-in-cell",
    reading.LOGICAL: "not-a-count",
    reading.PERCENT: "percentage",
    reading.UNCALCULATED: "formula-without-value",
    reading.LONG: "free-text",
}
_FORMULA_ERROR = re.compile(r"#[\wÅÄÖåäö/!?.]+")
_DASH = re.compile(r"[-‐‑‒–—―−]+")
_NO_PICTURE = frozenset(
    ("", "..", "...", "…", "x", "saknas", "uppgift saknas", "ingen uppgift", "ej rapporterat", "okänt")
) | frozenset(("missing", "unknown", "not reported", "nan", "null", "none"))
_AMBIGUOUS = frozenset(("na", "e", "i.u."))
_SHARE = re.compile(r"[0-9]+(?:[.,][0-9]+)? ?%")
_WITH_UNIT = re.compile(r"[0-9][0-9 .,\u00a0\u2009\u202f]* ?(?:st|kr|sek|tkr|personer)\.?", re.IGNORECASE)
_MASKED = re.compile(r"[<>≤≥~] ?[0-9]+|\*+|[0-9]+ ?[-–] ?[0-9]+")
_NOT_APPLICABLE = frozenset(
    (".", "z", "ej tillämpligt", "ej tillämplig", "ej aktuellt", "not applicable", "n/a", "e.t.")
)
_SPACE = "[ \u00a0\u2009\u202f]"
_WHOLE = re.compile(rf"\+?([0-9]{{1,3}}(?:{_SPACE}[0-9]{{3}})+|[0-9]+)(?:[.,]0{{1,2}})?")
_NEGATIVE = re.compile(rf"[-‐‑‒–−]{_SPACE}?[0-9][0-9 .,\u00a0\u2009\u202f]*")
_THREE_PLACES = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{3})+")
_DECIMAL = re.compile(rf"[0-9]+(?:{_SPACE}[0-9]{{3}})*[.,][0-9]+")
LARGEST = 10**15


def read(text: str) -> Read:
    """The count, the state of a cell without one, or the rule that the text breaks."""
    if text in MARKS:
        return Broken(MARKS[text])
    words = text.strip().casefold()
    if words in _NO_PICTURE:
        return State.NO_PICTURE
    if words in _NOT_APPLICABLE:
        return State.NOT_APPLICABLE
    whole = _WHOLE.fullmatch(text.strip())
    return Broken(_why_no_count(text.strip())) if whole is None else _count(whole[1])


def _count(digits: str) -> Read:
    count = int(re.sub(_SPACE, "", digits)) if len(digits) < 30 else LARGEST
    if is_number_of_a_person(count) or (digits.startswith("0") and len(digits) > 5):
        return Broken("personal-number")
    return Broken("count-too-large") if count >= LARGEST else count


def _why_no_count(text: str) -> str:
    if _FORMULA_ERROR.fullmatch(text):
        return "formula-error"
    if _DASH.fullmatch(text) or text.casefold() in _AMBIGUOUS:
        return "ambiguous-mark"
    if _SHARE.fullmatch(text):
        return "percentage"
    if _WITH_UNIT.fullmatch(text):
        return "not-a-count"
    personal = recognise(text)
    if _MASKED.fullmatch(text) and personal is None:
        return "masked-count"
    if personal is not None and personal not in ("free-text", "address"):
        return personal
    if _NEGATIVE.fullmatch(text):
        return "negative-count"
    if _THREE_PLACES.fullmatch(text):
        return "ambiguous-number"
    return "fractional-count" if _DECIMAL.fullmatch(text) else personal or "not-a-count"
