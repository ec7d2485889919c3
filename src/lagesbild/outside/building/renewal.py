"""Builds a folder beside the old one and puts it in its place in one step, taking over what is still right.

Whoever reads the folder sees the old one whole until the new one is whole. A build that is interrupted, even
by kill -9, leaves the old one; the next build sweeps up after it.
"""

import ctypes
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lagesbild.outside.building.inputs import Question

_EXCHANGE = 2
_HERE = -100
"""RENAME_EXCHANGE and AT_FDCWD of Linux's renameat2."""


@contextmanager
def renewed(place: Path) -> Iterator[Path]:
    """An empty folder that takes the place of `place` when all went well. One builder at a time."""
    place.parent.mkdir(parents=True, exist_ok=True)
    place = place.resolve()
    beside = place.with_name(f".{place.name}.new")
    descriptor = os.open(place.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir()
        yield beside
        _exchange(beside, place)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
        os.close(descriptor)


def _exchange(new: Path, place: Path) -> None:
    """`new` in the place of `place`, which afterwards lies where `new` was. One step where Linux runs."""
    if not place.exists():
        new.rename(place)
        return
    try:
        swap = ctypes.CDLL(None, use_errno=True).renameat2
    except AttributeError:
        swap = None
    if swap is None or swap(_HERE, os.fsencode(new), _HERE, os.fsencode(place), _EXCHANGE):
        aside = new.with_name(f"{new.name}.old")
        place.rename(aside)
        new.rename(place)
        aside.rename(new)


@dataclass
class Record:
    """What a build noted beside the folder: for each job the answers it was made from, and the files it made.

    It is never relied on alone: a file is taken over only if its bytes are those that were noted.
    `seals`: what the whole site was made from. `digests`: of every file, also of those that no job made.
    """

    seals: list[str] = field(default_factory=list)
    tails: dict[str, str] = field(default_factory=dict)
    answers: dict[Question, str] = field(default_factory=dict)
    asked: dict[str, list[Question]] = field(default_factory=dict)
    files: dict[str, list[str]] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, place: Path, program: str) -> "Record":
        """What the last build with the same program noted; empty where there was none."""
        try:
            found = json.loads(_beside(place).read_bytes())
        except (OSError, ValueError):
            return cls()
        if found["program"] != program:
            return cls()
        questions = [tuple(question) for question in found["questions"]]
        return cls(
            found["seals"],
            found["tails"],
            dict(zip(questions, found["answers"], strict=True)),
            {job: [questions[number] for number in asked] for job, asked in found["asked"].items()},
            found["files"],
            found["digests"],
        )

    def write(self, place: Path, program: str) -> None:
        questions = sorted({question for asked in self.asked.values() for question in asked})
        number = {question: i for i, question in enumerate(questions)}
        document: dict[str, Any] = {
            "program": program,
            "seals": self.seals,
            "tails": self.tails,
            "questions": questions,
            "answers": [self.answers[question] for question in questions],
            "asked": {job: sorted(number[each] for each in asked) for job, asked in self.asked.items()},
            "files": self.files,
            "digests": self.digests,
        }
        fresh = _beside(place).with_suffix(".fresh")
        fresh.write_text(json.dumps(document, separators=(",", ":")))
        fresh.replace(_beside(place))

    def holds(self, job: str, answers: Any, place: Path) -> bool:
        """Whether all that a job asked for is the same today, and its files lie untouched in `place`."""
        asked = self.asked.get(job)
        return (
            asked is not None
            and all(self.answers[question] == answers[question] for question in asked)
            and all(digest_of(place / name) == self.digests[name] for name in self.files[job])
        )

    def stands(self, place: Path, seals: list[str]) -> bool:
        """Whether `place` was made from the same seals and holds just what was made then, untouched."""
        return (
            self.seals == seals
            and set(files_below(place)) == self.digests.keys()
            and all(digest_of(place / name) == noted for name, noted in self.digests.items())
        )


def _beside(place: Path) -> Path:
    return place.resolve().with_name(f".{place.name}.record.json")


def files_below(place: Path) -> Iterator[str]:
    """Every file of a folder, by its path in it."""
    for folder, _, names in os.walk(place):
        within = os.path.relpath(folder, place)
        yield from (name if within == "." else f"{within}/{name}" for name in names)


def digest_of(path: Path) -> str | None:
    """SHA-256 of a file's bytes; None where there is no file."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None
