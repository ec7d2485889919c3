"""Rounded and noisy tables: what is shown, what an outsider can think, and the delivery."""

from collections.abc import Hashable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import scipy.sparse as sp

from lagesbild.core.language import Text
from lagesbild.core.refusal import BadUsage, Finding, Place, Refusal
from lagesbild.inside.protect.methods import cell_key, rounding
from lagesbild.inside.protect.problem.system import Ints

from . import delivery
from .earlier import perturbed_sources, read_source, shape_then
from .job import Job
from .keys import keep, key_of
from .spec import Spec
from .tidy import names_of, read_truth

NOISE = cell_key.Noise()


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


def rounded(job: Job) -> tuple[Ints, Ints, Ints]:
    """What is shown, and the least and most that an outsider can think of each cell, three arrays (n,).

    What an earlier release rounded stays as it was. Raises Refusal where linked tables leave no consistent
    rounding.
    """
    try:
        shown = rounding.round_counts(job.stack.system, job.spec.rounding_base, _before(job))
    except ValueError as error:
        raise Refusal(Finding("no-rounding", *_NO_ROUNDING, Place(file=job.spec.file.name))) from error
    return shown, *thinkable(job.spec, "rounding", job.stack.system.equations, shown)


def noisy(job: Job, key: bytes) -> tuple[Ints, Ints, Ints]:
    """The same with cell-key noise."""
    shown = cell_key.perturb(job.stack.system.values, job.identities(), key, NOISE)
    return shown, *thinkable(job.spec, "cell_key", job.stack.system.equations, shown)


def _before(job: Job) -> Ints:
    """What earlier releases showed of the same count of each cell, the latest last, (n,). Raises Refusal."""
    now: dict[Hashable, int] = {}
    for table, own in zip(job.tables, job.stack.cell_of, strict=False):
        now |= dict(zip(table.identities(), own.tolist(), strict=True))
    found = np.full(job.stack.system.size, rounding.UNDECIDED)
    indicators = {each.name: table.indicator for each, table in zip(job.spec.tables, job.tables, strict=True)}
    for source in perturbed_sources(job.spec):
        table = shape_then(source, indicators[source.of.name])
        if source.truth is None:
            raise Refusal(Finding("no-truth", *_NO_TRUTH, Place(file=source.known.file.name)))
        truth, then = read_truth(source.truth, table), read_source(source, table).counts
        for name, count, shown in zip(table.identities(), truth.tolist(), then.tolist(), strict=True):
            if name in now and job.stack.system.values[now[name]] == count:
                found[now[name]] = shown
    return found


def _same_noise(job: Job, shown: Ints) -> None:
    """One count of one cell is shown with one noise in every release, or two average it out."""
    before = _before(job)
    if np.any((before != rounding.UNDECIDED) & (before != shown)):
        raise Refusal(Finding("other-noise", *_OTHER_NOISE, Place(file=job.spec.file.name)))


def thinkable(spec: Spec, method: str, equations: sp.csr_array, shown: Ints) -> tuple[Ints, Ints]:
    """What an outsider who knows the method can think of each cell, two arrays (n,)."""
    if method == "rounding":
        return rounding.thinkable(equations, shown, spec.rounding_base)
    return cell_key.thinkable(shown, NOISE)


def promised_width(spec: Spec) -> int:
    """How wide every shown number leaves its own count; what is narrower was learned from the others."""
    return spec.rounding_base - 1 if spec.method == "rounding" else NOISE.bound


def perturb(job: Job) -> dict[str, bytes]:
    """The files of a delivery by rounding or noise. Raises Refusal or BadUsage."""
    spec = job.spec
    only_counts(spec)
    if spec.method == "rounding":
        shown = rounded(job)[0]
    else:
        key = key_of(spec)
        shown = noisy(job, key)[0]
        _same_noise(job, shown)
        keep(spec, key)
    nothing = np.zeros(job.stack.system.size, dtype=bool)
    files: dict[str, bytes] = {}
    for number, (table, each) in enumerate(zip(job.tables, spec.tables, strict=True)):
        folder, own = Path(delivery.folder_of(spec, each.name)), job.stack.cell_of[number]
        files[str(folder / delivery.HIERARCHIES)] = delivery.hierarchies_json(table)
        files[str(folder / delivery.RELEASED)] = delivery.released_csv(table, shown[own], nothing[own])
        inner = Path(delivery.PRIVATE) / folder / delivery.CELLS
        files[str(inner)] = _cells_csv(job, number, shown)
    files[delivery.AUDIT] = delivery.as_json(asdict(_statement(job)))
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
_NO_TRUTH = (
    Text(
        "Den tidigare utgåvan saknar sin stängda mapp, så det går inte att visa samma antal likadant.",
        "The earlier release lacks its private folder, so the same counts cannot be shown alike.",
    ),
    Text("Ange mappen som lagesbild protect skrev.", "Name the folder that lagesbild protect wrote."),
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
