"""Protects one job again and again, and has a signal come at the n-th thing it writes.

Run as a child of the tests: `protector.py SPEC WORK SIGNAL`. Each attempt is a fork of this one process, into
a folder of its own, and takes what was protected once. The first is struck while the pattern is chosen, the
last not at all.
"""

import os
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from lagesbild.inside.cli import main
from lagesbild.inside.protect.office import protection
from lagesbild.inside.protect.office.job import prepare
from lagesbild.inside.protect.office.spec_file import read_spec

WRITING = ("mkdir", "touch", "write_bytes", "chmod", "replace")


class Struck:
    """Sends the signal just before the n-th call."""

    def __init__(self, number: int, which: signal.Signals) -> None:
        self.left, self.which = number, which

    def before(self, call: Callable[..., object]) -> Callable[..., object]:
        def struck(*arguments: object, **options: object) -> object:
            self.left -= 1
            if self.left == 0:
                os.kill(os.getpid(), self.which)
            return call(*arguments, **options)

        return struck


def attempt(spec: str, to: Path, number: int, which: signal.Signals, files: Mapping[str, bytes]) -> int:
    """The exit code of the command; the signal's number negated where it killed."""
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests may ignore it
        struck = Struck(number or 1, which)
        if number:
            protection.protect = lambda *_: files
            for name in WRITING:
                setattr(Path, name, struck.before(getattr(Path, name)))
        else:
            protection.chosen = struck.before(protection.chosen)
        os._exit(main(["protect", "--spec", spec, "--to", str(to)]))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def run() -> None:
    spec, work, which = sys.argv[1], Path(sys.argv[2]), signal.Signals[sys.argv[3]]
    files = protection.protect(prepare(read_spec(Path(spec))))
    for number in range(1000):
        status = attempt(spec, work / f"{number:03d}" / "out", number, which, files)
        sys.stderr.write(f"{number:03d} {status}\n")
        if status == 0:
            return


run()
