"""What a job leaves behind: the released table, and beside it a private folder with the proof."""

import csv
import glob
import hashlib
import io
import json
import os
import shutil
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path

import numpy as np
import scipy.sparse as sp

from lagesbild.core.table import Dimension, Relation, Table
from lagesbild.inside.protect.problem.system import Flags, Ints, System
from lagesbild.inside.protect.proof.certificate import Certificate

from .spec import Spec
from .tidy import names_of

RELEASED, AUDIT, HIERARCHIES = "released.csv", "audit.json", "hierarchies.json"
PRIVATE, CELLS, INTERVALS = "private", "cells.csv", "intervals.csv"
CERTIFICATE, SYSTEM, COST, DIGESTS = "certificate.npz", "system.npz", "cost.json", "digests.json"
STATEMENT = "statement.json"
"""What the public statement said when the delivery was made."""
OWN_NAMES = {
    RELEASED, AUDIT, HIERARCHIES, PRIVATE, CELLS, INTERVALS, CERTIFICATE, SYSTEM, COST, DIGESTS, STATEMENT,
}  # fmt: skip
"""What no table's folder can be called."""

DAMAGED = (
    OSError, EOFError, MemoryError, LookupError, TypeError, AttributeError, ValueError, ArithmeticError,
    RuntimeError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip
"""What reading a file of a delivery can raise when it is not what was written."""


def folder_of(spec: Spec, table: str) -> str:
    """Where a table's files lie: at the top when there is one table, else in a folder of its name."""
    return "" if len(spec.tables) == 1 else table


def released_csv(table: Table, counts: Ints, hidden: Flags) -> bytes:
    """Every cell, one mark for all that is hidden."""
    rows = (
        (*codes, "" if withheld else count, "hidden" if withheld else "published")
        for codes, count, withheld in zip(cells_of(table), counts.tolist(), hidden.tolist(), strict=True)
    )
    return delimited((*names_of(table), "value", "status"), rows)


def cells_csv(table: Table, system: System, own: Ints, hidden: Flags) -> bytes:
    """Every cell with its true value and why it is hidden; `own` (cells,) are the table's in the system."""
    status = np.where(hidden[own], "hidden", "published")
    secondary = (hidden & ~system.primary)[own].astype(int)
    columns = [column.tolist() for column in (system.values[own], status, system.unsafe[own].astype(int))]
    rows = (
        (*codes, *each) for codes, *each in zip(cells_of(table), *columns, secondary.tolist(), strict=True)
    )
    return delimited((*names_of(table), "value", "status", "unsafe", "secondary"), rows)


def intervals_csv(table: Table, own: Ints, unsafe: Ints, low: Ints, high: Ints) -> bytes:
    """What is proven of each unsafe cell of the table: at least this far down and up. Last three: (u,)."""
    ends = zip(low.tolist(), high.tolist(), strict=True)
    proven = dict(zip(unsafe.tolist(), ends, strict=True))
    rows = (
        (*codes, *proven[cell])
        for codes, cell in zip(cells_of(table), own.tolist(), strict=True)
        if cell in proven
    )
    return delimited((*names_of(table), "low", "high"), rows)


def cost_json(system: System, own: Ints, hidden: Flags) -> bytes:
    """What the pattern cost: cells of either kind and the value hidden in them."""
    secondary, values = (hidden & ~system.primary)[own], system.values[own]
    return as_json(
        {
            "unsafe": int(system.unsafe[own].sum()),
            "secondary": int(secondary.sum()),
            "value_hidden": int(values[hidden[own]].sum()),
            "secondary_value": int(values[secondary].sum()),
        }
    )


def hierarchies_json(table: Table) -> bytes:
    """The codes of each dimension and what adds up to what: public, as the table is."""
    return as_json(
        {
            each.name: {
                "codes": each.codes,
                "sums": [{"total": sum_.total, "parts": sum_.parts} for sum_ in each.relations],
            }
            for each in table.dimensions
        }
    )


def read_hierarchies(file: Path) -> tuple[Dimension, ...]:
    """The dimensions of a delivery. Raises one of DAMAGED."""
    return tuple(
        Dimension(
            name,
            tuple(held["codes"]),
            tuple(Relation(each["total"], tuple(each["parts"])) for each in held["sums"]),
        )
        for name, held in json.loads(file.read_bytes()).items()
    )


def cells_of(table: Table) -> Iterator[tuple[str, ...]]:
    """The codes of every cell, in the table's order."""
    return product(*(dimension.codes for dimension in table.dimensions))


def delimited(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()


def write_private(file: Path, content: bytes) -> None:
    """A file that only its owner can read."""
    file.touch(mode=0o600)
    file.chmod(0o600)
    file.write_bytes(content)


def as_json(document: Mapping[str, object]) -> bytes:
    return (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()


def packed(arrays: Mapping[str, np.ndarray]) -> bytes:
    """Arrays as one file without pickles; the same arrays always give the same bytes."""
    held = io.BytesIO()
    np.savez_compressed(held, allow_pickle=False, **arrays)
    return held.getvalue()


def certificate_file(certificate: Certificate, hidden: Flags) -> bytes:
    rows = certificate.deviations
    return packed(
        {
            "data": rows.data, "indices": rows.indices, "indptr": rows.indptr,
            "shape": np.array(rows.shape), "cells": certificate.cells, "highest": certificate.highest,
            "lowest": certificate.lowest, "moving": certificate.moving, "hidden": hidden,
        }
    )  # fmt: skip


def system_file(system: System, cell_of: Sequence[Ints]) -> bytes:
    rows = system.equations
    tables = {f"table{number}": cells for number, cells in enumerate(cell_of)}
    return packed(
        {
            "data": rows.data, "indices": rows.indices, "indptr": rows.indptr,
            "shape": np.array(rows.shape), "values": system.values, "cost": system.cost,
            "threshold": system.threshold, "width": system.width, "floor": system.floor,
            "ceiling": system.ceiling, "unsafe": system.unsafe, "fixed": system.fixed,
            "forced": system.forced, "supplier": system.supplier, **tables,
        }
    )  # fmt: skip


def read_certificate(file: Path) -> tuple[Certificate, Flags]:
    """A certificate and the pattern that it proves. Raises one of DAMAGED."""
    with file.open("rb") as opened, np.load(opened, allow_pickle=False) as held:
        rows = _sparse(held)
        parts = (held[name] for name in ("cells", "highest", "lowest", "moving"))
        return Certificate(rows, *parts), held["hidden"].astype(bool)


def read_system(file: Path) -> tuple[System, tuple[Ints, ...]]:
    """A system, and which of its cells each table has. Raises one of DAMAGED."""
    with file.open("rb") as opened, np.load(opened, allow_pickle=False) as held:
        names = (
            "values",
            "cost",
            "threshold",
            "width",
            "floor",
            "ceiling",
            "unsafe",
            "fixed",
            "forced",
            "supplier",
        )
        tables = sorted(
            (name for name in held.files if name.startswith("table")), key=lambda name: int(name[5:])
        )
        return System(_sparse(held), *(held[name] for name in names)), tuple(held[name] for name in tables)


def _sparse(held: Mapping[str, np.ndarray]) -> sp.csr_array:
    """Whole numbers, each place once, so that what is checked entry by entry is what counts."""
    parts = (held["data"].astype(np.int64), held["indices"], held["indptr"])
    rows = sp.csr_array(parts, shape=tuple(held["shape"].tolist()))
    rows.check_format(full_check=True)
    rows.sum_duplicates()
    return rows


def digests(files: Mapping[str, bytes]) -> bytes:
    return as_json({name: hashlib.sha256(content).hexdigest() for name, content in files.items()})


def deliver(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write all files or none: a sibling folder is filled, then takes the name in one step.

    What a killed run left of the same folder is removed. A link is followed. Raises FileExistsError where the
    folder is there and not empty.
    """
    folder = Path(os.path.realpath(folder))
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(folder.name)
    folder.parent.mkdir(parents=True, exist_ok=True)
    _sweep(folder)
    unfinished = folder.with_name(f".{folder.name}.{os.getpid()}")
    try:
        for name, content in files.items():
            place = unfinished / name
            private = name.startswith(PRIVATE)
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700 if private else 0o755)
            place.touch(mode=0o600 if private else 0o644)
            place.write_bytes(content)
        if (unfinished / PRIVATE).exists():
            (unfinished / PRIVATE).chmod(0o700)
        unfinished.replace(folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _sweep(folder: Path) -> None:
    """Siblings that a run filled which is no more: they hold the truth."""
    for left in folder.parent.glob(f".{glob.escape(folder.name)}.*"):
        process = left.suffix[1:]
        if process.isdecimal() and not _runs(int(process)):
            shutil.rmtree(left, ignore_errors=True)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        pass
    return True
