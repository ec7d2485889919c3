"""The store keeps everything it was given, once, and never changes it."""

import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import DatabaseError, connections

from lagesbild.core.figures import Key, State
from lagesbild.core.refusal import AgainstPolicy, BadUsage
from lagesbild.inside import walk
from lagesbild.inside.counts import Counts
from lagesbild.inside.vault import Draft, Event, Vault, models, policies
from lagesbild.inside.vault.library import connect
from lagesbild.inside.vault.records import person

CELLS = {Key("2480", "2024"): 12, Key("2482", "2024"): 7, Key("2481", "2024"): State.NO_PICTURE}


def counts(cells=None, indicator="D01", origin="reported") -> Counts:
    return Counts.of(indicator, CELLS if cells is None else cells, origin)


def same(one: Counts, other: Counts) -> bool:
    return dict(one.cells()) == dict(other.cells())


def reasons(raised) -> set[str]:
    return {finding.code for finding in raised.value.findings}


def test_what_is_kept_comes_back_after_reopening(vault, address, tmp_path, anna):
    kept = vault.keep([counts()], "polisen", event=anna)[0]
    vault.close()
    again = Vault.open(tmp_path / "store", address)
    assert again.vintages() == (kept,)
    assert kept.event == anna
    assert (kept.indicator, kept.sequence, kept.origin, kept.source) == ("D01", 1, "reported", "polisen")
    stated = {key: cell for key, cell in CELLS.items() if cell is not State.NO_PICTURE}
    assert dict(again.table(again.vintages("D01")).cells()) == stated
    again.close()


def test_the_same_file_twice_is_one_import(vault, anna, bo):
    first = vault.keep([counts()], "polisen", event=anna)
    assert vault.keep([counts()], "en annan källtext", event=bo) == first
    assert len(vault.vintages()) == 1


def test_the_same_file_after_an_unrelated_one_is_still_one_import(vault, anna):
    first = vault.keep([counts()], "", event=anna)
    vault.keep([counts({Key("0180", "2024"): 30})], "", event=anna)
    assert vault.keep([counts()], "", event=anna) == first
    assert len(vault.vintages("D01")) == 2


def test_a_correction_is_a_new_vintage_and_the_old_one_stays(vault, anna):
    vault.keep([counts()], "", event=anna)
    corrected = vault.keep([counts({Key("2480", "2024"): 13})], "", event=anna)[0]
    assert corrected.sequence == 2
    assert [vintage.sequence for vintage in vault.vintages("D01")] == [1, 2]
    table = vault.table(vault.vintages("D01"))
    assert (table[Key("2480", "2024")], table[Key("2482", "2024")]) == (13, 7)


def test_taking_a_correction_back_is_a_third_vintage(vault, anna):
    vault.keep([counts()], "", event=anna)
    vault.keep([counts({Key("2480", "2024"): 13})], "", event=anna)
    assert vault.keep([counts()], "", event=anna)[0].sequence == 3
    assert vault.table(vault.vintages("D01"))[Key("2480", "2024")] == 12


def test_a_blank_takes_nothing_back(vault, anna):
    vault.keep([counts()], "", event=anna)
    vault.keep([counts({Key("2480", "2024"): State.NO_PICTURE})], "", event=anna)
    assert vault.table(vault.vintages("D01"))[Key("2480", "2024")] == 12


def test_not_applicable_replaces_a_count(vault, anna):
    vault.keep([counts()], "", event=anna)
    vault.keep([counts({Key("2480", "2024"): State.NOT_APPLICABLE})], "", event=anna)
    assert vault.table(vault.vintages("D01"))[Key("2480", "2024")] is State.NOT_APPLICABLE


def test_several_tables_are_kept_together_or_not_at_all(vault, anna):
    vault.keep([counts(origin="example")], "", event=anna)
    with pytest.raises(AgainstPolicy) as raised:
        vault.keep([counts(indicator="E03"), counts()], "", event=anna)
    assert reasons(raised) == {"mixed-origin"}
    assert [vintage.indicator for vintage in vault.vintages()] == ["D01"]


def test_the_same_file_from_many_at_once_is_one_import(vault, anna):
    def keep(_: int) -> int:
        try:
            return vault.keep([counts(), counts(indicator="E03")], "", event=anna)[0].id
        finally:
            vault.close()

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(keep, range(16)))) == 1
    assert len(vault.vintages()) == 2


def test_many_writers_at_once_all_get_their_turn(vault, anna):
    def keep(i: int) -> None:
        vault.keep([counts({Key("2480", "2024"): i})], "", event=anna)
        vault.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(keep, range(24)))
    assert [vintage.sequence for vintage in vault.vintages()] == list(range(1, 25))


def test_models_refuse_to_change_or_remove(vault, anna):
    vault.keep([counts()], "", event=anna)
    rows = models.Vintage.objects.using(vault._alias)
    row = rows.get()
    for act in (row.save, row.delete, rows.delete, lambda: rows.update(source="")):
        with pytest.raises(models.NeverChanged):
            act()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE vault_{table} SET id = id + 1",
        "DELETE FROM vault_{table}",
        "DELETE FROM vault_event",
        "UPDATE vault_event SET who = 'någon annan'",
    ],
)
@pytest.mark.parametrize("table", ["vintage", "draft", "ingredient", "approval", "publication"])
def test_the_database_itself_refuses_to_change_or_remove(vault, anna, bo, statement, table):
    whole_journey(vault, anna, bo)
    with pytest.raises(DatabaseError, match="append only"):
        connections[vault._alias].cursor().execute(statement.format(table=table))


def test_postgresql_refuses_to_truncate_and_sqlite_to_replace(vault, anna, bo):
    whole_journey(vault, anna, bo)
    connection = connections[vault._alias]
    statement = "TRUNCATE vault_event CASCADE"
    if connection.vendor == "sqlite":
        statement = (
            "INSERT OR REPLACE INTO vault_approval SELECT 99, digest, draft_id, event_id FROM vault_approval"
        )
    with pytest.raises(DatabaseError, match="append only"):
        connection.cursor().execute(statement)


def whole_journey(vault: Vault, importer: Event, approver: Event) -> Draft:
    vintages = vault.keep([counts()], "", event=importer)
    draft = vault.draft("2026-1", "d" * 64, vault.stage(), vintages, event=importer)
    vault.approve(draft, draft.digest, event=approver)
    return vault.publish(draft, draft.digest, after=None, event=approver)


def test_a_draft_goes_from_staged_to_approved_to_published(vault, anna, bo):
    published = whole_journey(vault, anna, bo)
    assert (published.approved, published.published) == (bo, bo)
    assert vault.drafts() == vault.drafts("2026-1") == (published,)
    assert vault.drafts("2026-2") == ()
    assert published.vintages == vault.vintages()
    assert vault.staged(published).parent == vault.folder / "staging"


@pytest.mark.parametrize("who", ["Anna", " anna ", "ＡＮＮＡ", "An\u200bna"])
def test_nobody_approves_their_own_import(vault, anna, who):
    draft = vault.draft("2026-1", "d" * 64, vault.stage(), vault.keep([counts()], "", event=anna), event=anna)
    with pytest.raises(AgainstPolicy) as raised:
        vault.approve(draft, draft.digest, event=Event(who, anna.at))
    assert reasons(raised) == {"own-import"}
    assert not policies.may_approve(draft, who)


def test_an_approval_names_the_digest_that_was_staged(vault, anna, bo):
    draft = vault.draft("2026-1", "d" * 64, vault.stage(), vault.keep([counts()], "", event=anna), event=anna)
    with pytest.raises(AgainstPolicy) as raised:
        vault.approve(draft, "e" * 64, event=bo)
    assert reasons(raised) == {"changed-after-staging"}
    assert vault.drafts()[0].approved is None


def test_two_approvers_at_once_give_one_approval(vault, anna):
    draft = vault.draft("2026-1", "d" * 64, vault.stage(), vault.keep([counts()], "", event=anna), event=anna)

    def approve(who: str) -> bool:
        try:
            vault.approve(draft, draft.digest, event=Event(who, anna.at))
        except AgainstPolicy:
            return False
        finally:
            vault.close()
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(approve, ["Bo", "Cecilia", "David", "Eva", "Filip", "Gun"])) == 1


def test_nothing_is_published_unapproved_twice_or_changed(vault, anna, bo):
    draft = vault.draft("2026-1", "d" * 64, vault.stage(), vault.keep([counts()], "", event=anna), event=anna)
    with pytest.raises(AgainstPolicy) as raised:
        vault.publish(draft, draft.digest, after=None, event=bo)
    assert reasons(raised) == {"not-approved"}
    vault.approve(draft, draft.digest, event=bo)
    with pytest.raises(AgainstPolicy) as raised:
        vault.publish(draft, "e" * 64, after=None, event=bo)
    assert reasons(raised) == {"changed-after-staging"}
    vault.publish(draft, draft.digest, after=None, event=bo)
    with pytest.raises(AgainstPolicy) as raised:
        vault.publish(draft, draft.digest, after=None, event=bo)
    assert reasons(raised) == {"published-already"}
    with pytest.raises(AgainstPolicy) as raised:
        vault.approve(draft, draft.digest, event=bo)
    assert reasons(raised) == {"approved-already"}


def approved_draft(vault: Vault, number: str, digest: str, importer: Event, approver: Event) -> Draft:
    vintages = vault.keep([counts()], "", event=importer)
    return vault.approve(
        vault.draft(number, digest, vault.stage(), vintages, event=importer), digest, event=approver
    )


def test_what_is_published_follows_the_newest_publication(vault, anna, bo):
    first, second = (approved_draft(vault, f"2026-{i}", f"{i}" * 64, anna, bo) for i in (1, 2))
    assert vault.newest_publication() is None
    vault.publish(first, first.digest, after=None, event=bo)
    assert vault.newest_publication() == first.digest
    with pytest.raises(AgainstPolicy) as raised:
        vault.publish(second, second.digest, after=None, event=bo)
    assert reasons(raised) == {"store-moved-on"}
    vault.publish(second, second.digest, after=first.digest, event=bo)
    assert vault.newest_publication() == second.digest


def test_of_drafts_made_knowing_the_same_releases_one_is_published(vault, anna, bo):
    drafts = [approved_draft(vault, f"2026-{i}", f"{i}" * 64, anna, bo) for i in range(1, 6)]

    def publish(draft: Draft) -> bool:
        try:
            vault.publish(draft, draft.digest, after=None, event=bo)
        except AgainstPolicy:
            return False
        finally:
            vault.close()
        return True

    with ThreadPoolExecutor(5) as pool:
        assert sum(pool.map(publish, drafts)) == 1


@pytest.mark.parametrize("who", ["", "  "])
def test_nobody_acts_without_a_name(vault, who):
    with pytest.raises(AgainstPolicy) as raised:
        vault.keep([counts()], "", event=Event(who, datetime(2026, 1, 1, tzinfo=UTC)))
    assert reasons(raised) == {"nobody"}


def test_every_write_wants_to_know_who(vault):
    with pytest.raises(TypeError):
        vault.keep([counts()], "")


def test_times_are_what_was_said_whatever_the_clock_does(vault):
    """Order is by sequence, so a clock that is set back, summer time and leap days change nothing."""
    times = [datetime(2026, 10, 25, 1, 30, tzinfo=UTC), datetime(2024, 2, 29, 23, 59, 59, tzinfo=UTC)]
    for i, at in enumerate(times):
        vault.keep([counts({Key("2480", "2024"): i})], "", event=Event("Anna", at))
    assert [vintage.event.at for vintage in vault.vintages()] == times
    assert vault.table(vault.vintages("D01"))[Key("2480", "2024")] == 1


def test_the_fingerprint_tells_nothing_without_the_key(tmp_path, anna):
    marks = set()
    for name in ("one", "two"):
        vault = Vault.open(tmp_path / name)
        marks.add(vault.keep([counts()], "", event=anna)[0].fingerprint)
        vault.close()
    assert len(marks) == 2


def test_the_store_is_closed_to_everyone_else(tmp_path):
    Vault.open(tmp_path / "store").close()
    assert stat.S_IMODE((tmp_path / "store").stat().st_mode) == 0o700
    for name in ("signing.key", "fingerprint.key", "vault.sqlite3"):
        assert stat.S_IMODE((tmp_path / "store" / name).stat().st_mode) == 0o600


@pytest.mark.parametrize("name", [".", "signing.key", "fingerprint.key"])
def test_an_open_store_is_refused(tmp_path, name):
    Vault.open(tmp_path / "store").close()
    (tmp_path / "store" / name).chmod(0o750)
    with pytest.raises(AgainstPolicy) as raised:
        Vault.open(tmp_path / "store")
    assert reasons(raised) == {"open-store"}


def test_keys_stay_the_same(tmp_path):
    keys = set()
    for _ in range(2):
        vault = Vault.open(tmp_path / "store")
        keys.add(vault.signing_key.private_bytes_raw())
        vault.close()
    assert len(keys) == 1


@pytest.mark.parametrize("name", ["signing.key", "fingerprint.key"])
def test_a_lost_key_is_not_replaced_in_silence(vault, address, anna, tmp_path, name):
    store = tmp_path / "store"
    vault.keep([counts()], "", event=anna)
    before = (store / name).read_bytes()
    (store / name).unlink()
    with pytest.raises(AgainstPolicy) as raised:
        Vault.open(store, address)
    assert reasons(raised) == {"lost-key"}
    assert not (store / name).exists()
    Vault.open(store, address, renew=anna).close()
    assert (store / name).read_bytes() != before
    Vault.open(store, address).close()


def test_a_damaged_key_is_said_to_be_damaged(vault, anna, tmp_path):
    for name in ("signing.key", "fingerprint.key"):
        (tmp_path / "store" / name).write_bytes(b"short")
    for act in (lambda: vault.signing_key, lambda: vault.keep([counts()], "", event=anna)):
        with pytest.raises(AgainstPolicy) as raised:
            act()
        assert reasons(raised) == {"damaged-key"}


def test_new_keys_are_made_for_lost_ones_only(vault, address, anna, tmp_path):
    before = vault.signing_key.private_bytes_raw()
    Vault.open(tmp_path / "store", address, renew=anna).close()
    assert vault.signing_key.private_bytes_raw() == before


def drop_everything(address: str) -> None:
    """What a lost database looks like to the store: there, and without tables."""
    if address.startswith("sqlite"):
        Path(address.removeprefix("sqlite://")).unlink()
        return
    with connections[connect(address)].cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        (schema,) = cursor.fetchone()
        cursor.execute(f"DROP SCHEMA {schema} CASCADE; CREATE SCHEMA {schema}")
    connections[address].close()


def test_a_lost_database_is_not_replaced_in_silence(vault, address, anna, tmp_path):
    vault.keep([counts()], "", event=anna)
    vault.close()
    drop_everything(address)
    for _ in range(2):
        with pytest.raises(AgainstPolicy) as raised:
            Vault.open(tmp_path / "store", address)
        assert reasons(raised) == {"lost-database"}
    for key in (tmp_path / "store").glob("*.key"):
        key.unlink()
    Vault.open(tmp_path / "store", address).close()


RUINS = {
    "other content": lambda content: b"not a database" * 500,
    "cut off": lambda content: content[:9_000],
    "written over": lambda content: content[:20_000] + b"\xff" * 40_000 + content[60_000:],
}


@pytest.mark.parametrize("ruin", sorted(RUINS))
def test_a_damaged_database_is_said_to_be_damaged(tmp_path, anna, ruin):
    store = tmp_path / "store"
    with walk.opened(store) as vault:
        vault.keep([counts()], "", event=anna)
    file = store / "vault.sqlite3"
    file.write_bytes(RUINS[ruin](file.read_bytes()))

    def read() -> None:
        with walk.opened(store) as vault:
            vault.table(vault.vintages())
            vault.drafts()

    with pytest.raises(AgainstPolicy) as raised:
        read()
    assert reasons(raised) == {"damaged-store"}


def test_stores_that_are_opened_at_once_by_many_become_one(tmp_path):
    def open_store(_: int) -> bytes:
        vault = Vault.open(tmp_path / "store")
        vault.close()
        return vault.signing_key.private_bytes_raw()

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(open_store, range(6)))) == 1


def test_sqlite_waits_for_the_disk(tmp_path):
    vault = Vault.open(tmp_path / "store")
    cursor = connections[vault._alias].cursor()
    assert cursor.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert cursor.execute("PRAGMA synchronous").fetchone() == (2,)
    vault.close()


def test_a_folder_may_have_any_name(tmp_path, anna):
    vault = Vault.open(tmp_path / "förråd #1 100% ?")
    vault.keep([counts()], "", event=anna)
    vault.close()
    assert (tmp_path / "förråd #1 100% ?" / "vault.sqlite3").stat().st_size > 0


def test_an_address_of_no_known_engine_is_wrong_usage():
    with pytest.raises(BadUsage):
        connect("mysql://somewhere/else")


def test_a_backup_of_the_file_opens_as_the_same_store(tmp_path, anna):
    vault = Vault.open(tmp_path / "store")
    kept = vault.keep([counts()], "", event=anna)
    copy = Path(tmp_path / "copy.sqlite3")
    with sqlite3.connect(tmp_path / "store/vault.sqlite3") as source, sqlite3.connect(copy) as target:
        source.backup(target)
    source.close()
    target.close()
    vault.close()
    restored = Vault.open(tmp_path / "store", f"sqlite:///{copy}")
    assert restored.vintages() == kept
    restored.close()


def test_two_spellings_are_one_person():
    assert person("  Anna  Öberg ") == person("ANNA O\u0308BERG")


@pytest.mark.parametrize("unseen", ["\u200b", "\u00ad", "\u2060", "\ufeff", "\u200e", "\x7f"])
def test_what_is_not_seen_makes_no_other_person(unseen):
    assert person(f"Analys{unseen} 1{unseen}") == person("Analys 1")
    assert not policies.is_named(unseen)
