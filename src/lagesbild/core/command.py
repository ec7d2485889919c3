"""What both commands share: a parser whose subcommands are modules, and one edge where refusals are shown."""

import argparse
import contextlib
import errno
import importlib
import os
import pkgutil
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextvars import ContextVar
from types import ModuleType
from typing import Any, NoReturn

from .language import Language, Text, preferred
from .refusal import Exit, Finding, Refusal

_SPOKEN: ContextVar[Language] = ContextVar("language", default="sv")
"""The language of the command line that is being read; argparse makes its help while it reads."""

_HEADINGS = {"positional arguments": "argument / arguments", "options": "flaggor / options"}


def _one(text: str) -> str:
    """A help text, written `svenska / English`, in the language that is spoken."""
    swedish, _, english = text.partition(" / ")
    return english if english and _SPOKEN.get() == "en" else swedish


class _Help(argparse.HelpFormatter):
    """Help in one language."""

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(
            usage, actions, groups, _one("användning / usage") + ": " if prefix is None else prefix
        )

    def start_section(self, heading: str | None) -> None:
        super().start_section(heading and _one(_HEADINGS.get(heading, heading)))

    def add_text(self, text: str | None) -> None:
        super().add_text(text and _one(text))

    def _get_help_string(self, action: argparse.Action) -> str | None:
        return action.help and _one(action.help)


class Parser(argparse.ArgumentParser):
    """Takes `--lang` before or after the subcommand. Help texts are written `svenska / English`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"formatter_class": _Help, **options, "add_help": False})
        self.add_argument(
            "-h",
            "--help",
            action="help",
            default=argparse.SUPPRESS,
            help="visa den här hjälpen / show this help",
        )
        self.add_argument("--lang", choices=("sv", "en"), default=argparse.SUPPRESS, help="språk / language")

    def error(self, message: str) -> NoReturn:
        """Argparse speaks English alone and repeats what was typed: `run` says it in the language asked."""
        raise _WrongUsage(self, message.partition("arguments are required: ")[2])


class _WrongUsage(Exception):
    """The command whose help tells more, and what it lacks."""

    @property
    def parser(self) -> Parser:
        found: Parser = self.args[0]
        return found

    @property
    def asks_for_help(self) -> bool:
        """Whether nothing but the choice of a command is lacking."""
        return self.args[1] in ("COMMAND", "STEP")

    def in_(self, language: Language) -> str:
        prog, lacking = self.parser.prog, self.args[1]
        said = Text(
            f"Kommandot saknar {lacking or 'något, eller har något som inte känns igen'}. Se {prog} --help.",
            f"The command lacks {lacking or 'something, or has something unknown'}. See {prog} --help.",
        )
        return f"{self.parser.format_usage()}{said.in_(language)}\n"


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


def main(package: ModuleType, prog: str, description: str, arguments: Sequence[str] | None) -> int:
    """Read the command line and run what it asks for; returns the exit code."""
    typed = sys.argv[1:] if arguments is None else list(arguments)
    try:
        with _ended_as_by_ctrl_c():
            return run(parser(package, prog, description, typed), typed)
    except KeyboardInterrupt:
        sys.stderr.write(f"\n{_INTERRUPTED.in_(_asked(typed))}\n")
        return Exit.INTERRUPTED


@contextlib.contextmanager
def _ended_as_by_ctrl_c() -> Iterator[None]:
    """`kill`, a shutdown or a closed terminal end a command as Ctrl-C does, so that what is half written is
    taken away again. Signals belong to the main thread; in another nothing is changed."""

    own = os.getpid()

    def end(kind: int, _where: object) -> None:
        if os.getpid() == own:
            raise KeyboardInterrupt
        # A process that was forked for part of the work is ended by us, and has nothing to tidy.
        signal.signal(kind, signal.SIG_DFL)
        os.kill(os.getpid(), kind)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    # What the caller ignores (nohup does the closed terminal) stays ignored.
    before = {
        each: signal.signal(each, end)
        for each in (signal.SIGTERM, signal.SIGHUP)
        if signal.getsignal(each) == signal.SIG_DFL
    }
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def run(top: Parser, arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand; a refusal is shown in the user's language and becomes the exit code."""
    typed = sys.argv[1:] if arguments is None else list(arguments)
    asked = _asked(typed)
    _SPOKEN.set(asked)
    try:
        options = top.parse_args(typed)
    except _WrongUsage as wrong:
        if wrong.asks_for_help:
            sys.stdout.write(wrong.parser.format_help())
            return Exit.OK
        sys.stderr.write(wrong.in_(asked))
        raise SystemExit(Exit.USAGE) from None
    try:
        return int(options.run(options))
    except Refusal as refusal:
        sys.stderr.write(refusal.in_(options.lang) + "\n")
        return int(refusal.exit_code)
    except OSError as error:
        sys.stderr.write(_from_the_machine(error).in_(options.lang) + "\n")
        return Exit.MACHINE


_INTERRUPTED = Text(
    "Avbrutet. Bara det som sagts vara infört eller publicerat är det.",
    "Interrupted. Only what was said to be kept or published is.",
)
_MACHINE = {
    errno.ENOSPC: (
        Text("Disken är full.", "The disk is full."),
        Text("Gör plats och kör igen.", "Make room and run again."),
    ),
    errno.EACCES: (
        Text("Du har inte rätt till mappen eller filen.", "You have no right to the folder or file."),
        Text("Kontrollera rättigheterna, eller välj en annan.", "Check the permissions, or choose another."),
    ),
}
_MACHINE[errno.EROFS] = _MACHINE[errno.EPERM] = _MACHINE[errno.EACCES]
_MACHINE[errno.EDQUOT] = _MACHINE[errno.ENOSPC]
_OTHER = (
    Text("Filsystemet svarade med ett fel.", "The file system answered with an error."),
    Text("Kontrollera att mappen finns och är skrivbar.", "Check that the folder exists and is writable."),
)


def _from_the_machine(error: OSError) -> Finding:
    """What the file system refused: the rule, never the path, which may tell of someone."""
    return Finding("file-system", *_MACHINE.get(error.errno or 0, _OTHER))


def _asked(typed: Sequence[str]) -> Language:
    """The language of a command line that could not be read."""
    words = " ".join(typed).replace("--lang=", "--lang ")
    return "en" if "--lang en" in words else "sv" if "--lang sv" in words else preferred(os.environ)
