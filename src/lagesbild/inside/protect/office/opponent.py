"""The opponent: attacks a released table, ours or another tool's, with or without the truth at hand."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import get_args

import numpy as np

from lagesbild.core.language import Text
from lagesbild.core.linking import link
from lagesbild.core.refusal import BadUsage, Finding, Place, Refusal
from lagesbild.core.table import Table
from lagesbild.inside.protect.problem.system import Flags, Ints
from lagesbild.inside.protect.proof.audit import audit
from lagesbild.inside.protect.proof.intervals import intervals
from lagesbild.inside.protect.search import zeros

from .failing import Failed, Found, Reason, failed, named, why
from .job import Job, tables_of
from .onlooker import NOISE, Doubt, View, doubt, promised_width, with_truth, without_truth
from .outsider import Seen, contradiction, fitting, shown_by
from .released import OURS, Published, read_released
from .renamed import refuse_renamed
from .spec import Spec
from .tidy import refuse

Progress = Callable[[int, int], None]
SELDOM = 10_000
"""So many noisy tables with the truth shown as often, by chance, and one of them is called not safe."""


@dataclass(frozen=True)
class Attack:
    """What an outsider learns of a released table. Counts of cells; None where the truth is needed to tell.

    exact: recovered to the number.  narrow: certainly or (without truth) possibly unsafe, and an interval
    that does not reach the threshold or is narrower than required, or no proof.  smallest: narrowest
    interval found.  marks: ways of saying "hidden"; a second one tells which cells are small.
    perturbed: whether numbers are meant to be wrong.
    missing, kept: cells without a row, and hidden ones whose number is still in the file. Working files of
    other tools are like that; a table in our own form is what is published.
    noiseless: numbers that should have noise, where more are the truth than noise leaves; else 0.
    no_zero_hidden: whether all zeros are shown, also such as stand in a sum with unsafe cells, as far as the
    truth tells: whoever knows that they always are believes that a hidden cell is none.
    reasons: how many cells fail for each reason.  failing: the cells themselves, for the private side only.
    """

    cells: int
    hidden: int
    unsafe: int | None
    unsafe_published: int | None
    wrong: int | None
    perturbed: bool
    exact: int
    narrow: int
    smallest: int | None
    marks: int
    missing: int
    kept: int
    form: Text
    failing: tuple[Failed, ...]
    noiseless: int = 0
    no_zero_hidden: bool = False

    @property
    def safe(self) -> bool:
        """Numbers that are not the truth, where they should be, are no table that was attacked."""
        another_table = bool(self.wrong) and not self.perturbed
        leaks = self.exact or self.narrow or self.unsafe_published or self.noiseless
        return not (leaks or self._file_leaks or another_table)

    @property
    def undecided(self) -> bool:
        """Whether nothing is certain to leak, and only the truth tells of the rest."""
        return not self.safe and not self._file_leaks and set(self.reasons) == {"doubtful"}

    @property
    def _file_leaks(self) -> bool:
        """Whether the file itself tells of hidden cells, whatever its sums do."""
        return self.marks > 1 or (self.kept > 0 and self.form == OURS)

    @property
    def reasons(self) -> dict[Reason, int]:
        found = Counter(each.reason for each in self.failing)
        return {reason: found[reason] for reason in get_args(Reason) if found[reason]}

    @property
    def public(self) -> bool:
        """Whether an outsider can make the same attack; the truth tells how many hidden cells are small."""
        return self.unsafe is None

    def figures(self) -> dict[str, object]:
        """All that is told beside the cells: figures, and whether they may be told in public."""
        own = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "failing"}
        told = {**own, "form": self.form.in_("en"), "reasons": self.reasons}
        return {"safe": self.safe, "public": self.public, **told}


def attack(
    spec: Spec, files: Sequence[Path], job: Job | None = None, progress: Progress | None = None
) -> Attack:
    """Attack released files, one for each table; `job` brings the truth. Raises Refusal or BadUsage."""
    tables = tables_of(spec)
    refuse_renamed(spec, tables)
    published = [
        read_released(file, table, each.value)
        for file, table, each in zip(files, tables, spec.tables, strict=True)
    ]
    for file, each in zip(files, published, strict=True):
        if each.untried:
            raise refuse("untried-column", _UNTRIED, file, column=each.untried[0])
    if spec.method != "suppression":
        return _on_perturbed(spec, tables, published, files, job)
    if job is not None:
        return _with_truth(job, published, progress)
    if any(each.concentration is not None for each in spec.tables):
        raise BadUsage(Finding("needs-truth", *_NEEDS_TRUTH, Place(file=spec.file.name)))
    return _blind(spec, tables, published, progress)


def _with_truth(job: Job, published: Sequence[Published], progress: Progress | None) -> Attack:
    """Attack released files knowing which cells are unsafe: only those can be harmed."""
    system, own = job.stack.system, job.own_cells
    hidden, wrong = ~job.known_exactly, 0
    withheld = np.ones(system.size, dtype=bool)
    for cells, each in zip(job.stack.cell_of, published, strict=False):
        wrong += int((~each.hidden & (each.counts != system.values[cells])).sum())
        np.logical_and.at(hidden, cells, each.hidden)
        np.logical_and.at(withheld, cells, each.hidden)
    exposed = np.flatnonzero(system.unsafe & ~hidden)
    open_system = system.with_(unsafe=system.unsafe & hidden)
    failing = audit(open_system, hidden, insider=job.spec.insider, progress=progress).failing
    low, high = intervals(open_system, hidden, failing)
    found = [
        *zip(exposed.tolist(), ["shown"] * len(exposed), *[system.values[exposed].tolist()] * 2, strict=True),
        *why(
            failing, low, high, system.threshold, system.width, "insider" if job.spec.insider else "unproven"
        ),
    ]
    return _attack(
        job.spec,
        published,
        cells=len(own),
        hidden=int(withheld[own].sum()),
        unsafe=int(system.unsafe.sum()),
        unsafe_published=len(exposed),
        wrong=wrong,
        exact=int((low == high).sum()),
        narrow=len(failing),
        smallest=int((high - low).min()) if len(failing) else None,
        failing=tuple(failed(named(job.spec, job.stack_tables, job.stack.cell_of, job.stack.rests), found)),
        no_zero_hidden=_no_zero_hidden(job, withheld, hidden),
    )


def _no_zero_hidden(job: Job, withheld: Flags, hidden: Flags) -> bool:
    own = job.own_cells
    if any(each.rule.zeros_shown for each in job.spec.tables) or not withheld[own].any():
        return False
    shown = not (withheld[own] & (job.stack.system.values[own] == 0)).any()
    return shown and bool(zeros.cover(job.stack.system, hidden).any())


def _blind(
    spec: Spec, tables: Sequence[Table], now: Sequence[Published], progress: Progress | None
) -> Attack:
    """Attack released files as an outsider who has every earlier release too. Raises Refusal where the
    published figures contradict."""
    shown = shown_by(spec, tables, now)
    seen, guess = fitting(spec, shown)
    system, hidden, least = seen.with_(guess), seen.hidden, seen.least_unsafe
    failing = audit(system, hidden, progress=progress).failing
    low, high = intervals(system, hidden, failing)
    # The others are certainly large or certainly zero, and hidden only to protect others.
    small = (low < system.threshold[failing]) & (high >= least[failing])
    failing, low, high = failing[small], low[small], high[small]
    exposed = _exposed(seen, guess)
    known_before = exposed[seen.withheld[exposed]]
    found = [
        *zip(exposed.tolist(), ["shown"] * len(exposed), *[guess[exposed].tolist()] * 2, strict=True),
        *_as_far_as_told(
            why(failing, low, high, system.threshold, system.width, "unproven"), least, system.threshold
        ),
    ]
    return _attack(
        spec,
        now,
        cells=int(seen.own.sum()),
        hidden=int(seen.withheld.sum()),
        unsafe=None,
        unsafe_published=len(exposed) - len(known_before),
        wrong=None,
        exact=int((low == high).sum()) + len(known_before),
        narrow=len(failing) + len(known_before),
        smallest=int((high - low).min()) if len(failing) else None,
        failing=tuple(failed(named(spec, shown.tables, seen.cell_of, seen.rests), found)),
    )


def _as_far_as_told(found: Iterable[Found], least: Ints, threshold: Ints) -> Iterator[Found]:
    """Cells that are too narrow for a small count, but may be none: only the truth tells if they leak."""
    for cell, reason, low, high in found:
        small = low >= least[cell] and high < threshold[cell]
        yield cell, reason if small or reason == "unproven" else "doubtful", low, high


def _exposed(seen: Seen, guess: Ints) -> Ints:
    """Cells of this release that show a small count, now or in an earlier release."""
    small = (guess >= seen.least_unsafe) & (guess < seen.threshold)
    return np.flatnonzero(seen.own & small & ~seen.hidden & ~seen.given_up)


def _on_perturbed(
    spec: Spec,
    tables: Sequence[Table],
    published: Sequence[Published],
    files: Sequence[Path],
    job: Job | None,
) -> Attack:
    """Attack rounded or noisy tables through all sums, and all that is public besides, together.

    A number is narrow when the others leave less doubt about it than it was shown with. Without the truth
    every number that may be unsafe counts. Raises Refusal where shown figures contradict.
    """
    if any(each.hidden.any() for each in published):
        raise Refusal(Finding("not-whole", *_NOT_WHOLE, Place(file=files[0].name)))
    if exposed := tuple(_not_rounded(spec, tables, published)):
        return _unrounded(spec, tables, published, exposed, job)
    shown = [each.counts for each in published]
    view, left = _doubted(spec, tables, published) if job is None else _doubted_by(job, shown)
    names = named(spec, view.tables, view.cell_of)
    promised = np.full(len(view.low), promised_width(spec))
    found = why(left.failing, left.low, left.high, view.low, promised, "unproven")
    return _attack(
        spec,
        published,
        cells=int(view.own.sum()),
        hidden=0,
        unsafe=None if job is None else left.unsafe,
        unsafe_published=None,
        wrong=_wrong(job, published),
        noiseless=0 if job is None or spec.method != "cell_key" else _noiseless(job, shown),
        exact=left.exact,
        narrow=len(left.failing),
        smallest=left.smallest,
        failing=tuple(failed(names, list(found))),
    )


def _wrong(job: Job | None, published: Sequence[Published]) -> int | None:
    """How many numbers are not the truth, where that is at hand."""
    if job is None:
        return None
    told = zip(published, job.layers, strict=True)
    return int(sum((each.counts != layer.counts).sum() for each, layer in told))


def _noiseless(job: Job, shown: Sequence[Ints]) -> int:
    """How many positive numbers are the truth, of all cells or of the unsafe ones, where the noise leaves so
    many by chance once in `SELDOM`; else 0."""
    from scipy.stats import binom  # takes a second to load, and only noise needs it

    truth, now = job.stack.system.values, job.stack.system.values.copy()
    for cells, numbers in zip(job.stack.cell_of, shown, strict=False):
        now[cells] = numbers
    positive = np.zeros(len(truth), dtype=bool)
    positive[job.own_cells] = truth[job.own_cells] > 0
    for group in (positive, positive & job.stack.system.unsafe):
        stays = NOISE.transition[np.minimum(truth[group], NOISE.bound) - 1, NOISE.bound]
        equal = int((now == truth)[group].sum())
        if equal and binom.sf(equal - 1, len(stays), stays.mean()) * SELDOM < 1:
            return equal
    return 0


def _not_rounded(spec: Spec, tables: Sequence[Table], published: Sequence[Published]) -> Iterator[Failed]:
    """Cells of a rounded table that show a number below the base: rounding leaves none."""
    for each, table, now in (
        zip(spec.tables, tables, published, strict=True) if spec.method == "rounding" else ()
    ):
        small = (now.counts > 0) & (now.counts < spec.rounding_base)
        cells = np.flatnonzero(small).tolist()
        numbers = now.counts.tolist()
        names = {cell: (each.name, table, cell) for cell in cells}
        yield from failed(names, [(cell, "shown", numbers[cell], numbers[cell]) for cell in cells])


def _unrounded(
    spec: Spec,
    tables: Sequence[Table],
    published: Sequence[Published],
    exposed: tuple[Failed, ...],
    job: Job | None,
) -> Attack:
    """The attack on a table that is not rounded to the base ends where it begins."""
    return _attack(
        spec,
        published,
        cells=link(tables, spec.identities).size,
        hidden=0,
        unsafe=None if job is None else int(job.stack.system.unsafe.sum()),
        unsafe_published=len(exposed),
        wrong=_wrong(job, published),
        exact=0,
        narrow=0,
        smallest=None,
        failing=exposed,
    )


def _doubted_by(job: Job, shown: Sequence[Ints]) -> tuple[View, Doubt]:
    view = with_truth(job, shown)
    try:
        return view, doubt(job.spec, view, job.stack.system.unsafe, job.stack.system.values)
    except ValueError as error:
        raise contradiction(job.spec) from error


def _doubted(spec: Spec, tables: Sequence[Table], published: Sequence[Published]) -> tuple[View, Doubt]:
    """As an outsider would try: counts unchanged since earlier releases first, else all of them revised."""
    threshold = max(each.rule.threshold for each in spec.tables)
    for revised in (False, True):
        try:
            view = without_truth(spec, tables, published, revised=revised)
            maybe = (view.low < threshold) & (view.high > 0) & (view.own | ~view.pinned) & ~view.given_up
            return view, doubt(spec, view, maybe)
        except ValueError:
            continue
    raise contradiction(spec)


def _attack(spec: Spec, published: Sequence[Published], **figures: object) -> Attack:
    """The figures, with what the files themselves tell."""
    return Attack(
        perturbed=spec.method != "suppression",
        marks=max(each.marks for each in published),
        missing=sum(each.missing for each in published),
        kept=sum(each.kept for each in published),
        form=published[0].form,
        **figures,  # type: ignore[arg-type]
    )


_UNTRIED = (
    Text(
        "Kolumnen är varken dimension, tal eller status: ingen har prövat vad den röjer.",
        "The column is neither dimension, number nor status: nobody tried what it tells.",
    ),
    Text(
        "Publicera filen som lagesbild protect skrev den, eller ta bort kolumnen.",
        "Publish the file as lagesbild protect wrote it, or take the column out.",
    ),
)
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
_NEEDS_TRUTH = (
    Text(
        "Vilka belopp som är osäkra beror på vem som gav dem, och det syns inte i den publicerade tabellen.",
        "Which amounts are unsafe depends on who gave them, and the released table does not show that.",
    ),
    Text("Ange facit med --truth.", "Give the truth with --truth."),
)
