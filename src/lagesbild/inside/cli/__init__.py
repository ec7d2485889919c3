"""`lagesbild`: each module of this package adds its commands by `add_commands(subparsers)`."""

import sys
from collections.abc import Sequence

from lagesbild.core import command


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `lagesbild`; returns the exit code."""
    return command.main(
        sys.modules[__name__],
        "lagesbild",
        "Från analytikerns filer till en förseglad publicering. "
        "/ From an analyst's files to a sealed release.",
        arguments,
    )
