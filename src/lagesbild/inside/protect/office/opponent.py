"""The opponent: attacks a released table, ours or another tool's, with or without the truth at hand."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import scipy.sparse as sp

from lagesbild.core.language import Text
from lagesbild.core.refusal import Finding, Place, Refusal
from lagesbild.core.table import Table, link
from lagesbild.inside.protect.problem.system import NO_CEILING, Flags, Ints, Layer, System, blocks_of, build
from lagesbild.inside.protect.proof import bounds
from lagesbild.inside.protect.proof.audit import audit
from lagesbild.inside.protect.proof.intervals import intervals, some_table

from .job import Job, released_file, tables_of, unknown_table
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
    hidden, wrong, marks = ~job.known_exactly, 0, 0
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
    """Attack released files as an outsider who has every earlier release too. Raises Refusal where the
    published figures contradict."""
    tables = tables_of(spec)
    now = [read_released(file, table) for file, table in zip(files, tables, strict=True)]
    seen, guess = _fitting(spec, tables, now)
    system, hidden, least = seen.with_(guess), seen.hidden, seen.least_unsafe
    failing = audit(system, hidden, progress=progress).failing
    low, high = intervals(system, hidden, failing)
    threshold, width = system.threshold[failing], system.width[failing]
    reachable = low < threshold  # else certainly large, and hidden only to protect others
    narrow = reachable & ((high < threshold) | (high - low < width)) & (high >= least[failing])
    small = (guess >= least) & (guess < system.threshold)
    known_before = seen.withheld & ~hidden
    return Attack(
        cells=int(seen.own.sum()),
        hidden=int(seen.withheld.sum()),
        unsafe=None,
        unsafe_published=int((seen.own & ~seen.withheld & small).sum()),
        wrong=None,
        exact=int(((low == high) & narrow).sum() + (known_before & small).sum()),
        narrow=int(narrow.sum() + (known_before & small).sum()),
        smallest=int((high - low)[narrow].min()) if narrow.any() else None,
        marks=max(each.marks for each in now),
    )


@dataclass(frozen=True, eq=False)
class _Seen:
    """Everything public as one set of cells, without any truth; all (n,). `values` is 0 where `hidden`.

    own: cells of this release.  withheld: hidden in it, though an earlier release may show them.
    floor: the least that is believed of a hidden cell.  least_unsafe: the least count that is small.
    """

    equations: sp.csr_array
    values: Ints
    hidden: Flags
    own: Flags
    withheld: Flags
    threshold: Ints
    width: Ints
    floor: Ints
    least_unsafe: Ints
    block: Ints

    def with_(self, guess: Ints) -> System:
        """The system if `guess`, which fits all that is published, were the truth, and all hidden unsafe."""
        return System(
            equations=self.equations,
            values=guess,
            cost=np.zeros(len(guess)),
            threshold=self.threshold,
            width=self.width,
            floor=np.where(self.hidden, self.floor, guess),
            ceiling=np.full(len(guess), NO_CEILING),
            unsafe=self.hidden,
            fixed=~self.hidden,
            forced=np.zeros(len(guess), dtype=bool),
            supplier=np.full(len(guess), -1),
            block=self.block,
        )


def _fitting(spec: Spec, tables: Sequence[Table], now: Sequence[Published]) -> tuple[_Seen, Ints]:
    """What is seen, and some table that fits it: with hidden counts unchanged since earlier releases, as she
    would try first, or else with all of them revised. Raises Refusal."""
    for unchanged in (True, False) if spec.known else (True,):
        seen = _seen(spec, tables, now, unchanged)
        guess = some_table(seen.equations, seen.hidden, seen.values, seen.floor)
        if guess is not None:
            return seen, guess
    raise _contradiction(spec)


def _seen(spec: Spec, tables: Sequence[Table], now: Sequence[Published], unchanged: bool) -> _Seen:
    named = {each.name: number for number, each in enumerate(spec.tables)}
    which = [*range(len(tables)), *(_number(spec, named, known.table) for known in spec.known)]
    before = [
        read_released(released_file(spec, known), tables[number])
        for known, number in zip(spec.known, which[len(tables) :], strict=True)
    ]
    published, shapes = [*now, *before], [tables[number] for number in which]
    linked = link(shapes, spec.identities, _versions(shapes, published, unchanged))
    n = linked.size
    values, threshold, width, floor = (np.zeros(n, dtype=np.int64) for _ in range(4))
    hidden, own, withheld = np.ones(n, dtype=bool), np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
    least, block = np.ones(n, dtype=np.int64), np.full(n, -1, dtype=np.int64)
    blocks = blocks_of([Layer(table, np.zeros(table.size, dtype=np.int64)) for table in shapes])
    for place, (number, cells, each) in enumerate(zip(which, linked.cell_of, published, strict=True)):
        rule, shown = spec.tables[number].rule, cells[~each.hidden]
        if np.any(values[shown][~hidden[shown]] != each.counts[~each.hidden][~hidden[shown]]):
            raise _contradiction(spec)
        values[shown] = each.counts[~each.hidden]
        hidden[shown] = False
        threshold[cells] = np.maximum(threshold[cells], rule.threshold)
        width[cells] = np.maximum(width[cells], rule.required_width)
        floor[cells] = np.maximum(floor[cells], rule.least)
        least[cells] = np.minimum(least[cells], 0 if rule.zeros == "unsafe" else 1)
        block[cells] = np.maximum(block[cells], blocks[place])
        if place < len(tables):
            own[cells] = True
            withheld[cells[each.hidden]] = True
    return _Seen(linked.equations, values, hidden, own, withheld, threshold, width, floor, least, block)


def _number(spec: Spec, named: Mapping[str, int], table: str) -> int:
    if table not in named:
        raise unknown_table(spec)
    return named[table]


def _versions(
    tables: Sequence[Table], published: Sequence[Published], unchanged: bool
) -> list[list[Hashable]]:
    """Tells revisions of a cell apart by their values. A hidden count is taken for the only one that was ever
    shown of its cell; where there is none or several, for the same in all releases only if `unchanged`."""
    shown: dict[Hashable, set[int]] = {}
    names = [table.identities() for table in tables]
    for own, each in zip(names, published, strict=True):
        for name, count, withheld in zip(own, each.counts.tolist(), each.hidden.tolist(), strict=True):
            if not withheld:
                shown.setdefault(name, set()).add(count)

    def version(name: Hashable, count: int, withheld: bool, place: int) -> Hashable:
        ever = shown.get(name, set())
        if not withheld:
            return count
        if unchanged and len(ever) == 1:
            return next(iter(ever))
        return None if unchanged and not ever else f"hidden in {place}"

    return [
        [version(*cell, place) for cell in zip(own, each.counts.tolist(), each.hidden.tolist(), strict=True)]
        for place, (own, each) in enumerate(zip(names, published, strict=True))
    ]


def _linked(
    tables: Sequence[Table], spec: Spec, published: Sequence[Published]
) -> tuple[System, Ints, Flags]:
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
    system, shown, hidden = _linked(tables, spec, published)
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
