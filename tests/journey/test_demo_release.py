"""The demonstration from handed over files to a shelf: marked, protected, with a history that is real."""

import shutil

import pytest

from lagesbild.core.figures import State
from lagesbild.core.refusal import Exit
from lagesbild.inside.cli import main
from lagesbild.inside.example import RELEASES, UMEA
from lagesbild.outside.cli import main as outside
from lagesbild.release.contents import Release


@pytest.fixture(scope="module")
def releases(demo) -> tuple[Release, ...]:
    return demo.releases()


def test_both_releases_stand_on_the_shelf_and_verify(demo, releases):
    assert {release.number: release.published for release in releases} == RELEASES
    assert outside(["verify", str(demo.shelf)]) == Exit.OK


def test_nothing_is_protected_too_narrowly_and_most_cells_are_shown(releases):
    for release in releases:
        assert release.audit.unsafe_too_narrow == 0
        assert release.audit.published > release.audit.hidden > 0
    assert [release.audit.earlier_releases for release in releases] == [0, 1]


def test_no_small_number_is_shown(releases):
    for release in releases:
        for code, figures in release.figures.items():
            threshold = release.indicators[code].protection.threshold
            assert not any(
                figure.state is State.VALUE and 1 <= figure.value < threshold for _, figure in figures
            )


def test_every_file_is_marked_as_example_data(demo):
    files = [path for path in demo.shelf.rglob("*") if path.is_file() and path.parent != demo.shelf]
    unmarked = {path.name for path in files if b"exempeldata" not in path.read_bytes()}
    assert unmarked == {"manifest.sig"}


def test_the_second_release_revises_and_extends_the_first_and_takes_nothing_back(releases):
    first, second = releases
    assert {revision.indicator for revision in second.revisions} >= {"D01"}
    assert "2025" in second.figures["D01"].periods
    assert "2025" not in first.figures["D01"].periods
    assert len(second.figures["D01"].regions) > len(first.figures["D01"].regions)
    shown = [key for key, figure in first.figures["D05"] if figure.state is State.VALUE]
    assert all(second.figures["D05"][key] == first.figures["D05"][key] for key in shown)


def test_umea_has_its_story(releases):
    figures = releases[-1].figures
    reports = figures["D01"].series(UMEA)
    assert all(figure.state is State.VALUE for figure in reports.values())
    assert reports["2025"].value < reports["2018"].value / 2
    assert figures["R06"].series(UMEA)["2025"].state is State.VALUE


def test_the_demo_does_not_clear_a_folder_that_holds_other_things(tmp_path, capsys):
    (tmp_path / "viktigt.txt").write_text("behåll")
    assert main(["demo", "--to", str(tmp_path)]) == Exit.USAGE
    assert "[not-empty]" in capsys.readouterr().err
    assert (tmp_path / "viktigt.txt").exists()


def test_the_demo_can_be_made_again_in_its_own_folder(demo, tmp_path, monkeypatch):
    shutil.copytree(demo.folder, tmp_path / "demo")
    monkeypatch.setattr("lagesbild.inside.cli.demo._publish", lambda to, stations: [])
    assert main(["demo", "--to", str(tmp_path / "demo"), "--no-site"]) == Exit.OK
    assert [path.name for path in (tmp_path / "demo").iterdir()] == ["files"]
