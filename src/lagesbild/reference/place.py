"""Municipalities, counties, police regions, SKR groups, and who is whose neighbour."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast, get_args

from lagesbild.core.language import Text
from lagesbild.core.region import NATION, Geography, Level, Region

from .fact import BrokenFact, Row, rows, unique

Way = Literal["land", "bridge", "ferry"]


@dataclass(frozen=True)
class Border:
    """Two neighbouring municipalities; by bridge or ferry where the map shows no border on land."""

    a: str
    b: str
    by: Way
    km: float | None
    note: Text | None


@dataclass(frozen=True)
class Spot:
    """Where a municipality's name is written (WGS 84 degrees), and its land area in km², simplified."""

    latitude: float
    longitude: float
    area_km2: float


def read_geography(folder: Path, borders: tuple[Border, ...]) -> Geography:
    """All 290 + 21 + 7 + 9 + 1 places, each within the larger ones, with symmetric neighbours."""
    groups = _groups(folder)
    police = _police_regions(folder)
    counties = _counties(folder, police)
    municipalities = _municipalities(folder, counties, groups)
    regions = (
        *municipalities,
        *counties.values(),
        *police.values(),
        *groups.values(),
        Region(NATION, Level.NATION, "Riket", "Sweden"),
    )
    return Geography(regions, _neighbours(municipalities, borders))


def read_borders(folder: Path) -> tuple[Border, ...]:
    found = rows(folder, "neighbour.csv", "a b by border_km note*")
    unique(found, "a", "b")
    return tuple(_border(row) for row in found)


def read_spots(folder: Path) -> dict[str, Spot]:
    found = rows(folder, "label_point.csv", "code area_km2 latitude longitude")
    unique(found, "code")
    return {
        row.text("code"): Spot(row.real("latitude"), row.real("longitude"), row.real("area_km2"))
        for row in found
    }


def _border(row: Row) -> Border:
    way, km, note = row.text("by"), row.maybe_real("border_km"), row.maybe_words("note")
    row.require(way in get_args(Way), "neighbours meet by land, bridge or ferry")
    row.require((way == "land") is (km is not None), "a border on land has a length, any other none")
    row.require(way == "land" or note is not None, "a neighbour by bridge or ferry has a note")
    row.require(row.text("a") < row.text("b"), "a comes before b")
    return Border(row.text("a"), row.text("b"), cast(Way, way), km, note)


def _groups(folder: Path) -> dict[str, Region]:
    found = rows(folder, "skr_group.csv", "code name* municipalities source_id")
    unique(found, "code")
    return {row.text("code"): _region(row, Level.SKR_GROUP, NATION) for row in found}


def _police_regions(folder: Path) -> dict[str, Region]:
    found = rows(folder, "police_region.csv", "code name* counties source_id")
    unique(found, "code")
    return {row.text("code"): _region(row, Level.POLICE_REGION, NATION) for row in found}


def _counties(folder: Path, police: dict[str, Region]) -> dict[str, Region]:
    found = rows(folder, "county.csv", "code name* police_region source_id")
    unique(found, "code")
    for row in found:
        row.require(row.text("police_region") in police, "the police region is known")
    _same_counties(folder, found)
    return {row.text("code"): _region(row, Level.COUNTY, row.text("police_region"), NATION) for row in found}


def _same_counties(folder: Path, counties: list[Row]) -> None:
    stated = {(row.text("police_region"), row.text("code")) for row in counties}
    for row in rows(folder, "police_region.csv", "code name* counties source_id"):
        own = {county for region, county in stated if region == row.text("code")}
        row.require(set(row.codes("counties")) == own, "counties are those that name this police region")


def _municipalities(
    folder: Path, counties: dict[str, Region], groups: dict[str, Region]
) -> tuple[Region, ...]:
    found = rows(folder, "municipality.csv", "code name county police_region skr_group")
    unique(found, "code")
    unique(found, "name")
    for row in found:
        county = row.text("county")
        row.require(county in counties, "the county is known")
        row.require(row.text("code").startswith(county), "the code starts with that of the county")
        row.require(
            row.text("police_region") in counties[county].within, "the police region is that of the county"
        )
        row.require(row.text("skr_group") in groups, "the SKR group is known")
    _stated_sizes(folder, Counter(row.text("skr_group") for row in found))
    return tuple(
        Region(
            row.text("code"),
            Level.MUNICIPALITY,
            row.text("name"),
            row.text("name"),
            (row.text("county"), row.text("police_region"), row.text("skr_group"), NATION),
        )
        for row in found
    )


def _stated_sizes(folder: Path, counted: Counter[str]) -> None:
    for row in rows(folder, "skr_group.csv", "code name* municipalities source_id"):
        row.require(
            counted[row.text("code")] == row.whole("municipalities"),
            "the group has as many members as stated",
        )


def _neighbours(
    municipalities: tuple[Region, ...], borders: tuple[Border, ...]
) -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {region.code: set() for region in municipalities}
    for border in borders:
        if not {border.a, border.b} <= found.keys():
            raise BrokenFact("neighbour.csv", None, "both neighbours are known municipalities")
        found[border.a].add(border.b)
        found[border.b].add(border.a)
    if not all(found.values()):
        raise BrokenFact("neighbour.csv", None, "every municipality has a neighbour")
    return {code: tuple(sorted(near)) for code, near in found.items()}


def _region(row: Row, level: Level, *within: str) -> Region:
    return Region(row.text("code"), level, row.text("name_sv"), row.text("name_en"), within)
