"""Counts as Swedes write them, and what is never guessed."""

# ruff: noqa: E501 -- lists of cases read best as lists

import pytest

from lagesbild.core.figures import State
from lagesbild.inside.intake import reading
from lagesbild.inside.intake.whole_number import Broken, read


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("0", 0), ("12", 12), (" 12 ", 12), ("12,0", 12), ("12.00", 12), ("+12", 12), ("007", 7),
        ("1 234", 1234), ("1\u00a0234", 1234), ("1\u202f234", 1234), ("1\u2009234,0", 1234), ("1 234 567", 1234567),
    ],
)  # fmt: skip
def test_whole_numbers_in_every_swedish_spelling(text, count):
    assert read(text) == count


@pytest.mark.parametrize("text", ["", " ", "..", "…", "x", "X", "saknas", "Uppgift saknas"])
def test_nobody_has_reported(text):
    assert read(text) is State.NO_PICTURE


@pytest.mark.parametrize("text", [".", "z", "ej tillämpligt", "Ej tillämpligt", "not applicable", "n/a"])
def test_there_is_nothing_to_report(text):
    assert read(text) is State.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("-", "ambiguous-mark"), ("–", "ambiguous-mark"), ("--", "ambiguous-mark"),
        ("-1", "negative-count"), ("−1", "negative-count"), ("- 1 234", "negative-count"),
        ("1,5", "fractional-count"), ("0.5", "fractional-count"), ("1 234,25", "fractional-count"),
        ("1.234", "ambiguous-number"), ("1,234", "ambiguous-number"), ("12,000", "ambiguous-number"),
        ("1.234.567", "ambiguous-number"), ("12 34", "not-a-count"), ("1 2345", "not-a-count"),
        ("<5", "masked-count"), ("*", "masked-count"), ("1-4", "masked-count"), ("12 %", "percentage"), (reading.PERCENT, "percentage"),
        ("NA", "ambiguous-mark"), ("19880320", "personal-number"), ("10101236", "personal-number"),
        ("c", "not-a-count"), ("ca 5", "free-text"), ("5 st", "not-a-count"), ("１２", "not-a-count"),
        ("#REF!", "formula-error"), ("#DIV/0!", "formula-error"), ("#VÄRDEFEL!", "formula-error"),
        ("#SAKNAS!", "formula-error"), ("#N/A", "formula-error"), ("#NAMN?", "formula-error"),
        (reading.ERROR, "formula-error"), (reading.DATE, "date-in-cell"), (reading.LOGICAL, "not-a-count"),
        (reading.UNCALCULATED, "formula-without-value"), (reading.LONG, "free-text"),
        ("8803201234", "personal-number"), ("198803201234", "personal-number"), ("0012122345", "personal-number"),
        ("103201234", "personal-number"), ("8803801234", "personal-number"), ("701740605", "personal-number"),
        ("9" * 16, "personal-number"), ("9" * 400, "personal-number"), ("2024-01-01", "date-in-cell"),
    ],
)  # fmt: skip
def test_what_is_no_count_is_refused_by_its_rule(text, rule):
    assert read(text) == Broken(rule)


def test_a_year_or_a_large_honest_number_is_no_personal_number():
    assert read("2024") == 2024
    assert read("999 999") == 999_999
    assert read("10 587 710") == 10_587_710


@pytest.mark.parametrize("text", ["10101230", "12 500 000", "7 654 000"])
def test_a_sum_of_money_is_no_number_of_a_person(text):
    assert read(text) == int(text.replace(" ", ""))
