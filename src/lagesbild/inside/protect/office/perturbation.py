"""Rounded and noisy tables: what is shown, what an outsider can think, and the delivery."""

from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from lagesbild.core.language import Text
from lagesbild.core.refusal import BadUsage, Finding, Place, Refusal, Unsafe
from lagesbild.inside.protect.methods import cell_key, rounding
from lagesbild.inside.protect.problem.discovery import implied_identities
from lagesbild.inside.protect.problem.system import Ints, System, build
from lagesbild.inside.protect.proof.reach import outermost

from . import delivery
from .job import Job
from .keys import keep, key_of
from .onlooker import NOISE, doubt, with_truth
from .spec import Spec
from .tidy import names_of


@dataclass(frozen=True)
class Statement:
    """The public statement of a perturbed table: how far a number can lie from the truth, and no count."""

    cells: int
    method: str
    base: int | None
    bound: int | None
    variance: float | None


def only_counts(spec: Spec) -> None:
    """Raises BadUsage for amounts: a small change of a large sum hides nobody who gave it."""
    if any(table.concentration is not None for table in spec.tables):
        raise BadUsage(Finding("only-counts", *_ONLY_COUNTS, Place(file=spec.file.name)))


def own_system(job: Job) -> System:
    """The tables of this release alone; its cells are the first of the job's system, in their order."""
    return build(job.layers, (*job.spec.identities, *implied_identities(job.layers))).system


def rounded(job: Job) -> Ints:
    """What is shown of each cell of `own_system`, (k,).

    What an earlier release rounded stays as it was. Raises Refusal where linked tables leave no consistent
    rounding.
    """
    try:
        return rounding.round_counts(own_system(job), job.spec.rounding_base, _before(job))
    except ValueError as error:
        raise Refusal(Finding("no-rounding", *_NO_ROUNDING, Place(file=job.spec.file.name))) from error


def noisy(job: Job, key: bytes) -> Ints:
    """The same with cell-key noise."""
    own = own_system(job)
    return cell_key.perturb(own.values, job.identities()[: own.size], key, NOISE)


def _before(job: Job) -> Ints:
    """What earlier releases showed of the same count of each own cell, the latest last, (k,)."""
    found = np.full(job.stack.system.size, rounding.UNDECIDED)
    for each, cells in zip(job.public, job.stack.cell_of[len(job.tables) :], strict=True):
        if each.shown is not None:
            found[cells] = each.shown
    return found[: int(job.own_cells.max()) + 1]


def _same_noise(job: Job, shown: Ints) -> None:
    """One count of one cell is shown with one noise in every release, or two average it out."""
    before = _before(job)
    if np.any((before != rounding.UNDECIDED) & (before != shown)):
        raise Refusal(Finding("other-noise", *_OTHER_NOISE, Place(file=job.spec.file.name)))


def _nothing_learned(job: Job, shown: Ints) -> None:
    """Raises Unsafe where what is public besides brings an outsider closer to unsafe cells than this release
    alone would."""
    if not job.public:
        return
    tables = [shown[cells] for cells in job.stack.cell_of[: len(job.tables)]]
    system = job.stack.system
    views = [with_truth(job, tables, alone=each) for each in (True, False)]
    alone, together = (doubt(job.spec, view, system.unsafe, system.values) for view in views)
    learned = np.setdiff1d(together.failing, alone.failing)
    # What has less doubt than promised from the noise itself must not have still less.
    still = np.intersect1d(together.failing, alone.failing)
    before, now = (outermost(view.equations, view.low, view.high, still) for view in views)
    if count := len(learned) + int(((now[0] > before[0]) | (now[1] < before[1])).sum()):
        told = Text(*(each.format(count) for each in (_LEARNED[0].sv, _LEARNED[0].en)))
        raise Unsafe(Finding("learned", told, _LEARNED[1], Place(file=job.spec.file.name)))


def perturb(job: Job) -> dict[str, bytes]:
    """The files of a delivery by rounding or noise. Raises Refusal, Unsafe or BadUsage."""
    spec = job.spec
    only_counts(spec)
    if spec.method == "rounding":
        shown = rounded(job)
    else:
        key = key_of(spec)
        shown = noisy(job, key)
        _same_noise(job, shown)
    _nothing_learned(job, shown)
    if spec.method == "cell_key":
        keep(spec, key)
    nothing = np.zeros(len(shown), dtype=bool)
    files: dict[str, bytes] = {}
    for number, (table, each) in enumerate(zip(job.tables, spec.tables, strict=True)):
        folder, own = Path(delivery.folder_of(spec, each.name)), job.stack.cell_of[number]
        files[str(folder / delivery.HIERARCHIES)] = delivery.hierarchies_json(table)
        files[str(folder / delivery.RELEASED)] = delivery.released_csv(table, shown[own], nothing[own])
        inner = Path(delivery.PRIVATE) / folder / delivery.CELLS
        files[str(inner)] = _cells_csv(job, number, shown)
    files[delivery.AUDIT] = delivery.as_json(asdict(_statement(job)))
    files[f"{delivery.PRIVATE}/{delivery.STATEMENT}"] = files[delivery.AUDIT]
    return {**files, f"{delivery.PRIVATE}/{delivery.DIGESTS}": delivery.digests(files)}


def _statement(job: Job) -> Statement:
    spec, cells = job.spec, len(job.own_cells)
    if spec.method == "rounding":
        return Statement(cells, spec.method, spec.rounding_base, None, None)
    return Statement(cells, spec.method, None, NOISE.bound, NOISE.variance)


def _cells_csv(job: Job, number: int, shown: Ints) -> bytes:
    table, own, system = job.tables[number], job.stack.cell_of[number], job.stack.system
    columns = [column[own].tolist() for column in (system.values, shown, system.unsafe.astype(int))]
    rows = ((*codes, *each) for codes, *each in zip(delivery.cells_of(table), *columns, strict=True))
    return delivery.delimited((*names_of(table), "value", "shown", "unsafe"), rows)


_ONLY_COUNTS = (
    Text(
        "Avrundning och brus skyddar antal, inte belopp: den som gav mest syns lika bra.",
        "Rounding and noise protect counts, not amounts: whoever gave most is seen as well as before.",
    ),
    Text('Använd method = "suppression".', 'Use method = "suppression".'),
)
_LEARNED = (
    Text(
        "Små antal som tidigare utgåvor eller andras tabeller tillsammans med den här kommer för nära: {}.",
        "Small counts that earlier releases or others' tables come too close to together with this one: {}.",
    ),
    Text(
        'Använd method = "suppression". Är de små talen den kända tabellens egna: skriv accepted = true där.',
        'Use method = "suppression". Where the known table shows them itself: accepted = true there.',
    ),
)
_OTHER_NOISE = (
    Text(
        "En tidigare utgåva visar samma antal med annat brus. Två brus på ett tal röjer mer än ett.",
        "An earlier release shows the same count with other noise. Two noises tell more than one.",
    ),
    Text(
        "Använd samma nyckel, samma counts, och samma namn på dimensioner och koder, som då.",
        "Use the same key, the same counts, and the same names of dimensions and codes, as then.",
    ),
)
_NO_ROUNDING = (
    Text(
        "De länkade tabellerna kan inte avrundas så att deras gemensamma summor stämmer.",
        "The linked tables cannot be rounded so that the sums they share agree.",
    ),
    Text("Använd undertryckning, eller en annan bas.", "Use suppression, or another base."),
)
