"""`lagesbild-outside chart`: one series as SVG or PNG, with title, source, release and marks inside."""

import argparse
import sys
from typing import Any

from lagesbild.core.language import Text
from lagesbild.core.refusal import BadUsage, Exit, Finding
from lagesbild.outside.cli.report import material_of, place_options, written
from lagesbild.outside.files.chart_files import charted, file_name, raster, series_file
from lagesbild.outside.picture import picture
from lagesbild.outside.press import Press

_WRITTEN = Text("Diagrammet är skrivet: {to}", "The chart is written: {to}")
_NO_SERIES = Finding(
    "P10",
    Text("Platsen har ingen serie för indikatorn.", "The place has no series of the indicator."),
    Text("Ange en indikator med minst två perioder.", "Give an indicator with at least two periods."),
)


def add_commands(subparsers: Any) -> None:
    """Adds `chart`."""
    parser = subparsers.add_parser("chart", help="ett diagram som SVG / a chart as SVG")
    place_options(parser)
    parser.add_argument("indicator", metavar="INDIKATOR", help="till exempel D01 / for instance D01")
    parser.add_argument("--png", action="store_true", help="också som PNG / as PNG too")
    parser.set_defaults(run=_chart)


def _chart(options: argparse.Namespace) -> int:
    press = Press(material_of(options), options.lang)
    shown = picture(press.material, options.place)
    if options.indicator not in set(charted(press, shown)):
        raise BadUsage(_NO_SERIES)
    drawing = series_file(press, shown, options.indicator)
    files = {".svg": drawing} | ({".png": raster(drawing)} if options.png else {})
    for suffix, content in files.items():
        target = written(options.to, file_name(options.indicator, suffix), content)
        sys.stdout.write(_WRITTEN.in_(options.lang).format(to=target) + "\n")
    return Exit.OK
