"""The specification of a protection job: which tables, dimensions, rules and knowledge."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from lagesbild.core.linking import Identity
from lagesbild.inside.protect.methods.magnitude import Concentration
from lagesbild.inside.protect.problem.primary import Rule

Method = Literal["suppression", "rounding", "cell_key"]
Hierarchies = Mapping[str, tuple[Path, ...]]
"""For each dimension its hierarchy file, and the files of further groupings over the same leaves."""


@dataclass(frozen=True)
class Selector:
    """Cells by their codes in each named dimension; one that is not named may have any code.

    tables: where, by name; empty for every table that has those dimensions.
    """

    codes: Mapping[str, tuple[str, ...]]
    tables: tuple[str, ...] = ()


@dataclass(frozen=True)
class Population:
    """People in each leaf cell; where a cell has fewer than `least`, its count is hidden whatever it is."""

    file: Path
    value: str
    least: int


@dataclass(frozen=True)
class TableSpec:
    """One tidy table of leaf counts.

    counts: what is counted; tables that count the same share their margins.  declared: the same where the
    specification says it, else empty.
    supplier: the dimension whose leaves report their own cells.
    A table of amounts instead has a column `giver` and a rule of concentration.
    """

    name: str
    counts: str
    declared: str
    file: Path
    value: str
    dimensions: Hierarchies
    rule: Rule
    supplier: str | None
    giver: str | None
    concentration: Concentration | None
    population: Population | None


@dataclass(frozen=True)
class Known:
    """A table that is already public: an earlier release of ours, or somebody else's of the same counts.

    table: which of the tables it shows, None for every one that the folder holds.  dimensions: further
    groupings of its codes, for regions merged since.  accepted: small counts that it shows are given up.
    gone: tables and dimensions of it of which something is in this release no more, by name.
    truth: its leaf counts of then, where it is no delivery of ours that has them.
    at: where it stands in dimensions that it does not have, by name: all of it is of one year, say.
    """

    file: Path
    table: str | None
    value: str
    dimensions: Hierarchies
    accepted: bool
    gone: tuple[str, ...] = ()
    truth: Path | None = None
    at: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Spec:
    """A whole job. Paths are resolved against the folder of the specification."""

    file: Path
    tables: tuple[TableSpec, ...]
    identities: tuple[Identity, ...]
    earlier: tuple[Known, ...]
    known: tuple[Known, ...]
    publish: tuple[Selector, ...]
    hide: tuple[Selector, ...]
    method: Method
    base: int
    key_file: Path | None
    insider: bool
    budget: float | None

    @property
    def rounding_base(self) -> int:
        """The specified base, but never below a threshold: an unsafe count must not stay exact."""
        return max(self.base, *(table.rule.threshold for table in self.tables))
