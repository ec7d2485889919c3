"""`lagesbild compare-methods`: suppression, rounding and cell-key noise on the same tables, side by side."""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from lagesbild.core.language import Language, Text
from lagesbild.core.refusal import Exit
from lagesbild.inside.protect.office.comparison import Way, compare
from lagesbild.inside.protect.office.job import prepare
from lagesbild.inside.protect.office.spec_file import read_spec

from .protect import aligned, bar, warn_of_rings


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("compare-methods", help="tre sätt att skydda / three ways to protect")
    parser.add_argument("table", nargs="?", type=Path, metavar="TABLE", help="CSV, Parquet")
    parser.add_argument("--spec", type=Path, required=True, metavar="SPEC.toml")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=_compare)


def _compare(options: argparse.Namespace) -> int:
    job = prepare(read_spec(options.spec, options.table))
    warn_of_rings(job, options.lang)
    with bar() as progress:
        ways = compare(job, progress)
    if options.json:
        sys.stdout.write(json.dumps([asdict(way) for way in ways], indent=2) + "\n")
    else:
        sys.stdout.write(told(ways, options.lang))
    return Exit.OK


def told(ways: Sequence[Way], language: Language) -> str:
    """The comparison as a table for a terminal: a row for each figure, a column for each way."""
    rows = [[""] + [_NAMES[way.method].in_(language) for way in ways]]
    rows += [[label.in_(language)] + [show(way, language) for way in ways] for label, show in _FIGURES]
    steps = range(max(len(way.levels) for way in ways))
    rows += [[_LEVEL.in_(language).format(step)] + [_at_level(way, step) for way in ways] for step in steps]
    return f"{aligned(rows, left=1)}\n{_NOTE.in_(language)}\n"


def _at_level(way: Way, step: int) -> str:
    level = way.levels[step]
    return (
        f"{level.hidden}/{level.cells}" if way.hidden else f"{level.mean_error:.2f} ({level.greatest_error})"
    )


def _yes(answer: bool, language: Language) -> str:
    return (Text("ja", "yes") if answer else Text("nej", "no")).in_(language)


_NAMES = {
    "suppression": Text("undertryckning", "suppression"),
    "rounding": Text("avrundning", "rounding"),
    "cell_key": Text("cellnyckel", "cell key"),
}
_FIGURES: tuple[tuple[Text, Callable[[Way, Language], str]], ...] = (
    (Text("dolda celler", "hidden cells"), lambda way, _: str(way.hidden)),
    (Text("dolt värde", "value hidden"), lambda way, _: str(way.value_hidden)),
    (Text("ändrade celler", "changed cells"), lambda way, _: str(way.changed)),
    (Text("medelfel", "mean error"), lambda way, _: f"{way.mean_error:.2f}"),
    (Text("största fel", "greatest error"), lambda way, _: str(way.greatest_error)),
    (Text("summor stämmer", "sums agree"), lambda way, language: _yes(way.additive, language)),
    (Text("visade tal under tröskeln", "shown below the threshold"), lambda way, _: str(way.small_shown)),
    (Text("osäkra: exakt avslöjade", "unsafe: exactly revealed"), lambda way, _: str(way.exact)),
    (Text("osäkra: för smalt intervall", "unsafe: interval too narrow"), lambda way, _: str(way.narrow)),
    (Text("osäkra: medianbredd", "unsafe: median width"), lambda way, _: f"{way.median_width:g}"),
    (
        Text("osäkra: rätt gissade ur alla summor", "unsafe: guessed right from all sums"),
        lambda way, _: "-" if way.best_guess is None else f"{way.best_guess:.0%}",
    ),
    (Text("CPU-sekunder", "CPU seconds"), lambda way, _: f"{way.seconds:.1f}"),
)  # fmt: skip
_LEVEL = Text(
    "nivå {}: dolda av alla, eller medelfel (största)", "level {}: hidden of all, or mean error (greatest)"
)
_NOTE = Text(
    "Bara undertryckning bevisar skyddet cell för cell. Avrundning visar aldrig ett litet tal, men en visad\n"
    "nolla betyder att talet är litet, och den som räknar dess regel baklänges kan utesluta mer än\n"
    "intervallen här. Cellnyckelbrus visar små tal som är nästan rätta. Siffrorna här bygger på facit och\n"
    "stannar hos dig.",
    "Only suppression proves the protection cell by cell. Rounding never shows a small number, but a shown\n"
    "zero means that the number is small, and whoever works its rule backwards can rule out more than these\n"
    "intervals do. Cell-key noise shows small numbers that are nearly right. The figures here rest on the\n"
    "truth and stay with you.",
)
