"""The workbook template: what stands in it, and that a filled one comes in."""

import io
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from lagesbild.core.figures import Key, State
from lagesbild.core.refusal import Exit, Refusal
from lagesbild.inside.cli import main
from lagesbild.inside.intake import admit, child
from lagesbild.inside.intake.template import template
from lagesbild.reference import load

TODAY = date(2026, 1, 15)


def book(*codes: str, periods=(), language="sv") -> openpyxl.Workbook:
    reference = load()
    indicators = [reference.indicators[code] for code in codes]
    raw = template(reference, indicators, periods, language, TODAY)
    return openpyxl.load_workbook(io.BytesIO(raw))


def offered(workbook: openpyxl.Workbook, sheet: str, column: str) -> list[str]:
    """What the drop-down of a column offers."""
    rules = [rule for rule in workbook[sheet].data_validations.dataValidation if f"{column}2" in rule.sqref]
    source = rules[0].formula1
    if source.startswith('"'):
        return source.strip('"').split(",")
    name, cells = source.split("!")
    return [cell.value for row in workbook[name][cells.replace("$", "")] for cell in row]


def admitted(workbook: openpyxl.Workbook, path: Path):
    workbook.save(path)
    return admit([path], load(), today=TODAY, read=child.events)


@pytest.mark.parametrize(("language", "first"), [("sv", "Instruktion"), ("en", "Instructions")])
def test_a_sheet_for_each_indicator_between_instructions_and_footnotes(language, first):
    names = book("D01", "E03", language=language).sheetnames
    assert (names[0], names[1:3]) == (first, ["D01", "E03"])
    assert len(names) == 5


def test_the_drop_downs_offer_what_the_gate_takes_and_nothing_else():
    workbook = book("D03", "E03", periods=["2024", "2023"])
    assert {"Umeå", "Malung-Sälen"} <= set(offered(workbook, "E03", "A"))
    assert "Västerbottens län" in offered(workbook, "D03", "A")
    assert not {"Umeå", "Storstäder"} & set(offered(workbook, "D03", "A"))
    assert offered(workbook, "E03", "B") == ["2024", "2023"]
    assert offered(workbook, "E03", "C") == ["totalt", "kvinnor", "män"]
    assert offered(workbook, "E03", "D")[1] == "0-17 år"
    assert offered(book("R03"), "R03", "E")[-1] == "ej tillämpligt"


def test_the_drop_down_offers_only_periods_that_are_long_enough():
    workbook = book("D01", "E03", periods=["2024", "2024Q1"])
    assert offered(workbook, "D01", "B") == ["2024", "2024Q1"]
    assert offered(workbook, "E03", "B") == ["2024"]


def test_without_periods_the_list_has_every_length_that_fits_and_has_ended():
    workbook = book("D01", "D05", "E03")
    assert offered(workbook, "E03", "B") == [str(year) for year in range(2025, 2015, -1)]
    assert offered(workbook, "D05", "B")[9:12] == ["2016", "2025H2", "2025H1"]
    months = offered(workbook, "D01", "B")
    assert months[:2] == ["2025", "2024"]
    assert (months[-1], "2025M12" in months, "2026M01" in months) == ("2016M01", True, False)


def test_headers_are_locked_and_cells_below_are_open():
    sheet = book("E03")["E03"]
    assert sheet.protection.sheet
    assert sheet["A1"].protection.locked
    assert not sheet.column_dimensions["A"].hidden


def test_the_same_template_is_the_same_bytes():
    reference = load()
    indicators = [reference.indicators["D01"]]
    assert template(reference, indicators, (), "sv", TODAY) == template(
        reference, indicators, (), "sv", TODAY
    )


@pytest.mark.parametrize(
    ("language", "women", "age", "mark"),
    [("sv", "kvinnor", "18-24 år", "ej tillämpligt"), ("en", "women", "18-24 years", "not applicable")],
)
def test_a_filled_template_comes_in(language, women, age, mark, tmp_path):
    workbook = book("D01", "E03", language=language)
    for row in (["Umeå", "2024M01", None, None, 12], ["0114", "2024M01", "T", "T", 0], ["Ale", "2024"]):
        workbook["D01"].append(row)
    workbook["E03"].append(["Umeå", "2024", women, age, mark])
    tables = admitted(workbook, tmp_path / "mall.xlsx").tables
    assert dict(tables["D01"].cells()) == {
        Key("2480", "2024M01"): 12,
        Key("0114", "2024M01"): 0,
        Key("1440", "2024"): State.NO_PICTURE,
    }
    assert dict(tables["E03"].cells()) == {Key("2480", "2024", "K", "18-24"): State.NOT_APPLICABLE}


@pytest.mark.parametrize("sheet", ["Instruktion", "Fotnoter", "Koder"])
@pytest.mark.parametrize("cell", ["A1", "A40", "H3"])
def test_a_word_of_ones_own_on_a_text_sheet_is_refused(sheet, cell, tmp_path):
    workbook = book("D01")
    workbook["D01"].append(["Umeå", "2024", None, None, 12])
    workbook[sheet][cell] = "Anna Andersson"
    with pytest.raises(Refusal) as refusal:
        admitted(workbook, tmp_path / "mall.xlsx")
    assert [finding.code for finding in refusal.value.findings] == ["free-text"]
    assert f"sheet {sheet}, row {cell[1:]}, column {cell[0]}" in refusal.value.in_("en")


def test_the_command_writes_a_template_once(tmp_path, capsys):
    path = tmp_path / "mall.xlsx"
    arguments = ["template", "--indicator", "d01", "--indicator", "E03", "--period", "2024", "-o", str(path)]
    assert main(arguments) == Exit.OK
    assert openpyxl.load_workbook(path).sheetnames[1:3] == ["D01", "E03"]
    written = path.read_bytes()
    assert main(arguments) == Exit.USAGE
    assert path.read_bytes() == written
    assert "output-file" in capsys.readouterr().err


@pytest.mark.parametrize(
    "wrong",
    [
        ["--indicator", "D02"],
        ["--indicator", "D01", "--period", "våren"],
        ["--indicator", "E03", "--period", "2024Q1"],
    ],
)
def test_the_command_refuses_what_has_no_template(wrong, tmp_path, capsys):
    assert main(["template", *wrong, "-o", str(tmp_path / "mall.xlsx")]) == Exit.USAGE
    assert not list(tmp_path.iterdir())
    assert capsys.readouterr().err.startswith(("[unknown-", "[wrong-frequency]"))


def test_the_command_without_an_indicator_lists_them(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["template", "--lang", "en"]) == Exit.OK
    listed = dict(line.split("  ", 1) for line in capsys.readouterr().out.splitlines())
    assert listed["E03"] == "Persons in support services"
    assert set(listed) == {code for code, each in load().indicators.items() if each.importable}
    assert not list(tmp_path.iterdir())
