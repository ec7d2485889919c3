"""Coarser publication proposed: for each table and each way, what would be shown and hidden."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count

from lagesbild.core.language import Text
from lagesbild.core.refusal import Refusal
from lagesbild.inside.protect.methods.coarsen import Coarser, coarser, finest_cells
from lagesbild.inside.protect.methods.detail import detail_kept
from lagesbild.inside.protect.methods.secondary import suppress
from lagesbild.inside.protect.problem.system import Flags, Layer, Stack

from .job import Job, with_layer

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Proposal:
    """One way to publish. Its figures depend on the truth and stay inside.

    table: its place among the specification's.  number: of the way, counted from 1 through all tables; 0 for
    a table as it is, which has no way.
    cells, hidden: of the table.  shown: published cells with a positive count.  inner_value: share of the
    table's total that is shown in its own finest cells, so 1 wherever it has no holes.  detail: how much of
    the original detail is kept, see `detail_kept`.  safe: whether every unsafe cell could be protected.
    """

    table: int
    number: int
    way: Coarser | None
    cells: int
    shown: int
    hidden: int
    inner_value: float
    detail: float
    safe: bool

    @property
    def what(self) -> Text:
        return AS_IT_IS if self.way is None else self.way.what


AS_IT_IS = Text("som den är", "as it is")


def proposals(job: Job, progress: Progress | None = None) -> Iterator[Proposal]:
    """Every table as it is, then coarser in each way, the other tables unchanged. Tables of amounts are left
    as they are: merging givers is another question. So are tables in a way that contradicts the others, which
    list some of the codes that it merges."""
    numbers = count(1)
    for table, layer in enumerate(job.layers):
        yield _judged(job, job.stack, table, layer, 0, None, progress)
        for way in coarser(layer) if job.spec.tables[table].concentration is None else ():
            if (stack := _possible(job, table, way)) is not None:
                yield _judged(job, stack, table, way.layer, next(numbers), way, progress)


def _possible(job: Job, table: int, way: Coarser) -> Stack | None:
    try:
        return with_layer(job, table, way.layer)
    except Refusal:
        return None


def _judged(
    job: Job,
    stack: Stack,
    table: int,
    layer: Layer,
    number: int,
    way: Coarser | None,
    progress: Progress | None,
) -> Proposal:
    pattern = suppress(
        stack.system, budget_seconds=job.spec.budget, insider=job.spec.insider, progress=progress
    )
    hidden: Flags = pattern.hidden[stack.cell_of[table]]
    inner = layer.table.is_leaf
    total = int(layer.counts[inner].sum())
    behind = finest_cells(layer.table) if way is None else way.behind
    return Proposal(
        table=table,
        number=number,
        way=way,
        cells=layer.table.size,
        shown=int(((layer.counts > 0) & ~hidden).sum()),
        hidden=int(hidden.sum()),
        inner_value=int(layer.counts[inner & ~hidden].sum()) / total if total else 1.0,
        detail=detail_kept(layer.table, layer.counts, hidden, behind),
        safe=pattern.safe,
    )
