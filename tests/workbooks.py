"""Workbooks made by hand, part by part: ordinary ones, odd ones and hostile ones."""

# ruff: noqa: E501 -- a list of workbooks reads best with one on each line

import io
import zipfile
from functools import cache

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

HEADER = "<row r='1'>" + "".join(
    f"<c r='{letter}1' t='inlineStr'><is><t>{text}</t></is></c>"
    for letter, text in zip("ABC", ("region", "period", "count"), strict=True)
) + "</row>"  # fmt: skip


def cells(*values: str, row: int = 2) -> str:
    """A row of number cells from column A."""
    return f"<row r='{row}'>" + "".join(
        f"<c r='{letter}{row}'><v>{value}</v></c>" for letter, value in zip("ABCDEFG", values, strict=False)
    ) + "</row>"  # fmt: skip


def sheet(rows: str, before: str = "", after: str = "", namespace: str = MAIN) -> str:
    return f"<?xml version='1.0'?><worksheet xmlns='{namespace}'>{before}<sheetData>{rows}</sheetData>{after}</worksheet>"


def contents(
    names: str = "<sheet name='D01' sheetId='1' r:id='rId1'/>", more: str = "", namespace: str = MAIN
) -> str:
    return f"<workbook xmlns='{namespace}' xmlns:r='{RELATIONS}'><sheets>{names}</sheets>{more}</workbook>"


TARGETS = (
    "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>"
    "<Relationship Id='rId1' Type='x' Target='worksheets/sheet1.xml'/></Relationships>"
)


def parts(worksheet: str, **more: str | bytes) -> dict[str, str | bytes]:
    return {
        "[Content_Types].xml": "<Types/>",
        "xl/workbook.xml": contents(),
        "xl/_rels/workbook.xml.rels": TARGETS,
        "xl/worksheets/sheet1.xml": worksheet,
        **more,
    }


def book(content: dict[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, part in content.items():
            archive.writestr(name, part)
    return file.getvalue()


def ordinary(rows: str = cells("2480", "2024", "12"), **more: str | bytes) -> bytes:
    """A workbook whose sheet D01 has a header and these rows."""
    return book(parts(sheet(HEADER + rows), **more))


@cache
def hostile() -> dict[str, tuple[str, bytes]]:
    """What could make a reader slow, large or careless: the rule that must be named, and the bytes."""
    good = ordinary()
    wide = "".join(f"<c r='A{row}'><v>1</v></c>" for row in range(2, 3))
    link = zipfile.ZipInfo("xl/worksheets/sheet1.xml")
    link.external_attr = 0o120777 << 16
    linked = io.BytesIO()
    with zipfile.ZipFile(linked, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    doctype = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]>"
    external = "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"
    return {
        "zip bomb": ("too-large", book(parts(sheet(" " * (8 << 20))))),
        "many parts": ("too-large", book(parts(sheet(HEADER), **{f"docProps/p{n}": "" for n in range(1_100)}))),
        "slow to read, quick to send": ("too-large", ordinary(cells("2480", "2024", "12") * 50_000)),
        "claims to be huge": ("huge-sheet", book(parts(sheet(HEADER + cells("2480", "2024", "1"), "<dimension ref='A1:XFD1048576'/>")))),
        "one cell far away": ("stray-cell", ordinary(cells("2480", "2024", "1") + "<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>")),
        "truncated": ("unreadable", good[: len(good) // 2]),
        "truncated at the end": ("unreadable", good[:-10]),
        "two letters": ("unreadable", b"PK"),
        "broken part": ("unreadable", good.replace(b"sheet1.xml", b"sheet9.xml", 1)),
        "no sheets": ("unreadable", book({"[Content_Types].xml": "<Types/>"})),
        "unclosed": ("unreadable", book(parts(sheet(HEADER)[:-20]))),
        "shared text that is not there": ("unreadable", ordinary("<row r='2'><c r='A2' t='s'><v>7</v></c></row>")),
        "a number that is none": ("unreadable", ordinary(cells("2480", "2024", "tolv"))),
        "negative style": ("unreadable", ordinary("<row r='2'><c r='A2' s='-1'><v>7</v></c></row>")),
        "entities": ("xml-doctype", book(parts(doctype + sheet(HEADER + wide).removeprefix("<?xml version='1.0'?>")))),
        "outside entity": ("xml-doctype", book(parts(external + sheet(HEADER).removeprefix("<?xml version='1.0'?>")))),
        "doctype in the contents": ("xml-doctype", book({**parts(sheet(HEADER)), "xl/workbook.xml": doctype + contents()})),
        "link": ("unknown-part", linked.getvalue()),
        "path upwards": ("unknown-part", ordinary(**{"xl/../../etc/passwd": "x"})),
        "zip in the zip": ("embedded", ordinary(**{"xl/embeddings/more.zip": good})),
        "workbook in the zip": ("embedded", ordinary(**{"more.xlsx": good})),
        "macros": ("macros", ordinary(**{"xl/vbaProject.bin": b"x"})),
        "old macros": ("macros", ordinary(**{"xl/macrosheets/sheet1.xml": "x"})),
        "outside link": ("external-links", ordinary(**{"xl/externalLinks/externalLink1.xml": "x"})),
        "database link": ("external-links", ordinary(**{"xl/connections.xml": "x"})),
        "pivot table": ("pivot", ordinary(**{"xl/pivotCache/pivotCacheRecords1.xml": "x"})),
        "chart": ("drawing", ordinary(**{"xl/charts/chart1.xml": "x"})),
        "something else": ("unknown-part", ordinary(**{"xl/surprise.xml": "x"})),
        "pretends to be a workbook": ("unknown-kind", b"indicator;region\n"),
        "old Excel": ("unknown-kind", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512),
        "PDF": ("unknown-kind", b"%PDF-1.7"),
        "nothing": ("unknown-kind", b""),
    }  # fmt: skip
