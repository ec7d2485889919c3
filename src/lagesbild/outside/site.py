"""Builds the whole public site from the material: every page in both languages, on all processors.

The same material gives the same bytes, in whatever order the workers finish.
"""

import multiprocessing
import os
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lagesbild.core.language import Language
from lagesbild.core.region import Level
from lagesbild.outside.derivations import check_derivations
from lagesbild.outside.material import Material
from lagesbild.outside.pages import (
    compare,
    data,
    first,
    indicator,
    lists,
    measures,
    place,
    prose,
    published,
    releases,
    start,
)
from lagesbild.outside.press import Press

LANGUAGES: tuple[Language, ...] = ("sv", "en")
STATIC = Path(__file__).parent / "static"

_workshop: tuple[Material, str] | None = None
"""What the worker processes inherit when they fork."""


@dataclass(frozen=True)
class Built:
    """What a build wrote: number of files, of pages, and bytes."""

    files: int
    pages: int
    size: int


Printing = Callable[[Press, str], Iterable[tuple[str, bytes]]]
Job = tuple[Language, str, str]
"""Language, kind of page, and the place, indicator or release that it is about."""


def build(
    material: Material,
    to: Path,
    base: str = "/",
    say: Callable[[int, int], None] | None = None,
    only: Container[str] | None = None,
) -> Built:
    """Write every page below `to`; a file that is already right is left alone, a stray one removed.

    `only` leaves out the pages of all other places and indicators, for looking at a few.

    Raises Unsafe, before anything is written, where a derived figure has no inverter.
    """
    check_derivations()
    global _workshop
    _workshop = material.prepare(), base
    jobs = [job for job in _jobs(material) if only is None or not job[2] or job[2] in only]
    written: dict[str, int] = {}
    for done, sizes in enumerate(_run(jobs, to), start=1):
        written |= sizes
        if say:
            say(done, len(jobs))
    written |= _write(to, _static())
    _remove_strays(to, written)
    pages = sum(path.endswith(".html") for path in written)
    return Built(len(written), pages, sum(written.values()))


def _jobs(material: Material) -> Iterator[Job]:
    places = [region.code for level in Level for region in material.reference.geography.at(level)]
    for language in LANGUAGES:
        yield from ((language, kind, "") for kind in SINGLE)
        yield from ((language, "release", release.number) for release in material.releases)
        yield from ((language, "indicator", code) for code in material.indicators)
        yield from ((language, "place", code) for code in places)


def _run(jobs: list[Job], to: Path) -> Iterator[dict[str, int]]:
    workers = min(len(os.sched_getaffinity(0)), len(jobs))
    tasks = [(to, job) for job in jobs]
    if workers < 2:
        yield from map(_do, tasks)
        return
    with multiprocessing.get_context("fork").Pool(workers) as pool:
        yield from pool.imap_unordered(_do, tasks, chunksize=8)


def _do(task: tuple[Path, Job]) -> dict[str, int]:
    to, (language, kind, about) = task
    return _write(to, PAGES[kind](_press(language), about))


@cache
def _press(language: Language) -> Press:
    if _workshop is None:
        raise RuntimeError("the material is not laid out")
    material, base = _workshop
    return Press(material, language, base)


SINGLE: dict[str, Printing] = {
    "start": start.files,
    "places": lists.places,
    "indicators": lists.indicators,
    "measures": measures.files,
    "published": published.files,
    "releases": releases.overview,
    "prose": prose.files,
    "data": data.files,
    "first": first.files,
    "compare": compare.files,
}
PAGES: dict[str, Printing] = {
    **SINGLE,
    "release": releases.one,
    "indicator": indicator.files,
    "place": place.files,
}


def _static() -> Iterator[tuple[str, bytes]]:
    for path in sorted(STATIC.iterdir()):
        yield f"static/{path.name}", path.read_bytes()


def _write(to: Path, files: Iterable[tuple[str, bytes]]) -> dict[str, int]:
    sizes = {}
    for name, content in files:
        target = to / name
        if not (
            target.is_file() and target.stat().st_size == len(content) and target.read_bytes() == content
        ):
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        sizes[name] = len(content)
    return sizes


def _remove_strays(to: Path, written: dict[str, int]) -> None:
    """What an earlier build left and this one does not know goes away, empty folders too."""
    for path in sorted(to.rglob("*"), reverse=True):
        if path.is_dir():
            if not any(path.iterdir()):
                path.rmdir()
        elif path.relative_to(to).as_posix() not in written:
            path.unlink()
