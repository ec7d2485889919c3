"""Every method there is: the one list behind `lagesbild analyse`, the pages in docs/method and the tests.

A method's module is read when the method is asked for: one question should not wait for eighteen others.
"""

from collections.abc import Iterator, Mapping
from importlib import import_module

from .method import Method

PLACES = {
    "rate": "rate",
    "proportion": "rate",
    "dsr": "standardisation.direct",
    "isr": "standardisation.indirect",
    "trend": "trend.answer",
    "funnel": "funnel.answer",
    "spc": "spc",
    "smooth": "smooth.answer",
    "compare": "compare",
    "prevalence": "prevalence",
    "composite": "composite",
    "cost": "cost",
    "its": "its.answer",
    "did": "did.answer",
    "synth": "synth.answer",
    "effect": "effect.answer",
    "effort": "effort.answer",
    "mse": "mse.answer",
    "chao": "chao.answer",
}


class Catalogue(Mapping[str, Method]):
    """Methods by name, in the order in which they are shown; each stands in its module in capitals."""

    def __getitem__(self, name: str) -> Method:
        method: Method = getattr(import_module(f".{PLACES[name]}", __package__), name.upper())
        return method

    def __iter__(self) -> Iterator[str]:
        return iter(PLACES)

    def __len__(self) -> int:
        return len(PLACES)


METHODS: Mapping[str, Method] = Catalogue()
