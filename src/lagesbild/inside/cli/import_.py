"""`lagesbild import`: files come through the gate and are kept."""

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lagesbild.core.language import Text
from lagesbild.core.refusal import Exit
from lagesbild.inside import walk
from lagesbild.inside.walk import Event, Vault
from lagesbild.reference import load

from .check import bar

_DEFAULT_STORE = Path("~/.lagesbild")


def add_commands(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds `import`."""
    parser = subparsers.add_parser("import", help="släpp in filer i förrådet / bring files into the store")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    add_who(parser)
    parser.add_argument(
        "--source",
        required=True,
        metavar="SOURCE",
        help="källan, helst på svenska och engelska med snedstreck mellan"
        " / the source, preferably in Swedish and English with a slash between",
    )
    parser.add_argument("--example", action="store_true", help="påhittade siffror / invented figures")
    add_store(parser)
    parser.set_defaults(run=_import)


def add_who(parser: argparse.ArgumentParser) -> None:
    """The option that names the person who acts."""
    parser.add_argument("--who", required=True, metavar="NAME", help="vem som gör det / who does it")


def add_store(parser: argparse.ArgumentParser) -> None:
    """The options that say where the store is."""
    parser.add_argument(
        "--store",
        type=Path,
        default=Path(os.environ.get("LAGESBILD_STORE", _DEFAULT_STORE)).expanduser(),
        help="förrådets mapp, annars LAGESBILD_STORE / the store's folder, otherwise LAGESBILD_STORE",
    )


@contextmanager
def store_of(options: argparse.Namespace, *, renew: Event | None = None) -> Iterator[Vault]:
    """The store that the options and `LAGESBILD_DATABASE` name; `renew`: a wish for new keys."""
    with walk.opened(options.store, os.environ.get("LAGESBILD_DATABASE"), renew=renew) as vault:
        yield vault


def _import(options: argparse.Namespace) -> int:
    with bar(options.files) as progress, store_of(options) as vault:
        event = Event.now(options.who)
        kept = walk.take_in(
            vault,
            options.files,
            load(),
            event=event,
            source=options.source,
            origin="example" if options.example else "reported",
            progress=progress,
        )
    # Not the number of vintages before and after: somebody else may import meanwhile.
    new = sum(vintage.event == event for vintage in kept)
    codes = ", ".join(vintage.indicator for vintage in kept)
    said = Text(
        f"Infört: {codes}. Nya tabeller: {new}, fanns redan: {len(kept) - new}.",
        f"Kept: {codes}. New tables: {new}, there already: {len(kept) - new}.",
    )
    sys.stdout.write(said.in_(options.lang) + "\n")
    return Exit.OK
