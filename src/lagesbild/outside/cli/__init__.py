"""`lagesbild-outside`: each module of this package adds its commands by `add_commands(subparsers)`."""

import sys
from collections.abc import Sequence

from lagesbild.core import command


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `lagesbild-outside`; returns the exit code."""
    typed = sys.argv[1:] if arguments is None else arguments
    top = command.parser(
        sys.modules[__name__],
        "lagesbild-outside",
        "Från förseglade publiceringar till sidor, data och rapporter. "
        "/ From sealed releases to pages, data and reports.",
        typed,
    )
    return command.run(top, typed)
