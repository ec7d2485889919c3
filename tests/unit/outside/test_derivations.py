"""A derived figure without an inverter cannot be published; every analysis that the pages use is declared."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from lagesbild import outside
from lagesbild.analysis.catalogue import METHODS
from lagesbild.core.refusal import Unsafe
from lagesbild.outside.derivations import DERIVATIONS, check_derivations

MODULES = {
    "rate": "rate",
    "trend": "trend",
    "funnel": "funnel",
    "effect": "effect",
    "prevalence": "prevalence",
}
SPINE = {"catalogue", "inversion", "method", "longitudinal", "answer", "table", "estimation"}


def test_every_derivation_has_an_inverter() -> None:
    check_derivations()


@pytest.mark.parametrize("name", DERIVATIONS)
def test_one_without_an_inverter_stops_the_site(name: str) -> None:
    nameless = {**METHODS, name: replace(METHODS[name], inverter=None)}
    with pytest.raises(Unsafe):
        check_derivations(nameless)


def test_every_analysis_that_the_pages_import_is_declared() -> None:
    source = "\n".join(path.read_text() for path in Path(outside.__file__).parent.rglob("*.py"))
    imported = set(re.findall(r"from lagesbild\.analysis\.(\w+)", source)) - SPINE
    assert imported <= {MODULES[name] for name in DERIVATIONS}
