"""Statistics Sweden's PxWebApi, version 2: a table as JSON-stat 2, one number per region, sex and year."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any
from urllib.parse import urlencode

from lagesbild.core.figures import TOTAL

from .context import MISSING, ContextTable, Observation, Standing, Where, refused
from .fetching import Fetch, https, parsed

SOURCE = "SCB"
HOST = "statistikdatabasen.scb.se"
ROOT = f"https://{HOST}/api/v2"
MOST_CELLS = 150_000

PERTURBED_FROM = 2025
"""From this reference year SCB adds noise to its population tables, so their parts need not add up."""

_SEXES = {"1": "M", "2": "K", "1+2": TOTAL, "T": TOTAL}


def table(code: str, selection: Mapping[str, Sequence[str]], fetch: Fetch | None = None) -> ContextTable:
    """A table's cells by `Region`, `Tid` and perhaps `Kon`; every other variable must be one single value.

    Raises Refusal for more than 150,000 cells, or where SCB does not answer as it should.
    """
    fetch = fetch or https(HOST, SOURCE)
    chosen = [(f"valuecodes[{variable}]", ",".join(values)) for variable, values in selection.items()]
    query = urlencode([("lang", "sv"), ("outputFormat", "json-stat2"), *chosen])
    return read(parsed(fetch(f"{ROOT}/tables/{code}/data?{query}"), SOURCE), code)


def read(dataset: Any, code: str) -> ContextTable:
    """A JSON-stat 2 data set as a context table."""
    try:
        return ContextTable(SOURCE, code, dict(_observations(dataset)))
    except (KeyError, TypeError, ValueError, IndexError, AttributeError):
        raise refused("changed-format", SOURCE) from None


def _observations(dataset: Any) -> Iterator[tuple[Where, Observation]]:
    names, size = dataset["id"], dataset["size"]
    categories = [_categories(dataset["dimension"][name]["category"]) for name in names]
    if [len(codes) for codes in categories] != size or "Region" not in names or "Tid" not in names:
        raise ValueError("dimensions do not fit")
    values = _dense(dataset["value"], size)
    for cell, codes in enumerate(product(*categories)):
        yield (
            _where(dict(zip(names, codes, strict=True)), size, names),
            _observation(values[cell], codes[names.index("Tid")]),
        )


def _categories(category: Any) -> list[str]:
    """The codes of a dimension in order; JSON-stat may give them as a list or by position."""
    index = category.get("index", category.get("label"))
    return list(index) if isinstance(index, list) else sorted(index, key=index.get)


def _dense(values: Any, size: Sequence[int]) -> Sequence[float | None]:
    """Every cell in order. A cell that was left out is missing; one too few is a changed format."""
    cells = 1
    for each in size:
        cells *= each
    if cells > MOST_CELLS:
        raise ValueError("too many cells")
    if isinstance(values, dict):
        return [values.get(str(cell)) for cell in range(cells)]
    if len(values) != cells:
        raise ValueError("values do not fit")
    return list(values)


def _where(code_of: Mapping[str, str], size: Sequence[int], names: Sequence[str]) -> Where:
    for name, number in zip(names, size, strict=True):
        if name not in ("Region", "Tid", "Kon") and number != 1:
            raise ValueError("a variable that we do not know has several values")
    return code_of["Region"], code_of["Tid"], _SEXES[code_of["Kon"]] if "Kon" in code_of else TOTAL


def _observation(value: float | None, period: str) -> Observation:
    if value is None:
        return MISSING
    noisy = int(period[:4]) >= PERTURBED_FROM
    return Observation(float(value), Standing.PERTURBED if noisy else Standing.OBSERVED)
