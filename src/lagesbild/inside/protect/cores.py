"""Work that falls into independent pieces, on all cores of the machine."""

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")


def on_all_cores(work: Callable[[Job], Result], jobs: Sequence[Job], *, worth: bool) -> Iterator[Result]:
    """What `work` makes of each job, in their order. Processes of their own are started where that is `worth`
    the seconds that it takes; they get the jobs through pipes and leave no file."""
    cores = len(os.sched_getaffinity(0))
    if not worth or cores == 1 or len(jobs) < 3:
        yield from map(work, jobs)
        return
    # The first one is done here, which compiles what no one has compiled before.
    yield work(jobs[0])
    pool = ProcessPoolExecutor(min(cores, len(jobs) - 1), multiprocessing.get_context("spawn"))
    try:
        yield from pool.map(work, jobs[1:])
    finally:
        pool.shutdown(cancel_futures=True)
