"""What a workbook carries beside its cells: properties, page headers, number formats, rules, names, comments.

None of it is kept. But a file that is handed around with a person's number in its footer is a leak all the
same, so every text is shown to the gate together with the rule that it breaks unless its words are ordinary.
"""

import re
from collections.abc import Callable
from xml.parsers import expat

from .archive import Workbook
from .personal import LONGEST
from .program_words import could_be_a_name, has_a_word
from .reading import Beside, unreadable

STRUCTURE = "structure"
"""Names and settings that programs write: only numbers of persons and e-mail addresses are looked for."""

AUTHOR = "author"
"""Who made the workbook, and where it lay: only numbers of persons are looked for."""

NAME = "name"
"""What programs call styles, themes and fonts, and document libraries note: two words must be known ones, and
so must the single word that somebody called a style of her own."""

MOST = 3_000

_LITERAL = re.compile(r'"((?:[^"]|"")*)"')
_LITERAL_OF_FORMAT = re.compile(r'"([^"]*)"|((?:\\.)+)')
_PAGE_FIELD = re.compile(r'&"[^"]*"|&K(?:[0-9A-F]{6}|\d\d[+-]\d{3})|&\d{1,3}|&.')
_LONG = re.compile(r"@|\d(?:\D*\d){8}")
_FRACTION = re.compile(r"-?\d*\.\d+(?:[eE][-+]?\d+)?")
_SETTINGS = frozenset(("sqref", "spans", "Ignorable", "ref", "activeCell", "Requires"))
_AUTHORS = frozenset(("creator", "lastModifiedBy", "Company", "url"))
_PROPERTIES = frozenset(
    ("title", "subject", "keywords", "description", "category", "contentStatus", "Manager", "HyperlinkBase")
)
_PROGRAMS_OWN = re.compile(
    r"MSIP_|ContentTypeId|_dlc|MediaService|Order$|xd_|TemplateUrl|ComplianceAssetId|TriggerFlowInfo|_|"
    r"Workbook|KSOProductBuildVer|ICV|SharedFileIndex|SourceUrl|lcf"
)
"""How properties begin that programs and sensitivity labels write of themselves."""

_STYLES = frozenset(("cellStyle", "tableStyle", "slicerStyle", "timelineStyle"))

_SCHEMA = "contentTypeSchema"
"""A document library's description of its own columns: long texts, and none about a file."""

_RULES_TEXT = frozenset(("prompt", "promptTitle", "error", "errorTitle", "text", "val", "totalsRowLabel"))
_FORMULAS = frozenset(("formula", "formula1", "formula2", "f", "calculatedColumnFormula", "totalsRowFormula"))
_PAGE = frozenset(
    f"{which}{what}" for which in ("odd", "even", "first") for what in ("Header", "Footer")
)  # fmt: skip


def _could_be_someone(text: str) -> bool:
    """Whether a program's own word is long enough for a number or an address: most are A2, 12 or Arial."""
    return bool(_LONG.search(text)) and not _FRACTION.fullmatch(text)


class Texts:
    """Gathers texts with the rule that each would break; each text once."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], Beside] = {}
        self._said = 0

    def add(self, where: str, text: str, row: int | None = None, column: int | None = None) -> None:
        if not text.strip() or (where in (STRUCTURE, AUTHOR) and not _could_be_someone(text)):
            return
        for at in range(0, len(text), LONGEST // 2):  # overlapping pieces
            piece = text[at : at + LONGEST]
            self._found.setdefault((where, piece), Beside(where, piece, row, column))
            if len(self._found) > MOST:
                raise unreadable("many-texts")
            if at + LONGEST >= len(text):
                break

    def formula(self, rule: str, text: str, row: int | None = None, column: int | None = None) -> None:
        """A formula's literals, and the numbers in it."""
        for literal in _LITERAL.findall(text):
            for item in literal.split(","):
                self.add(rule, item, row, column)
            self.add(STRUCTURE, literal, row, column)
        if re.search(r"\d{6}", text):
            self.add(STRUCTURE, _LITERAL.sub(" ", text), row, column)

    def page(self, text: str) -> None:
        """A page's header or footer, whose fields (page number, date) are no text."""
        self.add("page-header", _PAGE_FIELD.sub(" ", text.replace("&&", " ")))

    def number_format(self, code: str) -> None:
        """The literals that a number format adds to each number."""
        for quoted, escaped in _LITERAL_OF_FORMAT.findall(code):
            self.add("number-format", quoted or escaped.replace("\\", ""))
        self.add(STRUCTURE, code)

    def new(self) -> list[Beside]:
        """The texts found since this was last asked."""
        found = list(self._found.values())[self._said :]
        self._said = len(self._found)
        return found


class Furniture:
    """Handlers for the elements of a part that are no cells."""

    def __init__(self, texts: Texts, part: str) -> None:
        self._texts = texts
        self._part = part.lower()
        self._inside: list[str] = []
        self._pieces: list[str] = []
        self._property = ""

    @property
    def depth(self) -> int:
        """How many elements are open."""
        return len(self._inside)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._flush()
        self._inside.append(name)
        if name == "property":
            self._property = attributes.get("name", "")
        if name == "Relationship" and attributes.get("TargetMode") == "External":
            raise unreadable("hyperlinks" if attributes["Type"].endswith("/hyperlink") else "external-links")
        if name in _STYLES and "builtinId" not in attributes and has_a_word(attributes.get("name", "")):
            self._texts.add(NAME, attributes["name"])
        for attribute, value in attributes.items():
            self._attribute(name, attribute.rpartition("}")[2], value)

    def _attribute(self, element: str, attribute: str, value: str) -> None:
        texts = self._texts
        if attribute == "formatCode":
            texts.number_format(value)
        elif element == "sheet" and attribute == "name":
            texts.add("sheet-name", value)
        elif element == "property":
            texts.add(self._of_property(), value)
        elif attribute in _RULES_TEXT and ("/worksheets/" in self._part or "/tables/" in self._part):
            texts.add("cell-rules", value)
        elif (
            (element == "tableColumn" and attribute == "name")
            or attribute == "comment"
            or ("/worksheets/" in self._part and " " in value and attribute not in _SETTINGS)
        ):
            texts.add("hidden-text", value)
        elif attribute in _AUTHORS:
            texts.add(AUTHOR, value)
        else:
            self._named(value, free=attribute in _SETTINGS or self._inside[0] == _SCHEMA)

    def _of_property(self) -> str:
        return STRUCTURE if _PROGRAMS_OWN.match(self._property) else "properties"

    def text(self, piece: str) -> None:
        self._pieces.append(piece)

    def end(self, _: str) -> None:
        self._flush()
        self._inside.pop()

    def _flush(self) -> None:
        text = "".join(self._pieces)
        self._pieces.clear()
        if text.strip():
            self._text(self._inside[-1], text)

    def _text(self, name: str, text: str) -> None:
        if name in _FORMULAS:
            self._texts.formula("cell-rules", text)
        elif name in _PAGE:
            self._texts.page(text)
        elif name in _AUTHORS:
            self._texts.add(AUTHOR, text)
        elif name in _PROPERTIES:
            self._texts.add("properties", text)
        elif self._part.startswith("docprops/custom"):
            self._texts.add(self._of_property(), text)
        elif self._part.startswith(("customxml/", "docmetadata/")):
            self._named(text)
        else:
            self._texts.add(STRUCTURE if self._may_have_text(name) else "hidden-text", text)

    def _named(self, text: str, free: bool = False) -> None:
        """A text that programs write; `free`: in a place where it may have any words."""
        self._texts.add(STRUCTURE, text)
        if not free and could_be_a_name(text):
            self._texts.add(NAME, text)

    def _may_have_text(self, name: str) -> bool:
        return self._part.startswith("docprops/") or name in ("definedName", "sqref", "id")


def look_through(book: Workbook, parts: list[str], texts: Texts) -> None:
    """Every text of these parts, which hold no cells, and what the zip itself notes."""
    for note in book.notes:
        texts.add(AUTHOR, note)
    for part in parts:
        furniture = Furniture(texts, part)
        book.parse(part, parser(furniture.start, furniture.end, furniture.text, texts))


def parser(
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
    text: Callable[[str], None],
    texts: Texts,
) -> expat.XMLParserType:
    """A parser whose handlers get element names without namespace, and whose comments are texts."""
    made = expat.ParserCreate(namespace_separator="}")
    made.buffer_text = True
    made.buffer_size = 1 << 16
    made.StartElementHandler = lambda name, attributes: start(name.rpartition("}")[2], attributes)
    made.EndElementHandler = lambda name: end(name.rpartition("}")[2])
    made.CharacterDataHandler = text
    made.CommentHandler = lambda comment: texts.add("hidden-text", comment)
    made.ProcessingInstructionHandler = lambda target, data: texts.add("hidden-text", f"{target} {data}")
    return made
