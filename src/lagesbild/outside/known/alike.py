"""Which municipalities are most alike: distance in a few public features, standardised and weighted."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from lagesbild.core.region import Level, Region
from lagesbild.reference import Reference

NEAREST = 7
WEIGHTS: Mapping[str, float] = {
    "population": 3.0,
    "density": 2.0,
    "growth": 1.0,
    "group": 2.0,
    "distance": 1.0,
}
FIRST, LAST = 2012, 2024


@dataclass(frozen=True)
class Likeness:
    """One municipality among the most alike; a smaller distance is more alike."""

    place: Region
    distance: float


@dataclass(frozen=True)
class Features:
    """Public features of every municipality, standardised: rows are municipalities, columns as in `names`."""

    codes: tuple[str, ...]
    names: tuple[str, ...]
    values: np.ndarray[tuple[int, int], np.dtype[np.float64]]


def features(reference: Reference) -> Features:
    """Log population, log density, growth and place on the map; each with mean 0 and deviation 1."""
    places = reference.geography.at(Level.MUNICIPALITY)
    rows = [_row(reference, place.code) for place in places]
    raw = np.array(rows, dtype=float)
    scaled = (raw - raw.mean(axis=0)) / raw.std(axis=0)
    scaled[:, 3:] *= 0.5**0.5
    return Features(
        tuple(place.code for place in places),
        ("population", "density", "growth", "distance", "distance"),
        scaled,
    )


def _row(reference: Reference, code: str) -> tuple[float, float, float, float, float]:
    before, now = reference.population.at(code, FIRST), reference.population.at(code, LAST)
    spot = reference.spots[code]
    if before is None or now is None:
        raise KeyError(code)
    return (
        math.log(now.number),
        math.log(now.number / spot.area_km2),
        now.number / before.number,
        spot.latitude,
        spot.longitude * math.cos(math.radians(spot.latitude)),
    )


def most_alike(reference: Reference) -> dict[str, tuple[Likeness, ...]]:
    """Every other municipality for each of them, the most alike first, ties by code."""
    table = features(reference)
    weights = np.array([WEIGHTS[name] for name in table.names])
    gaps = table.values[:, None, :] - table.values[None, :, :]
    squared = (weights * gaps**2).sum(axis=2) + WEIGHTS["group"] * _other_group(reference, table.codes)
    distances = np.sqrt(squared)
    geography = reference.geography
    return {
        code: tuple(
            Likeness(geography[table.codes[j]], float(distances[i, j]))
            for j in np.lexsort((np.arange(len(table.codes)), distances[i])).tolist()
            if j != i
        )
        for i, code in enumerate(table.codes)
    }


def _other_group(
    reference: Reference, codes: tuple[str, ...]
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    groups = [reference.geography.larger(code, Level.SKR_GROUP) for code in codes]
    labels = np.array(["" if group is None else group.code for group in groups])
    differ: np.ndarray[tuple[int, int], np.dtype[np.float64]] = (labels[:, None] != labels[None, :]).astype(
        float
    )
    return differ
