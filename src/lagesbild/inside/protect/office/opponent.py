"""The opponent: attacks a released table, ours or another tool's, with or without the truth at hand."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import scipy.sparse as sp

from lagesbild.core.language import Text
from lagesbild.core.refusal import Finding, Place, Refusal
from lagesbild.core.table import Table
from lagesbild.inside.protect import bounds
from lagesbild.inside.protect.audit import audit
from lagesbild.inside.protect.intervals import intervals, some_table
from lagesbild.inside.protect.system import Flags, Ints, Layer, System, build

from .job import Job, tables_of
from .perturbation import promised_width, thinkable
from .spec import Spec
from .tidy import Published, read_released

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Attack:
    """What an outsider learns of a released table. Counts of cells; None where the truth is needed to tell.

    exact: recovered to the number.  narrow: certainly or (without truth) possibly unsafe, and an interval
    that does not reach the threshold or is narrower than required.  smallest: narrowest interval found.
    marks: ways of saying "hidden"; a second one tells which cells are small.
    """

    cells: int
    hidden: int
    unsafe: int | None
    unsafe_published: int | None
    wrong: int | None
    exact: int
    narrow: int
    smallest: int | None
    marks: int = 1

    @property
    def safe(self) -> bool:
        return not (self.exact or self.narrow or self.unsafe_published or self.marks > 1)


def attack_with_truth(job: Job, files: list[Path], progress: Progress | None = None) -> Attack:
    """Attack released files knowing which cells are unsafe: only those can be harmed."""
    system = job.stack.system
    hidden, wrong, marks = np.ones(system.size, dtype=bool), 0, 0
    for table, own, file in zip(job.tables, job.stack.cell_of, files, strict=False):
        released = read_released(file, table)
        wrong += int((~released.hidden & (released.counts != system.values[own])).sum())
        hidden[own] &= released.hidden
        marks = max(marks, released.marks)
    exposed = int((system.unsafe & ~hidden).sum())
    open_system = system.with_(unsafe=system.unsafe & hidden)
    failing = audit(open_system, hidden, insider=job.spec.insider, progress=progress).failing
    low, high = intervals(open_system, hidden, failing)
    return Attack(
        cells=system.size,
        hidden=int(hidden.sum()),
        unsafe=int(system.unsafe.sum()),
        unsafe_published=exposed,
        wrong=wrong,
        exact=int((low == high).sum()),
        narrow=len(failing),
        smallest=int((high - low).min()) if len(failing) else None,
        marks=marks,
    )


def attack_blind(spec: Spec, files: list[Path], progress: Progress | None = None) -> Attack:
    """Attack released files as an outsider. Raises Refusal where the published figures contradict."""
    tables = tables_of(spec)
    published = [read_released(file, table) for file, table in zip(files, tables, strict=True)]
    system, values, hidden = _seen(tables, spec, published)
    rule = spec.tables[0].rule
    floor = np.where(hidden, rule.least, values)
    found = some_table(system.equations, hidden, values, floor)
    if found is None:
        raise _contradiction(spec)
    guess = system.with_(values=found, unsafe=hidden, fixed=~hidden, floor=floor)
    failing = audit(guess, hidden, progress=progress).failing
    low, high = intervals(guess, hidden, failing)
    reachable = low < rule.threshold  # else certainly large, and hidden only to protect others
    narrow = reachable & ((high < rule.threshold) | (high - low < rule.required_width)) & (high > 0)
    return Attack(
        cells=guess.size,
        hidden=int(hidden.sum()),
        unsafe=None,
        unsafe_published=None,
        wrong=None,
        exact=int(((low == high) & narrow).sum()),
        narrow=int(narrow.sum()),
        smallest=int((high - low)[narrow].min()) if narrow.any() else None,
        marks=max(each.marks for each in published),
    )


def _seen(tables: Sequence[Table], spec: Spec, published: Sequence[Published]) -> tuple[System, Ints, Flags]:
    """The linked system without any truth, what is published of it, and what is hidden."""
    rules = [each.rule for each in spec.tables]
    nothing = [np.zeros(table.size, dtype=np.int64) for table in tables]
    layers = [Layer(*each) for each in zip(tables, nothing, rules, strict=True)]
    stack = build(layers, spec.identities)
    values = np.zeros(stack.system.size, dtype=np.int64)
    hidden = np.ones(stack.system.size, dtype=bool)
    for own, each in zip(stack.cell_of, published, strict=True):
        shown = own[~each.hidden]
        if np.any(values[shown][~hidden[shown]] != each.counts[~each.hidden][~hidden[shown]]):
            raise _contradiction(spec)
        values[shown] = each.counts[~each.hidden]
        hidden[own] &= each.hidden
    return stack.system, values, hidden


def attack_perturbed(spec: Spec, files: list[Path], job: Job | None = None) -> Attack:
    """Attack rounded or noisy files, knowing the method but no key; `job` brings the truth.

    A number is narrow when the others leave less doubt about it than it was shown with. Without the truth
    every number that may be unsafe counts. Raises Refusal where shown figures contradict.
    """
    tables = tables_of(spec)
    published = [read_released(file, table) for file, table in zip(files, tables, strict=True)]
    system, shown, hidden = _seen(tables, spec, published)
    if hidden.any():
        raise Refusal(Finding("not-whole", *_NOT_WHOLE, Place(file=files[0].name)))
    low, high = _narrowed(spec, system.equations, shown)
    if job is None:
        asked = (low < max(each.rule.threshold for each in spec.tables)) & (high > 0)
    else:
        asked = job.stack.system.unsafe[: system.size]
    width = (high - low)[asked]
    return Attack(
        cells=system.size,
        hidden=0,
        unsafe=None if job is None else int(asked.sum()),
        unsafe_published=None,
        wrong=None if job is None else int((shown != job.stack.system.values[: system.size]).sum()),
        exact=int((width == 0).sum()),
        narrow=int((width < promised_width(spec)).sum()),
        smallest=int(width.min()) if len(width) else None,
    )


def _narrowed(spec: Spec, equations: sp.csr_array, shown: Ints) -> tuple[Ints, Ints]:
    if spec.method == "rounding" and np.any(equations @ shown):
        raise _contradiction(spec)
    try:
        return bounds.propagated(equations, *thinkable(spec, spec.method, equations, shown))
    except ValueError as error:
        raise _contradiction(spec) from error


def _contradiction(spec: Spec) -> Refusal:
    return Refusal(Finding("contradiction", *_CONTRADICTION, Place(file=spec.file.name)))


_NOT_WHOLE = (
    Text(
        "Avrundade och brusade tabeller visar alla celler; här saknas några.",
        "Rounded and noisy tables show every cell; some are missing here.",
    ),
    Text(
        'Ange hela tabellen, eller method = "suppression".',
        'Give the whole table, or method = "suppression".',
    ),
)


_CONTRADICTION = (
    Text(
        "De publicerade talen går inte ihop med sina summor.",
        "The published figures contradict their own sums.",
    ),
    Text(
        "Kontrollera att specifikationen hör till tabellen.",
        "Check that the specification belongs to the table.",
    ),
)
