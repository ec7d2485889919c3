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
from lagesbild.inside.protect.office.job import Job, prepare
from lagesbild.inside.protect.office.proposal import Proposal, proposals
from lagesbild.inside.protect.office.spec import Spec
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
    if not options.propose:
        _can_become(options.to)
    spec = read_spec(options.spec, options.table)
    warn_if_underrated(spec, options.lang)
    job = prepare(spec)
    if options.propose:
        return _propose(job, options.lang)
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


def _propose(job: Job, language: Language) -> int:
    with bar() as progress:
        found = list(proposals(job, progress))
    several = len(job.spec.tables) > 1
    rows = [_PROPOSED.in_(language).split("|"), *(_row(way, language) for way in found)]
    sys.stdout.write(aligned([row if several else row[1:] for row in rows], left=1 + several))
    return Exit.OK


def warn_if_underrated(spec: Spec, language: Language) -> None:
    """On standard error, where the attacker that the specification describes is weaker than a real one."""
    if any(each.rule.underrated for each in spec.tables):
        sys.stderr.write(f"{_UNDERRATED.in_(language)}\n")


def _row(way: Proposal, language: Language) -> list[str]:
    kept = f"{way.inner_value:.0%}" if way.safe else _UNSAFE.in_(language)
    return [way.table, way.what.in_(language), *map(str, (way.cells, way.shown, way.hidden)), kept]


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


_PROPOSED = Text(
    "tabell|redovisning|celler|visade tal|dolda|visat värde i finaste celler",
    "table|publication|cells|numbers shown|hidden|value shown in the finest cells",
)
_UNSAFE = Text("går inte att skydda", "cannot be protected")
_WHERE = Text(
    "Mappen private stannar inom huset; resten kan publiceras.",
    "The folder private stays in the house; the rest may be published.",
)
_UNDERRATED = Text(
    "Obs: alla nollor visas (zeros = published), men attacker_lower = 0 låter angriparen tro att en dold "
    "cell kan vara noll. Den som vet att nollorna visas vet mer. Stryk attacker_lower, så skyddas också mot "
    "henne.",
    "Note: every zero is shown (zeros = published), but attacker_lower = 0 has the attacker believe that a "
    "hidden cell may be zero. Who knows that zeros are shown knows more. Leave attacker_lower out to protect "
    "against her too.",
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
