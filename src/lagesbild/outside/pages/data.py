"""Open data: where the files are, and the search index that the script reads."""

import json

from lagesbild.core.region import Level
from lagesbild.outside.addresses import slug
from lagesbild.outside.known.alike import WEIGHTS, features
from lagesbild.outside.press import Files, Press
from lagesbild.outside.words import plain


def files(press: Press, _: str) -> Files:
    words = press.words
    yield press.section_page(
        "data.html",
        "data",
        str(words("nav.data")),
        plain(words("data.intro")),
        example=press.material.has_examples,
    )
    yield f"{press.language}/places.json", index(press)
    yield f"{press.language}/likeness.json", likeness(press)


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
