"""The public statement of a delivery: written with it, and read by the jobs that come after."""

import json
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from lagesbild.core.language import Text
from lagesbild.core.linking import Identity
from lagesbild.core.refusal import Finding, Place, Refusal
from lagesbild.core.table import Table
from lagesbild.inside.protect.problem.primary import Rule, Zeros
from lagesbild.inside.protect.problem.system import Flags

from .delivery import AUDIT
from .spec import TableSpec


@dataclass(frozen=True)
class RuleStatement:
    """What is told of a table's rule. A rule of amounts is not told: it would help to estimate them.

    attacker_lower: the least that a hidden cell can be by this rule.  supplier: the dimension whose leaves
    report their own cells.
    """

    table: str
    counts: str
    threshold: int | None
    width: int | None
    zeros: str | None
    attacker_lower: int | None
    supplier: str | None = None


@dataclass(frozen=True)
class IdentityStatement:
    """Counts of which the first is the sum of the others."""

    total: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Statement:
    """The public audit statement. Nothing in it depends on a hidden value: not how many hidden cells are
    small, nor what they add up to, for either would be one more equation to an attacker."""

    cells: int
    published: int
    hidden: int
    unsafe_too_narrow: int
    tables: tuple[RuleStatement, ...]
    identities: tuple[IdentityStatement, ...]
    known_tables: int
    insider: bool


def rule_of(each: TableSpec, counts: str) -> RuleStatement:
    rule = each.rule
    if each.concentration is not None:
        return RuleStatement(each.name, counts, None, None, None, None)
    told = (rule.threshold, rule.required_width, rule.zeros, rule.least)
    return RuleStatement(each.name, counts, *told, each.supplier)


def figures_of(tables: Sequence[Table], counts: Sequence[str], hidden: Sequence[Flags]) -> Mapping[str, int]:
    """Cells, published and hidden, each once by the names that are told of what the tables count. That others
    are one number too was found in the counts, hidden ones among them, and is not told."""
    withheld: dict[Hashable, bool] = {}
    for table, name, own in zip(tables, counts, hidden, strict=True):
        withheld |= dict(zip(Table(table.dimensions, name).identities(), own.tolist(), strict=True))
    many = sum(withheld.values())
    return {"cells": len(withheld), "published": len(withheld) - many, "hidden": many}


Told = Mapping[str, Any]
"""What the statement says, or says of one table; nothing where there is none."""


def told_by(folder: Path) -> Told:
    """The statement of a delivery; empty for a bare file. Raises Refusal."""
    if not folder.is_dir():
        return {}
    try:
        return dict(json.loads((folder / AUDIT).read_bytes()))
    except (OSError, ValueError, TypeError, RecursionError) as error:
        raise no_delivery(folder) from error


def method_of(folder: Path) -> str:
    """By which method a delivery was made; a bare file is taken to show true counts."""
    return str(told_by(folder).get("method", "suppression"))


def tables_told(folder: Path) -> list[Told]:
    """What it says of each table. Raises Refusal."""
    found = told_by(folder).get("tables", [])
    if isinstance(found, list) and all(isinstance(each, dict) and _is_table(each) for each in found):
        return found
    raise no_delivery(folder)


def _is_table(told: Told) -> bool:
    numbers = [told.get(name) for name in ("threshold", "width")]
    words = [told.get("table"), told.get("counts", ""), told.get("zeros") or "", told.get("supplier") or ""]
    whole = all(each is None or isinstance(each, int) for each in numbers)
    return whole and all(isinstance(each, str) for each in words)


def identities_of(folder: Path) -> list[Identity]:
    """The identities that it was made by. Raises Refusal."""
    try:
        return [
            Identity(str(each["total"]), tuple(map(str, each["parts"])))
            for each in told_by(folder).get("identities", ())
        ]
    except (KeyError, TypeError) as error:
        raise no_delivery(folder) from error


def rule_then(now: Rule, told: Told) -> Rule:
    """The stricter of today's rule of a table and that of a release, with what the release told of a hidden
    cell: that it is no zero, or that it may be one."""
    if told.get("zeros") is None:
        return now
    none = told["zeros"] == "published" or told.get("attacker_lower") == 1
    then = rule_of_then(told)
    return Rule(
        threshold=max(now.threshold, then.threshold),
        width=max(now.required_width, then.required_width),
        zeros="unsafe" if then.zeros == "unsafe" else now.zeros,
        attacker_lower=now.least if now.underrated else int(none),
        weight=now.weight,
    )


def rule_of_then(told: Told) -> Rule:
    """The rule of a table that is published no more. Of amounts nothing is told: none counts as unsafe."""
    if told.get("threshold") is None:
        return Rule(threshold=1, width=1)
    return Rule(told["threshold"], told.get("width"), cast(Zeros, told.get("zeros")))


def no_delivery(folder: Path) -> Refusal:
    return Refusal(Finding("no-delivery", *_NO_DELIVERY, Place(file=folder.name)))


_NO_DELIVERY = (
    Text(
        "Mappen är ingen leverans som visar tabellen: released.csv saknas, eller en fil är skadad.",
        "The folder is no delivery that shows the table: released.csv is missing, or a file is damaged.",
    ),
    Text(
        "Ange mappen som lagesbild protect skrev, och table om den gällde en enda tabell.",
        "Name the folder that lagesbild protect wrote, and table where it held a single one.",
    ),
)
