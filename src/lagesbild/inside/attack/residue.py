"""Residues and leftovers (attacks 35, 37): nothing lies in a release but what its manifest lists."""

import re
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq

from lagesbild.core.language import Text
from lagesbild.core.refusal import BrokenSeal, Finding, Place
from lagesbild.release import manifest, seal
from lagesbild.release.rows import Row
from lagesbild.release.seal import MANIFEST

_NAME = re.compile(r"indicators/[A-Z]\d\d\.toml|tables/[A-Z]\d\d\.(?:parquet|csv|sv\.json|en\.json)")
_METADATA = {b"indicator", b"origin"}


def search(staged: Path) -> Iterator[Finding]:
    """One finding for each file that has no place in a release, or holds more than its table's columns."""
    try:
        sealed = seal.verify_staged(staged, manifest.digest((staged / MANIFEST).read_bytes()))
    except BrokenSeal as error:
        yield from error.findings
        return
    for name in sealed.files:
        if not _NAME.fullmatch(name) or (name.endswith(".parquet") and _has_residue(staged / name)):
            yield _left(name)


def _has_residue(path: Path) -> bool:
    """Column statistics, index pages, a foreign column, or metadata of the tool that wrote it."""
    with pq.ParquetFile(path) as file:
        meta = file.metadata
        groups = [meta.row_group(i) for i in range(meta.num_row_groups)]
        columns = [group.column(i) for group in groups for i in range(group.num_columns)]
        return (
            set(meta.metadata or ()) != _METADATA
            or any(column.statistics is not None for column in columns)
            or {column.path_in_schema for column in columns} - set(Row._fields) != set()
        )


def _left(name: str) -> Finding:
    return Finding(
        "residue",
        Text("Filen innehåller mer än sin tabell.", "The file carries something beyond its table."),
        Text("Anmäl felet. Publicera inte.", "Report the fault; do not publish."),
        Place(file=name),
    )
