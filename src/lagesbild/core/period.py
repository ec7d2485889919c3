"""Years, half-years, quarters and months: their order, their parts and their gaps."""

import re
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

_CODE = re.compile(r"(?P<year>(?:19|20)\d\d)(?:(?P<kind>[HQM])(?P<number>\d{1,2}))?")


class Frequency(StrEnum):
    """How often something is measured; the value is the letter in a period's code."""

    YEAR = "Y"
    HALF_YEAR = "H"
    QUARTER = "Q"
    MONTH = "M"

    @property
    def months(self) -> int:
        return {"Y": 12, "H": 6, "Q": 3, "M": 1}[self.value]

    @property
    def per_year(self) -> int:
        return 12 // self.months


@dataclass(frozen=True, order=True)
class Period:
    """A calendar period, written 2024, 2024H1, 2024Q3 or 2024M07. Ordered by start, longer periods first."""

    _start: int = field(init=False, repr=False)
    _negative_length: int = field(init=False, repr=False)
    year: int = field(compare=False)
    frequency: Frequency = field(default=Frequency.YEAR, compare=False)
    number: int = field(default=1, compare=False)

    def __post_init__(self) -> None:
        if not 1 <= self.number <= self.frequency.per_year:
            raise ValueError("no such part of a year")
        object.__setattr__(self, "_start", self.year * 12 + (self.number - 1) * self.frequency.months)
        object.__setattr__(self, "_negative_length", -self.frequency.months)

    @classmethod
    def parse(cls, code: str) -> "Period":
        """The period of a code. Raises ValueError (without the code in its text) for anything else."""
        match = _CODE.fullmatch(code)
        if match is None:
            raise ValueError("not a period code")
        year = int(match["year"])
        if match["kind"] is None:
            return cls(year)
        return cls(year, Frequency(match["kind"]), int(match["number"]))

    @property
    def code(self) -> str:
        if self.frequency is Frequency.YEAR:
            return str(self.year)
        width = 2 if self.frequency is Frequency.MONTH else 1
        return f"{self.year}{self.frequency}{self.number:0{width}d}"

    @property
    def start(self) -> date:
        """First day."""
        return date(self._start // 12, self._start % 12 + 1, 1)

    @property
    def end(self) -> date:
        """The day after the last day."""
        after = self._start + self.frequency.months
        return date(after // 12, after % 12 + 1, 1)

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    def parts(self, frequency: Frequency) -> tuple["Period", ...]:
        """The periods of a finer frequency that make up this one; empty where they do not fit in it."""
        if frequency.months >= self.frequency.months:
            return ()
        first = (self._start % 12) // frequency.months + 1
        count = self.frequency.months // frequency.months
        return tuple(Period(self.year, frequency, first + i) for i in range(count))

    def straddles(self, day: date) -> bool:
        """Whether a change on this day falls inside the period, so that it holds both before and after."""
        return self.start < day < self.end
