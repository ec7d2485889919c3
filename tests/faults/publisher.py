"""Publishes one staged release again and again, killed or failed at the n-th call to the operating system.

Run as a child of the tests: `publisher.py STAGED DIGEST WORK kill|ENOSPC|EIO`. Each attempt is a fork of this
one prepared process, on a shelf of its own, so that hundreds of attempts take seconds.
"""

import errno
import os
import signal
import sys
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lagesbild.release import bundle

CALLS = ("open", "fsync", "mkdir", "rename", "unlink", "rmdir", "write")
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


class Fault:
    """Strikes at the n-th of the calls that reach the disk."""

    def __init__(self, number: int, kind: str) -> None:
        self.left = number
        self.kind = kind

    def around(self, call):
        def struck(*arguments, **options):
            self.left -= 1
            if self.left == 0:
                if self.kind == "kill":
                    os.kill(os.getpid(), signal.SIGKILL)
                raise OSError(getattr(errno, self.kind), "injected")
            return call(*arguments, **options)

        return struck


def attempt(staged: Path, digest: str, shelf: Path, number: int, kind: str) -> int:
    """0: published; 1: refused by the fault; the signal's number negated: killed."""
    child = os.fork()
    if child == 0:
        fault = Fault(number, kind)
        for name in CALLS:
            setattr(os, name, fault.around(getattr(os, name)))
        try:
            bundle.publish(staged, digest, shelf, KEY)
        except OSError:
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main() -> None:
    staged, digest, work, kind = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), sys.argv[4]
    for number in range(1, 1000):
        status = attempt(staged, digest, work / f"{number:03d}", number, kind)
        sys.stdout.write(f"{number:03d} {status}\n")
        if status == 0:
            return


main()
