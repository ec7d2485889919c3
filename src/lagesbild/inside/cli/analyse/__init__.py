"""`lagesbild analyse`: any method on any tidy table, for the statistician who wants to check it."""

import argparse
import json
import sys
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from lagesbild.core.language import Text
from lagesbild.core.refusal import BadUsage, Exit, Finding

from .method_help import help_text
from .tidy_file import read_bytes, read_table

if TYPE_CHECKING:
    from lagesbild.analysis.method import Method, Option
    from lagesbild.analysis.table.tidy import Tidy
    from lagesbild.core.language import Language


def add_commands(subparsers: Any) -> None:
    """The method's own options are read later: scipy need not load for the other commands."""
    parser = subparsers.add_parser(
        "analyse",
        help="analysera en tabell; utan metod: lista metoderna / analyse a table; alone: the methods",
    )
    parser.add_argument("words", nargs=argparse.REMAINDER, metavar="METHOD --data FILE.csv")
    parser.set_defaults(run=_analyse)


def _analyse(options: argparse.Namespace) -> int:
    from lagesbild.analysis.catalogue import METHODS

    if not options.words:
        sys.stdout.write(_overview(METHODS, options.lang))
        return Exit.OK
    name, *rest = options.words
    if name not in METHODS:
        raise BadUsage(_unknown_method(METHODS))
    method = METHODS[name]
    options.lang = _asked_language(rest, options.lang)
    asked = _parser(method, options.lang).parse_args(rest)
    if asked.data is None:
        raise BadUsage(_no_data())
    document = _document(method, asked)
    sys.stdout.write(_written(document, asked.json, options.lang))
    return Exit.OK


def _document(method: "Method", asked: argparse.Namespace) -> dict[str, Any]:
    table = read_table(asked.data)
    for column, wanted in asked.where:
        table.require(column)
        table = table.where(column, wanted)
    if not len(table):
        raise BadUsage(_no_rows())
    typed = {key: value for key, value in vars(asked).items() if value is not None}
    given = [option for option in method.options if option.is_file and option.name in typed]
    files = {option.name: typed[option.name] for option in given}
    options = method.options_from(typed)
    contents = {option.name: _content(option, Path(typed[option.name])) for option in given}
    answer = method.answer(table.also_named(_also(asked.column, table)), **options, **contents)
    return answer.document(method.name, {**method.defaults, **options, **files})


def _written(document: Mapping[str, Any], as_json: bool, language: Any) -> str:
    from lagesbild.analysis.answer.reading import as_text

    if as_json:
        return _as_json(document)
    return as_text(document, language)


def _as_json(document: Mapping[str, Any]) -> str:
    """One result a line: as easy to compare as one value a line, and written ten times faster."""
    line = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
    results = ",\n  ".join(map(line, document["results"]))
    parts = {**{key: line(value) for key, value in document.items()}, "results": f"[\n  {results}\n ]"}
    return "{\n" + ",\n".join(f' "{key}": {part}' for key, part in parts.items()) + "\n}\n"


class _Options(argparse.ArgumentParser):
    """Wrong options are refused like everything else: in both languages, without repeating what was typed."""

    method: "Method"
    language: "Language"

    def error(self, message: str) -> NoReturn:
        known = ", ".join(sorted(flag for flag in self._option_string_actions if flag.startswith("--")))
        raise BadUsage(
            Finding(
                "bad-option",
                Text("Flaggorna går inte att läsa.", "The options cannot be read."),
                Text(f"Det som finns: {known}.", f"There is: {known}."),
            )
        )

    def format_help(self) -> str:
        return help_text(self.method, self.language)


def _parser(method: "Method", language: "Language") -> _Options:
    parser = _Options(allow_abbrev=False)
    parser.method, parser.language = method, language
    parser.add_argument("--data", type=Path)
    parser.add_argument("--column", type=_pair, action="append", default=[])
    parser.add_argument("--where", type=_pair, action="append", default=[])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--lang", choices=("sv", "en"))
    for option in method.options:
        parser.add_argument(option.flag, dest=option.name)
    return parser


def _asked_language(words: list[str], otherwise: "Language") -> "Language":
    """The language of --lang among the method's own words, wherever it stands."""
    given = [after for word, after in pairwise(words) if word == "--lang"] + [
        word.removeprefix("--lang=") for word in words if word.startswith("--lang=")
    ]
    return "en" if given[-1:] == ["en"] else "sv" if given[-1:] == ["sv"] else otherwise


def _content(option: "Option", path: Path) -> Any:
    """A table, or the bytes of any other file."""
    return read_table(path) if option.is_table else read_bytes(path)


def _overview(methods: Mapping[str, "Method"], language: Any) -> str:
    lines = [f"  {method.name:12} {method.question.in_(language)}" for method in methods.values()]
    return "\n".join(["lagesbild analyse METHOD --data FILE.csv [--json]", *lines]) + "\n"


def _pair(typed: str) -> tuple[str, str]:
    name, equals, value = typed.partition("=")
    if not equals:
        raise ValueError
    return name, value


def _also(columns: list[tuple[str, str]], table: "Tidy") -> dict[str, str]:
    """`--column count=numerator`: the method's name first, then the name in the file, which stays too."""
    table.require(*(given for _, given in columns))
    return dict(columns)


def _no_data() -> Finding:
    return Finding(
        "bad-option",
        Text("Det är inte sagt vilken tabell som ska analyseras.", "It is not said which table to analyse."),
        Text("Lägg till --data FIL.csv.", "Add --data FILE.csv."),
    )


def _no_rows() -> Finding:
    return Finding(
        "no-rows",
        Text("Ingen rad är kvar efter --where.", "No row is left after --where."),
        Text("Skriv värdet precis som i filen.", "Write the value exactly as in the file."),
    )


def _unknown_method(methods: Mapping[str, "Method"]) -> Finding:
    return Finding(
        "unknown-method",
        Text("Det finns ingen sådan metod.", "There is no such method."),
        Text(f"Välj en av: {', '.join(methods)}.", f"Choose one of: {', '.join(methods)}."),
    )
