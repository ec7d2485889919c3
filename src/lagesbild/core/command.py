"""What both commands share: a parser whose subcommands are modules, and one edge where refusals are shown."""

import argparse
import importlib
import os
import pkgutil
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Any

from .language import preferred
from .refusal import Refusal


class Parser(argparse.ArgumentParser):
    """Takes `--lang` before or after the subcommand."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.add_argument("--lang", choices=("sv", "en"), default=argparse.SUPPRESS, help="språk / language")


def parser(package: ModuleType, prog: str, description: str) -> Parser:
    """A parser with the subcommands that the package's modules add through `add_commands(subparsers)`."""
    top = Parser(prog=prog, description=description)
    top.set_defaults(lang=preferred(os.environ))
    below = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for found in sorted(pkgutil.iter_modules(package.__path__), key=lambda module: module.name):
        importlib.import_module(f"{package.__name__}.{found.name}").add_commands(below)
    return top


def run(top: Parser, arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand; a refusal is shown in the user's language and becomes the exit code."""
    options = top.parse_args(arguments)
    try:
        return int(options.run(options))
    except Refusal as refusal:
        sys.stderr.write(refusal.in_(options.lang) + "\n")
        return int(refusal.exit_code)
