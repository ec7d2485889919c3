"""The walk from a file to a shelf, with everything that may stop it."""

import csv
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest

from lagesbild import reference
from lagesbild.core.figures import Key, State
from lagesbild.core.language import Text
from lagesbild.core.refusal import AgainstPolicy, BadUsage, Refusal, Unsafe
from lagesbild.inside import walk
from lagesbild.inside.protect.methods.secondary import Pattern
from lagesbild.inside.protect.proof.audit import audit
from lagesbild.inside.vault import Event, Vault
from lagesbild.release import chain
from lagesbild.release.keys import KeyList, PublicKey

PLACES = reference.load()
ANNA = Event("Anna", datetime(2026, 3, 1, tzinfo=UTC))
BO = Event("Bo", datetime(2026, 3, 2, tzinfo=UTC))
FIRST = {
    "2480": {"2023": 41, "2024": 25},
    "2482": {"2023": 3, "2024": 14},
    "2481": {"2024": 2},
    "0180": {"2023": 210, "2024": 190},
}


def csv_file(folder: Path, places=FIRST, indicator="D01") -> Path:
    rows = [f"{indicator},{place},{year},{n}" for place, years in places.items() for year, n in years.items()]
    path = folder / "uppgifter.csv"
    path.write_text("indicator,region,period,count\n" + "\n".join(rows) + "\n")
    return path


def plan(number="2026-1", **changes) -> walk.Plan:
    text = Text(f"Release {number}", f"Release {number}")
    return walk.Plan(
        **{"number": number, "published": date(2026, 3, 1), "title": text, "reason": text, **changes}
    )


@pytest.fixture
def vault(tmp_path) -> Iterator[Vault]:
    with walk.opened(tmp_path / "store") as opened:
        yield opened


def take_in(vault: Vault, folder: Path, places=FIRST, indicator="D01", **options):
    options = {"event": ANNA, "source": "Brå SOL", **options}
    return walk.take_in(vault, [csv_file(folder, places, indicator)], PLACES, **options)


def publish(vault: Vault, folder: Path, number="2026-1", **options):
    made = walk.draft(vault, plan(number), PLACES, event=ANNA, **options)
    walk.approve(vault, made, event=BO)
    return walk.publish(vault, made, folder / "shelf", event=BO)


def reasons(raised) -> set[str]:
    return {finding.code for finding in raised.value.findings}


def test_a_source_is_told_in_both_languages_where_both_were_given(vault, tmp_path):
    take_in(vault, tmp_path, source="Polisen / The police")
    release = publish(vault, tmp_path)
    assert release.sources["D01"][0].name == Text("Polisen", "The police")


def test_from_file_to_shelf(vault, tmp_path):
    take_in(vault, tmp_path)
    release = publish(vault, tmp_path)
    figures = release.figures["D01"]
    assert figures[Key("00", "2023")].value == 254
    assert figures[Key("2482", "2023")].state is State.PROTECTED
    assert figures[Key("2480", "2023")].state is State.PROTECTED
    assert figures.coverage[Key("24", "2024")] == 3
    assert release.audit.hidden == sum(figure.state is State.PROTECTED for _, figure in figures)
    assert release.sources["D01"][0].name == Text("Brå SOL", "Brå SOL")
    trusted = KeyList((PublicKey.of(vault.signing_key),))
    assert chain.read(tmp_path / "shelf", trusted) == (release,)


def rows_of_file(folder: Path, indicator: str, rows) -> Path:
    path = folder / f"{indicator}.csv"
    lines = (",".join((indicator, *row.split())) for row in rows)
    path.write_text("\n".join(("indicator,region,period,sex,count", *lines)))
    return path


def test_a_number_by_sex_is_told_with_the_municipalities_that_reported_it(vault, tmp_path):
    rows = ["2480 2024 T 60", "2480 2024 K 30", "2480 2024 M 30", "2482 2024 T 45"]
    walk.take_in(vault, [rows_of_file(tmp_path, "E03", rows)], PLACES, event=ANNA, source="Socialtjänsten")
    figures = publish(vault, tmp_path).figures["E03"]
    assert figures[Key("24", "2024", "K")].value == 30
    assert {sex: figures.coverage[Key("24", "2024", sex)] for sex in "TKM"} == {"T": 2, "K": 1, "M": 1}
    with (tmp_path / "shelf/2026-1/tables/E03.csv").open(newline="") as file:
        told = {row["sex"]: row["municipalities"] for row in csv.DictReader(file) if row["region"] == "24"}
    assert told == {"T": "2", "K": "1", "M": "1"}


def test_numbers_of_different_municipalities_are_not_one_and_part_of_it(vault, tmp_path):
    """The persons of one municipality, and some of another: the 2 by which they differ are nobody."""
    take_in(vault, tmp_path, {"2480": {"2024": 40}}, "E03")
    take_in(vault, tmp_path, {"2482": {"2024": 38}}, "E04")
    figures = publish(vault, tmp_path).figures
    assert figures["E03"][Key("24", "2024")].value == 40
    assert figures["E04"][Key("24", "2024")].value == 38


def test_a_part_of_some_municipalities_is_part_of_what_the_county_reported(vault, tmp_path):
    take_in(vault, tmp_path, {"24": {"2024": 40}}, "E03")
    take_in(vault, tmp_path, {"2482": {"2024": 38}}, "E04")
    figures = publish(vault, tmp_path).figures
    assert not figures["E03"][Key("24", "2024")].value or not figures["E04"][Key("24", "2024")].value


def test_stations_are_told_as_the_walk_comes_to_them(vault, tmp_path):
    take_in(vault, tmp_path)
    told = []
    made = walk.draft(vault, plan(), PLACES, event=ANNA, say=told.append)
    assert len(told) == 5
    walk.examine(vault, made, PLACES, say=told.append)
    assert told[-1] == told[2]


def test_a_late_report_that_others_figure_gives_away_is_refused(vault, tmp_path):
    """Our own page shows 43 offences in police region Väst in 2019, as the press had it. Of these 38 were
    released of one county; the other's 5 would be the difference."""
    take_in(vault, tmp_path, {"14": {"2019": 38}})
    publish(vault, tmp_path)
    take_in(vault, tmp_path, {"13": {"2019": 5}})
    with pytest.raises(Unsafe) as refused:
        publish(vault, tmp_path, "2026-2")
    assert reasons(refused) == {"too-narrow"}


def test_a_second_release_stacks_the_first_and_tells_what_was_revised(vault, tmp_path):
    take_in(vault, tmp_path)
    first = publish(vault, tmp_path)
    take_in(vault, tmp_path, {"2480": {"2025": 30}, "0180": {"2023": 215}})
    second = publish(vault, tmp_path, "2026-2")
    assert second.predecessor == first.digest
    assert second.audit.earlier_releases == 1
    shown = [key for key, figure in first.figures["D01"] if figure.state is State.VALUE]
    now = {key: second.figures["D01"][key] for key in shown}
    assert all(figure.state is State.VALUE for key, figure in now.items() if key.region == "0180")
    changed = sum(now[key].value != first.figures["D01"][key].value for key in shown)
    assert [(revision.indicator, revision.changed) for revision in second.revisions] == [("D01", changed)]
    assert changed == 1


def test_what_was_revised_stays_revised_in_the_releases_after_the_next(vault, tmp_path):
    take_in(vault, tmp_path, {"2480": {"2024": 25}, "2482": {"2024": 14}})
    assert publish(vault, tmp_path).figures["D01"][Key("2482", "2024")].value == 14
    take_in(vault, tmp_path, {"2482": {"2024": 3}, "2481": {"2024": 40}})
    for number in ("2026-2", "2026-3"):
        figures = publish(vault, tmp_path, number).figures["D01"]
        assert figures[Key("2482", "2024")].state is State.PROTECTED


def test_what_was_shown_once_is_shown_again_even_if_hiding_it_were_cheaper(vault, tmp_path):
    take_in(vault, tmp_path, {"2480": {"2024": 25}, "2482": {"2024": 14}})
    publish(vault, tmp_path)
    take_in(vault, tmp_path, {"2481": {"2024": 2}, "2401": {"2024": 40}})
    second = publish(vault, tmp_path, "2026-2").figures["D01"]
    assert second[Key("2480", "2024")].value == 25
    assert second[Key("2482", "2024")].value == 14
    assert second[Key("2481", "2024")].state is State.PROTECTED
    assert second[Key("24", "2024")].state is State.PROTECTED


def test_a_municipality_cannot_work_out_its_neighbour_from_what_it_knows_of_itself(vault, tmp_path):
    """The insider: who knows one of two hidden parts knows the other, if their total is shown."""
    take_in(vault, tmp_path, {"2480": {"2024": 25}, "2481": {"2024": 2}, "0180": {"2024": 190}})

    def two_parts(system, before) -> Pattern:
        hidden = ~system.fixed & (system.values != 27) & (system.values < 100)
        return Pattern(hidden, hidden, 0.0, audit(system, hidden))

    with pytest.raises(Unsafe):
        walk.draft(vault, plan(), PLACES, event=ANNA, hide=two_parts)
    figures = publish(vault, tmp_path).figures["D01"]
    assert figures[Key("2481", "2024")].state is State.PROTECTED
    assert figures[Key("24", "2024")].state is State.PROTECTED


def test_the_country_gives_way_where_nothing_else_protects(vault, tmp_path):
    take_in(vault, tmp_path, {"2480": {"2024": 25}})
    publish(vault, tmp_path)
    take_in(vault, tmp_path, {"2481": {"2024": 2}})
    second = publish(vault, tmp_path, "2026-2").figures["D01"]
    assert second[Key("00", "2024")].state is State.PROTECTED
    assert second[Key("2480", "2024")].value == 25


def only_unsafe(system, before) -> Pattern:
    """A planted leak: hides small numbers and nothing else."""
    hidden = system.primary.copy()
    return Pattern(hidden, np.zeros_like(hidden), 0.0, audit(system, hidden))


def test_a_pattern_that_does_not_protect_is_refused_with_nothing_staged(vault, tmp_path):
    take_in(vault, tmp_path, {"2480": {"2024": 25}, "2481": {"2024": 2}})
    with pytest.raises(Unsafe) as raised:
        walk.draft(vault, plan(), PLACES, event=ANNA, hide=only_unsafe)
    assert reasons(raised) == {"too-narrow"}
    assert not list((vault.folder / "staging").iterdir())
    assert vault.drafts() == ()


@pytest.mark.parametrize("who", ["", " ", "\u200b"])
def test_nobody_makes_no_draft_and_it_is_said_at_once(vault, tmp_path, who):
    take_in(vault, tmp_path)
    told = []
    with pytest.raises(AgainstPolicy) as raised:
        walk.draft(vault, plan(), PLACES, event=Event(who, ANNA.at), say=told.append)
    assert reasons(raised) == {"nobody"}
    assert told == []
    assert not list((vault.folder / "staging").iterdir())


@pytest.mark.parametrize("stop", [KeyboardInterrupt, OSError])
def test_a_draft_that_is_stopped_while_it_is_attacked_leaves_nothing_staged(
    vault, tmp_path, monkeypatch, stop
):
    take_in(vault, tmp_path)
    monkeypatch.setattr(walk.attack, "check", lambda *_, **__: (_ for _ in ()).throw(stop))
    with pytest.raises(stop):
        walk.draft(vault, plan(), PLACES, event=ANNA)
    assert not list((vault.folder / "staging").iterdir())


def test_an_attack_that_succeeds_leaves_nothing_staged(vault, tmp_path, monkeypatch):
    take_in(vault, tmp_path)

    def leaking(edition, geography):
        return {"tables/D01.csv": b"all of it"}

    monkeypatch.setattr("lagesbild.release.bundle.contents", leaking)
    with pytest.raises((Unsafe, FileNotFoundError)):
        walk.draft(vault, plan(), PLACES, event=ANNA)
    assert vault.drafts() == ()


def test_examining_finds_a_pattern_that_was_changed(vault, tmp_path):
    take_in(vault, tmp_path)
    made = walk.draft(vault, plan(), PLACES, event=ANNA)
    assert walk.examine(vault, made, PLACES).unsafe_too_narrow == 0
    table = vault.staged(made) / "tables/D01.csv"
    table.write_bytes(table.read_bytes() + b"\n")
    with pytest.raises(AgainstPolicy) as raised:
        walk.examine(vault, made, PLACES)
    assert "changed-after-approval" in reasons(raised)


def test_changed_bytes_are_neither_approved_nor_published(vault, tmp_path):
    take_in(vault, tmp_path)
    made = walk.draft(vault, plan(), PLACES, event=ANNA)
    table = vault.staged(made) / "tables/D01.csv"
    original = table.read_bytes()
    table.write_bytes(original.replace(b",254,", b",253,"))
    with pytest.raises(AgainstPolicy):
        walk.approve(vault, made, event=BO)
    table.write_bytes(original)
    approved = walk.approve(vault, made, event=BO)
    table.write_bytes(original.replace(b",254,", b",253,"))
    with pytest.raises(AgainstPolicy):
        walk.publish(vault, approved, tmp_path / "shelf", event=BO)
    assert not (tmp_path / "shelf" / "2026-1").exists()


def test_the_importer_does_not_approve_and_nobody_publishes_unapproved(vault, tmp_path):
    take_in(vault, tmp_path)
    made = walk.draft(vault, plan(), PLACES, event=BO)
    with pytest.raises(AgainstPolicy):
        walk.approve(vault, made, event=ANNA)
    with pytest.raises(AgainstPolicy):
        walk.publish(vault, made, tmp_path / "shelf", event=BO)
    assert not (tmp_path / "shelf").exists()


def test_a_number_is_published_once(vault, tmp_path):
    take_in(vault, tmp_path)
    publish(vault, tmp_path)
    with pytest.raises(AgainstPolicy) as raised:
        walk.draft(vault, plan(), PLACES, event=ANNA)
    assert reasons(raised) == {"number-taken"}


def test_releases_follow_each_other_in_number_and_day(vault, tmp_path):
    take_in(vault, tmp_path, {"2480": {"2024": 41}})
    publish(vault, tmp_path, "2026-10")
    for number, day, refused in (
        ("2020-1", date(2026, 3, 1), "earlier-number"),
        ("2026-2", date(2026, 3, 1), "earlier-number"),
        ("2026-11", date(2026, 2, 28), "earlier-date"),
    ):
        with pytest.raises(AgainstPolicy) as raised:
            walk.draft(vault, plan(number, published=day), PLACES, event=ANNA)
        assert reasons(raised) == {refused}
    for number, day in (("2026-11", date(2026, 3, 1)), ("2027-1", date(2026, 3, 2))):
        walk.draft(vault, plan(number, published=day), PLACES, event=ANNA)


def test_a_publisher_killed_before_writing_it_down_is_run_again(vault, tmp_path, monkeypatch):
    take_in(vault, tmp_path)
    made = walk.approve(vault, walk.draft(vault, plan(), PLACES, event=ANNA), event=BO)
    with monkeypatch.context() as patched:
        patched.setattr(Vault, "publish", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            walk.publish(vault, made, tmp_path / "shelf", event=BO)
    release = walk.publish(vault, made, tmp_path / "shelf", event=BO)
    assert walk.newest(vault).published == BO
    assert release.digest == made.digest


def test_a_publisher_killed_before_the_rename_is_run_again_and_its_release_counts(
    vault, tmp_path, monkeypatch
):
    take_in(vault, tmp_path)
    made = walk.approve(vault, walk.draft(vault, plan(), PLACES, event=ANNA), event=BO)
    shelf = tmp_path / "shelf"
    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            walk.publish(vault, made, shelf, event=BO)
    take_in(vault, tmp_path, {"2401": {"2024": 40}})
    with pytest.raises(AgainstPolicy) as raised:
        walk.draft(vault, plan(), PLACES, event=ANNA)
    assert reasons(raised) == {"number-taken"}
    second = walk.approve(vault, walk.draft(vault, plan("2026-2"), PLACES, event=ANNA), event=BO)
    with pytest.raises(AgainstPolicy) as raised:
        walk.publish(vault, second, shelf, event=BO)
    assert reasons(raised) == {"other-shelf"}
    releases = [walk.publish(vault, each, shelf, event=BO) for each in (made, second, made)]
    trusted = KeyList((PublicKey.of(vault.signing_key),))
    assert chain.read(shelf, trusted) == tuple(releases[:2])
    assert sorted(path.name for path in shelf.iterdir()) == ["2026-1", "2026-2", "keys.toml"]


def test_drafts_that_do_not_know_each_other_are_not_both_published(vault, tmp_path):
    """Attack 11 across shelves: what one shows and the other hides would give the small number away."""
    take_in(vault, tmp_path, {"2480": {"2024": 41}, "2482": {"2024": 12}})
    first = walk.approve(vault, walk.draft(vault, plan(), PLACES, event=ANNA), event=BO)
    take_in(vault, tmp_path, {"2481": {"2024": 4}})
    second = walk.approve(vault, walk.draft(vault, plan("2026-2"), PLACES, event=ANNA), event=BO)
    walk.publish(vault, first, tmp_path / "one", event=BO)
    with pytest.raises(AgainstPolicy) as raised:
        walk.publish(vault, second, tmp_path / "other", event=BO)
    assert reasons(raised) == {"store-moved-on"}
    assert not (tmp_path / "other").exists()


def test_what_the_store_refuses_meanwhile_is_not_put_on_the_shelf(vault, tmp_path, monkeypatch):
    """Two publishers at once, each with a shelf of its own: the transaction decides, before the rename."""
    take_in(vault, tmp_path)
    made = [walk.approve(vault, walk.draft(vault, plan(), PLACES, event=ANNA), event=BO) for _ in range(2)]
    walk.publish(vault, made[0], tmp_path / "one", event=BO)
    with monkeypatch.context() as patched:
        patched.setattr(walk.policies, "check_is_next", lambda *_: patched.undo())
        with pytest.raises(AgainstPolicy) as raised:
            walk.publish(vault, made[1], tmp_path / "other", event=BO)
    assert reasons(raised) == {"store-moved-on"}
    assert not (tmp_path / "other/2026-1").exists()


def test_answers_of_organisations_are_published_as_they_are(vault, tmp_path):
    take_in(vault, tmp_path, {"2480": {"2024": 2}, "2481": {"2024": 0}}, "R01")
    figures = publish(vault, tmp_path).figures["R01"]
    assert [(key.region, figure.value) for key, figure in figures] == [("2480", 2), ("2481", 0)]


def test_chosen_indicators_only(vault, tmp_path):
    take_in(vault, tmp_path)
    take_in(vault, tmp_path, {"2480": {"2024": 2}}, "R01")
    made = walk.draft(vault, plan(indicators=["R01"]), PLACES, event=ANNA)
    assert list(walk.staged(vault, made).figures) == ["R01"]
    with pytest.raises(BadUsage):
        walk.draft(vault, plan(indicators=["R01", "E03"]), PLACES, event=ANNA)


def test_an_empty_store_has_no_release(vault):
    with pytest.raises(BadUsage):
        walk.draft(vault, plan(), PLACES, event=ANNA)
    with pytest.raises(BadUsage):
        walk.newest(vault)


@pytest.mark.parametrize("source", ["", " ", "anna.andersson@example.se", "19121212-1212"])
def test_a_source_that_is_missing_or_personal_is_refused(vault, tmp_path, source):
    with pytest.raises(Refusal):
        take_in(vault, tmp_path, source=source)
    assert vault.vintages() == ()


@pytest.mark.parametrize("women", [25, 15])
def test_a_part_alone_does_not_leave_its_stored_total_behind(vault, tmp_path, women):
    path = tmp_path / "E03.csv"

    def by_sex(**counts: int):
        rows = [f"E03,2480,2024,{sex},{count}" for sex, count in counts.items()]
        path.write_text("\n".join(("indicator,region,period,sex,count", *rows)))
        return walk.take_in(vault, [path], PLACES, event=ANNA, source="Brå SOL")

    by_sex(T=30, K=18, M=12)
    with pytest.raises(Refusal) as raised:
        by_sex(K=women)
    assert reasons(raised) == {"stored-sum-of-sexes"}
    assert [each.sequence for each in vault.vintages()] == [1]
    by_sex(T=women + 12, K=women)
    walk.draft(vault, plan(), PLACES, event=ANNA)


@pytest.mark.parametrize("words", ["title", "reason"])
@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize(
    "typed",
    [
        "Dubblett av 19850101-2384 borttagen",
        "Läget, ring 070-123 45 67",
        "Removed two cases of anna@example.se",
        "Rättade uppgifter. " * 12 + "Anna 19850101-2384",
    ],
)
def test_a_title_or_reason_with_personal_data_is_refused(vault, tmp_path, words, language, typed):
    take_in(vault, tmp_path)
    text = Text(**{"sv": "Läget", "en": "The state", language: typed})
    with pytest.raises(Refusal) as raised:
        walk.draft(vault, plan(**{words: text}), PLACES, event=ANNA)
    (finding,) = raised.value.findings
    assert finding.place.column == f"--{words}-{language}"
    assert finding.code in ("personal-number", "phone", "e-mail")
    assert vault.drafts() == ()


@pytest.mark.parametrize("typed", ["Åtgärdsplan 2026", "Läget i Umeå 2024–2026", "Publicering 2026-1", ""])
def test_ordinary_titles_are_let_through(vault, tmp_path, typed):
    take_in(vault, tmp_path)
    walk.draft(vault, plan(title=Text(typed, typed)), PLACES, event=ANNA)


def test_a_total_smaller_than_parts_of_several_levels_is_told_in_words(vault, tmp_path):
    take_in(vault, tmp_path, {"00": {"2024": 50}, "01": {"2024": 40}})
    take_in(vault, tmp_path, {"2480": {"2024": 20}})
    with pytest.raises(Refusal) as raised:
        walk.draft(vault, plan(), PLACES, event=ANNA)
    assert reasons(raised) == {"total-too-small"}
    assert "D01, 00, 2024" in raised.value.in_("en")
    assert not any(count in raised.value.in_("en").replace("2024", "") for count in ("50", "40", "20"))
    take_in(vault, tmp_path, {"00": {"2024": 60}})
    walk.draft(vault, plan(), PLACES, event=ANNA)


def test_a_refused_file_leaves_nothing(vault, tmp_path):
    path = csv_file(tmp_path, {"2480": {"2024": -1}})
    with pytest.raises(Refusal):
        walk.take_in(vault, [path], PLACES, event=ANNA, source="Brå SOL")
    assert vault.vintages() == ()


def test_two_stores_that_differ_in_a_hidden_count_alone_publish_the_same_bytes(tmp_path):
    """Attack 36 on a release: what is hidden does not even change a length."""

    def pattern(system, before) -> Pattern:
        hidden = ~system.fixed & (system.values != 274) & (system.values < 60)
        return Pattern(hidden, hidden, 0.0, audit(system, hidden))

    manifests = []
    for count in (3, 4):
        with walk.opened(tmp_path / f"store-{count}") as vault:
            places = {**FIRST, "2482": {"2023": count, "2024": 14}, "2480": {"2023": 44 - count, "2024": 25}}
            places["2481"] = {"2023": 20, "2024": 2}
            take_in(vault, tmp_path, places)
            made = walk.draft(vault, plan(), PLACES, event=ANNA, hide=pattern)
            manifests.append((vault.staged(made) / "manifest.json").read_bytes())
    assert manifests[0] == manifests[1]
    assert json.loads(manifests[0])["audit"]["hidden"] > 0


def test_preferred_places_are_shown_where_others_can_be_hidden(vault, tmp_path):
    places = {"2480": {"2024": 11}, "2481": {"2024": 2}, "2401": {"2024": 40}, "0180": {"2024": 190}}
    places |= {"2460": {"2024": 45}}
    take_in(vault, tmp_path, places)
    shown = {}
    for prefer in ((), ("2480",)):
        made = walk.draft(vault, plan(prefer=prefer), PLACES, event=ANNA)
        shown[prefer] = walk.staged(vault, made).figures["D01"][Key("2480", "2024")].value
    assert shown == {(): None, ("2480",): 11}
