"""The gate for whatever comes: any bytes are refused or admitted, and what is admitted was written so."""

import io
from contextlib import suppress
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from lagesbild.core.figures import Key, State
from lagesbild.core.refusal import Refusal
from lagesbild.inside.counts import Counts
from lagesbild.inside.intake import admit, child, whole_number
from lagesbild.inside.intake.personal import recognise
from lagesbild.inside.intake.reading import Beside, Block, Fault, Sheet
from lagesbild.reference import load
from workbooks import HEADER, book, ordinary, parts, sheet

TODAY = date(2026, 1, 15)
TOWNS = ("2480", "2460", "0180", "0980")

keys = st.builds(
    Key,
    st.sampled_from(TOWNS),
    st.sampled_from(("2022", "2023", "2024")),
    st.sampled_from("KM"),
    st.sampled_from(("0-17", "18-24", "65+")),
)
unprotected = st.one_of(st.integers(0, 400), st.sampled_from((State.NO_PICTURE, State.NOT_APPLICABLE)))
tables = st.dictionaries(keys, unprotected, min_size=1, max_size=25)


@given(tables)
def test_parquet_gives_back_every_table(cells):
    counts = Counts.of("E03", cells)
    again = Counts.from_parquet(counts.to_parquet())
    assert dict(again.cells()) == cells
    assert again.to_parquet() == counts.to_parquet()


@given(tables)
def test_the_shape_is_all_that_is_shown(cells):
    different = {key: cell if isinstance(cell, State) else cell + 1 for key, cell in cells.items()}
    assert repr(Counts.of("E03", cells)) == repr(Counts.of("E03", different))


def written(cell: int | State) -> str:
    return (
        {State.NO_PICTURE: "", State.NOT_APPLICABLE: "ej tillämpligt"}[cell]
        if isinstance(cell, State)
        else str(cell)
    )


@settings(max_examples=40)
@given(tables, st.sampled_from(";\t,"), st.sampled_from(("utf-8", "utf-8-sig", "windows-1252")), st.randoms())
def test_a_table_comes_in_as_it_was_written_in_any_order(
    tmp_path_factory, cells, delimiter, encoding, chance
):
    rows = [delimiter.join(("E03", *key, written(cell))) for key, cell in cells.items()]
    chance.shuffle(rows)
    path = tmp_path_factory.mktemp("table") / "E03.csv"
    header = delimiter.join(("indikator", "kommun", "år", "kön", "ålder", "antal"))
    path.write_text("\n".join([header, *rows]), encoding=encoding)
    only_ones = len(cells) >= 30 and set(cells.values()) == {1}
    assert (
        only_ones
        or dict(admit([path], load(), today=TODAY, read=child.events).tables["E03"].cells()) == cells
    )


@given(st.binary(max_size=400), st.sampled_from(("csv", "xlsx", "parquet")))
def test_any_bytes_are_read_or_are_a_fault(raw, kind):
    head = {"csv": b"", "xlsx": b"PK\x03\x04", "parquet": b"PAR1"}[kind]
    for event in child.events(io.BytesIO(head + raw), kind):
        assert isinstance(event, Sheet | Block | Fault | Beside)


@given(st.data())
def test_a_workbook_with_any_byte_changed_is_read_or_is_a_fault(data):
    raw = bytearray(ordinary())
    raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    for event in child.events(io.BytesIO(bytes(raw)), "xlsx"):
        assert isinstance(event, Sheet | Block | Fault | Beside)


@settings(max_examples=40)
@given(st.data())
def test_a_parquet_file_with_any_byte_changed_is_read_or_is_a_fault(data):
    raw = bytearray(Counts.of("E03", {Key("2480", "2024", "K", "0-17"): 5}).to_parquet())
    raw[data.draw(st.integers(4, len(raw) - 1))] = data.draw(st.integers(0, 255))
    for event in child.events(io.BytesIO(bytes(raw)), "parquet"):
        assert isinstance(event, Sheet | Block | Fault | Beside)


@given(st.text(alphabet="<>/ ='\"rowcvtsfidel&;#0123456789", max_size=200))
def test_a_sheet_of_any_markup_is_read_or_is_a_fault(markup):
    for event in child.events(io.BytesIO(book(parts(sheet(HEADER + markup)))), "xlsx"):
        assert isinstance(event, Sheet | Block | Fault | Beside)


@settings(max_examples=60)
@given(st.lists(st.lists(st.text(max_size=12), min_size=6, max_size=6), max_size=4), st.text(max_size=30))
def test_whatever_a_table_holds_only_a_refusal_comes_out(tmp_path_factory, rows, header):
    path = tmp_path_factory.mktemp("table") / "E03.csv"
    lines = ["indicator;region;period;sex;age;count" + header, *(";".join(row) for row in rows)]
    path.write_bytes("\n".join(lines).encode("utf-8", "replace"))
    with suppress(Refusal):
        admit([path], load(), today=TODAY, read=child.events)


@given(st.text(max_size=60))
def test_any_text_is_a_count_a_state_or_a_broken_rule(text):
    read = whole_number.read(text)
    assert isinstance(read, int | State | whole_number.Broken)
    assert recognise(text) is None or isinstance(recognise(text), str)


@given(
    st.integers(0, 10**5),
    st.sampled_from((" ", "\u00a0", "\u202f", "\u2009", "")),
    st.sampled_from(("", ",0", ".00")),
)
def test_every_spelling_of_a_whole_number_is_that_number(number, space, tail):
    assert whole_number.read(f"{number:,}".replace(",", space) + tail) == number
