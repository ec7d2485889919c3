"""Open data from Brå, Kolada and SCB, from recorded answers: no test reaches the network."""

import copy
import http.client
import json
from pathlib import Path

import pytest

from lagesbild.core.refusal import Refusal
from lagesbild.inside.intake import bra, child, fetching, kolada, scb
from lagesbild.inside.intake.context import MISSING, ContextTable, Observation, Standing
from lagesbild.reference import load

RECORDED = Path(__file__).parents[3] / "contracts"


def recorded(name: str) -> bytes:
    return (RECORDED / name).read_bytes()


def rule(refusal: pytest.ExceptionInfo[Refusal]) -> str:
    return refusal.value.findings[0].code


def offences(path: Path, year: int) -> ContextTable:
    return bra.offences(path, year, load(), read=child.events)


@pytest.mark.parametrize(
    ("year", "values"),
    [
        (2021, {"1440": 1234, "2506": 210, "2023": 900, "1480": 45678}),
        (2023, {"1440": 1234, "2506": 210, "2023": 900, "0180": 123456}),
    ],
)
def test_both_layouts_of_bra_give_the_same_rows(year, values):
    found = offences(RECORDED / f"bra_kommun_{year}.csv", year)
    assert {region: each.value for (region, _, _), each in found.observations.items()} == values
    assert {period for _, period, _ in found.observations} == {str(year)}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Anna Andersson;5;1", "unknown-region"),
        ("Ale;5;1", "duplicate"),
        ("Vännäs;880320-1234;1", "personal-number"),
        ("Västerbottens län;5;1", "unknown-region"),
        ("Vännäs;-5;1", "negative-count"),
        ("Vännäs;;1", "not-a-count"),
        ("Vännäs;5", "ragged-row"),
    ],
)
def test_bra_goes_through_the_same_rules_as_other_files(line, expected, tmp_path):
    path = tmp_path / "bra_2023.csv"
    path.write_bytes(recorded("bra_kommun_2023.csv") + line.encode() + b"\r\n")
    with pytest.raises(Refusal) as refusal:
        offences(path, 2023)
    assert rule(refusal) == expected
    assert refusal.value.findings[0].place.row == 6


def kolada_fetch(changes: dict[str, object] | None = None, asked: list[str] | None = None):
    """Kolada's recorded answers; `changes` replaces the first page's keys."""

    def fetch(address: str) -> bytes:
        if asked is not None:
            asked.append(address)
        if "/municipality?" in address:
            return recorded("kolada_v3_municipality.json").replace(
                b'"type": "K"\n  }', b'"type": "K"\n  }, {"id": "2482", "title": "x", "type": "K"}'
            )
        if "page=2" in address:
            return recorded("kolada_v3_data_page2.json")
        return json.dumps(json.loads(recorded("kolada_v3_data_page1.json")) | (changes or {})).encode()

    return fetch


ROW = {"kpi": "N07403", "municipality": "2480", "period": 2023, "values": [{"gender": "T", "value": 1.0}]}


def test_kolada_follows_its_pages_and_tells_missing_from_zero():
    asked: list[str] = []
    table = kolada.figures("N07403", [2023, 2024], load().geography, kolada_fetch(asked=asked))
    assert table.at("2480", "2023") == Observation(1000.0, Standing.OBSERVED)
    assert table.at("2480", "2024") == MISSING
    assert table.at("2482", "2024").value == 900.5
    assert table.absent(["2480", "2482"], ["2023", "2024"]) == [("2482", "2023")]
    assert all(address.startswith("https://api.kolada.se/v3/") for address in asked)


def test_kolada_counts_only_what_is_a_municipality():
    assert kolada.municipalities(lambda _: recorded("kolada_v3_municipality.json")) == {"2480"}
    country = {"values": [ROW | {"municipality": "0000"}], "next_url": None}
    table = kolada.figures("N07403", [2023], load().geography, kolada_fetch(country))
    assert not table.observations


def test_kolada_says_what_a_key_figure_is_called_today():
    assert kolada.title("N07403", lambda _: recorded("kolada_v3_kpi.json")).startswith("Anmälda våldsbrott")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"next_url": "https://example.org/v3/data/?page=2"}, "other-host"),
        ({"next_url": "http://api.kolada.se/v3/data/?page=2"}, "other-host"),
        ({"next_url": "https://api.kolada.se@example.org/page=2"}, "other-host"),
        ({"next_url": "https://api.kolada.se:8443/v3/data/?page=2"}, "other-host"),
        ({"next_url": 7}, "changed-format"),
        ({"next_url": "https://api.kolada.se/v3/data/?x"}, "changed-format"),
        ({"values": "none"}, "changed-format"),
        ({"values": [7]}, "changed-format"),
        ({"values": [ROW | {"kpi": "N1"}]}, "changed-format"),
        ({"values": [ROW | {"values": [{}]}]}, "changed-format"),
        ({"values": [ROW | {"period": "x"}]}, "changed-format"),
    ],
)
def test_kolada_answers_that_are_not_as_agreed_are_refused(changes, expected):
    with pytest.raises(Refusal) as refusal:
        kolada.figures("N07403", [2023], load().geography, kolada_fetch(changes))
    assert rule(refusal) == expected


def test_rows_that_vanish_are_noticed():
    before = ContextTable("Kolada", "N07403", {("2480", "2023", "T"): Observation(1.0, Standing.OBSERVED)})
    before.refuse_loss(before)
    ContextTable("Kolada", "N07403", {**before.observations, ("2482", "2023", "T"): MISSING}).refuse_loss(
        before
    )
    with pytest.raises(Refusal) as refusal:
        ContextTable("Kolada", "N07403", {}).refuse_loss(before)
    assert rule(refusal) == "fewer-rows"


def test_scb_gives_each_cell_and_keeps_null_as_missing():
    asked: list[str] = []

    def fetch(address: str) -> bytes:
        asked.append(address)
        return recorded("pxweb_v2_data.json")

    table = scb.table("LB001", {"Region": ["2480", "2482"], "Tid": ["TOP(2)"]}, fetch)
    assert {where[:2]: each.value for where, each in table.observations.items()} == {
        ("2480", "2023"): 12.0,
        ("2480", "2024"): 15.0,
        ("2482", "2023"): None,
        ("2482", "2024"): None,
    }
    assert asked[0].startswith("https://statistikdatabasen.scb.se/api/v2/tables/LB001/data?lang=sv&")


def dataset() -> dict:
    return json.loads(recorded("pxweb_v2_data.json"))


def test_scb_population_is_marked_perturbed_from_2025():
    raw = dataset()
    raw["dimension"]["Tid"]["category"]["index"] = {"2024": 0, "2025": 1}
    table = scb.read(raw, "TAB638")
    assert table.at("2480", "2024").standing is Standing.OBSERVED
    assert table.at("2480", "2025").standing is Standing.PERTURBED


def test_scb_values_may_be_sparse_and_categories_a_list():
    raw = dataset()
    raw["value"] = {"0": 12, "1": 15}
    raw["dimension"]["Region"]["category"]["index"] = ["2480", "2482"]
    assert scb.read(raw, "LB001") == scb.read(dataset(), "LB001")


def test_scb_sexes_become_ours():
    raw = dataset()
    raw["id"], raw["size"] = ["Region", "Kon", "Tid"], [2, 2, 1]
    raw["dimension"]["Kon"] = {"category": {"index": {"1": 0, "2": 1}}}
    raw["dimension"]["Tid"]["category"]["index"] = {"2024": 0}
    table = scb.read(raw, "TAB638")
    assert (table.at("2480", "2024", "M").value, table.at("2480", "2024", "K").value) == (12, 15)


@pytest.mark.parametrize(
    "change",
    [
        {"value": [12]},
        {"size": [2, 1, 3]},
        {"id": ["Region", "ContentsCode", "Year"]},
        {"dimension": {}},
        {"size": None},
    ],
)
def test_scb_answers_that_are_not_as_agreed_are_refused(change):
    for raw in (dataset() | change, [], None, json.loads(recorded("pxweb_v2_problem_400.json"))):
        with pytest.raises(Refusal) as refusal:
            scb.read(copy.deepcopy(raw), "LB001")
        assert rule(refusal) == "changed-format"


def test_an_unknown_variable_with_several_values_is_refused():
    raw = dataset()
    raw["dimension"]["ContentsCode"]["category"]["index"] = {"a": 0, "b": 1}
    raw["size"] = [2, 2, 2]
    raw["value"] = [1] * 8
    with pytest.raises(Refusal, match="changed-format"):
        scb.read(raw, "LB001")


class Answer:
    """What a connection to the host gives, without a network."""

    def __init__(self, status: int, body: bytes) -> None:
        self.status = status
        self._body = body

    def read(self, most: int) -> bytes:
        return self._body[:most]


@pytest.mark.parametrize(
    ("status", "expected"),
    [(410, "source-retired"), (302, "no-answer"), (429, "no-answer"), (500, "no-answer")],
)
def test_the_client_refuses_every_answer_but_an_ordinary_one(status, expected, monkeypatch):
    asked = connected(monkeypatch, Answer(status, recorded("kolada_v2_gone.json")))
    with pytest.raises(Refusal) as refusal:
        fetching.https("api.kolada.se", "Kolada")("https://api.kolada.se/v3/kpi/N07403?page=1")
    assert rule(refusal) == expected
    assert asked == ["/v3/kpi/N07403?page=1"]


def test_the_client_takes_no_endless_answer_and_survives_silence(monkeypatch):
    monkeypatch.setattr(fetching, "MOST_BYTES", 10)
    connected(monkeypatch, Answer(200, b"x" * 10))
    assert fetching.https("a.se", "A")("https://a.se/b") == b"x" * 10
    connected(monkeypatch, Answer(200, b"x" * 11))
    with pytest.raises(Refusal, match="too-large"):
        fetching.https("a.se", "A")("https://a.se/b")
    connected(monkeypatch, TimeoutError())
    with pytest.raises(Refusal, match="no-answer"):
        fetching.https("a.se", "A")("https://a.se/b")


def connected(monkeypatch: pytest.MonkeyPatch, answer: Answer | Exception) -> list[str]:
    """Replaces the connection; returns the paths that are asked for."""
    asked: list[str] = []

    def request(self: object, method: str, path: str, headers: object) -> None:
        asked.append(path)
        if isinstance(answer, Exception):
            raise answer

    monkeypatch.setattr(http.client.HTTPSConnection, "request", request)
    monkeypatch.setattr(http.client.HTTPSConnection, "getresponse", lambda self: answer)
    return asked


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 100_000])
def test_a_body_that_is_no_json_is_refused(body):
    with pytest.raises(Refusal, match="changed-format"):
        fetching.parsed(body, "Kolada")


def test_a_body_may_begin_with_a_byte_order_mark():
    assert fetching.parsed(b"\xef\xbb\xbf[1]", "SCB") == [1]


def test_an_observation_has_a_value_unless_it_is_missing():
    with pytest.raises(ValueError, match="unless it is missing"):
        Observation(1.0, Standing.MISSING)
