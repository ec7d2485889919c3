"""`lagesbild protect`, `audit` and `verify`: the protection engine for any tidy table."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from tqdm import tqdm

from lagesbild.core.language import Language, Text
from lagesbild.core.refusal import BadUsage, Exit, Finding, Place
from lagesbild.inside.protect.office import delivery, protection, verification
from lagesbild.inside.protect.office.job import Job, prepare, truth_from
from lagesbild.inside.protect.office.opponent import Attack, attack_blind, attack_perturbed, attack_with_truth
from lagesbild.inside.protect.office.proposal import proposals
from lagesbild.inside.protect.office.spec import Spec, read_spec


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    protect = commands.add_parser("protect", help="skydda en tabell / protect a table")
    protect.add_argument("table", nargs="?", type=Path, metavar="TABLE")
    protect.add_argument("--spec", type=Path, required=True, metavar="SPEC.toml")
    into = protect.add_mutually_exclusive_group(required=True)
    into.add_argument("--to", type=Path, metavar="DIR")
    into.add_argument("--propose", action="store_true", help="grövre redovisning / coarser publication")
    protect.set_defaults(run=_protect)

    audit = commands.add_parser("audit", help="angrip en tabell / attack a released table")
    audit.add_argument("released", nargs="+", type=Path, metavar="RELEASED.csv")
    audit.add_argument("--spec", type=Path, required=True, metavar="SPEC.toml")
    audit.add_argument("--truth", type=Path, metavar="LEAVES.csv", help="facit / the true leaf counts")
    audit.add_argument("--json", action="store_true")
    audit.set_defaults(run=_audit)

    verify = commands.add_parser("verify", help="pröva beviset / check the certificate")
    verify.add_argument("folder", type=Path, metavar="DIR")
    verify.set_defaults(run=_verify)


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


def _audit(options: argparse.Namespace) -> int:
    spec = read_spec(options.spec)
    if len(options.released) != len(spec.tables):
        raise BadUsage(Finding("how-many", *_HOW_MANY, Place(file=options.spec.name)))
    with bar() as progress:
        job = None if options.truth is None else prepare(truth_from(spec, options.truth))
        found = _attack(spec, options.released, job, progress)
    if options.json:
        sys.stdout.write(json.dumps({"safe": found.safe, **asdict(found)}, indent=2) + "\n")
    else:
        sys.stdout.write(_told(found).in_(options.lang) + "\n")
    return Exit.OK if found.safe else Exit.UNSAFE


def _attack(spec: Spec, files: list[Path], job: Job | None, progress: Callable[[int, int], None]) -> Attack:
    if spec.method != "suppression":
        return attack_perturbed(spec, files, job)
    return attack_blind(spec, files, progress) if job is None else attack_with_truth(job, files, progress)


def _told(found: Attack) -> Text:
    verdict = ("Säker.", "Safe.") if found.safe else ("Inte säker.", "Not safe.")
    return Text(
        f"{verdict[0]} {found.hidden} av {found.cells} celler är dolda. Utomstående räknar fram "
        f"{found.exact} exakt och kommer för nära {found.narrow}.",
        f"{verdict[1]} {found.hidden} of {found.cells} cells are hidden. An outsider works out {found.exact} "
        f"exactly and comes too close to {found.narrow}.",
    )


def _verify(options: argparse.Namespace) -> int:
    proven = verification.verify(options.folder)
    unproven = Text(
        "Filerna är hela. Metoden ger inget bevis.", "The files are whole. The method gives no proof."
    )
    told = Text(
        f"Beviset håller: {proven} osäkra celler är skyddade.",
        f"The certificate holds: {proven} unsafe cells are protected.",
    )
    sys.stdout.write((unproven if proven is None else told).in_(options.lang) + "\n")
    return Exit.OK


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
_HOW_MANY = (
    Text(
        "Antalet filer är inte antalet tabeller i specifikationen.",
        "There are not as many released files as tables in the specification.",
    ),
    Text(
        "Ange en fil per tabell, i specifikationens ordning.", "Name one file per table, in the spec's order."
    ),
)
