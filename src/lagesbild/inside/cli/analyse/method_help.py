"""What `lagesbild analyse METHOD --help` says: the question, the columns, the options, in one language."""

from typing import TYPE_CHECKING

from lagesbild.core.language import Language, Text

if TYPE_CHECKING:
    from lagesbild.analysis.method import Column, Method, Option

NAMES_SHOWN = 6
"""Other names of a column than these are found too, but would drown the page."""


def help_text(method: "Method", language: Language) -> str:
    always = [(f"{flag} {given}".rstrip(), meaning.in_(language)) for flag, given, meaning in ALWAYS]
    own = [(f"{o.flag} {value_name(o)}", _option(o, language)) for o in method.options]
    lines = [
        f"lagesbild analyse {method.name} --data FILE.csv [--json] …",
        "",
        method.question.in_(language),
        "",
        _COLUMNS.in_(language),
        *_listed([(column.name, _column(column, language)) for column in method.columns]),
        "",
        _OPTIONS.in_(language),
        *_listed(own + always),
        "",
        _PAGE.in_(language).format(page=f"docs/method/{language}/{method.name}.md"),
    ]
    return "\n".join(lines) + "\n"


def value_name(option: "Option") -> str:
    if option.is_table:
        return "FILE.csv"
    return "FILE" if option.is_bytes else option.name.upper()


def _column(column: "Column", language: Language) -> str:
    parts = [column.meaning.in_(language)]
    if not column.required:
        parts.append(_MAY_BE_LEFT_OUT.in_(language))
    if column.also:
        parts.append(f"{_ALSO.in_(language)} {', '.join(column.also[:NAMES_SHOWN])}")
    return "; ".join(parts)


def _option(option: "Option", language: Language) -> str:
    meaning = option.meaning.in_(language)
    if option.default in (None, "", (), {}):
        return meaning
    return f"{meaning} {_UNLESS_SAID.in_(language)}: {_typed(option.default)}."


def _typed(value: object) -> str:
    """A default as one would type it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ",".join(_typed(each) for each in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _listed(pairs: list[tuple[str, str]]) -> list[str]:
    width = max(len(name) for name, _ in pairs)
    return [f"  {name.ljust(width)}  {meaning}" for name, meaning in pairs]


ALWAYS = (
    (
        "--data",
        "FILE.csv",
        Text(
            "Tabellen, en observation per rad; CSV eller Parquet.",
            "The table, one observation a row; CSV or Parquet.",
        ),
    ),
    (
        "--column",
        "NAME=GIVEN",
        Text("Metodens kolumn NAME heter GIVEN i filen.", "The method's column NAME is GIVEN in the file."),
    ),
    (
        "--where",
        "COLUMN=VALUE",
        Text("Bara rader där kolumnen har värdet.", "Only rows where the column has the value."),
    ),
    ("--json", "", Text("Ett JSON-dokument i stället för en tabell.", "A JSON document instead of a table.")),
    ("--lang", "sv|en", Text("Språk.", "Language.")),
    ("--help", "", Text("Den här texten.", "This text.")),
)
_COLUMNS = Text("Kolumner i tabellen:", "Columns of the table:")
_OPTIONS = Text("Val:", "Options:")
_MAY_BE_LEFT_OUT = Text("får saknas", "may be left out")
_ALSO = Text("heter också", "also named")
_UNLESS_SAID = Text("Annars", "Otherwise")
_PAGE = Text(
    "Formler, källor, antaganden och ett räknat exempel: {page}",
    "Formulas, sources, assumptions and a worked example: {page}",
)
