"""Open data: where the files are, and the search index that the script reads."""

import json

from markupsafe import Markup

from lagesbild.core.region import Level
from lagesbild.outside.addresses import slug
from lagesbild.outside.known.alike import WEIGHTS, features
from lagesbild.outside.press import Files, Press
from lagesbild.outside.table import Head, Line, table
from lagesbild.outside.words import plain

ENDINGS = ("csv", "json", "xlsx")


def files(press: Press, _: str) -> Files:
    words = press.words
    yield press.section_page(
        "data.html",
        "data",
        str(words("nav.data")),
        plain(words("data.intro")),
        example=press.material.has_examples,
        files=_files(press),
    )
    yield f"{press.language}/places.json", index(press)
    yield f"{press.language}/likeness.json", likeness(press)


def _files(press: Press) -> Markup:
    """Every kind of file there is, with an address to try it on."""
    words, to, material = press.words, press.to, press.material
    example = material.reference.geography["2480"]
    known = [
        material.indicators[code]
        for code in material.readings.indicators
        if not material.indicators[code].categories
    ]
    found: list[tuple[Markup | str, list[tuple[str, str]]]] = [
        (words("data.of_place"), [(f"data.{end}", f"{to.place(example)}data.{end}") for end in ENDINGS]),
        (
            words("data.of_indicator"),
            [(each.code, f"{to('compare')}{each.code.lower()}.json") for each in known],
        ),
        (words("data.of_places"), [("places.json", f"{to.root}places.json")]),
        (words("data.of_likeness"), [("likeness.json", f"{to.root}likeness.json")]),
        (words("data.of_releases"), [("Atom", to("feed"))]),
    ]
    lines = [Line((holds, Markup(", ").join(_link(*each) for each in links))) for holds, links in found]
    heads = [Head(words("data.holds")), Head(words("data.file"))]
    return table(words("data.caption"), heads, lines)


def _link(name: str, path: str) -> Markup:
    return Markup('<a href="{}">{}</a>').format(path, name)


def index(press: Press) -> bytes:
    """Name, plain spelling and address of every place, for the search script."""
    places = [
        [press.name(region), slug(region.name_sv), press.to.place(region)]
        for region in (*press.material.municipalities, *press.material.counties)
    ]
    return json.dumps(places, ensure_ascii=False, separators=(",", ":")).encode()


def likeness(press: Press) -> bytes:
    """The public features behind "most alike", so that the weights can be changed without a server."""
    table, geography = features(press.material.reference), press.material.reference.geography
    rows = [
        [
            code,
            press.name(geography[code]),
            press.to.place(geography[code]),
            group.code if (group := geography.larger(code, Level.SKR_GROUP)) else "",
            [round(value, 4) for value in values],
        ]
        for code, values in zip(table.codes, table.values.tolist(), strict=True)
    ]
    document = {
        "names": table.names,
        "labels": [[name, str(press.words(f"alike.w_{name}"))] for name in WEIGHTS],
        "weights": WEIGHTS,
        "rows": rows,
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
