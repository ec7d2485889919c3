"""`lagesbild check`: the gate and nothing else."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tqdm import tqdm

from lagesbild.core.language import Language, Text
from lagesbild.inside.intake import Admitted, admit
from lagesbild.inside.intake.gate import Progress
from lagesbild.reference import load


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    check = commands.add_parser("check", help="pröva filer i grinden / try files at the gate")
    check.add_argument("files", nargs="+", type=Path, metavar="FILE")
    check.set_defaults(run=_check)


def _check(options: argparse.Namespace) -> int:
    with bar(options.files) as progress:
        admitted = admit(options.files, load(), progress=progress)
    for line in summary(admitted, options.lang):
        sys.stdout.write(line + "\n")
    return 0


@contextmanager
def bar(files: list[Path]) -> Iterator[Progress]:
    """A progress bar on standard error where that is a terminal; otherwise nothing."""
    total = sum(file.stat().st_size for file in files if file.is_file())
    with tqdm(total=total, unit="B", unit_scale=True, disable=None, leave=False) as shown:

        def progress(bytes_read: int) -> None:
            shown.update(max(0, bytes_read - shown.n))

        yield progress


def summary(admitted: Admitted, language: Language) -> Iterator[str]:
    """What came in, by its shape: never a value."""
    for code, counts in admitted.tables.items():
        yield Text(
            f"{code}: {len(counts)} celler, {len(counts.regions)} platser, {len(counts.periods)} perioder",
            f"{code}: {len(counts)} cells, {len(counts.regions)} places, {len(counts.periods)} periods",
        ).in_(language)
    files = len(admitted.files)
    yield Text(f"Godkänt: {files} fil(er).", f"Admitted: {files} file(s).").in_(language)
