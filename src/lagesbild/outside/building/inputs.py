"""What a page was made from: every released value it asks for is noted, so that it need not be made again.

Pages see the material through `Watching`, which notes each question. Two builds in which all noted questions
have the same answers print the same bytes, because pages have nothing else to go by. What is not known in
finer parts is noted whole: that can make a page be printed again without need, never leave it stale.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from importlib import metadata
from pathlib import Path
from types import MethodType
from typing import Any

import lagesbild
from lagesbild.outside.known.readings import Readings
from lagesbild.outside.material import Material
from lagesbild.release.contents import Release

Question = tuple[str, ...]
"""An attribute of the material and, where it is a mapping, the key in it."""
Note = Callable[[Question], None]
FACTS = ("reference", "sealed", "alike", "by_likeness", "expected", "sheets", "tiles")
"""What no release changes: it lies in the package, comes of that alone, or is named by a release's digest."""


class Watched(Mapping[Any, Any]):
    """A mapping that notes which keys are asked for; whoever goes through it asks for all of it."""

    def __init__(self, name: str, values: Mapping[Any, Any], note: Note) -> None:
        self._name, self._values, self._note = name, values, note

    def __getitem__(self, key: Any) -> Any:
        self._note((self._name, *_parts(key)))
        return self._values[key]

    def __iter__(self) -> Iterator[Any]:
        self._note((self._name,))
        return iter(self._values)

    def __len__(self) -> int:
        self._note((self._name,))
        return len(self._values)


class Watching:
    """Stands in for the material: gives what it gives, and notes what was asked for."""

    def __init__(self, material: Material, note: Note) -> None:
        self._material, self._note = material, note

    @property
    def release(self) -> Any:
        """The newest release, field by field."""
        return _Fields("release", self._material.release, self._note)

    @property
    def readings(self) -> Readings:
        return Readings(Watched("readings", self._material.readings.series, self._note))

    def __getattr__(self, name: str) -> Any:
        declared = getattr(Material, name, None)
        if isinstance(declared, property) and declared.fget:
            return declared.fget(self)
        if callable(declared):
            return MethodType(declared, self)
        value = getattr(self._material, name)
        if name in FACTS:
            return value
        if isinstance(value, Mapping):
            return Watched(name, value, self._note)
        self._note((name,))
        return value


class _Fields:
    """One release, of which each field is a question."""

    def __init__(self, name: str, release: Release, note: Note) -> None:
        self._name, self._release, self._note = name, release, note

    def __getattr__(self, name: str) -> Any:
        self._note((self._name, name))
        return getattr(self._release, name)


class Answers:
    """The digest of what each question gives today; each is worked out once."""

    def __init__(self, material: Material) -> None:
        self._material, self._known = material, dict[Question, str]()

    def __getitem__(self, question: Question) -> str:
        if question not in self._known:
            self._known[question] = fingerprint(self._find(*question))
        return self._known[question]

    def _find(self, name: str, *key: str) -> object:
        if name == "release":
            return getattr(self._material.release, key[0])
        held: Any = self._material.readings.series if name == "readings" else getattr(self._material, name)
        return held.get(key if len(key) > 1 else key[0]) if key else held


@cache
def program() -> str:
    """Digest of all that pages are made with: this package, its data, and the libraries it asks for.

    The inside is left out: no import leads there from the pages, and where they are made it need not be.
    """
    digest = hashlib.sha256()
    root = Path(lagesbild.__file__).parent
    within = (path for path in root.rglob("*") if path.is_file() and path.suffix != ".pyc")
    for path in sorted(path for path in within if root / "inside" not in path.parents):
        digest.update(f"{path.relative_to(root)}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    for each in sorted(metadata.distributions(), key=lambda each: each.name):
        digest.update(f"{each.name} {each.version}\n".encode())
    return digest.hexdigest()


def fingerprint(value: object) -> str:
    """SHA-256 of a value of plain parts. Raises TypeError where nobody has said how to write one down."""
    digest = hashlib.sha256()
    for part in _written(value):
        digest.update(part.encode() + b"\0")
    return digest.hexdigest()


def _written(value: object) -> Iterator[str]:
    """The value in parts that tell it from every other, in an order that does not depend on the run."""
    match value:
        case None | bool() | int() | float() | str() | date():
            yield f"{type(value).__name__} {value!r}"
        case Enum():
            yield repr(value)
        case Mapping():
            yield f"mapping {len(value)}"
            for key in sorted(value, key=repr):
                yield from _written(key)
                yield from _written(value[key])
        case Set():
            yield from _written(sorted(value, key=repr))
        case Sequence():
            yield f"sequence {len(value)}"
            for each in value:
                yield from _written(each)
        case _ if is_dataclass(value):
            yield type(value).__name__
            for each in fields(value):
                yield from _written(getattr(value, each.name))
        case _:
            raise TypeError(type(value).__name__)


def _parts(key: Any) -> Question:
    return key if isinstance(key, tuple) else (key,)
