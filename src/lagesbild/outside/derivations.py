"""What the pages compute beyond the released cells. Each has an inverter, or nothing is published."""

from collections.abc import Mapping

from lagesbild.analysis.catalogue import METHODS
from lagesbild.analysis.inversion import inverter_of
from lagesbild.analysis.method import Method

DERIVATIONS = ("rate", "trend", "funnel", "effect", "prevalence")
"""By the method's name; a page that shows something new adds it here."""


def check_derivations(methods: Mapping[str, Method] = METHODS) -> None:
    """Raise Unsafe where nobody has shown what a derived figure gives away (attack 13)."""
    for name in DERIVATIONS:
        inverter_of(methods[name])
