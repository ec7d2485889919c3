"""Protection jobs through the commands, and small ones with a sum between indicators."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from lagesbild.core.refusal import Exit
from lagesbild.inside.cli import main

PLACES, SEXES = ("A1", "A2", "A3", "B1", "B2", "B3"), "KM"


def csv_of(header: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    return "".join(",".join(map(str, line)) + "\n" for line in (header, *rows))


def protect(spec: Path, to: Path) -> None:
    assert main(["protect", "--spec", str(spec), "--to", str(to)]) == Exit.OK
    assert main(["verify", str(to)]) == Exit.OK


def audit(spec: Path, released: Sequence[Path], truth: Sequence[Path] = ()) -> int:
    known = [word for file in truth for word in ("--truth", str(file))]
    return main(["audit", *map(str, released), "--spec", str(spec), *known])


def shown(released: Path) -> Mapping[tuple[str, ...], str]:
    with released.open() as opened:
        return {tuple(row.values())[:-2]: row["status"] for row in csv.DictReader(opened)}


IDENTITY = (
    '[dimensions]\nregion = "places.csv"\n[[identities]]\ntotal = "reported"\nparts = ["cleared", "open"]\n'
)
FIVE = "levels,codes\n@,T\n@@,a\n@@,b\n@@,c\n@@,d\n@@,e\n"


def office_of(folder: Path, **files: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / f"{name}.csv").write_text(content)
    return folder


def leaves_of(*counts: int) -> str:
    return csv_of(("region", "n"), zip("abcde", counts, strict=False))


def three_indicators(folder: Path, cleared: Sequence[int], unsolved: Sequence[int], extra: str) -> Path:
    both = [one + other for one, other in zip(cleared, unsolved, strict=True)]
    files = {"reported": both, "cleared": cleared, "open": unsolved}
    office_of(folder, places=FIVE, **{name: leaves_of(*counts) for name, counts in files.items()})
    tables = "".join(f'[[tables]]\nname = "{name}"\nfile = "{name}.csv"\nvalue = "n"\n' for name in files)
    (folder / "spec.toml").write_text(tables + IDENTITY + extra)
    return folder / "spec.toml"


THEN, NOW = ((20, 30, 40, 25, 9), (13, 12, 15, 17, 8)), ((3, 31, 41, 26, 10), (11, 14, 16, 18, 9))
BEFORE = '[[earlier]]\nfile = "../then/out"\n'


def fields(file: Path, *names: str) -> list[tuple[str, ...]]:
    with file.open() as opened:
        return [tuple(row[name] for name in names) for row in csv.DictReader(opened)]


REGIONS = '[dimensions]\nregion = "places.csv"\n'
