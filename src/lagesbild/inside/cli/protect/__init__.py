"""`lagesbild protect`: the protection engine for any tidy table."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tqdm import tqdm

from lagesbild.core.language import Language, Text
from lagesbild.core.refusal import BadUsage, Exit, Finding, Place
from lagesbild.inside.protect.office import delivery, protection
from lagesbild.inside.protect.office.coarser_files import coarser_files
from lagesbild.inside.protect.office.job import Job, prepare
from lagesbild.inside.protect.office.proposal import proposals
from lagesbild.inside.protect.office.spec import Spec
from lagesbild.inside.protect.office.spec_file import read_spec

from . import proposed


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    protect = commands.add_parser("protect", help="skydda en tabell / protect a table")
    protect.add_argument("table", nargs="?", type=Path, metavar="TABLE")
    protect.add_argument("--spec", type=Path, required=True, metavar="SPEC.toml")
    protect.add_argument("--to", type=Path, metavar="DIR")
    protect.add_argument("--propose", action="store_true", help="grövre redovisning / coarser publication")
    protect.set_defaults(run=_protect)


def _protect(options: argparse.Namespace) -> int:
    if options.to is not None:
        _can_become(options.to)
    elif not options.propose:
        raise BadUsage(Finding("no-folder-named", *_NOWHERE))
    spec = read_spec(options.spec, options.table)
    warn_if_underrated(spec, options.lang)
    job = prepare(spec)
    warn_of_rings(job, options.lang)
    if options.propose:
        return _propose(job, options.to, options.lang)
    with bar() as progress:
        files = protection.protect(job, progress)
    delivery.deliver(options.to, files)
    sys.stdout.write(f"{_done(files).in_(options.lang)}\n{_WHERE.in_(options.lang)}\n")
    return Exit.OK


def _can_become(folder: Path) -> None:
    """Raises BadUsage where a delivery could not take the folder's place: better told before the work."""
    place = Path(os.path.realpath(folder))
    if place == Path.cwd():
        raise BadUsage(Finding("folder-here", *_HERE, Place(file=folder.name)))
    if place.exists() and (not place.is_dir() or any(place.iterdir())):
        raise BadUsage(Finding("not-empty", *_NOT_EMPTY, Place(file=folder.name)))
    above = next(each for each in place.parents if each.exists())
    if not above.is_dir():
        raise BadUsage(Finding("no-folder", *_NO_FOLDER, Place(file=above.name)))


def _propose(job: Job, folder: Path | None, language: Language) -> int:
    with bar() as progress:
        found = list(proposals(job, progress))
    left = 2 + (len(job.spec.tables) > 1)
    sys.stdout.write(aligned(proposed.figures(job.spec, found, language), left))
    sys.stdout.write(proposed.merged_codes(found, language) + proposed.without_ways(job.spec, language))
    files = {} if folder is None else coarser_files(job, found)
    if folder is not None and files:
        delivery.deliver(folder, files)
        sys.stdout.write(f"{proposed.WRITTEN.in_(language)}\n")
    return Exit.OK


def warn_if_underrated(spec: Spec, language: Language) -> None:
    """On standard error, where the attacker that the specification describes is weaker than a real one."""
    if any(each.rule.underrated for each in spec.tables):
        sys.stderr.write(f"{_UNDERRATED.in_(language)}\n")


def warn_of_rings(job: Job, language: Language) -> None:
    """On standard error, where more bounds the tables than their sums."""
    if job.stack.unreckoned:
        sys.stderr.write(f"{_RING.in_(language)}\n")


def aligned(rows: Sequence[Sequence[str]], left: int) -> str:
    """A table for a terminal: the first `left` columns begin together, the others end together."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = (
        "  ".join(
            cell.ljust(width) if place < left else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )
    return "".join(f"{line.rstrip()}\n" for line in lines)


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


_WHERE = Text(
    "Mappen private stannar inom huset; resten kan publiceras.",
    "The folder private stays in the house; the rest may be published.",
)
_RING = Text(
    "Tabellernas dimensioner går i ring (region efter kön, region efter ålder och kön efter ålder). Antal "
    "efter alla tillsammans visar ingen tabell; de kan avgränsa det osäkra mer än summorna. Här är de för "
    "många för att räkna med, eller så döljer metoden ingenting.",
    "The tables' dimensions run in a ring (region by sex, region by age and sex by age). No table shows "
    "counts by all of them together; these may bound what is unsafe more than sums do. Here there are too "
    "many of them to reckon with, or the method hides nothing.",
)
_UNDERRATED = Text(
    "Obs: alla nollor visas (zeros = published), men attacker_lower = 0 låter angriparen tro att en dold "
    "cell kan vara noll. Den som vet att nollorna visas vet mer. Stryk attacker_lower, så skyddas också mot "
    "henne.",
    "Note: every zero is shown (zeros = published), but attacker_lower = 0 has the attacker believe that a "
    "hidden cell may be zero. Who knows that zeros are shown knows more. Leave attacker_lower out to protect "
    "against her too.",
)
_NOWHERE = (
    Text("Det sägs inte vart leveransen ska.", "Where the delivery goes is not said."),
    Text("Ange --to MAPP, eller --propose.", "Give --to FOLDER, or --propose."),
)
_NOT_EMPTY = (
    Text("Mappen finns redan och är inte tom.", "The folder exists already and is not empty."),
    Text("Välj en ny mapp.", "Choose a new folder."),
)
_HERE = (
    Text(
        "Mappen är den du står i, och den skulle bytas ut under dig.",
        "The folder is the one you stand in, and it would be replaced under you.",
    ),
    Text("Välj en ny mapp.", "Choose a new folder."),
)
_NO_FOLDER = (
    Text("Här kan ingen mapp läggas: det är en fil.", "No folder can be put here: it is a file."),
    Text("Välj en annan plats.", "Choose another place."),
)
