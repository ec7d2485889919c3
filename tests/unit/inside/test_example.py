"""The demonstration's counts: the same every time, heavy-tailed, and believable as a whole."""

from lagesbild import reference
from lagesbild.core.region import Level
from lagesbild.inside import example, intake

PLACES = reference.load()
HANDOVERS = example.handovers(PLACES)


def test_the_examples_are_the_same_every_time():
    assert example.handovers(PLACES) == HANDOVERS


def test_most_municipalities_have_no_picture_and_umea_has_a_rich_one():
    rows = [row for handover in HANDOVERS for row in handover.rows]
    municipalities = {region.code for region in PLACES.geography.at(Level.MUNICIPALITY)}
    assert len(municipalities - {row.region for row in rows}) > len(municipalities) / 2
    with_support = {row.region for row in rows if row.indicator == "E03"}
    assert len(municipalities - with_support) > 200
    umea = {row.indicator for row in rows if row.region == example.UMEA}
    assert umea >= {"D01", "D05", "D11", "E03", "E04", "R01", "R03", "R04", "R06", "R09", "R10"}


def test_in_umea_reports_fall_after_2017_while_operations_go_on():
    rows = HANDOVERS[-1].rows
    of = {
        code: {row.period: row.number for row in rows if (row.indicator, row.region) == (code, example.UMEA)}
        for code in ("D01", "R06")
    }
    assert of["D01"]["2025"] < of["D01"]["2018"] / 2
    assert of["R06"]["2025H2"] >= of["R06"]["2017H2"]


def test_new_persons_are_part_of_all_persons():
    totals: dict[tuple[str, str, str], int] = {}
    for row in HANDOVERS[-1].rows:
        key = (row.indicator, row.region, row.period)
        totals[key] = totals.get(key, 0) + row.number
    for (indicator, region, period), number in totals.items():
        if indicator == "E04":
            assert number <= totals["E03", region, period]


def test_every_file_comes_through_the_gate(tmp_path):
    for handover in HANDOVERS[2:4]:
        admitted = intake.admit([example.write(handover, tmp_path)], PLACES, origin="example")
        assert sum(map(len, admitted.tables.values())) == len(handover.rows)
        assert {table.origin for table in admitted.tables.values()} == {"example"}


def test_every_source_says_that_it_is_an_example():
    assert all(handover.source.startswith("Exempel") for handover in HANDOVERS)
