"""`lagesbild protect`: the protection engine for any tidy table."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tqdm import tqdm

from lagesbild.core.language import Language, Text
from lagesbild.core.refusal import BadUsage, Exit, Finding, Place
from lagesbild.inside.protect.office import delivery, protection
from lagesbild.inside.protect.office.job import Job, prepare
from lagesbild.inside.protect.office.proposal import proposals
from lagesbild.inside.protect.office.spec_file import read_spec


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    protect = commands.add_parser("protect", help="skydda en tabell / protect a table")
    protect.add_argument("table", nargs="?", type=Path, metavar="TABLE")
    protect.add_argument("--spec", type=Path, required=True, metavar="SPEC.toml")
    into = protect.add_mutually_exclusive_group(required=True)
    into.add_argument("--to", type=Path, metavar="DIR")
    into.add_argument("--propose", action="store_true", help="grövre redovisning / coarser publication")
    protect.set_defaults(run=_protect)


def _protect(options: argparse.Namespace) -> int:
    job = prepare(read_spec(options.spec, options.table))
    if options.propose:
        return _propose(job, options.lang)
    if options.to.exists() and (not options.to.is_dir() or any(options.to.iterdir())):
        raise BadUsage(Finding("not-empty", *_NOT_EMPTY, Place(file=options.to.name)))
    with bar() as progress:
        files = protection.protect(job, progress)
    delivery.deliver(options.to, files)
    sys.stdout.write(_done(files).in_(options.lang) + "\n")
    return Exit.OK


def _propose(job: Job, language: Language) -> int:
    with bar() as progress:
        found = list(proposals(job, progress))
    sys.stdout.write(_PROPOSED.in_(language) + "\n")
    for way in found:
        row = (way.table, way.what.in_(language), way.cells, way.shown, way.hidden, f"{way.inner_value:.0%}")
        safe = "" if way.safe else _UNSAFE.in_(language)
        sys.stdout.write("\t".join(map(str, row)) + safe + "\n")
    return Exit.OK


def _done(files: Mapping[str, bytes]) -> Text:
    figures = json.loads(files[delivery.AUDIT])
    if "method" in figures:
        return Text(f"{figures['cells']} celler visas, ändrade.", f"{figures['cells']} cells shown, changed.")
    figures |= json.loads(files[f"{delivery.PRIVATE}/{delivery.COST}"])
    return Text(
        "{cells} celler: {published} publicerade, {hidden} dolda, varav {secondary} för andras skull. "
        "Osäkra celler utan bevisat skydd: {unsafe_too_narrow}.".format(**figures),
        "{cells} cells: {published} published, {hidden} hidden, of which {secondary} for the sake of others. "
        "Unsafe cells without proven protection: {unsafe_too_narrow}.".format(**figures),
    )


@contextmanager
def bar() -> Iterator[Callable[[int, int], None]]:
    """A progress bar on standard error where that is a terminal; otherwise nothing."""
    with tqdm(disable=None, leave=False, unit="") as shown:

        def progress(done: int, total: int) -> None:
            shown.total = total
            shown.update(done - shown.n)

        yield progress


_PROPOSED = Text(
    "tabell\tredovisning\tceller\tvisade tal\tdolda\tvisat värde i finaste celler",
    "table\tpublication\tcells\tnumbers shown\thidden\tvalue shown in the finest cells",
)
_UNSAFE = Text("\tgår inte att skydda", "\tcannot be protected")
_NOT_EMPTY = (
    Text("Mappen finns redan och är inte tom.", "The folder exists already and is not empty."),
    Text("Välj en ny mapp.", "Choose a new folder."),
)
