"""Tables as markup, with caption, scopes and the five states; plain functions because there are many rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from lagesbild.core.figures import State
from lagesbild.outside.known.readings import Estimate, Reading
from lagesbild.outside.words import Words, plain

MANY = 4
"""A table of more columns than this has a narrow first one on paper."""
FEW = 2
"""A table of no more columns than this is kept narrow, so that the eye finds across."""
WIDE = 5
"""A table of more columns than this, drawings apart, keeps its width on a phone and scrolls in its frame."""


@dataclass(frozen=True)
class Head:
    """One column: its heading, and whether it holds numbers, or drawings that a narrow screen leaves out."""

    text: str
    number: bool = False
    drawn: bool = False


@dataclass(frozen=True)
class Line:
    """One row: the first cell is its heading. `here` marks the place that the page is about."""

    cells: Sequence[Markup | str]
    here: bool = False


def table(
    caption: Markup | str, heads: Sequence[Head], lines: Iterable[Line], *, key: str = "", stack: bool = False
) -> Markup:
    """A table that scrolls inside itself. `key` makes it sortable by script.

    `stack`: on a phone each row stands by itself, every cell from the third on behind its heading.
    """
    classes = [" class=n" if head.number else " class=dots" if head.drawn else "" for head in heads]
    columns = "".join(
        f"<th scope=col{style}>{escape(head.text)}</th>" for head, style in zip(heads, classes, strict=True)
    )
    if stack:
        classes[2:] = [
            f'{style} data-head="{escape(head.text)}"'
            for style, head in zip(classes[2:], heads[2:], strict=True)
        ]
    body = "".join(_line(line, classes) for line in lines)
    mark = f' data-sort="{escape(key)}"' if key else ""
    shapes = {
        "few": len(heads) <= FEW,
        "many": len(heads) > MANY,
        "wide": not stack and sum(not head.drawn for head in heads) > WIDE,
        "stack": stack,
    }
    if any(shapes.values()):
        mark += f' class="{" ".join(shape for shape, holds in shapes.items() if holds)}"'
    return Markup(
        f'<div class="scroll" role="group" aria-label="{escape(plain(Markup(caption)))}" tabindex="0">'
        f"<table{mark}><caption><span>{escape(caption)}</span></caption><thead><tr>{columns}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )


def _line(line: Line, classes: Sequence[str]) -> str:
    first = f"<th scope=row{classes[0]}>{escape(line.cells[0])}</th>"
    rest = "".join(
        f"<td{style}>{escape(cell)}</td>" for cell, style in zip(line.cells[1:], classes[1:], strict=True)
    )
    return f"<tr{' class=here' if line.here else ''}>{first}{rest}</tr>"


@dataclass(frozen=True)
class Cells:
    """Writes one cell of a table: a number, or the word for why there is none."""

    words: Words

    def state(self, state: State) -> Markup:
        match state:
            case State.PROTECTED:
                return self._abbreviation("protected")
            case State.NOT_APPLICABLE:
                return self._abbreviation("inapplicable")
            case _:
                return Markup('<span class="state">{}</span>').format(self.words("state.none"))

    def count(self, reading: Reading | None) -> Markup:
        if reading is None:
            return self.state(State.NO_PICTURE)
        if reading.count is None:
            return self.state(reading.state)
        return escape(self.words.numbers.whole(reading.count))

    def rate(self, reading: Reading | None) -> Markup:
        """The rate; a dash where there is a count but nothing to count per."""
        if reading is None or reading.count is None:
            return self.count(reading)
        if reading.estimate is None:
            return Markup("–")
        return self.value(reading.estimate)

    def value(self, estimate: Estimate) -> Markup:
        return escape(self.words.numbers.rate(estimate.value))

    def interval(self, reading: Reading | None) -> Markup:
        if reading is None or reading.estimate is None:
            return Markup("–") if reading is not None and reading.count is not None else Markup("")
        return escape(self.words.numbers.interval(*reading.estimate.band95))

    def _abbreviation(self, name: str) -> Markup:
        mark = " protected-word" if name == "protected" else ""
        return Markup('<span class="state{}">{}</span>').format(mark, self.words(f"state.{name}"))
