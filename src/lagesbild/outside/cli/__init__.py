"""`lagesbild-outside`: each module of this package adds its commands by `add_commands(subparsers)`."""

import sys
from collections.abc import Sequence

from lagesbild.core import command


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `lagesbild-outside`; returns the exit code."""
    return command.main(
        sys.modules[__name__],
        "lagesbild-outside",
        "Från förseglade publiceringar till sidor, data och rapporter. "
        "/ From sealed releases to pages, data and reports.",
        arguments,
    )
