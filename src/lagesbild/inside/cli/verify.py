"""`lagesbild verify`: checks a delivery's proof on the private side, without a solver."""

import argparse
import sys
from pathlib import Path

from lagesbild.core.language import Text
from lagesbild.core.refusal import Exit
from lagesbild.inside.protect.office import verification


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    verify = commands.add_parser("verify", help="pröva beviset / check the certificate")
    verify.add_argument("folder", type=Path, metavar="DIR")
    verify.set_defaults(run=_verify)


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
