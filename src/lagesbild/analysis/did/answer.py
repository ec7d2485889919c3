"""`did`: what the measure did where it came, when places took it at different times."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from lagesbild.core.language import Text

from .. import longitudinal
from ..answer.reason import Reason
from ..answer.result import Answer, Declined, Warned
from ..inversion import by_enumeration
from ..longitudinal import FIRST, OUTCOME, PERIOD, PROTECTED, TREATED, UNIT, WHEN, WHICH, Longitudinal
from ..method import REPLICATES, SEED, Method, Option, integer, levels, one_of, text, texts
from ..table.arrays import Bools, Floats, Integers
from ..table.tidy import Tidy
from . import aggregate, bootstrap, group_time, two_period
from .aggregate import Gathered
from .group_time import Cell, Setting
from .panel import Panel
from .small_samples import Precision, precision

FEW_UNITS = 5
KEY = {"dynamic": "event_time", "group": "group", "calendar": "period"}


@dataclass(frozen=True)
class Asked:
    """The options of one run."""

    estimator: str
    comparison: str
    base: str
    anticipation: int
    bootstraps: int
    seed: int
    level: float


def estimate(
    table: Tidy,
    covariates: tuple[str, ...] | None = None,
    estimator: str = "dr",
    comparison: str = "both",
    base: str = "varying",
    anticipation: int = 0,
    treated: tuple[str, ...] | None = None,
    at: str | None = None,
    bootstraps: int = 1000,
    seed: int = 1,
    level: Sequence[float] = (0.95,),
    weights: str | None = None,
    cluster: str | None = None,
) -> Answer:
    """Group-time effects and what they gather to, against the never treated and against the not yet
    treated."""
    asked = Asked(estimator, comparison, base, anticipation, bootstraps, seed, level[0])
    data = longitudinal.read(table)
    whole = data.at(data.complete)
    panel, noise = read_panel(whole, covariates or (), treated, at, weights, cluster)
    if covariates and noise.any():
        raise Declined(Reason.PROTECTED)
    kinds = ("never", "notyet") if comparison == "both" else (comparison,)
    parts = [compared(panel, noise, kind, asked) for kind in kinds]
    if not any(part.rows for part in parts):
        raise Declined(Reason.NO_COMPARISON_GROUP)
    rows = [row for part in parts for row in part.rows]
    told = {kind: part.summary for kind, part in zip(kinds, parts, strict=True)}
    dropped = len(data.units) - panel.units
    facts = {"units": panel.units, "periods": list(whole.periods), "units_left_out": dropped}
    return Answer(rows, facts | told | {"sentence": sentence(rows)}, warnings(panel, dropped))


def read_panel(
    data: Longitudinal,
    covariates: tuple[str, ...],
    treated: tuple[str, ...] | None,
    at: str | None,
    weights: str | None,
    cluster: str | None,
) -> tuple[Panel, Floats]:
    """The panel of middles, and how far each outcome may be from it (units, periods)."""
    data.table.require(*covariates, *(name for name in (weights, cluster) if name is not None))
    place = longitudinal.first_treated(data, treated, at)
    if len(data.periods) < 2:
        raise Declined(Reason.TOO_FEW_POINTS)
    times = data.times
    first = np.where(np.isfinite(place), times[np.where(np.isfinite(place), place, 0).astype(int)], np.inf)
    weight = data.matrix(weights) if weights is not None else np.ones(data.lower.shape)
    if (weight < 0).any():
        raise Declined(Reason.IMPOSSIBLE)
    columns = [np.zeros((*data.lower.shape, 0)), *(data.matrix(name)[:, :, None] for name in covariates)]
    beside = np.concatenate(columns, axis=2)
    panel = Panel(data.middle, times, first, beside, weight, cluster_of(data, cluster))
    known: Bools = ~np.isnan(beside).any(axis=(1, 2)) & (weight > 0).all(axis=1)
    panel, noise = panel.at(known), ((data.upper - data.lower) / 2)[known]
    first = panel.first
    if not np.isfinite(first).any() or (
        np.isfinite(first[~np.isnan(first)]).all() and len(np.unique(first)) == 1
    ):
        raise Declined(Reason.NO_COMPARISON_GROUP)
    kept = panel.first > times[0]
    if not len(panel.groups):
        raise Declined(Reason.NO_POINTS_BEFORE)
    return panel.with_a_before(), noise[kept]


def cluster_of(data: Longitudinal, column: str | None) -> Integers:
    """(units,): the number of the cluster that each unit stands in at the first period; its own without."""
    if column is None:
        return np.arange(len(data.units))
    numbers: Integers = np.unique(data.table.text(column)[data.row[:, 0]], return_inverse=True)[1]
    return numbers


@dataclass(frozen=True)
class Part:
    """What one comparison group gives."""

    rows: list[dict[str, Any]]
    summary: dict[str, Any]


def compared(panel: Panel, noise: Floats, kind: str, asked: Asked) -> Part:
    """Every effect against one comparison group."""
    estimator = two_period.ESTIMATORS[asked.estimator]
    setting = Setting(estimator, kind, asked.base, asked.anticipation)  # type: ignore[arg-type]
    cells = group_time.cells(panel, setting)
    if not cells:
        return Part([], {"reason": Reason.NO_COMPARISON_GROUP})
    reach = [hidden_reach(panel, noise, setting, cell) for cell in cells]
    effects = [Gathered("att", None, cell.att, cell.influence) for cell in cells]
    rows = described(panel, effects, reach, kind, asked)
    for row, cell in zip(rows, cells, strict=True):
        row |= {
            "group": cell.group,
            "period": cell.period,
            "treated": cell.treated,
            "compared": cell.compared,
        }
        row |= {"post": cell.post} | (WITHHELD if alone(panel, cell) else {})
    gathered = [
        row for gather in GATHERERS for row in gathered_rows(panel, cells, reach, gather, kind, asked)
    ]
    together = tuple(
        replace(cell, influence=panel.clustered(cell.influence)) for cell in cells if not alone(panel, cell)
    )
    return Part(rows + gathered, {"pre_test": pre_test(together)})


GATHERERS = (aggregate.simple, aggregate.dynamic, aggregate.group, aggregate.calendar)


def gathered_rows(
    panel: Panel, cells: Sequence[Cell], reach: Sequence[float], gather: Any, kind: str, asked: Asked
) -> list[dict[str, Any]]:
    """The gathered effects; what hiding adds, and what rests on single places, is gathered likewise."""
    found = gather(panel, cells)
    apart = gather(panel, [replace(cell, att=far) for cell, far in zip(cells, reach, strict=True)])
    lone = gather(panel, [replace(cell, att=float(alone(panel, cell))) for cell in cells])
    parts = list(zip(found, apart, lone, strict=True))
    rows = []
    for group in ([p for p in parts if p[0].key is not None], [p for p in parts if p[0].key is None]):
        if group:
            effects, far = [one for one, _, _ in group], [reach.att for _, reach, _ in group]
            shown = described(panel, effects, far, kind, asked)
            rows += [
                row | (WITHHELD if share.att > MOST_ALONE else {})
                for row, (_, _, share) in zip(shown, group, strict=True)
            ]
    return rows


def described(
    panel: Panel, effects: Sequence[Gathered], reach: Sequence[float], kind: str, asked: Asked
) -> list[dict[str, Any]]:
    """Rows with errors, pointwise limits and a band that holds for all the effects at once."""
    effects = [replace(one, influence=panel.clustered(one.influence)) for one in effects]
    first = panel.cluster_first
    band = bootstrap.band(
        np.column_stack([one.influence for one in effects]), asked.bootstraps, asked.seed, asked.level
    )
    rows = []
    for one, far, error in zip(effects, reach, band.errors, strict=True):
        few = precision(one.influence, first)
        row = effect_row(one, far, few, band.critical, kind, asked.level)
        rows.append(row | {"se": float(error)})
    return rows


def effect_row(
    one: Gathered, far: float, few: Precision, critical: float, kind: str, level: float
) -> dict[str, Any]:
    """One effect; `far` is how much hidden cells may move it, added to every limit."""
    row: dict[str, Any] = {"comparison": kind, "kind": one.kind}
    if one.key is not None:
        row[KEY[one.kind]] = one.key
    row |= {"att": one.att if far == 0 else None, "se_analytic": one.error, "se": None}
    for name, reach in (("", few.reach(level)), ("band_", few.joint_reach(critical))):
        row |= {f"{name}lower": one.att - far - reach, f"{name}upper": one.att + far + reach}
    row |= {"p": few.p(max(abs(one.att) - far, 0.0)), "df": few.freedom}
    return row | ({"reason": Reason.PROTECTED} if far > 0 else {})


def hidden_reach(panel: Panel, noise: Floats, setting: Setting, cell: Cell) -> float:
    """How far the effect may lie from the middle when cells are hidden.

    Both means, both periods, at their worst.
    """
    if not noise.any():
        return 0.0
    now = int(np.searchsorted(panel.periods, cell.period))
    base = group_time.base_period(panel, cell.group, now, setting)
    treated = panel.first == cell.group
    others = group_time.comparison(panel, setting, cell.group, max(base or 0, now))
    moved = noise[:, now] + noise[:, base or 0]
    weight = panel.weights[:, min(now, base or 0)]
    return float(sum(np.average(moved[who], weights=weight[who]) for who in (treated, others)))


def alone(panel: Panel, cell: Cell) -> bool:
    """One treated place (or cluster of them) or one to compare with: its own chance cannot be seen."""
    return cell.compared == 1 or len(np.unique(panel.cluster[panel.first == cell.group])) == 1


MOST_ALONE = 0.5
"""A gathered effect has no error either when more than this share of it rests on places that are alone."""

WITHHELD: dict[str, Any] = {
    **dict.fromkeys(("se_analytic", "se", "lower", "upper", "band_lower", "band_upper", "p")),
    "reason": Reason.TOO_FEW_AREAS,
}


def pre_test(cells: tuple[Cell, ...]) -> dict[str, Any] | None:
    """Did the groups move alike before? A low p says no; a high p does not say yes."""
    found = group_time.pre_test(cells)
    return None if found is None else {"statistic": found.statistic, "df": found.freedom, "p": found.p}


def sentence(rows: Sequence[dict[str, Any]]) -> Text:
    """The verdict in words, from the overall effect by group."""
    overall = next((row for row in rows if row["kind"] == "group_overall"), None)
    if overall is None or overall["lower"] is None:
        return Text(
            "Det går inte att säga om åtgärden gjorde skillnad.", "Nobody can tell if the measure mattered."
        )
    if overall["lower"] <= 0 <= overall["upper"]:
        return Text(
            "Skillnaden kan vara slump: intervallet rymmer noll.",
            "The difference may be chance: the interval holds zero.",
        )
    if overall["upper"] < 0:
        return Text(
            "Det mätta sjönk där åtgärden kom, mer än på andra håll.",
            "What was measured fell where the measure came, more than elsewhere.",
        )
    return Text(
        "Det mätta steg där åtgärden kom, mer än på andra håll.",
        "What was measured rose where the measure came, more than elsewhere.",
    )


def warnings(panel: Panel, dropped: int) -> tuple[Warned, ...]:
    found = []
    if any((panel.first == group).sum() < FEW_UNITS for group in panel.groups):
        found.append(SMALL_GROUPS)
    if dropped:
        found.append(LEFT_OUT)
    return tuple(found)


SMALL_GROUPS = Warned(
    "small_groups",
    Text(
        "Någon grupp har färre än fem enheter; dess felmarginal är för liten.",
        "Some group has fewer than five units; its margin of error is too small.",
    ),
)
LEFT_OUT = Warned(
    "left_out",
    Text(
        "Enheter utan alla perioder, eller med åtgärden från början, är inte med.",
        "Units without all periods, or with the measure from the start, are left out.",
    ),
)

DID = Method(
    "did",
    Text("Gjorde åtgärden skillnad, jämfört med andra?", "Did the measure matter, compared with others?"),
    (UNIT, PERIOD, OUTCOME, FIRST, TREATED, *PROTECTED),
    (
        Option("covariates", Text("Kolumner att justera för.", "Columns to adjust for."), texts),
        Option(
            "estimator",
            Text("dr, reg eller ipw.", "dr, reg or ipw."),
            one_of("dr", "reg", "ipw"),
            "dr",
        ),
        Option(
            "comparison",
            Text("never, notyet eller both.", "never, notyet or both."),
            one_of("never", "notyet", "both"),
            "both",
        ),
        Option(
            "base",
            Text("varying eller universal.", "varying or universal."),
            one_of("varying", "universal"),
            "varying",
        ),
        Option(
            "anticipation",
            Text(
                "Perioder före starten då verkan kan ha börjat.",
                "Periods before the start when it may have begun.",
            ),
            integer(),
            0,
        ),
        WHICH,
        WHEN,
        Option(
            "bootstraps",
            Text("Antal bootstrapomgångar.", "Number of bootstrap replicates."),
            REPLICATES,
            1000,
        ),
        SEED,
        Option("level", Text("Konfidensnivå.", "Confidence level."), levels, (0.95,)),
        Option(
            "weights",
            Text("Kolumn med enheternas vikter.", "Column of the units' weights."),
            text,
        ),
        Option(
            "cluster",
            Text(
                "Kolumn med kluster, till exempel län: enheter som rör sig ihop.",
                "Column of clusters, for instance county: units that move together.",
            ),
            text,
        ),
    ),
    estimate,
    by_enumeration,
)
