"""Each attack on the staged bytes goes red on a planted leak and stays silent on a clean release."""

import io
import json
from dataclasses import replace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from editions import GEOGRAPHY, PROTECTED, make_edition, make_figures
from lagesbild.core.figures import Figure, Key, State
from lagesbild.core.refusal import Unsafe
from lagesbild.inside import attack
from lagesbild.inside.attack import history, oracle, parity, residue
from lagesbild.inside.linked.margins import Cell
from lagesbild.inside.linked.stack import stack
from lagesbild.release import bundle, manifest
from lagesbild.release.seal import MANIFEST

EDITION = make_edition()
NOTHING = stack([], GEOGRAPHY)


@pytest.fixture
def staged(tmp_path):
    bundle.write(EDITION, GEOGRAPHY, tmp_path / "staged")
    return tmp_path / "staged"


def plant(staged, name: str, content: bytes) -> None:
    """Exchange a file and list it in the manifest, as a faulty writer would."""
    (staged / name).write_bytes(content)
    files = {
        path.relative_to(staged).as_posix(): path.read_bytes()
        for path in staged.rglob("*")
        if path.is_file() and path.name != MANIFEST
    }
    (staged / MANIFEST).write_bytes(manifest.write(EDITION, files))


def test_a_clean_release_withstands_every_attack(staged):
    attack.check(staged, EDITION, (), NOTHING, private=frozenset({"f" * 64}))


def test_any_attack_that_succeeds_stops_the_release(staged):
    (staged / "tables/thumbs.db").write_bytes(b"")
    with pytest.raises(Unsafe):
        attack.check(staged, EDITION, (), NOTHING, private=frozenset())


@pytest.mark.parametrize(
    "name", ["tables/D01.parquet", "tables/D01.csv", "tables/D01.sv.json", "tables/D01.en.json"]
)
def test_a_format_that_shows_a_hidden_cell_is_found(staged, name):
    cells = {**make_figures().cells, Key("2480", "2024"): Figure(12, State.VALUE)}
    other = replace(EDITION, figures={"D01": make_figures(cells=cells)})
    plant(staged, name, bundle.contents(other, GEOGRAPHY)[name])
    assert [finding.place.file for finding in parity.search(staged, EDITION.figures)] == [name]


def test_a_hidden_cell_that_is_missing_instead_of_marked_is_found(staged):
    cube = json.loads((staged / "tables/D01.sv.json").read_bytes())
    cube["status"]["4"] = "x"
    plant(staged, "tables/D01.sv.json", json.dumps(cube).encode())
    assert len(list(parity.search(staged, EDITION.figures))) == 1


@pytest.mark.parametrize(
    "leak",
    [
        b'{"input": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}',
        b"# d41d8cd98f00b204e9800998ecf8427e",
        b"n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=",
    ],
)
def test_a_digest_of_something_private_is_found(staged, leak):
    name = "indicators/D01.toml"
    plant(staged, name, (staged / name).read_bytes() + leak)
    assert [finding.place.file for finding in oracle.search(staged, frozenset())] == [name]


def test_a_mark_of_the_store_is_found_in_any_file(staged):
    mark = "store-mark"
    name = "tables/D01.parquet"
    plant(staged, name, (staged / name).read_bytes() + mark.encode())
    assert [finding.place.file for finding in oracle.search(staged, frozenset({mark}))] == [name]


def parquet_with(**options) -> bytes:
    table = pa.table({"region": ["2480"], "value": [12]})
    into = io.BytesIO()
    pq.write_table(table, into, **options)
    return into.getvalue()


@pytest.mark.parametrize("options", [{}, {"write_statistics": False}, {"store_schema": False}])
def test_parquet_with_statistics_or_metadata_of_its_tool_is_found(staged, options):
    plant(staged, "tables/D01.parquet", parquet_with(**options))
    assert [finding.code for finding in residue.search(staged)] == ["residue"]


@pytest.mark.parametrize("name", ["tables/D01.csv~", "indicators/D01.toml.swp", "tables/D01.xlsx"])
def test_a_leftover_is_found_even_if_the_manifest_lists_it(staged, name):
    plant(staged, name, b"")
    assert [finding.place.file for finding in residue.search(staged)] == [name]


def test_a_leftover_that_the_manifest_does_not_list_is_found(staged):
    (staged / ".DS_Store").write_bytes(b"")
    assert [finding.code for finding in residue.search(staged)] == ["extra-file"]


def released(**cells: Figure):
    figures = make_figures(
        cells={Key(region.strip("_"), "2024"): figure for region, figure in cells.items()}, coverage={}
    )
    return replace(make_edition(), figures={"D01": figures})


def test_hiding_what_was_shown_is_found_unless_it_was_revised():
    before, now = released(_2480=Figure(12, State.VALUE)), released(_2480=PROTECTED)
    found = history.search(now.figures, [before], frozenset())
    assert [finding.code for finding in found] == ["unpublished"]
    cell = Cell("D01", Key("2480", "2024"))
    assert not list(history.search(now.figures, [before], frozenset({(cell, 12)})))
    assert list(history.search(now.figures, [before], frozenset({(cell, 11)})))
    assert not list(history.search(before.figures, [now], frozenset()))
    assert not list(history.search({}, [before], frozenset()))
