"""What an outsider thinks of rounded or noisy tables, who has all that is public besides."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from lagesbild.core.linking import Identity, Linked, link, with_more
from lagesbild.core.table import Table
from lagesbild.inside.protect.methods import cell_key, rounding
from lagesbild.inside.protect.problem.discovery import implied_identities
from lagesbild.inside.protect.problem.system import NO_CEILING, Flags, Ints
from lagesbild.inside.protect.problem.told_sums import UNKNOWN, told_elsewhere
from lagesbild.inside.protect.proof import bounds
from lagesbild.inside.protect.proof.reach import Reach

from .job import Job
from .outsider import contradiction
from .released import Published
from .sources import perturbed_sources, read_source, shape_then, sources
from .spec import Spec

NOISE = cell_key.Noise()

Release = Sequence[tuple[Table, Ints, Ints]]
"""Tables that were rounded or given noise together: shape, numbers shown, and cells among all that is public,
both (cells of the table,)."""
Exact = tuple[Ints, Ints, bool]
"""Cells that another table shows as they are, their counts, and whether small ones are given up."""


@dataclass(frozen=True, eq=False)
class View:
    """All that is public as one set of cells.

    equations: (m, n).  low, high: what each cell can be, (n,).  own: cells of this release.
    pinned: shown as they are by others.  given_up: those that the specification gives up.
    """

    tables: tuple[Table, ...]
    cell_of: tuple[Ints, ...]
    equations: sp.csr_array
    low: Ints
    high: Ints
    own: Flags
    pinned: Flags
    given_up: Flags


@dataclass(frozen=True, eq=False)
class Doubt:
    """What is left of it: the `failing` of so many unsafe cells and the bounds of each, all (f,).

    exact: how many are worked out.  smallest: the least width of an unsafe cell's bounds.
    """

    unsafe: int
    failing: Ints
    low: Ints
    high: Ints
    exact: int
    smallest: int | None


def thinkable(spec: Spec, equations: sp.csr_array, shown: Ints) -> tuple[Ints, Ints]:
    """What an outsider who knows the method can think of each cell, two arrays (n,)."""
    if spec.method == "rounding":
        return rounding.thinkable(equations, shown, spec.rounding_base)
    return cell_key.thinkable(shown, NOISE)


def promised_width(spec: Spec) -> int:
    """How wide every shown number leaves its own count; what is narrower was learned from the others."""
    return spec.rounding_base - 1 if spec.method == "rounding" else NOISE.bound


def with_truth(job: Job, shown: Sequence[Ints], *, alone: bool = False) -> View:
    """What one sees who can tell which counts were revised; `alone`: who has this release only.

    `shown` is what each table shows. Raises Refusal where the figures contradict.
    """
    own, public = len(job.tables), [] if alone else list(job.public)
    after = list(zip(public, job.stack.cell_of[own:], strict=False))
    exact = [
        (cells[~each.layer.hidden], each.layer.counts[~each.layer.hidden], each.accepted)
        for each, cells in after
        if each.shown is None and each.layer.hidden is not None
    ]
    releases = [list(zip(job.tables, shown, job.stack.cell_of[:own], strict=True))]
    for file in dict.fromkeys(each.file for each in public if each.shown is not None):
        held = [(each.layer.table, each.shown, cells) for each, cells in after if each.file == file]
        releases.append([(table, then, cells) for table, then, cells in held if then is not None])
    linked = Linked(job.stack.system.size, job.stack.cell_of, job.stack.system.equations)
    identities = (*job.spec.identities, *implied_identities(job.layers))
    try:
        return _view(job.spec, job.stack_tables, linked, identities, releases, exact)
    except ValueError as error:
        raise contradiction(job.spec) from error


def without_truth(
    spec: Spec, tables: Sequence[Table], published: Sequence[Published], *, revised: bool
) -> View:
    """What an outsider sees who takes all counts as unchanged since earlier releases, or all as `revised`.

    Raises ValueError where the figures contradict.
    """
    before, others = list(perturbed_sources(spec)), list(sources(spec))
    shapes = (*tables, *(shape_then(each, each.of.counts) for each in (*before, *others)))
    files = list(dict.fromkeys(each.known.file for each in before))
    number = [0] * len(tables) + [1 + files.index(each.known.file) for each in before]
    then = [*number, *([0] * len(others))]
    versions = [[each] * table.size if revised else None for each, table in zip(then, shapes, strict=True)]
    linked = link(shapes, spec.identities, versions, then)
    nobody_knows = [np.full(table.size, UNKNOWN) for table in shapes]
    linked = with_more(linked, [told_elsewhere(shapes, nobody_knows, then, linked)])
    read = [
        read_source(each, table)
        for each, table in zip((*before, *others), shapes[len(tables) :], strict=True)
    ]
    held = [*published, *read]
    releases = [
        [
            (shapes[place], held[place].counts, linked.cell_of[place])
            for place, own in enumerate(number)
            if own == release
        ]
        for release in range(len(files) + 1)
    ]
    exact = [
        (cells[~each.hidden], each.counts[~each.hidden], source.known.accepted)
        for source, each, cells in zip(
            others, held[len(number) :], linked.cell_of[len(number) :], strict=True
        )
    ]
    return _view(spec, shapes, linked, spec.identities, releases, exact)


def _view(
    spec: Spec,
    tables: Sequence[Table],
    linked: Linked,
    identities: Sequence[Identity],
    releases: Sequence[Release],
    exact: Sequence[Exact],
) -> View:
    """Raises ValueError where the figures contradict."""
    low, high = np.zeros(linked.size, dtype=np.int64), np.full(linked.size, NO_CEILING, dtype=np.int64)
    own, pinned, given_up = (np.zeros(linked.size, dtype=bool) for _ in range(3))
    for release in releases:
        cells, least, most = _of_release(spec, identities, release)
        np.maximum.at(low, cells, least)
        np.minimum.at(high, cells, most)
    for cells, counts, accepted in exact:
        pinned[cells] = True
        given_up[cells] |= accepted
        np.maximum.at(low, cells, counts)
        np.minimum.at(high, cells, counts)
    for _, _, cells in releases[0]:
        own[cells] = True
    if np.any(low > high):
        raise ValueError("the figures contradict one another")
    low, high = bounds.propagated(linked.equations, low, high)
    return View(tuple(tables), linked.cell_of, linked.equations, low, high, own, pinned, given_up)


def _of_release(spec: Spec, identities: Sequence[Identity], release: Release) -> tuple[Ints, Ints, Ints]:
    """The cells of a release and what its numbers alone leave of each, three arrays. Raises ValueError."""
    linked = link([table for table, _, _ in release], identities)
    shown, cells = np.full(linked.size, -1, dtype=np.int64), np.zeros(linked.size, dtype=np.int64)
    for (_, own, among), inner in zip(release, linked.cell_of, strict=True):
        if np.any((shown[inner] >= 0) & (shown[inner] != own)):
            raise ValueError("one cell is shown with two numbers")
        shown[inner], cells[inner] = own, among
    if spec.method == "rounding" and np.any(linked.equations @ shown):
        raise ValueError("rounded numbers do not add up")
    return cells, *thinkable(spec, linked.equations, shown)


def doubt(spec: Spec, view: View, unsafe: Flags, truth: Ints | None = None) -> Doubt:
    """Which unsafe cells an outsider comes too close to; the truth (n,) only shortens the search.

    Raises ValueError where the figures contradict.
    """
    cells, width = np.flatnonzero(unsafe), promised_width(spec)
    reach = Reach(view.equations, view.low, view.high, cells, width, truth)
    left = reach.high - reach.low
    failing = reach.most - reach.least < width
    return Doubt(
        unsafe=len(cells),
        failing=cells[failing],
        low=reach.low[failing],
        high=reach.high[failing],
        exact=int((left == 0).sum()),
        smallest=int(left.min()) if len(left) else None,
    )
