"""How numbers are written in Swedish and English."""

from datetime import date

import pytest

from lagesbild.outside.numbers import Numbers, alphabetical

SV, EN = Numbers("sv"), Numbers("en")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (SV.whole(1234567), "1\u202f234\u202f567"),
        (EN.whole(1234567), "1,234,567"),
        (SV.whole(-12), "\u221212"),
        (SV.decimal(2.65), "2,7"),
        (EN.decimal(2.65), "2.7"),
        (SV.decimal(-0.04), "0,0"),
        (SV.decimal(1999.5, 0), "2\u202f000"),
        (SV.rate(0.424), "0,42"),
        (SV.rate(13.46), "13,5"),
        (SV.rate(127.5), "128"),
        (SV.rate(0), "0,0"),
        (SV.interval(3.1, 5.4), "3,1–5,4"),
        (SV.interval(-5.2, 4), "\u22125,2 till 4,0"),
        (EN.interval(-5.2, 4), "\u22125.2 to 4.0"),
        (SV.percent(0.25), "25\u00a0%"),
        (EN.percent(0.25), "25%"),
        (SV.signed_percent(0.05), "+5\u00a0%"),
        (SV.signed_percent(-0.05), "\u22125\u00a0%"),
        (SV.signed_percent(0.001), "0\u00a0%"),
        (SV.word(7), "sju"),
        (SV.word(13), "13"),
        (SV.years(2019, 2024), "2019–2024"),
        (SV.years(2024, 2024), "2024"),
        (SV.day(date(2026, 11, 23)), "23 november 2026"),
        (EN.day(date(2026, 11, 23)), "23 November 2026"),
        (SV.period("2024H2"), "andra halvåret 2024"),
        (EN.period("2024Q3"), "quarter 3 of 2024"),
        (SV.period("2024M07"), "juli 2024"),
        (SV.short_period("2024H1"), "2024 h1"),
    ],
)
def test_written_as_people_do(written, expected):
    assert written == expected


def test_every_number_is_noted_on_its_way_out():
    numbers = Numbers("sv")
    numbers.rate(13.46)
    assert numbers.written == {"13,5"}


def test_swedish_letters_sort_last():
    names = ["Örebro", "Åmål", "Älmhult", "Zinkgruvan", "Alingsås"]
    assert sorted(names, key=alphabetical) == ["Alingsås", "Zinkgruvan", "Åmål", "Älmhult", "Örebro"]
