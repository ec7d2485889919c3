"""Format parity (attack 29): Parquet, CSV and both JSON-stat files must show and hide the same cells."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any

from lagesbild.core.figures import TOTAL, Figures, Key, State
from lagesbild.core.language import Text
from lagesbild.core.refusal import Finding, Place
from lagesbild.release import parquet

Shown = dict[Key, tuple[int | None, str]]


def search(staged: Path, figures: Mapping[str, Figures]) -> Iterator[Finding]:
    """One finding for each file that does not say what the released table says."""
    for code, table in figures.items():
        expected = _of_figures(table)
        found = {
            f"tables/{code}.parquet": lambda content: _of_figures(parquet.read(content)),
            f"tables/{code}.csv": _of_csv,
            f"tables/{code}.sv.json": _of_jsonstat,
            f"tables/{code}.en.json": _of_jsonstat,
        }
        for name, read in found.items():
            if read((staged / name).read_bytes()) != expected:
                yield _differs(name)


def _of_figures(figures: Figures) -> Shown:
    return {key: (figure.value, figure.state.value) for key, figure in figures}


def _of_csv(content: bytes) -> Shown:
    return {
        Key(row["region"], row["period"], row["sex"], row["age"]): (
            int(row["value"]) if row["value"] else None,
            row["status"],
        )
        for row in csv.DictReader(io.StringIO(content.decode(), newline=""))
    }


def _of_jsonstat(content: bytes) -> Shown:
    """The cells of a dense cube; one without picture is no cell of the table."""
    cube = json.loads(content)
    cells = zip(product(*_axes(cube)), cube["value"], strict=True)
    shown: Shown = {}
    for i, (codes, value) in enumerate(cells):
        at = dict(zip(cube["id"], codes, strict=True))
        status = cube["status"].get(str(i), State.VALUE.value)
        if (value, status) != (None, State.NO_PICTURE.value):
            key = Key(at["Region"], at["Tid"], at.get("Kon", TOTAL), at.get("Alder", TOTAL))
            shown[key] = (value, status)
    return shown


def _axes(cube: Mapping[str, Any]) -> list[list[str]]:
    indexes = [cube["dimension"][name]["category"]["index"] for name in cube["id"]]
    return [sorted(index, key=index.__getitem__) for index in indexes]


def _differs(name: str) -> Finding:
    return Finding(
        "parity",
        Text(
            "Filen visar något annat än den publicerade tabellen.",
            "The file differs from the released table.",
        ),
        Text("Anmäl felet. Publicera inte.", "Report the fault; do not publish."),
        Place(file=name),
    )
