"""From a specification to one system of cells: read, add up, select, link."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from lagesbild.core.language import Text
from lagesbild.core.refusal import Finding, Place, Refusal
from lagesbild.core.table import Table
from lagesbild.inside.protect.methods.magnitude import Contributions, concentrated, guarded
from lagesbild.inside.protect.problem.discovery import implied_identities
from lagesbild.inside.protect.problem.system import Flags, Ints, Layer, Stack, build

from .delivery import CELLS, PRIVATE, RELEASED, folder_of
from .spec import Known, Selector, Spec, TableSpec
from .tidy import read_contributions, read_dimension, read_leaves, read_released, read_truth


@dataclass(frozen=True, eq=False)
class Job:
    """The tables of a specification with their counts, and the one system over all of them.

    layers: the tables to protect.  known: what is public already.
    """

    spec: Spec
    layers: tuple[Layer, ...]
    known: tuple[Layer, ...]
    stack: Stack

    @property
    def tables(self) -> tuple[Table, ...]:
        return tuple(layer.table for layer in self.layers)

    @property
    def own_cells(self) -> Ints:
        """The system's cells that this job's tables show, each once."""
        return np.unique(np.concatenate(self.stack.cell_of[: len(self.tables)]))

    @property
    def known_exactly(self) -> Flags:
        """Cells that earlier or others' tables publish already, (n,)."""
        known = np.zeros(self.stack.system.size, dtype=bool)
        for cells in self.stack.cell_of[len(self.tables) :]:
            known[cells] = self.stack.system.fixed[cells]
        return known

    def identities(self) -> list[Hashable]:
        """What each of the system's cells is, whichever table shows it, (n,)."""
        found: list[Hashable] = [None] * self.stack.system.size
        for table, own in zip(self.tables, self.stack.cell_of, strict=False):
            for cell, identity in zip(own.tolist(), table.identities(), strict=True):
                found[cell] = identity
        return found


def tables_of(spec: Spec) -> tuple[Table, ...]:
    """The tables' shapes, without any counts. Raises Refusal."""
    dimensions = {name: read_dimension(name, files) for name, files in spec.dimensions.items()}
    return tuple(
        Table(tuple(dimensions[name] for name in each.dimensions), each.name) for each in spec.tables
    )


def prepare(spec: Spec) -> Job:
    """Read everything that the specification names. Raises Refusal."""
    tables = tables_of(spec)
    own = [_layer(spec, each, table) for each, table in zip(spec.tables, tables, strict=True)]
    by_name = {layer.table.indicator: layer for layer in own}
    known = [_known_layer(spec, each, by_name) for each in spec.known]
    return Job(spec, tuple(own), tuple(known), _system(spec, own, known))


def with_layer(job: Job, number: int, layer: Layer) -> Stack:
    """The system of a job in which one table is published in another shape."""
    own = [*job.layers[:number], layer, *job.layers[number + 1 :]]
    return _system(job.spec, own, job.known)


def _system(spec: Spec, own: Sequence[Layer], known: Sequence[Layer]) -> Stack:
    try:
        stack = build([*own, *known], (*spec.identities, *implied_identities(own)))
    except ValueError as error:
        raise Refusal(Finding("tables-disagree", *_DISAGREE, Place(file=spec.file.name))) from error
    return _guarded(spec, own, stack)


def _guarded(spec: Spec, own: Sequence[Layer], stack: Stack) -> Stack:
    """Cells that must be hidden are protected like unsafe ones, else their sums would show them; amounts are
    unsafe by who gave them."""
    for number, (each, layer) in enumerate(zip(spec.tables, own, strict=True)):
        if each.concentration is not None:
            protection, only = concentrated(layer.table, _given(each, layer.table), each.concentration)
            stack = guarded(stack, number, protection, only)
    asked = np.zeros(stack.system.size, dtype=bool)
    for layer, cells in zip(own, stack.cell_of, strict=False):
        asked[cells] |= False if layer.must_hide is None else layer.must_hide
    return Stack(stack.system.with_(unsafe=stack.system.unsafe | asked), stack.cell_of)


def _given(each: TableSpec, table: Table) -> Contributions:
    return read_contributions(each.file, table, each.value, str(each.giver))


def _layer(spec: Spec, each: TableSpec, table: Table) -> Layer:
    hide = select(table, spec.hide)
    if each.population is not None:
        people = read_leaves(each.population.file, table, each.population.value)
        hide |= (people < each.population.least) & ~table.is_top
    counts = (
        read_leaves(each.file, table, each.value) if each.giver is None else _given(each, table).counts(table)
    )
    return Layer(
        table=table,
        counts=counts,
        rule=each.rule,
        must_publish=select(table, spec.publish),
        must_hide=hide,
        supplier=None if each.supplier is None else supplier_of(table, each.supplier),
    )


def _known_layer(spec: Spec, known: Known, own: dict[str, Layer]) -> Layer:
    """A folder of ours brings its private truth, so that revisions can be told; a bare file does not."""
    if known.table not in own:
        raise unknown_table(spec)
    now = own[known.table]
    file = known.file
    if file.is_dir():
        cells = file / PRIVATE / folder_of(spec, known.table) / CELLS
        counts = read_truth(cells, now.table)
    else:
        counts = now.counts
    file = released_file(spec, known)
    published = read_released(file, now.table)
    if np.any((published.counts != counts) & ~published.hidden):
        raise Refusal(Finding("known-revised", *_REVISED, Place(file=file.name)))
    return Layer(table=now.table, counts=counts, rule=now.rule, hidden=published.hidden)


def released_file(spec: Spec, known: Known) -> Path:
    """The public table of earlier material, which is a folder of ours or a file."""
    return known.file / folder_of(spec, known.table) / RELEASED if known.file.is_dir() else known.file


def unknown_table(spec: Spec) -> Refusal:
    return Refusal(Finding("known-table", *_KNOWN_TABLE, Place(file=spec.file.name)))


def select(table: Table, selectors: Iterable[Selector]) -> Flags:
    """Cells that any of the selectors names, shape (cells,)."""
    chosen = np.zeros(table.shape, dtype=bool)
    for selector in selectors:
        if set(selector) <= {dimension.name for dimension in table.dimensions}:
            axes = [
                [code in selector.get(dimension.name, dimension.codes) for code in dimension.codes]
                for dimension in table.dimensions
            ]
            chosen |= np.logical_and.reduce(np.meshgrid(*axes, indexing="ij"))
    return chosen.ravel()


def supplier_of(table: Table, name: str) -> Ints:
    """Who knows each cell alone: the leaf of the supplying dimension it lies in, else -1. Shape (cells,)."""
    axis = [dimension.name for dimension in table.dimensions].index(name)
    dimension = table.dimensions[axis]
    number = np.array([i if code in dimension.leaves else -1 for i, code in enumerate(dimension.codes)])
    shape = [1] * len(table.shape)
    shape[axis] = len(number)
    return np.broadcast_to(number.reshape(shape), table.shape).ravel().astype(np.int64)


def truth_from(spec: Spec, file: Path) -> Spec:
    """The same job with its single table read from another file. Raises Refusal where it has several."""
    if len(spec.tables) > 1:
        raise Refusal(Finding("which-table", *_WHICH, Place(file=spec.file.name)))
    only = spec.tables[0]
    return replace(spec, tables=(replace(only, file=file),))


_DISAGREE = (
    Text(
        "Tabellerna säger emot varandra eller de angivna summorna.",
        "The tables contradict one another or the declared identities.",
    ),
    Text("Rätta underlaget så att gemensamma celler är lika.", "Mend the data so that shared cells agree."),
)
_KNOWN_TABLE = (
    Text(
        "Ett tidigare material nämner en tabell som inte finns.",
        "Earlier material names a table that is not there.",
    ),
    Text("Rätta table under [[earlier]] eller [[known]].", "Mend table under [[earlier]] or [[known]]."),
)
_REVISED = (
    Text(
        "Tidigare publicerade tal skiljer sig från dagens.",
        "Figures published before differ from today's.",
    ),
    Text(
        "Ange mappen från den tidigare körningen i stället för filen, så att ändringen kan räknas med.",
        "Name the folder of the earlier run instead of the file, so that the revision can be reckoned with.",
    ),
)
_WHICH = (
    Text("Specifikationen har flera tabeller.", "The specification has several tables."),
    Text("Låt specifikationen peka på facit i stället.", "Let the specification point at the truth instead."),
)
