"""How a number is written, in Swedish and English: the one door that every figure passes to a page.

Each text that leaves here is noted in `written`, so that a test can ask whether every numeral of a page
came through this door.
"""

import math
from dataclasses import dataclass, field
from datetime import date

from lagesbild.core.language import Language
from lagesbild.core.period import Frequency, Period

NARROW = "\u202f"
MINUS = "\u2212"
EN_DASH = "\u2013"

MONTHS = {
    "sv": (
        *("januari", "februari", "mars", "april", "maj", "juni"),
        *("juli", "augusti", "september", "oktober", "november", "december"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}
SMALL = {
    "sv": ("noll", "ett", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv"),
    "en": (
        *("zero", "one", "two", "three", "four", "five", "six"),
        *("seven", "eight", "nine", "ten", "eleven", "twelve"),
    ),
}


@dataclass(frozen=True)
class Numbers:
    """Writes numbers the way one language does: decimal comma or point, narrow space or comma, true minus."""

    language: Language
    written: set[str] = field(default_factory=set, compare=False, repr=False)

    def whole(self, number: int) -> str:
        """1 234 (sv), 1,234 (en)."""
        return self._note(self._grouped(number))

    def decimal(self, number: float, digits: int = 1) -> str:
        """2,7 (sv), 2.7 (en); halves are rounded away from zero as people do."""
        scaled = math.floor(abs(number) * 10**digits + 0.5 + 1e-9)
        whole, part = divmod(scaled, 10**digits)
        sign = MINUS if number < 0 and scaled else ""
        point = "," if self.language == "sv" else "."
        tail = f"{point}{part:0{digits}d}" if digits else ""
        return self._note(sign + self._grouped(whole) + tail)

    def rate(self, number: float) -> str:
        """A rate with the digits that its size deserves: 0,42 but 4,2 and 42."""
        return self.decimal(number, 2 if 0 < abs(number) < 1 else 1 if abs(number) < 100 else 0)

    def signed_rate(self, number: float) -> str:
        """A change of a rate, with a plus where it rose."""
        return self._note(self._plus(number, 2) + self.rate(number))

    def tick(self, number: float) -> str:
        """A round number on an axis, with no more decimals than it has."""
        return self.decimal(number, next(d for d in (0, 1, 2, 3, 6) if d == 6 or round(number, d) == number))

    def percent(self, share: float, digits: int = 0) -> str:
        """A share (0.25) as 25 %."""
        space = "\u00a0%" if self.language == "sv" else "%"
        return self._note(self.decimal(share * 100, digits) + space)

    def signed_percent(self, share: float, digits: int = 0) -> str:
        """A change (-0.25) as −25 %, with a plus where it rose."""
        return self._note(self._plus(share * 100, digits) + self.percent(share, digits))

    def interval(self, low: float, high: float) -> str:
        """3,1–5,4; with "till" or "to" where a minus sign would meet the dash."""
        ends = self.rate(low), self.rate(high)
        if ends[0] == ends[1]:
            return ends[0]
        if low < 0 or high < 0:
            return self._note(f"{ends[0]} {'till' if self.language == 'sv' else 'to'} {ends[1]}")
        return self._note(f"{ends[0]}{EN_DASH}{ends[1]}")

    def word(self, number: int) -> str:
        """A small number in a sentence: five, but 13."""
        return SMALL[self.language][number] if 0 <= number <= 12 else self.whole(number)

    def year(self, year: int) -> str:
        """A year is never grouped."""
        return self._note(str(year))

    def years(self, first: int, last: int) -> str:
        return self._note(f"{first}{EN_DASH}{last}") if first != last else self.year(first)

    def day(self, day: date) -> str:
        """23 november 2026."""
        return self._note(f"{day.day} {MONTHS[self.language][day.month - 1]} {day.year}")

    def period(self, code: str) -> str:
        """2024; första halvåret 2024; kvartal 3 2024; juli 2024."""
        period = Period.parse(code)
        return self._note(_period_words(period, self.language))

    def short_period(self, code: str) -> str:
        """2024; 2024 h1; 2024 kv3: for axes and narrow columns."""
        period = Period.parse(code)
        part = {
            Frequency.YEAR: "",
            Frequency.HALF_YEAR: f" h{period.number}",
            Frequency.QUARTER: f" {'kv' if self.language == 'sv' else 'Q'}{period.number}",
            Frequency.MONTH: f"-{period.number:02d}",
        }[period.frequency]
        return self._note(f"{period.year}{part}")

    @staticmethod
    def _plus(number: float, digits: int) -> str:
        return "+" if round(number, digits) > 0 else ""

    def _grouped(self, number: int) -> str:
        mark = NARROW if self.language == "sv" else ","
        return (MINUS if number < 0 else "") + f"{abs(number):,}".replace(",", mark)

    def _note(self, text: str) -> str:
        self.written.add(text)
        return text


def _period_words(period: Period, language: Language) -> str:
    year, number = period.year, period.number
    match period.frequency:
        case Frequency.YEAR:
            return str(year)
        case Frequency.MONTH:
            return f"{MONTHS[language][number - 1]} {year}"
        case Frequency.QUARTER:
            return f"kvartal {number} {year}" if language == "sv" else f"quarter {number} of {year}"
        case Frequency.HALF_YEAR:
            first = number == 1
            if language == "sv":
                return f"{'första' if first else 'andra'} halvåret {year}"
            return f"the {'first' if first else 'second'} half of {year}"


SWEDISH_ORDER = str.maketrans({"å": "{", "ä": "|", "ö": "}", "é": "e", "ü": "y"})


def alphabetical(name: str) -> str:
    """Key that sorts å, ä and ö last, in that order."""
    return name.lower().translate(SWEDISH_ORDER)
