"""Frozen addresses: what a release said of each place, with its sealed files, under `/r/<number>/` for ever.

These pages are made from the sealed release and place names alone, and link relatively. Once written they are
taken over from site to site as they are: newer templates, words or releases never touch them.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from markupsafe import Markup

from lagesbild.core.figures import TOTAL, Figure, Figures, Key
from lagesbild.core.language import Text
from lagesbild.core.period import Period
from lagesbild.core.refusal import Finding, Place, Refusal
from lagesbild.core.region import Level, Region
from lagesbild.outside.addresses import FROZEN, slug
from lagesbild.outside.atlas import sorted_places
from lagesbild.outside.press import Files, Press
from lagesbild.outside.table import Head, Line, table
from lagesbild.release.contents import Release
from lagesbild.release.seal import MANIFEST, SIGNATURE

DATA = "data/"
"""Where the sealed files lie below the frozen address, as `lagesbild-outside verify` takes them."""


def take_over(sealed: Mapping[str, Mapping[str, bytes]], old: Path, new: Path) -> frozenset[str]:
    """Everything frozen in the old site, untouched, in the new one; the numbers that are there.

    Raises Refusal where the old site has another release under a number of the shelf's.
    """
    found = set()
    for manifest in sorted((old / FROZEN).glob(f"*/{DATA}{MANIFEST}")):
        folder = manifest.parent.parent
        ours = next((files for number, files in sealed.items() if slug(number) == folder.name), None)
        if ours is not None and ours[MANIFEST] != manifest.read_bytes():
            raise Refusal(_other(folder.name))
        for path in sorted(each for each in folder.rglob("*") if each.is_file()):
            target = new / path.relative_to(old)
            target.parent.mkdir(parents=True, exist_ok=True)
            os.link(path, target)
        found.add(folder.name)
    return frozenset(found)


def data(sealed: Mapping[str, Mapping[str, bytes]], number: str) -> Files:
    """The sealed files of a release."""
    for name, content in sealed.get(number, {}).items():
        yield f"{FROZEN}/{slug(number)}/{DATA}{name}", content


def files(press: Press, number: str) -> Files:
    """The frozen pages of one release: what it is, and one page for each place that it has cells of."""
    release = next(each for each in press.material.releases if each.number == number)
    places = [region for region in press.material.reference.geography.regions if has(release, region.code)]
    account = _account(press, release, places)
    yield _print(press, release, None, "frozen_release.html", **account)
    for place in places:
        yield _print(
            press,
            release,
            place,
            "frozen.html",
            name=press.name(place),
            up=press.to.frozen(number),
            living=press.to.place(place),
            tables=[
                _table(press, release, code, place)
                for code, figures in release.figures.items()
                if place.code in figures.regions
            ],
        )


def has(release: Release, place: str) -> bool:
    """Whether a release has a cell of a place."""
    return any(place in figures.regions for figures in release.figures.values())


def _account(press: Press, release: Release, places: list[Region]) -> dict[str, object]:
    numbers, audit = press.numbers, release.audit
    sealed = press.material.sealed.get(release.number, {})
    return {
        "audit": press.words(
            "releases.audit_text",
            cells=numbers.whole(audit.cells),
            published=numbers.whole(audit.published),
            hidden=numbers.whole(audit.hidden),
            narrow=numbers.whole(audit.unsafe_too_narrow),
        ),
        "living": press.to.release(release.number),
        "places": [
            (
                press.words(f"frozen.{level}"),
                [
                    (press.name(place), press.to.frozen(release.number, place))
                    for place in sorted_places(press, [each for each in places if each.level is level])
                ],
            )
            for level in Level
            if any(each.level is level for each in places)
        ],
        "files": sorted(sealed),
        "signature": sealed[SIGNATURE].decode() if sealed else "",
        "data": f"{press.base}{FROZEN}/{slug(release.number)}/{DATA}",
        "revisions": [
            (
                release.indicators[each.indicator].name.in_(press.language),
                numbers.whole(each.changed),
                each.reason,
            )
            for each in release.revisions
        ],
    }


def _print(
    press: Press, release: Release, place: Region | None, template: str, **context: object
) -> tuple[str, bytes]:
    """A page whose links all begin where it lies itself, so that it outlives a move of the site."""
    path = press.to.frozen(release.number, place).removeprefix(press.base)

    def link(address: str) -> str:
        return "../" * path.count("/") + address.removeprefix(press.base)

    twin = press.to.other.frozen(release.number, place)
    html = press.environment.get_template(template).render(shown=release, link=link, twin=twin, **context)
    return path + "index.html", html.encode()


def _table(press: Press, release: Release, code: str, place: Region) -> Markup:
    """All that the release has of one indicator in one place; sex and age where it tells of them."""
    words, figures = press.words, release.figures[code]
    cells = _cells(figures, place.code)
    split = any((key.sex, key.age) != (TOTAL, TOTAL) for key, _ in cells)
    heads = [
        Head(words("table.period")),
        *([Head(words("frozen.sex")), Head(words("frozen.age"))] if split else []),
        Head(words("table.count"), number=True),
    ]
    lines = [
        Line(
            (
                press.numbers.short_period(key.period),
                *(_group(press, key) if split else ()),
                _said(press, release, code, figure),
            )
        )
        for key, figure in cells
    ]
    return table(
        release.indicators[code].name.in_(press.language) + press.example(figures.origin), heads, lines
    )


def _group(press: Press, key: Key) -> tuple[Markup | str, Markup | str]:
    return (
        press.words(f"frozen.sex_{key.sex}"),
        press.words("frozen.all") if key.age == TOTAL else key.age.replace("-", "–"),
    )


def _cells(figures: Figures, place: str) -> list[tuple[Key, Figure]]:
    found = [(key, figure) for key, figure in figures if key.region == place]
    return sorted(found, key=lambda each: (Period.parse(each[0].period), *each[0][2:]))


def _said(press: Press, release: Release, code: str, figure: Figure) -> Markup | str:
    if figure.value is None:
        return press.cells.state(figure.state)
    answer: Text | None = release.indicators[code].categories.get(figure.value)
    return answer.in_(press.language) if answer else press.numbers.whole(figure.value)


def _other(number: str) -> Finding:
    return Finding(
        "other-release",
        Text(
            "Den frusna adressen hör till en annan publicering än hyllans.",
            "The frozen address belongs to another release than the shelf's.",
        ),
        Text(
            "Bygg i en annan mapp, eller ta reda på vilken hylla som är den rätta.",
            "Build in another folder, or find out which shelf is the right one.",
        ),
        Place(file=f"{FROZEN}/{number}"),
    )
