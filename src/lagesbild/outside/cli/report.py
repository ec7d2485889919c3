"""`lagesbild-outside report`: the committee's report of one municipality, or of all of them."""

import argparse
import gc
import multiprocessing
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tqdm import tqdm

from lagesbild import reference
from lagesbild.core.language import Language, Text
from lagesbild.core.refusal import BadUsage, Exit, Finding, Refusal
from lagesbild.outside.material import Material
from lagesbild.outside.paper.report import file_name, report
from lagesbild.outside.picture import picture
from lagesbild.outside.press import Press
from lagesbild.outside.shelf import open_releases

_WRITTEN = Text("Rapporten är skriven: {to}", "The report is written: {to}")
_ALL = Text("{done} av {of} rapporter skrivna i {to}", "{done} of {of} reports written in {to}")
_NO_PLACE = Finding(
    "unknown-place",
    Text("Platsen finns inte.", "There is no such place."),
    Text(
        "Ange en kommunkod med fyra siffror, eller --all.",
        "Give a municipality code of four digits, or --all.",
    ),
)

_desk: tuple[Press, Path] | None = None
"""What the worker processes inherit when they fork."""


def add_commands(subparsers: Any) -> None:
    """Adds `report`."""
    parser = subparsers.add_parser("report", help="nämndens rapport som PDF / the committee's report as PDF")
    place_options(parser)
    parser.add_argument("--all", action="store_true", help="alla kommuner / every municipality")
    parser.set_defaults(run=_report)


def place_options(parser: argparse.ArgumentParser) -> None:
    """The place, the releases and where to write: the same for every file about one place."""
    parser.add_argument("place", nargs="?", metavar="KOD", help="kommunkod / municipality code")
    parser.add_argument(
        "--releases", type=Path, required=True, help="hyllan med publiceringar / the shelf of releases"
    )
    parser.add_argument("--keys", type=Path, help="utgivarens nyckellista / the publisher's key list")
    parser.add_argument("--to", type=Path, default=Path(), help="fil eller mapp / file or folder")


def material_of(options: argparse.Namespace) -> Material:
    """The verified releases with the reference data; a place that is named must exist. Raises BadUsage."""
    material = Material(open_releases(options.releases, options.keys), reference.load())
    known = {place.code for place in material.municipalities}
    if options.place not in known and not (options.place is None and getattr(options, "all", False)):
        raise BadUsage(_NO_PLACE)
    return material


def written(to: Path, name: str, content: bytes) -> Path:
    """The content at `to` where that names a file, else below it under its own name."""
    target = to if to.suffix == Path(name).suffix else to / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    return target


def _report(options: argparse.Namespace) -> int:
    material = material_of(options)
    if options.all:
        return _every(material, options.lang, options.to)
    press = Press(material, options.lang)
    shown = picture(material, options.place)
    target = written(options.to, file_name(press, shown), report(press, shown))
    sys.stdout.write(_WRITTEN.in_(options.lang).format(to=target) + "\n")
    return Exit.OK


def _every(material: Material, language: Language, to: Path) -> int:
    """Every municipality; a report that is refused is named, and the others are written."""
    global _desk
    _desk = Press(material.prepare(), language), to
    codes = [place.code for place in material.municipalities]
    refused: list[Refusal] = []
    with tqdm(total=len(codes), unit="rapport", file=sys.stderr, disable=not sys.stderr.isatty()) as bar:
        for outcome in _printed(codes):
            bar.update()
            refused += [outcome] if outcome else []
    line = _ALL.in_(language).format(done=len(codes) - len(refused), of=len(codes), to=to)
    sys.stdout.write(line + "\n")
    if refused:
        raise type(refused[0])(*(finding for each in refused for finding in each.findings))
    return Exit.OK


def _printed(codes: list[str]) -> Iterator[Refusal | None]:
    workers = len(os.sched_getaffinity(0))
    # What the workers inherit is never garbage: the collector need not look at it again.
    gc.collect()
    gc.freeze()
    with multiprocessing.get_context("fork").Pool(workers) as pool:
        yield from pool.imap_unordered(_one, codes, chunksize=2)


def _one(code: str) -> Refusal | None:
    if _desk is None:
        raise RuntimeError("nothing is laid out to print")
    press, to = _desk
    shown = picture(press.material, code)
    try:
        written(to, file_name(press, shown), report(press, shown))
    except Refusal as refusal:
        return refusal
    return None
