"""`lagesbild protect`, `audit` and `verify`: the protection engine for any tidy table."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tqdm import tqdm

from lagesbild.core.language import Language, Text
from lagesbild.core.refusal import BadUsage, Exit, Finding, Place
from lagesbild.inside.protect.office import delivery, protection, verification
from lagesbild.inside.protect.office.failing import Reason, failing_csv
from lagesbild.inside.protect.office.job import Job, prepare, truth_from
from lagesbild.inside.protect.office.opponent import Attack, attack
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

    audit = commands.add_parser("audit", help="angrip en tabell / attack a released table")
    audit.add_argument("released", nargs="+", type=Path, metavar="RELEASED.csv")
    audit.add_argument("--spec", type=Path, required=True, metavar="SPEC.toml")
    audit.add_argument(
        "--truth", type=Path, action="append", metavar="LEAVES.csv",
        help="facit, en gång per tabell / the true leaf counts, once for each table",
    )  # fmt: skip
    audit.add_argument(
        "--failing", type=Path, metavar="FILE.csv",
        help="skriv cellerna som faller och varför, hålls inom huset / write the cells that fail and why, "
        "kept in the house",
    )  # fmt: skip
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
        found = attack(spec, options.released, job, progress)
    if options.failing is not None:
        delivery.write_private(options.failing, failing_csv(found.failing))
    if options.json:
        sys.stdout.write(json.dumps(found.figures(), indent=2) + "\n")
    else:
        sys.stdout.write("\n".join(line.in_(options.lang) for line in _told(found)) + "\n")
    return Exit.OK if found.safe else Exit.UNSAFE


def _told(found: Attack) -> Iterator[Text]:
    yield Text(f"Läst som: {found.form.sv}.", f"Read as: {found.form.en}.")
    verdict = ("Säker.", "Safe.") if found.safe else ("Inte säker.", "Not safe.")
    yield Text(
        f"{verdict[0]} {found.hidden} av {found.cells} celler är dolda. Utomstående räknar fram "
        f"{found.exact} exakt och kommer för nära {found.narrow}.",
        f"{verdict[1]} {found.hidden} of {found.cells} cells are hidden. An outsider works out {found.exact} "
        f"exactly and comes too close to {found.narrow}.",
    )
    for reason, count in found.reasons.items():
        yield Text(f"  {_REASONS[reason].sv}: {count}", f"  {_REASONS[reason].en}: {count}")
    if found.marks > 1:
        yield _MARKS
    if found.missing:
        yield Text(
            f"Celler utan rad i filen, lästa som dolda: {found.missing}.",
            f"Cells without a row in the file, read as hidden: {found.missing}.",
        )
    if found.wrong and not found.perturbed:
        yield Text(
            f"Visade tal som inte är underlagets: {found.wrong}.",
            f"Numbers shown that are not those of the truth: {found.wrong}.",
        )
    if found.kept:
        yield Text(
            f"Filen har kvar talet i {found.kept} dolda celler: publicera den inte som den är.",
            f"The file still holds the number of {found.kept} hidden cells: do not publish it as it is.",
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


_REASONS: Mapping[Reason, Text] = {
    "shown": Text("osäkra celler vars tal visas", "unsafe cells whose number is shown"),
    "exact": Text("räknas fram exakt", "worked out exactly"),
    "short": Text("intervallet når inte tröskeln", "the interval does not reach the threshold"),
    "narrow": Text("intervallet är smalare än kravet", "the interval is narrower than required"),
    "insider": Text("en uppgiftslämnare kan räkna fram cellen", "a supplier can work the cell out"),
    "unproven": Text("inget läckage funnet, men inget bevis", "no leak found, but no proof either"),
}
_MARKS = Text(
    "Dolda celler är märkta på mer än ett sätt; skillnaden röjer vilka som är små.",
    "Hidden cells are marked in more than one way; the difference tells which are small.",
)
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
