"""`lagesbild analyse`: any method on any tidy CSV, for the statistician who wants to check it."""

import argparse
import csv
import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from lagesbild.core.language import Text
from lagesbild.core.refusal import BadUsage, Exit, Finding, Place, Refusal

if TYPE_CHECKING:
    from lagesbild.analysis.method import Method, Option
    from lagesbild.analysis.table.tidy import Tidy


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
    asked = _parser(method).parse_args(rest)
    options.lang = asked.lang or options.lang
    document = _document(method, asked)
    sys.stdout.write(_written(document, asked.json, options.lang))
    return Exit.OK


def _document(method: "Method", asked: argparse.Namespace) -> dict[str, Any]:
    table = _read(asked.data)
    for column, wanted in asked.where:
        table.require(column)
        table = table.where(column, wanted)
    typed = {key: value for key, value in vars(asked).items() if value is not None}
    given = [option for option in method.options if option.is_file and option.name in typed]
    files = {option.name: typed[option.name] for option in given}
    options = method.options_from(typed)
    contents = {option.name: _content(option, Path(typed[option.name])) for option in given}
    answer = method.answer(table.renamed(_old_to_new(asked.column, table)), **options, **contents)
    return answer.document(method.name, {**method.defaults, **options, **files})


def _written(document: Mapping[str, Any], as_json: bool, language: Any) -> str:
    from lagesbild.analysis.answer.reading import as_text

    if as_json:
        return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    return as_text(document, language)


class _Options(argparse.ArgumentParser):
    """Wrong options are refused like everything else: in both languages, without repeating what was typed."""

    def error(self, message: str) -> NoReturn:
        known = ", ".join(sorted(self._option_string_actions))
        raise BadUsage(
            Finding(
                "A6",
                Text("Flaggorna går inte att läsa.", "The options cannot be read."),
                Text(f"Det som finns: {known}.", f"There is: {known}."),
            )
        )


def _parser(method: "Method") -> _Options:
    parser = _Options(
        prog=f"lagesbild analyse {method.name}", description=_described(method), allow_abbrev=False
    )
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--data", type=Path, required=True, metavar="FILE.csv")
    parser.add_argument("--column", type=_pair, action="append", default=[], metavar="NAME=GIVEN")
    parser.add_argument("--where", type=_pair, action="append", default=[], metavar="COLUMN=VALUE")
    parser.add_argument("--json", action="store_true", help="ett JSON-dokument / one JSON document")
    parser.add_argument("--lang", choices=("sv", "en"))
    for option in method.options:
        both = f"{option.meaning.sv} / {option.meaning.en}".replace("%", "%%")
        parser.add_argument(option.flag, dest=option.name, help=both, metavar=_metavar(option))
    return parser


def _metavar(option: "Option") -> str | None:
    return "FILE.csv" if option.is_table else "FILE" if option.is_bytes else None


def _content(option: "Option", path: Path) -> Any:
    """A table, or the bytes of any other file."""
    if option.is_table:
        return _read(path)
    try:
        return path.read_bytes()
    except OSError:
        raise Refusal(_unreadable(Place(file=path.name))) from None


def _described(method: "Method") -> str:
    need = {True: "", False: " (valfri/optional)"}
    columns = [f"  {c.name}{need[c.required]}: {c.meaning.sv} / {c.meaning.en}" for c in method.columns]
    return "\n".join([method.question.sv, method.question.en, "", "CSV:", *columns])


def _overview(methods: Mapping[str, "Method"], language: Any) -> str:
    lines = [f"  {method.name:12} {method.question.in_(language)}" for method in methods.values()]
    return "\n".join(["lagesbild analyse METHOD --data FILE.csv [--json]", *lines]) + "\n"


def _pair(typed: str) -> tuple[str, str]:
    name, equals, value = typed.partition("=")
    if not equals:
        raise ValueError
    return name, value


def _old_to_new(columns: list[tuple[str, str]], table: "Tidy") -> dict[str, str]:
    """`--column count=numerator`: the method's name first, then the name in the file."""
    table.require(*(given for _, given in columns))
    return {given: name for name, given in columns}


def _read(path: Path) -> "Tidy":
    """The file as text columns; comma or, as Swedish Excel writes, semicolon."""
    import numpy as np

    from lagesbild.analysis.table.tidy import Tidy

    try:
        text = path.read_text(encoding="utf-8-sig")
        head = text.partition("\n")[0]
        rows = list(csv.reader(text.splitlines(), delimiter=";" if ";" in head else ",", strict=True))
    except (OSError, UnicodeDecodeError, csv.Error):
        raise Refusal(_unreadable(Place(file=path.name))) from None
    header = [name.strip() for name in rows[0]] if rows else []
    lines = [line for line, row in enumerate(rows[1:], 2) if any(cell.strip() for cell in row)]
    body = [rows[line - 1] for line in lines]
    uneven = [number for number, row in enumerate(rows[1:], 2) if row and len(row) != len(header)]
    if not body or uneven or len(set(header)) != len(header):
        raise Refusal(_unreadable(Place(file=path.name, row=uneven[0] if uneven else 1)))
    clean = _swedish if ";" in head else str.strip
    columns = {name: np.array([clean(row[i]) for row in body]) for i, name in enumerate(header)}
    return Tidy(columns, np.array(lines))


def _swedish(cell: str) -> str:
    """Beside semicolons numbers are written with a decimal comma, and perhaps a space between thousands."""
    found = re.fullmatch(r"([-−]?\d{1,3}(?:[ \u00a0\u202f]?\d{3})*|[-−]?\d+)(?:,(\d+))?", cell.strip())
    if found is None:
        return cell.strip()
    whole = re.sub(r"[ \u00a0\u202f]", "", found[1]).replace("−", "-")
    return f"{whole}.{found[2]}" if found[2] else whole


def _unreadable(place: Place) -> Finding:
    return Finding(
        "A7",
        Text("Filen går inte att läsa som en tabell.", "The file cannot be read as a table."),
        Text(
            "Spara som CSV i UTF-8 med en rubrikrad, olika kolumnnamn och lika många celler på varje rad.",
            "Save as CSV in UTF-8 with one header row, different column names and as many cells on each row.",
        ),
        place,
    )


def _unknown_method(methods: Mapping[str, "Method"]) -> Finding:
    return Finding(
        "A8",
        Text("Det finns ingen sådan metod.", "There is no such method."),
        Text(f"Välj en av: {', '.join(methods)}.", f"Choose one of: {', '.join(methods)}."),
    )
