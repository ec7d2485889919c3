"""Reads a specification from TOML. What is wrong is told by key, so that it can be found and mended."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast, get_args

from lagesbild.core.language import Text
from lagesbild.core.linking import Identity
from lagesbild.core.refusal import BadUsage
from lagesbild.inside.protect.methods.magnitude import Concentration, Dominance, PriorPosterior
from lagesbild.inside.protect.problem.primary import Rule, Zeros

from .delivery import OWN_NAMES
from .fields import SEE, Fields, Raw, bad
from .spec import Hierarchies, Known, Method, Population, Selector, Spec, TableSpec

TOP = {
    "table", "tables", "dimensions", "rule", "identities", "earlier", "known", "publish", "hide", "method",
    "base", "key_file", "insider", "budget",
}  # fmt: skip
TABLE = {"name", "counts", "file", "value", "dimensions", "rule", "supplier", "giver", "population"}
COUNTS = {"threshold", "width", "zeros", "attacker_lower", "weight"}
AMOUNTS = {"dominance", "p", "weight"}
KNOWN = {"file", "table", "value", "dimensions", "accepted", "at"}
WHERE = "table"
"""Names a table under [[publish]] and [[hide]], unless a dimension has that name."""
EARLIER = {*KNOWN, "gone", "truth"}

PERTURBING = set(get_args(Method)) - {"suppression"}
"""Methods that show every cell."""

RESERVED = {"value", "status", "suppressed", "sdcStatus"}
"""Columns that a released table has besides its dimensions."""
MANY_GIVERS = 100
"""Of a rule of dominance; those in use name three at most."""
MOST_ASKED = 10_000
"""Of a threshold and of a width: the search looks at every way to split them."""


def read_spec(path: Path, table: Path | None = None) -> Spec:
    """The job that a file describes; `table` replaces the file of its single table. Raises BadUsage."""
    try:
        raw = tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise bad(path, "spec-missing", *_MISSING) from error
    except (ValueError, RecursionError) as error:  # ValueError also for digits without end
        raise bad(path, "spec-not-toml", _NOT_TOML, SEE) from error
    return _Reader(path, raw).spec(table)


class _Reader(Fields):
    def __init__(self, path: Path, raw: Raw) -> None:
        super().__init__(path)
        self._raw = raw

    def spec(self, instead: Path | None) -> Spec:
        raw = self._raw
        self._only(raw, TOP, "")
        tables = self._tables(instead)
        method = cast(Method, self._one_of("method", raw.get("method", "suppression"), get_args(Method)))
        if method in PERTURBING:
            self._nothing_hidden(tables)
        return Spec(
            file=self._path,
            tables=tables,
            identities=tuple(self._identity(each, tables) for each in self._list(raw, "identities")),
            earlier=tuple(self._known("earlier", each, tables) for each in self._list(raw, "earlier")),
            known=tuple(self._known("known", each, tables) for each in self._list(raw, "known")),
            publish=tuple(self._selectors("publish", tables)),
            hide=tuple(self._selectors("hide", tables)),
            method=method,
            base=self._whole("base", raw.get("base", 3), least=2),
            key_file=self._file("key_file", raw["key_file"]) if "key_file" in raw else None,
            insider=self._insider(tables),
            budget=self._number("budget", raw["budget"]) if "budget" in raw else None,
        )

    def _nothing_hidden(self, tables: Sequence[TableSpec]) -> None:
        """Raises BadUsage on keys about what to hide: nobody may think that they are heeded."""
        asked = {key for key in ("publish", "hide", "insider", "budget") if self._raw.get(key)}
        asked |= {"population" for table in tables if table.population is not None}
        asked |= {"supplier" for table in tables if table.supplier is not None}
        asked |= {"earlier.accepted" for each in self._list(self._raw, "earlier") if each.get("accepted")}
        for key in sorted(asked):
            raise self._bad("spec-only-suppression", *_only_suppression(key))

    def _tables(self, instead: Path | None) -> tuple[TableSpec, ...]:
        one, several = self._raw.get("table"), self._list(self._raw, "tables")
        if (one is None) == (not several):
            raise self._bad("spec-tables", _TABLES, SEE)
        listed = several or [self._kind("table", one, dict)]
        if instead is not None and len(listed) > 1:
            raise self._bad("spec-which-table", *_WHICH)
        shared = self._hierarchies("dimensions", self._raw.get("dimensions", {}))
        tables = tuple(self._table(each, shared, instead, len(listed) == 1) for each in listed)
        names = [table.name for table in tables]
        if len(set(names)) < len(names) or any(map(_no_folder, names)) or (len(names) > 1 and "" in names):
            raise self._bad("spec-table-names", *_NAMES)
        self._only(self._rules(self._raw), _of_rules(tables), "rule.")
        return tables

    def _table(self, raw: Raw, shared: Hierarchies, instead: Path | None, alone: bool) -> TableSpec:
        self._only(raw, TABLE, "table.")
        dimensions = self._dimensions(raw, shared)
        if not dimensions:
            raise self._lacks("dimensions")
        value = self._text("value", self._needed(raw, "value"))
        supplier, giver = (self._text(key, raw[key]) if key in raw else None for key in ("supplier", "giver"))
        for taken in sorted(set(dimensions) & {*RESERVED, value, giver}):
            raise self._bad("spec-reserved-name", *_taken(taken))
        if supplier is not None and supplier not in dimensions:
            raise self._unknown_dimension("supplier")
        if supplier is not None and giver is not None:
            raise self._bad("spec-supplier-giver", *_SUPPLIER_AND_GIVER)
        file = self._file("file", self._needed(raw, "file")) if instead is None else instead
        name = self._text("name", raw.get("name", "" if alone else file.stem))
        allowed, own = COUNTS if giver is None else AMOUNTS, self._rules(raw)
        self._only(own, allowed, "rule.")
        rule = {key: value for key, value in self._rules(self._raw).items() if key in allowed} | own
        return TableSpec(
            name=name,
            counts=self._text("counts", raw.get("counts", name)),
            declared=raw.get("counts", ""),
            file=file,
            value=value,
            dimensions=dimensions,
            rule=self._rule(rule) if giver is None else Rule(threshold=1, width=0, weight=self._weight(rule)),
            supplier=supplier,
            giver=giver,
            concentration=None if giver is None else self._concentration(rule),
            population=self._population(raw["population"]) if "population" in raw else None,
        )

    def _insider(self, tables: Sequence[TableSpec]) -> bool:
        """Who alone gave an amount knows it: amounts are guarded against insiders unless told otherwise."""
        givers = any(table.giver is not None for table in tables)
        insider = self._kind("insider", self._raw.get("insider", givers), bool)
        if insider and not givers and all(table.supplier is None for table in tables):
            raise self._bad("spec-no-insider", *_NO_INSIDER)
        return cast(bool, insider)

    def _dimensions(self, raw: Raw, shared: Hierarchies) -> Hierarchies:
        """Those of the whole specification, some of them, or with hierarchy files of its own."""
        own = raw.get("dimensions", list(shared))
        if isinstance(own, Mapping):
            return self._hierarchies("dimensions", own)
        names = self._texts("dimensions", own)
        for number, name in enumerate(names, 1):
            if name not in shared:
                raise self._unknown_dimension(f"dimensions[{number}]")
        return {name: shared[name] for name in names}

    def _hierarchies(self, key: str, raw: object) -> Hierarchies:
        named = self._kind(key, raw, dict)
        return {name: self._files(f"{key}.{name}", files) for name, files in named.items()}

    def _population(self, raw: object) -> Population:
        own = self._kind("population", raw, dict)
        self._only(own, {"file", "value", "least"}, "population.")
        return Population(
            self._file("population.file", self._needed(own, "file")),
            self._text("population.value", self._needed(own, "value")),
            self._whole("population.least", self._needed(own, "least"), least=1),
        )

    def _rules(self, raw: Raw) -> dict[str, Any]:
        return cast(dict[str, Any], self._kind("rule", raw.get("rule", {}), dict))

    def _rule(self, raw: Raw) -> Rule:
        def whole(key: str, least: int) -> int | None:
            return self._whole(key, raw[key], least, MOST_ASKED) if key in raw else None

        believed = whole("attacker_lower", 0) or 0
        if believed > 1 or (believed and raw.get("zeros") == "unsafe"):
            raise self._bad("spec-belief", *_BELIEF)
        return Rule(
            threshold=self._whole("threshold", raw.get("threshold", 5), least=1, most=MOST_ASKED),
            width=whole("width", 1),
            zeros=cast(Zeros, self._one_of("zeros", raw.get("zeros", "candidate"), get_args(Zeros))),
            attacker_lower=whole("attacker_lower", 0),
            weight=self._weight(raw),
        )

    def _concentration(self, raw: Raw) -> Concentration:
        if ("p" in raw) == ("dominance" in raw):
            raise self._bad("spec-concentration", *_CONCENTRATION)
        if "p" in raw:
            return PriorPosterior(self._number("p", raw["p"]))
        pair = self._kind("dominance", raw["dominance"], list)
        if len(pair) != 2:
            raise self._bad("spec-concentration", *_CONCENTRATION)
        share = self._number("dominance", pair[1], above=1)
        if share >= 100:
            raise self._bad("spec-concentration", *_SHARE)
        return Dominance(self._whole("dominance", pair[0], least=1, most=MANY_GIVERS), share)

    def _weight(self, raw: Raw) -> float:
        return self._number("weight", raw.get("weight", 1.0))

    def _identity(self, raw: Raw, tables: Sequence[TableSpec]) -> Identity:
        self._only(raw, {"total", "parts"}, "identities.")
        total, parts = self._needed(raw, "total"), self._texts("parts", self._needed(raw, "parts"))
        named = (self._text("total", total), *parts)
        if len(set(named)) < len(named) or not parts:
            raise self._bad("spec-identity", *_IDENTITY)
        keys = ("total", *(f"parts[{number}]" for number in range(1, len(parts) + 1)))
        counted = [self._named(key, name, tables).counts for key, name in zip(keys, named, strict=True)]
        return Identity(counted[0], tuple(counted[1:]))

    def _known(self, kind: str, raw: Raw, tables: Sequence[TableSpec]) -> Known:
        self._only(raw, EARLIER if kind == "earlier" else KNOWN, f"{kind}.")
        file = self._file("file", self._needed(raw, "file"))
        table = self._text("table", raw["table"]) if "table" in raw else None
        if table is not None:
            self._named("table", table, tables)
        elif len(tables) > 1 and ("truth" in raw or not file.is_dir()):
            raise self._bad("spec-known-table", *_KNOWN_TABLE)
        return Known(
            file,
            table,
            self._text("value", raw.get("value", "value")),
            self._hierarchies("dimensions", raw.get("dimensions", {})),
            self._kind("accepted", raw.get("accepted", False), bool),
            tuple(self._texts("gone", raw.get("gone", []))),
            self._file("truth", raw["truth"]) if "truth" in raw else None,
            self._at(raw.get("at", {}), tables),
        )

    def _at(self, raw: object, tables: Sequence[TableSpec]) -> Mapping[str, str]:
        own = self._kind("at", raw, dict)
        for name in own:
            if not any(name in table.dimensions for table in tables):
                raise self._unknown_dimension(f"at.{name}")
        return {name: self._text(f"at.{name}", code) for name, code in own.items()}

    def _named(self, key: str, name: str, tables: Sequence[TableSpec]) -> TableSpec:
        for table in tables:
            if table.name == name:
                return table
        raise self._bad(
            "spec-unknown-table",
            Text(f"{key} är inte namnet på någon tabell.", f"{key} is the name of no table."),
            Text("Rätta namnet, eller ge tabellen det.", "Mend the name, or give it to the table."),
        )

    def _selectors(self, key: str, tables: Sequence[TableSpec]) -> Iterator[Selector]:
        dimensions = {name for table in tables for name in table.dimensions}
        for number, each in enumerate(self._list(self._raw, key), 1):
            for name in each:
                if name not in {*dimensions, WHERE}:
                    raise self._unknown_dimension(f"{key}[{number}].{name}")
                if each[name] == []:
                    raise self._wrong(f"{key}[{number}].{name}")
            wanted = {
                name: tuple(map(str, code)) if isinstance(code, list) else (str(code),)
                for name, code in each.items()
            }
            within = () if WHERE in dimensions else wanted.pop(WHERE, ())
            for name in within:
                self._named(f"{key}[{number}].{WHERE}", name, tables)
            yield Selector(wanted, within)

    def _unknown_dimension(self, key: str) -> BadUsage:
        return self._bad(
            "spec-unknown-dimension",
            Text(f"{key} är ingen av tabellernas dimensioner.", f"{key} is none of the tables' dimensions."),
            Text(
                "Lägg till den under [dimensions] eller rätta namnet.",
                "Add it under [dimensions] or mend its name.",
            ),
        )


def _of_rules(tables: Sequence[TableSpec]) -> set[str]:
    """Keys that [rule] may have: each must be of use to some table."""
    return set().union(*(COUNTS if table.giver is None else AMOUNTS for table in tables))


def _taken(name: str) -> tuple[Text, Text]:
    return (
        Text(f"En dimension kan inte heta {name}.", f"A dimension cannot be called {name}."),
        Text("Byt namn på kolumnen.", "Give the column another name."),
    )


def _only_suppression(key: str) -> tuple[Text, Text]:
    return (
        Text(
            f"{key} säger vad som ska döljas, men avrundning och brus visar alla celler.",
            f"{key} says what to hide, but rounding and noise show every cell.",
        ),
        Text(
            f'Använd method = "suppression", eller ta bort {key}.',
            f'Use method = "suppression", or leave {key} out.',
        ),
    )


def _no_folder(name: str) -> bool:
    """Whether a table's files cannot lie in a folder of its name."""
    return name.lower() in OWN_NAMES or name.startswith(".") or bool(set(name) & set("/\\\0"))


_MISSING = (
    Text(
        "Specifikationen finns inte eller går inte att läsa.", "The specification is missing or unreadable."
    ),
    Text("Kontrollera sökvägen.", "Check the path."),
)
_NOT_TOML = Text("Specifikationen är inte giltig TOML.", "The specification is not valid TOML.")
_TABLES = Text(
    "Specifikationen ska ha antingen en [table] eller flera [[tables]].",
    "The specification must have either one [table] or several [[tables]].",
)
_WHICH = (
    Text(
        "En tabell på kommandoraden kan bara ersätta den enda tabellen i specifikationen.",
        "A table on the command line can only replace the one table of the specification.",
    ),
    Text("Ange filerna i specifikationen.", "Name the files in the specification."),
)
_NAMES = (
    Text(
        "Två tabeller heter lika, eller en heter så att ingen mapp kan ha namnet.",
        "Two tables have one name, or one has a name that no folder can have.",
    ),
    Text("Ge varje tabell ett eget name.", "Give each table a name of its own."),
)
_CONCENTRATION = (
    Text(
        "En tabell med giver ska ha antingen p eller dominance = [n, k].",
        "A table with giver needs either p or dominance = [n, k].",
    ),
    Text("Skriv en av dem under [rule].", "Write one of them under [rule]."),
)
_SHARE = (
    Text(
        "dominance = [n, k] med k från 100 gör ingen cell osäker.",
        "dominance = [n, k] with k from 100 makes no cell unsafe.",
    ),
    Text("Skriv en andel i procent under 100.", "Write a share in per cent below 100."),
)
_BELIEF = (
    Text(
        "attacker_lower säger mer om dolda celler än vad som är sant.",
        "attacker_lower says more of hidden cells than is true.",
    ),
    Text(
        "Låt det vara 0, eller 1 där ingen nolla döljs (inte med zeros = unsafe).",
        "Let it be 0, or 1 where no zero is hidden (not with zeros = unsafe).",
    ),
)
_SUPPLIER_AND_GIVER = (
    Text("En tabell har antingen supplier eller giver.", "A table has either supplier or giver."),
    Text(
        "Ta bort supplier: den som är ensam givare i en cell känner den ändå.",
        "Take supplier out: who is alone to give to a cell knows it anyway.",
    ),
)
_NO_INSIDER = (
    Text(
        "insider skyddar mot dem som känner sina egna celler, men ingen tabell säger vilka de är.",
        "insider protects against those who know their own cells, but no table says who they are.",
    ),
    Text("Ange supplier eller giver i en tabell, eller ta bort insider.",
         "Name supplier or giver in a table, or take insider out."),
)  # fmt: skip
_IDENTITY = (
    Text(
        "En identitet ska ha en total och delar som alla är olika tabeller.",
        "An identity needs a total and parts that are all different tables.",
    ),
    Text("Rätta total och parts.", "Mend total and parts."),
)
_KNOWN_TABLE = (
    Text(
        "Ett känt material säger inte vilken tabell det visar.",
        "Known material does not say which table it shows.",
    ),
    Text("Skriv table = namnet.", "Write table = the name."),
)
