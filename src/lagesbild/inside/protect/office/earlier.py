"""What is public already, as layers beside this release: its counts, its rules, who knew them."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np

from lagesbild.core.language import Text
from lagesbild.core.linking import WHEREVER, Identity, cell_names
from lagesbild.core.table import Table
from lagesbild.inside.protect.problem.system import Flags, Ints, Layer

from .delivery import DAMAGED, PRIVATE, SYSTEM, read_system
from .selection import Suppliers
from .sources import (
    Source,
    as_written,
    dimensions_then,
    files_of,
    held_in,
    perturbed_sources,
    read_source,
    refusal,
    shape_then,
    sources,
)
from .spec import Spec
from .statement import (
    identities_of,
    no_delivery,
    tables_told,
    told_by,
)
from .tidy import read_leaves, read_truth


@dataclass(frozen=True, eq=False)
class Promise:
    """What a release of ours kept its cells from, (cells,) each. supplier: by the numbers of then."""

    unsafe: Flags
    threshold: Ints
    width: Ints
    supplier: Ints


@dataclass(frozen=True, eq=False)
class Public:
    """One table that is out. earlier: a release of ours.  accepted: small counts in it are given up.

    file: where it lies, the same for tables that came out together.  shown: what a rounded or noisy release
    shows of its counts, all of which `layer` has as hidden; None where numbers shown are counts.
    promise: None where our private side of it is not at hand.
    """

    layer: Layer
    earlier: bool
    accepted: bool
    file: Path
    shown: Ints | None = None
    promise: Promise | None = None


def public_tables(spec: Spec, own: Sequence[Layer], suppliers: Suppliers) -> Iterator[Public]:
    """Everything public as layers, earliest first. Raises Refusal where it cannot be what it says."""
    names = _names_now(spec, own)
    for source in sources(spec):
        layer = _layer(source, names[source.name], own, suppliers)
        yield Public(
            layer,
            source.known.file in {known.file for known in spec.earlier},
            source.known.accepted,
            source.known.file,
            promise=_promise(source, layer.table),
        )
    for source in perturbed_sources(spec):
        yield _perturbed(source, names[source.name])


def identities_then(spec: Spec, own: Sequence[Layer]) -> Iterator[Identity]:
    """The identities that earlier releases of ours were made by, each for its release and wherever it can
    hold between releases: a table may be given up, and its numbers need not have changed. What one name told
    of then may go by several now: the sums held for each of them, and they agreed with one another."""
    names = _names_now(spec, own)
    now: dict[tuple[int, str], list[str]] = {}
    for source in _every(spec):
        its = now.setdefault((source.release, source.counts), [])
        its += [] if names[source.name] in its else [names[source.name]]
    for (release, _), (first, *others) in now.items():
        yield from (Identity(first, (other,), release) for other in others)
    for release, file in enumerate(files_of(spec), start=1):
        for each in identities_of(file):
            ways = (now.get((release, name), [name]) for name in (each.total, *each.parts))
            for total, *parts in product(*ways):
                yield from (Identity(total, tuple(parts), one) for one in (release, WHEREVER))


def _names_now(spec: Spec, own: Sequence[Layer]) -> Mapping[tuple[int, str], str]:
    """What each table of a release counted, by the name that it goes by in this one. A table that is
    published no more goes by the name of one that counted the same then and goes on."""
    now = {each.name: layer.table.indicator for each, layer in zip(spec.tables, own, strict=True)}
    every = _every(spec)
    heirs = {(each.release, each.counts): now[each.of.name] for each in every if each.of in spec.tables}
    return {
        each.name: now[each.of.name]
        if each.of in spec.tables
        else heirs.get((each.release, each.counts), each.counts)
        for each in every
    }


def _every(spec: Spec) -> list[Source]:
    return [source for known in (*spec.earlier, *spec.known) for source in held_in(spec, known)]


def _codes_then(source: Source) -> frozenset[tuple[str, str]]:
    """By dimension: those that were told since are not among them."""
    return frozenset((each.name, code) for each in dimensions_then(source) for code in each.codes)


def insiders_then(spec: Spec) -> bool:
    """Whether an earlier release was kept from its suppliers: they know what they knew."""
    return any(told_by(known.file).get("insider") is True for known in spec.earlier)


def _layer(source: Source, counts_now: str, own: Sequence[Layer], suppliers: Suppliers) -> Layer:
    table = shape_then(source, counts_now)
    published = read_source(source, table)
    then = _counts_then(source, table)
    counts = _today(source, table, own) if then is None else then
    if np.any((published.counts != counts) & ~published.hidden):
        raise refusal("known-differs", _DIFFERS, source.released)
    return Layer(
        table=table,
        counts=counts,
        rule=source.rule,
        hidden=published.hidden,
        supplier=suppliers.of(table, source.told.get("supplier") or source.of.supplier, _codes_then(source)),
        release=source.release,
    )


def _promise(source: Source, table: Table) -> Promise | None:
    """Amounts and cells that were asked to be hidden are unsafe by what no statement tells."""
    file = source.known.file / PRIVATE / SYSTEM
    if source.truth is None or not file.exists():
        return None
    try:
        system, of_tables = read_system(file)
        held = of_tables[tables_told(source.known.file).index(source.told)]
        then, written = dimensions_then(source), as_written(source, table)
        axes = [
            [now.position[code] for code in each.codes]
            for now, each in zip(written.dimensions, then, strict=True)
        ]
        cells = np.arange(written.size).reshape(written.shape)[np.ix_(*axes)].ravel()
        found = Promise(
            np.zeros(table.size, dtype=bool),
            np.zeros(table.size, dtype=np.int64),
            np.zeros(table.size, dtype=np.int64),
            np.full(table.size, -1, dtype=np.int64),
        )
        for name in ("unsafe", "threshold", "width", "supplier"):
            getattr(found, name)[cells] = getattr(system, name)[held]
    except DAMAGED as error:
        raise no_delivery(source.known.file) from error
    return found


def _perturbed(source: Source, counts_now: str) -> Public:
    table = shape_then(source, counts_now)
    counts, nothing = _counts_then(source, table), np.ones(table.size, dtype=bool)
    if counts is None:
        raise refusal("no-truth", _NO_TRUTH, source.known.file)
    layer = Layer(table=table, counts=counts, rule=source.of.rule, hidden=nothing, release=source.release)
    return Public(layer, True, False, source.known.file, read_source(source, table).counts)


def _counts_then(source: Source, table: Table) -> Ints | None:
    """None where nobody has kept them."""
    if source.known.truth is not None:
        return read_leaves(source.known.truth, as_written(source, table), source.of.value)
    return None if source.truth is None else read_truth(source.truth, as_written(source, table))


def _today(source: Source, table: Table, own: Sequence[Layer]) -> Ints:
    """Without the truth of then, hidden counts are taken to be today's."""
    then = [source.release, *(layer.release for layer in own)]
    names, *now = cell_names([table, *(layer.table for layer in own)], then)
    counted: dict[Hashable, int] = {}
    for each, layer in zip(now, own, strict=True):
        counted |= dict(zip(each, layer.counts.tolist(), strict=True))
    if not all(name in counted for name in names):
        raise refusal("known-cells", _OTHER_CELLS, source.released)
    return np.array([counted[name] for name in names], dtype=np.int64)


_NO_TRUTH = (
    Text(
        "Den tidigare utgåvan saknar sin stängda mapp, så det går inte att visa samma antal likadant.",
        "The earlier release lacks its private folder, so the same counts cannot be shown alike.",
    ),
    Text("Ange mappen som lagesbild protect skrev.", "Name the folder that lagesbild protect wrote."),
)
_DIFFERS = (
    Text(
        "Tal som visas där skiljer sig från underlaget.",
        "Figures shown there differ from the counts.",
    ),
    Text(
        "Är de rättade sedan dess: ange mappen från den tidigare körningen, med private, eller dåtidens "
        "underlag med truth. Räknar tabellen något annat: ta bort den.",
        "If they were revised since: name the folder of the earlier run, with private, or the leaf counts of "
        "then with truth. If the table counts something else: leave it out.",
    ),
)
_OTHER_CELLS = (
    Text(
        "Tabellen har celler som ingen tabell i specifikationen har.",
        "The table has cells that no table of the specification has.",
    ),
    Text(
        "Ange mappen från den tidigare körningen, med private, i stället för filen.",
        "Name the folder of the earlier run, with private, instead of the file.",
    ),
)
