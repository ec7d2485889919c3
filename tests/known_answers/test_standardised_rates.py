"""Standardised rates of textbooks: Fleiss (1981) with Fay and Feuer (1997), Selvin (2004), Fingertips.

The data stand in the examples of epitools 0.5-10 (man/ageadjust.direct.Rd, man/ageadjust.indirect.Rd), whose
functions gave the figures; the limits of the first are Table 1 of Fay and Feuer.
"""

import pytest

from lagesbild.analysis.catalogue import METHODS
from lagesbild.analysis.table.tidy import Tidy
from lagesbild.core.refusal import Refusal

AGES = ["Under 20", "20-24", "25-29", "30-34", "35-39", "40 and over"]
# Down syndrome by birth order and age of the mother, Michigan 1950-1964 (Fleiss 1981, p. 249).
PEOPLE = [
    [230061, 329449, 114920, 39487, 14208, 3052],
    [72202, 326701, 208667, 83228, 28466, 5375],
    [15050, 175702, 207081, 117300, 45026, 8660],
    [2293, 68800, 132424, 98301, 46075, 9834],
    [327, 30666, 123419, 149919, 104088, 34392],
]
COUNTS = [
    [107, 141, 60, 40, 39, 25],
    [25, 150, 110, 84, 82, 39],
    [3, 71, 114, 103, 108, 75],
    [1, 26, 64, 89, 137, 96],
    [0, 8, 63, 112, 262, 295],
]
# Rate per 100,000 with the average population as standard, and the gamma limits at 95 %.
FAY_FEUER = [
    (92.30452553, 80.44174985, 105.7633457),
    (91.17411683, 82.36121165, 100.8675763),
    (85.06922134, 77.1834534, 94.22356983),
    (92.71786505, 80.00999276, 114.6694448),
    (75.52900745, 67.70212042, 188.3001727),
]


def test_birth_order_and_down_syndrome():
    average = [sum(people[age] for people in PEOPLE) / 5 for age in range(6)]
    table = Tidy.of(
        area=[order for order in "12345" for _ in AGES],
        age_group=AGES * 5,
        count=[count for row in COUNTS for count in row],
        population=[people for row in PEOPLE for people in row],
        standard=average * 5,
    )
    rows = METHODS["dsr"].answer(table, interval="gamma", level=(0.95,)).rows
    assert [row["total_pop"] for row in rows] == [sum(people) for people in PEOPLE]
    for row, published in zip(rows, FAY_FEUER, strict=True):
        assert (row["value"], row["lower"], row["upper"]) == pytest.approx(published, rel=1e-8)


# Deaths and people of 1940 by age, and of 1960, the standard (Selvin 2004).
DEATHS_40 = [45, 201, 320, 670, 1126, 3160, 9723, 17935, 22179, 13461, 2238]
PEOPLE_40 = [
    906897,
    3794573,
    10003544,
    10629526,
    9465330,
    8249558,
    7294330,
    5022499,
    2920220,
    1019504,
    142532,
]
DEATHS_60 = [141, 926, 1253, 1080, 1869, 4891, 14956, 30888, 41725, 26501, 5928]
PEOPLE_60 = [
    *[1784033, 7065148, 15658730, 10482916, 9939972],
    *[10563872, 9114202, 6850263, 4702482, 1874619, 330915],
]
DECADES = ["<1", "1-4", *(f"{age}-{age + 9}" for age in range(5, 85, 10)), "85+"]


def test_two_ways_to_compare_1940_with_1960():
    table = Tidy.of(Age=DECADES, Deaths=DEATHS_40, Population=PEOPLE_40)
    standard = Tidy.of(Age=DECADES, Deaths=DEATHS_60, Population=PEOPLE_60)
    (direct,) = METHODS["dsr"].answer(table, standard=standard).rows
    assert direct["value"] == pytest.approx(139.2505440, rel=1e-8)
    (indirect,) = METHODS["isr"].answer(table, standard=standard).rows
    assert indirect["expected"] == pytest.approx(85556.88884, rel=1e-9)
    assert indirect["ratio"] == pytest.approx(0.8305351090, rel=1e-9)
    assert indirect["value"] == pytest.approx(137.9414537, rel=1e-9)
    assert indirect["verdict"] == "fewer than expected"


def test_a_standard_that_lacks_an_age_group_is_named():
    table = Tidy.of(age_group=["0-4", "5-9"], count=[3, 9], population=[100, 100])
    standard = Tidy.of(age_group=["00-04", "5-9"], population=[5000, 5500])
    with pytest.raises(Refusal) as refused:
        METHODS["dsr"].answer(table, standard=standard)
    assert "row 2, column age_group" in refused.value.in_("en")


@pytest.mark.parametrize(("few_events", "shown"), [("exact", True), ("withhold", False)])
def test_below_ten_events_no_verdict_and_the_figures_as_asked(few_events, shown):
    table = Tidy.of(
        age_group=["a", "b"],
        count=[8, 1],
        population=[100, 100],
        reference_count=[10, 10],
        reference_population=[1000, 1000],
    )
    (row,) = METHODS["isr"].answer(table, few_events=few_events).rows
    assert (row["verdict"], row["reason"]) == ("cannot tell", "too_few_events")
    assert (row["ratio"] == pytest.approx(4.5)) is shown
