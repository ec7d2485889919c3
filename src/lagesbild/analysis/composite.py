"""Several indicators as one index: the steps of the OECD and JRC handbook, with weights as ranges."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from lagesbild.core.language import Text

from .answer.reason import Reason
from .answer.result import Answer, Declined, Row, Warned
from .inversion import by_enumeration
from .method import REPLICATES, SEED, Column, Method, Option, number, one_of, text
from .table.periods import refuse_repeated
from .table.tidy import Numbers, Texts, Tidy

DRAWS = 1000
LEVEL = 0.95


@dataclass(frozen=True)
class Structure:
    """Which indicator or group belongs to which group, its weight, and its direction (-1: less is better).

    `parents` is in order from the lowest groups to the index, the last.
    """

    parent_of: Mapping[str, str]
    weight: Mapping[str, float]
    direction: Mapping[str, float]
    indicators: tuple[str, ...]
    parents: tuple[str, ...]

    def children(self, parent: str) -> tuple[str, ...]:
        return tuple(child for child, above in self.parent_of.items() if above == parent)


def composite(
    values: Mapping[str, Numbers], structure: Structure, weight: Mapping[str, Numbers], geometric: bool
) -> dict[str, Numbers]:
    """The index and every group: weighted means of the children that are there, level by level.

    `values` are normalised indicators (areas); each weight is an array over draws, and so is each result:
    (draws, areas). A missing child leaves the mean to its sisters.
    """
    scores = {name: np.asarray(column)[None, :] for name, column in values.items()}
    for parent in structure.parents:
        names = structure.children(parent)
        parts = np.array(
            [np.broadcast_to(scores[name], (len(weight[name]), values_size(values))) for name in names]
        )
        shares = np.array([weight[name][:, None] * np.ones(values_size(values)) for name in names])
        shares = np.where(np.isnan(parts), 0.0, shares)
        with np.errstate(divide="ignore", invalid="ignore"):
            filled = np.nan_to_num(np.log(np.maximum(parts, 1e-9)) if geometric else parts)
            mean = (shares * filled).sum(0) / shares.sum(0)
        scores[parent] = np.exp(mean) if geometric else mean
    return scores


def values_size(values: Mapping[str, Numbers]) -> int:
    return len(next(iter(values.values())))


def normalised(values: Numbers, direction: float, how: str) -> Numbers:
    """minmax: 0 to 100 over areas; zscore: mean 0, deviation 1; rank: the share of areas below, 0 to 100."""
    turned = values * direction
    if how == "zscore":
        spread = np.nanstd(turned, ddof=1)
        return np.asarray((turned - np.nanmean(turned)) / (spread or 1.0))
    if how == "rank":
        known = ~np.isnan(turned)
        below = (turned[None, :] < turned[:, None]).sum(1) / max(known.sum() - 1, 1)
        return np.where(known, 100.0 * below, np.nan)
    low, high = np.nanmin(turned), np.nanmax(turned)
    return np.asarray(100 * (turned - low) / ((high - low) or 1.0))


def rank(scores: Numbers) -> Numbers:
    """1 is the highest, along the last axis; NaN where there is no score."""
    above = (scores[..., None, :] > scores[..., :, None]).sum(-1)
    return np.where(np.isnan(scores), np.nan, 1.0 + above)


def _run(
    table: Tidy, meta: Tidy | None, normalise: str, aggregate: str, weight_range: float, draws: int, seed: int
) -> Answer:
    refuse_repeated(table, table.codes("area"))
    if len(table) < 3:
        raise Declined(Reason.TOO_FEW_AREAS)
    structure = _flat(table) if meta is None else _structure(meta, table)
    table.require(*structure.indicators)
    raw = {name: table.numbers(name) for name in structure.indicators}
    if any(np.isnan(column).all() for column in raw.values()):
        raise Declined(Reason.MISSING)
    values = {name: normalised(column, structure.direction[name], normalise) for name, column in raw.items()}
    geometric = aggregate == "geometric"
    fixed = composite(values, structure, {n: np.array([w]) for n, w in structure.weight.items()}, geometric)
    source = np.random.default_rng(seed)
    span = {
        name: weight * source.uniform(1 - weight_range, 1 + weight_range, draws)
        for name, weight in structure.weight.items()
    }
    index = structure.parents[-1]
    drawn = rank(composite(values, structure, span, geometric)[index])
    placed = rank(fixed[index][0])
    shares = [(1 - LEVEL) / 2, 0.5, (1 + LEVEL) / 2]
    ends = np.where(np.isnan(placed), np.nan, np.quantile(drawn, shares, axis=0, method="inverted_cdf"))
    missing = np.mean([np.isnan(column) for column in raw.values()], axis=0)
    rows = [
        {
            **{name: table.columns[name][i] for name in table if name not in raw},
            "rank": placed[i],
            "rank_lower": ends[0, i],
            "rank_median": ends[1, i],
            "rank_upper": ends[2, i],
            **{parent: fixed[parent][0, i] for parent in reversed(structure.parents)},
            "missing_share": missing[i],
            "reason": "" if np.isfinite(placed[i]) else Reason.MISSING,
        }
        for i in range(len(table))
    ]
    return Answer(rows, _summary(structure, placed, ends), (_NOT_A_MEASURE,))


def _summary(structure: Structure, placed: Numbers, ends: Numbers) -> Row:
    return {
        "index": structure.parents[-1],
        "groups": list(structure.parents[:-1]),
        "indicators": list(structure.indicators),
        "mean_rank_width": float(np.nanmean(ends[2] - ends[0])),
    }


def _flat(table: Tidy) -> Structure:
    """Without a meta table every column of numbers weighs the same in the one index."""
    names = tuple(name for name in table if name != "area" and table.is_numbers(name))
    if not names:
        raise Declined(Reason.MISSING)
    every = dict.fromkeys(names, 1.0)
    return Structure(dict.fromkeys(names, "Index"), every, every, names, ("Index",))


def _structure(meta: Tidy, table: Tidy) -> Structure:
    named = _META.with_own_names(meta)
    code, parent = named.text("code"), named.text("parent")
    weight, direction = named.filled("weight", 1.0), named.filled("direction", 1.0)
    # Denominators and grouping variables stand in the same table without a parent; the index has none either.
    inside = [i for i in range(len(named)) if parent[i]]
    above = {str(code[i]): str(parent[i]) for i in inside}
    parents = sorted(set(above.values()), key=lambda name: (-_depth(name, above), _place(name, code)))
    given = {str(code[i]): (weight[i], direction[i]) for i in range(len(named))}
    return Structure(
        above,
        {name: float(np.nan_to_num(given[name][0], nan=1.0)) for name in above},
        {name: float(np.nan_to_num(given[name][1], nan=1.0)) for name in above},
        tuple(name for name in above if name not in set(above.values())),
        tuple(parents),
    )


def _depth(name: str, above: Mapping[str, str]) -> int:
    steps = 0
    while name in above and steps <= len(above):
        name, steps = above[name], steps + 1
    return steps


def _place(name: str, code: Texts) -> int:
    found = np.flatnonzero(code == name)
    return int(found[0]) if len(found) else len(code)


_META = Method(
    "meta",
    Text("indikatorernas ordning", "the indicators' order"),
    (
        Column("code", Text("indikator eller grupp", "indicator or group"), ("iCode", "indicator", "name")),
        Column("parent", Text("gruppen ovanför", "the group above"), ("Parent", "group")),
        Column("weight", Text("vikt", "weight"), ("Weight", "vikt"), False, True),
        Column("direction", Text("1 eller −1", "1 or −1"), ("Direction", "riktning"), False, True),
    ),
    (),
    lambda table: Answer(),
)

_NOT_A_MEASURE = Warned(
    "weights_are_opinions",
    Text(
        "Vikterna är åsikter. Läs rangintervallet, inte rangen.",
        "The weights are opinions. Read the rank interval, not the rank.",
    ),
)

COMPOSITE = Method(
    "composite",
    Text(
        "Hur står sig områdena när flera mått vägs ihop?",
        "How do areas stand when several measures are weighed?",
    ),
    (
        Column(
            "area",
            Text("område", "area"),
            (
                "uCode",
                "unit",
                "area_code",
                "code",
                "id",
                "municipality",
                "county",
                "region",
                "country",
                "kommun",
            ),
        ),
    ),
    (
        Option(
            "meta",
            Text("Fil med code, parent, weight, direction.", "File with code, parent, weight, direction."),
            text,
            is_table=True,
        ),
        Option(
            "normalise",
            Text("minmax, zscore eller rank.", "minmax, zscore or rank."),
            one_of("minmax", "zscore", "rank"),
            "minmax",
        ),
        Option(
            "aggregate",
            Text("arithmetic eller geometric.", "arithmetic or geometric."),
            one_of("arithmetic", "geometric"),
            "arithmetic",
        ),
        Option(
            "weight_range",
            Text(
                "Vikterna får vara så mycket mindre eller större: 0.5 är hälften till halvannan gång.",
                "Weights may be this much smaller or larger: 0.5 is half to one and a half times.",
            ),
            number(0, 1),
            0.5,
        ),
        Option(
            "draws", Text("Antal dragningar av vikter.", "Number of draws of weights."), REPLICATES, DRAWS
        ),
        SEED,
    ),
    _run,
    by_enumeration,
)
