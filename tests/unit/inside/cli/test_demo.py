"""What a demo may take away of a site that is there already."""

import json
from pathlib import Path

import pytest

from lagesbild.core.refusal import BadUsage
from lagesbild.inside.cli.demo import make_room, only_examples
from lagesbild.release.origin import mark


def frozen(site: Path, number: str, origin: str, title: str = "") -> Path:
    """A site's frozen release of one table."""
    folder = site / "r" / number
    (folder / "data").mkdir(parents=True)
    manifest = {"origin": {"D01": mark(origin)}, "title": title}
    (folder / "data" / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def on_shelf(shelf: Path, folder: Path) -> None:
    """The same release on a shelf."""
    (shelf / folder.name).mkdir(parents=True)
    (shelf / folder.name / "manifest.json").write_bytes((folder / "data" / "manifest.json").read_bytes())


def test_a_site_with_real_figures_is_refused_before_anything_is_done(tmp_path):
    frozen(tmp_path, "2026-1", "example")
    only_examples(tmp_path)
    frozen(tmp_path, "2026-2", "reported")
    with pytest.raises(BadUsage):
        only_examples(tmp_path)


def test_what_does_not_say_that_it_is_invented_is_not_touched(tmp_path):
    (frozen(tmp_path, "2026-1", "example") / "data" / "manifest.json").write_text("[]", encoding="utf-8")
    with pytest.raises(BadUsage):
        only_examples(tmp_path)


def test_a_site_that_is_not_there_yet_holds_nothing_real(tmp_path):
    only_examples(tmp_path / "none")


def test_only_what_another_version_froze_under_the_same_number_goes(tmp_path):
    site, shelf = tmp_path / "site", tmp_path / "shelf"
    same, other = frozen(site, "2026-1", "example"), frozen(site, "2026-2", "example", "old")
    kept = frozen(site, "2025-1", "example")
    on_shelf(shelf, same)
    on_shelf(shelf, frozen(tmp_path / "new", "2026-2", "example", "new"))
    make_room(site, shelf)
    assert same.exists()
    assert kept.exists()
    assert not other.exists()
