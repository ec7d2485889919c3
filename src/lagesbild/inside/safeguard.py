"""Asks the protection engine what to hide in the linked tables, and proves that it is enough."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lagesbild.core.figures import TOTAL
from lagesbild.core.language import Text
from lagesbild.core.refusal import Finding, Unsafe
from lagesbild.inside.linked.stack import Stack
from lagesbild.inside.protect.cores import on_all_cores
from lagesbild.inside.protect.methods.secondary import Pattern, suppress
from lagesbild.inside.protect.problem.groups import joined, part
from lagesbild.inside.protect.problem.system import NO_CEILING, System
from lagesbild.inside.protect.proof.audit import audit
from lagesbild.inside.protect.proof.certificate import unproven

LEAST_PEOPLE = 100
"""What is drawn from fewer people tells of them whatever the count is (attack 21). Groups are estimated, so
twice as many are asked for as would do."""

_PREFERRED = 20.0

Flags = NDArray[np.bool_]
WORTH_ALL_CORES = 300
"""So many unsafe cells take longer to protect than starting processes does."""
PROOF_WORTH_ALL_CORES = 10_000
"""So many take longer to be proven protected."""

Progress = Callable[[int, int], None]
"""Told how many groups of cells are decided, of how many."""
Hide = Callable[[System, Flags], Pattern]
"""Chooses what to hide, given the cells that were hidden last time, (n,)."""


def quiet(_done: int, _of: int) -> None:
    """Nobody listens."""


def least_cost(system: System, before: Flags) -> Pattern:
    """The engine's own choice; what was hidden last time is cheaper to hide again."""
    return suppress(system, previous=before, insider=True)


def choose(
    linked: Stack, hide: Hide = least_cost, prefer: Sequence[str] = (), progress: Progress = quiet
) -> Flags:
    """What to hide, (n,). The country's totals give way only where nothing else protects.

    Cells that no chain of sums joins are decided apart from each other, on all cores.
    """
    before = linked.earlier & ~linked.known
    wanted = system_of(linked, tops_stay=True, prefer=prefer)
    possible = system_of(linked, tops_stay=False, prefer=prefer)
    groups = [cells for cells in joined(linked.equations) if wanted.unsafe[cells].any()]
    jobs = [_Question(part(wanted, cells), part(possible, cells), before[cells], hide) for cells in groups]
    hidden = wanted.primary.copy()
    worth = int(wanted.unsafe.sum()) >= WORTH_ALL_CORES
    for done, (cells, answer) in enumerate(
        zip(groups, on_all_cores(_answer, jobs, worth=worth), strict=True)
    ):
        progress(done, len(groups))
        hidden[cells] = answer
    return hidden


class _Question(NamedTuple):
    """One group of cells: as it is wanted, as it may be if that cannot be protected, and as it was."""

    wanted: System
    possible: System
    before: Flags
    hide: Hide


def _answer(question: _Question) -> Flags:
    pattern = question.hide(question.wanted, question.before)
    if not pattern.safe:
        pattern = question.hide(question.possible, question.before)
    return pattern.hidden


def check_protected(linked: Stack, hidden: Flags) -> None:
    """Prove every unsafe cell protected, by witnesses that are checked with sums alone. Raises Unsafe."""
    system = system_of(linked, tops_stay=False)
    groups = [cells for cells in joined(linked.equations) if system.unsafe[cells].any()]
    jobs = [_Claim(part(system, cells), hidden[cells]) for cells in groups]
    failing: set[str] = set()
    worth = int(system.unsafe.sum()) >= PROOF_WORTH_ALL_CORES
    for cells, unsafe in zip(groups, on_all_cores(_unproven, jobs, worth=worth), strict=True):
        failing |= {linked.cells[cell].indicator for cell in cells[unsafe]}
    if failing:
        raise Unsafe(*map(_too_narrow, sorted(failing)))


class _Claim(NamedTuple):
    """One group of cells, and what of it is hidden."""

    system: System
    hidden: Flags


def _unproven(claim: _Claim) -> NDArray[np.int64]:
    certificate = audit(claim.system, claim.hidden, insider=True).certificate
    return unproven(claim.system, claim.hidden, certificate, insider=True)


def system_of(linked: Stack, tops_stay: bool, prefer: Sequence[str] = ()) -> System:
    """What the protection engine is asked. `tops_stay`: the country's totals are never hidden.

    Hiding costs by value and by level: a constant keeps the number of hidden cells down, each level above the
    finest makes a cell a quarter dearer, zeros cost little but not nothing, preferred totals much.
    """
    values, told = linked.values, linked.told
    small = is_small(linked)
    gone = np.zeros_like(small) if told is None else told.gone
    # What an earlier release showed cannot be taken back; a rest is shown nowhere whatever is decided.
    fixed = linked.known | (tops_stay & linked.current & linked.shown & linked.top & ~small)
    return System(
        equations=linked.equations,
        values=values,
        cost=np.where(values > 0, 12.0 + values, 6.0) * (1.0 + 0.25 * linked.level) * _weight(linked, prefer),
        threshold=linked.threshold if told is None else told.threshold,
        width=linked.width if told is None else told.width,
        floor=np.zeros_like(values),
        ceiling=np.full_like(values, NO_CEILING),
        unsafe=small & ~linked.known & ~gone,
        fixed=fixed,
        forced=~fixed & (gone | ~(linked.current & linked.shown)),
        supplier=linked.supplier,
        told=np.zeros((len(values), 0), np.bool_) if told is None else told.to,
    )


def is_small(linked: Stack) -> Flags:
    """Cells that the rule protects: small counts, and those of very few people, (n,)."""
    return of_few(linked) | ((linked.values >= 1) & (linked.values < linked.threshold))


def of_few(linked: Stack) -> Flags:
    """Cells that are drawn from very few people, (n,)."""
    return (linked.people < LEAST_PEOPLE) & (linked.threshold > 1)


def _weight(linked: Stack, prefer: Sequence[str]) -> NDArray[np.float64]:
    """How much dearer than others it is to hide each cell, (n,)."""
    totals = [cell.key.region in prefer and cell.key[2:] == (TOTAL, TOTAL) for cell in linked.cells]
    return np.where(totals, _PREFERRED, 1.0)


def _too_narrow(indicator: str) -> Finding:
    return Finding(
        "too-narrow",
        Text(
            f"Minst en liten siffra i {indicator} går att räkna ut alltför noga.",
            f"At least one small number of {indicator} can be worked out too closely.",
        ),
        Text(
            "Ta med färre uppdelningar av indikatorn, eller vänta tills fler har rapporterat.",
            "Bring fewer breakdowns of the indicator, or wait until more have reported.",
        ),
    )
