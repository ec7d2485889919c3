"""What is public already: earlier releases of ours, and others' tables of the same counts."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np

from lagesbild.core.language import Text
from lagesbild.core.refusal import BadUsage, Finding, Place, Refusal
from lagesbild.core.table import WHEREVER, Dimension, Identity, Table, cell_names
from lagesbild.inside.protect.problem.primary import Rule
from lagesbild.inside.protect.problem.system import Flags, Ints, Layer

from .delivery import CELLS, DAMAGED, HIERARCHIES, PRIVATE, RELEASED, SYSTEM, read_hierarchies, read_system
from .released import Published, columns_of, read_released
from .selection import Suppliers
from .spec import Known, Spec, TableSpec
from .statement import (
    Told,
    identities_of,
    method_of,
    no_delivery,
    rule_of_then,
    rule_then,
    tables_told,
    told_by,
)
from .tidy import read_dimension, read_leaves, read_truth, regrouped


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


@dataclass(frozen=True)
class Source:
    """Where one known table lies: its released file, our private truth of it where we have that.

    release: numbers what was published together, from 1.  told: what its public statement says of the table;
    nothing where a bare file has none.
    """

    known: Known
    of: TableSpec
    released: Path
    truth: Path | None
    release: int
    told: Told

    @property
    def counts(self) -> str:
        """What it counted, by the name of then."""
        return str(self.told.get("counts", self.of.counts))

    @property
    def name(self) -> tuple[int, str]:
        """Tells it from other tables, also of its own release that count the same."""
        return self.release, self.of.name

    @property
    def rule(self) -> Rule:
        return rule_then(self.of.rule, self.told)


def public_tables(spec: Spec, own: Sequence[Layer], suppliers: Suppliers) -> Iterator[Public]:
    """Everything public as layers, earliest first. Raises Refusal where it cannot be what it says."""
    names = _names_now(spec, own)
    for source in sources(spec):
        layer = _layer(source, names[source.name], own, suppliers)
        yield Public(
            layer,
            source.known in spec.earlier,
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
    for release, file in enumerate(_files(spec), start=1):
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
    return [source for known in (*spec.earlier, *spec.known) for source in _held(spec, known)]


def _files(spec: Spec) -> list[Path]:
    """Where releases lie, each once."""
    return list(dict.fromkeys(known.file for known in (*spec.earlier, *spec.known)))


def sources(spec: Spec) -> Iterator[Source]:
    """The known tables of true counts, one by one. Raises Refusal where a folder does not hold what it
    should, or was made by another method or to another base than today's."""
    for known in (*spec.earlier, *spec.known):
        held, method = _held(spec, known), method_of(known.file)
        ours = known in spec.earlier or known.file.is_dir()
        if ours and method != spec.method:
            if method == "suppression":
                raise _refuse("earlier-method", _TRUE_COUNTS, known.file)
            raise _refuse("earlier-perturbed", _PERTURBED, known.file)
        if method == "suppression":
            yield from held
        elif told_by(known.file).get("base") not in (None, spec.rounding_base):
            raise _refuse("earlier-base", _OTHER_BASE, known.file)


def perturbed_sources(spec: Spec) -> Iterator[Source]:
    """The tables of releases that are rounded or noisy as today's, one by one. Raises Refusal."""
    for known in (*spec.earlier, *spec.known):
        if spec.method != "suppression" and method_of(known.file) == spec.method:
            yield from _held(spec, known)


def _held(spec: Spec, known: Known) -> list[Source]:
    tables = [each for each in spec.tables if known.table in (None, each.name)]
    release = 1 + _files(spec).index(known.file)
    named = known.table is not None or len(spec.tables) == 1
    held = [source for each in tables if (source := _source(known, each, release, named)) is not None]
    if not held:
        raise no_delivery(known.file)
    _only_its_dimensions(spec, known, held)
    return [*held, *_given_up(known, held)]


def _given_up(known: Known, held: Sequence[Source]) -> Iterator[Source]:
    """Tables that the folder holds and that this release has no more: what they showed stays known."""
    read = {source.released for source in held}
    for told in tables_told(known.file) if known.table is None else ():
        name = told["table"]
        released = known.file / name / RELEASED
        if released not in read and released.exists():
            of = TableSpec(
                name=name,
                counts=str(told.get("counts", name)),
                declared="",
                file=released,
                value=known.value,
                dimensions={},
                rule=rule_of_then(told),
                supplier=told.get("supplier"),
                giver=None,
                concentration=None,
                population=None,
            )
            truth = known.file / PRIVATE / name / CELLS
            yield Source(known, of, released, truth if truth.exists() else None, held[0].release, told)


def _only_its_dimensions(spec: Spec, known: Known, held: Sequence[Source]) -> None:
    """A grouping of a dimension that the table does not have would tell nothing, and nobody would know."""
    if not known.dimensions:
        return
    its = {each.name for source in held for each in _dimensions_then(source)}
    key = "earlier" if known in spec.earlier else "known"
    for name in sorted(set(known.dimensions) - its):
        raise BadUsage(
            Finding(
                "spec-unknown-dimension", *_no_dimension(f"{key}.dimensions.{name}"), Place(spec.file.name)
            )
        )


def _source(known: Known, each: TableSpec, release: int, named: bool) -> Source | None:
    """A folder of ours keeps several tables in folders of their names; a single one lies at its top, and is
    `each` where that is named or is the only table today."""
    if not known.file.is_dir():
        return Source(known, each, known.file, None, release, {})
    for inner in (each.name, "") if named else (each.name,):
        released = known.file / inner / RELEASED
        if released.exists():
            truth = known.file / PRIVATE / inner / CELLS
            told = tables_told(known.file)
            own = told if len(told) == 1 else [entry for entry in told if entry["table"] == each.name]
            return Source(
                known, each, released, truth if truth.exists() else None, release, own[0] if own else {}
            )
    return None


def shape_then(source: Source, indicator: str) -> Table:
    """The known table's shape: a delivery tells its own hierarchies, a bare file has today's over those of
    the dimensions that it tells apart. Further groupings may have been declared, for regions merged since."""
    return Table(tuple(_further(source, each) for each in _dimensions_then(source)), indicator)


def _dimensions_then(source: Source) -> tuple[Dimension, ...]:
    told = source.released.with_name(HIERARCHIES)
    if source.known.file.is_dir() and told.exists():
        try:
            if found := read_hierarchies(told):
                return found
            raise ValueError("no dimensions")
        except DAMAGED as error:
            raise no_delivery(source.known.file) from error
    held = columns_of(source.released)
    named = source.of.dimensions.items()
    return tuple(read_dimension(name, files) for name, files in named if name in held)


def _codes_then(source: Source) -> frozenset[tuple[str, str]]:
    """By dimension: those that were told since are not among them."""
    return frozenset((each.name, code) for each in _dimensions_then(source) for code in each.codes)


def insiders_then(spec: Spec) -> bool:
    """Whether an earlier release was kept from its suppliers: they know what they knew."""
    return any(told_by(known.file).get("insider") is True for known in spec.earlier)


def leaves_then(source: Source) -> Mapping[str, Sequence[frozenset[str]]]:
    """For each dimension its finest codes, each with the codes that it was declared to belong to since."""
    found: dict[str, list[frozenset[str]]] = {}
    for then in _dimensions_then(source):
        since = _further(source, then).relations if then.name in source.known.dimensions else ()
        found[then.name] = [
            frozenset({code, *(each.total for each in since if code in each.parts)}) for code in then.leaves
        ]
    return found


def _further(source: Source, dimension: Dimension) -> Dimension:
    files = source.known.dimensions.get(dimension.name, ())
    return dimension if not files else regrouped(dimension, files)


def read_source(source: Source, table: Table) -> Published:
    """Raises Refusal, also where a delivery of ours lacks a row: it would be taken for a hidden cell."""
    published = read_released(source.released, table, source.known.value)
    declared_since = table.size - Table(_dimensions_then(source)).size
    if source.known.file.is_dir() and published.missing > declared_since:
        raise _refuse("rows-missing", _ROWS_MISSING, source.released)
    return published


def _layer(source: Source, counts_now: str, own: Sequence[Layer], suppliers: Suppliers) -> Layer:
    table = shape_then(source, counts_now)
    published = read_source(source, table)
    then = _counts_then(source, table)
    counts = _today(source, table, own) if then is None else then
    if np.any((published.counts != counts) & ~published.hidden):
        raise _refuse("known-differs", _DIFFERS, source.released)
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
        then = _dimensions_then(source)
        axes = [
            [now.position[code] for code in each.codes]
            for now, each in zip(table.dimensions, then, strict=True)
        ]
        cells = np.arange(table.size).reshape(table.shape)[np.ix_(*axes)].ravel()
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
        raise _refuse("no-truth", _NO_TRUTH, source.known.file)
    layer = Layer(table=table, counts=counts, rule=source.of.rule, hidden=nothing, release=source.release)
    return Public(layer, True, False, source.known.file, read_source(source, table).counts)


def _counts_then(source: Source, table: Table) -> Ints | None:
    """None where nobody has kept them."""
    if source.known.truth is not None:
        return read_leaves(source.known.truth, table, source.of.value)
    return None if source.truth is None else read_truth(source.truth, table)


def _today(source: Source, table: Table, own: Sequence[Layer]) -> Ints:
    """Without the truth of then, hidden counts are taken to be today's."""
    names, *now = cell_names([table, *(layer.table for layer in own)])
    counted: dict[Hashable, int] = {}
    for each, layer in zip(now, own, strict=True):
        counted |= dict(zip(each, layer.counts.tolist(), strict=True))
    if not all(name in counted for name in names):
        raise _refuse("known-cells", _OTHER_CELLS, source.released)
    return np.array([counted[name] for name in names], dtype=np.int64)


def _no_dimension(key: str) -> tuple[Text, Text]:
    return (
        Text(
            f"{key} är ingen dimension i den tabell som är offentlig.",
            f"{key} is no dimension of the table that is public.",
        ),
        Text("Rätta namnet.", "Mend the name."),
    )


def _refuse(code: str, why: tuple[Text, Text], file: Path) -> Refusal:
    return Refusal(Finding(code, *why, Place(file=file.name)))


_PERTURBED = (
    Text(
        "Den tidigare utgåvan är avrundad eller brusad; dess tal är inga antal att räkna med.",
        "The earlier release is rounded or noisy; its numbers are no counts to reckon with.",
    ),
    Text(
        "Ta bort den. Byt inte metod för samma tal: två metoder tillsammans röjer mer än var för sig.",
        "Leave it out. Do not change method for the same counts: two together tell more than each alone.",
    ),
)
_TRUE_COUNTS = (
    Text(
        "Den tidigare utgåvan visar sanna tal; avrundade eller brusade intill dem röjer vad den döljer.",
        "The earlier release shows true counts; rounded or noisy ones beside them reveal what it hides.",
    ),
    Text(
        'Använd method = "suppression", som då. Den som har utgåvan glömmer den inte om den utelämnas här.',
        'Use method = "suppression", as then. Whoever has the release does not forget it if it is left out.',
    ),
)
_OTHER_BASE = (
    Text(
        "Den tidigare utgåvan är avrundad till en annan bas. Två avrundningar av ett tal röjer mer än en.",
        "The earlier release is rounded to another base. Two roundings of a count tell more than one.",
    ),
    Text("Använd samma base och threshold som då.", "Use the same base and threshold as then."),
)
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
_ROWS_MISSING = (
    Text("Rader saknas i filen.", "Rows are missing in the file."),
    Text(
        "Ange mappen som lagesbild protect skrev den, oförändrad.",
        "Name the folder as lagesbild protect wrote it, unchanged.",
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
