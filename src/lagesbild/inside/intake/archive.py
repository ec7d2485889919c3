"""Our own check of a workbook's zip, before anything in it is unpacked."""

import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO
from xml.parsers import expat

from .reading import unreadable

MOST_PARTS = 1_000
MOST_BYTES = 256 << 20
MOST_RATIO = 200
SMALL = 1 << 20
"""Parts below this size may compress as well as they like."""

_CHUNK = 1 << 16
_END = 22
"""Bytes of a zip's last record when it carries no comment."""

_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, struct.error, expat.ExpatError),
    *(OSError, EOFError, ValueError, LookupError, RuntimeError),
)
"""What reading a broken zip or broken XML can raise."""

_NEEDED = re.compile(
    r"\[content_types\]\.xml|_rels/\.rels|docprops/(core|app|custom)\.xml|docmetadata/[^/]+\.xml"
    r"|customxml/(_rels/)?[^/]+\.(xml|rels)|docprops/_rels/[^/]+\.rels"
    r"|xl/workbook\.xml|xl/_rels/workbook\.xml\.rels|xl/(styles|sharedstrings|calcchain|metadata)\.xml"
    r"|xl/theme/[^/]+|xl/worksheets/[^/]+\.xml|xl/worksheets/_rels/[^/]+\.rels|xl/tables/[^/]+\.xml"
    r"|xl/printersettings/printersettings\d+\.bin|xl/drawings/drawing\d+\.xml"
    r"|(_rels|docprops|docmetadata|customxml|xl)/([a-z_]+/)*"
)
"""Parts that an ordinary workbook has."""

_UNWANTED = (
    ("unknown-kind", re.compile(r"mimetype|content\.xml|xl/workbook\.bin|word/.*|ppt/.*")),
    ("macros", re.compile(r"xl/(vba|macrosheets|activex|ctrlprops).*|.*\.bin")),
    ("external-links", re.compile(r"xl/(externallinks/.*|connections\.xml|querytables/.*)")),
    ("embedded", re.compile(r"xl/embeddings/.*|.*\.(zip|xlsx|docx|pdf|exe|ole)")),
    ("comments", re.compile(r"xl/(comments.*|threadedcomments/.*|persons/.*|drawings/vml.*)")),
    ("pivot", re.compile(r"xl/(pivot.*|slicer.*|timeline.*|model/.*)")),
    (
        "drawing",
        re.compile(r"xl/(media|drawings|charts|chartsheets|diagrams|richdata|ink)/.*|docprops/thumb.*"),
    ),
)


class Workbook:
    """A checked zip: its parts are found whatever their case, and read as XML without a DOCTYPE."""

    def __init__(self, file: IO[bytes]) -> None:
        try:
            self._zip = zipfile.ZipFile(file)
        except _BROKEN:
            raise unreadable("unreadable") from None
        self._parts = {part.filename.lower(): part for part in self._zip.infolist()}
        self._check()
        _check_end(file)
        for name in self._parts:
            if name.startswith("xl/drawings/") and self._holds_more_than_its_root(name):
                raise unreadable("drawing")

    def _check(self) -> None:
        parts = self._zip.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_BYTES:
            raise unreadable("too-large")
        if len(parts) != len(self._parts):
            raise unreadable("unreadable")
        for part in parts:
            _check_part(part)

    def _holds_more_than_its_root(self, name: str) -> bool:
        """Some programs write an empty drawing for every sheet; that one is no picture."""
        elements: list[str] = []
        parser = expat.ParserCreate()
        parser.StartElementHandler = lambda element, _: elements.append(element)
        self.parse(name, parser)
        return len(elements) > 1

    @property
    def names(self) -> list[str]:
        """Its parts, in lower case."""
        return list(self._parts)

    @property
    def notes(self) -> Iterator[str]:
        """What the zip notes beside its parts, and the printer's settings, as text."""
        for part in self._zip.infolist():
            raw = self._zip.read(part) if part.filename.endswith(".bin") and part.file_size < SMALL else b""
            for note in (part.extra, raw):
                yield note.replace(b"\0", b"").decode("latin-1")

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._parts

    def parse(self, name: str, parser: expat.XMLParserType) -> None:
        """Feed a whole part to a parser. Raises Unreadable for anything but well-formed, plain XML."""
        for _ in self.parsing(name, parser):
            pass

    def parsing(self, name: str, parser: expat.XMLParserType) -> Iterator[None]:
        """Feed a part to a parser piece by piece; the caller may look at what it found in between."""
        parser.StartDoctypeDeclHandler = _refuse_doctype
        try:
            with self._zip.open(self._parts[name.lower()]) as part:
                while piece := part.read(_CHUNK):
                    parser.Parse(piece, False)
                    yield
            parser.Parse(b"", True)
        except _BROKEN:
            raise unreadable("unreadable") from None
        yield


def _check_end(file: IO[bytes]) -> None:
    """Nothing follows the zip's own end, where no reader would look."""
    file.seek(-_END, os.SEEK_END)
    if file.read(4) != b"PK\x05\x06":
        raise unreadable("hidden-text")


def _check_part(part: zipfile.ZipInfo) -> None:
    name = part.filename.lower()
    if stat.S_ISLNK(part.external_attr >> 16) or ".." in name or name.startswith("/") or "\\" in name:
        raise unreadable("unknown-part")
    if part.flag_bits & 1 or part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise unreadable("unknown-kind")
    if part.file_size > SMALL and part.file_size > MOST_RATIO * part.compress_size:
        raise unreadable("too-large")
    if part.comment:
        raise unreadable("hidden-text")
    if not _NEEDED.fullmatch(name):
        raise unreadable(next((rule for rule, names in _UNWANTED if names.fullmatch(name)), "unknown-part"))


def _refuse_doctype(*_: object) -> None:
    raise unreadable("xml-doctype")
