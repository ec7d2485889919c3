"""Tables as people really write them: the same answer however a file is written, and for odd cells an
answer with reasons or a refusal in both languages, never a traceback and never a value of the file.

Every method is tried on the worked example of its page in docs/method.
"""

import csv
import io
import json
import re
import shlex
from pathlib import Path

import pytest

from lagesbild.analysis.catalogue import METHODS
from lagesbild.core.refusal import Exit
from lagesbild.inside.cli import main

PAGES = Path(__file__).parents[3] / "docs" / "method" / "en"
BLOCK = re.compile(r"^```(?P<kind>\w+) ?(?P<file>\S*)\n(?P<body>.*?)^```$", re.M | re.S)
PERIODS = ("year", "period", "month")
CANARY = "77321"
FEWER = {"mse": ["--bootstraps", "20"], "did": ["--bootstraps", "50"]}


class Example:
    """The files and the command of a page; `rows` are the cells of the table given as --data."""

    def __init__(self, method):
        blocks = list(BLOCK.finditer((PAGES / f"{method}.md").read_text()))
        self.files = {block["file"]: block["body"] for block in blocks if block["kind"] == "csv"}
        first = next(block["body"] for block in blocks if block["kind"] == "sh")
        self.words = shlex.split(first)[2:] + FEWER.get(method, [])
        self.data = self.words[self.words.index("--data") + 1]
        self.rows = list(csv.reader(io.StringIO(self.files[self.data])))

    def write(self, folder, raw=None):
        for name, text in self.files.items():
            (folder / name).write_text(text)
        if raw is not None:
            (folder / self.data).write_bytes(raw if isinstance(raw, bytes) else raw.encode())


EXAMPLES = {method: Example(method) for method in METHODS}


@pytest.fixture
def analysed(tmp_path, monkeypatch, capsys):
    """The exit code, the document (None when refused) and what was said."""
    monkeypatch.chdir(tmp_path)

    def run(method, raw, *more, language="en"):
        EXAMPLES[method].write(tmp_path, raw)
        code = main(["--lang", language, "analyse", *EXAMPLES[method].words, *more, "--json"])
        out, err = capsys.readouterr()
        return code, json.loads(out) if code == Exit.OK else None, err

    return run


def is_number(cell):
    try:
        float(cell)
    except ValueError:
        return False
    return True


def written(rows, delimiter=","):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return text.getvalue()


def swedish(rows, delimiter):
    return written([[c.replace(".", ",") if is_number(c) else c for c in row] for row in rows], delimiter)


WAYS = {
    "byte order mark and CRLF": lambda rows: b"\xef\xbb\xbf" + written(rows).replace("\n", "\r\n").encode(),
    "semicolon and decimal comma": lambda rows: swedish(rows, ";"),
    "tab and decimal comma": lambda rows: swedish(rows, "\t"),
    "spaces around cells": lambda rows: written([[f" {cell} " for cell in row] for row in rows]),
    "blank lines": lambda rows: written([line for row in rows for line in (row, [""] * len(row))]),
    "one column more": lambda rows: written([[*rows[0], "note"], *([*row, 'å, "b"'] for row in rows[1:])]),
    "unsorted": lambda rows: written([rows[0], *rows[2::2], *rows[1::2]]),
}


DRAWN = ("mse", "prevalence")
"""Their random draws follow the order of the rows, as R's do, so unsorted rows move the limits a little."""


@pytest.mark.parametrize(
    ("method", "way"),
    [(m, w) for m in METHODS for w in WAYS if m not in DRAWN or w != "unsorted"],
)
def test_the_answer_does_not_depend_on_how_the_file_is_written(method, way, analysed):
    rows = EXAMPLES[method].rows
    plain, other = (analysed(method, raw)[1] for raw in (written(rows), WAYS[way](rows)))
    assert alike(other["results"]) == alike(plain["results"])


def alike(results):
    """The results in any order, to nine digits; what was pooled or carried along is not compared."""
    return sorted(json.dumps(rounded(row), sort_keys=True) for row in results)


def rounded(value):
    match value:
        case float():
            return float(f"{value:.9g}")
        case dict():
            return {name: rounded(inner) for name, inner in value.items() if name not in ("note", "pooled")}
        case list():
            return [rounded(inner) for inner in value]
        case _:
            return value


@pytest.mark.parametrize("method", METHODS)
def test_columns_of_any_name_are_found_when_named(method, analysed):
    """The columns under names of their own, each given with --column."""
    (head, *rows), words, named = EXAMPLES[method].rows, [], []
    for place, name in enumerate(head):
        own = next((c.name for c in METHODS[method].columns if name in (c.name, *c.also)), None)
        named.append(name if own is None else f"Spalt {place}")
        words += [] if own is None else ["--column", f"{own}={named[-1]}"]
    code, found, said = analysed(method, written([named, *rows]), *words)
    assert (code, said) == (Exit.OK, "")
    assert len(found["results"]) == len(analysed(method, written([head, *rows]))[1]["results"])


def where(rows, which):
    """The places of number columns that are no period: all, the first, or the last."""
    every = [i for i, cell in enumerate(rows[1]) if is_number(cell) and rows[0][i] not in PERIODS]
    return {"all": every, "first": every[:1], "last": every[-1:]}[which]


def cell(value, which, every_row=False):
    def changed(rows):
        new = [list(row) for row in rows]
        for place in where(rows, which):
            for row in range(1, len(rows)) if every_row else (1,):
                new[row][place] = value
        return new

    return changed


def scaled(factor):
    def changed(rows):
        places = where(rows, "all")
        return [
            rows[0],
            *(
                [repr(float(c) * factor) if i in places and is_number(c) else c for i, c in enumerate(row)]
                for row in rows[1:]
            ),
        ]

    return changed


def periods(how):
    def changed(rows):
        place = next((i for i, name in enumerate(rows[0]) if name in PERIODS), None)
        if place is None:
            return rows
        new = {name: how(i) for i, name in enumerate(sorted({row[place] for row in rows[1:]}))}
        return [rows[0], *([*row[:place], new[row[place]], *row[place + 1 :]] for row in rows[1:])]

    return changed


ODD = {
    "first row again": lambda rows: [*rows, rows[1]],
    "one row": lambda rows: rows[:2],
    "two rows": lambda rows: rows[:3],
    "one area": lambda rows: [rows[0], *(row for row in rows[1:] if row[0] == rows[1][0])],
    "first number missing": cell("", "first"),
    "last number missing": cell("..", "last"),
    "numbers missing": cell("NA", "all", every_row=True),
    "text in the first number": cell(f"{CANARY}x", "first"),
    "text in the last number": cell(f"{CANARY} st", "last"),
    "decimal comma beside commas": cell(f"{CANARY},5", "last"),
    "first number below zero": cell(f"-{CANARY}", "first"),
    "last number below zero": cell(f"-{CANARY}", "last"),
    "first number broken": cell(f"{CANARY}.5", "first"),
    "first number infinite": cell("1e400", "first"),
    "first number zero": cell("0", "first", every_row=True),
    "last number zero": cell("0", "last", every_row=True),
    "only zeros": cell("0", "all", every_row=True),
    "huge": scaled(1e12),
    "tiny": scaled(1e-9),
    "a hundred times": scaled(100),
    "dates": periods(lambda i: f"{2014 + i}-01-01"),
    "quarters": periods(lambda i: f"{2014 + i // 4}K{i % 4 + 1}"),
    "months": periods(lambda i: f"{2014 + i // 12}M{i % 12 + 1:02d}"),
    "half-years": periods(lambda i: f"{2014 + i // 2}H{i % 2 + 1}"),
    "foreign dates": periods(lambda i: f"{i % 12 + 1}/1/{2014 + i // 12}"),
    "periods in words": periods(lambda i: f"{CANARY} år {i}"),
    "a period missing": periods(lambda i: str(2014 + i) if i else ""),
}


@pytest.mark.parametrize(
    ("method", "odd"),
    [(m, odd) for m in METHODS for odd in ODD if ODD[odd](EXAMPLES[m].rows) != EXAMPLES[m].rows],
)
def test_odd_cells_are_answered_with_reasons_or_refused_in_both_languages(method, odd, analysed):
    raw = written(ODD[odd](EXAMPLES[method].rows))
    code, found, said = analysed(method, raw)
    if code == Exit.OK:
        assert said == ""
        assert all(reason["sv"] and reason["en"] for reason in found["reasons"])
        assert found["results"] or found["reasons"]
        return
    assert code in (Exit.REFUSED, Exit.USAGE)
    for language, heard in (("en", said), ("sv", analysed(method, raw, language="sv")[2])):
        assert re.match(r"\[[a-z-]+\] ", heard), language
        assert CANARY not in heard
        assert "Traceback" not in heard


NOT_TABLES = {
    "empty": b"",
    "a header alone": b"area,year,count\n",
    "Parquet": b"PAR1\x15\x04\x00\x00PAR1",
    "workbook": b"PK\x03\x04\x00\x00",
    "UTF-16": "area,count\nA,1\n".encode("utf-16"),
}
WRONG_WORDS = (
    ["--nonsense", CANARY],
    ["--level", "150"],
    ["--level", "0"],
    ["--level", f"{CANARY}x"],
    ["--column", "no equals sign"],
    ["--column", "count=not there"],
    ["--where", "not there=1"],
    ["--data", "not there.csv"],
    ["--lang", "xx"],
)


@pytest.mark.parametrize("raw", NOT_TABLES)
@pytest.mark.parametrize("method", METHODS)
def test_what_is_no_table_is_refused(method, raw, analysed):
    code, _, said = analysed(method, NOT_TABLES[raw])
    assert code in (Exit.REFUSED, Exit.USAGE)
    assert said.startswith(("[unreadable-table]", "[missing-column]"))


@pytest.mark.parametrize("words", WRONG_WORDS, ids=" ".join)
@pytest.mark.parametrize("method", METHODS)
def test_wrong_words_are_wrong_usage(method, words, analysed):
    code, _, said = analysed(method, None, *words)
    assert code == Exit.USAGE
    assert said.startswith(("[bad-option]", "[missing-column]", "[unreadable-table]"))


def test_a_list_with_one_wrong_cell_is_not_silently_left_out(analysed):
    code, _, said = analysed("mse", written(cell("2", "first")(EXAMPLES["mse"].rows)))
    assert code == Exit.REFUSED
    assert "row 2, column A" in said


def test_an_indicator_with_one_wrong_cell_is_not_silently_left_out(analysed):
    code, _, said = analysed("compare", written(cell("many", "first")(EXAMPLES["compare"].rows)))
    assert code == Exit.REFUSED
    assert "row 2, column density" in said


def test_a_refusal_names_the_column_as_the_file_does(analysed):
    head, *rows = EXAMPLES["trend"].rows
    code, _, said = analysed("trend", written([head, *rows, rows[0]]))
    assert code == Exit.REFUSED
    assert "column year" in said
    code, _, said = analysed("trend", written([head, ["Ekby", "2019", "12", "many"]]))
    assert "column population" in said


def test_shares_in_per_cent_mean_the_same_and_say_so(analysed):
    per_cent = [
        ["area", "share", "share_lower", "share_upper", "population"],
        ["Ekby", "9", "8", "11", "9000"],
    ]
    of_one = [per_cent[0], ["Ekby", "0.09", "0.08", "0.11", "9000"]]
    first, second = (analysed("prevalence", written(rows))[1] for rows in (per_cent, of_one))
    assert first["results"][0]["value"] == second["results"][0]["value"] == pytest.approx(810)
    assert first["results"][0]["lower"] == second["results"][0]["lower"]
    assert "share_in_per_cent" in [warned["code"] for warned in first["warnings"]]


def test_a_first_period_that_cannot_be_read_is_not_taken_for_never(analysed):
    head, *rows = EXAMPLES["did"].rows
    place = head.index("first")
    spoilt = [head, [*rows[0][:place], "soon", *rows[0][place + 1 :]], *rows[1:]]
    code, _, said = analysed("did", written(spoilt))
    assert code == Exit.REFUSED
    assert "column first" in said


@pytest.mark.parametrize(("written_as", "at"), [("{}-01-01", "2022"), ("{}.0", "2022-01-01")])
def test_the_first_period_is_found_however_it_is_written(written_as, at, analysed):
    head, *rows = EXAMPLES["synth"].rows
    place = head.index("year")
    dated = [head, *([*row[:place], written_as.format(row[place]), *row[place + 1 :]] for row in rows)]
    found, plain = (
        analysed("synth", written(dated), "--at", at)[1],
        analysed("synth", written([head, *rows]))[1],
    )
    assert [row["att"] for row in found["results"]] == [row["att"] for row in plain["results"]]
