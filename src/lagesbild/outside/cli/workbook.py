"""`lagesbild-outside workbook`: the figures of one municipality as a workbook with its footnotes."""

import argparse
import sys
from typing import Any

from lagesbild.core.language import Text
from lagesbild.core.refusal import Exit
from lagesbild.outside.cli.report import material_of, place_options, written
from lagesbild.outside.files.workbook import workbook
from lagesbild.outside.paper.report import file_name
from lagesbild.outside.picture import picture
from lagesbild.outside.press import Press

_WRITTEN = Text("Arbetsboken är skriven: {to}", "The workbook is written: {to}")


def add_commands(subparsers: Any) -> None:
    """Adds `workbook`."""
    parser = subparsers.add_parser("workbook", help="en kommuns siffror som XLSX / figures as XLSX")
    place_options(parser)
    parser.set_defaults(run=_workbook)


def _workbook(options: argparse.Namespace) -> int:
    press = Press(material_of(options), options.lang)
    shown = picture(press.material, options.place)
    target = written(options.to, file_name(press, shown, ".xlsx"), workbook(press, shown))
    sys.stdout.write(_WRITTEN.in_(options.lang).format(to=target) + "\n")
    return Exit.OK
