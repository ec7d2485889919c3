"""What an outsider can work back from published results: every method registers how it could be undone.

Attack 13 of the catalogue: a rate with one decimal, or a Poisson interval, times a known population gave back
289 of 290 counts. So each method has an inverter beside it, and what the inverter finds decides: results
that follow from the released table alone add nothing, results made from more than that are enumerated.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lagesbild.core.language import Text
from lagesbild.core.refusal import Finding, Unsafe

from .answer.result import Answer, plain
from .method import Inverter, Method
from .table.tidy import HIDDEN, Tidy

WIDTH = 5
"""Fewer counts than this left to choose among are too few: the default threshold of the protection."""


@dataclass(frozen=True)
class Shown:
    """What the outsider holds: a method's answer, printed with so many decimals."""

    answer: Answer
    decimals: int

    def agrees_with(self, other: Answer, beside: Iterable[str]) -> bool:
        """Whether another answer would have been printed in the same way, the columns it carries aside."""
        carried = frozenset(beside)
        mine, others = (_printed(answer, self.decimals, carried) for answer in (self.answer, other))
        return bool(mine == others)


def by_enumeration(
    method: Method,
    shown: Shown,
    released: Tidy,
    row: int,
    candidates: Sequence[int],
    column: str = "count",
    **options: Any,
) -> tuple[int, ...]:
    """The candidates for one hidden cell that agree with what was published.

    `released` is the table as the outsider has it. A method is a function of its table, its options and its
    seed, so its answer can be computed again: from the table as released (then nothing was added to it), or
    with each candidate in the place of the hidden cell.
    """
    if shown.agrees_with(method.answer(released, **options), released):
        return tuple(candidates)
    filled = ((count, _with_count(released, column, row, count)) for count in candidates)
    return tuple(c for c, table in filled if shown.agrees_with(method.answer(table, **options), released))


def inverter_of(method: Method) -> Inverter:
    """The method's inverter; raises `Unsafe` without one: what nobody can undo on paper is not published."""
    if method.inverter is None:
        raise Unsafe(_no_inverter(method.name))
    return method.inverter


def require_safe(
    method: Method,
    shown: Shown,
    released: Tidy,
    truth: Mapping[int, int],
    candidates: Sequence[int],
    width: int = WIDTH,
    column: str = "count",
    **options: Any,
) -> None:
    """Raise `Unsafe` unless every hidden cell keeps `width` possible counts after the results are published.

    `truth` holds the hidden counts by row, for the strongest outsider: when one cell is attacked, she knows
    all the others. A method without an inverter is refused before anything is tried.
    """
    undo = inverter_of(method)
    for row in truth:
        known = released
        for other, count in truth.items():
            known = known if other == row else _with_count(known, column, other, count)
        # What follows from the release does not depend on what the outsider knows besides.
        if shown.agrees_with(method.answer(released, **options), released):
            left = tuple(candidates)
        else:
            left = undo(method, shown, known, row, candidates, column=column, **options)
        if len(left) < width:
            raise Unsafe(_gives_away(method.name))


def _with_count(table: Tidy, column: str, row: int, count: int) -> Tidy:
    """The table with one cell no longer hidden."""
    values: NDArray[Any] = table.numbers(column).copy()
    values[row] = count
    columns = {**table.columns, column: values}
    if "status" in table:
        status = table.text("status").astype(object)
        status[row] = "" if status[row] == HIDDEN else status[row]
        columns["status"] = status.astype(str)
    return Tidy(columns)


def _printed(answer: Answer, decimals: int, carried: frozenset[str]) -> Any:
    rows = [{key: value for key, value in row.items() if key not in carried} for row in answer.rows]
    return _rounded([plain(row) for row in rows], decimals), _rounded(plain(answer.summary), decimals)


def _rounded(value: Any, decimals: int) -> Any:
    if isinstance(value, float):
        return float(np.round(value, decimals))
    if isinstance(value, Mapping):
        return {key: _rounded(inner, decimals) for key, inner in value.items()}
    if isinstance(value, list):
        return [_rounded(inner, decimals) for inner in value]
    return value


def _no_inverter(name: str) -> Finding:
    return Finding(
        "method-not-cleared",
        Text(
            f"Metoden {name} får inte publiceras: ingen har visat vad den röjer.",
            f"The method {name} may not be published: nobody has shown what it gives away.",
        ),
        Text("Registrera en inverterare bredvid metoden.", "Register an inverter beside the method."),
    )


def _gives_away(name: str) -> Finding:
    return Finding(
        "gives-count-away",
        Text(
            f"Resultaten från {name} röjer ett dolt antal.",
            f"The results of {name} give a hidden count away.",
        ),
        Text(
            "Räkna på den publicerade tabellen, eller publicera med färre decimaler.",
            "Compute from the released table, or publish with fewer decimals.",
        ),
    )
