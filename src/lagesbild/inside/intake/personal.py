"""Recognises personal data in its disguises.

The gate is an allow-list: nothing of this would be let in anyway. To recognise it lets the refusal say what
it is and what to do, and keeps numbers of persons out of the one column that takes any whole number.
"""

import base64
import binascii
import re
import unicodedata

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹘﹣－"), "-")

_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]|6[1-9]|[78]\d|9[01])"
"""Month and day; a coordination number has 60 added to the day."""

_PATTERNS = (
    ("e-mail", r".*[^\s@]+\s?(?:@|\(at\)|\[at\])\s?[^\s@]+\.[a-z]{2,}.*"),
    ("link", r".*(?:https?:|www\.|\b[\w-]+\.(?:se|com|net|org|nu|eu|info|biz|xxx|onion|io|app|me)\b).*"),
    ("link", r".*\b\d{1,3}(?:\.\d{1,3}){3}\b.*|.*\b(?:[0-9a-f]{1,4}:){3,}.*"),
    ("user-name", r"@\w[\w.]*|.*(?:^|\s)@\w[\w.]*.*|[a-zåäö]+[._]?[a-zåäö]*_[\w.]*|u/\w+"),
    ("digest", r"[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128}"),
    ("digest", r"\{?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?"),
    ("personal-number", rf"(?:.*\D)?(?:18|19|20)?\d\d ?-?{_DAY} ?[-+.]? ?\d{{4}}(?:\D.*)?"),
    ("personal-number", rf"(?:.*\D)?(?:18|19|20)\d\d-?{_DAY} ?[-+]? ?[a-z]{{1,2}}\d{{2,3}}[a-z]?\b.*"),
    ("personal-number", rf"\d\d{_DAY} ?[-+]? ?[a-z]{{1,2}}\d{{2,3}}[a-z]?"),
    (
        "personal-number",
        r"\d[.,]\d+e\+?(?:0?9|1[01])|(?:99|22|33)\d{10}|[a-z]{1,3}\d{9,11}|\d{8,10}[a-z]{1,2}\d{0,2}",
    ),
    ("phone", r".*(?:\+|00)\d{1,3}[ -]?\(?0?\)?[ -]?\d[\d -]{5,12}\d.*|0\d{1,3} ?[-/ ] ?\d[\d ]{4,10}\d.*"),
    ("phone", r"07\d{8}|(?:.*\D)?07\d ?-? ?\d{3} ?\d{2} ?\d{2}(?:\D.*)?|4670?\d{8}|7[02369]\d{7}"),
    ("phone", r"123[ -]?\d{3}[ -]?\d{2}[ -]?\d{2}|123\d{7}"),
    ("plate", r"[a-zåäö]{3}[ -]?\d{2}[\da-z]"),
    (
        "address",
        r".*(?:gatan|vägen|gränd|stigen|torget|allén|gata|väg|plan|backen)\s*\d.*|\d{3} ?\d{2} [a-zåäö]+.*",
    ),
    ("address", r"(?:se?-?)?[1-9]\d{2} \d{2}|se?-[1-9]\d{4}|.*(?:\b(?:box|lgh) ?\d|\bc/o\b).*"),
    ("address", r"-?\d{1,2}[.,]\d{3,}\s*[,; ]\s*-?\d{1,3}[.,]\d{3,}"),
)
_COMPILED = tuple((rule, re.compile(pattern, re.ASCII | re.IGNORECASE)) for rule, pattern in _PATTERNS)

_NUMBER_OF_A_PERSON = re.compile(
    rf"(?:18|19|20)?\d\d{_DAY}\d{{4}}|\d{_DAY}\d{{4}}|7[02369]\d{{7}}|4670?\d{{8}}|\d{{10,}}"
    r"|(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
)
_PERSONAL_NUMBER = re.compile(rf"(?:18|19|20)?\d\d{_DAY}\d{{4}}")
_LONG_NUMBER = re.compile(r"\d(?:[\W_]{0,3}\d){9,}")
_BORN_IN_2000 = re.compile(rf"{_DAY}\d{{4}}")
LONGEST = 200
"""So much of a text is looked at: what is longer is no code, and patterns take longer than the text grows."""

HARD = frozenset(("personal-number", "phone", "e-mail", "digest"))
"""What stands for a person wherever it stands; the other rules are for texts that should be codes."""


def plain_form(text: str) -> str:
    """The text with full-width characters, odd dashes, odd spaces and invisible characters made ordinary."""
    ordinary = unicodedata.normalize("NFKC", text).translate(_DASHES)
    if not ordinary.isascii():
        ordinary = "".join(map(_plain_letter, ordinary))
    return " ".join(ordinary.split())


def _plain_letter(letter: str) -> str:
    """Digits of every script as ours; nothing for what is not seen."""
    if unicodedata.category(letter) == "Cf":
        return ""
    digit = unicodedata.decimal(letter, None)
    return letter if digit is None else str(digit)


def has_invisible(text: str) -> bool:
    return any(unicodedata.category(letter) == "Cf" for letter in text)


_DATE = re.compile(
    r"(?:18|19|20)?\d\d([-/. ])(?:0?[1-9]|1[0-2])\1\d\d?(?:[ t]\d\d?:.*)?|"
    r"\d\d?([-/. ])\d\d?\2(?:18|19|20)\d\d"
    r"|\d\d? (?:jan|feb|mar|apr|maj|may|jun|jul|aug|sep|okt|oct|nov|dec)\w* (?:18|19|20)\d\d"
    r"|(?:18|19|20)\d\d(?:0[1-9]|1[0-2])[0-3]\d",
    re.ASCII | re.IGNORECASE,
)


def recognise(text: str) -> str | None:
    """The rule that a text breaks which is no code: what kind of personal data it looks like, if any."""
    if len(text) > LONGEST:
        found = recognise(text[:LONGEST])
        return found if found in HARD else "free-text"
    plain = plain_form(text)
    for rule, pattern in _COMPILED:
        if pattern.fullmatch(plain):
            return rule
    if _is_spaced_number(plain):
        return "personal-number"
    if _DATE.fullmatch(plain):
        return "date-in-cell"
    if _is_base64(plain):
        return "digest"
    if has_invisible(text):
        return "hidden-characters"
    return "free-text" if len(plain.split()) > 1 and any(letter.isalpha() for letter in plain) else None


def holds_number_of_a_person(text: str) -> bool:
    """Whether a personal number stands anywhere in the text, however its digits are spaced."""
    for found in _LONG_NUMBER.finditer(plain_form(text)):
        digits = re.sub(r"\D", "", found[0])
        if len(digits) in (10, 12) and _PERSONAL_NUMBER.fullmatch(digits):
            return True
    return False


def is_number_of_a_person(count: int) -> bool:
    """Whether a whole number may be a date of birth, a personal or telephone number with its zeros lost.

    Eight digits are also an ordinary sum of money: they need the check digit of one born in 2000, and no
    round end.
    """
    digits = str(count)
    if _BORN_IN_2000.fullmatch(digits) and _has_check_digit(digits):
        return count % 100 != 0
    return count >= 10**6 and _NUMBER_OF_A_PERSON.fullmatch(digits) is not None


def _has_check_digit(digits: str) -> bool:
    """Luhn's check of a personal number."""
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(digits.zfill(10))]
    return sum(value // 10 + value % 10 for value in doubled) % 10 == 0


def _is_spaced_number(text: str) -> bool:
    """Whether digits and separators alone hide a personal number, wherever the separators stand."""
    digits = re.sub(r"[\W_]", "", text)
    return len(digits) in (10, 12) and _NUMBER_OF_A_PERSON.fullmatch(digits) is not None


def _is_base64(text: str) -> bool:
    if len(text) < 12 or not re.fullmatch(r"[\w+/=-]+", text, re.ASCII) or not any(map(str.isdecimal, text)):
        return False
    try:
        return bool(
            base64.b64decode(text, altchars=b"-_" if "-" in text or "_" in text else None, validate=True)
        )
    except (binascii.Error, ValueError):
        return False
