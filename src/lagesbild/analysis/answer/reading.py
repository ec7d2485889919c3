"""An answer as a table that a person can read in a terminal."""

from collections.abc import Iterable, Mapping
from typing import Any

from lagesbild.core.language import Language, Text

LONGEST = 20
"""A longer table within a table is for programs."""

_TOO_LONG = Text("{number} rader, som --json visar", "{number} rows, which --json shows")


def as_text(document: Mapping[str, Any], language: Language) -> str:
    """The rows as aligned columns, then the summary, then why anything is missing."""
    rows = [_flat(row, language) for row in document["results"]]
    parts = [_aligned(rows)] if rows else []
    summary = _flat(document["summary"], language)
    if summary:
        parts.append("\n".join(f"{name}: {value}" for name, value in summary.items()))
    remarks = [*document["reasons"], *document["warnings"]]
    parts += [f"{remark['code']}: {remark[language]}" for remark in remarks]
    return "\n\n".join(parts) + "\n"


def _flat(row: Mapping[str, Any], language: Language, within: str = "") -> dict[str, str]:
    """Nested mappings as dotted names; a text in two languages as the one asked for."""
    flat: dict[str, str] = {}
    for name, value in row.items():
        if isinstance(value, Mapping) and set(value) == {"sv", "en"}:
            flat[within + name] = str(value[language])
        elif isinstance(value, Mapping):
            flat |= _flat(value, language, f"{within}{name}.")
        elif isinstance(value, list) and len(value) > LONGEST and isinstance(value[0], Mapping):
            flat[within + name] = _TOO_LONG.in_(language).format(number=len(value))
        else:
            flat[within + name] = _cell(value)
    return flat


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_cell(inner)}" for name, inner in value.items())
    if isinstance(value, list):
        return ("; " if any(isinstance(inner, Mapping) for inner in value) else " ").join(
            _cell(inner) for inner in value
        )
    return str(value)


def _aligned(rows: list[dict[str, str]]) -> str:
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = [names, *([row.get(name, "") for name in names] for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(names))]
    return "\n".join(_padded(line, widths) for line in lines)


def _padded(cells: Iterable[str], widths: Iterable[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()
