"""The specification of a protection job, as read from TOML: which tables, dimensions, rules and knowledge."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast, get_args

from lagesbild.core.language import Text
from lagesbild.core.refusal import BadUsage, Finding, Place
from lagesbild.core.table import Identity
from lagesbild.inside.protect.methods.magnitude import Concentration, Dominance, PriorPosterior
from lagesbild.inside.protect.problem.primary import Rule, Zeros

Method = Literal["suppression", "rounding", "cell_key"]
Selector = Mapping[str, tuple[str, ...]]
"""Codes wanted in each named dimension; a dimension that is not named may have any code."""


@dataclass(frozen=True)
class TableSpec:
    """One tidy table of leaf counts. `supplier` names the dimension whose leaves report their own cells.

    A table of amounts instead has a column `giver` and a rule of concentration.
    """

    name: str
    file: Path
    value: str
    dimensions: tuple[str, ...]
    rule: Rule
    supplier: str | None
    giver: str | None
    concentration: Concentration | None
    population: "Population | None"


@dataclass(frozen=True)
class Population:
    """People in each leaf cell; where a cell has fewer than `least`, its count is hidden whatever it is."""

    file: Path
    value: str
    least: int


@dataclass(frozen=True)
class Known:
    """A table that is already public: an earlier release of ours, or somebody else's of the same counts."""

    file: Path
    table: str


@dataclass(frozen=True)
class Spec:
    """A whole job. Paths are resolved against the folder of the specification.

    `dimensions`: for each name the hierarchy file and the files of further groupings over the same leaves.
    """

    file: Path
    tables: tuple[TableSpec, ...]
    dimensions: Mapping[str, tuple[Path, ...]]
    identities: tuple[Identity, ...]
    known: tuple[Known, ...]
    publish: tuple[Selector, ...]
    hide: tuple[Selector, ...]
    method: Method
    base: int
    key_file: Path | None
    insider: bool
    budget: float | None


_TOP = {
    "table", "tables", "dimensions", "rule", "identities", "earlier", "known", "publish", "hide", "method",
    "base", "key_file", "insider", "budget",
}  # fmt: skip
_TABLE = {"name", "file", "value", "dimensions", "rule", "supplier", "giver", "population"}
_COUNTS = {"threshold", "width", "zeros", "attacker_lower", "weight"}
_AMOUNTS = {"dominance", "p", "weight"}


def read_spec(path: Path, table: Path | None = None) -> Spec:
    """The job that a file describes; `table` replaces the file of its single table. Raises BadUsage."""
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise _bad(path, "spec-missing", _MISSING) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _bad(path, "spec-not-toml", _NOT_TOML) from error
    try:
        return _Reader(path, raw).spec(table)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _bad(path, "spec-incomplete", _INCOMPLETE) from error


class _Reader:
    def __init__(self, path: Path, raw: Mapping[str, Any]) -> None:
        self._path, self._raw = path, raw

    def spec(self, table: Path | None) -> Spec:
        raw = self._raw
        self._only(raw, _TOP)
        dimensions = {name: self._files(files) for name, files in raw["dimensions"].items()}
        tables = self._tables(tuple(dimensions), table)
        return Spec(
            file=self._path,
            tables=tables,
            dimensions=dimensions,
            identities=tuple(
                Identity(str(each["total"]), tuple(each["parts"])) for each in raw.get("identities", ())
            ),
            known=tuple(
                Known(self._file(each["file"]), str(each.get("table", tables[0].name)))
                for each in (*raw.get("earlier", ()), *raw.get("known", ()))
            ),
            publish=self._selectors("publish", dimensions),
            hide=self._selectors("hide", dimensions),
            method=self._method(),
            base=self._whole(raw.get("base", 3), least=2),
            key_file=self._file(raw["key_file"]) if "key_file" in raw else None,
            insider=bool(raw.get("insider", False)),
            budget=float(raw["budget"]) if "budget" in raw else None,
        )

    def _tables(self, dimensions: tuple[str, ...], instead: Path | None) -> tuple[TableSpec, ...]:
        listed = self._raw.get("tables") or [self._raw["table"]]
        if instead is not None and len(listed) > 1:
            raise _bad(self._path, "spec-which-table", _WHICH)
        return tuple(self._table(each, dimensions, instead) for each in listed)

    def _table(self, raw: Mapping[str, Any], dimensions: tuple[str, ...], instead: Path | None) -> TableSpec:
        self._only(raw, _TABLE)
        own = tuple(raw.get("dimensions", dimensions))
        supplier = raw.get("supplier")
        if not own or not set(own) <= set(dimensions) or (supplier is not None and supplier not in own):
            raise _bad(self._path, "spec-unknown-dimension", _UNKNOWN_DIMENSION)
        file = self._file(raw["file"]) if instead is None else instead
        rule = {**self._raw.get("rule", {}), **raw.get("rule", {})}
        giver = raw.get("giver")
        return TableSpec(
            name=str(raw.get("name", "")),
            file=file,
            value=str(raw["value"]),
            dimensions=own,
            rule=self._rule(rule) if giver is None else Rule(threshold=1, width=0, weight=self._weight(rule)),
            supplier=supplier,
            giver=giver,
            concentration=None if giver is None else self._concentration(rule),
            population=self._population(raw["population"]) if "population" in raw else None,
        )

    def _population(self, raw: Mapping[str, Any]) -> Population:
        self._only(raw, {"file", "value", "least"})
        return Population(self._file(raw["file"]), str(raw["value"]), self._whole(raw["least"], least=1))

    def _concentration(self, raw: Mapping[str, Any]) -> Concentration:
        self._only(raw, _AMOUNTS)
        if "p" in raw:
            return PriorPosterior(float(raw["p"]))
        n, k = raw["dominance"]
        return Dominance(self._whole(n, least=1), float(k))

    def _weight(self, raw: Mapping[str, Any]) -> float:
        return float(raw.get("weight", 1.0))

    def _rule(self, raw: Mapping[str, Any]) -> Rule:
        self._only(raw, _COUNTS)
        zeros = raw.get("zeros", "candidate")
        if zeros not in get_args(Zeros):
            raise _bad(self._path, "spec-zeros", _ZEROS)
        width, lower = raw.get("width"), raw.get("attacker_lower")
        return Rule(
            threshold=self._whole(raw.get("threshold", 5), least=1),
            width=None if width is None else self._whole(width, least=0),
            zeros=zeros,
            attacker_lower=None if lower is None else self._whole(lower, least=0),
            weight=self._weight(raw),
        )

    def _method(self) -> Method:
        method = self._raw.get("method", "suppression")
        if method not in get_args(Method):
            raise _bad(self._path, "spec-method", _METHOD)
        return cast(Method, method)

    def _selectors(self, key: str, dimensions: Mapping[str, object]) -> tuple[Selector, ...]:
        found = []
        for each in self._raw.get(key, ()):
            if not set(each) <= set(dimensions):
                raise _bad(self._path, "spec-unknown-dimension", _UNKNOWN_DIMENSION)
            found.append(
                {name: (code,) if isinstance(code, str) else tuple(code) for name, code in each.items()}
            )
        return tuple(found)

    def _whole(self, value: object, least: int) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            raise _bad(self._path, "spec-number", _NUMBER)
        return value

    def _only(self, raw: Mapping[str, Any], allowed: set[str]) -> None:
        if not set(raw) <= allowed:
            raise _bad(self._path, "spec-unknown-key", _UNKNOWN_KEY)

    def _files(self, files: str | list[str]) -> tuple[Path, ...]:
        return tuple(map(self._file, [files] if isinstance(files, str) else files))

    def _file(self, name: str) -> Path:
        return self._path.parent / name


def _bad(path: Path, code: str, rule_and_remedy: tuple[Text, Text]) -> BadUsage:
    return BadUsage(Finding(code, *rule_and_remedy, Place(file=path.name)))


_SEE = Text("Se docs/protect.md.", "See docs/protect.md.")
_MISSING = (
    Text(
        "Specifikationen finns inte eller går inte att läsa.", "The specification is missing or unreadable."
    ),
    Text("Kontrollera sökvägen.", "Check the path."),
)
_NOT_TOML = (Text("Specifikationen är inte giltig TOML.", "The specification is not valid TOML."), _SEE)
_INCOMPLETE = (
    Text(
        "Specifikationen saknar [table] med file och value, [dimensions], eller har fel sorts värde.",
        "The specification lacks [table] with file and value, or [dimensions], or has a wrong value.",
    ),
    _SEE,
)
_WHICH = (
    Text(
        "En tabell på kommandoraden kan bara ersätta den enda tabellen i specifikationen.",
        "A table on the command line can only replace the one table of the specification.",
    ),
    Text("Ange filerna i specifikationen.", "Name the files in the specification."),
)
_UNKNOWN_KEY = (Text("Specifikationen har en okänd nyckel.", "The specification has an unknown key."), _SEE)
_UNKNOWN_DIMENSION = (
    Text(
        "En tabell eller ett urval nämner en dimension som inte står under [dimensions].",
        "A table or a selection names a dimension that is not under [dimensions].",
    ),
    Text("Lägg till dimensionen eller rätta namnet.", "Add the dimension or mend its name."),
)
_ZEROS = (
    Text(
        "zeros är varken candidate, published eller unsafe.", "zeros is none of candidate, published, unsafe."
    ),
    _SEE,
)
_METHOD = (
    Text(
        "method är varken suppression, rounding eller cell_key.",
        "method is none of suppression, rounding, cell_key.",
    ),
    _SEE,
)
_NUMBER = (
    Text(
        "Ett tal i specifikationen är inget heltal som duger.", "A number in the specification will not do."
    ),
    Text(
        "Använd hela tal: threshold minst 1, övriga minst 0.",
        "Use whole numbers: threshold from 1, others from 0.",
    ),
)
