"""Open data: where the files are, and the search index that the script reads."""

import json

from lagesbild.outside.addresses import slug
from lagesbild.outside.press import Files, Press


def files(press: Press, _: str) -> Files:
    words = press.words
    yield press.section_page(
        "data.html",
        "data",
        str(words("nav.data")),
        words("data.intro").striptags(),
        example=press.material.has_examples,
    )
    yield f"{press.language}/places.json", index(press)


def index(press: Press) -> bytes:
    """Name, plain spelling and address of every place, for the search script."""
    places = [
        [press.name(region), slug(region.name_sv), press.to.place(region)]
        for region in (*press.material.municipalities, *press.material.counties)
    ]
    return json.dumps(places, ensure_ascii=False, separators=(",", ":")).encode()
