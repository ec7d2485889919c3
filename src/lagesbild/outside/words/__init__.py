"""The words of the pages: TOML files for each language with the same keys, and sentences made of them."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

from lagesbild.core.language import Language
from lagesbild.outside.numbers import Numbers

FOLDER = Path(__file__).parent
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Words:
    """Looks up a phrase by its key; what is filled in is escaped, what stands in the phrase may be markup."""

    language: Language
    phrases: Mapping[str, Markup]
    numbers: Numbers

    def __call__(self, key: str, **values: object) -> Markup:
        """The phrase of a key. Raises KeyError where the key or a value is missing."""
        phrase = self.phrases[key]
        return phrase.format(**values) if values else phrase

    def n(self, key: str, count: int, **values: object) -> Markup:
        """`1 kommun`, `2 kommuner`: the phrase `key.one` or `key.other`, with the number as {n}."""
        form = "one" if count == 1 else "other"
        return self(f"{key}.{form}", n=self.numbers.whole(count), word=self.numbers.word(count), **values)

    def join(self, items: Sequence[Any], last: str = "and") -> Markup:
        """a, b och c"""
        if len(items) < 2:
            return Markup("").join(items)
        return Markup("{} {} {}").format(Markup(", ").join(items[:-1]), self.phrases[last], items[-1])


def speak(language: Language) -> Words:
    return Words(language, phrases(language), Numbers(language))


@cache
def phrases(language: Language) -> Mapping[str, Markup]:
    """Every phrase of a language by its dotted key."""
    found: dict[str, Markup] = {}
    for path in sorted(FOLDER.glob(f"*{language}.toml")):
        found |= _flat(tomllib.loads(path.read_text(encoding="utf-8")))
    return found


def _flat(tree: Mapping[str, Any], stem: str = "") -> Iterator[tuple[str, Markup]]:
    for key, value in tree.items():
        if isinstance(value, str):
            yield stem + key, Markup(value)  # noqa: S704 - our own phrases, kept in the package
        else:
            yield from _flat(value, f"{stem}{key}.")


def plain(phrase: str) -> str:
    """A sentence without its markup, for titles. Narrow spaces stay, unlike with `striptags`."""
    return Markup(_TAG.sub("", phrase)).unescape().strip()  # noqa: S704 - only unescaped


def lower(name: str) -> str:
    """A name with its first letter lowered, for use inside a sentence."""
    return name[:1].lower() + name[1:]


def opening(phrase: Markup) -> Markup:
    """A phrase with its first letter raised, for the start of a sentence."""
    return phrase[:1].upper() + phrase[1:]
