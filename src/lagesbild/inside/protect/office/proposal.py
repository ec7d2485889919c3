"""Coarser publication proposed: for each table and each way, what would be shown and hidden."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lagesbild.core.language import Text
from lagesbild.inside.protect.methods.coarsen import coarser
from lagesbild.inside.protect.methods.secondary import suppress
from lagesbild.inside.protect.problem.system import Flags, Layer, Stack

from .job import Job, with_layer

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Proposal:
    """One way to publish. Its figures depend on the truth and stay inside.

    cells, hidden: of the table.  shown: published cells with a positive count.  inner_value: share of the
    table's total that is shown in its finest cells.  safe: whether every unsafe cell could be protected.
    """

    table: str
    what: Text
    cells: int
    shown: int
    hidden: int
    inner_value: float
    safe: bool


AS_IT_IS = Text("som den är", "as it is")


def proposals(job: Job, progress: Progress | None = None) -> Iterator[Proposal]:
    """Every table as it is, then coarser in each way, the other tables unchanged. Tables of amounts are left
    as they are: merging givers is another question."""
    for number, layer in enumerate(job.layers):
        yield _judged(number, layer, AS_IT_IS, job.stack, job, progress)
        for way in coarser(layer) if job.spec.tables[number].concentration is None else ():
            yield _judged(number, way.layer, way.what, with_layer(job, number, way.layer), job, progress)


def _judged(
    number: int, layer: Layer, what: Text, stack: Stack, job: Job, progress: Progress | None
) -> Proposal:
    pattern = suppress(
        stack.system, budget_seconds=job.spec.budget, insider=job.spec.insider, progress=progress
    )
    hidden: Flags = pattern.hidden[stack.cell_of[number]]
    inner = layer.table.is_leaf
    total = int(layer.counts[inner].sum())
    return Proposal(
        table=job.spec.tables[number].name,
        what=what,
        cells=layer.table.size,
        shown=int(((layer.counts > 0) & ~hidden).sum()),
        hidden=int(hidden.sum()),
        inner_value=int(layer.counts[inner & ~hidden].sum()) / total if total else 1.0,
        safe=pattern.safe,
    )
