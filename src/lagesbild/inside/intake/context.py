"""Published figures from Brå, Kolada and SCB: context beside our own counts, never mixed with them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from lagesbild.core.figures import TOTAL
from lagesbild.core.refusal import Place, Refusal

from .rules import finding


class Standing(StrEnum):
    """How firm a published figure is. Perturbed: its publisher added noise, so parts need not add up."""

    OBSERVED = "observed"
    PERTURBED = "perturbed"
    MISSING = "missing"


@dataclass(frozen=True)
class Observation:
    """One published figure; no value exactly when it is missing."""

    value: float | None
    standing: Standing

    def __post_init__(self) -> None:
        if (self.value is None) is not (self.standing is Standing.MISSING):
            raise ValueError("an observation has a value unless it is missing")


MISSING = Observation(None, Standing.MISSING)

Where = tuple[str, str, str]
"""Region, period and sex."""


@dataclass(frozen=True)
class ContextTable:
    """One published measure: an observation for every place, period and sex that the source knows."""

    source: str
    measure: str
    observations: Mapping[Where, Observation]

    def __post_init__(self) -> None:
        object.__setattr__(self, "observations", MappingProxyType(dict(sorted(self.observations.items()))))

    def at(self, region: str, period: str, sex: str = TOTAL) -> Observation:
        return self.observations.get((region, period, sex), MISSING)

    def absent(self, regions: Iterable[str], periods: Iterable[str]) -> list[tuple[str, str]]:
        """The expected places and periods for which the source sent no row at all."""
        sent = {(region, period) for region, period, _ in self.observations}
        return sorted({(region, period) for region in regions for period in periods} - sent)

    def refuse_loss(self, earlier: "ContextTable") -> None:
        """Raise Refusal where the source no longer has a value that it had: rows can vanish silently."""
        had = [where for where, each in earlier.observations.items() if each.value is not None]
        if any(self.at(*where).value is None for where in had):
            raise refused("fewer-rows", self.source)


def refused(rule: str, source: str, row: int | None = None) -> Refusal:
    return Refusal(finding(rule, Place(file=source, row=row)))
