"""Personal data that stands in no cell of a table: in what a file carries along, in its name, in its shape.

Every file is a clean table but for one thing, as in `disguises`; nobody real has these numbers.
"""

# ruff: noqa: E501, S311 -- lists read best as lists; the chance is play

import io
import random
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from xml.sax.saxutils import escape, quoteattr

import pyarrow as pa
import pyarrow.parquet as pq

from disguises import Disguise
from lagesbild.reference import load
from workbooks import HEADER, MAIN, TARGETS, book, cells, contents, ordinary, parts, sheet

ROW = cells("2480", "2024", "12")
TIDY = "indicator,region,period,count\n"
ROWS = "D01,2480,2024,12\nD01,0180,2024,80\n"

SECRETS = {
    "personal number": "880320-1234",
    "coordination number": "198803801234",
    "name": "Kanarie Gulsson",
    "e-mail": "kanarie@example.se",
    "telephone": "070-174 06 05",
}
EVERYWHERE = ("personal number", "coordination number")
"""What is looked for even in names and settings that programs write."""

NAMED = (*EVERYWHERE, "name", "e-mail")
"""What is looked for in what programs name."""

PROPERTIES = "<cp:coreProperties xmlns:cp='urn:cp' xmlns:dc='urn:dc'><dc:{0}>{1}</dc:{0}></cp:coreProperties>"
CUSTOM = "<Properties xmlns='urn:c' xmlns:vt='urn:vt'><property name='Not'><vt:lpwstr>{}</vt:lpwstr></property></Properties>"
LINK = "<Relationships><Relationship Id='rId1' Type='x/hyperlink' Target={} TargetMode='External'/></Relationships>"


def _after(markup: str) -> bytes:
    """A workbook whose sheet has something after its rows."""
    return book(parts(sheet(HEADER + ROW, "", markup)))


def _formula(formula: str, cached: str = "5") -> bytes:
    cell = f"<c r='C2'><f>{formula}</f><v>{cached}</v></c>"
    return ordinary(f"<row r='2'><c r='A2'><v>2480</v></c><c r='B2'><v>2024</v></c>{cell}</row>")


def _named(more: str) -> bytes:
    return book(
        {
            **parts(sheet(HEADER + ROW)),
            "xl/workbook.xml": contents(more=f"<definedNames>{more}</definedNames>"),
        }
    )


def _second_sheet(name: str) -> bytes:
    both = f"<sheet name='D01' sheetId='1' r:id='rId1'/><sheet name={name} sheetId='2' r:id='rId2'/>"
    second = "<Relationship Id='rId2' Type='x' Target='worksheets/sheet2.xml'/></Relationships>"
    return book({
        **parts(sheet(HEADER + ROW)),
        "xl/workbook.xml": contents(both),
        "xl/worksheets/sheet2.xml": sheet(""),
        "xl/_rels/workbook.xml.rels": TARGETS.replace("</Relationships>", second),
    })  # fmt: skip


def _zipped(change: Callable[[zipfile.ZipFile, zipfile.ZipInfo], None]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, part in parts(sheet(HEADER + ROW)).items():
            info = zipfile.ZipInfo(name)
            change(archive, info)
            archive.writestr(info, part)
    return file.getvalue()


def _extra(secret: bytes) -> Callable[[zipfile.ZipFile, zipfile.ZipInfo], None]:
    def change(_: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
        info.extra = b"\xfe\xca" + len(secret).to_bytes(2, "little") + secret

    return change


def _commented(secret: bytes, *, each: bool) -> Callable[[zipfile.ZipFile, zipfile.ZipInfo], None]:
    def change(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
        if each:
            info.comment = secret
        else:
            archive.comment = secret

    return change


def _strict(text: str) -> Iterator[tuple[str, bytes]]:
    """Places where any text of one's own is refused."""
    word, value = escape(text), quoteattr(text)
    cell = f"<row r='1'><c r='A1' t='inlineStr'><is><t>{word}</t></is></c></row>"
    phonetic = f"<rPh sb='0' eb='1'><t>{word}</t></rPh>"
    rest = "<c r='B2'><v>2024</v></c><c r='C2'><v>3</v></c></row>"
    yield (
        "sheet name",
        book(
            {
                **parts(sheet(HEADER + ROW)),
                "xl/workbook.xml": contents(f"<sheet name={value} sheetId='1' r:id='rId1'/>"),
            }
        ),
    )
    yield "name of an empty sheet", _second_sheet(value)
    yield "sheet that the workbook does not list", ordinary(**{"xl/worksheets/sheet7.xml": sheet(cell)})
    yield (
        "text that no cell uses",
        ordinary(**{"xl/sharedStrings.xml": f"<sst xmlns='{MAIN}'><si><t>{word}</t></si></sst>"}),
    )
    yield (
        "phonetic guide",
        ordinary(f"<row r='2'><c r='A2' t='inlineStr'><is><t>2480</t>{phonetic}</is></c>{rest}"),
    )
    yield (
        "phonetic guide of a shared text",
        ordinary(
            f"<row r='2'><c r='A2' t='s'><v>0</v></c>{rest}",
            **{"xl/sharedStrings.xml": f"<sst><si><t>2480</t>{phonetic}</si></sst>"},
        ),
    )
    for which in ("oddHeader", "evenFooter", "firstHeader"):
        yield which, _after(f"<headerFooter><{which}>&amp;L{word}&amp;RSida &amp;P</{which}></headerFooter>")
    yield "hyperlink", _after(f"<hyperlinks><hyperlink ref='A2' tooltip={value} location='x'/></hyperlinks>")
    yield "hyperlink's target", ordinary(**{"xl/worksheets/_rels/sheet1.xml.rels": LINK.format(value)})
    for attribute in ("prompt", "promptTitle", "error", "errorTitle"):
        yield (
            f"validation, {attribute}",
            _after(
                f"<dataValidations><dataValidation type='whole' sqref='A2' {attribute}={value}/></dataValidations>"
            ),
        )
    yield (
        "validation, list",
        _after(
            f"<dataValidations><dataValidation sqref='A2'><formula1>\"Umeå,{word}\"</formula1></dataValidation></dataValidations>"
        ),
    )
    yield (
        "validation, newer list",
        _after(f"<extLst><ext uri='x'><formula1><f>\"{word}\"</f></formula1></ext></extLst>"),
    )
    yield (
        "conditional format",
        _after(
            f"<conditionalFormatting sqref='A2'><cfRule type='containsText' text={value}/></conditionalFormatting>"
        ),
    )
    yield (
        "filter",
        _after(
            f"<autoFilter ref='A1:C2'><filterColumn colId='0'><filters><filter val={value}/></filters></filterColumn></autoFilter>"
        ),
    )
    yield "scenario", _after(f"<scenarios><scenario name={value}/></scenarios>")
    yield (
        "protected range",
        _after(f"<protectedRanges><protectedRange sqref='A1' name={value}/></protectedRanges>"),
    )
    yield "formula's text", _formula(f'IF(1,5,"{word}")')
    yield "formula's note", _formula(f'5+N("{word}")')
    yield (
        "number format",
        ordinary(
            **{
                "xl/styles.xml": f"<styleSheet><numFmts><numFmt numFmtId='164' formatCode='0&quot;{word}&quot;'/></numFmts></styleSheet>"
            }
        ),
    )
    yield "defined name", _named(f"<definedName name='x'>\"{word}\"</definedName>")
    yield (
        "defined name like a program's",
        _named(f"<definedName name='_xlnm.Criteria' comment={value}>A1</definedName>"),
    )
    for name in ("title", "subject", "keywords", "description", "category"):
        yield f"property, {name}", ordinary(**{"docProps/core.xml": PROPERTIES.format(name, word)})
    yield (
        "property, manager",
        ordinary(**{"docProps/app.xml": f"<Properties><Manager>{word}</Manager></Properties>"}),
    )
    yield "property of one's own", ordinary(**{"docProps/custom.xml": CUSTOM.format(word)})
    yield "thumbnail", ordinary(**{"docProps/thumbnail.jpeg": text})
    yield "table's comment", ordinary(**{"xl/tables/table1.xml": f"<table comment={value}/>"})
    yield (
        "table's totals row",
        ordinary(**{"xl/tables/table1.xml": f"<table><tableColumn totalsRowLabel={value}/></table>"}),
    )
    yield "comment in the XML", book(parts(sheet(HEADER + ROW, f"<!-- {word} -->")))
    yield "instruction in the XML", book(parts(sheet(HEADER + ROW, f"<?x {word} ?>")))
    yield "attribute of a row", ordinary(ROW.replace("<row", f"<row note={value}", 1))
    yield "text between the cells", ordinary(ROW.replace("<c", f"{word}<c", 1))
    yield "after the end of the zip", ordinary() + text.encode()
    yield "the zip's comment", _zipped(_commented(text.encode(), each=False))
    yield "a part's comment in the zip", _zipped(_commented(text.encode(), each=True))
    yield "a part's name", ordinary(**{f"docProps/{text}.xml": "<x/>"})


def _everywhere(text: str) -> Iterator[tuple[str, bytes]]:
    """Places that programs fill with names and settings of their own."""
    word, value = escape(text), quoteattr(text)
    yield "author", ordinary(**{"docProps/core.xml": PROPERTIES.format("creator", word)})
    yield (
        "cell style",
        ordinary(
            **{
                "xl/styles.xml": f"<styleSheet><cellStyles><cellStyle name={value}/></cellStyles></styleSheet>"
            }
        ),
    )
    yield "theme", ordinary(**{"xl/theme/theme1.xml": f"<theme name={value}/>"})
    yield "custom XML", ordinary(**{"customXml/item1.xml": f"<x>{word}</x>"})
    yield "printer", ordinary(**{"xl/printerSettings/printerSettings1.bin": text.encode("utf-16-le")})
    yield "extra field of the zip", _zipped(_extra(text.encode()))


def _named_by_people(text: str) -> Iterator[tuple[str, bytes]]:
    """Styles that somebody made and called what she liked: there a single surname is one too many."""
    value = quoteattr(text)
    for what, styles in (
        ("cell style", f"<cellStyles><cellStyle name={value} xfId='7'/></cellStyles>"),
        ("table style", f"<tableStyles><tableStyle name={value}/></tableStyles>"),
    ):
        yield f"{what} of one's own", ordinary(**{"xl/styles.xml": f"<styleSheet>{styles}</styleSheet>"})


def _named_by_programs(text: str) -> Iterator[tuple[str, bytes]]:
    """Places that programs fill with names of styles, themes and fonts, and document libraries with notes."""
    word, value = escape(text), quoteattr(text)
    for what, styles in (
        ("cell style", f"<cellStyles><cellStyle name={value} builtinId='0'/></cellStyles>"),
        ("table style", f"<tableStyles><tableStyle name={value}/></tableStyles>"),
        ("font", f"<fonts><font><name val={value}/></font></fonts>"),
        (
            "extension of the styles",
            f"<extLst><ext><slicerStyles defaultSlicerStyle={value}/></ext></extLst>",
        ),
    ):
        yield f"{what}'s name", ordinary(**{"xl/styles.xml": f"<styleSheet>{styles}</styleSheet>"})
    for what, theme in (
        ("theme", f"<theme name={value}/>"),
        ("colour scheme", f"<theme name='Office'><clrScheme name={value}/></theme>"),
        ("theme's font", f"<theme name='Office'><latin typeface={value}/></theme>"),
    ):
        yield f"{what}'s name", ordinary(**{"xl/theme/theme1.xml": theme})
    for what, item in (
        ("text", f"<x>{word}</x>"),
        ("attribute", f"<x handläggare={value}/>"),
        ("person", f"<p><UserInfo><DisplayName>{word}</DisplayName></UserInfo></p>"),
    ):
        yield f"custom XML, {what}", ordinary(**{"customXml/item1.xml": item})
    yield "label", ordinary(**{"docMetadata/LabelInfo.xml": f"<labels><label name={value}/></labels>"})
    yield (
        "who may change it",
        book(
            {
                **parts(sheet(HEADER + ROW)),
                "xl/workbook.xml": contents(more=f"<fileSharing userName={value}/>"),
            }
        ),
    )


def in_workbooks() -> Iterator[Disguise]:
    for kind, secret in SECRETS.items():
        found = [*_strict(secret), *(_everywhere(secret) if kind in EVERYWHERE else ())]
        found += (*_named_by_programs(secret), *_named_by_people(secret)) if kind in NAMED else ()
        for place, content in found:
            yield Disguise(f"beside the cells, {place}: {kind}", secret, "D01.xlsx", content)
    for place, content in _named_by_people("Kanariesson"):
        yield Disguise(f"beside the cells, {place}: a surname alone", "Kanariesson", "D01.xlsx", content)
    percent = "<styleSheet><cellXfs><xf numFmtId='0'/><xf numFmtId='9'/></cellXfs></styleSheet>"
    cell = "<row r='2'><c r='A2'><v>2480</v></c><c r='B2'><v>2024</v></c><c r='C2' s='1'><v>1</v></c></row>"
    yield Disguise("a share as a count", "Kanarie", "D01.xlsx", ordinary(cell, **{"xl/styles.xml": percent}))


def in_parquet() -> Iterator[Disguise]:
    def table(region: pa.Array | None = None) -> pa.Table:
        places = pa.array(["2480", "0180"]) if region is None else region
        return pa.table(
            {"indicator": ["D01"] * 2, "region": places, "period": ["2024"] * 2, "count": [3, 14]}
        )

    for kind, secret in SECRETS.items():
        field = table().schema.field(1).with_metadata({"note": secret})
        for place, changed in (
            ("metadata", table().replace_schema_metadata({"note": secret})),
            ("name of metadata", table().replace_schema_metadata({secret: "x"})),
            ("attributes of a data frame", table().replace_schema_metadata({"pandas": f'{{"attributes": {{"n": "{secret}"}}}}'})),
            ("metadata of a column", table().cast(table().schema.set(1, field))),
            ("unused word of a dictionary", table(pa.DictionaryArray.from_arrays(pa.array([0, 1]), pa.array(["2480", "0180", secret])))),
            ("nested", table(pa.array([{"a": secret}] * 2))),
            ("list", table(pa.array([[secret]] * 2))),
            ("bytes", table(pa.array([secret.encode()] * 2))),
            ("name of an empty column", table().append_column(secret, pa.array([None, None], pa.string()))),
        ):  # fmt: skip
            file = io.BytesIO()
            pq.write_table(changed, file)
            yield Disguise(f"Parquet, {place}: {kind}", secret, "D01.parquet", file.getvalue())


def in_file_names() -> Iterator[Disguise]:
    numbers = (
        "880320-1234",
        "8803201234",
        "19880320-1234",
        "880380-1234",
        "880320–1234",
        "８８０３２０１２３４",
        "880320 1234",
        "٨٨٠٣٢٠١٢٣٤",
        "1988-03-20-1234",
        "8_8_0_3_2_0_1_2_3_4",
    )
    others = ("0701740605", "kanarie@example.se", "d41d8cd98f00b204e9800998ecf8427e")
    for secret in (*numbers, *others):
        yield Disguise(f"file name: {secret}", secret, f"{secret}.csv", (TIDY + ROWS).encode())
        yield Disguise(f"in the file name: {secret}", secret, f"Umeå_{secret}_v2.csv", (TIDY + ROWS).encode())


def in_shapes() -> Iterator[Disguise]:
    """Microdata posing as aggregates, and dates of birth as counts."""
    chance = random.Random(47)
    places = [region.code for region in load().geography.regions if len(region.code) == 4]
    months = [f"{year}M{month:02}" for year in range(2012, 2025) for month in range(1, 13)]
    every = [(place, month) for place in places for month in months]

    def rows(name: str, lines: list[str]) -> Disguise:
        return Disguise(
            f"shape: {name}", "Kanarie", "D01.csv", (TIDY + "".join(f"{line}\n" for line in lines)).encode()
        )

    ones = [f"D01,{place},{month},1" for place, month in chance.sample(every, 99)]
    numbered = chance.sample(every, 60)
    yield rows("ones and a two", [*ones, "D01,2480,2010M01,2"])
    yield rows("ones and a total", [*ones, "D01,00,2010M01,7"])
    yield rows("ones and a zero", [*ones, "D01,2480,2010M01,0"])
    yield rows(
        "numbered rows", [f"D01,{place},{month},{at}" for at, (place, month) in enumerate(numbered, 1)]
    )
    yield rows(
        "numbers of cases",
        [f"R11,{place},2024,{at}" for at, place in enumerate(chance.sample(places, 60), 240_001)],
    )
    yield rows(
        "numbers of cases in disorder",
        [f"R11,{place},2024,{240_000 + at * 1.5:.0f}" for at, place in enumerate(chance.sample(places, 60))],
    )
    born = [
        f"{chance.randint(50, 99)}{chance.randint(1, 12):02}{chance.randint(1, 28):02}" for _ in range(12)
    ]
    yield rows(
        "dates of birth", [f"R11,{place},2024,{date}" for place, date in zip(places, born, strict=False)]
    )
    yield rows("a date of birth with its century", ["R11,2480,2023,19880320"])
    yield rows("days", [f"D01,2480,2024-03-{day:02},1" for day in range(1, 29)])
    yield rows("weeks", [f"D01,2480,2024W{week:02},1" for week in range(1, 29)])


@cache
def all_disguises() -> tuple[Disguise, ...]:
    return (*in_workbooks(), *in_parquet(), *in_file_names(), *in_shapes())
