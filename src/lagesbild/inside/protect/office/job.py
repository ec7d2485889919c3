"""From a specification to one system of cells: read, add up, select, link."""

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from lagesbild.core.language import Text
from lagesbild.core.linking import Identity
from lagesbild.core.refusal import Finding, Place, Refusal
from lagesbild.core.table import Table
from lagesbild.inside.protect.methods.magnitude import (
    Concentration,
    Contributions,
    all_from_one,
    concentrated,
    guarded,
)
from lagesbild.inside.protect.problem.discovery import (
    implied_in_each,
    renamed,
    renamed_identities,
    same_counts,
)
from lagesbild.inside.protect.problem.joint import have_joint_counts, with_joint_counts
from lagesbild.inside.protect.problem.rests import with_rests
from lagesbild.inside.protect.problem.system import Flags, Ints, Layer, Stack, build, layer_names

from .earlier import Public, identities_then, insiders_then, public_tables
from .linked_then import same_then
from .renamed import refuse_renamed
from .selection import Suppliers, select
from .spec import Hierarchies, Spec, TableSpec
from .tidy import lacking, read_contributions, read_dimension, read_givers, read_leaves

MOST_CELLS = 4_000_000
"""Of all tables together: reading and linking a million cells takes a gigabyte, and the search more."""


@dataclass(frozen=True, eq=False)
class Job:
    """The tables of a specification with their counts, and the one system over all of them.

    layers: the tables to protect.  public: what is out already.  declared: the identities by the names that
    the specification has; `spec` has them by those that the counts were found to go by.
    """

    spec: Spec
    layers: tuple[Layer, ...]
    public: tuple[Public, ...]
    stack: Stack
    declared: tuple[Identity, ...]

    @property
    def tables(self) -> tuple[Table, ...]:
        return tuple(layer.table for layer in self.layers)

    @property
    def stack_tables(self) -> tuple[Table, ...]:
        """The shapes of all layers of the stack, what is public last."""
        return (*self.tables, *(each.layer.table for each in self.public))

    @property
    def own_cells(self) -> Ints:
        """The system's cells that this job's tables show, each once."""
        return np.unique(np.concatenate(self.stack.cell_of[: len(self.tables)]))

    @property
    def known_exactly(self) -> Flags:
        """Cells that earlier or others' tables publish already, (n,)."""
        known = np.zeros(self.stack.system.size, dtype=bool)
        for each, cells in zip(self.public, self.stack.cell_of[len(self.tables) :], strict=True):
            if each.layer.hidden is not None:
                known[cells[~each.layer.hidden]] = True
        return known

    @property
    def hidden_before(self) -> Flags | None:
        """Cells that the latest earlier release to have them hid, (n,); None where there is none."""
        earlier = [each.layer for each in self.public if each.earlier and each.shown is None]
        named = layer_names([*self.layers, *earlier])
        before: dict[Hashable, bool] = {}
        for layer, names in zip(earlier, named[len(self.tables) :], strict=True):
            hidden = np.zeros(layer.table.size, dtype=bool) if layer.hidden is None else layer.hidden
            before |= dict(zip(names, hidden.tolist(), strict=True))
        found = np.zeros(self.stack.system.size, dtype=bool)
        for names, own in zip(named[: len(self.tables)], self.stack.cell_of, strict=False):
            found[own] = [before.get(name, False) for name in names]
        return found if earlier else None

    def identities(self) -> list[Hashable]:
        """What each of the system's cells is, whichever table shows it and whatever that is called, (n,)."""
        found: list[Hashable] = [None] * self.stack.system.size
        shown_by = zip(self.spec.tables, self.tables, self.stack.cell_of, strict=False)
        for each, table, own in sorted(shown_by, key=lambda shown: shown[0].declared):
            names = Table(table.dimensions, each.declared).identities()
            for cell, identity in zip(own.tolist(), names, strict=True):
                found[cell] = identity
        return found


def tables_of(spec: Spec) -> tuple[Table, ...]:
    """The tables' shapes, without any counts. Raises Refusal, also where they have too many cells."""
    tables = tuple(shape_of(each, each.dimensions) for each in spec.tables)
    # Whole numbers of Python: a product of theirs cannot overflow, and nothing is allocated.
    if sum(math.prod(table.shape) for table in tables) > MOST_CELLS:
        raise Refusal(Finding("too-many-cells", *_TOO_MANY, Place(file=spec.file.name)))
    return tables


def shape_of(each: TableSpec, hierarchies: Hierarchies) -> Table:
    """A table's shape by these hierarchies. Raises Refusal."""
    dimensions = tuple(read_dimension(name, files) for name, files in hierarchies.items())
    return Table(dimensions, each.counts)


def prepare(spec: Spec) -> Job:
    """Read everything that the specification names. Raises Refusal."""
    tables = tables_of(spec)
    refuse_renamed(spec, tables)
    hide, publish = select(spec, tables, "hide"), select(spec, tables, "publish")
    suppliers = Suppliers()
    own = [
        _layer(each, table, suppliers, *asked)
        for each, table, *asked in zip(spec.tables, tables, publish, hide, strict=True)
    ]
    names = same_counts(own, spec.identities)
    own = [renamed(layer, names) for layer in own]
    public = tuple(public_tables(spec, own, suppliers))
    identities = (*renamed_identities(spec.identities, names), *identities_then(spec, own))
    stack = _system(spec, identities, own, public)
    insider = spec.insider or (spec.method == "suppression" and insiders_then(spec))
    known = replace(spec, identities=identities, insider=insider)
    return Job(known, tuple(own), public, stack, spec.identities)


def with_layer(job: Job, number: int, layer: Layer) -> Stack:
    """The system of a job in which one table is published in another shape."""
    own = [*job.layers[:number], layer, *job.layers[number + 1 :]]
    return _system(job.spec, job.spec.identities, own, job.public)


def _system(
    spec: Spec, identities: Sequence[Identity], own: Sequence[Layer], public: Sequence[Public]
) -> Stack:
    try:
        layers = [*own, *(each.layer for each in public)]
        true = [replace(layer, hidden=None) for layer in layers]
        every = (*identities, *implied_in_each(true), *same_then(true, identities))
        stack = build(layers, every)
    except ValueError as error:
        raise Refusal(_disagreement(spec)) from error
    stack = _accepting(_guarded(spec, own, public, stack), len(own), public)
    # What is rounded or has noise is shown for every cell: nothing there is hidden, nor a rest.
    if spec.method != "suppression":
        return replace(stack, unreckoned=have_joint_counts(stack, layers))
    return with_joint_counts(with_rests(stack, layers, every), layers)


def _disagreement(spec: Spec) -> Finding:
    """A grouping that lacks a code looks like tables that contradict one another, and is told first."""
    for table in spec.tables:
        for name, files in table.dimensions.items():
            if (file := lacking(name, files)) is not None:
                return Finding("hierarchies-disagree", *_LACKING, Place(file=file.name, column="codes"))
    return Finding("tables-disagree", *_DISAGREE, Place(file=spec.file.name))


def _guarded(spec: Spec, own: Sequence[Layer], public: Sequence[Public], stack: Stack) -> Stack:
    """Cells that must be hidden are protected like unsafe ones, else their sums would show them; amounts are
    unsafe by who gave them."""
    everyone, others = _everyone(spec.tables), int(stack.system.supplier.max(initial=-1)) + 1
    for number, (each, layer) in enumerate(zip(spec.tables, own, strict=True)):
        if each.concentration is not None:
            given = _given(each, layer.table, everyone)
            protection, only = _judged(layer, given, each.concentration)
            # Under equal numbers a giver would be taken for somebody who reports counts.
            only = np.where(only < 0, only, others + only)
            layers = [*own, *(each.layer for each in public)]
            stack = _alone_before(guarded(stack, number, protection, only), layers, number, only, len(own))
    asked = np.zeros(stack.system.size, dtype=bool)
    for layer, cells in zip(own, stack.cell_of, strict=False):
        np.logical_or.at(asked, cells, False if layer.must_hide is None else layer.must_hide)
    stack = replace(stack, system=stack.system.with_(unsafe=stack.system.unsafe | asked))
    return _promised(stack, own, public)


def _promised(stack: Stack, own: Sequence[Layer], public: Sequence[Public]) -> Stack:
    """Cells that only earlier releases have, since they were finer or their table is given up, are kept from
    what they were kept from then. Those that this release has are judged by its own rules."""
    named = layer_names([*own, *(each.layer for each in public)])
    today = set[Hashable]().union(*named[: len(own)])
    system, others = stack.system, int(stack.system.supplier.max(initial=-1)) + 1
    unsafe, supplier = system.unsafe.copy(), system.supplier.copy()
    threshold, width = system.threshold.copy(), system.width.copy()
    layers = zip(public, named[len(own) :], stack.cell_of[len(own) :], strict=True)
    for promise, names, cells in ((each.promise, names, cells) for each, names, cells in layers):
        if promise is not None:
            gone = np.array([name not in today for name in names], dtype=bool)
            cells = cells[gone]
            np.logical_or.at(unsafe, cells, promise.unsafe[gone])
            np.maximum.at(threshold, cells, promise.threshold[gone])
            np.maximum.at(width, cells, promise.width[gone])
            alone = (promise.supplier[gone] >= 0) & (supplier[cells] < 0)
            np.maximum.at(supplier, cells[alone], others + promise.supplier[gone][alone])
    changed = system.with_(unsafe=unsafe, threshold=threshold, width=width, supplier=supplier)
    return replace(stack, system=changed)


def _alone_before(stack: Stack, layers: Sequence[Layer], number: int, only: Ints, own: int) -> Stack:
    """Who is alone in a cell now is taken to have been so in earlier releases: nothing of a delivery says who
    gave, and she knows what she gave then."""
    named = layer_names(layers)
    alone: dict[Hashable, int] = {}
    for name, giver in zip(named[number], only.tolist(), strict=True):
        alone[name] = max(alone.get(name, -1), giver)
    supplier = stack.system.supplier.copy()
    for names, cells in zip(named[own:], stack.cell_of[own:], strict=True):
        then = np.array([alone.get(name, -1) for name in names], dtype=np.int64)
        np.maximum.at(supplier, cells, then)
    return replace(stack, system=stack.system.with_(supplier=supplier))


def _judged(layer: Layer, given: Contributions, rule: Concentration) -> tuple[Ints, Ints]:
    """As `concentrated` tells, and of a cell that must be hidden although it is safe, what it needs then."""
    protection, only = concentrated(layer.table, given, rule)
    if layer.must_hide is not None:
        protection = np.where(layer.must_hide, all_from_one(layer.counts, rule), protection)
    return protection, only


def _accepting(stack: Stack, own: int, public: Sequence[Public]) -> Stack:
    """Small counts that are public in any case, and that the specification gives up, need no protection."""
    given_up = np.zeros(stack.system.size, dtype=bool)
    for each, cells in zip(public, stack.cell_of[own:], strict=True):
        if each.accepted and each.layer.hidden is not None:
            given_up[cells[~each.layer.hidden]] = True
    return replace(stack, system=stack.system.with_(unsafe=stack.system.unsafe & ~given_up))


def _everyone(tables: Sequence[TableSpec]) -> list[str]:
    """All givers by name, so that the same one has the same number in every table."""
    named = (read_givers(each.file, each.giver) for each in tables if each.giver is not None)
    return sorted(set[str]().union(*named))


def _given(each: TableSpec, table: Table, everyone: Sequence[str]) -> Contributions:
    return read_contributions(each.file, table, each.value, str(each.giver), everyone)


def _layer(each: TableSpec, table: Table, suppliers: Suppliers, publish: Flags, hide: Flags) -> Layer:
    if each.population is not None:
        people = read_leaves(each.population.file, table, each.population.value)
        hide = hide | ((people < each.population.least) & ~table.is_top)
    return Layer(
        table=table,
        counts=_counts(each, table),
        rule=each.rule,
        must_publish=publish,
        must_hide=hide,
        supplier=suppliers.of(table, each.supplier),
    )


def _counts(each: TableSpec, table: Table) -> Ints:
    if each.giver is None:
        return read_leaves(each.file, table, each.value)
    return _given(each, table, _everyone([each])).counts(table)


def truth_from(spec: Spec, files: Sequence[Path]) -> Spec:
    """The same job with its tables read from other files, in their order. Raises Refusal."""
    if len(spec.tables) != len(files):
        raise Refusal(Finding("which-table", *_WHICH, Place(file=spec.file.name)))
    tables = zip(spec.tables, files, strict=True)
    return replace(spec, tables=tuple(replace(table, file=file) for table, file in tables))


_LACKING = (
    Text(
        "En summa saknar här finaste koder som den har i en annan gruppering av dimensionen.",
        "A total lacks finest codes here that it has in another grouping of the dimension.",
    ),
    Text(
        "Ta med alla koder i båda filerna, eller ge den ena summan en egen kod.",
        "List every code in both files, or give one of the totals a code of its own.",
    ),
)
_DISAGREE = (
    Text(
        "Tabellerna säger emot varandra eller de angivna summorna.",
        "The tables contradict one another or the declared identities.",
    ),
    Text("Rätta underlaget så att gemensamma celler är lika.", "Mend the data so that shared cells agree."),
)
_TOO_MANY = (
    Text(
        f"Tabellerna har fler än {MOST_CELLS} celler: varje dimensions koder gånger de andras.",
        f"The tables have more than {MOST_CELLS} cells: the codes of each dimension times the others'.",
    ),
    Text(
        "Redovisa färre dimensioner i en tabell, eller färre koder.",
        "Publish fewer dimensions in one table, or fewer codes.",
    ),
)
_WHICH = (
    Text("Facit har inte en fil för varje tabell.", "The truth does not have one file for each table."),
    Text(
        "Ange en fil per tabell, i specifikationens ordning.", "Name one file per table, in the spec's order."
    ),
)
