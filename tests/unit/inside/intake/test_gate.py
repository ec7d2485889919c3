"""The gate on tidy tables: what comes in, and what is refused where and why."""

from collections.abc import Generator
from datetime import date
from pathlib import Path
from typing import IO

import openpyxl
import pytest

from lagesbild.core.figures import Key, State
from lagesbild.core.refusal import Refusal
from lagesbild.inside.intake import Admitted, admit, child, delimited
from lagesbild.inside.intake.reading import Event
from lagesbild.reference import load

TODAY = date(2026, 1, 15)
HEAD = "indicator,region,period,sex,age,count\n"


def here(file: IO[bytes], kind: str) -> Generator[Event, None, None]:
    """Reads in this process: what the child would find, without its limits and its start-up time."""
    return child.events(file, kind)


@pytest.fixture
def gate(tmp_path: Path):
    def judge(*texts: str | bytes, name: str = "D01.csv") -> Admitted:
        paths = []
        for number, text in enumerate(texts):
            path = tmp_path / str(number) / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
            paths.append(path)
        return admit(paths, load(), today=TODAY, read=here)

    return judge


def refused(gate, *texts: str | bytes) -> list[tuple[str, str]]:
    """The rules that a file breaks, and where."""
    with pytest.raises(Refusal) as refusal:
        gate(*texts)
    return [(finding.code, finding.place.in_("en")) for finding in refusal.value.findings]


def test_codes_words_blanks_and_marks_become_one_table_per_indicator(gate):
    admitted = gate(
        "indikator;kommun;år;kön;ålder;antal\n"
        "D01;Umeå;2024;;;12\n"
        "D01;Vännäs kommun;2024;T;T;0\n"
        "D01;Arjeplogs kommun;2023;totalt;alla;12,0\n"
        "E03;Malung–Sälens kommun;2023;kvinnor;18–24 år;\n"
        "E03;0114;2023;M;65+;ej tillämpligt\n"
        "E03;114;2023;män;0-17 år;..\n"
    )
    assert dict(admitted.tables["D01"].cells()) == {
        Key("2480", "2024"): 12,
        Key("2460", "2024"): 0,
        Key("2506", "2023"): 12,
    }
    assert dict(admitted.tables["E03"].cells()) == {
        Key("2023", "2023", "K", "18-24"): State.NO_PICTURE,
        Key("0114", "2023", "M", "65+"): State.NOT_APPLICABLE,
        Key("0114", "2023", "M", "0-17"): State.NO_PICTURE,
    }


def test_a_sheet_named_by_an_indicator_may_have_the_indicator_column_too(tmp_path):
    path = tmp_path / "D01.xlsx"
    book = openpyxl.Workbook()
    book.active.title = "D01"
    for row in (["indicator", "region", "period", "count"], ["R06", "2480", "2024", 5]):
        book.active.append(row)
    book.save(path)
    assert list(admit([path], load(), today=TODAY, read=here).tables) == ["R06"]


def test_a_sheet_named_by_an_indicator_that_is_never_imported_is_refused(tmp_path):
    path = tmp_path / "D02.xlsx"
    book = openpyxl.Workbook()
    book.active.title = "D02"
    for row in (["region", "period", "count"], ["2480", "2024", 5]):
        book.active.append(row)
    book.save(path)
    with pytest.raises(Refusal, match=r"^indicator-not-imported$"):
        admit([path], load(), today=TODAY, read=here)


def test_a_file_of_nothing_but_errors_is_not_read_to_its_end(gate, monkeypatch):
    monkeypatch.setattr(delimited, "BLOCK", 100)
    monkeypatch.setattr("lagesbild.inside.intake.gate.ENOUGH", 150)
    findings = HEAD + "D01,nowhere,2024,T,T,1\n" * 1_000
    with pytest.raises(Refusal) as refusal:
        gate(findings)
    assert "At least 150 more errors" in refusal.value.in_("en")


def test_sex_and_age_may_be_left_out(gate):
    admitted = gate("indicator,region,period,count\nD01,2480,2024M01,3\n")
    assert dict(admitted.tables["D01"].cells()) == {Key("2480", "2024M01"): 3}


@pytest.mark.parametrize(
    ("row", "rule", "column"),
    [
        ("X99,2480,2024,T,T,3", "unknown-indicator", "A (indicator)"),
        ("D02,2480,2024,T,T,3", "indicator-not-imported", "A (indicator)"),
        ("D01,Umeåå,2024,T,T,3", "unknown-region", "B (region)"),
        ("D01,2480,hösten,T,T,3", "unknown-period", "C (period)"),
        ("D01,2480,1987,T,T,3", "period-out-of-range", "C (period)"),
        ("D01,2480,2026,T,T,3", "period-out-of-range", "C (period)"),
        ("D01,2480,2024,Q,T,3", "unknown-sex", "D (sex)"),
        ("D01,2480,2024,T,17,3", "unknown-age", "E (age)"),
        ("D01,2480,2024,K,T,3", "sex-not-collected", "D (sex)"),
        ("D01,2480,2024,T,18-24,3", "age-not-collected", "E (age)"),
        ("D03,2480,2024,T,T,3", "level-too-fine", "B (region)"),
        ("E03,2480,2024Q1,T,T,3", "wrong-frequency", "C (period)"),
        ("D01,2480,2024,T,T,-3", "negative-count", "F (count)"),
        ("D01,2480,2024,T,T,3.5", "fractional-count", "F (count)"),
        ("D01,2480,2024,T,T,1.234", "ambiguous-number", "F (count)"),
        ("D01,2480,2024,T,T,-", "ambiguous-mark", "F (count)"),
        ("D01,2480,2024,T,T,#SAKNAS!", "formula-error", "F (count)"),
        ("D01,2480,2024,T,T,många", "not-a-count", "F (count)"),
        ("D01,2480,2024,T,T,98765", "count-too-large", "F (count)"),
        ("R03,2480,2024,T,T,17", "unknown-category", "F (count)"),
    ],
)
def test_a_row_that_breaks_a_rule_is_refused_with_its_place(gate, row, rule, column):
    assert refused(gate, f"{HEAD}D01,2482,2024,T,T,1\n{row}\n") == [
        (rule, f"file D01.csv, row 3, column {column}")
    ]


def test_the_same_cell_twice_is_refused_also_across_files(gate):
    one = f"{HEAD}D01,2480,2024,T,T,3\n"
    assert refused(gate, one, one) == [("duplicate", "file D01.csv, row 2")]


@pytest.mark.parametrize(
    ("rows", "rule"),
    [
        (["E03,2480,2024,T,T,9", "E03,2480,2024,K,T,5", "E03,2480,2024,M,T,5"], "sum-of-sexes"),
        (["E03,2480,2024,T,T,9", "E03,2480,2024,K,T,10"], "sum-of-sexes"),
        (["E03,2480,2024,T,T,9", "E03,2480,2024,T,18-24,10"], "sum-of-ages"),
        (["D01,2480,2024,T,T,9", "D01,2480,2024H1,T,T,5", "D01,2480,2024H2,T,T,5"], "sum-of-periods"),
        (["D01,24,2024,T,T,9", "D01,2480,2024,T,T,10"], "sum-of-regions"),
        (["E03,2480,2024,T,T,9", "E04,2480,2024,T,T,10"], "sum-of-indicators"),
    ],
)
def test_a_total_that_disagrees_with_its_parts_is_refused(gate, rows, rule):
    assert refused(gate, HEAD + "\n".join(rows)) == [(rule, "file D01.csv, row 2, column F (count)")]


def test_a_complete_county_must_add_up_and_an_incomplete_one_must_not(gate):
    gotland = f"{HEAD}D01,09,2024,T,T,9\nD01,0980,2024,T,T,"
    assert len(gate(gotland + "9\n").tables["D01"]) == 2
    assert refused(gate, gotland + "8\n")[0][0] == "sum-of-regions"
    assert len(gate(f"{HEAD}D01,24,2024,T,T,9\nD01,2480,2024,T,T,5\n").tables["D01"]) == 2
    assert len(gate(gotland + "\n").tables["D01"]) == 2


def test_rows_of_a_register_are_refused_and_a_sparse_table_is_not(gate):
    towns = [region.code for region in load().geography.regions if len(region.code) == 4][:40]
    ones = HEAD + "".join(f"D01,{code},2024,T,T,1\n" for code in towns)
    assert refused(gate, ones) == [("row-per-event", "file D01.csv, row 2")]
    assert len(gate(ones + "D01,2480,2024,T,T,0\n").tables["D01"]) == 41


def test_many_findings_are_capped_and_counted(gate):
    findings = refused(gate, HEAD + "D01,nowhere,2024,T,T,1\n" * 80)
    assert len(findings) == 51
    with pytest.raises(Refusal, match="unknown-region") as refusal:
        gate(HEAD + "D01,nowhere,2024,T,T,1\n" * 80)
    assert "30 more errors" in refusal.value.in_("en")


@pytest.mark.parametrize(
    ("header", "rule", "place"),
    [
        ("indicator,region,period,count,namn", "unknown-column", "row 1, column E"),
        ("indicator,region,period,count,198803201234", "personal-number", "row 1, column E"),
        ("indicator,region,period,count,antal", "column-twice", "row 1, column E"),
        ("region,period,count", "no-indicator", "row 1"),
        ("indicator,period,count", "no-region", "row 1"),
        ("indicator,region,count", "no-period", "row 1"),
        ("indicator,region,period", "no-count", "row 1"),
        ("indicator,region,period,quarter,month,count", "column-twice", "row 1, column E"),
        ("indicator,region,period,år,count", "column-twice", "row 1, column D"),
        ("indicator,region,count,2023", "wide-table", "row 1, column D"),
        ("indicator,region,period,kvinnor", "wide-table", "row 1, column D"),
        ("indicator,region,period,18-24 år", "wide-table", "row 1, column D"),
    ],
)
def test_a_header_that_is_not_understood_is_refused_by_its_position(gate, header, rule, place):
    assert refused(gate, header + "\n") == [(rule, f"file D01.csv, {place}")]


@pytest.mark.parametrize(
    ("header", "year", "part", "code"),
    [
        ("år,kvartal", "2023", "3", "2023Q3"),
        ("år,kvartal", "2023.0", "3.0", "2023Q3"),
        ("År,Kvartal", "2023", "K3", "2023Q3"),
        ("år,kvartal", "2023", "2023K3", "2023Q3"),
        ("year,quarter", "2023", "Q3", "2023Q3"),
        ("år,månad", "2023", "2", "2023M02"),
        ("år,månad", "2023", "februari", "2023M02"),
        ("period,month", "2023", "2023M02", "2023M02"),
        ("år,halvår", "2023", "H2", "2023H2"),
        ("år,halvår", "2023", "2", "2023H2"),
        ("år,kvartal", "2023", "totalt", "2023"),
    ],
)
def test_year_and_part_of_it_may_stand_in_two_columns_in_any_order(gate, header, year, part, code):
    first, second = header.split(",")
    for columns, values in (((first, second), (year, part)), ((second, first), (part, year))):
        table = f"indikator,kommun,{','.join(columns)},antal\nD01,Umeå,{','.join(values)},4\n"
        assert dict(gate(table).tables["D01"].cells()) == {Key("2480", code): 4}


@pytest.mark.parametrize(
    ("year", "part", "rule"),
    [
        ("2023", "5", "unknown-period"),
        ("2023", "", "unknown-period"),
        ("2023", "2022K3", "unknown-period"),
        ("1988", "3", "period-out-of-range"),
        ("2023", "8803201234", "personal-number"),
        ("880320", "1234", "personal-number"),
        ("2023", "Anna Andersson", "unknown-period"),
    ],
)
def test_a_year_with_a_part_that_it_does_not_have_is_refused(gate, year, part, rule):
    table = f"indikator,kommun,år,kvartal,antal\nD01,Umeå,{year},{part},4\n"
    assert refused(gate, table) == [(rule, "file D01.csv, row 2, column C (period)")]


def test_a_file_name_that_could_be_a_persons_is_not_shown(gate, tmp_path):
    path = tmp_path / "anna andersson.csv"
    path.write_text("x")
    with pytest.raises(Refusal) as refusal:
        admit([path], load(), today=TODAY, read=here)
    assert "anna" not in refusal.value.in_("sv")
    assert "fil 1" in refusal.value.in_("sv")


@pytest.mark.parametrize("raw", [b"", b"\n\n", HEAD.encode()])
def test_a_file_without_counts_is_refused(gate, raw):
    assert refused(gate, raw)[0][0] == "no-table"


def test_delimiters_encodings_and_byte_order_marks(gate):
    for text in (
        "indicator\tregion\tperiod\tcount\nD01\tUmeå\t2024\t3\n",
        "\ufeffindicator;region;period;count\nD01;Umeå;2024;3\n",
    ):
        for encoding in ("utf-8", "windows-1252"):
            if text.isascii() or not text.startswith("\ufeff") or encoding == "utf-8":
                admitted = gate(text.encode(encoding))
                assert dict(admitted.tables["D01"].cells()) == {Key("2480", "2024"): 3}
