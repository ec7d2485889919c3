"""Invented personal data in every disguise that the gate must see through. Nobody real has these numbers.

Every file is a clean table but for one thing. `secret` is what must never show up anywhere afterwards.
"""

# ruff: noqa: E501, S105, S311 -- lists read best as lists; the secrets and the chance are play

import base64
import hashlib
import io
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

import openpyxl
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName

HEADER = ("indicator", "region", "period", "sex", "age", "count")
CLEAN_ROWS = [("E03", "2480", "2024", "K", "18-24", "12"), ("E03", "2480", "2024", "M", "18-24", "0")]


@dataclass(frozen=True)
class Disguise:
    """One file that must be refused."""

    name: str
    secret: str
    file: str
    content: bytes


def check_digit(digits: str) -> int:
    """Luhn's check digit of nine digits."""
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(digits)]
    return -sum(number // 10 + number % 10 for number in doubled) % 10


def personal_number(chance: random.Random, added_days: int = 0) -> tuple[str, str, str]:
    """Century, birth date and last four of an invented person."""
    birth = f"{chance.randint(50, 99):02}{chance.randint(1, 12):02}{chance.randint(1, 28) + added_days:02}"
    serial = f"{chance.randint(1, 999):03}"
    return "19", birth, serial + str(check_digit(birth + serial))


def _numbers(chance: random.Random) -> Iterator[tuple[str, str]]:
    for kind, days in (("personal", 0), ("coordination", 60)):
        century, birth, last = personal_number(chance, days)
        for name, dash in (
            ("hyphen", "-"), ("nothing", ""), ("plus", "+"), ("en dash", "–"), ("em dash", "—"), ("minus", "−"),
            ("non-breaking hyphen", "‑"), ("space", " "), ("no-break space", "\u00a0"), ("zero width", "\u200b"),
            ("word joiner", "\u2060"), ("soft hyphen", "\u00ad"), ("narrow space", "\u202f"),
        ):  # fmt: skip
            yield f"{kind} number, {name}", birth + dash + last
            yield f"{kind} number with century, {name}", century + birth + dash + last
        wide = (century + birth + last).translate({ord(str(digit)): 0xFF10 + digit for digit in range(10)})
        yield f"{kind} number, full width", wide
        yield f"{kind} number, zero width between digits", "\u200b".join(birth + last)
        yield f"{kind} number, scientific", f"{float(birth + last):.5E}"
        yield f"{kind} number, scientific with comma", f"{float(birth + last):.9E}".replace(".", ",")
        yield f"{kind} number in a text", f"pnr {birth}-{last}"
        yield f"{kind} number, wrong check digit", birth + "-" + last[:3] + str((int(last[3]) + 1) % 10)
        yield f"{kind} number, spaced out", f"{century}{birth[:2]} {birth[2:4]} {birth[4:]} {last}"
        yield f"{kind} number, decimal", f"{birth}{last}.0"
        for algorithm in ("md5", "sha1", "sha256", "sha512"):
            yield f"{kind} number, {algorithm}", hashlib.new(algorithm, (birth + last).encode()).hexdigest()
        yield f"{kind} number, base64", base64.b64encode((century + birth + last).encode()).decode()
    century, birth, last = personal_number(chance)
    yield "reserve number with letters", f"{century}{birth}-TF{last[:2]}"
    yield "reserve number with a letter", f"{century}{birth}-A{last[:3]}"
    yield "reserve number, short", f"{birth}-X{last[:3]}"
    yield "reserve number of a region", f"99{birth}{last}"
    yield "national reserve number", f"22{birth}{last}"


TEXTS = {
    "mobile": "070-174 06 05", "mobile, together": "0701740605", "mobile, country": "+46701740605",
    "mobile, 0046": "0046701740605", "mobile, (0)": "+46 (0)70 174 06 05", "mobile, zero lost": "701740605",
    "mobile, spaced": "070 174 06 05", "landline": "08-465 004 00", "landline, north": "090-77 00 11",
    "swish": "1234567890", "swish, spaced": "123 456 78 90",
    "e-mail": "kanarie.fagel@example.se", "e-mail, at": "kanarie.fagel(at)example.se",
    "e-mail, full width": "kanarie＠example.se", "e-mail in a text": "mejla kanarie@example.org nu",
    "link": "https://annons.example.com/kanarie/4711", "link, bare": "annons-kanarie.se",
    "link, www": "www.kanarie-annons.example", "link, path": "kanarie.example.com/flicka/77",
    "onion": "kanariefagel77.onion", "IPv4": "203.0.113.77", "IPv6": "2001:db8:85a3::8a2e:370:7334",
    "plate": "KNR123", "plate, new": "KNR12F", "plate, spaced": "KNR 123", "plate, small": "knr 12f",
    "address": "Kanariegatan 12", "address, letter": "Kanarievägen 4 B", "address, post": "903 26 Kanarieby",
    "address, flat": "Kanariegränd 3 lgh 1102", "postcode": "903 26", "postcode, country": "SE-903 26",
    "coordinates": "63.82584, 20.26304",
    "user name": "@kanarie_fagel", "user name, underscore": "kanarie_fagel77", "user name, reddit": "u/kanariefagel",
    "name": "Kanarie Fågelsson", "name, one word": "Kanariesson", "name, initials": "K. F. Fågelsson",
    "name, capitals": "FÅGELSSON, KANARIE", "name, hyphen": "Anna-Kanarie Fågelsson",
    "sentence": "Hon heter Kanarie och bor på hotellet", "note": "1 (Kanarie)", "count with a note": "3 varav Kanarie",
    "birth date": "1988-03-20", "birth date, Swedish": "20 mars 1988", "birth date, together": "19880320",
    "case number": "K 4711-24", "police case": "5000-K471177-24", "guid": "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
    "passport": "AA7654321", "card": "4571 1234 5678 9012", "account": "SE45 5000 0000 0583 9825 7466",
    "formula": "=HYPERLINK(\"http://kanarie.example\")", "script": "<script>kanarie()</script>",
    "emoji": "🐤 Kanarie", "combining": "Kanarie\u0301", "Cyrillic": "Каnarie", "tag characters": "K\U000e0061narie",
}  # fmt: skip


def secrets() -> list[tuple[str, str]]:
    """What each disguise is called, and the disguised text."""
    return [*_numbers(random.Random(2480)), *TEXTS.items()]


def _csv(rows: list[tuple[str, ...]], header: tuple[str, ...] = HEADER) -> bytes:
    quoted = [";".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in (header, *rows)]
    return "\r\n".join(quoted).encode()


def in_text_files() -> Iterator[Disguise]:
    """Each disguise in every column, in an extra column, and as a header."""
    for name, secret in secrets():
        for place, column in enumerate(HEADER):
            row = ("E03", "2480", "2023", "T", "T", "5")
            rows = [*CLEAN_ROWS, (*row[:place], secret, *row[place + 1 :])]
            yield Disguise(f"{name} as {column}", secret, "E03.csv", _csv(rows))
        extra = [(*row, secret) for row in CLEAN_ROWS]
        yield Disguise(f"{name} in an extra column", secret, "E03.csv", _csv(extra, (*HEADER, "namn")))
        yield Disguise(f"{name} as a header", secret, "E03.csv", _csv(extra, (*HEADER, secret)))
        yield Disguise(
            f"{name} after the row", secret, "E03.csv", _csv([*CLEAN_ROWS, (*CLEAN_ROWS[0], secret)])
        )


SECRET = "Kanarie Fågelsson 880320-1234"


def _book() -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "E03"
    sheet.append(["Region", "Period", "Kön", "Ålder", "Antal"])
    for _, region, period, sex, age, count in CLEAN_ROWS:
        sheet.append([region, period, sex, age, int(count)])
    return book


def _changed(change: Callable[[openpyxl.Workbook], object]) -> bytes:
    book = _book()
    change(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _hide_row(book: openpyxl.Workbook) -> None:
    book["E03"].append([SECRET])
    book["E03"].row_dimensions[4].hidden = True


def _hide_clean_row(book: openpyxl.Workbook) -> None:
    book["E03"].row_dimensions[3].hidden = True


def _hide_column(book: openpyxl.Workbook) -> None:
    book["E03"]["G2"] = SECRET
    book["E03"].column_dimensions["G"].hidden = True


def _hide_clean_column(book: openpyxl.Workbook) -> None:
    book["E03"].column_dimensions["D"].hidden = True


def _hidden_sheet(state: str) -> Callable[[openpyxl.Workbook], object]:
    def change(book: openpyxl.Workbook) -> None:
        sheet = book.create_sheet("D01")
        sheet.append(["Region", "Period", "Antal"])
        sheet.append([SECRET])
        sheet.sheet_state = state

    return change


def _sheet(title: str) -> Callable[[openpyxl.Workbook], object]:
    def change(book: openpyxl.Workbook) -> None:
        book.create_sheet(title)["A1"] = SECRET

    return change


def _cell(place: str, value: object, number_format: str = "General") -> Callable[[openpyxl.Workbook], object]:
    def change(book: openpyxl.Workbook) -> None:
        book["E03"][place] = value
        book["E03"][place].number_format = number_format

    return change


def _title(title: str) -> Callable[[openpyxl.Workbook], object]:
    return lambda book: setattr(book["E03"], "title", title)


def _comment(book: openpyxl.Workbook) -> None:
    book["E03"]["E2"].comment = Comment(SECRET, "Kanarie")


def _name(book: openpyxl.Workbook) -> None:
    book.defined_names["Kanarie"] = DefinedName("Kanarie", attr_text=f'"{SECRET}"')


WORKBOOKS: dict[str, Callable[[openpyxl.Workbook], object]] = {
    "hidden row": _hide_row,
    "hidden row that looks clean": _hide_clean_row,
    "hidden column": _hide_column,
    "hidden column that looks clean": _hide_clean_column,
    "hidden sheet": _hidden_sheet("hidden"),
    "very hidden sheet": _hidden_sheet("veryHidden"),
    "comment": _comment,
    "defined name": _name,
    "sheet of its own": _sheet("Namn"),
    "instruction sheet": _sheet("Instruktion"),
    "footnote sheet": _sheet("Fotnoter"),
    "code sheet": _sheet("Koder"),
    "sheet name": _title("Kanarie 880320-1234"),
    "header": _cell("F1", SECRET),
    "far to the right": _cell("ZZ2", SECRET),
    "a little to the right": _cell("H2", SECRET),
    "far below": _cell("A5000", SECRET),
    "date in the count column": _cell("E2", 32222, "yyyy-mm-dd"),
    "date serial in the count column": _cell("E2", 32222),
    "date in the period column": _cell("B2", 32222, "d mmm yyyy"),
    "date in a format of one's own": _cell("E2", 32222, '"f"yymmdd'),
    "personal number as a number": _cell("E2", 8803201234),
    "personal number of 12 digits as a number": _cell("E2", 198803201234),
    "personal number without its leading zero": _cell("E2", 103201234),
    "personal number as a decimal": _cell("E2", 880320.1234),
    "coordination number as a number": _cell("E2", 8803801234),
    "telephone number as a number": _cell("E2", 701740605),
    "telephone number with country as a number": _cell("E2", 46701740605),
    "number format that hides digits": _cell("E2", 8803201234, '"12"'),
    "formula error": _cell("E2", "#REF!"),
    "formula never calculated": _cell("E2", '="880320"&"-1234"'),
    "link formula": _cell("A2", '=HYPERLINK("http://kanarie.example","Umeå")'),
    "true or false": _cell("E2", True),
}  # fmt: skip


def in_workbooks() -> Iterator[Disguise]:
    """What a workbook can carry beside what its screen shows; and each disguise as a cell."""
    for name, change in WORKBOOKS.items():
        yield Disguise(f"workbook, {name}", "Kanarie", "E03.xlsx", _changed(change))
    for name, secret in secrets():
        for place in ("A2", "E2"):
            yield Disguise(f"workbook, {name} in {place}", secret, "E03.xlsx", _changed(_cell(place, secret)))
    yield Disguise("workbook, picture", "Kanarie", "E03.xlsx", _with_picture(embed=False))
    yield Disguise("workbook, picture in a cell", "Kanarie", "E03.xlsx", _with_picture(embed=True))
    yield Disguise("workbook, text box", "Kanarie", "E03.xlsx", _with_text_box())


_PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def _drawn(draw: Callable[[xlsxwriter.workbook.Worksheet], object]) -> bytes:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = book.add_worksheet("E03")
    sheet.write_row(0, 0, ["Region", "Period", "Antal"])
    sheet.write_row(1, 0, ["2480", "2024", 12])
    draw(sheet)
    book.close()
    return file.getvalue()


def _with_picture(*, embed: bool) -> bytes:
    def draw(sheet: xlsxwriter.workbook.Worksheet) -> None:
        put = sheet.embed_image if embed else sheet.insert_image
        put(2, 2, "kanarie.png", {"image_data": io.BytesIO(_PIXEL)})

    return _drawn(draw)


def _with_text_box() -> bytes:
    return _drawn(lambda sheet: sheet.insert_textbox(3, 3, SECRET))


def split_over_columns() -> Iterator[Disguise]:
    """A number cut in pieces, each in a column of its own."""
    header = ("indicator", "region", "period", "sex", "count", "födelsedatum", "sista fyra")
    yield Disguise(
        "split: two columns",
        "19880320",
        "E03.csv",
        _csv([("E03", "2480", "2024", "T", "1", "19880320", "1234")], header),
    )
    for name, period, count in (
        ("day and number", "19880320", "1234"),
        ("year and rest", "1988", "3201234"),
        ("month and rest", "1988M03", "201234"),
        ("month with a dash", "1988-03", "201234"),
        ("day in dashes", "2004-03-20", "1234"),
    ):
        yield Disguise(
            f"split: {name}", "Kanarie", "E03.csv", _csv([("E03", "2480", period, "T", "T", count)])
        )
    yield Disguise(
        "split: number in region",
        "8803201234",
        "E03.csv",
        _csv([("E03", "8803201234", "2024", "T", "T", "1")]),
    )


@cache
def all_disguises() -> tuple[Disguise, ...]:
    return (*in_text_files(), *in_workbooks(), *split_over_columns())
