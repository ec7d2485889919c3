"""Builds the whole public site from the material: every page in both languages, on all processors.

The same material gives the same bytes, in whatever order the workers finish and whatever was built before.
"""

import hashlib
import multiprocessing
import os
from collections.abc import Callable, Collection, Container, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

from lagesbild.core.language import LANGUAGES, Language
from lagesbild.core.region import Level
from lagesbild.outside.addresses import slug
from lagesbild.outside.building.inputs import Answers, Question, Watching, program
from lagesbild.outside.building.renewal import Record, digest_of, files_below, renewed
from lagesbild.outside.derivations import check_derivations
from lagesbild.outside.material import Material
from lagesbild.outside.pages import (
    compare,
    data,
    first,
    frozen,
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
from lagesbild.release.seal import MANIFEST

STATIC = Path(__file__).parent / "static"


@dataclass(frozen=True)
class Built:
    """What a site holds: number of files, of pages, and bytes; and how many of the files were made anew."""

    files: int
    pages: int
    size: int
    made: int


Printing = Callable[[Press, str], Iterable[tuple[str, bytes]]]
Job = tuple[Language, str, str]
"""Language, kind of page, and the place, indicator or release that it is about."""


@dataclass(frozen=True)
class Workshop:
    """What the worker processes inherit when they fork. `asked`: the questions of the job at hand."""

    material: Material
    base: str
    to: Path
    asked: set[Question]


@dataclass(frozen=True)
class Done:
    """What a job wrote, with the digest of each file, and all that it asked the material for."""

    job: Job
    files: dict[str, str]
    asked: frozenset[Question]


_workshop: Workshop | None = None


def build(
    material: Material,
    to: Path,
    base: str = "/",
    say: Callable[[int, int], None] | None = None,
    only: Collection[str] | None = None,
) -> Built:
    """Make the site at `to`, which shows its old pages until all the new ones are there.

    A site made from the same seals by the same program is left as it stands. Else what the last build made
    from the same answers is taken over; all else there goes away, but for frozen addresses. `only` leaves
    out the pages of all other places and indicators, for looking at a few.

    Raises Unsafe where a derived figure has no inverter, Refusal where a frozen address has other content.
    """
    check_derivations()
    made_with, seals = f"{program()} {base}", _seals(material, only)
    if Record.of(to, made_with).stands(to, seals):
        return _counted(to, made=0)
    material.prepare()
    with renewed(to) as new:
        there = frozen.take_over(material.sealed, to, new)
        jobs = [job for job in _jobs(material, there) if only is None or not job[2] or job[2] in only]
        record = Record.of(to, made_with)
        answers = Answers(material)
        _lay_out(Workshop(material, base, new, set()))
        tails = {language: _press(language).tail for language in LANGUAGES}
        held = {job for job in jobs if record.holds(_name(job), answers, to)}
        done = [_take_over(record, job, tails[job[0]], to, new) for job in jobs if job in held]
        for each in _run([job for job in jobs if job not in held]):
            done.append(each)
            if say:
                say(len(done), len(jobs))
        digests = _write(new, _static()) | {
            name: digest for each in done for name, digest in each.files.items()
        }
        for number in (each.number for each in material.releases if slug(each.number) not in there):
            digests |= _write(new, frozen.data(material.sealed, number))
        Record(
            seals=seals,
            tails={str(language): tail for language, tail in tails.items()},
            answers={question: answers[question] for each in done for question in each.asked},
            asked={_name(each.job): sorted(each.asked) for each in done},
            files={_name(each.job): sorted(each.files) for each in done},
            digests={name: digests.get(name) or str(digest_of(new / name)) for name in files_below(new)},
        ).write(to, made_with)
        return _counted(new, made=sum(len(each.files) for each in done if each.job not in held))


def _seals(material: Material, only: Collection[str] | None) -> list[str]:
    """What tells a site from others of the same program: its releases in order, and what is left out."""
    manifests = [hashlib.sha256(files[MANIFEST]).hexdigest() for files in material.sealed.values()]
    return [
        *(each.digest for each in material.releases),
        *manifests,
        "all" if only is None else repr(sorted(only)),
    ]


def _counted(site: Path, made: int) -> Built:
    files = list(files_below(site))
    size = sum((site / name).stat().st_size for name in files)
    return Built(len(files), sum(name.endswith(".html") for name in files), size, made)


def _jobs(material: Material, there: Container[str]) -> Iterator[Job]:
    """Everything to be printed. `there`: the releases whose frozen pages are there already."""
    places = [region.code for level in Level for region in material.reference.geography.at(level)]
    for language in LANGUAGES:
        yield from ((language, kind, "") for kind in SINGLE)
        yield from ((language, "release", release.number) for release in material.releases)
        yield from (
            (language, "frozen", each.number) for each in material.releases if slug(each.number) not in there
        )
        yield from ((language, "indicator", code) for code in material.indicators)
        yield from ((language, "place", code) for code in places)


def _name(job: Job) -> str:
    return " ".join(job)


def _lay_out(workshop: Workshop) -> None:
    global _workshop
    _workshop = workshop
    _press.cache_clear()


def _take_over(record: Record, job: Job, tail: str, old: Path, new: Path) -> Done:
    """The files of a job as they are, but for the tail of a page, which tells the newest release."""
    before = record.tails[job[0]]
    files: dict[str, str] = {}
    for name in record.files[_name(job)]:
        content = (old / name).read_bytes()
        if tail != before and name.endswith(".html") and content.endswith(before.encode()):
            files |= _write(new, [(name, content.removesuffix(before.encode()) + tail.encode())])
        else:
            (new / name).parent.mkdir(parents=True, exist_ok=True)
            os.link(old / name, new / name)
            files[name] = record.digests[name]
    return Done(job, files, frozenset(record.asked[_name(job)]))


def _run(jobs: list[Job]) -> Iterator[Done]:
    workers = min(len(os.sched_getaffinity(0)), len(jobs))
    if workers < 2:
        yield from map(_do, jobs)
        return
    with multiprocessing.get_context("fork").Pool(workers) as pool:
        yield from pool.imap_unordered(_do, jobs, chunksize=8)


def _do(job: Job) -> Done:
    language, kind, about = job
    press, workshop = _press(language), _bench()
    workshop.asked.clear()
    files = _write(workshop.to, PAGES[kind](press, about))
    return Done(job, files, frozenset(workshop.asked))


@cache
def _press(language: Language) -> Press:
    """One press a language, with its templates read and its tail set before any job asks for anything."""
    workshop = _bench()
    watching = cast(Material, Watching(workshop.material, workshop.asked.add))
    press = Press(watching, language, workshop.base)
    press.warm()
    return press


def _bench() -> Workshop:
    if _workshop is None:
        raise RuntimeError("the material is not laid out")
    return _workshop


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
    "frozen": frozen.files,
    "indicator": indicator.files,
    "place": place.files,
}


def _static() -> Iterator[tuple[str, bytes]]:
    for path in sorted(STATIC.iterdir()):
        yield f"static/{path.name}", path.read_bytes()


def _write(to: Path, files: Iterable[tuple[str, bytes]]) -> dict[str, str]:
    digests = {}
    for name, content in files:
        target = to / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        digests[name] = hashlib.sha256(content).hexdigest()
    return digests
