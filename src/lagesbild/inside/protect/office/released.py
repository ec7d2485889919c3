"""Released tables, ours and other tools': what each shows and hides, as an outsider reads it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lagesbild.core.language import Text
from lagesbild.core.table import Dimension, Table
from lagesbild.inside.protect.problem.system import Flags, Ints

from .tidy import cells_of, flags, names_of, once, read, refuse, text, whole_numbers

HIDDEN_MARKS = (
    "", "..", ".", ":", "*", "x", "X", "c", "C", "s", "S", "[s]", "[c]", "[x]",
    "NA", "N/A", "n/a", "NaN", "nan", "null",
)  # fmt: skip
"""What published tables write where a number is withheld. A dash is none: it often stands for zero."""
VALUES = ("value", "freq", "count", "n", "antal")
"""Names that a column of numbers may have, besides the one in the specification; capitals do not matter."""
TOTALS = ("Total", "total", "TOTAL", "Tot", "Totalt", "T", "")
"""What tools write for the total of a dimension whose own code for it is another."""


@dataclass(frozen=True)
class _Form:
    """How a tool tells its status in a column: which words say hidden, which say shown."""

    tool: Text
    column: str
    hidden: frozenset[str]
    shown: frozenset[str]


def _same(name: str) -> Text:
    return Text(name, name)


OURS = _same("Lägesbild (status)")
_FORMS = (
    _Form(_same("sdcTable (sdcStatus)"), "sdcstatus", frozenset("uxw"), frozenset("sz")),
    _Form(
        _same("GaussSuppression (suppressed)"), "suppressed",
        frozenset({"true", "1"}), frozenset({"false", "0"}),
    ),
    _Form(OURS, "status", frozenset({"hidden"}), frozenset({"published", ""})),
    _Form(
        _same("tau-ARGUS (status)"), "status",
        frozenset("uxmdabcfw"), frozenset("svpz"),
    ),
)  # fmt: skip
_PLAIN = Text(
    "vanlig tabell (tomt eller märke där tal är dolda)", "plain table (blank or a mark where hidden)"
)


@dataclass(frozen=True, eq=False)
class Published:
    """A released table as outsiders have it: `counts` (cells,), 0 where `hidden` (cells,).

    marks: how many different ways it has of saying that a cell is hidden, a missing row being one.
    form: whose form it was read as.  missing: cells without a row.  kept: hidden cells whose number still
    stands in the file, as working files of other tools have it.  untried: columns that are read as nothing,
    though they may tell something.
    """

    counts: Ints
    hidden: Flags
    marks: int
    form: Text
    missing: int
    kept: int
    untried: tuple[str, ...] = ()


def columns_of(file: Path) -> Sequence[str]:
    return list(read(file).column_names)


def read_released(file: Path, table: Table, value: str = "value") -> Published:
    """A released table: columns of the dimensions, of the numbers, and of the status if any.

    A cell that is not in the file counts as hidden. Raises Refusal.
    """
    held = read(file)
    codes = [_codes(file, held, dimension) for dimension in table.dimensions]
    wanted = value if value in held.column_names and value not in names_of(table) else "value"
    numbers = _one(file, held, wanted, lambda name: _numbers(name, value, names_of(table)))
    values = text(file, held, numbers)
    cells = cells_of(file, table, codes)
    once(file, cells)
    form, status, as_written = _form(file, held)
    blank = flags(pc.is_in(pc.utf8_trim_whitespace(values), pa.array(HIDDEN_MARKS)))
    said_hidden = blank if status is None or form is None else flags(pc.is_in(status, _words(form.hidden)))
    withheld = blank | said_hidden
    working_file = form is not None and form.tool != OURS
    kept = said_hidden & ~blank
    # As they are written: capitals and spaces are marks to whoever reads the file.
    said = pc.if_else(pa.array(kept), "", values)
    said = said if as_written is None else pc.binary_join_element_wise(said, as_written, "|")
    marks = pc.count_distinct(said.filter(pa.array(withheld))).as_py()
    counts, hidden = np.zeros(table.size, dtype=np.int64), np.ones(table.size, dtype=bool)
    counts[cells[~withheld]] = whole_numbers(file, values.filter(pa.array(~withheld)), ~withheld)
    hidden[cells[~withheld]] = False
    return Published(
        counts,
        hidden,
        marks=(min(marks, 1) if working_file else marks) + (len(cells) < table.size),
        form=_PLAIN if form is None else form.tool,
        missing=table.size - len(cells),
        kept=int(kept.sum()),
        untried=() if working_file else _untried(file, held, table, numbers, ours=form is not None),
    )


def _untried(file: Path, held: pa.Table, table: Table, numbers: int, *, ours: bool) -> tuple[str, ...]:
    """Names of columns that are neither a dimension, the numbers nor the status. Of others' tables those that
    hold numbers too: names of places and the like tell nothing new."""
    known = {"status", *(name.lower() for name in names_of(table))}
    return tuple(
        name
        for place, name in enumerate(held.column_names)
        if place != numbers
        and name.lower() not in known
        and (ours or _holds_numbers(text(file, held, place)))
    )


def _holds_numbers(column: pa.Array) -> bool:
    """Whether all that is not blank or a mark is a number, and not always the same one."""
    said = column.filter(pc.invert(pc.is_in(pc.utf8_trim_whitespace(column), pa.array(HIDDEN_MARKS))))
    distinct = pc.count_distinct(said).as_py()
    return distinct > 1 and bool(
        pc.all(pc.match_substring_regex(said, r"^\s*-?[\d ]+([.,]\d+)?\s*$")).as_py()
    )


def _codes(file: Path, held: pa.Table, dimension: Dimension) -> pa.Array:
    """The dimension's codes; another word for the total is read as the total where it is no code."""
    codes = text(file, held, _one(file, held, dimension.name, lambda name: name == dimension.name))
    if dimension.top is None:
        return codes
    other = [word for word in TOTALS if word not in dimension.position]
    return pc.if_else(pc.is_in(codes, pa.array(other, pa.string())), dimension.top, codes)


def _numbers(name: str, value: str, dimensions: Sequence[str]) -> bool:
    return name == value or (name.lower() in VALUES and name not in dimensions)


def _one(file: Path, held: pa.Table, wanted: str, fits: Callable[[str], bool]) -> int:
    """The place of the column that fits. Raises Refusal unless there is one, or one with the very name."""
    fitting = [place for place, name in enumerate(held.column_names) if fits(name)]
    named = [place for place in fitting if held.column_names[place] == wanted]
    chosen = named or fitting
    if len(chosen) != 1:
        raise refuse("column", _COLUMN, file, column=wanted)
    return chosen[0]


def _form(file: Path, held: pa.Table) -> tuple[_Form | None, pa.Array | None, pa.Array | None]:
    """Whose form the file has, its column of status in small letters, and the same as it is written. Words of
    no known tool hide nothing: then the numbers tell, and different words are different marks."""
    lower = [name.lower() for name in held.column_names]
    for column in dict.fromkeys(form.column for form in _FORMS):
        if column in lower:
            as_written = text(file, held, lower.index(column))
            status = pc.utf8_lower(pc.utf8_trim_whitespace(as_written))
            for form in _FORMS:
                known = _words(form.hidden | form.shown)
                if form.column == column and flags(pc.is_in(status, known)).all():
                    return form, status, as_written
            return None, status, as_written
    return None, None, None


def _words(words: frozenset[str]) -> pa.Array:
    return pa.array(sorted(words), pa.string())


_COLUMN = (
    Text("Kolumnen saknas, eller flera kan vara den.", "The column is missing, or several may be it."),
    Text(
        "En publicerad tabell har en kolumn för varje dimension, en för talen (value, specifikationens "
        "value, freq) och gärna en för status.",
        "A released table has a column for each dimension, one for the numbers (value, the specification's "
        "value, freq) and possibly one for the status.",
    ),
)
