"""Honest tables with the habits of people and of the programs that they use: spellings, formats, furniture.

`clean_tables` varies the figures; here the same small tables come in many clothes.
"""

# ruff: noqa: E501 -- lists of spellings read best as lists

import csv
import io
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter
from openpyxl.styles import Border, Font, Side

from lagesbild.core.region import Level, Region
from lagesbild.reference import Reference
from workbooks import ordinary

HEADER = ("indicator", "region", "period", "count")
Named = tuple[str, str, bytes]
"""What is special, the file's name, its bytes."""

ENGLISH, SWEDISH = HEADER, ("indikator", "kommun", "år", "antal")


def text(
    header: Sequence[str], rows: Iterable[Sequence[object]], delimiter: str = ",", end: str = "\n"
) -> str:
    file = io.StringIO()
    writer = csv.writer(file, delimiter=delimiter, lineterminator=end)
    writer.writerow(header)
    writer.writerows(rows)
    return file.getvalue()


class _Tables:
    def __init__(self, reference: Reference) -> None:
        self.reference = reference
        self.numbers = np.random.default_rng(48)
        self.places = reference.geography.at(Level.MUNICIPALITY)[::7]
        self.counties = reference.geography.at(Level.COUNTY)
        self.rows = [
            ("D01", place.code, year, self.count())
            for place in self.places
            for year in ("2022", "2023", "2024")
        ]

    def count(self) -> int:
        return int(self.numbers.poisson(self.numbers.gamma(0.5, 6)))

    def by_name(self, name: Callable[[Region], str]) -> list[tuple[object, ...]]:
        return [("D01", name(place), "2024", self.count()) for place in self.places]


def tables(reference: Reference) -> Iterator[Named]:
    """Every table with its name; all of them should come in."""
    made = _Tables(reference)
    for kind in (_files, _places, _periods, _groups, _counts, _headers, _file_names):
        for name, content in kind(made):
            file = name if kind is _file_names else "antal.csv"
            yield name, file, content if isinstance(content, bytes) else content.encode()
    for name, content in _parquet(made):
        yield name, "antal.parquet", content
    for name, content in _workbooks(made):
        yield name, "antal.xlsx", content


def _files(made: _Tables) -> Iterator[tuple[str, str | bytes]]:
    rows, plain = made.rows, text(HEADER, made.rows)
    words = text(SWEDISH, made.by_name(lambda place: place.name_sv), ";")
    head, _, rest = plain.partition("\n")
    yield "tidy", plain
    for name, delimiter, end in (
        ("semicolon", ";", "\r\n"),
        ("tab", "\t", "\n"),
        ("old line ends", ",", "\r"),
    ):
        yield name, text(HEADER, rows, delimiter, end)
    for encoding in ("utf-8-sig", "latin-1", "cp1252", "utf-16", "utf-16-le"):
        yield encoding, ("\ufeff" * (encoding == "utf-16-le") + words).encode(encoding)
    yield "sep=", "sep=;\r\n" + text(HEADER, rows, ";", "\r\n")
    yield (
        "everything quoted",
        "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in (HEADER, *rows)),
    )
    yield "spaces after commas", plain.replace(",", ", ")
    yield "other order", text(HEADER[::-1], [row[::-1] for row in rows])
    yield "blank lines at the end", plain + "\n\n\n"
    yield "blank lines first", "\n\n" + plain
    yield (
        "a blank line within",
        f"{head}\n{rest[:120].rpartition(chr(10))[0]}\n\n{rest[120:].partition(chr(10))[2]}",
    )
    yield "rows of delimiters", plain + ",,,\n,,,\n"
    yield "rows of delimiters first", ",,,\n" + plain
    yield "an empty column", text((*HEADER, ""), [(*row, "") for row in rows])
    yield "three empty columns", text((*HEADER, "", "", ""), [(*row, "", "", "") for row in rows])
    yield "an empty column without header", text(HEADER, [(*row, "") for row in rows])
    yield "an empty column with header only", text((*HEADER, "", ""), rows)
    yield "no line end at the end", plain.rstrip("\n")


def _places(made: _Tables) -> Iterator[tuple[str, str]]:
    def owner(place: Region) -> str:
        return place.name_sv if place.name_sv.endswith("s") else place.name_sv + "s"

    spellings: dict[str, Callable[[Region], str]] = {
        "name": lambda place: place.name_sv,
        "kommun": lambda place: f"{place.name_sv} kommun",
        "genitive": lambda place: f"{owner(place)} kommun",
        "genitive alone": owner,
        "upper case": lambda place: f"{owner(place)} kommun".upper(),
        "lower case": lambda place: place.name_sv.lower(),
        "code and name": lambda place: f"{place.code} {place.name_sv}",
        "code, dash, name": lambda place: f"{place.code} - {owner(place)} kommun",
        "code_name": lambda place: f"{place.code}_{place.name_sv}",
        "name (code)": lambda place: f"{place.name_sv} ({place.code})",
        "spaces around": lambda place: f"  {place.name_sv} ",
        "no-break spaces": lambda place: place.name_sv.replace(" ", "\u00a0") + "\u00a0",
        "en dash": lambda place: place.name_sv.replace("-", "–"),
        "decomposed letters": lambda place: unicodedata.normalize("NFD", place.name_sv),
        "code without zero": lambda place: str(int(place.code)),
        "code as a float": lambda place: f"{int(place.code)}.0",
    }
    for name, spelled in spellings.items():
        yield f"place: {name}", text(SWEDISH, made.by_name(spelled), ";")
    counted = [(county, made.count()) for county in made.counties]
    for name, spelled in {
        "code": lambda county: county.code,
        "without zero": lambda county: str(int(county.code)),
        "name": lambda county: county.name_sv,
        "upper case": lambda county: county.name_sv.upper(),
        "English": lambda county: county.name_en,
        "code and name": lambda county: f"{county.code} {county.name_sv}",
    }.items():
        for header in ("region", "län"):
            yield (
                f"county: {name} under {header}",
                text(
                    ("indicator", header, "period", "count"),
                    [("E07", spelled(county), "2023", count) for county, count in counted],
                ),
            )
    for end in ("s län", " län"):
        short = [("E07", county.name_sv.removesuffix(end), "2023", count) for county, count in counted]
        yield f"county: without{end} under Län", text(("indicator", "Län", "period", "count"), short)
    total = sum(count for _, count in counted)
    for nation in ("00", "Riket", "RIKET", "Hela riket", "Sverige", "Sweden", "00 Riket"):
        rows = [("E07", county.code, "2023", count) for county, count in counted]
        yield f"nation: {nation}", text(HEADER, [*rows, ("E07", nation, "2023", total)])
    both = [("D01", place.code, place.name_sv, "2024", made.count()) for place in made.places]
    yield "code and name in two columns", text(("indikator", "kommunkod", "kommun", "år", "antal"), both, ";")


def _periods(made: _Tables) -> Iterator[tuple[str, str]]:
    months = "januari februari mars april maj juni juli augusti september oktober november december".split()  # noqa: SIM905
    for form in (
        "{y}M{m:02}",
        "{y}-{m:02}",
        "{y}/{m:02}",
        "{y}M{m}",
        "{y} M{m:02}",
        "{n} {y}",
        "{y} {n}",
        "{s} {y}",
        "{N} {y}",
    ):
        spelled = [form.format(y=2023, m=m, n=n, s=n[:3], N=n.title()) for m, n in enumerate(months, 1)]
        yield f"month: {form}", text(HEADER, [("D01", "2480", month, made.count()) for month in spelled])
    for form in (
        "{y}Q{q}",
        "{y}K{q}",
        "{y}-Q{q}",
        "{y} kv {q}",
        "{y} kv. {q}",
        "{y} kvartal {q}",
        "Q{q} {y}",
        "Kv {q} {y}",
        "kvartal {q} {y}",
        "{y}q{q}",
    ):
        yield (
            f"quarter: {form}",
            text(HEADER, [("D01", "2480", form.format(y=2023, q=q), made.count()) for q in (1, 2, 3, 4)]),
        )
    for form in ("{y}H{h}", "{y}-H{h}", "H{h} {y}", "{y} halvår {h}"):
        yield (
            f"half: {form}",
            text(HEADER, [("D05", "2480", form.format(y=2023, h=h), made.count()) for h in (1, 2)]),
        )
    for part, number in (("kvartal", 4), ("månad", 12), ("halvår", 2)):
        rows = [
            ("D05" if number == 2 else "D01", "2480", 2023, at, made.count()) for at in range(1, number + 1)
        ]
        yield f"år and {part}", text(("indikator", "kommun", "år", part, "antal"), rows)
    yield "year as a float", text(HEADER, [(*row[:2], f"{row[2]}.0", row[3]) for row in made.rows])
    year = [("D01", "2480", f"2024M{month:02}", month) for month in range(1, 13)]
    quarters = [("D01", "2480", f"2024Q{quarter}", 9 * quarter - 3) for quarter in (1, 2, 3, 4)]
    yield "months, quarters and the year", text(HEADER, [*year, *quarters, ("D01", "2480", "2024", 78)])
    yield "a year with some of its months", text(HEADER, [*year[:2], ("D01", "2480", "2024", 78)])


def _groups(made: _Tables) -> Iterator[tuple[str, str]]:
    ages = ("0-17", "18-24", "25-44", "45-64", "65+")
    sexes: dict[str, dict[str, str]] = {
        "codes": {"K": "K", "M": "M", "T": "T"}, "lower": {"K": "k", "M": "m", "T": "t"},
        "words": {"K": "kvinnor", "M": "män", "T": "totalt"}, "singular": {"K": "Kvinna", "M": "Man", "T": "Båda"},
        "English": {"K": "Female", "M": "Male", "T": "Both"}, "F": {"K": "F", "M": "M", "T": "Total"},
        "sum": {"K": "Kvinnor", "M": "Män", "T": "Summa"}, "blank": {"K": "K", "M": "M", "T": ""},
    }  # fmt: skip
    spelled_ages: dict[str, Callable[[str], str]] = {
        "codes": lambda age: age,
        "years": lambda age: "totalt" if age == "T" else f"{age} år",
        "en dash": lambda age: "Alla åldrar" if age == "T" else age.replace("-", "–"),
        "spaced": lambda age: "" if age == "T" else age.replace("-", " - "),
        "and older": lambda age: {"65+": "65 år och äldre", "T": "Totalt"}.get(age, age),
        "or older": lambda age: {"65+": "65 år eller äldre", "T": "Summa"}.get(age, age),
        "open end": lambda age: age.replace("+", "-"),
        "under": lambda age: {"0-17": "under 18 år"}.get(age, age),
    }
    for (sex_name, sex), (age_name, age) in zip(sexes.items(), spelled_ages.items(), strict=True):
        for totals in (True, False):
            rows = []
            for place in made.places[:6]:
                cells = {(s, a): int(made.numbers.poisson(1.2)) for s in "KM" for a in ages}
                if totals:
                    cells |= {(s, "T"): sum(cells[s, a] for a in ages) for s in "KM"}
                    cells |= {("T", a): cells["K", a] + cells["M", a] for a in (*ages, "T")}
                rows += [
                    ("E03", place.code, "2024", sex[s], age(a), count) for (s, a), count in cells.items()
                ]
            header = (
                ("indikator", "kommun", "år", "kön", "ålder", "antal")
                if totals
                else ("indicator", "region", "period", "sex", "age", "count")
            )
            yield (
                f"sex {sex_name}, age {age_name}, totals {totals}",
                text(header, rows, ";" if totals else ","),
            )
    yield (
        "sex alone",
        text(
            ("indicator", "region", "period", "sex", "count"),
            [("E01", county.code, "2023", sex, made.count()) for county in made.counties for sex in "KM"],
        ),
    )


def _counts(made: _Tables) -> Iterator[tuple[str, str]]:
    for name, space in (("space", " "), ("no-break", "\u00a0"), ("narrow", "\u202f"), ("thin", "\u2009")):
        yield (
            f"thousands: {name}",
            text(
                HEADER,
                [("D05", "0180", "2024H1", f"1{space}234"), ("D05", "00", "2024H1", f"5{space}001")],
                ";",
            ),
        )
        amounts = [
            (
                "R11",
                place.code,
                "2024",
                f"{made.numbers.integers(1, 19)}{space}{made.numbers.integers(0, 999):03}{space}500",
            )
            for place in made.places
        ]
        yield f"amounts: {name}", text(HEADER, amounts, ";")
    for form in ("{},0", "{}.0", "{},00", "{} ", " {}", "+{}"):
        yield f"count as {form}", text(HEADER, [(*row[:3], form.format(row[3])) for row in made.rows], ";")
    marks = (
        "",
        "..",
        "...",
        "x",
        "saknas",
        "uppgift saknas",
        "nan",
        "null",
        "None",
        "okänt",
        ".",
        "z",
        "ej tillämpligt",
        "n/a",
        "0",
    )
    yield (
        "marks",
        text(
            HEADER,
            [("D01", place.code, "2024", mark) for place, mark in zip(made.places, marks, strict=False)],
            ";",
        ),
    )
    yield "nothing but zeros", text(HEADER, [("D01", place.code, "2024", 0) for place in made.places])
    yield "one cell", text(HEADER, [("D01", "2480", "2024", 1)])
    yield "largest first", text(HEADER, sorted(made.rows, key=lambda row: -row[3]))
    yield (
        "sparse without zeros",
        text(
            HEADER,
            [
                ("D01", place.code, f"2024M{month:02}", count)
                for place in made.places
                for month in range(1, 13)
                for count in [int(made.numbers.poisson(0.25))]
                if count
            ],
        ),
    )
    amounts = [
        ("R11", place.code, "2024", int(made.numbers.integers(10_000, 1_500_000))) for place in made.places
    ]
    yield "exact amounts", text(HEADER, amounts)
    yield (
        "answers",
        text(
            HEADER, [("R01", place.code, "2024", int(made.numbers.integers(0, 3))) for place in made.places]
        ),
    )
    yield (
        "two indicators",
        text(HEADER, [*made.rows, *(("R06", row[1], row[2], row[3]) for row in made.rows)]),
    )
    name = made.reference.indicators["D01"].name.sv
    yield "the indicator's name", text(HEADER, [(name, *row[1:]) for row in made.rows])
    yield "the indicator's code and name", text(HEADER, [(f"D01 {name}", *row[1:]) for row in made.rows])
    yield (
        "code and name of the indicator",
        text(
            ("indikator", "indikatornamn", "region", "år", "antal"),
            [("D01", name, *row[1:]) for row in made.rows],
        ),
    )
    yield (
        "police regions",
        text(
            HEADER,
            [
                ("E06", region.code, "2024", made.count())
                for region in made.reference.geography.at(Level.POLICE_REGION)
            ],
        ),
    )


def _headers(made: _Tables) -> Iterator[tuple[str, str]]:
    for column, words in {
        "indicator": ("Indikator", "INDICATOR", "indikatorkod", "indicator_code"),
        "region": (
            "Region",
            "Kommun",
            "Kommunnamn",
            "kommun_kod",
            "Kommun kod",
            "Regionkod",
            "region_name",
            "Plats",
            "municipality",
        ),
        "period": ("Period", "År", "ar", "Tid", "Mätperiod", "Tidsperiod", "Year", " period "),
        "count": ("Antal", "ANTAL", "Antal personer", "Antal anmälningar", "Värde", "value", "Antal "),
    }.items():
        for word in words:
            header = [word if each == column else each for each in HEADER]
            yield f"header: {word}", text(header, made.rows)


def _file_names(made: _Tables) -> Iterator[tuple[str, str]]:
    for name in (
        "Umeå 2024.csv", "D01_2024_slutlig.csv", "export_20240320_1422.csv", "antal-2024-03-20.csv", "20240320.csv",
        "Kopia av antal (2).csv", "SN-2024-00123 bilaga 1.csv", "lägesbild_umeå_v2.CSV", "antal 2015-2024.csv",
        "D01_2023-01_2024-12.csv", "rapport.2024.Q3.csv", "Polisregion Nord.txt", "handläggare_ver3.tsv",
    ):  # fmt: skip
        yield name, text(HEADER, made.rows)


def _parquet(made: _Tables) -> Iterator[tuple[str, bytes]]:
    columns = dict(zip(HEADER, map(list, zip(*made.rows, strict=True)), strict=True))
    table = pa.table(columns)
    pandas = b'{"index_columns": [{"kind": "range"}], "columns": [{"name": "region", "metadata": null}], "attributes": {}}'
    for name, changed in (
        ("plain", table),
        ("small integers", table.set_column(3, "count", table["count"].cast(pa.int16()))),
        ("floats with gaps", table.set_column(3, "count", pa.array([float(c) if c else None for c in columns["count"]]))),
        ("numbers for codes", table.set_column(1, "region", pa.array([int(code) for code in columns["region"]])).set_column(2, "period", pa.array([int(year) for year in columns["period"]]))),
        ("categories", table.set_column(1, "region", table["region"].combine_chunks().dictionary_encode())),
        ("unused categories", table.set_column(1, "region", table["region"].combine_chunks().dictionary_encode()).slice(0, 9)),
        ("large text", table.set_column(1, "region", table["region"].cast(pa.large_string()))),
        ("from pandas", table.replace_schema_metadata({"pandas": pandas})),
    ):  # fmt: skip
        for compression in ("snappy", "zstd"):
            file = io.BytesIO()
            pq.write_table(changed, file, compression=compression)
            yield f"Parquet, {name}, {compression}", file.getvalue()


def _workbooks(made: _Tables) -> Iterator[tuple[str, bytes]]:
    def saved(
        change: Callable[[openpyxl.Workbook], None],
        title: str = "Sheet",
        rows: Sequence[Sequence[object]] = made.rows,
    ) -> bytes:
        book, file = openpyxl.Workbook(), io.BytesIO()
        sheet = book.active
        sheet.title = title
        for row in (HEADER, *rows):
            sheet.append(row)
        change(book)
        book.save(file)
        return file.getvalue()

    def nothing(_: openpyxl.Workbook) -> None: ...

    for title in (
        "Blad1",
        "Sheet1",
        "Data",
        "Tabell 1",
        "Blad 1",
        "Umeå 2024",
        "Statistik 2024",
        "Anmälda köp",
        "Sammanställning",
        "2024",
        "Anmälningar per kommun",
        "Köp av sexuell tjänst",
        "Underlag till lägesbild",
        "D01",
    ):
        yield f"sheet {title}", saved(nothing, title)
    yield (
        "numbers for codes",
        saved(nothing, rows=[("D01", int(row[1]), int(row[2]), row[3]) for row in made.rows]),
    )
    yield "numbers as text", saved(nothing, rows=[(*row[:3], str(row[3])) for row in made.rows])
    yield (
        "floats",
        saved(nothing, rows=[("D01", float(row[1]), float(row[2]), float(row[3])) for row in made.rows]),
    )

    def styled(book: openpyxl.Workbook) -> None:
        sheet = book.active
        sheet.freeze_panes, sheet.auto_filter.ref = "A2", sheet.dimensions
        sheet["A1"].font = Font(bold=True, name="Times New Roman")
        for row in sheet.iter_rows(max_row=300, max_col=9):
            for cell in row:
                cell.border = Border(left=Side(style="thin"))

    def moved(book: openpyxl.Workbook) -> None:
        book.active.insert_rows(1, 2)
        book.active.insert_cols(1)

    yield "styled, also where nothing stands", saved(styled)
    yield "not in the corner", saved(moved)
    yield "an empty sheet beside", saved(lambda book: book.create_sheet("Blad2"))
    for code in (
        "#,##0",
        "# ##0",
        '0" st"',
        '#,##0 "kr"',
        '_-* #,##0\\ "kr"_-;\\-* #,##0\\ "kr"_-;_-* "-"??\\ "kr"_-;_-@_-',
        "[$-41D]#,##0",
        '#,##0;-#,##0;"-"',
        '0 "personer"',
        "@",
    ):

        def formatted(book: openpyxl.Workbook, code: str = code) -> None:
            for row in book.active.iter_rows(min_row=2):
                row[3].number_format = code

        yield f"format {code}", saved(formatted)
    yield from _with_furniture(made)


def _with_furniture(made: _Tables) -> Iterator[tuple[str, bytes]]:
    def written(fill: Callable[[xlsxwriter.Workbook, xlsxwriter.workbook.Worksheet], None]) -> bytes:
        file = io.BytesIO()
        book = xlsxwriter.Workbook(file, {"in_memory": True})
        fill(book, book.add_worksheet("Data"))
        book.close()
        return file.getvalue()

    def rows(sheet: xlsxwriter.workbook.Worksheet) -> None:
        for at, row in enumerate((HEADER, *made.rows)):
            sheet.write_row(at, 0, row)

    def formulas(book: xlsxwriter.Workbook, sheet: xlsxwriter.workbook.Worksheet) -> None:
        rows(sheet)
        for at, row in enumerate(made.rows, 1):
            sheet.write_formula(at, 3, f'=IF(B{at + 1}="Riket",0,SUM({row[3]},0))', None, row[3])

    def printed(book: xlsxwriter.Workbook, sheet: xlsxwriter.workbook.Worksheet) -> None:
        rows(sheet)
        sheet.set_header("&L&A&R&D &T")
        sheet.set_footer('&C&"Arial,Fet"&12Sida &P av &N')
        sheet.repeat_rows(0)
        sheet.print_area(0, 0, 50, 3)
        sheet.conditional_format(1, 3, 99, 3, {"type": "data_bar"})
        sheet.data_validation(1, 3, 99, 3, {"validate": "integer", "criteria": ">=", "value": 0})
        sheet.data_validation(1, 2, 99, 2, {"validate": "list", "source": ["2023", "2024"]})

    def listed(book: xlsxwriter.Workbook, sheet: xlsxwriter.workbook.Worksheet) -> None:
        book.set_properties(
            {"title": "Lägesbild Umeå 2024", "author": "Kanarie Gulsson", "company": "Umeå kommun"}
        )
        columns = [{"header": name} for name in HEADER]
        sheet.add_table(
            0, 0, len(made.rows), 3, {"data": [list(row) for row in made.rows], "columns": columns}
        )

    chain = "".join(f"<c r='C{row}'/>" for row in range(2, 6_000))
    yield "thousands of formulas", ordinary(**{"xl/calcChain.xml": f"<calcChain>{chain}</calcChain>"})
    for name, fill in (
        ("formulas with values", formulas),
        ("pages and rules", printed),
        ("a table with an author", listed),
    ):
        yield name, written(fill)
    yield from _named_by_programs()


_STYLES = (
    "Normal",
    "Normal 2",
    "Normal_Blad1",
    "20 % - Dekorfärg1",
    "40% - Accent6 2",
    "60 % - Dekorfärg 3",
    "Tusental [0]",
    "Valuta (0)",
    "Förklarande text",
    "Följd hyperlänk",
    "Länkad cell",
    "Rubrik 1",
    "Followed Hyperlink",
    "Explanatory Text",
    "Check Cell",
    "Excel Built-in Normal",
    "Accent 1",
    "Heading 2",
    "Pivot Table Field",
    "Umeå kommun rubrik",
    "Normal_Blad1",
    "ConditionalStyle_1",
    "TableStyleMedium9 2",
    "Euro",
    "Tabell 1",
)
_FONTS = (
    *("Aptos Narrow", "Calibri Light", "Times New Roman", "Comic Sans MS", "DejaVu Sans", "Liberation Serif"),
    *("Gill Sans MT", "Open Sans", "Lucida Console", "Book Antiqua", "Arial Black", "Century Gothic"),
    *(
        "Segoe UI",
        "Noto Sans CJK SC",
        "MS PGothic",
        "Microsoft Yi Baiti",
        "Plantagenet Cherokee",
        "宋体",
        "ＭＳ Ｐゴシック",
        "맑은 고딕",
    ),
)
_THEMES = (
    "Office Theme",
    "Office-tema",
    "Office 2013 - 2022",
    "Office 2007 - 2010",
    "Office",
    "Retrospect",
    "Ion Boardroom",
)
_LIBRARY = (
    "<ct:contentTypeSchema xmlns:ct='x' ct:contentTypeDescription='Skapa ett nytt dokument.'><element ma:displayName="
    "'Responsible Person Field' xmlns:ma='y'/><documentation>This value indicates the number of saves or revisions. "
    "The application is responsible for updating this value after each revision.</documentation></ct:contentTypeSchema>"
)


def _named_by_programs() -> Iterator[tuple[str, bytes]]:
    styles = "".join(f"<cellStyle name='{name}' xfId='0'/>" for name in _STYLES)
    fonts = "".join(f"<font><name val='{name}'/></font>" for name in _FONTS)
    sheet = f"<styleSheet><fonts>{fonts}</fonts><cellStyles>{styles}</cellStyles><tableStyles defaultTableStyle='TableStyleMedium9'/></styleSheet>"
    yield "the styles and fonts of many programs", ordinary(**{"xl/styles.xml": sheet})
    themes = "".join(f"<clrScheme name='{name}'/>" for name in _THEMES)
    faces = "".join(f"<font script='Jpan' typeface='{name}'/>" for name in _FONTS)
    yield (
        "the themes of many programs",
        ordinary(**{"xl/theme/theme1.xml": f"<theme>{themes}{faces}</theme>"}),
    )
    library = {
        "customXml/item1.xml": _LIBRARY,
        "customXml/item2.xml": "<FormTemplates><Display>DocumentLibraryForm</Display><New>DocumentLibraryForm</New></FormTemplates>",
        "customXml/item3.xml": "<p:properties xmlns:p='x'><documentManagement><TaxCatchAll/></documentManagement></p:properties>",
    }
    yield "a document library's notes", ordinary(**library)
