"""What hidden cells do to a hidden population: every family over every table that the release allows."""

from dataclasses import dataclass, replace
from itertools import product
from math import prod

import numpy as np

from ..answer.reason import Reason
from ..answer.result import Declined
from ..table.arrays import Floats
from .families import NAMES, Interval, Study, intervals

MOST_TABLES = 4096


@dataclass(frozen=True)
class Range:
    """A family over all feasible tables.

    Its least and greatest population, and limits that hold for all of them.
    """

    least: float
    greatest: float
    quantiles: Floats


def fillings(lower: Floats, upper: Floats) -> Floats:
    """(tables, cells): every whole-number table within the bounds; declines when they are too many to try."""
    choices = [range(int(low), int(high) + 1) for low, high in zip(lower, upper, strict=True)]
    if prod(map(len, choices)) > MOST_TABLES:
        raise Declined(Reason.PROTECTED)
    return np.array(list(product(*choices)), dtype=np.float64)


def over(study: Study, tables: Floats, replicates: int, seed: int, shares: Floats) -> dict[str, Range]:
    """Bootstrap at the tables where each family is least and greatest, and keep the widest limits."""
    points = study.populations(tables)
    ends = {int(end(points[name])) for name in NAMES for end in (np.argmin, np.argmax)}
    found = [intervals(at(study, tables[row]), replicates, seed, shares) for row in sorted(ends)]
    return {name: widest(points[name], [each[name] for each in found], shares) for name in NAMES}


def at(study: Study, counts: Floats) -> Study:
    return replace(study, histories=replace(study.histories, counts=counts))


def widest(points: Floats, found: list[Interval], shares: Floats) -> Range:
    """The lowest of the lower limits and the highest of the upper ones."""
    quantiles = np.array([each.quantiles for each in found])
    outer = np.where(shares < 0.5, quantiles.min(axis=0), quantiles.max(axis=0))
    return Range(float(points.min()), float(points.max()), outer)
