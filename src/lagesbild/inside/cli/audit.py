"""`lagesbild audit`: attacks a released table, ours or another tool's."""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from lagesbild.core.language import Text
from lagesbild.core.refusal import BadUsage, Exit, Finding, Place
from lagesbild.inside.protect.office import delivery
from lagesbild.inside.protect.office.failing import Reason, failing_csv
from lagesbild.inside.protect.office.job import prepare, truth_from
from lagesbild.inside.protect.office.opponent import Attack, attack
from lagesbild.inside.protect.office.spec import Method
from lagesbild.inside.protect.office.spec_file import read_spec

from .protect import bar, warn_if_underrated, warn_of_rings


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
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


def _audit(options: argparse.Namespace) -> int:
    spec = read_spec(options.spec)
    warn_if_underrated(spec, options.lang)
    if len(options.released) != len(spec.tables):
        raise BadUsage(Finding("how-many", *_HOW_MANY, Place(file=options.spec.name)))
    with bar() as progress:
        job = None if options.truth is None else prepare(truth_from(spec, options.truth))
        if job is not None:
            warn_of_rings(job, options.lang)
        found = attack(spec, options.released, job, progress)
    if options.failing is not None:
        delivery.write_private(options.failing, failing_csv(found.failing))
    if options.json:
        sys.stdout.write(json.dumps(found.figures(), indent=2) + "\n")
    else:
        lines = [*_told(found), *_CAVEATS.get(spec.method, ()), *(() if found.public else (_PRIVATE,))]
        sys.stdout.write("\n".join(line.in_(options.lang) for line in lines) + "\n")
    return Exit.OK if found.safe else Exit.UNSAFE


def _told(found: Attack) -> Iterator[Text]:
    yield Text(f"Läst som: {found.form.sv}.", f"Read as: {found.form.en}.")
    verdict = _VERDICTS[found.safe, found.undecided]
    yield Text(
        f"{verdict.sv} {found.hidden} av {found.cells} celler är dolda. Utomstående räknar fram "
        f"{found.exact} exakt och kommer för nära {found.narrow - found.exact} till.",
        f"{verdict.en} {found.hidden} of {found.cells} cells are hidden. An outsider works out {found.exact} "
        f"exactly and comes too close to {found.narrow - found.exact} more.",
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
    if found.noiseless:
        yield Text(
            f"Tal som är underlagets, fler än brus lämnar: {found.noiseless}.",
            f"Numbers that are those of the truth, more than noise leaves: {found.noiseless}.",
        )
    if found.no_zero_hidden:
        yield _ZEROS
    if found.kept:
        yield Text(
            f"Filen har kvar talet i {found.kept} dolda celler: publicera den inte som den är.",
            f"The file still holds the number of {found.kept} hidden cells: do not publish it as it is.",
        )


_VERDICTS = {
    (True, False): Text("Säker.", "Safe."),
    (False, False): Text("Inte säker.", "Not safe."),
    (False, True): Text("Inte avgjort utan facit (--truth).", "Not decided without the truth (--truth)."),
}
_REASONS: Mapping[Reason, Text] = {
    "shown": Text("osäkra celler vars tal visas", "unsafe cells whose number is shown"),
    "exact": Text("räknas fram exakt", "worked out exactly"),
    "short": Text("intervallet når inte tröskeln", "the interval does not reach the threshold"),
    "narrow": Text("intervallet är smalare än kravet", "the interval is narrower than required"),
    "insider": Text("en uppgiftslämnare kan räkna fram cellen", "a supplier can work the cell out"),
    "unproven": Text("inget läckage funnet, men inget bevis", "no leak found, but no proof either"),
    "doubtful": Text(
        "för smalt för ett litet tal, men det kan vara noll eller stort",
        "too narrow for a small count, but it may be zero or large",
    ),
}
_CAVEATS: Mapping[Method, tuple[Text, ...]] = {
    "rounding": (
        Text(
            "Prövat är vad de visade talen kan stå för. Den som räknar avrundningens regel baklänges "
            "utesluter mer.",
            "Tried is what the numbers may stand for. Working the rule of rounding backwards can rule out "
            "more.",
        ),
    ),
    "cell_key": (
        Text(
            "Prövat är vad som går att utesluta, inte vad som är troligt: medelvärden av summorna träffar "
            "ofta rätt. Se compare-methods.",
            "Tried is what can be ruled out, not what is likely: averaged sums often hit the count. See "
            "compare-methods.",
        ),
    ),
}
_MARKS = Text(
    "Dolda celler är märkta på mer än ett sätt; skillnaden röjer vilka som är små.",
    "Hidden cells are marked in more than one way; the difference tells which are small.",
)
_ZEROS = Text(
    'Ingen nolla är dold. Den som vet att nollor alltid visas utesluter mer: pröva med zeros = "published".',
    'No zero is hidden. Whoever knows that zeros are always shown rules out more: try zeros = "published".',
)
_PRIVATE = Text(
    "Siffrorna vilar på facit och stannar inom huset.",
    "The figures rest on the truth and stay in the house.",
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
