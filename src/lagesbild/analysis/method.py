"""A method as data: its columns, its options, its function and its inverter.

The same table drives `lagesbild analyse`, the pages in docs/method and the check that nothing computed gives
a hidden count back. Each module of this package that answers a question holds its own `Method`; the list of
all is `catalogue.METHODS`.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from threadpoolctl import threadpool_limits

from lagesbild.core.language import Text
from lagesbild.core.refusal import BadUsage, Finding

from .answer.result import Answer, Declined
from .table.tidy import Tidy, missing_column

Inverter = Callable[..., tuple[int, ...]]


LARGEST = 1e15
"""No option is larger; what is was a slip of the keyboard, and would only overflow."""


@dataclass(frozen=True)
class Column:
    """A column by the name the method uses, and other names under which the field writes the same thing."""

    name: str
    meaning: Text
    also: tuple[str, ...] = ()
    required: bool = True
    is_number: bool = False


@dataclass(frozen=True)
class Option:
    """`read` makes the value from what was typed and raises ValueError.

    A table option takes a whole CSV file, a bytes option the content of any file.
    """

    name: str
    meaning: Text
    read: Callable[[str], Any]
    default: Any = None
    is_table: bool = False
    is_bytes: bool = False

    @property
    def is_file(self) -> bool:
        return self.is_table or self.is_bytes

    @property
    def flag(self) -> str:
        return "--" + self.name.replace("_", "-")


@dataclass(frozen=True)
class Method:
    """`run(table, **options)` answers; the table has the columns named here, renamed from what was given.

    `inverter` finds the counts that agree with what the method published (see `inversion`); a method
    without one cannot be published from protected data.
    """

    name: str
    question: Text
    columns: tuple[Column, ...]
    options: tuple[Option, ...]
    run: Callable[..., Answer]
    inverter: Inverter | None = None

    def answer(self, table: Tidy, **options: Any) -> Answer:
        """The method's answer to the table; a method that declines answers with its reason alone."""
        named = self.with_own_names(table)
        try:
            # Our matrices are small: threads would spend more time waiting for each other than they save.
            with threadpool_limits(1):
                return self.run(named, **{**self.defaults, **options})
        except Declined as declined:
            return Answer(declined=declined.reason)

    @property
    def defaults(self) -> dict[str, Any]:
        return {option.name: option.default for option in self.options}

    def with_own_names(self, table: Tidy) -> Tidy:
        """The method's columns by its own names, numbers as numbers; refuses when a required one is missing.

        A column found under another name of the field keeps that name too, so that the reader of the
        results finds it again.
        """
        found = {column.name: self._name_in(table, column) for column in self.columns}
        missing = [column for column in self.columns if column.required and not found[column.name]]
        if missing:
            raise BadUsage(*(missing_column(column.name) for column in missing))
        named = table.also_named({name: given for name, given in found.items() if given})
        read = {c.name: named.numbers(c.name) for c in self.columns if c.is_number and c.name in named}
        return replace(named, columns={**named.columns, **read})

    def _name_in(self, table: Tidy, column: Column) -> str:
        """Its own name, or else the first other name that is no method column's own; "" when absent.

        A name spelt exactly goes before one that differs in case, spaces, points or underscores.
        """
        own = {other.name for other in self.columns}
        names = (column.name, *(name for name in column.also if name not in own))
        alike = {_spelling(given): given for given in reversed(list(table)) if given not in own}
        spelt = (alike[_spelling(name)] for name in names if _spelling(name) in alike)
        return next((name for name in names if name in table), next(spelt, ""))

    def options_from(self, typed: Mapping[str, str]) -> dict[str, Any]:
        """Options that are not files, made from the words of the command line."""
        return {
            option.name: _read(option, typed[option.name])
            for option in self.options
            if option.name in typed and not option.is_file
        }


def _spelling(name: str) -> str:
    """`Age group`, `age.group` and `AGE_GROUP` are one name, and so are `folkmängd` and `folkmangd`."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKD", name.casefold()))


def _read(option: Option, typed: str) -> Any:
    try:
        return option.read(typed)
    except ValueError:
        raise BadUsage(
            Finding(
                "bad-option",
                Text(
                    f"Värdet till {option.flag} går inte att läsa.", f"{option.flag} has an unreadable value."
                ),
                option.meaning,
            )
        ) from None


def number(least: float = -LARGEST, most: float = LARGEST) -> Callable[[str], float]:
    """A reader of one number within bounds."""

    def read(typed: str) -> float:
        value = float(typed)
        if not least <= value <= most:
            raise ValueError
        return value

    return read


def integer(least: int = 0, most: int = 2**31 - 1) -> Callable[[str], int]:
    """A reader of one whole number within bounds."""
    return lambda typed: int(number(least, most)(str(int(typed))))


LEAST_POSITIVE = 1 / LARGEST
positive = number(LEAST_POSITIVE)

REPLICATES = integer(10, 1_000_000)
"""Fewer replicates or draws say nothing, more take days."""


def text(typed: str) -> str:
    return typed


def numbers(least: float) -> Callable[[str], tuple[float, ...]]:
    """A reader of numbers by comma, none below the least."""
    return lambda typed: tuple(number(least)(part) for part in typed.split(","))


def texts(typed: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in typed.split(","))


def pairs(typed: str) -> dict[str, float]:
    """`a=1,b=2.5` as weights by name."""
    parted = (part.partition("=") for part in typed.split(","))
    return {name.strip(): number(0)(value) for name, _, value in parted}


def yes_or_no(typed: str) -> bool:
    return one_of("yes", "no")(typed) == "yes"


def one_of(*words: str) -> Callable[[str], str]:
    def read(typed: str) -> str:
        if typed not in words:
            raise ValueError
        return typed

    return read


LEAST_LEVEL = 0.5
"""A lower confidence level is a slip of the keyboard."""


def one_level(typed: str) -> float:
    (level,) = levels(typed)
    return level


def levels(typed: str) -> tuple[float, ...]:
    """Confidence levels as shares (0.95) or per cent (95 or 95%), from one half up to but not including 1."""
    read = tuple(level / 100 if level > 1 else level for level in numbers(0)(typed.replace("%", "")))
    if not all(LEAST_LEVEL <= level < 1 for level in read):
        raise ValueError
    return read


_COUNT_NAMES = (
    "numerator",
    "n_events",
    "observed",
    "obs",
    "cases",
    "events",
    "deaths",
    "reported",
    "o",
    "x",
    "antal",
    "taljare",
)
_DENOMINATOR_NAMES = (
    "population",
    "pop",
    "n",
    "denom",
    "persons",
    "person_years",
    "pyears",
    "at_risk",
    "expected",
    "namnare",
    "folkmangd",
    "invanare",
)
_AREA_NAMES = (
    "area_code",
    "area_name",
    "code",
    "id",
    "municipality",
    "county",
    "region",
    "district",
    "unit",
    "kommun",
    "lan",
)
_PERIOD_NAMES = ("year", "date", "month", "quarter", "time", "t", "ar")

COUNT = Column(
    "count",
    Text("antal händelser eller personer", "number of events or persons"),
    _COUNT_NAMES,
    is_number=True,
)
DENOMINATOR = Column(
    "denominator", Text("antal att räkna per", "number to count per"), _DENOMINATOR_NAMES, is_number=True
)
AREA = Column("area", Text("område", "area"), _AREA_NAMES, required=False)
PERIOD = Column("period", Text("år eller annan period", "year or other period"), _PERIOD_NAMES)
STATUS = Column(
    "status",
    Text("hidden eller rounded där antalet är skyddat", "hidden or rounded where the count is protected"),
    required=False,
)
LOWER = Column("lower", Text("minsta möjliga antal", "least possible count"), required=False, is_number=True)
UPPER = Column(
    "upper", Text("största möjliga antal", "largest possible count"), required=False, is_number=True
)
PROTECTION = (STATUS, LOWER, UPPER)

LEVEL = Option(
    "level",
    Text("Konfidensnivåer, till exempel 0.95,0.998.", "Confidence levels, for instance 0.95,0.998."),
    levels,
    (0.95, 0.998),
)
MULTIPLIER = Option(
    "multiplier",
    Text("Per hur många, till exempel 10000.", "Per how many, for instance 10000."),
    positive,
    100000.0,
)
SEED = Option(
    "seed", Text("Frö till slumptalen, ett heltal.", "Seed of the random numbers, an integer."), integer(), 1
)
