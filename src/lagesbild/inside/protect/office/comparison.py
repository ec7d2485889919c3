"""The three ways to protect a job side by side: what each costs, and what an attacker still learns."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np

from lagesbild.inside.protect.methods import learned
from lagesbild.inside.protect.problem.system import Flags, Ints, Reals

from . import perturbation
from .job import Job
from .keys import key_of
from .onlooker import with_truth
from .protection import chosen
from .spec import Method

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Level:
    """Cells so many steps above the inner ones: how many, how many hidden, mean and greatest error shown."""

    steps: int
    cells: int
    hidden: int
    mean_error: float
    greatest_error: int


@dataclass(frozen=True)
class Way:
    """One way to protect. Its figures depend on the truth and stay inside.

    hidden, changed: cells.  value_hidden: the counts in hidden cells added up.  additive: whether what is
    shown satisfies every equation.  small_shown: shown numbers from 1 to below the threshold.
    Of the unsafe cells - exact: pinned to one number.  narrow: an interval that does not reach the threshold
    or is narrower than the rule wants.  median_width: of the intervals.  best_guess: share that an attacker
    who averages all sums guesses right; None where averaging has nothing to say.
    """

    method: str
    hidden: int
    changed: int
    value_hidden: int
    mean_error: float
    greatest_error: int
    additive: bool
    small_shown: int
    exact: int
    narrow: int
    median_width: float
    best_guess: float | None
    seconds: float
    levels: tuple[Level, ...]


@dataclass(frozen=True, eq=False)
class _Shown:
    """What a method shows, and the bounds of every cell that follow from it, all (n,)."""

    values: Ints
    hidden: Flags
    low: Ints
    high: Ints
    best_guess: float | None = None


def compare(job: Job, progress: Progress | None = None) -> tuple[Way, ...]:
    """All three ways on the same job. Raises BadUsage where a way cannot be used with the specification."""
    perturbation.only_counts(job.spec)
    methods: dict[str, Callable[[], _Shown]] = {
        "suppression": lambda: _suppressed(job, progress),
        "rounding": lambda: _rounded(job),
        "cell_key": lambda: _noisy(job),
    }
    return tuple(_way(job, name, run) for name, run in methods.items())


def _way(job: Job, method: str, run: Callable[[], _Shown]) -> Way:
    with _cpu() as clock:
        shown = run()
    system, own, alone = job.stack.system, job.own_cells, perturbation.own_system(job)
    unsafe = own[system.unsafe[own]]
    low, high = shown.low[unsafe], shown.high[unsafe]
    error = np.where(shown.hidden, 0, np.abs(shown.values - system.values))
    threshold, width = system.threshold[unsafe], system.width[unsafe]
    small = (shown.values > 0) & (shown.values < system.threshold) & ~shown.hidden
    return Way(
        method=method,
        hidden=int(shown.hidden[own].sum()),
        changed=int((error[own] > 0).sum()),
        value_hidden=int(system.values[own][shown.hidden[own]].sum()),
        mean_error=_mean(error[own]),
        greatest_error=int(error[own].max(initial=0)),
        additive=not np.any(alone.equations @ shown.values[: alone.size]),
        small_shown=int(small[own].sum()),
        exact=int((low == high).sum()),
        narrow=int(((high < threshold) | (high - low < width)).sum()),
        median_width=float(np.median(high - low)) if len(unsafe) else 0.0,
        best_guess=shown.best_guess,
        seconds=clock[0],
        levels=tuple(_levels(job, shown, error)),
    )


def _suppressed(job: Job, progress: Progress | None) -> _Shown:
    """Bounds are what the certificate proves: the attacker's interval is at least as wide."""
    system = job.stack.system
    pattern = chosen(job, progress)
    low, high = system.values.copy(), system.values.copy()
    low[pattern.audit.unsafe], high[pattern.audit.unsafe] = pattern.audit.low, pattern.audit.high
    return _Shown(system.values, pattern.hidden, low, high)


def _rounded(job: Job) -> _Shown:
    return _perturbed(job, "rounding", perturbation.rounded(job))


def _noisy(job: Job) -> _Shown:
    shown, own = perturbation.noisy(job, key_of(job.spec, trial=True)), perturbation.own_system(job)
    guess = np.rint(learned.averaged(own.equations, shown))
    return _perturbed(job, "cell_key", shown, _mean((guess == own.values)[own.unsafe]))


def _perturbed(job: Job, method: Method, shown: Ints, best_guess: float | None = None) -> _Shown:
    """Bounds are those of an outsider who has all that is public besides."""
    values, nothing = job.stack.system.values.copy(), np.zeros(job.stack.system.size, dtype=bool)
    values[: len(shown)] = shown
    tables = [shown[cells] for cells in job.stack.cell_of[: len(job.tables)]]
    view = with_truth(replace(job, spec=replace(job.spec, method=method)), tables)
    return _Shown(values, nothing, view.low, view.high, best_guess)


def _levels(job: Job, shown: _Shown, error: Ints) -> Iterator[Level]:
    steps = np.full(job.stack.system.size, -1, dtype=np.int64)
    for table, own in zip(job.tables, job.stack.cell_of, strict=False):
        steps[own] = table.depth_above_leaves.sum(axis=1)
    for step in range(int(steps.max()) + 1):
        at = steps == step
        hidden, greatest = int(shown.hidden[at].sum()), int(error[at].max(initial=0))
        yield Level(step, int(at.sum()), hidden, _mean(error[at]), greatest)


def _mean(values: Ints | Flags | Reals) -> float:
    return round(float(values.mean()), 4) if len(values) else 0.0


@contextmanager
def _cpu() -> Iterator[list[float]]:
    clock = [0.0]
    start = time.process_time()
    yield clock
    clock[0] = round(time.process_time() - start, 3)
