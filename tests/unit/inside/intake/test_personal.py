"""The detector: what personal data looks like, and what only resembles it."""

# ruff: noqa: E501 -- lists of cases read best as lists

import pytest

from lagesbild.core.region import Level
from lagesbild.inside.intake.personal import is_number_of_a_person, plain_form, recognise
from lagesbild.reference import load


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("880320-1234", "personal-number"), ("８８０３２０－１２３４", "personal-number"), ("880380–1234", "personal-number"),
        ("8\u200b803201234", "personal-number"), ("8.80320E+09", "personal-number"), ("19880320-TF12", "personal-number"),
        ("070-174 06 05", "phone"), ("+46701740605", "phone"), ("123 456 78 90", "phone"),
        ("a.b@example.se", "e-mail"), ("www.example.se/x", "link"), ("203.0.113.7", "link"),
        ("KNR 12F", "plate"), ("Storgatan 4", "address"), ("903 26", "address"), ("@x_y", "user-name"),
        ("d41d8cd98f00b204e9800998ecf8427e", "digest"), ("MTk4ODAzMjAxMjM0", "digest"),
        ("Kanarie Fågel", "free-text"), ("1988-03-20", "date-in-cell"), ("Umeå\u200b", "hidden-characters"),
    ],
)  # fmt: skip
def test_a_disguise_gets_its_right_name(text, rule):
    assert recognise(text) == rule


@pytest.mark.parametrize(
    "text", ["", "12", "2480", "2024M07", "18-24", "kvinnor", "D01", "T", "65+", "Umeå", "totalt"]
)
def test_codes_are_not_personal_data(text):
    assert recognise(text) is None


def test_no_municipality_is_taken_for_more_than_text():
    names = [region.name_sv for region in load().geography.at(Level.MUNICIPALITY)]
    assert {recognise(name) for name in names} <= {None, "free-text"}


@pytest.mark.parametrize(
    ("number", "personal"),
    [(8803201234, True), (198803201234, True), (103201234, True), (46701740605, True), (701740605, True),
     (10**12, True), (2024, False), (10587710, False), (131_013, False), (8_899_991, False)],
)  # fmt: skip
def test_numbers_of_persons_among_numbers(number, personal):
    assert is_number_of_a_person(number) is personal


def test_the_plain_form_makes_disguises_equal():
    assert plain_form("８８０３２０\u00a0–\u200b１２３４") == "880320 -1234"
