"""The three ways to protect a job side by side: what each costs, and what an attacker still learns."""

import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from lagesbild.core.language import Text
from lagesbild.core.refusal import BadUsage, Finding, Place
from lagesbild.inside.protect import cell_key, learned
from lagesbild.inside.protect.rounding import round_counts
from lagesbild.inside.protect.secondary import suppress
from lagesbild.inside.protect.system import Flags, Ints, Reals, System

from .job import Job
from .keys import key_of

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
    methods: dict[str, Callable[[], _Shown]] = {
        "suppression": lambda: _suppressed(job, progress),
        "rounding": lambda: _rounded(job),
        "cell_key": lambda: _noisy(job),
    }
    return tuple(_way(job, name, run) for name, run in methods.items())


def _way(job: Job, method: str, run: Callable[[], _Shown]) -> Way:
    with _cpu() as clock:
        shown = run()
    system, own = job.stack.system, _own(job)
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
        additive=not np.any(system.equations @ shown.values),
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
    pattern = suppress(system, budget_seconds=job.spec.budget, insider=job.spec.insider, progress=progress)
    low, high = system.values.copy(), system.values.copy()
    low[pattern.audit.unsafe], high[pattern.audit.unsafe] = pattern.audit.low, pattern.audit.high
    return _Shown(system.values, pattern.hidden, low, high)


def _rounded(job: Job) -> _Shown:
    system = job.stack.system
    try:
        found = round_counts(system, base_of(job))
    except ValueError as error:
        raise BadUsage(Finding("no-rounding", *_NO_ROUNDING, Place(file=job.spec.file.name))) from error
    nothing = np.zeros(system.size, dtype=bool)
    return _Shown(found.values, nothing, *_bounds(system, found.low, found.high))


def _noisy(job: Job) -> _Shown:
    system, noise = job.stack.system, cell_key.Noise()
    shown = cell_key.perturb(system.values, identities(job), key_of(job.spec), noise)
    nothing = np.zeros(system.size, dtype=bool)
    bounds = _bounds(system, *cell_key.thinkable(shown, noise))
    return _Shown(shown, nothing, *bounds, _guessed(system, shown))


def _bounds(system: System, low: Ints, high: Ints) -> tuple[Ints, Ints]:
    """What follows from the equations, and from what is published already and so known exactly."""
    published = system.fixed & system.forced
    low, high = np.where(published, system.values, low), np.where(published, system.values, high)
    return learned.propagated(system.equations, low, high)


def _guessed(system: System, shown: Ints) -> float:
    guess = np.rint(learned.averaged(system.equations, shown))
    return _mean(guess[system.unsafe] == system.values[system.unsafe])


def base_of(job: Job) -> int:
    """The specified base, but never below a threshold: an unsafe count must not stay exact."""
    return max(job.spec.base, *(table.rule.threshold for table in job.spec.tables))


def identities(job: Job) -> list[Hashable]:
    """What each of the system's cells is, whichever table shows it, (n,)."""
    found: list[Hashable] = [None] * job.stack.system.size
    for table, own in zip(job.tables, job.stack.cell_of, strict=False):
        for cell, identity in zip(own.tolist(), table.identities(), strict=True):
            found[cell] = identity
    return found


def _levels(job: Job, shown: _Shown, error: Ints) -> Iterator[Level]:
    steps = np.full(job.stack.system.size, -1, dtype=np.int64)
    for table, own in zip(job.tables, job.stack.cell_of, strict=False):
        steps[own] = table.depth_above_leaves.sum(axis=1)
    for step in range(int(steps.max()) + 1):
        at = steps == step
        hidden, greatest = int(shown.hidden[at].sum()), int(error[at].max(initial=0))
        yield Level(step, int(at.sum()), hidden, _mean(error[at]), greatest)


def _own(job: Job) -> Ints:
    """The system's cells that this job's tables show, each once."""
    return np.unique(np.concatenate(job.stack.cell_of[: len(job.tables)]))


def _mean(values: Ints | Flags | Reals) -> float:
    return round(float(values.mean()), 4) if len(values) else 0.0


@contextmanager
def _cpu() -> Iterator[list[float]]:
    clock = [0.0]
    start = time.process_time()
    yield clock
    clock[0] = round(time.process_time() - start, 3)


_NO_ROUNDING = (
    Text(
        "De länkade tabellerna kan inte avrundas så att deras gemensamma summor stämmer.",
        "The linked tables cannot be rounded so that the sums they share agree.",
    ),
    Text("Använd undertryckning, eller en annan bas.", "Use suppression, or another base."),
)
