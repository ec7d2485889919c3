"""Where each page lives, in both languages. An address is a promise: it never changes meaning."""

import re
from dataclasses import dataclass

from lagesbild.core.indicator import Indicator
from lagesbild.core.language import Language, Text
from lagesbild.core.region import Level, Region

PLAIN = str.maketrans("åäöéüÅÄÖÉÜ", "aaoeuaaoeu")

SECTIONS = {
    "start": Text("", ""),
    "places": Text("kommuner/", "municipalities/"),
    "indicators": Text("indikatorer/", "indicators/"),
    "measures": Text("insatser/", "measures/"),
    "compare": Text("jamfor/", "compare/"),
    "learn": Text("lar-av/", "learn-from/"),
    "umea": Text("lar-av/umea/", "learn-from/umea/"),
    "first": Text("forsta-bilden/", "first-picture/"),
    "method": Text("metod/", "method/"),
    "protection": Text("skydd/", "protection/"),
    "real": Text("akta-och-exempel/", "real-and-example/"),
    "published": Text("publicerade-siffror/", "published-figures/"),
    "data": Text("data/", "data/"),
    "glossary": Text("ordlista/", "glossary/"),
    "accessibility": Text("tillganglighet/", "accessibility/"),
    "releases": Text("publiceringar/", "releases/"),
    "feed": Text("publiceringar/flode.atom", "releases/feed.atom"),
}
LEVELS = {
    Level.MUNICIPALITY: Text("kommun", "municipality"),
    Level.COUNTY: Text("lan", "county"),
    Level.POLICE_REGION: Text("polisregion", "police-region"),
    Level.SKR_GROUP: Text("kommungrupp", "municipality-group"),
}
PARTS = {
    "extent": Text("omfattning/", "extent/"),
    "trend": Text("utveckling/", "trend/"),
    "done": Text("insatser/", "measures/"),
    "effect": Text("effekt/", "effect/"),
    "cost": Text("kostnad/", "cost/"),
    "alike": Text("liknande/", "most-alike/"),
    "first": Text("forsta-bilden/", "first-picture/"),
    "card": Text("kort/", "card/"),
}
FROZEN = "r"
"""Below this, and below a release's number, addresses keep not only their meaning but their bytes."""


def slug(name: str) -> str:
    """upplands-vasby for Upplands Väsby."""
    return re.sub(r"[^a-z0-9]+", "-", name.translate(PLAIN).lower()).strip("-")


@dataclass(frozen=True)
class Addresses:
    """Builds the paths of one language, below the base path of the site."""

    language: Language
    base: str = "/"

    def __call__(self, section: str) -> str:
        return f"{self.root}{SECTIONS[section].in_(self.language)}"

    @property
    def root(self) -> str:
        return f"{self.base}{self.language}/"

    @property
    def other(self) -> "Addresses":
        return Addresses("en" if self.language == "sv" else "sv", self.base)

    def place(self, region: Region, part: str = "") -> str:
        tail = PARTS[part].in_(self.language) if part else ""
        if region.level is Level.NATION:
            return f"{self.root}{'riket' if self.language == 'sv' else 'country'}/{tail}"
        level = LEVELS[region.level].in_(self.language)
        name = (
            region.name_sv.removesuffix(" län").removesuffix("s")
            if self._is_county(region)
            else region.name_sv
        )
        return f"{self.root}{level}/{region.code.lower()}-{slug(name)}/{tail}"

    def indicator(self, indicator: Indicator) -> str:
        word = "indikator" if self.language == "sv" else "indicator"
        name = slug(indicator.name.in_(self.language))
        return f"{self.root}{word}/{indicator.code.lower()}-{name}/"

    def place_indicator(self, region: Region, indicator: Indicator) -> str:
        word = "indikator" if self.language == "sv" else "indicator"
        name = slug(indicator.name.in_(self.language))
        return f"{self.place(region)}{word}/{indicator.code.lower()}-{name}/"

    def release(self, number: str) -> str:
        word = "publicering" if self.language == "sv" else "release"
        return f"{self.root}{word}/{slug(number)}/"

    def frozen(self, number: str, place: Region | None = None) -> str:
        """What one release said of a place, or the release itself: never changed afterwards."""
        living = self.place(place) if place else self.root
        return f"{self.base}{FROZEN}/{slug(number)}/{living.removeprefix(self.base)}"

    def static(self, name: str) -> str:
        return f"{self.base}static/{name}"

    @staticmethod
    def _is_county(region: Region) -> bool:
        return region.level is Level.COUNTY
