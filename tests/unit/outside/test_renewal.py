"""A site built on what the last build left is byte for byte the one built from nothing, whatever changed."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from example_release import make_release
from lagesbild.core.figures import Figure, Figures, State
from lagesbild.core.refusal import Refusal
from lagesbild.outside import site
from lagesbild.outside.building.inputs import FACTS, Answers, Watching, fingerprint
from lagesbild.outside.building.renewal import renewed
from lagesbild.outside.material import Material
from lagesbild.outside.site import build
from lagesbild.reference import load
from lagesbild.release.contents import Release

FIRST = make_release()
ONLY = frozenset({"24", "2480", "2460", "D01"})
RELEASES = frozenset({"2026-1", "2026-2"})
CHANGED = [(code, key) for code in ("D01", "E03", "R03", "R11") for key, _ in FIRST.figures[code]
           if key.region in ("2480", "2460", "0180", "24", "00", "1480")]  # fmt: skip
DRAWN = Material((FIRST,), load())


def material(*releases: Release, sealed: dict[str, dict[str, bytes]] | None = None) -> Material:
    """Material that shares what takes a second to work out: drawn maps, and effects."""
    made = Material(releases, load(), sealed or {})
    made.__dict__.update(
        {
            name: getattr(DRAWN, name)
            for name in ("sheets", "tiles", "alike", "by_likeness", "expected", "effects")
        }
    )
    return made


def second(changes: list[tuple[tuple[str, object], int | None]]) -> Release:
    """The release after the first, with other figures in some cells."""
    figures = dict(FIRST.figures)
    for (code, key), value in changes:
        figure = Figure(value, State.VALUE) if value is not None else Figure(None, State.PROTECTED)
        table = figures[code]
        figures[code] = Figures(code, table.origin, {**table.cells, key: figure}, table.coverage)
    return replace(
        FIRST,
        number="2026-2",
        published=date(2026, 12, 1),
        figures=figures,
        predecessor=FIRST.digest,
        digest="ab" * 32,
    )


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


@pytest.fixture(scope="module")
def first(tmp_path_factory) -> Path:
    to = tmp_path_factory.mktemp("first") / "site"
    build(material(FIRST), to, only=ONLY)
    return to


def copied(site: Path, to: Path) -> Path:
    """The site and the record beside it, as a build would find them."""
    for path in site.parent.iterdir():
        subprocess.run(["/bin/cp", "-a", str(path), str(to)], check=True)
    return to / site.name


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(CHANGED), st.none() | st.integers(1, 3)), max_size=3))
def test_a_new_release_on_top_gives_what_building_from_nothing_gives(first, tmp_path_factory, changes):
    folder = tmp_path_factory.mktemp("on")
    on_top, scratch = copied(first, folder), folder / "scratch"
    both = material(FIRST, second(changes))
    build(both, on_top, only=ONLY)
    build(both, scratch, only=ONLY)
    assert contents(on_top) == contents(scratch)


def test_only_what_a_release_changes_is_printed_again(first, tmp_path, monkeypatch):
    printed = []
    run = site._run
    monkeypatch.setattr(site, "_run", lambda jobs: printed.extend(jobs) or run(jobs))
    here = copied(first, tmp_path)
    (here / "stray.html").write_text("3")
    build(material(FIRST), here, only=ONLY)
    assert [job for job in printed if job[1] != "frozen"] == []
    build(material(FIRST, second([])), here, only=ONLY)
    again = {about for _, kind, about in printed if kind == "place"}
    assert "2480" in again
    assert "2460" not in again
    assert b"2026-2" in (here / "sv/kommun/2460-vannas/index.html").read_bytes()


def test_a_site_that_stands_is_not_built_again(first, tmp_path, monkeypatch):
    here = copied(first, tmp_path)
    inode = here.stat().st_ino
    monkeypatch.setattr(Material, "prepare", lambda material: pytest.fail("nothing was to be done"))
    built = build(material(FIRST), here, only=ONLY)
    assert (built.made, built.files, here.stat().st_ino) == (0, len(contents(here)), inode)


@pytest.mark.parametrize("harm", ["changed", "lost", "added"])
def test_a_site_that_does_not_stand_as_it_was_built_is_built_again(first, tmp_path, harm):
    here = copied(first, tmp_path)
    before = contents(here)
    {
        "changed": lambda: (here / "static/style.css").write_text("*{}"),
        "lost": lambda: (here / "sv/places.json").unlink(),
        "added": lambda: (here / "mer.html").write_text("3"),
    }[harm]()
    build(material(FIRST), here, only=ONLY)
    assert contents(here) == before


def test_a_record_that_is_lost_or_of_another_program_costs_time_and_nothing_else(
    first, tmp_path, monkeypatch
):
    here = copied(first, tmp_path)
    before = contents(here)
    monkeypatch.setattr(site, "program", lambda: "another")
    build(material(FIRST), here, only=ONLY)
    assert contents(here) == before
    (tmp_path / ".site.record.json").unlink()
    build(material(FIRST), here, only=ONLY)
    assert contents(here) == before


def test_a_page_that_was_changed_by_hand_is_mended_and_a_stray_file_goes(first, tmp_path):
    here = copied(first, tmp_path)
    before = contents(here)
    (here / "sv/kommun/2480-umea/index.html").write_text("<p>annat</p>")
    (here / "sv/glömd.html").write_text("<p>kvar</p>")
    build(material(FIRST), here, only=ONLY)
    assert contents(here) == before


def test_what_is_frozen_stays_byte_for_byte_whatever_comes_after(first, tmp_path, monkeypatch):
    sealed = {"2026-1": {"manifest.json": b"{}", "manifest.sig": b"sig"}}
    monkeypatch.setattr(site.frozen, "has", lambda release, place: place == "2480")
    here = tmp_path / "site"
    build(material(FIRST, sealed=sealed), here, only=RELEASES)
    frozen = {name: content for name, content in contents(here).items() if name.startswith("r/2026-1/")}
    assert {"r/2026-1/data/manifest.json", "r/2026-1/sv/kommun/2480-umea/index.html"} <= frozen.keys()
    monkeypatch.setattr(site, "program", lambda: "newer")
    monkeypatch.setattr(site.frozen, "_said", lambda *_: "other words")
    both = sealed | {"2026-2": {"manifest.json": b"{2}", "manifest.sig": b"sig"}}
    build(material(FIRST, second([]), sealed=both), here, only=RELEASES)
    after = contents(here)
    assert {name: after[name] for name in frozen} == frozen
    assert "r/2026-2/sv/kommun/2480-umea/index.html" in after
    build(material(second([]), sealed={"2026-2": both["2026-2"]}), here, only=RELEASES)
    assert {name: contents(here)[name] for name in frozen} == frozen


def test_another_release_under_a_frozen_number_is_refused_and_nothing_is_touched(tmp_path):
    here = tmp_path / "site"
    few = {"2460"}
    build(material(FIRST, sealed={"2026-1": {"manifest.json": b"{}", "manifest.sig": b"s"}}), here, only=few)
    before = contents(here)
    with pytest.raises(Refusal) as refused:
        build(material(FIRST, sealed={"2026-1": {"manifest.json": b"{?}", "manifest.sig": b"s"}}), here)
    assert [finding.code for finding in refused.value.findings] == ["other-release"]
    assert contents(here) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == [".site.record.json", "site"]


def test_the_old_site_stands_until_the_new_one_is_whole(tmp_path):
    place = tmp_path / "site"
    place.mkdir()
    (place / "page").write_text("old")
    with pytest.raises(KeyboardInterrupt):
        interrupted(place)
    assert contents(place) == {"page": b"old"}
    with renewed(place) as new:
        (new / "page").write_text("new")
    assert contents(place) == {"page": b"new"}
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def interrupted(place: Path) -> None:
    with renewed(place) as new:
        (new / "page").write_text("half")
        assert (place / "page").read_text() == "old"
        raise KeyboardInterrupt


def test_a_reader_never_meets_a_missing_or_half_built_site(tmp_path):
    """A site of two files that must agree, renewed all the while by a builder that is killed repeatedly."""
    place = tmp_path / "site"
    code = (
        "import sys; from pathlib import Path; from lagesbild.outside.building.renewal import renewed\n"
        "for i in range(10**9):\n"
        "    with renewed(Path(sys.argv[1])) as new:\n"
        "        for name in 'ab': (new / name).write_text(str(i))\n"
    )
    met = 0
    for _ in range(3):
        builder = subprocess.Popen([sys.executable, "-c", code, str(place)])
        while not place.exists() or met % 200 < 199:
            met += place.exists() and whole(place)
        met += 1
        builder.send_signal(signal.SIGKILL)
        builder.wait()
        assert whole(place)
    with renewed(place) as new:
        (new / "a").write_text("last")
    assert contents(place) == {"a": b"last"}
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def whole(place: Path) -> bool:
    """Whether both files, opened in one and the same folder, are of one build."""
    folder = os.open(place, os.O_RDONLY)
    try:
        said = []
        for name in "ab":
            with open(os.open(name, os.O_RDONLY, dir_fd=folder)) as file:
                said.append(file.read())
    except FileNotFoundError:
        return True  # the folder was taken down after we opened it: a reader asks again and meets the new one
    finally:
        os.close(folder)
    assert said[0] == said[1]
    return True


def test_every_question_is_noted_and_answered_by_its_digest():
    asked = set()
    watching = Watching(material(FIRST), asked.add)
    assert watching.readings.of("D01", "2480")
    assert watching.release.number == "2026-1"
    assert watching.known["2480"] is State.VALUE
    assert watching.origin == "example"
    assert asked == {("readings", "D01", "2480"), ("release", "number"), ("known", "2480"), ("has_examples",)}
    asked.clear()
    assert list(watching.known)
    assert asked == {("known",)}
    here, there = Answers(material(FIRST)), Answers(material(FIRST, second([(("D01", CHANGED[0][1]), 2)])))
    place = CHANGED[0][1].region
    assert here["readings", "D01", place] != there["readings", "D01", place]
    assert here["readings", "E03", place] == there["readings", "E03", place]


@pytest.mark.parametrize("name", [name for name in FACTS if name != "sealed"])
def test_what_is_called_a_fact_needs_no_release(name):
    assert getattr(Material((), load()), name)


def test_what_nobody_knows_how_to_write_down_is_not_guessed():
    with pytest.raises(TypeError):
        fingerprint(object())
    assert fingerprint({"a": 1, "b": 2}) == fingerprint({"b": 2, "a": 1})
    assert fingerprint(("ab", "c")) != fingerprint(("a", "bc"))
    assert fingerprint(1) != fingerprint(1.0) != fingerprint("1.0")
