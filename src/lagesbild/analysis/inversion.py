"""What an outsider can work back from published results: every method registers how it could be undone.

Attack 13 of the catalogue: an interval or a rate with one decimal, times a known population, gave back 289
of 290 counts. So a method is published only with an inverter beside it, and what the inverter finds decides.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lagesbild.core.language import Text
from lagesbild.core.refusal import Finding, Unsafe

from .method import Inverter, Method
from .result import Answer, plain
from .tidy import Tidy


@dataclass(frozen=True)
class Shown:
    """What the outsider holds: a method's answer, printed with so many decimals."""

    answer: Answer
    decimals: int

    def agrees_with(self, other: Answer) -> bool:
        """Whether another answer would have been printed in the same way."""
        return bool(_printed(self.answer, self.decimals) == _printed(other, self.decimals))


def by_enumeration(
    method: Method,
    shown: Shown,
    known: Tidy,
    row: int,
    candidates: Iterable[int],
    column: str = "count",
    **options: Any,
) -> tuple[int, ...]:
    """The candidates for the count of one row under which the method would have published just this.

    `known` is the table with every other count filled in: the strongest outsider, one who lacks nothing
    else. Any method that is a function of its table and its seed can be undone in this way.
    """
    return tuple(
        count
        for count in candidates
        if shown.agrees_with(method.answer(_with_count(known, row, count, column), **options))
    )


def recovered(
    method: Method, truth: Tidy, row: int, shown: Shown, candidates: Sequence[int], **options: Any
) -> tuple[int, ...]:
    """Counts of one row that agree with what was shown; refuses a method that nobody knows how to undo."""
    undo = inverter_of(method)
    return undo(method, shown, method.with_own_names(truth), row, candidates, **options)


def inverter_of(method: Method) -> Inverter:
    """The method's inverter; raises `Unsafe` without one: what nobody can undo on paper is not published."""
    if method.inverter is None:
        raise Unsafe(
            Finding(
                "A5",
                Text(
                    f"Metoden {method.name} får inte publiceras: ingen har visat vad den röjer.",
                    f"The method {method.name} may not be published: nobody has shown what it gives away.",
                ),
                Text("Registrera en inverterare bredvid metoden.", "Register an inverter beside the method."),
            )
        )
    return method.inverter


def _with_count(table: Tidy, row: int, count: int, column: str) -> Tidy:
    counts = table.numbers(column).copy()
    counts[row] = count
    return Tidy({**table.columns, column: counts})


def _printed(answer: Answer, decimals: int) -> Any:
    """Everything the answer says except the counts it was made from, rounded as published."""
    rows = [{key: value for key, value in row.items() if key != "count"} for row in answer.rows]
    return _rounded([plain(row) for row in rows], decimals), _rounded(plain(answer.summary), decimals)


def _rounded(value: Any, decimals: int) -> Any:
    if isinstance(value, float):
        return float(np.round(value, decimals))
    if isinstance(value, Mapping):
        return {key: _rounded(inner, decimals) for key, inner in value.items()}
    if isinstance(value, list):
        return [_rounded(inner, decimals) for inner in value]
    return value
