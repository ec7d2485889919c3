"""Where what is public lies: deliveries of earlier releases, and others' tables; what each shows."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lagesbild.core.language import Text
from lagesbild.core.refusal import BadUsage, Finding, Place, Refusal
from lagesbild.core.table import Dimension, Table
from lagesbild.inside.protect.problem.primary import Rule

from .delivery import CELLS, DAMAGED, HIERARCHIES, PRIVATE, RELEASED, read_hierarchies
from .released import OURS, Published, columns_of, read_released
from .spec import Known, Spec, TableSpec
from .statement import (
    Told,
    method_of,
    no_delivery,
    rule_of_then,
    rule_then,
    tables_told,
    told_by,
)
from .tidy import read_dimension, regrouped


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


def files_of(spec: Spec) -> list[Path]:
    """Where releases lie, each once."""
    return list(dict.fromkeys(known.file for known in (*spec.earlier, *spec.known)))


def sources(spec: Spec) -> Iterator[Source]:
    """The known tables of true counts, one by one. Raises Refusal where a folder does not hold what it
    should, or was made by another method or to another base than today's."""
    for known in (*spec.earlier, *spec.known):
        held, method = held_in(spec, known), method_of(known.file)
        ours = known in spec.earlier or known.file.is_dir()
        if ours and method != spec.method:
            if method == "suppression":
                raise refusal("earlier-method", _TRUE_COUNTS, known.file)
            raise refusal("earlier-perturbed", _PERTURBED, known.file)
        if method == "suppression":
            yield from held
        elif told_by(known.file).get("base") not in (None, spec.rounding_base):
            raise refusal("earlier-base", _OTHER_BASE, known.file)


def perturbed_sources(spec: Spec) -> Iterator[Source]:
    """The tables of releases that are rounded or noisy as today's, one by one. Raises Refusal."""
    for known in (*spec.earlier, *spec.known):
        if spec.method != "suppression" and method_of(known.file) == spec.method:
            yield from held_in(spec, known)


def held_in(spec: Spec, known: Known) -> list[Source]:
    """What an entry tells of: the table that it names, and with the first entry of a delivery all those that
    no entry names. Whoever has the delivery has them too; nothing of them is given up, nor is the truth that
    the entry names theirs."""
    entries = [each for each in (*spec.earlier, *spec.known) if each.file == known.file]
    apart = {each.table for each in entries} - {known.table, None}
    every = known.table is None or (known is entries[0] and len(tables_told(known.file)) > 1)
    tables = [each for each in spec.tables if each.name == known.table or (every and each.name not in apart)]
    release, alone = 1 + files_of(spec).index(known.file), len(spec.tables) == 1
    others = known if known.table is None else replace(known, accepted=False, truth=None)
    found = (
        _source(
            known if each.name == known.table else others, each, release, alone or each.name == known.table
        )
        for each in tables
    )
    held = [source for source in found if source is not None]
    if not held:
        raise no_delivery(known.file)
    _only_its_dimensions(spec, known, held)
    return [*held, *(_given_up(others, held, apart) if every else ())]


def _given_up(known: Known, held: Sequence[Source], apart: Collection[str | None]) -> Iterator[Source]:
    """Tables that the folder holds and that this release has no more: what they showed stays known."""
    read = {source.released for source in held}
    for told in tables_told(known.file):
        name = told["table"]
        released = known.file / name / RELEASED
        if released not in read and name not in apart and released.exists():
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
    """A grouping of a dimension that the table does not have would tell nothing, and nobody would know; nor
    does a table stand at one code of a dimension that it has."""
    if not known.dimensions and not known.at:
        return
    its = {each.name for source in held for each in dimensions_then(source)}
    key, place = "earlier" if known in spec.earlier else "known", Place(spec.file.name)
    for name in sorted(set(known.dimensions) - its):
        words = _no_dimension(f"{key}.dimensions.{name}")
        raise BadUsage(Finding("spec-unknown-dimension", *words, place))
    for name in sorted(set(known.at) & its):
        raise BadUsage(Finding("spec-own-dimension", *_own_dimension(f"{key}.at.{name}"), place))


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
    the dimensions that it tells apart. Further groupings may have been declared, for regions merged since,
    and where it stands in dimensions that it lacks, which come last."""
    there = (Dimension(name, (code,)) for name, code in source.known.at.items())
    return Table((*(_further(source, each) for each in dimensions_then(source)), *there), indicator)


def as_written(source: Source, table: Table) -> Table:
    """The shape that its files have: the same cells, without the dimensions that they lack."""
    return Table(table.dimensions[: len(table.dimensions) - len(source.known.at)], table.indicator)


def dimensions_then(source: Source) -> tuple[Dimension, ...]:
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


def leaves_then(source: Source) -> Mapping[str, Sequence[frozenset[str]]]:
    """For each dimension its finest codes, each with the codes that it was declared to belong to since."""
    found: dict[str, list[frozenset[str]]] = {}
    for then in dimensions_then(source):
        since = _further(source, then).relations if then.name in source.known.dimensions else ()
        found[then.name] = [
            frozenset({code, *(each.total for each in since if code in each.parts)}) for code in then.leaves
        ]
    return {**found, **{name: [frozenset({code})] for name, code in source.known.at.items()}}


def _further(source: Source, dimension: Dimension) -> Dimension:
    files = source.known.dimensions.get(dimension.name, ())
    return dimension if not files else regrouped(dimension, files)


def read_source(source: Source, table: Table) -> Published:
    """Raises Refusal, also where a delivery of ours lacks a row, which would be taken for a hidden cell, or
    a table in our form holds the number of a cell that it says is hidden: whoever has it knows that."""
    published = read_released(source.released, as_written(source, table), source.known.value)
    if published.kept and published.form == OURS:
        raise refusal("number-kept", _KEPT, source.released)
    declared_since = table.size - Table(dimensions_then(source)).size
    if source.known.file.is_dir() and published.missing > declared_since:
        raise refusal("rows-missing", _ROWS_MISSING, source.released)
    return published


def _no_dimension(key: str) -> tuple[Text, Text]:
    return (
        Text(
            f"{key} är ingen dimension i den tabell som är offentlig.",
            f"{key} is no dimension of the table that is public.",
        ),
        Text("Rätta namnet.", "Mend the name."),
    )


def _own_dimension(key: str) -> tuple[Text, Text]:
    return (
        Text(
            f"{key} är en dimension som den offentliga tabellen har själv.",
            f"{key} is a dimension that the public table has itself.",
        ),
        Text(
            "Ange under at bara dimensioner som den saknar.", "Name under at dimensions only that it lacks."
        ),
    )


def refusal(code: str, why: tuple[Text, Text], file: Path) -> Refusal:
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
_KEPT = (
    Text("Rader som ska vara dolda har kvar sina tal.", "Rows said to be hidden still hold their numbers."),
    Text(
        "Är filen publicerad så: skriv published i status för dem. Annars: ange filen som den publicerades.",
        "If it was published like this: write published as their status. Else: name the file as published.",
    ),
)
_ROWS_MISSING = (
    Text("Rader saknas i filen.", "Rows are missing in the file."),
    Text(
        "Ange mappen som lagesbild protect skrev den, oförändrad.",
        "Name the folder as lagesbild protect wrote it, unchanged.",
    ),
)
