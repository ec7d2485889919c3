"""Protect a job: the files of a safe delivery, public and private."""

from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np

from lagesbild.core.language import Text
from lagesbild.core.refusal import Finding, Place, Unsafe
from lagesbild.inside.protect.methods.apart import suppress_apart
from lagesbild.inside.protect.methods.secondary import Pattern

from . import delivery
from .job import Job
from .perturbation import perturb
from .statement import IdentityStatement, Statement, figures_of, rule_of

Progress = Callable[[int, int], None]


def protect(job: Job, progress: Progress | None = None) -> dict[str, bytes]:
    """The files of a delivery by the specified method.

    Suppression raises Unsafe where a cell cannot be protected; rounding and noise show every cell.
    """
    return suppressed(job, progress) if job.spec.method == "suppression" else perturb(job)


def chosen(job: Job, progress: Progress | None = None) -> Pattern:
    """The pattern for a job: what was hidden last time is cheaper to hide again."""
    return suppress_apart(
        job.stack.system,
        budget_seconds=job.spec.budget,
        insider=job.spec.insider,
        previous=job.hidden_before,
        progress=progress,
    )


def suppressed(job: Job, progress: Progress | None = None) -> dict[str, bytes]:
    """The files of a safe delivery. Raises Unsafe where a cell cannot be protected."""
    spec = job.spec
    pattern = chosen(job, progress)
    if not pattern.safe:
        raise Unsafe(*unprotectable(job, pattern))
    public: dict[str, bytes] = {}
    private: dict[str, bytes] = {}
    for number, (table, each) in enumerate(zip(job.tables, spec.tables, strict=True)):
        folder = Path(delivery.folder_of(spec, each.name))
        own = job.stack.cell_of[number]
        counts, hidden = job.stack.system.values[own], pattern.hidden[own]
        public[str(folder / delivery.HIERARCHIES)] = delivery.hierarchies_json(table)
        public[str(folder / delivery.RELEASED)] = delivery.released_csv(table, counts, hidden)
        inner = Path(delivery.PRIVATE) / folder
        private[str(inner / delivery.CELLS)] = delivery.cells_csv(
            table, job.stack.system, own, pattern.hidden
        )
        private[str(inner / delivery.INTERVALS)] = delivery.intervals_csv(
            table, own, pattern.audit.unsafe, pattern.audit.low, pattern.audit.high
        )
    public[delivery.AUDIT] = delivery.as_json(asdict(statement(job, pattern)))
    inner = Path(delivery.PRIVATE)
    private[str(inner / delivery.STATEMENT)] = public[delivery.AUDIT]
    private[str(inner / delivery.COST)] = delivery.cost_json(job.stack.system, job.own_cells, pattern.hidden)
    private[str(inner / delivery.CERTIFICATE)] = delivery.certificate_file(
        pattern.audit.certificate, pattern.hidden
    )
    private[str(inner / delivery.SYSTEM)] = delivery.system_file(
        job.stack.system, job.stack.cell_of[: len(job.tables)]
    )
    files = {**public, **private}
    return {**files, str(inner / delivery.DIGESTS): delivery.digests(files)}


def statement(job: Job, pattern: Pattern) -> Statement:
    hidden = [pattern.hidden[own] for own in job.stack.cell_of[: len(job.tables)]]
    return Statement(
        **figures_of(job.tables, [each.counts for each in job.spec.tables], hidden),
        unsafe_too_narrow=len(pattern.audit.failing),
        # Names of the specification: which tables were found to count the same depends on hidden counts too.
        tables=tuple(rule_of(each, each.counts) for each in job.spec.tables),
        identities=tuple(
            IdentityStatement(each.total, each.parts) for each in job.declared if each.release is None
        ),
        known_tables=len(job.public),
        insider=job.spec.insider,
    )


def unprotectable(job: Job, pattern: Pattern) -> Iterator[Finding]:
    """Why cells cannot be protected and what would help; how many, and never which."""
    system, left = job.stack.system, np.zeros(job.stack.system.size, dtype=bool)
    left[pattern.audit.failing] = True
    asked, top, zero = np.zeros_like(left), np.zeros_like(left), np.zeros_like(left)
    for layer, own in zip(job.layers, job.stack.cell_of, strict=False):
        if layer.must_hide is not None and layer.rule.zeros_shown:
            np.logical_or.at(zero, own, layer.must_hide & (layer.counts == 0))
        np.logical_or.at(asked, own, False if layer.must_publish is None else layer.must_publish)
        np.logical_or.at(top, own, layer.table.is_top)
    earlier = any(each.earlier for each in job.public)
    for code, cells, why in (
        ("shown-before", job.known_exactly, _SHOWN_BEFORE),
        ("must-be-shown", asked & system.fixed, _MUST_BE_SHOWN),
        ("hidden-zero", zero & system.fixed, _HIDDEN_ZERO),
        ("grand-total", top & system.fixed, _GRAND_TOTAL),
        ("unprotectable", np.ones_like(left), _UNPROTECTABLE if not earlier else _AFTER_EARLIER),
    ):
        if count := int((left & cells).sum()):
            rule, remedy = why
            told = Text(rule.sv.format(count), rule.en.format(count))
            yield Finding(code, told, remedy, Place(file=job.spec.file.name))
            left &= ~cells


_SHOWN_BEFORE = (
    Text(
        "Osäkra celler som redan är publicerade, i en tidigare utgåva eller någon annans tabell: {}.",
        "Unsafe cells that are public already, in an earlier release or another's table: {}.",
    ),
    Text(
        "De går inte att ta tillbaka. Skriv accepted = true där de visas för att ge upp dem och skydda "
        "resten.",
        "They cannot be taken back. Write accepted = true where they are shown to give them up and protect "
        "the rest.",
    ),
)
_MUST_BE_SHOWN = (
    Text(
        "Osäkra celler som måste visas enligt [[publish]]: {}.", "Unsafe cells that [[publish]] demands: {}."
    ),
    Text("Begränsa [[publish]].", "Narrow [[publish]] down."),
)
_HIDDEN_ZERO = (
    Text(
        'Nollor som ska döljas enligt [[hide]] eller population men visas enligt zeros = "published": {}.',
        'Zeros that [[hide]] or population would hide and zeros = "published" shows: {}.',
    ),
    Text(
        'Skriv zeros = "candidate", eller ta bort dem från [[hide]].',
        'Write zeros = "candidate", or take them out of [[hide]].',
    ),
)
_GRAND_TOTAL = (
    Text(
        "Totalen för hela tabellen ska döljas, men döljs aldrig.",
        "The grand total is to be hidden, but never is.",
    ),
    Text("Ta bort den från [[hide]].", "Take it out of [[hide]]."),
)
_UNPROTECTABLE = (
    Text(
        "Osäkra celler som inte går att skydda ens om allt annat som får döljas döljs: {}.",
        "Unsafe cells that cannot be protected even with all that may be hidden hidden: {}.",
    ),
    Text(
        "Redovisa grövre (lagesbild protect --propose), ta bort krav under [[publish]], eller låt zeros vara "
        "candidate.",
        "Publish coarser (lagesbild protect --propose), drop demands under [[publish]], or let zeros be "
        "candidate.",
    ),
)
_AFTER_EARLIER = (
    _UNPROTECTABLE[0],
    Text(
        "Rättelser sedan den tidigare utgåvan syns i varje summa som visas båda gångerna: låt små rättelser "
        "(under tröskeln) vänta till en utgåva där fler har kommit. Annars: redovisa grövre (lagesbild "
        "protect --propose), ta bort krav under [[publish]], eller låt zeros vara candidate.",
        "What was revised since the earlier release shows in every sum that both show: let small corrections "
        "(below the threshold) wait for a release that more have come to. Else: publish coarser (lagesbild "
        "protect --propose), drop demands under [[publish]], or let zeros be candidate.",
    ),
)
