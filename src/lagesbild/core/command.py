"""What both commands share: a parser whose subcommands are modules, and one edge where refusals are shown."""

import argparse
import importlib
import os
import pkgutil
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Any, NoReturn

from .language import Language, Text, preferred
from .refusal import Exit, Refusal


class Parser(argparse.ArgumentParser):
    """Takes `--lang` before or after the subcommand."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.add_argument("--lang", choices=("sv", "en"), default=argparse.SUPPRESS, help="språk / language")

    def error(self, message: str) -> NoReturn:
        """Argparse speaks English alone and repeats what was typed: `run` says it in the language asked."""
        lacking = message.partition("arguments are required: ")[2]
        raise _WrongUsage(self.format_usage(), self.prog, lacking)


class _WrongUsage(Exception):
    """The usage line of the command, and the command whose help tells more."""

    def in_(self, language: Language) -> str:
        usage, prog, lacking = self.args
        said = Text(
            f"Kommandot saknar {lacking or 'något, eller har något som inte känns igen'}. Se {prog} --help.",
            f"The command lacks {lacking or 'something, or has something unknown'}. See {prog} --help.",
        )
        return f"{usage}{said.in_(language)}\n"


def parser(package: ModuleType, prog: str, description: str, typed: Sequence[str] = ()) -> Parser:
    """A parser with the subcommands that the package's modules add through `add_commands(subparsers)`.

    A module named as the subcommand that was typed is read alone, so that none waits for the others.
    """
    top = Parser(prog=prog, description=description)
    top.set_defaults(lang=preferred(os.environ))
    below = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    names = sorted(found.name for found in pkgutil.iter_modules(package.__path__))
    asked = _subcommand(typed).replace("-", "_")
    for name in [asked] if asked in names else names:
        importlib.import_module(f"{package.__name__}.{name}").add_commands(below)
    return top


def _subcommand(typed: Sequence[str]) -> str:
    """The first word after `--lang`, if any."""
    after = typed[2:] if typed[:1] == ["--lang"] else typed
    return next((word for word in after if not word.startswith("--lang=")), "")


def run(top: Parser, arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand; a refusal is shown in the user's language and becomes the exit code."""
    typed = sys.argv[1:] if arguments is None else list(arguments)
    try:
        options = top.parse_args(typed)
    except _WrongUsage as wrong:
        sys.stderr.write(wrong.in_(_asked(typed)))
        raise SystemExit(Exit.USAGE) from None
    try:
        return int(options.run(options))
    except Refusal as refusal:
        sys.stderr.write(refusal.in_(options.lang) + "\n")
        return int(refusal.exit_code)


def _asked(typed: Sequence[str]) -> Language:
    """The language of a command line that could not be read."""
    words = " ".join(typed).replace("--lang=", "--lang ")
    return "en" if "--lang en" in words else "sv" if "--lang sv" in words else preferred(os.environ)
