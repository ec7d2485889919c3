"""What a delivery showed and this one has no more: given up, or renamed without anybody saying so."""

from collections.abc import Iterator, Sequence

from lagesbild.core.language import Text
from lagesbild.core.refusal import Finding, Place, Refusal
from lagesbild.core.table import Table

from .sources import Source, leaves_then, perturbed_sources, sources
from .spec import Spec


def refuse_renamed(spec: Spec, tables: Sequence[Table]) -> None:
    """Raises Refusal where a table, a dimension or finest codes of an earlier delivery are in none of
    today's `tables`, and `gone` does not say that they are meant to be.

    Under another name the same counts would be taken for others, and nothing that the delivery showed of
    them would be reckoned with. Totals that are gone do no harm: their parts still tell what they were.
    """
    found: list[Finding] = []
    every = [*sources(spec), *perturbed_sources(spec)]
    for known in spec.earlier:
        own = [source for source in every if source.known.file == known.file and known.file.is_dir()]
        its = [source for source in own if source.known.table == known.table]
        for source in its:
            gone = [each for each in _gone(source, spec, tables) if each[0] not in known.gone]
            found += [_finding(source, spec, *each) for each in gone]
        there = {name for source in its for name in (source.of.name, *leaves_then(source))}
        if set(known.gone) - there:
            found.append(Finding("gone-unknown", *_UNKNOWN, Place(file=spec.file.name)))
    if found:
        raise Refusal(*dict.fromkeys(found))


def _gone(source: Source, spec: Spec, tables: Sequence[Table]) -> Iterator[tuple[str, Text]]:
    """By name what is gone, and what to say of it."""
    if source.counts not in {each.counts for each in spec.tables} and source.of not in spec.tables:
        yield source.of.name, _TABLE
        return
    codes: dict[str, set[str]] = {}
    for table in tables:
        for dimension in table.dimensions:
            codes.setdefault(dimension.name, set()).update(dimension.codes)
    for name, leaves in leaves_then(source).items():
        if name not in codes:
            # Codes that were mapped into one may leave no dimension to tell them apart.
            if name not in source.known.dimensions:
                yield name, _DIMENSION
        elif many := len([together for together in leaves if not together & codes[name]]):
            yield name, Text(_CODES.sv.format(many), _CODES.en.format(many))


def _finding(source: Source, spec: Spec, name: str, what: Text) -> Finding:
    told = Text(f"{what.sv}: {name}.", f"{what.en}: {name}.")
    remedy = Text(_REMEDY.sv.format(name), _REMEDY.en.format(name))
    return Finding("earlier-gone", told, remedy, Place(file=f"{spec.file.name}: {source.known.file.name}"))


_TABLE = Text(
    "Den tidigare utgåvan har en tabell som inte finns längre",
    "The earlier release has a table that is there no more",
)
_DIMENSION = Text(
    "Den tidigare utgåvan har en dimension som inte finns längre",
    "The earlier release has a dimension that is there no more",
)
_CODES = Text(
    "Den tidigare utgåvan har {} finaste koder som inte finns längre, i dimensionen",
    "The earlier release has {} finest codes that are there no more, in the dimension",
)
_UNKNOWN = (
    Text(
        "gone under [[earlier]] nämner något som utgåvan varken har som tabell eller som dimension.",
        "gone under [[earlier]] names what the release has neither as a table nor as a dimension.",
    ),
    Text("Rätta namnet.", "Mend the name."),
)
_REMEDY = Text(
    "Har de bytt namn: använd det gamla, eller ange dimensions (gamla koder under nya) under [[earlier]], "
    'counts för en tabell. Är de borttagna: skriv gone = ["{}"] under [[earlier]].',
    "If renamed: use the old name, or give dimensions (old codes below new ones) under [[earlier]], counts "
    'for a table. If given up: write gone = ["{}"] under [[earlier]].',
)
