"""The gate before paper: a document that somebody could not have read aloud is refused.

WeasyPrint writes a tagged file from whatever it is given. So the document itself is asked first: language,
title, an alternative text for every picture, a caption and scopes for every table, headings in order.
"""

from collections.abc import Iterator
from html.parser import HTMLParser

from lagesbild.core.language import Text
from lagesbild.core.refusal import Finding, Place, Refusal

FAULTS = {
    "P1": Text("Dokumentet saknar språk.", "The document has no language."),
    "P2": Text("Dokumentet saknar titel.", "The document has no title."),
    "P3": Text("En bild saknar alternativtext.", "A picture has no alternative text."),
    "P4": Text("En tabell saknar rubrik.", "A table has no caption."),
    "P5": Text("En tabellrubrik saknar riktning (scope).", "A table heading has no scope."),
    "P6": Text("En rubriknivå hoppas över.", "A level of heading is skipped."),
    "P7": Text("Dokumentet ska ha en huvudrubrik.", "The document must have one main heading."),
}
REMEDY = Text("Rätta mallen. Inget skrevs.", "Mend the template. Nothing was written.")


class Unreadable(Refusal):
    """A document that is not for everybody is not written (exit 3)."""


def require(html: str, name: str = "") -> None:
    """Pass a document that can be read by everybody. Raises Unreadable with every fault and its line."""
    reader = _Reader(name)
    reader.feed(html)
    reader.close()
    found = [*reader.found, *reader.missing()]
    if found:
        raise Unreadable(*found)


class _Reader(HTMLParser):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.found: list[Finding] = []
        self.language = self.title = ""
        self.in_caption = False
        self.heading = self.main_headings = 0
        self.tables: list[bool] = []
        self.pictures: list[bool] = []
        self.text_of = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {key: (value or "").strip() for key, value in attrs}
        self.text_of = tag
        if tag == "html":
            self.language = told.get("lang", "")
        elif tag == "img" and not told.get("alt"):
            self._fault("P3")
        elif tag == "svg":
            inner = bool(self.pictures)  # a drawing inside a drawing is part of it
            self.pictures.append(inner or told.get("aria-hidden") == "true")
        elif tag == "table":
            self.tables.append(False)
        elif tag == "caption":
            self.in_caption = True
        elif tag == "th" and told.get("scope") not in ("row", "col", "rowgroup", "colgroup"):
            self._fault("P5")
        elif len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            self._step(int(tag[1]))

    def handle_data(self, data: str) -> None:
        if not data.strip():
            return
        if self.text_of == "title" and self.pictures:
            self.pictures[-1] = True
        elif self.text_of == "title":
            self.title += data
        if self.tables and self.in_caption:
            self.tables[-1] = True

    def handle_endtag(self, tag: str) -> None:
        self.text_of = ""
        self.in_caption = self.in_caption and tag != "caption"
        if tag == "svg" and self.pictures and not self.pictures.pop():
            self._fault("P3")
        elif tag == "table" and self.tables and not self.tables.pop():
            self._fault("P4")

    def missing(self) -> Iterator[Finding]:
        """What the whole document lacks."""
        if self.language not in ("sv", "en"):
            yield self._finding("P1", None)
        if not self.title.strip():
            yield self._finding("P2", None)
        if self.main_headings != 1:
            yield self._finding("P7", None)

    def _step(self, level: int) -> None:
        self.main_headings += level == 1
        if level > self.heading + 1:
            self._fault("P6")
        self.heading = level

    def _fault(self, code: str) -> None:
        self.found.append(self._finding(code, self.getpos()[0]))

    def _finding(self, code: str, row: int | None) -> Finding:
        return Finding(code, FAULTS[code], REMEDY, Place(file=self.name, row=row))
