"""Places: municipality, county, police region, SKR group, country, and which lies in which."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType


class Level(StrEnum):
    """Levels from fine to coarse. SKR groups and police regions are groupings beside the counties."""

    MUNICIPALITY = "municipality"
    COUNTY = "county"
    POLICE_REGION = "police_region"
    SKR_GROUP = "skr_group"
    NATION = "nation"


NATION = "00"


@dataclass(frozen=True)
class Region:
    """One place. `within` holds the codes of every larger place that holds this one whole."""

    code: str
    level: Level
    name_sv: str
    name_en: str
    within: tuple[str, ...] = ()


@dataclass(frozen=True)
class Geography:
    """All places by code, the larger ones they lie in, and which municipalities are neighbours."""

    regions: tuple[Region, ...]
    neighbours: Mapping[str, tuple[str, ...]]

    @cached_property
    def by_code(self) -> Mapping[str, Region]:
        return MappingProxyType({region.code: region for region in self.regions})

    def __getitem__(self, code: str) -> Region:
        return self.by_code[code]

    def __contains__(self, code: object) -> bool:
        return code in self.by_code

    def at(self, level: Level) -> tuple[Region, ...]:
        return tuple(region for region in self.regions if region.level is level)

    def larger(self, code: str, level: Level) -> Region | None:
        """The place of that level in which `code` lies, if any."""
        found = [self[other] for other in self[code].within if self[other].level is level]
        return found[0] if found else None

    def members(self, code: str, level: Level = Level.MUNICIPALITY) -> tuple[Region, ...]:
        """The places of that level that lie in `code`."""
        return self._members.get((code, level), ())

    @cached_property
    def _members(self) -> Mapping[tuple[str, Level], tuple[Region, ...]]:
        members: dict[tuple[str, Level], list[Region]] = {}
        for region in self.regions:
            for code in region.within:
                members.setdefault((code, region.level), []).append(region)
        return {key: tuple(found) for key, found in members.items()}
