"""`lagesbild import` and `lagesbild release`, as a person types them."""

from dataclasses import replace

import pytest

from lagesbild import reference
from lagesbild.core.refusal import Exit
from lagesbild.inside.cli import main

TIDY = (
    "indicator,region,period,count\nD01,2480,2024,25\nD01,2481,2024,2\nD01,0180,2024,190\nD01,2401,2024,30\n"
)


@pytest.fixture
def street(tmp_path, monkeypatch):
    monkeypatch.setenv("LAGESBILD_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("LAGESBILD_LANG", "en")
    monkeypatch.delenv("LAGESBILD_DATABASE", raising=False)
    (tmp_path / "a.csv").write_text(TIDY)
    return tmp_path


def run(*arguments: object) -> int:
    return main([str(each) for each in arguments])


def take_in(street, *options) -> int:
    return run("import", street / "a.csv", "--who", "Anna", "--source", "Brå SOL", *options)


def test_the_whole_street(street, capsys):
    assert take_in(street) == Exit.OK
    assert run("release", "draft", "--number", "2026-1", "--who", "Anna", "--date", "2026-03-01") == Exit.OK
    assert run("release", "audit") == Exit.OK
    assert run("release", "approve", "--who", "Anna") == Exit.POLICY
    assert run("release", "publish", "--to", street / "shelf") == Exit.POLICY
    assert run("release", "approve", "--who", "Bo") == Exit.OK
    assert run("release", "publish", "--who", "Bo", "--to", street / "shelf") == Exit.OK
    assert run("release", "show", "--number", "2026-1") == Exit.OK
    assert run("release", "list") == Exit.OK
    said = capsys.readouterr()
    assert "too narrow" in said.out
    assert "[own-import]" in said.err
    assert "[not-approved]" in said.err
    assert "Reported purchases" in said.out
    assert (street / "shelf/2026-1/manifest.sig").exists()


def test_importing_twice_says_that_it_is_there_already(street, capsys):
    take_in(street)
    assert take_in(street) == Exit.OK
    assert "New tables: 0, there already: 1." in capsys.readouterr().out


def test_examples_and_reported_figures_do_not_mix(street):
    take_in(street, "--example")
    assert take_in(street) == Exit.POLICY


def test_a_refused_file_leaves_nothing_behind(street, capsys):
    (street / "a.csv").write_text(TIDY + "D01,2482,2024,anna@example.se\n")
    assert take_in(street) == Exit.REFUSED
    assert "anna" not in "".join(capsys.readouterr())
    assert run("release", "draft", "--number", "2026-1", "--who", "Anna") == Exit.USAGE


@pytest.mark.parametrize("number", ["2026", "26-1", "2026-0", "../x", "20２６-1"])
def test_a_release_number_is_year_and_sequence(street, number, capsys):
    assert run("release", "draft", "--number", number, "--who", "Anna") == Exit.USAGE
    assert "[release-number]" in capsys.readouterr().err


def test_nobody_imports_without_saying_who_and_from_where(street):
    for arguments in (["--who", "Anna"], ["--source", "Brå SOL"]):
        with pytest.raises(SystemExit) as stopped:
            run("import", street / "a.csv", *arguments)
        assert stopped.value.code == Exit.USAGE


def test_an_unknown_database_is_wrong_usage(street, monkeypatch):
    monkeypatch.setenv("LAGESBILD_DATABASE", "mysql://x/y")
    assert take_in(street) == Exit.USAGE


def publish(street, number: str, shelf: str) -> int:
    assert run("release", "draft", "--number", number, "--who", "Anna", "--date", "2026-03-01") == Exit.OK
    assert run("release", "approve", "--who", "Bo") == Exit.OK
    return run("release", "publish", "--who", "Bo", "--to", street / shelf)


def test_what_is_approved_is_what_was_seen(street, capsys):
    take_in(street)
    draft = ("release", "draft", "--number", "2026-1", "--who", "Anna")
    run(*draft)
    run("release", "show")
    seen = capsys.readouterr().out.splitlines()[-2].split()[-1]
    assert len(seen) == 64
    run(*draft, "--title-en", "Another")
    assert run("release", "approve", "--who", "Bo", "--digest", seen) == Exit.POLICY
    assert "[other-digest]" in capsys.readouterr().err
    assert run("release", "approve", "--who", "Bo", "--digest", seen[:7]) == Exit.USAGE
    assert "[short-digest]" in capsys.readouterr().err
    run("release", "show")
    now = capsys.readouterr().out.splitlines()[0].split()[-1]
    assert run("release", "approve", "--who", "Bo", "--digest", now[:8].upper()) == Exit.OK


def test_an_empty_shelf_takes_no_release_that_follows_another(street, capsys):
    take_in(street)
    assert publish(street, "2026-1", "shelf") == Exit.OK
    assert publish(street, "2026-2", "elsewhere") == Exit.POLICY
    assert "[other-shelf]" in capsys.readouterr().err


def test_a_lost_key_stops_the_store_until_someone_asks_for_a_new_one(street, capsys):
    take_in(street)
    (street / "store/signing.key").unlink()
    assert run("release", "list") == Exit.POLICY
    assert "[lost-key] file signing.key" in capsys.readouterr().err
    assert run("release", "new-key", "--who", "Bo") == Exit.OK
    assert run("release", "list") == Exit.OK


def test_what_earlier_releases_told_by_a_lower_rule_is_said_to_those_inside_alone(
    street, capsys, monkeypatch
):
    (street / "a.csv").write_text("indicator,region,period,count\nD01,2480,2024,25\nD01,2481,2024,12\n")
    take_in(street)
    assert publish(street, "2026-1", "shelf") == Exit.OK
    assert "today's rule" not in capsys.readouterr().out
    here = reference.load()
    old = here.indicators["D01"]
    stricter = replace(old, protection=replace(old.protection, threshold=15, width=15))
    raised = replace(here, indicators={**here.indicators, "D01": stricter})
    monkeypatch.setattr("lagesbild.inside.cli.release.load", lambda: raised)
    assert publish(street, "2026-2", "shelf") == Exit.OK
    assert "Earlier releases have told more of 2 cells already than today's rule allows" in (
        capsys.readouterr().out
    )
    assert run("release", "audit") == Exit.OK
    said = capsys.readouterr().out
    assert "all that can be protected is proven protected" in said
    assert "D01 2" in said
    for path in (street / "shelf/2026-2").rglob("*"):
        assert not path.is_file() or b"told" not in path.read_bytes()
