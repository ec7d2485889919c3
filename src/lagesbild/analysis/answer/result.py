"""What every method returns: rows, a summary, warnings, and the reasons for whatever was not given."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

import numpy as np

from lagesbild.core.language import Text

from .reason import Reason

Row = Mapping[str, Any]


class Declined(Exception):
    """A method has no answer for the table as a whole; an answer in itself, never a failure."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True)
class Warned:
    """Something the reader must know about an answer that was given."""

    code: str
    text: Text


@dataclass(frozen=True)
class Answer:
    """`rows` are the results, one mapping each; `summary` holds what belongs to the whole table.

    A withheld figure is None (or NaN, which becomes None) and its row says why under "reason", a `Reason`.
    """

    rows: Sequence[Row] = ()
    summary: Row = field(default_factory=dict)
    warnings: Sequence[Warned] = ()
    declined: Reason | None = None

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Every reason that occurs, once, in order of first appearance."""
        first = () if self.declined is None else (self.declined,)
        return tuple(dict.fromkeys((*first, *_reasons_in(self.rows), *_reasons_in([self.summary]))))

    def document(self, method: str, options: Row) -> dict[str, Any]:
        """The JSON document of `lagesbild analyse`; plain numbers, null where withheld."""
        return {
            "method": method,
            "options": plain(options),
            "results": [plain(row) for row in self.rows],
            "summary": plain(self.summary),
            "warnings": [{"code": w.code, "sv": w.text.sv, "en": w.text.en} for w in self.warnings],
            "reasons": [{"code": r.value, "sv": r.text.sv, "en": r.text.en} for r in self.reasons],
        }


def rows_of(columns: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Columns of equal length as one mapping a row; `reason` columns hold a `Reason` or ""."""
    values = [column.tolist() if isinstance(column, np.ndarray) else column for column in columns.values()]
    return [dict(zip(columns, row, strict=True)) for row in zip(*values, strict=True)]


def level_key(side: str, level: float) -> str:
    """`lower95.0`, `upper99.8`: the side of an interval and its level in per cent."""
    percent = round(100 * level, 6)
    return f"{side}{percent:.1f}" if percent == round(percent, 1) else f"{side}{percent:g}"


_PLAIN_ALREADY = frozenset({str, int, bool, type(None)})
"""Most of what stands in a long answer; asking for these first halves the time of writing one."""


def plain(value: Any) -> Any:
    """Python values that JSON can carry: numpy taken apart, NaN as None, texts as sv and en."""
    if type(value) in _PLAIN_ALREADY:
        return value
    if isinstance(value, float):
        return float(value) if isfinite(value) else None
    match value:
        case str():
            return str(value)
        case Text():
            return {"sv": value.sv, "en": value.en}
        case np.generic():
            return plain(value.item())
        case Mapping():
            return {str(key): plain(inner) for key, inner in value.items()}
        case np.ndarray() if value.ndim == 0:
            return plain(value.item())
        case np.ndarray() | list() | tuple():
            return [plain(inner) for inner in value]
        case _:
            return value


def _reasons_in(rows: Iterable[Row]) -> Iterator[Reason]:
    for row in rows:
        if row.get("reason"):
            yield Reason(row["reason"])
