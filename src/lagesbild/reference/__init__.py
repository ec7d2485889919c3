"""Public facts that the product carries: places, people, indicators, measures, published figures.

Both sides read it. Nothing here comes from a municipality's own files, and nothing here is secret.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lagesbild.core.indicator import Indicator
from lagesbild.core.region import Geography

from .catalogue import (
    LocalMeasure,
    Measure,
    Term,
    read_indicators,
    read_local_measures,
    read_measures,
    read_terms,
)
from .cited import (
    KoladaIndicator,
    PublishedFigure,
    SourceReference,
    read_kolada,
    read_published,
    read_sources,
)
from .fact import BrokenFact
from .first_picture import FirstPicture, read_first_picture
from .place import Border, Spot, read_borders, read_geography, read_spots
from .population import People, Population, Status, read_population

__all__ = [
    "Border",
    "BrokenFact",
    "FirstPicture",
    "KoladaIndicator",
    "LocalMeasure",
    "Measure",
    "People",
    "Population",
    "PublishedFigure",
    "Reference",
    "SourceReference",
    "Spot",
    "Status",
    "Term",
    "load",
    "read",
]

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Reference:
    """Everything public that the product knows before anyone has reported anything."""

    geography: Geography
    borders: tuple[Border, ...]
    spots: Mapping[str, Spot]
    population: Population
    indicators: Mapping[str, Indicator]
    measures: tuple[Measure, ...]
    local_measures: tuple[LocalMeasure, ...]
    published_figures: tuple[PublishedFigure, ...]
    sources: Mapping[str, SourceReference]
    terms: tuple[Term, ...]
    kolada: tuple[KoladaIndicator, ...]
    first_picture: FirstPicture


@cache
def load() -> Reference:
    """The reference data of the package, read and validated once."""
    return read(DATA)


def read(folder: Path) -> Reference:
    """The reference data of a folder. Raises BrokenFact with file, row and rule where it does not hold."""
    borders = read_borders(folder)
    geography = read_geography(folder, borders)
    sources = read_sources(folder)
    indicators = read_indicators(folder)
    measures = read_measures(folder, indicators, sources)
    published = read_published(folder, sources)
    return Reference(
        geography=geography,
        borders=borders,
        spots=read_spots(folder),
        population=read_population(folder, geography),
        indicators=indicators,
        measures=measures,
        local_measures=read_local_measures(folder, measures, geography, sources),
        published_figures=published,
        sources=sources,
        terms=read_terms(folder),
        kolada=read_kolada(folder),
        first_picture=read_first_picture(folder, indicators, {figure.series for figure in published}),
    )
