"""Independent pieces on all cores: in order, with their errors, and small ones without processes of their own."""

import os
from collections.abc import Iterable

import pytest

from lagesbild.inside.protect.cores import on_all_cores


def process_of(job: int) -> tuple[int, int]:
    return job, os.getpid()


def fails_at_three(job: int) -> int:
    if job == 3:
        raise ValueError("three")
    return job


def processes(done: Iterable[tuple[int, int]]) -> set[int]:
    return {process for _, process in done}


def test_answers_come_in_the_order_of_the_jobs():
    assert [job for job, _ in on_all_cores(process_of, range(8), worth=True)] == list(range(8))


@pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="one core")
def test_other_processes_help_where_it_is_worth_it():
    assert len(processes(on_all_cores(process_of, range(8), worth=True))) > 1


def test_small_work_stays_at_home():
    assert processes(on_all_cores(process_of, range(8), worth=False)) == {os.getpid()}
    assert processes(on_all_cores(process_of, range(2), worth=True)) == {os.getpid()}


def test_an_error_in_another_process_is_raised_here():
    with pytest.raises(ValueError, match="three"):
        list(on_all_cores(fails_at_three, range(8), worth=True))
