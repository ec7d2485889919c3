"""Protect a job: the files of a safe delivery, public and private."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from lagesbild.core.language import Text
from lagesbild.core.refusal import Finding, Place, Unsafe
from lagesbild.inside.protect.methods.secondary import Pattern, suppress

from . import delivery
from .job import Job
from .perturbation import perturb

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Statement:
    """The public audit statement. Nothing in it depends on a hidden value: not how many hidden cells are
    small, nor what they add up to, for either would be one more equation to an attacker."""

    cells: int
    published: int
    hidden: int
    unsafe_too_narrow: int
    threshold: int
    width: int
    zeros: str
    earlier_tables: int
    insider: bool


@dataclass(frozen=True)
class Cost:
    """What the pattern cost, for the private side: cells of either kind and the value hidden in them."""

    unsafe: int
    secondary: int
    value_hidden: int
    secondary_value: int


def protect(job: Job, progress: Progress | None = None) -> dict[str, bytes]:
    """The files of a delivery by the specified method.

    Suppression raises Unsafe where a cell cannot be protected; rounding and noise show every cell.
    """
    return suppressed(job, progress) if job.spec.method == "suppression" else perturb(job)


def suppressed(job: Job, progress: Progress | None = None) -> dict[str, bytes]:
    """The files of a safe delivery. Raises Unsafe where a cell cannot be protected."""
    spec = job.spec
    pattern = suppress(job.stack.system, budget_seconds=spec.budget, insider=spec.insider, progress=progress)
    if not pattern.safe:
        raise Unsafe(Finding("unprotectable", *_UNPROTECTABLE, Place(file=spec.file.name)))
    public: dict[str, bytes] = {}
    private: dict[str, bytes] = {}
    for number, table in enumerate(job.tables):
        folder = Path(delivery.folder_of(spec, table.indicator))
        own = job.stack.cell_of[number]
        counts, hidden = job.stack.system.values[own], pattern.hidden[own]
        public[str(folder / delivery.RELEASED)] = delivery.released_csv(table, counts, hidden)
        inner = Path(delivery.PRIVATE) / folder
        private[str(inner / delivery.CELLS)] = _cells_csv(job, number, pattern)
        private[str(inner / delivery.INTERVALS)] = _intervals_csv(job, number, pattern)
    public[delivery.AUDIT] = delivery.as_json(asdict(statement(job, pattern)))
    inner = Path(delivery.PRIVATE)
    private[str(inner / delivery.COST)] = delivery.as_json(asdict(cost(job, pattern)))
    private[str(inner / delivery.CERTIFICATE)] = delivery.certificate_file(
        pattern.audit.certificate, pattern.hidden
    )
    private[str(inner / delivery.SYSTEM)] = delivery.system_file(
        job.stack.system, job.stack.cell_of[: len(job.tables)]
    )
    files = {**public, **private}
    return {**files, str(inner / delivery.DIGESTS): delivery.digests(files)}


def statement(job: Job, pattern: Pattern) -> Statement:
    hidden = pattern.hidden[job.own_cells]
    rule = job.spec.tables[0].rule
    return Statement(
        cells=len(hidden),
        published=int((~hidden).sum()),
        hidden=int(hidden.sum()),
        unsafe_too_narrow=len(pattern.audit.failing),
        threshold=rule.threshold,
        width=rule.required_width,
        zeros=rule.zeros,
        earlier_tables=len(job.spec.known),
        insider=job.spec.insider,
    )


def cost(job: Job, pattern: Pattern) -> Cost:
    own, system = job.own_cells, job.stack.system
    values = system.values[own]
    return Cost(
        unsafe=int(system.unsafe[own].sum()),
        secondary=int(pattern.secondary[own].sum()),
        value_hidden=int(values[pattern.hidden[own]].sum()),
        secondary_value=int(values[pattern.secondary[own]].sum()),
    )


def _cells_csv(job: Job, number: int, pattern: Pattern) -> bytes:
    table, own, system = job.tables[number], job.stack.cell_of[number], job.stack.system
    status = np.where(pattern.hidden[own], "hidden", "published")
    flags = (system.unsafe[own].astype(int), pattern.secondary[own].astype(int))
    columns = [column.tolist() for column in (system.values[own], status, *flags)]
    rows = ((*codes, *each) for codes, *each in zip(delivery.cells_of(table), *columns, strict=True))
    return delivery.delimited((*delivery.names_of(table), "value", "status", "unsafe", "secondary"), rows)


def _intervals_csv(job: Job, number: int, pattern: Pattern) -> bytes:
    """What the certificate proves of each unsafe cell of one table: at least this far down and up."""
    found = pattern.audit
    proven = dict(
        zip(found.unsafe.tolist(), zip(found.low.tolist(), found.high.tolist(), strict=True), strict=True)
    )
    rows = (
        (*codes, *proven[cell])
        for codes, cell in zip(
            delivery.cells_of(job.tables[number]), job.stack.cell_of[number].tolist(), strict=True
        )
        if cell in proven
    )
    return delivery.delimited((*delivery.names_of(job.tables[number]), "low", "high"), rows)


_UNPROTECTABLE = (
    Text(
        "Någon cell går inte att skydda: redan publicerad, måste visas, eller ensam i sin tabell.",
        "Some cell cannot be protected: published before, bound to be shown, or alone in its table.",
    ),
    Text(
        "Slå ihop grupper, ta bort krav under [[publish]], eller sänk upplösningen.",
        "Merge groups, drop demands under [[publish]], or publish coarser.",
    ),
)
