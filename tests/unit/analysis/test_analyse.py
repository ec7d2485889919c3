"""`lagesbild analyse`: a tidy CSV in, one JSON document out, and nothing of the values in a refusal."""

import json
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lagesbild.core.refusal import Exit
from lagesbild.inside.cli import main


@pytest.fixture
def write(tmp_path):
    def written(text, name="data.csv"):
        (tmp_path / name).write_text(text)
        return str(tmp_path / name)

    return written


def analysed(capsys, *words):
    assert main(["analyse", *words, "--json"]) == Exit.OK
    return json.loads(capsys.readouterr().out)


def test_the_document_carries_other_columns_and_speaks_plain_numbers(write, capsys):
    found = analysed(capsys, "rate", "--data", write("kommun,count,denominator,note\nX,5,100,a\n"))
    assert set(found) == {"method", "options", "results", "summary", "warnings", "reasons"}
    row = found["results"][0]
    assert (row["kommun"], row["note"], row["count"], row["value"]) == ("X", "a", 5.0, 5000.0)


def test_columns_are_renamed_on_the_way_in(write, capsys):
    path = write("händelser;folk\n5;100\n")
    found = analysed(
        capsys, "rate", "--data", path, "--column", "count=händelser", "--column", "denominator=folk"
    )
    assert found["results"][0]["value"] == 5000


def test_beside_semicolons_numbers_are_written_the_swedish_way(write, capsys):
    path = write("kod;count;denominator\n0180;5,5;1 100\n")
    row = analysed(capsys, "rate", "--data", path)["results"][0]
    assert (row["kod"], row["count"], row["value"]) == ("0180", 5.5, 500.0)


def test_rows_are_chosen_with_where(write, capsys):
    path = write("sex,count,denominator\nK,5,100\nM,6,100\n")
    assert [r["sex"] for r in analysed(capsys, "rate", "--data", path, "--where", "sex=M")["results"]] == [
        "M"
    ]


def test_a_withheld_value_is_null_with_a_reason_that_has_a_sentence(write, capsys):
    found = analysed(capsys, "rate", "--data", write("count,denominator,status\n,100,hidden\n"))
    assert found["results"][0]["value"] is None
    assert found["results"][0]["reason"] == "protected"
    assert {"code", "sv", "en"} == set(found["reasons"][0])


@pytest.mark.parametrize(
    ("words", "text", "code"),
    [
        (["rate"], "count,denominator\n77321x,100\n", Exit.REFUSED),
        (["rate"], "count,denominator\n1,2,77321\n", Exit.REFUSED),
        (["rate"], "", Exit.REFUSED),
        (["rate"], "other,denominator\n77321,100\n", Exit.USAGE),
        (["rate", "--level", "77321"], "count,denominator\n1,100\n", Exit.USAGE),
        (["rate", "--nonsense", "77321"], "count,denominator\n1,100\n", Exit.USAGE),
        (["nonsense"], "count,denominator\n77321,100\n", Exit.USAGE),
        (["rate", "--column", "count=77321"], "count,denominator\n1,100\n", Exit.USAGE),
    ],
)
@pytest.mark.parametrize("language", ["sv", "en"])
def test_what_cannot_be_used_is_refused_without_showing_values(words, text, code, language, write, capsys):
    assert main(["--lang", language, "analyse", *words, "--data", write(text)]) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert "77321" not in err or "--column" in words
    assert err


def test_a_refusal_names_the_line_of_the_file_also_after_blank_lines_and_a_choice_of_rows(write, capsys):
    path = write("sex,count,denominator\nK,5,100\n\nM,6,100\nM,many,100\n")
    assert main(["--lang", "en", "analyse", "rate", "--data", path, "--where", "sex=M"]) == Exit.REFUSED
    assert "row 5" in capsys.readouterr().err


def test_a_missing_file_is_wrong_usage(tmp_path, capsys):
    assert main(["analyse", "rate", "--data", str(tmp_path / "none.csv")]) == Exit.USAGE


def test_alone_it_lists_the_methods(capsys):
    assert main(["analyse"]) == Exit.OK
    assert "proportion" in capsys.readouterr().out


def test_help_of_a_method_names_its_columns(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["analyse", "rate", "--help"])
    assert stopped.value.code == Exit.OK
    assert "denominator" in capsys.readouterr().out


def test_the_table_is_readable_in_both_languages(write, capsys):
    path = write("count,denominator,status\n5,100,\n,100,hidden\n")
    for language, word in (("sv", "skyddas"), ("en", "protected so")):
        assert main(["--lang", language, "analyse", "rate", "--data", path]) == Exit.OK
        assert word in capsys.readouterr().out


def test_column_names_may_differ_in_case_and_spaces(write, capsys):
    row = analysed(capsys, "rate", "--data", write("Area,Number,NUMERATOR,Person Years\nX,1,5,100\n"))[
        "results"
    ][0]
    assert (row["Area"], row["value"]) == ("X", 5000.0)


def test_swedish_column_names_are_found(write, capsys):
    path = write("kommun,år,Antal,folkmängd\nÅby,2024,5,100\n")
    row = analysed(capsys, "rate", "--data", path)["results"][0]
    assert (row["folkmängd"], row["value"]) == ("100", 5000.0)


@pytest.mark.parametrize(
    "raw",
    [
        "område;count;denominator\nÅby;5;100\n".encode("cp1252"),
        "område\tcount\tdenominator\r\nÅby\t5\t100\r\n".encode(),
        b"\xef\xbb\xbf" + '"område","count","denominator"\n"Åby","5","100"\n'.encode(),
    ],
)
def test_files_of_other_programs_are_read(raw, tmp_path, capsys):
    path = tmp_path / "data.csv"
    path.write_bytes(raw)
    row = analysed(capsys, "rate", "--data", str(path))["results"][0]
    assert (row["område"], row["value"]) == ("Åby", 5000.0)


def test_parquet_is_read_as_csv_is(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    table = pa.table(
        {
            "area": pa.array(["Ekby", "Ekby", None]).dictionary_encode(),
            "period": [date(2023, 1, 1), date(2024, 1, 1), date(2024, 1, 1)],
            "count": [12, None, 4],
            "n": [100.0, 200.0, 50.5],
            "own": [True, False, None],
        }
    )
    pq.write_table(table, "table.parquet")
    Path("table.csv").write_text(
        "area,period,count,n,own\nEkby,2023-01-01,12,100.0,1\nEkby,2024-01-01,,200.0,0\n,2024-01-01,4,50.5,\n"
    )
    written = []
    for name in ("table.parquet", "table.csv"):
        assert main(["analyse", "rate", "--data", name, "--json"]) == 0
        written.append(capsys.readouterr().out)
    assert written[0] == written[1]
    Path("torn.parquet").write_bytes(Path("table.parquet").read_bytes()[:200])
    assert main(["--lang", "en", "analyse", "rate", "--data", "torn.parquet"]) == 3
    assert "Parquet file cannot be read" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,count,denominator\n1,2\n", "file data.csv, row 2"),
        ("count,count,denominator\n1,2,3\n", "the same name"),
        ("count,denominator\n", "no rows"),
        ("count,denominator\n5,1e999\n", "file data.csv, row 2, column denominator"),
    ],
)
def test_a_refusal_says_what_is_wrong_with_the_file(text, said, write, capsys):
    assert main(["--lang", "en", "analyse", "rate", "--data", write(text)]) == Exit.REFUSED
    assert said in capsys.readouterr().err


def test_without_a_table_or_without_rows_it_says_so(write, capsys):
    assert main(["analyse", "rate", "--lang", "en"]) == Exit.USAGE
    assert "Add --data FILE.csv" in capsys.readouterr().err
    path = write("sex,count,denominator\nK,5,100\n")
    assert main(["analyse", "rate", "--lang=en", "--data", path, "--where", "sex=X"]) == Exit.USAGE
    assert "--where" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("language", "own", "other"), [("sv", "får saknas", "left out"), ("en", "left out", "saknas")]
)
def test_help_is_in_one_language(language, own, other, capsys):
    with pytest.raises(SystemExit):
        main(["analyse", "trend", "--help", "--lang", language])
    shown = capsys.readouterr().out
    assert own in shown
    assert other not in shown


OUT_OF_BOUNDS = [
    *[("rate", "--multiplier", each) for each in ("0", "-1", "nan", "inf", "1e308")],
    ("funnel", "--winsorised", "0.5"),
    ("funnel", "--baseline", "0"),
    ("prevalence", "--survey-level", "2"),
    ("prevalence", "--spread", "-1"),
    ("composite", "--weight-range", "1.5"),
    ("composite", "--draws", "0"),
    ("cost", "--value", "10,0"),
    ("its", "--delay", "-1"),
    ("its", "--arima", "1,0"),
    ("did", "--bootstraps", "1"),
    ("mse", "--dependence", "0.5"),
    ("synth", "--importance", "1,-1"),
    ("mse", "--seed", "-1"),
]


@pytest.mark.parametrize(("method", "flag", "typed"), OUT_OF_BOUNDS)
def test_options_out_of_bounds_are_refused_by_name(method, flag, typed, write, capsys):
    data = write("area,count\nEkby,3\n")
    assert main(["--lang", "en", "analyse", method, "--data", data, f"{flag}={typed}"]) == Exit.USAGE
    assert f"{flag} has an unreadable value" in capsys.readouterr().err


def test_a_break_after_the_last_period_is_no_break(write, capsys):
    data = write("period,count\n2020,3\n2021,4\n")
    assert main(["--lang", "en", "analyse", "trend", "--data", data, "--break-at", "2030"]) == Exit.USAGE
    assert "no period of the table" in capsys.readouterr().err
