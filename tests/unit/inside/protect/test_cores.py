"""Independent pieces on all cores: in order, with their errors, and small ones without other processes."""

import math
import operator
import os
from subprocess import getoutput

import pytest

from lagesbild.inside.protect.cores import on_all_cores

WHO_ASKS = ["echo $PPID"]


def test_answers_come_in_the_order_of_the_jobs():
    assert list(on_all_cores(operator.neg, range(8), worth=True)) == [-job for job in range(8)]


@pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="one core")
def test_other_processes_help_where_it_is_worth_it():
    assert len(set(on_all_cores(getoutput, WHO_ASKS * 8, worth=True))) > 1


def test_small_work_stays_at_home():
    assert set(on_all_cores(getoutput, WHO_ASKS * 8, worth=False)) == {str(os.getpid())}
    assert set(on_all_cores(getoutput, WHO_ASKS * 2, worth=True)) == {str(os.getpid())}


def test_an_error_in_another_process_is_raised_here():
    with pytest.raises(ValueError, match="math domain"):
        list(on_all_cores(math.sqrt, [4, 1, -1, 9], worth=True))
