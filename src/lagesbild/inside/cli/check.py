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
        shape = [
            _number(len(counts), Text("cell", "cell"), Text("celler", "cells")),
            _number(len(counts.regions), Text("plats", "place"), Text("platser", "places")),
            _number(len(counts.periods), Text("period", "period"), Text("perioder", "periods")),
        ]
        yield f"{code}: {', '.join(part.in_(language) for part in shape)}"
    files = _number(len(admitted.files), Text("fil", "file"), Text("filer", "files"))
    yield Text(f"Godkänt: {files.sv}.", f"Admitted: {files.en}.").in_(language)


def _number(how_many: int, one: Text, more: Text) -> Text:
    word = one if how_many == 1 else more
    return Text(f"{how_many} {word.sv}", f"{how_many} {word.en}")
