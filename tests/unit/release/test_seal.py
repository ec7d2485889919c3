"""Seals: whatever happens to a release's bytes, a reader sees that it happened, and what it was."""

import base64
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from editions import GEOGRAPHY, PROTECTED, make_edition, make_figures
from lagesbild.core.figures import Figure, Key, State
from lagesbild.core.refusal import AgainstPolicy, BadUsage, BrokenSeal, Exit
from lagesbild.release import bundle, chain, keys, manifest, seal
from lagesbild.release.breach import RULES
from lagesbild.release.keys import KeyList, PublicKey

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
TRUSTED = KeyList((PublicKey.of(KEY),))


def publish(shelf: Path, number: str, key=KEY, **changes) -> Path:
    predecessor = bundle.head(shelf) if shelf.exists() else None
    staged = shelf.with_name(f"staged-{shelf.name}-{number}")
    expected = bundle.write(make_edition(number, predecessor, **changes), GEOGRAPHY, staged)
    bundle.publish(staged, expected, shelf, key)
    return shelf / number


@pytest.fixture
def shelf(tmp_path) -> Path:
    publish(tmp_path / "shelf", "2026-1")
    cells = {**make_figures().cells, Key("2480", "2026"): Figure(12, State.VALUE)}
    figures = make_figures(cells=cells)
    publish(tmp_path / "shelf", "2026-2", published=date(2026, 9, 1), figures={"D01": figures})
    return tmp_path / "shelf"


def reasons(raised: pytest.ExceptionInfo[BrokenSeal]) -> set[str]:
    return {finding.code for finding in raised.value.findings}


def test_a_release_reads_back_as_the_edition_that_was_written(shelf):
    release = bundle.read(shelf / "2026-1", TRUSTED)
    fields = {name: value for name, value in vars(release).items() if name != "digest"}
    assert fields == vars(make_edition())
    assert release.digest == manifest.digest((shelf / "2026-1" / "manifest.json").read_bytes())


def test_a_shelf_reads_from_the_first_release_to_the_newest(shelf):
    releases = chain.read(shelf, TRUSTED)
    assert [release.number for release in releases] == ["2026-1", "2026-2"]
    assert chain.read(shelf, TRUSTED, known_head=releases[0].digest) == releases


def test_an_empty_shelf_is_an_empty_chain(tmp_path):
    assert chain.read(tmp_path, TRUSTED) == ()


def every_file(release: Path) -> list[Path]:
    return sorted(path for path in release.rglob("*") if path.is_file())


def test_every_flipped_bit_is_seen_wherever_it_lies(shelf):
    release = shelf / "2026-1"
    for path in every_file(release):
        content = path.read_bytes()
        for place in range(0, len(content), max(1, len(content) // 40)):
            path.write_bytes(content[:place] + bytes([content[place] ^ 0x10]) + content[place + 1 :])
            with pytest.raises(BrokenSeal):
                bundle.read(release, TRUSTED)
        path.write_bytes(content)
    assert bundle.read(release, TRUSTED).number == "2026-1"


def test_every_truncation_and_every_longer_file_is_seen(shelf):
    release = shelf / "2026-1"
    for path in every_file(release):
        content = path.read_bytes()
        for end in (*range(0, len(content), max(1, len(content) // 16)), len(content) - 1):
            path.write_bytes(content[:end])
            with pytest.raises(BrokenSeal):
                bundle.read(release, TRUSTED)
        path.write_bytes(content + b"\n")
        with pytest.raises(BrokenSeal):
            bundle.read(release, TRUSTED)
        path.write_bytes(content)
    assert bundle.read(release, TRUSTED).number == "2026-1"


def remove(release: Path) -> None:
    (release / "tables/D01.csv").unlink()


def shorten(release: Path) -> None:
    (release / "tables/D01.csv").write_bytes((release / "tables/D01.csv").read_bytes()[:-9])


def change(release: Path) -> None:
    path = release / "tables/D01.csv"
    path.write_bytes(path.read_bytes().replace(b",19,", b",18,"))


def add(release: Path) -> None:
    (release / "tables/D02.csv").write_bytes(b"")


def add_empty_folder(release: Path) -> None:
    (release / "private").mkdir()


def link(release: Path) -> None:
    path = release / "tables/D01.csv"
    path.rename(release.parent / "elsewhere")
    path.symlink_to(release.parent / "elsewhere")


def link_folder(release: Path) -> None:
    (release / "more").symlink_to(release.parent)


def exchange_a_table(release: Path) -> None:
    shutil.copy(release.parent / "2026-2" / "tables/D01.parquet", release / "tables/D01.parquet")


def exchange_the_manifest(release: Path) -> None:
    shutil.copy(release.parent / "2026-2" / "manifest.json", release / "manifest.json")


def exchange_manifest_and_signature(release: Path) -> None:
    for name in ("manifest.json", "manifest.sig"):
        shutil.copy(release.parent / "2026-2" / name, release / name)


def exchange_everything(release: Path) -> None:
    shutil.rmtree(release)
    shutil.copytree(release.parent / "2026-2", release)


def sign_with_another_key(release: Path) -> None:
    (release / "manifest.sig").write_bytes(seal.sign((release / "manifest.json").read_bytes(), OTHER_KEY))


def claim_the_trusted_key(release: Path) -> None:
    forged = base64.b64encode(OTHER_KEY.sign((release / "manifest.json").read_bytes())).decode()
    (release / "manifest.sig").write_text(f"ed25519 {PublicKey.of(KEY).id} {forged}\n")


def other_algorithm(release: Path) -> None:
    signature = (release / "manifest.sig").read_text()
    (release / "manifest.sig").write_text(signature.replace("ed25519", "none"))


def unreadable_signature(release: Path) -> None:
    (release / "manifest.sig").write_text("å")


def unsign(release: Path) -> None:
    (release / "manifest.sig").unlink()


def sign_nonsense(release: Path) -> None:
    (release / "manifest.json").write_text("[]")
    (release / "manifest.sig").write_bytes(seal.sign(b"[]", KEY))


def sign_another_format(release: Path) -> None:
    content = (release / "manifest.json").read_bytes().replace(b"lagesbild-release/1", b"lagesbild-release/9")
    (release / "manifest.json").write_bytes(content)
    (release / "manifest.sig").write_bytes(seal.sign(content, KEY))


@pytest.mark.parametrize(
    ("attack", "reason"),
    [
        (remove, "missing-file"),
        (shorten, "truncated"),
        (change, "changed-file"),
        (add, "extra-file"),
        (add_empty_folder, "extra-file"),
        (link, "missing-file"),
        (link_folder, "extra-file"),
        (exchange_a_table, "changed-file"),
        (exchange_the_manifest, "changed-manifest"),
        (exchange_manifest_and_signature, "truncated"),
        (exchange_everything, "other-number"),
        (sign_with_another_key, "unknown-key"),
        (claim_the_trusted_key, "changed-manifest"),
        (other_algorithm, "signature"),
        (unreadable_signature, "signature"),
        (unsign, "missing-file"),
        (sign_nonsense, "format"),
        (sign_another_format, "format"),
    ],
)
def test_each_substitution_is_refused_with_its_reason(shelf, attack, reason):
    attack(shelf / "2026-1")
    with pytest.raises(BrokenSeal) as raised:
        chain.read(shelf, TRUSTED)
    assert reason in reasons(raised)
    assert raised.value.exit_code == Exit.SEAL


def test_a_key_does_not_count_after_its_last_day(shelf):
    until = KeyList((replace(TRUSTED.keys[0], until=date(2026, 3, 1)),))
    assert bundle.read(shelf / "2026-1", until).number == "2026-1"
    with pytest.raises(BrokenSeal) as raised:
        bundle.read(shelf / "2026-2", until)
    assert reasons(raised) == {"expired-key"}


def test_a_reader_that_has_seen_a_newer_release_refuses_the_older_one(shelf):
    newest = chain.read(shelf, TRUSTED)[-1].digest
    assert bundle.read(shelf / "2026-2", TRUSTED, known_head=newest).digest == newest
    with pytest.raises(BrokenSeal) as raised:
        bundle.read(shelf / "2026-1", TRUSTED, known_head=newest)
    assert reasons(raised) == {"rolled-back"}
    shutil.rmtree(shelf / "2026-2")
    with pytest.raises(BrokenSeal) as raised:
        chain.read(shelf, TRUSTED, known_head=newest)
    assert reasons(raised) == {"rolled-back"}


def test_a_release_taken_out_of_the_middle_or_the_start_breaks_the_chain(shelf):
    publish(shelf, "2026-3")
    for gone in ("2026-1", "2026-2"):
        broken = shelf.with_name(f"without-{gone}")
        shutil.copytree(shelf, broken)
        shutil.rmtree(broken / gone)
        with pytest.raises(BrokenSeal) as raised:
            chain.read(broken, TRUSTED)
        assert reasons(raised) == {"broken-chain"}


def test_a_release_from_another_shelf_breaks_the_chain(shelf, tmp_path):
    publish(tmp_path / "other", "2026-1", published=date(2020, 1, 1))
    publish(tmp_path / "other", "2026-2")
    publish(tmp_path / "other", "2026-3")
    shutil.copytree(tmp_path / "other" / "2026-3", shelf / "2026-3")
    with pytest.raises(BrokenSeal) as raised:
        chain.read(shelf, TRUSTED)
    assert reasons(raised) == {"broken-chain"}
    with pytest.raises(BrokenSeal):
        bundle.head(shelf)


def test_publishing_again_what_is_on_the_shelf_changes_nothing(shelf, tmp_path):
    staged = tmp_path / "staged-shelf-2026-2"
    digest = bundle.read(shelf / "2026-2", TRUSTED).digest
    assert bundle.publish(staged, digest, shelf, KEY).digest == digest
    assert [release.number for release in chain.read(shelf, TRUSTED)] == ["2026-1", "2026-2"]


def test_a_byte_changed_after_approval_is_not_published(shelf, tmp_path):
    staged = tmp_path / "staged"
    expected = bundle.write(make_edition("2026-3", bundle.head(shelf)), GEOGRAPHY, staged)
    (staged / "tables/D01.csv").write_bytes(b"")
    with pytest.raises(AgainstPolicy):
        bundle.publish(staged, expected, shelf, KEY)
    (staged / "manifest.json").write_bytes(b"{}")
    with pytest.raises(AgainstPolicy):
        bundle.publish(staged, expected, shelf, KEY)
    assert [path.name for path in bundle.sealed_directories(shelf)] == ["2026-1", "2026-2"]


@pytest.mark.parametrize("number", ["2026-1", "2026-3"])
def test_a_draft_against_an_older_shelf_is_not_published(shelf, tmp_path, number):
    staged = tmp_path / "staged"
    figures = {"D01": make_figures(cells={})}
    expected = bundle.write(make_edition(number, None, figures=figures), GEOGRAPHY, staged)
    with pytest.raises(AgainstPolicy):
        bundle.publish(staged, expected, shelf, KEY)


def test_the_shelf_lists_every_key_that_sealed_something_on_it(shelf):
    publish(shelf, "2026-3", key=OTHER_KEY)
    listed = keys.read(shelf / keys.NAME)
    assert [key.id for key in listed.keys] == [PublicKey.of(KEY).id, PublicKey.of(OTHER_KEY).id]
    assert len(chain.read(shelf, listed)) == 3


def test_a_key_list_with_a_last_day_reads_back(tmp_path):
    listed = KeyList((PublicKey(bytes(32), date(2027, 1, 1)),))
    (tmp_path / "keys.toml").write_bytes(keys.write(listed))
    assert keys.read(tmp_path / "keys.toml") == listed


@pytest.mark.parametrize("content", ["", "[[key]]\n", "[[key]]\npublic='!'\n", "key=1\n"])
def test_an_unreadable_key_list_is_wrong_usage(tmp_path, content):
    (tmp_path / "keys.toml").write_text(content)
    with pytest.raises(BadUsage):
        keys.read(tmp_path / "keys.toml")


def test_a_signed_release_whose_table_is_no_table_is_refused_and_not_a_crash(tmp_path):
    staged = tmp_path / "staged"
    bundle.write(make_edition(), GEOGRAPHY, staged)
    files = {p.relative_to(staged).as_posix(): p.read_bytes() for p in every_file(staged)}
    del files["manifest.json"]
    files["tables/D01.parquet"] = b"PAR1"
    content = manifest.write(make_edition(), files)
    (staged / "tables/D01.parquet").write_bytes(b"PAR1")
    (staged / "manifest.json").write_bytes(content)
    (staged / "manifest.sig").write_bytes(seal.sign(content, KEY))
    with pytest.raises(BrokenSeal) as raised:
        bundle.read(staged, TRUSTED)
    assert reasons(raised) == {"format"}


def test_every_reason_is_said_in_both_languages():
    for rule, remedy in RULES.values():
        assert all((rule.sv, rule.en, remedy.sv, remedy.en))


def test_protected_cells_leave_no_trace_of_what_they_hide(shelf):
    """The edition holds no hidden value, so its bytes cannot; here the marks are all there is."""
    release = bundle.read(shelf / "2026-1", TRUSTED)
    assert sum(figure == PROTECTED for _, figure in release.figures["D01"]) == 2
