"""The families of answers, side by side on the same tables: none of them alone is the answer.

main: lists independent of each other. stepwise: two-list effects by p-value. bic and aic: by information
criterion. averaged: over models, by their BIC weights. lowest and highest: the ends of what the lists do
not contradict.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..table.arrays import Bools, Floats
from . import bca, criterion, loglinear
from .histories import Histories
from .loglinear import Fits
from .stepwise import Path, Selection

NAMES = ("main", "stepwise", "bic", "aic", "averaged", "lowest", "highest")


@dataclass(frozen=True)
class Study:
    """One table of histories, the threshold of the stepwise selection, and the factor of unseen
    dependence."""

    histories: Histories
    threshold: float
    dependence: float

    @cached_property
    def selection(self) -> Selection:
        return Selection(self.histories, self.threshold)

    @cached_property
    def path(self) -> Path:
        """The stepwise selection on the data."""
        return self.selection.run(self.histories.counts[None])

    @cached_property
    def models(self) -> Bools:
        """The candidates of the information criteria, best first; (models, pairs)."""
        found = criterion.candidates(self.histories, self.selection, self.path.order[:1] >= 0)
        return found.pairs

    def main(self, counts: Floats) -> Fits:
        none = np.zeros((len(counts), len(self.histories.pairs)), dtype=np.bool_)
        fits = loglinear.fit(self.selection.design, counts, self.selection.wanted(none))
        return self.selection.existence.confirmed(counts, fits)

    def populations(self, counts: Floats) -> dict[str, Floats]:
        """Every family's population for every table (tables, cells); infinite where it has no estimate."""
        people = counts.sum(axis=1)
        scores = criterion.score(self.histories, self.models, counts)
        bic, aic = scores.bic(people), scores.aic()
        lowest, highest = criterion.extremes(scores, bic, self.dependence)
        hidden = {
            "main": self.main(counts).hidden,
            "stepwise": self.selection.run(counts).fits.hidden,
            "bic": criterion.chosen(scores, bic),
            "aic": criterion.chosen(scores, aic),
            "averaged": criterion.averaged(scores, bic),
            "lowest": lowest,
            "highest": highest,
        }
        return {name: people + value for name, value in hidden.items()}


@dataclass(frozen=True)
class Interval:
    """A family's population and its BCa quantiles; `outermost` marks those beyond the replicates."""

    population: float
    quantiles: Floats
    outermost: Bools


def intervals(study: Study, replicates: int, seed: int, shares: Floats) -> dict[str, Interval]:
    """Every family's estimate with a bootstrap that repeats its selection."""
    histories = study.histories
    tables, weight = bca.resample(histories, replicates, seed), histories.counts[histories.drawn]
    found = {}
    for name, values in study.populations(tables).items():
        limits = bca.limits(weight, replicates, values, shares)
        found[name] = Interval(float(values[0]), limits.quantiles, limits.outermost)
    return found
