"""What was decided, as it may be shown: the figures, statement and revisions of a release."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from lagesbild.core.figures import Figure, Figures, State
from lagesbild.core.indicator import Indicator
from lagesbild.core.language import Text
from lagesbild.inside.linked.margins import Cell, Margins
from lagesbild.inside.linked.stack import Stack
from lagesbild.release.contents import AuditStatement, Edition, Release, Revision, Source


@dataclass(frozen=True)
class Plan:
    """What a release is to be. `reason` stands beside revised figures; `indicators` None: all there are.

    `prefer`: codes of places whose totals are rather shown than others', wherever safety leaves a choice.
    """

    number: str
    published: date
    title: Text
    reason: Text
    indicators: Sequence[str] | None = None
    prefer: Sequence[str] = ()


def edition(
    plan: Plan,
    figures: Mapping[str, Figures],
    indicators: Mapping[str, Indicator],
    sources: Mapping[str, tuple[Source, ...]],
    earlier: Sequence[Release],
) -> Edition:
    """The release that the plan asks for, after the earlier ones (the first one first)."""
    last = earlier[-1] if earlier else None
    return Edition(
        number=plan.number,
        published=plan.published,
        title=plan.title,
        figures=figures,
        indicators={code: indicators[code] for code in figures},
        sources=sources,
        audit=_statement(figures, len(earlier)),
        revisions=_revisions(figures, last, plan.reason),
        predecessor=last.digest if last else None,
    )


def figures_of(tables: Sequence[Margins], linked: Stack, hidden: NDArray[np.bool_]) -> dict[str, Figures]:
    """The tables as they may be shown; `hidden` (n,) is the pattern over the linked cells."""
    shown = linked.current & ~hidden
    open_cells = {cell for cell, is_open in zip(linked.cells, shown, strict=True) if is_open}
    return {table.indicator.code: _shown_of(table, open_cells) for table in tables}


def _shown_of(table: Margins, open_cells: set[Cell]) -> Figures:
    cells = {
        cell.key: Figure(value, State.VALUE)
        if not table.guarded or cell in open_cells
        else Figure(None, State.PROTECTED)
        for cell, value in table.values.items()
        if not cell.rest and cell not in table.unshown
    }
    cells |= {key: Figure(None, State.NOT_APPLICABLE) for key in table.not_applicable}
    return Figures(table.indicator.code, table.origin, cells, table.coverage)


def _statement(figures: Mapping[str, Figures], earlier: int) -> AuditStatement:
    states = [figure.state for table in figures.values() for _, figure in table]
    return AuditStatement(
        cells=len(states),
        published=states.count(State.VALUE),
        hidden=states.count(State.PROTECTED),
        unsafe_too_narrow=0,
        earlier_releases=earlier,
    )


def _revisions(figures: Mapping[str, Figures], last: Release | None, reason: Text) -> tuple[Revision, ...]:
    """For each table of the release before, how many cells that showed a value show another one now."""
    before = last.figures if last else {}
    changed = {
        code: sum(_differs(figures[code][key], figure) for key, figure in before[code])
        for code in sorted(before.keys() & figures.keys())
    }
    return tuple(Revision(code, number, reason) for code, number in changed.items() if number)


def _differs(now: Figure, before: Figure) -> bool:
    return now.state is before.state is State.VALUE and now.value != before.value
