"""Values of a TOML file by their kind. What is wrong is told by key, and never by value."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from lagesbild.core.language import Text
from lagesbild.core.refusal import BadUsage, Finding, Place

from .tidy import LARGEST_SUM

LARGEST_NUMBER = 10**6
"""Of a weight, per cent or seconds: sums of what is reckoned with them stay whole numbers."""

Raw = Mapping[str, Any]
SEE = Text("Se docs/protect.md.", "See docs/protect.md.")


class Fields:
    """Reads the values of one file. Each method raises BadUsage."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def _list(self, raw: Raw, key: str) -> list[Raw]:
        listed = self._kind(key, raw.get(key, []), list)
        return [self._kind(key, each, dict) for each in listed]

    def _needed(self, raw: Raw, key: str) -> Any:
        if key not in raw:
            raise self._lacks(key)
        return raw[key]

    def _only(self, raw: Raw, allowed: set[str], within: str) -> None:
        known = ", ".join(sorted(allowed))
        for key in raw:
            if key not in allowed:
                raise self._bad(
                    "spec-unknown-key",
                    Text(f"Okänd nyckel: {within}{key}.", f"Unknown key: {within}{key}."),
                    Text(f"Kända här: {known}.", f"Known here: {known}."),
                )

    def _kind(self, key: str, value: Any, kind: type) -> Any:
        if not isinstance(value, kind):
            raise self._wrong(key)
        return value

    def _text(self, key: str, value: object) -> str:
        return cast(str, self._kind(key, value, str))

    def _texts(self, key: str, value: object) -> list[str]:
        return [self._text(key, each) for each in self._kind(key, value, list)]

    def _one_of(self, key: str, value: object, words: Sequence[str]) -> str:
        if value not in words:
            raise self._bad(
                f"spec-{key}",
                Text(f"{key} har fel värde.", f"{key} has a wrong value."),
                Text(f"Välj bland: {', '.join(words)}.", f"Choose among: {', '.join(words)}."),
            )
        return cast(str, value)

    def _whole(self, key: str, value: object, least: int, most: int = LARGEST_SUM) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise self._bad(
                "spec-number",
                Text(f"{key} är inget helt tal som duger.", f"{key} is no whole number that will do."),
                Text(
                    f"Skriv ett helt tal från {least} till högst {most}.",
                    f"Write a whole number from {least} to {most} at most.",
                ),
            )
        return value

    def _number(self, key: str, value: object, above: int = 0, most: int = LARGEST_NUMBER) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not above < value <= most:
            raise self._bad(
                "spec-number",
                Text(f"{key} är inget tal som duger.", f"{key} is no number that will do."),
                Text(
                    f"Skriv ett tal över {above}, högst {most}.",
                    f"Write a number above {above}, {most} at most.",
                ),
            )
        return float(value)

    def _files(self, key: str, files: object) -> tuple[Path, ...]:
        listed = files if isinstance(files, list) and files else [files]
        return tuple(self._file(key, file) for file in listed)

    def _file(self, key: str, name: object) -> Path:
        if "\0" in self._text(key, name):
            raise self._wrong(key)
        return self._path.parent / str(name)

    def _wrong(self, key: str) -> BadUsage:
        rule = Text(f"{key} har fel sorts värde.", f"{key} has the wrong kind of value.")
        return self._bad("spec-kind", rule, SEE)

    def _lacks(self, key: str) -> BadUsage:
        return self._bad("spec-incomplete", Text(f"{key} saknas.", f"{key} is missing."), SEE)

    def _bad(self, code: str, rule: Text, remedy: Text) -> BadUsage:
        return bad(self._path, code, rule, remedy)


def bad(path: Path, code: str, rule: Text, remedy: Text) -> BadUsage:
    return BadUsage(Finding(code, rule, remedy, Place(file=path.name)))
