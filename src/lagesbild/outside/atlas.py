"""The map of the country with what belongs to it: finding, legend, insets, tiles, the map in words."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup, escape

from lagesbild.core.figures import Origin, State
from lagesbild.core.region import NATION, Region
from lagesbild.outside.drawing import maps
from lagesbild.outside.numbers import alphabetical
from lagesbild.outside.press import Press
from lagesbild.outside.words import plain

Legend = tuple[tuple[str, Markup], ...]


@dataclass(frozen=True)
class Atlas:
    """One map as drawn: the finding is its heading, the caption its source. `counties` feed the zoom."""

    finding: Markup
    svg: Markup
    legend: Legend
    insets: tuple[tuple[str, Markup], ...]
    tiles: Markup
    caption: Markup
    origin: Origin
    counties: str


def atlas(
    press: Press,
    styles: Mapping[str, str],
    legend: Legend,
    *,
    finding: Markup,
    caption: Markup,
    origin: Origin,
    labels: Mapping[str, str] | None = None,
) -> Atlas:
    """The country, its three metropolitan areas enlarged, and the same as equal squares.

    `labels` make the map a way to the places, each link with its label.
    """
    material, words = press.material, press.words
    summary = Markup(", ").join(text for _, text in legend)
    description = str(words("map.desc", summary=summary))
    ways = (
        {place.code: (press.to.place(place), labels[place.code]) for place in material.municipalities}
        if labels
        else None
    )
    svg = maps.draw(
        material.sheets[NATION],
        styles,
        name="map",
        title=plain(finding),
        description=description,
        links=ways,
    )
    insets = tuple(
        (
            str(words(f"map.{area}")),
            maps.draw(
                material.sheets[area],
                styles,
                name=f"map-{area}",
                title=str(words(f"map.{area}")),
                description=str(words("map.insets")),
            ),
        )
        for area in maps.METROPOLITAN
    )
    tiles = maps.draw_tiles(
        material.tiles, styles, name="tiles", title=plain(finding), description=description
    )
    named = [(place.code, press.name(place)) for place in sorted_places(press, material.counties)]
    counties = json.dumps(named, ensure_ascii=False)
    return Atlas(finding, svg, legend, insets, tiles, caption, origin, counties)


def text_map(press: Press, statuses: Mapping[str, Markup | str]) -> Markup:
    """County by county: each municipality with its status, and its neighbours with theirs."""
    return Markup("").join(
        _county(press, county, statuses) for county in sorted_places(press, press.material.counties)
    )


def _county(press: Press, county: Region, statuses: Mapping[str, Markup | str]) -> Markup:
    members = sorted_places(press, press.material.reference.geography.members(county.code))
    items = "".join(_member(press, place, statuses) for place in members)
    return Markup(f"<details><summary>{escape(press.name(county))}</summary><ul>{items}</ul></details>")


def _member(press: Press, place: Region, statuses: Mapping[str, Markup | str]) -> str:
    geography = press.material.reference.geography
    near = [geography[code] for code in geography.neighbours.get(place.code, ())]
    told = [f"{', '.join(names)} ({status})" for status, names in _by_status(press, near, statuses).items()]
    borders = press.words("map.borders", places=", ".join(told)) if told else ""
    link = f'<a href="{escape(press.to.place(place))}">{escape(press.name(place))}</a>'
    return f"<li>{link}: <b>{escape(statuses[place.code])}</b>; {borders}</li>"


def _by_status(
    press: Press, places: list[Region], statuses: Mapping[str, Markup | str]
) -> dict[Markup | str, list[str]]:
    """The places of one status stand together, so that it is said once."""
    found: dict[Markup | str, list[str]] = {}
    for place in sorted_places(press, places):
        found.setdefault(statuses[place.code], []).append(press.name(place))
    return found


def sorted_places(press: Press, places: "tuple[Region, ...] | list[Region]") -> list[Region]:
    return sorted(places, key=lambda place: alphabetical(press.name(place)))


def plain_state(press: Press, state: State) -> Markup:
    """What is known of a place, in words."""
    key = {State.VALUE: "value", State.PROTECTED: "protected", State.NO_PICTURE: "none"}
    return press.words(f"state.{key.get(state, 'inapplicable')}")
