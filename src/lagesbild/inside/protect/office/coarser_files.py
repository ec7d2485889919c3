"""The files by which a coarser publication is carried out: a specification that names them is of that table.

They hold the truth, so all of them lie in the closed folder of a delivery.
"""

from collections.abc import Iterator, Sequence

from lagesbild.core.table import Dimension, Relation
from lagesbild.inside.protect.methods.coarsen import Coarser, Groups
from lagesbild.inside.protect.problem.system import Layer

from .delivery import PRIVATE, cells_of, delimited
from .job import Job
from .proposal import Proposal
from .tidy import names_of

Row = tuple[str, str]
HEADER = ("levels", "codes")


def coarser_files(job: Job, found: Sequence[Proposal]) -> dict[str, bytes]:
    """For each way a folder of its number: the leaves added up, the hierarchy of the coarser codes, and what
    the merged ones are made of."""
    return {
        f"{PRIVATE}/{each.number}/{name}": content
        for each in found
        if each.way is not None
        for name, content in _files_of(job.spec.tables[each.table].value, each.way).items()
    }


def _files_of(value: str, way: Coarser) -> dict[str, bytes]:
    """No codes where the dimension went: all that it told apart is one."""
    left = [each for each in way.layer.table.dimensions if each.name == way.dimension]
    hierarchies = {name: content for each in left for name, content in _hierarchies(each).items()}
    merged = delimited(HEADER, _merged(way.merged))
    return {"leaves.csv": _leaves_csv(way.layer, value), **hierarchies, "merged.csv": merged}


def _hierarchies(dimension: Dimension) -> dict[str, bytes]:
    first, *further = _each_total_once(dimension)
    files = {"codes.csv": delimited(HEADER, _levels(dimension.codes, first))}
    for number, told in enumerate(further, 2):
        named = {code for each in told.values() for code in (each.total, *each.parts)}
        files[f"codes-{number}.csv"] = delimited(HEADER, _levels(sorted(named), told))
    return files


def _leaves_csv(layer: Layer, value: str) -> bytes:
    cells = zip(cells_of(layer.table), layer.counts.tolist(), layer.table.is_leaf.tolist(), strict=True)
    rows = ((*codes, count) for codes, count, is_leaf in cells if is_leaf)
    return delimited((*names_of(layer.table), value), rows)


def _each_total_once(dimension: Dimension) -> list[dict[str, Relation]]:
    """Relations by their total. A file tells only once what a code is made of, so that further groupings have
    files of their own."""
    files: list[dict[str, Relation]] = [{}]
    for relation in dimension.relations:
        place = next((file for file in files if relation.total not in file), None)
        if place is None:
            files.append(place := {})
        place[relation.total] = relation
    return files


def _levels(codes: Sequence[str], told: dict[str, Relation]) -> Iterator[Row]:
    """The codes as a tree is walked, from those that are part of nothing."""
    within = {part for relation in told.values() for part in relation.parts}
    open_: list[Row] = [("@", code) for code in reversed(codes) if code not in within]
    done: set[str] = set()
    while open_:
        marks, code = open_.pop()
        yield marks, code
        if code in told and code not in done:
            open_ += [(f"{marks}@", part) for part in reversed(told[code].parts)]
        done.add(code)


def _merged(groups: Groups) -> Iterator[Row]:
    for code, group in groups.items():
        yield "@", code
        yield from (("@@", part) for part in group)
