"""`lagesbild template`: a workbook to fill in."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from lagesbild.core.language import Text
from lagesbild.core.period import Period
from lagesbild.core.refusal import BadUsage, Finding
from lagesbild.inside.intake.template import fitting, template
from lagesbild.reference import load


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("template", help="skriv en mall för Excel / write an Excel template")
    parser.add_argument(
        "--indicator",
        nargs="+",
        action="extend",
        metavar="CODE",
        help="utan den: alla koder med namn / without it: all codes with their names",
    )
    parser.add_argument(
        "--period",
        nargs="+",
        action="extend",
        default=[],
        metavar="PERIOD",
        help="annars de senaste tio åren / otherwise the last ten years",
    )
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        default=Path("mall.xlsx"),
        metavar="FILE.xlsx",
        help="annars mall.xlsx / otherwise mall.xlsx",
    )
    parser.set_defaults(run=_template)


def _template(options: argparse.Namespace) -> int:
    reference = load()
    if not options.indicator:
        for indicator in reference.indicators.values():
            if indicator.importable:
                sys.stdout.write(f"{indicator.code}  {indicator.name.in_(options.lang)}\n")
        return 0
    codes = list(dict.fromkeys(code.upper() for code in options.indicator))
    importable = [code for code, indicator in reference.indicators.items() if indicator.importable]
    if not set(codes) <= set(importable):
        raise _bad_usage(
            "unknown-indicator",
            Text(
                f"Mallar finns för: {', '.join(importable)}.",
                f"Templates exist for: {', '.join(importable)}.",
            ),
        )
    indicators = [reference.indicators[code] for code in codes]
    periods = _periods(options.period)
    if periods and any(not fitting(indicator, periods) for indicator in indicators):
        raise _bad_usage(
            "wrong-frequency",
            Text("En indikator mäts inte så ofta.", "An indicator is not measured that often."),
        )
    workbook = template(reference, indicators, periods, options.lang, datetime.now(UTC).date())
    _write(options.output, workbook)
    return 0


def _periods(codes: list[str]) -> list[str]:
    try:
        return [Period.parse(code).code for code in codes]
    except ValueError:
        raise _bad_usage(
            "unknown-period",
            Text("Skriv perioder som 2024, 2024H1, 2024Q3, 2024M07.", "Write 2024, 2024H1, 2024Q3, 2024M07."),
        ) from None


def _write(path: Path, workbook: bytes) -> None:
    """Never over a file that exists: it may be a template that someone has filled in."""
    try:
        with path.open("xb") as file:
            file.write(workbook)
    except OSError:
        raise _bad_usage(
            "output-file",
            Text(
                "Filen finns redan, eller mappen saknas.",
                "The file exists already, or the folder is missing.",
            ),
        ) from None


def _bad_usage(code: str, rule: Text) -> BadUsage:
    return BadUsage(
        Finding(code, rule, Text("Se lagesbild template --help.", "See lagesbild template --help."))
    )
