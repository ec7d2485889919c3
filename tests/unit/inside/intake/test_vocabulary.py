"""The words that the gate knows."""

# ruff: noqa: E501 -- lists of cases read best as lists

from datetime import date

import pytest

from lagesbild.core.period import Period
from lagesbild.inside.intake import vocabulary
from lagesbild.inside.intake.vocabulary import Places
from lagesbild.reference import load


@pytest.fixture(scope="module")
def places() -> Places:
    return Places(load().geography)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2480", "2480"), ("Umeå", "2480"), ("UMEÅ KOMMUN", "2480"), ("umeå  kommun", "2480"), ("2480 Umeå", "2480"),
        ("Umea\u030a", "2480"), ("Arjeplogs kommun", "2506"), ("Arjeplog kommun", "2506"), ("Malung-Sälen", "2023"),
        ("Malung–Sälens kommun", "2023"), ("Borås", "1490"), ("Borås stad", "1490"), ("Göteborgs stad", "1480"),
        ("Upplands\u00a0Väsby", "0114"), ("114", "0114"), ("Stockholm", "0180"), ("Stockholms län", "01"), ("1", "01"),
        ("Gotland", "0980"), ("Gotlands län", "09"), ("Polisregion Nord", "PN"), ("pn", "PN"), ("Storstäder", "A1"),
        ("00", "00"), ("Riket", "00"), ("hela landet", "00"), ("Sweden", "00"),
    ],
)  # fmt: skip
def test_a_place_is_found_by_code_and_by_name(places, text, code):
    assert places.find(text) == code


@pytest.mark.parametrize(
    "text", ["", "Umeåå", "0", "2480 Vännäs", "Umeå kommuns", "Ume\u200bå", "24 80", "9999", "län"]
)
def test_what_is_no_place_is_not_guessed(places, text):
    assert places.find(text) is None


def test_no_two_places_share_a_name(places):
    for region in load().geography.regions:
        assert places.find(region.name_sv) == places.find(region.code) == region.code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2024", "2024"), ("2024Q3", "2024Q3"), ("2024K3", "2024Q3"), ("2024 kvartal 3", "2024Q3"), ("2024 kv 3", "2024Q3"),
        ("2024H2", "2024H2"), ("2024 halvår 2", "2024H2"), ("2024M07", "2024M07"), ("2024-07", "2024M07"), ("2024m7", "2024M07"),
        ("juli 2024", "2024M07"), ("2024 Juli", "2024M07"), ("jul 2024", "2024M07"), ("2024/07", "2024M07"),
        ("2024-Q3", "2024Q3"), ("Q3 2024", "2024Q3"), ("Kv 3 2024", "2024Q3"), ("2024 kv. 3", "2024Q3"), ("2024.0", "2024"),
    ],
)  # fmt: skip
def test_a_period_in_its_spellings(text, code):
    assert vocabulary.period(text) == Period.parse(code)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "24",
        "2024Q5",
        "2024-13",
        "2024-07-01",
        "20240701",
        "２０２４",
        "julafton 2024",
        "1.1.2024",
        "7 juli 2024",
        "202407",
        "2024:3",
    ],
)
def test_what_is_no_period(text):
    assert vocabulary.period(text) is None


@pytest.mark.parametrize(
    ("code", "ended"),
    [("1998", False), ("1999", True), ("2025", True), ("2026", False), ("2025M12", True), ("2026M01", False)],
)
def test_only_ended_periods_since_the_law_can_be_counted(code, ended):
    assert vocabulary.has_ended(Period.parse(code), date(2026, 1, 15)) is ended


@pytest.mark.parametrize(
    ("text", "code"),
    [("18–24 år", "18-24"), ("18 - 24", "18-24"), ("0-17 years", "0-17"), ("65+", "65+"), ("65-", "65+"), ("65 + år", "65+"), ("", "T"), ("Alla åldrar", "T")],
)  # fmt: skip
def test_an_age_group_in_its_spellings(text, code):
    assert vocabulary.age(text) == code


@pytest.mark.parametrize(
    ("text", "column"),
    [("Kommun", "region"), ("ÅR", "period"), ("kön", "sex"), ("Åldersgrupp", "age"), (" antal ", "count"), ("Indikator", "indicator"), ("namn", None), ("", None)],
)  # fmt: skip
def test_a_header_in_both_languages(text, column):
    assert vocabulary.header(text) == column


def test_no_word_means_two_columns():
    words = [word for known in vocabulary.HEADERS.values() for word in known]
    assert len(words) == len(set(words))


def test_under_a_heading_of_counties_a_bare_name_is_the_county():
    places = vocabulary.Places(load().geography)
    assert (places.find("Stockholm"), places.county("Stockholm")) == ("0180", "01")
    assert (places.find("Skåne"), places.find("Västerbottens"), places.county("Skåne län")) == (
        "12",
        "24",
        "Skåne län",
    )
    assert [vocabulary.is_of_counties(text) for text in ("Län", "länskod", "Region")] == [True, True, False]


@pytest.mark.parametrize(
    "text", ["2480 Umeå", "2480 - Umeå", "Umeå (2480)", "2480_Umeå", "2480 Umeå kommun", "2480.0", "Umeås"]
)
def test_a_code_with_its_name_is_one_place(text):
    assert vocabulary.Places(load().geography).find(text) == "2480"


@pytest.mark.parametrize("text", ["2480 Vännäs", "Umeå (2401)", "2480 Umeå Anna", "248.0", "2480.00"])
def test_a_code_with_another_name_is_no_place(text):
    assert vocabulary.Places(load().geography).find(text) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [("65 år och äldre", "65+"), ("under 18 år", "0-17"), ("18 – 24 år", "18-24"), ("Summa", "T")],
)
def test_an_age_group_in_more_words(text, code):
    assert vocabulary.age(text) == code
