"""Margins add up what was reported, never more, and what a total holds beyond its parts is an unknown too."""

import pytest

from editions import make_indicator
from lagesbild.core.figures import Key, State
from lagesbild.core.indicator import DisclosureClass, Identity, Kind, Protection
from lagesbild.core.region import Geography, Level, Region
from lagesbild.inside.counts import Counts
from lagesbild.inside.linked.margins import Cell, Margins, margins
from lagesbild.inside.linked.stack import Layer, stack

PLACES = Geography(
    (
        Region("00", Level.NATION, "Riket", "Sweden"),
        Region("PN", Level.POLICE_REGION, "Nord", "North", ("00",)),
        Region("A1", Level.SKR_GROUP, "A", "A", ("00",)),
        Region("24", Level.COUNTY, "Ett län", "A county", ("PN", "00")),
        Region("25", Level.COUNTY, "Två län", "B county", ("PN", "00")),
        Region("2480", Level.MUNICIPALITY, "A", "A", ("24", "PN", "A1", "00")),
        Region("2482", Level.MUNICIPALITY, "B", "B", ("24", "PN", "00")),
        Region("2580", Level.MUNICIPALITY, "C", "C", ("25", "PN", "A1", "00")),
    ),
    {},
)
PERSONS = make_indicator("E03", sexes=("T", "K", "M"), ages=("T", "0-17", "18+"))


def of(cells, indicator=PERSONS) -> Margins:
    return margins(Counts.of(indicator.code, cells), indicator, PLACES)


def value(found: Margins, *key: str) -> int | None:
    return found.values.get(Cell(found.indicator.code, Key(*key)))


def test_every_larger_place_adds_up_those_that_reported_with_its_coverage():
    found = of(
        {Key("2480", "2024"): 3, Key("2482", "2024"): 4, Key("2580", "2024"): 5, Key("2580", "2025"): 6}
    )
    assert value(found, "24", "2024") == 7
    assert value(found, "25", "2024") == 5
    assert value(found, "PN", "2024") == value(found, "00", "2024") == 12
    assert value(found, "A1", "2024") == 8
    assert value(found, "24", "2025") is None
    assert found.coverage[Key("00", "2024")] == 3
    assert found.coverage[Key("00", "2025")] == 1


def test_each_number_has_a_coverage_of_its_own():
    """Women were reported by fewer municipalities than the total."""
    totals = {Key("2480", "2024"): 9, Key("2482", "2024"): 8, Key("2580", "2024"): 7}
    found = of(totals | {Key("2480", "2024", "K"): 4, Key("25", "2024", "K"): 5})
    assert found.coverage[Key("24", "2024")] == 2
    assert found.coverage[Key("24", "2024", "K")] == 1
    assert found.coverage[Key("00", "2024")] == 3
    assert found.coverage[Key("00", "2024", "K")] == 2
    assert Key("25", "2024", "K") not in found.coverage
    assert Key("24", "2024", "M") not in found.coverage


def test_every_sum_holds_in_the_counts():
    found = of({Key("2480", "2024", sex, age): 3 for sex in ("K", "M") for age in ("0-17", "18+")})
    assert value(found, "2480", "2024") == value(found, "00", "2024", "T", "T") == 12
    assert value(found, "00", "2024", "K", "T") == 6
    assert found.sums
    for each in found.sums:
        assert found.values[each.total] == sum(found.values[part] for part in each.parts)


def test_a_total_with_parts_missing_has_a_rest_that_nobody_is_shown():
    found = of({Key("2480", "2024"): 10, Key("2480", "2024", "K"): 8})
    men = Cell("E03", Key("2480", "2024", "M"))
    assert found.values[men] == 2
    assert men in found.unshown
    assert Cell("E03", Key("2480", "2024", "K")) not in found.unshown


def test_a_total_whose_other_part_cannot_be_has_no_rest():
    cells = {Key("2480", "2024", "K"): 8, Key("2480", "2024", "M"): State.NOT_APPLICABLE}
    found = of(cells)
    assert value(found, "2480", "2024") == 8
    assert not [cell for cell in found.values if cell.rest or cell in found.unshown]
    assert found.not_applicable == {Key("2480", "2024", "M")}


def test_what_an_older_catalogue_broke_down_still_adds_up():
    cells = {Key("2480", "2024"): 30, Key("2480", "2024", "K"): 4, Key("2480", "2024", "M"): 26}
    found = of(cells, make_indicator("E03", sexes=("T",)))
    sums = [each for each in found.sums if each.total.key == Key("2480", "2024")]
    assert [sorted(part.key.sex for part in each.parts) for each in sums] == [["K", "M"]]


def test_no_total_is_made_of_some_parts():
    assert value(of({Key("2480", "2024", "K"): 8}), "2480", "2024") is None


def test_a_reported_county_with_some_municipalities_has_a_rest():
    found = of({Key("24", "2024"): 20, Key("2480", "2024"): 8})
    assert value(found, "24", "2024") == 20
    assert found.values[Cell("E03", Key("24", "2024"), "region 2480")] == 12
    assert Key("24", "2024") not in found.coverage
    assert found.coverage[Key("00", "2024")] == 2


@pytest.mark.parametrize(("adds", "year"), [(True, 9), (False, None)])
def test_years_are_made_from_parts_of_events_only(adds, year):
    events = make_indicator("R06", sums_over_time=adds)
    found = of({Key("2480", "2024H1"): 4, Key("2480", "2024H2"): 5, Key("2480", "2025H1"): 5}, events)
    assert value(found, "2480", "2024") == value(found, "00", "2024") == year
    assert value(found, "2480", "2025") is None


def test_a_reported_year_is_bound_to_its_parts():
    found = of({Key("2480", "2024"): 9, Key("2480", "2024H1"): 4})
    assert found.values[Cell("E03", Key("2480", "2024H2"))] == 5
    found = of({Key("2480", "2024H1"): 9, Key("2480", "2024Q1"): 4, Key("2480", "2024Q2"): 5})
    assert any(each.total.key.period == "2024H1" for each in found.sums)


def test_of_a_year_half_and_months_every_month_is_in_one_part():
    """The months beyond those reported and the first half are the same: one unknown, not two."""
    events = make_indicator("R06", sums_over_time=True)
    months = {Key("2480", f"2024M{number:02}"): 10 for number in range(7, 12)}
    found = of({Key("2480", "2024"): 79, Key("2480", "2024H1"): 25} | months, events)
    assert value(found, "2480", "2024M12") == 4
    assert {cell.key.period for cell in found.unshown} == {"2024M12"}
    of_the_year = next(each for each in found.sums if each.total.key == Key("2480", "2024"))
    assert len(of_the_year.parts) == 7


def test_parts_that_lie_apart_are_one_unknown():
    events = make_indicator("R06", sums_over_time=True)
    found = of({Key("2480", "2024"): 30, Key("2480", "2024Q2"): 9, Key("2480", "2024M10"): 8}, events)
    assert value(found, "2480", "2024Q1+2024Q3+2024M11+2024M12") == 13


def test_a_country_is_bound_to_police_regions_and_counties_alike():
    places = {Key("PN", "2024"): 20, Key("2480", "2024"): 12}
    found = of(places | {Key("00", "2024"): 50})
    parts = [{part.key.region for part in each.parts} for each in found.sums if each.total.key.region == "00"]
    assert {"PN", "00"} in parts
    assert {"24", "00"} in parts
    made = of(places)
    assert value(made, "00", "2024") == 20
    assert made.coverage[Key("00", "2024")] == 3
    assert not [each for each in made.values.values() if each < 0]


def test_a_country_made_of_counties_is_not_bound_to_places_that_count_others_too():
    """The police region holds 2 of municipalities that the country's 42 leave out: 42 less 40 is nobody."""
    elsewhere = (
        Region("26", Level.COUNTY, "Tre län", "C county", ("00",)),
        Region("2680", Level.MUNICIPALITY, "D", "D", ("26", "00")),
    )
    geography = Geography((*PLACES.regions, *elsewhere), {})
    cells = {Key("PN", "2024"): 40, Key("2480", "2024"): 38, Key("2680", "2024"): 4}
    found = margins(Counts.of("E03", cells), PERSONS, geography)
    assert value(found, "00", "2024") == 42
    parts = [{part.key.region for part in each.parts} for each in found.sums if each.total.key.region == "00"]
    assert parts == [{"24", "26"}]
    assert found.coverage[Key("00", "2024")] == 2
    assert found.values[Cell("E03", Key("PN", "2024"), "region 24")] == 2


def test_what_is_left_of_what_is_left_is_an_unknown_too():
    """Men were not reported, but follow, in the county and in one of its two municipalities."""
    both = {Key("24", "2024"): 60, Key("2480", "2024"): 40}
    women = {Key("24", "2024", "K"): 30, Key("2480", "2024", "K"): 14}
    found = of(both | women)
    assert found.values[Cell("E03", Key("24", "2024", "M"), "region 2480")] == 4
    assert not Cell("E03", Key("24", "2024", "M")).rest
    part = make_indicator("E04", identities=(Identity("E03", ("E04",), subset=True),), sexes=("T", "K", "M"))
    fewer = of({Key("24", "2024"): 36, Key("24", "2024", "K"): 12}, part)
    stacked = stack([Layer([found, fewer])], PLACES)
    names = dict(zip(stacked.cells, stacked.values.tolist(), strict=True))
    assert names[Cell("E03", Key("24", "2024", "M"), "beyond E04")] == 6
    assert not (stacked.equations @ stacked.values).any()
    assert not any(stacked.shown[place] for place, cell in enumerate(stacked.cells) if cell.key.sex == "M")


def test_a_part_that_was_shown_once_and_follows_now_is_known():
    cells = {Key("2480", "2024"): 10, Key("2480", "2024", "K"): 8}
    men = Key("2480", "2024", "M")
    stacked = stack(
        [Layer([of(cells)]), Layer([of(cells | {men: 2})], frozenset({Cell("E03", men)}))], PLACES
    )
    place = stacked.cells.index(Cell("E03", men))
    assert stacked.known[place]
    assert not stacked.shown[place]


def test_persons_of_a_year_that_are_fewer_than_those_of_its_parts_are_not_bound_to_them():
    found = of({Key("2480", "2024"): 6, Key("2480", "2024H1"): 4, Key("2480", "2024H2"): 5})
    assert not [each for each in found.sums if each.total.key == Key("2480", "2024")]


def test_categories_have_no_margins():
    answers = make_indicator(
        "R01", kind=Kind.CATEGORY, protection=Protection(DisclosureClass.ORGANISATION, 1, 1)
    )
    found = of({Key("2480", "2024"): 2, Key("2482", "2024"): 1}, answers)
    assert len(found.values) == 2
    assert not found.sums


def test_a_stack_satisfies_its_equations_and_knows_what_was_published():
    part = make_indicator("E04", identities=(Identity("E03", ("E04",), subset=True),))
    before = of({Key("2480", "2024"): 9, Key("2482", "2024"): 7})
    after = of({Key("2480", "2024"): 12, Key("2482", "2024"): 7})
    new = of({Key("2480", "2024"): 5}, part)
    published = frozenset({Cell("E03", Key("2482", "2024"))})
    stacked = stack([Layer([before], published), Layer([after, new])], PLACES)
    assert not (stacked.equations @ stacked.values).any()
    names = list(zip(stacked.cells, stacked.values.tolist(), strict=True))
    known = {names[i] for i in stacked.known.nonzero()[0]}
    assert known == {(Cell("E03", Key("2482", "2024")), 7)}
    versions = {count for cell, count in names if cell == Cell("E03", Key("2480", "2024"))}
    assert versions == {9, 12}
    rests = {count for cell, count in names if cell.rest and cell.key.region == "2480"}
    assert rests == {4, 7}
    assert {cell.key.region for cell, top in zip(stacked.cells, stacked.top, strict=True) if top} == {"00"}


def test_what_others_have_published_is_known_unless_it_is_small_or_another_count():
    table = of({Key("24", "2024"): 43, Key("2480", "2024"): 38, Key("2482", "2024"): 3})
    public = [
        (Cell("E03", Key(*key)), count)
        for *key, count in (("24", "2024", 43), ("2480", "2024", 37), ("2482", "2024", 3), ("25", "2024", 43))
    ]
    stacked = stack([Layer([table])], PLACES, public=[*public, (Cell("D01", Key("24", "2024")), 43)])
    assert [stacked.cells[place].key.region for place in stacked.known.nonzero()[0]] == ["24"]


def test_an_identity_without_a_rest_binds_exactly():
    total = make_indicator("E03", identities=(Identity("E03", ("D01", "D02")),))
    tables = [
        of({Key("2480", "2024"): count}, indicator)
        for count, indicator in ((9, total), (5, make_indicator("D01")), (4, make_indicator("D02")))
    ]
    stacked = stack([Layer(tables)], PLACES)
    assert not (stacked.equations @ stacked.values).any()
    without = stack([Layer(tables[:2])], PLACES)
    assert stacked.equations.shape[0] > without.equations.shape[0] + len(tables[2].sums)


def sums_between(*tables) -> set[tuple[tuple[str, str], ...]]:
    """The sums that bind numbers of several indicators in the county 24."""
    stacked = stack([Layer(tables)], PLACES)
    assert not (stacked.equations @ stacked.values).any()
    rows = (stacked.equations[[row]].indices for row in range(stacked.equations.shape[0]))
    named = [[stacked.cells[place] for place in row] for row in rows]
    return {
        tuple(sorted((cell.indicator, cell.rest) for cell in row))
        for row in named
        if {cell.key.region for cell in row} == {"24"}
        and any(cell.indicator != "E03" or "E04" in cell.rest for cell in row)
        and not any("region" in cell.rest for cell in row)
    }


SUBSET = Identity("E03", ("E04",), subset=True)
BEYOND = (("E03", ""), ("E03", "beyond E04"), ("E04", ""))
REST = (("E04", ""), ("E05", ""))


@pytest.mark.parametrize(
    ("all_of_them", "some", "bound"),
    [
        (("2480",), ("2482",), set()),
        (("2480",), ("2480", "2482"), set()),
        (("2480", "2482"), ("2482",), {BEYOND}),
        (("24",), ("2482",), {BEYOND}),
        (("2480",), ("24",), set()),
        (("2480", "2482"), ("24",), {BEYOND}),
    ],
)
def test_totals_of_two_indicators_are_bound_where_one_counts_what_the_other_does(all_of_them, some, bound):
    """A county of which other municipalities reported the part than the whole: 2 more is nobody's number."""
    many = of({Key(place, "2024"): 40 for place in all_of_them})
    few = of({Key(place, "2024"): 19 for place in some}, make_indicator("E04", identities=(SUBSET,)))
    assert sums_between(many, few) == bound


@pytest.mark.parametrize(
    ("places", "counts", "bound"),
    [
        ((("2480",), ("2480",), ("2480",)), (40, 30, 10), {(("E03", ""), *REST)}),
        ((("2480",), ("2482",), ("2480",)), (40, 30, 10), set()),
        ((("24",), ("2480",), ("24",)), (40, 30, 10), {(("E03", ""), ("E03", "beyond E04 E05"), *REST)}),
        (
            (("2480",), ("24",), ("24",)),
            (40, 30, 15),
            {(("E03", "by E04 E05"), *REST), (("E03", ""), ("E03", "by E04 E05"), ("E03", "within E04 E05"))},
        ),
    ],
)
def test_a_total_and_its_parts_are_bound_as_far_as_they_count_the_same(places, counts, bound):
    """Reported is cleared and open, where the same municipalities told all three."""
    identity = Identity("E03", ("E04", "E05"))
    tables = [
        of({Key(place, "2024"): count for place in own}, make_indicator(code, identities=(identity,)))
        for code, own, count in zip(("E03", "E04", "E05"), places, counts, strict=True)
    ]
    assert sums_between(*tables) == bound


def test_who_knows_a_cell_alone():
    table = of({Key("2480", "2024"): 3, Key("2482", "2024"): 4, Key("2580", "2024"): 5})
    stacked = stack([Layer([table])], PLACES)
    known = dict(zip((cell.key.region for cell in stacked.cells), stacked.supplier.tolist(), strict=True))
    assert known["2580"] == known["25"] >= 0
    assert len({known["2480"], known["2482"], known["2580"]}) == 3
    assert known["24"] == known["00"] == -1


def test_an_empty_stack_has_no_equations():
    assert stack([], PLACES).equations.shape == (0, 0)
