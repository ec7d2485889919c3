"""Kolada's API, version 3: one key figure for Sweden's municipalities.

Version 2 is retired. Among the 312 "municipalities" are the country and the regions: only type K counts.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

from lagesbild.core.figures import TOTAL
from lagesbild.core.region import Geography, Level

from .context import MISSING, ContextTable, Observation, Standing, Where, refused
from .fetching import Fetch, https, parsed, require_host

SOURCE = "Kolada"
HOST = "api.kolada.se"
ROOT = f"https://{HOST}/v3"
MOST_PAGES = 1_000
IDS_AT_ONCE = 25

_SEXES = {"T": TOTAL, "K": "K", "M": "M", None: TOTAL}


def figures(kpi: str, years: Sequence[int], geography: Geography, fetch: Fetch | None = None) -> ContextTable:
    """A key figure by municipality, year and sex. Raises Refusal where Kolada does not answer as it should.

    A municipality and year without a row are not in the table: see `ContextTable.absent`.
    """
    fetch = fetch or https(HOST, SOURCE)
    known = {region.code for region in geography.at(Level.MUNICIPALITY)}
    places = municipalities(fetch) & known
    found: dict[Where, Observation] = {}
    for start in range(0, len(years), IDS_AT_ONCE):
        some = [("year", year) for year in years[start : start + IDS_AT_ONCE]]
        query = urlencode([("kpi_id", kpi), ("region_type", "municipality"), *some])
        for row in _rows(f"{ROOT}/data/?{query}", fetch):
            if row["municipality"] in places:
                found.update(_observations(row, kpi))
    return ContextTable(SOURCE, kpi, found)


def municipalities(fetch: Fetch) -> set[str]:
    """The ids that are municipalities."""
    return {row["id"] for row in _rows(f"{ROOT}/municipality?per_page=5000", fetch) if row["type"] == "K"}


def title(kpi: str, fetch: Fetch) -> str:
    """What Kolada calls the key figure today."""
    return next((str(row["title"]) for row in _rows(f"{ROOT}/kpi/{kpi}", fetch) if row["id"] == kpi), "")


def _rows(address: str | None, fetch: Fetch) -> Iterator[dict[str, Any]]:
    """The rows of all pages. The next page's address comes from outside: it must stay on the host."""
    seen: set[str] = set()
    while address:
        require_host(address, HOST, SOURCE)
        if address in seen or len(seen) >= MOST_PAGES:
            raise refused("changed-format", SOURCE)
        seen.add(address)
        page = parsed(fetch(address), SOURCE)
        if not isinstance(page, dict) or not isinstance(page.get("values"), list):
            raise refused("changed-format", SOURCE)
        yield from _checked(page["values"])
        address = page.get("next_url")
        if not isinstance(address, str | None):
            raise refused("changed-format", SOURCE)


def _checked(rows: Iterable[Any]) -> Iterator[dict[str, Any]]:
    for row in rows:
        if not isinstance(row, dict) or not (
            {"municipality", "period", "values"} <= row.keys() or "id" in row
        ):
            raise refused("changed-format", SOURCE)
        yield row


def _observations(row: dict[str, Any], kpi: str) -> Iterator[tuple[Where, Observation]]:
    try:
        if row["kpi"] != kpi:
            raise refused("changed-format", SOURCE)
        for each in row["values"]:
            if not each.get("isdeleted"):
                where = (str(row["municipality"]), str(int(row["period"])), _SEXES[each["gender"]])
                yield where, _observation(each["value"])
    except (KeyError, TypeError, ValueError, AttributeError):
        raise refused("changed-format", SOURCE) from None


def _observation(value: float | None) -> Observation:
    return MISSING if value is None else Observation(float(value), Standing.OBSERVED)
