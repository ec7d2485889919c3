"""One table in three formats: the same cells, the same hidden set, the same bytes every time."""

import csv
import io
import json
import os
import subprocess
import sys
from datetime import date

import pyarrow.parquet as pq
import pyjstat.pyjstat as pyjstat
import pytest

from editions import GEOGRAPHY, PROTECTED, make_edition, make_figures, make_indicator
from lagesbild import reference
from lagesbild.core.figures import Figure, Figures, Key, State
from lagesbild.core.indicator import Break, Identity, Rate, parse_indicator
from lagesbild.core.language import Text
from lagesbild.core.region import Geography, Level, Region
from lagesbild.release import bundle, delimited, indicator_text, jsonstat, parquet


def dataset(figures: Figures, language="sv", geography=GEOGRAPHY) -> dict:
    content = jsonstat.write(figures, make_indicator(), geography, date(2026, 3, 1), language)
    return json.loads(content)


def test_parquet_gives_the_figures_back():
    figures = make_figures()
    assert parquet.read(parquet.write(figures)) == figures


def test_parquet_of_an_empty_table_gives_it_back():
    figures = make_figures(cells={}, coverage={})
    assert parquet.read(parquet.write(figures)) == figures


def test_parquet_holds_no_statistics_no_pandas_metadata_and_no_arrow_schema():
    file = pq.ParquetFile(io.BytesIO(parquet.write(make_figures())))
    columns = [file.metadata.row_group(0).column(i) for i in range(file.metadata.num_columns)]
    assert [column.statistics for column in columns] == [None] * len(columns)
    assert set(file.metadata.metadata) == {b"indicator", b"origin"}


def test_csv_marks_example_figures_in_every_row_and_holds_no_formula():
    lines = list(csv.DictReader(io.StringIO(delimited.write(make_figures(), GEOGRAPHY).decode())))
    assert {line["origin"] for line in lines} == {"exempeldata / example data"}
    assert {line["region_name"] for line in lines if line["region"] == "2482"} == {"'=Skellefteå"}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_a_text_that_a_spreadsheet_would_run_is_quoted(start):
    assert delimited.harmless(f"{start}cmd") == f"'{start}cmd"
    assert delimited.harmless(f"a{start}") == f"a{start}"


def test_jsonstat_is_dense_with_null_and_a_status_for_every_cell_without_value():
    found = dataset(make_figures())
    assert found["size"] == [4, 1, 2]
    assert found["value"] == [19, None, 19, None, None, 0, None, None]
    assert found["status"] == {"1": "x", "3": "x", "4": "c", "6": "c", "7": "z"}
    assert "exempeldata" in found["label"]


def test_jsonstat_shows_sex_and_age_only_where_broken_down():
    cells = {Key("2480", "2024", "F", "18-24"): Figure(7, State.VALUE), Key("2480", "2024"): PROTECTED}
    found = dataset(make_figures(cells=cells, coverage={}), "en")
    assert found["id"] == ["Region", "Kon", "Alder", "ContentsCode", "Tid"]
    assert found["dimension"]["Kon"]["category"]["label"] == {"F": "women", "T": "total"}
    assert found["value"] == [7, None, None, None]
    assert found["status"] == {"1": "x", "2": "x", "3": "c"}


def test_jsonstat_labels_are_unique_in_a_dimension():
    twins = Geography(tuple(Region(code, Level.COUNTY, "Samma", "Same") for code in ("00", "24")), {})
    cells = {Key(code, "2024"): Figure(9, State.VALUE) for code in ("00", "24")}
    found = dataset(make_figures(cells=cells, coverage={}), "sv", twins)
    assert found["dimension"]["Region"]["category"]["label"] == {"00": "Samma (00)", "24": "Samma (24)"}


# pyjstat warns of its own old functions, which its new ones still call.
@pytest.mark.filterwarnings("ignore:Shouldn't use this function:DeprecationWarning")
def test_pyjstat_reads_it_with_hidden_cells_as_missing():
    content = jsonstat.write(make_figures(), make_indicator(), GEOGRAPHY, date(2026, 3, 1), "sv").decode()
    frame = pyjstat.Dataset.read(content).write("dataframe")
    assert len(frame) == 8
    assert frame["value"].isna().sum() == 5
    assert frame.loc[(frame["region"] == "Umeå") & (frame["period"] == "2025"), "value"].tolist() == [0]


def test_an_indicators_text_gives_the_indicator_back():
    indicator = make_indicator(
        beside=Text('"citat"\n\\', "a\x7fb"),
        rate=Rate("C01", 10000, 1),
        categories={2: Text("ja", "yes"), 0: Text("nej", "no")},
        breaks=(Break(date(2025, 7, 1), Text("nytt brott", "new offence")),),
        identities=(Identity("E03", ("E04",), subset=True),),
        frequency=None,
        ages=("0-17", "T"),
    )
    assert parse_indicator(indicator_text.write(indicator)) == indicator


def test_every_indicator_of_the_catalogue_survives_as_text():
    for indicator in reference.load().indicators.values():
        assert parse_indicator(indicator_text.write(indicator)) == indicator


def test_every_file_of_an_example_edition_says_so():
    for content in bundle.contents(make_edition(), GEOGRAPHY).values():
        assert b"exempeldata" in content


def test_the_same_edition_gives_the_same_bytes_in_another_process_zone_locale_and_hash_order(tmp_path):
    here = bundle.write(make_edition(), GEOGRAPHY, tmp_path / "here")
    script = (
        "import sys; from pathlib import Path; from editions import *; from lagesbild.release import bundle;"
        "print(bundle.write(make_edition(), GEOGRAPHY, Path(sys.argv[1])))"
    )
    surroundings = {"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "7", "LC_ALL": "C", "PYTHONPATH": "tests"}
    there = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "there")],
        env={**os.environ, **surroundings},
        capture_output=True,
        text=True,
        check=True,
    )
    assert there.stdout.strip() == here


def test_parity_of_the_hidden_set_between_the_formats():
    figures = make_figures()
    from_csv = list(csv.DictReader(io.StringIO(delimited.write(figures, GEOGRAPHY).decode())))
    hidden = {Key(row["region"], row["period"]) for row in from_csv if row["status"] == "c"}
    assert hidden == {key for key, figure in parquet.read(parquet.write(figures)) if figure == PROTECTED}
